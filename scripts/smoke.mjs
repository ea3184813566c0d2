// Streams last night's failed refreshes from a simulator over HTTP, page by page, with the packed packages. Runs in a project
// that has them installed, on every version of Node that we support.
import { RunsClient, RunWindow } from "@coalesce-runs/core"
import { Simulator } from "@coalesce-runs/simulator"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import assert from "node:assert/strict"

const program = Effect.gen(function*() {
  const simulator = yield* Simulator.Simulator
  const client = RunsClient.layer({ accessToken: simulator.token, baseUrl: simulator.url }).pipe(
    Layer.provide(FetchHttpClient.layer)
  )
  const lastNight = yield* RunWindow.lastNight({ timeZone: "UTC" })
  const streamed = yield* RunWindow.list(lastNight, {
    runType: "refresh",
    runStatus: "failed",
    detail: true,
    failureReasons: true,
    pageSize: 1
  }).pipe(Stream.runCollect, Effect.provide(client))

  const { since, until } = lastNight
  const expected = (yield* simulator.runs)
    .filter((run) => run.runType === "refresh" && run.runStatus === "failed" && run.runStartTime !== undefined)
    .map((run) => ({ ...run, started: Date.parse(run.runStartTime) }))
    .filter(({ started }) => started >= DateTime.toEpochMillis(since) && started < DateTime.toEpochMillis(until))
    .toSorted((a, b) => b.started - a.started)
  assert.ok(expected.length > 0, "refreshes failed last night")

  const seen = streamed.map((run) => ({
    id: run.id,
    started: DateTime.toEpochMillis(run.runStartTime),
    environmentID: run.runDetails.environmentID,
    reason: run.runFailureReason
  }))
  assert.deepEqual(
    seen,
    expected.map(({ environmentID, id, runFailureReason, started }) => ({
      id,
      started,
      environmentID,
      reason: runFailureReason
    }))
  )

  const pages = (yield* simulator.requests).filter(({ query }) => query.detail === "true")
  assert.ok(pages.length >= expected.length, "each page is a request")
  return `${seen.length} failed refreshes in ${pages.length} pages`
})

console.log(await Effect.runPromise(program.pipe(Effect.provide(Simulator.layer()))))
