// The packed packages at work: a simulator on this machine, and last night's failed refreshes streamed from it over
// HTTP, page by page. Runs in a project that has them installed, on any Node that we support.
import { RunsClient } from "@coalesce-runs/core"
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
  const streamed = yield* RunsClient.list({
    runType: "refresh",
    runStatus: "failed",
    detail: true,
    failureReasons: true,
    pageSize: 1
  }).pipe(Stream.runCollect, Effect.provide(client))

  const failed = (yield* simulator.runs).filter((run) => run.runType === "refresh" && run.runStatus === "failed")
  const expected = failed.toSorted((a, b) => b.id - a.id)
  assert.ok(expected.length > 0, "the simulator has failed refreshes")
  assert.deepEqual(streamed.map((run) => run.id), expected.map((run) => run.id))
  assert.deepEqual(streamed.map((run) => run.runFailureReason), expected.map((run) => run.runFailureReason))
  assert.deepEqual(streamed.map((run) => run.runDetails.environmentID), expected.map((run) => run.environmentID))
  for (const run of streamed) assert.ok(DateTime.isDateTime(run.runStartTime))

  const pages = (yield* simulator.requests).filter(({ query }) => query.detail === "true")
  assert.ok(pages.length >= expected.length, "every page came by a request of its own")
  return `${streamed.length} failed refreshes in ${pages.length} pages`
})

console.log(await Effect.runPromise(program.pipe(Effect.provide(Simulator.layer()))))
