// Lists, reads a history, watches and diagnoses over HTTP with the packed core. It knows no runtime: it needs `fetch` and what
// the language has. Returns plain data, so that runtimes can be compared.
import { RunDiagnosis, RunHistory, RunsClient, RunWatch } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

const clientOf = (accessToken, baseUrl) =>
  RunsClient.layer({ accessToken, baseUrl }).pipe(Layer.provide(FetchHttpClient.layer))

const ends = (options) =>
  RunWatch.ended({ runType: "refresh" }, { every: "1 second", ...options }).pipe(Stream.take(2), Stream.runCollect)

/** @param {{ url: string, token: string, watchSince: number, since: string, until: string }} input */
export const run = ({ since, token, until, url, watchSince }) =>
  Effect.gen(function*() {
    const list = yield* RunsClient.list({
      runType: "refresh",
      runStatus: "failed",
      detail: true,
      failureReasons: true,
      pageSize: 3
    }).pipe(Stream.runCollect)
    const history = yield* RunHistory.list({ pageSize: 50 }, { concurrency: 4 }).pipe(Stream.runCollect)
    // The second watch goes on behind the first end that the first one saw.
    const watched = yield* ends({ since: watchSince })
    const resumed = yield* ends({ resume: RunWatch.encodeCheckpoint(watched[0].checkpoint) })
    const diagnosis = yield* RunDiagnosis.diagnose({ since, until, timeZone: "Europe/London" })
    const refused = yield* RunsClient.list().pipe(
      Stream.runHead,
      Effect.provide(clientOf("another-token", url)),
      Effect.flip
    )
    const { diagnosedAt, ...facts } = yield* Schema.encodeEffect(RunDiagnosis.Diagnosis)(diagnosis)
    return {
      list: list.map((run) => [run.id, run.runDetails.environmentID, run.runFailureReason]),
      history: history.map((run) => run.id),
      watched: watched.map(({ run, to }) => [run.id, to]),
      resumed: resumed.map(({ run, to }) => [run.id, to]),
      diagnosed: diagnosedAt !== undefined && facts,
      refused: refused._tag
    }
  }).pipe(Effect.provide(clientOf(token, url)), Effect.runPromise)
