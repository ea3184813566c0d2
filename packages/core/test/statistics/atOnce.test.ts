/** Counts the requests of a summary that are in flight at the same time. */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { RunList, RunsClient, RunStatistics, RunWindow } from "../../src/index.ts"
import { respond, runs, still } from "../support/server.ts"

const history = runs(20_000)
const window = RunWindow.make({
  since: DateTime.makeUnsafe(Date.UTC(2026, 0, 1)),
  until: DateTime.makeUnsafe(Date.UTC(2026, 0, 1) + 20_001 * 60_000)
})

/** Summarizes 20,000 runs that started a minute apart. The server refuses more than `accepted` requests at once. */
const summarize = (
  { accepted = Infinity, counted }: { readonly accepted?: number; readonly counted?: number }
) =>
  Effect.gen(function*() {
    let inFlight = 0
    let most = 0
    let requests = 0
    let refused = 0
    const http = HttpClient.make((request, url) =>
      Effect.acquireUseRelease(
        Effect.sync(() => most = Math.max(most, ++inFlight)),
        () =>
          Effect.gen(function*() {
            requests++
            if (inFlight > accepted) {
              refused++
              return HttpClientResponse.fromWeb(request, new Response("too many", { status: 429 }))
            }
            // Those that are sent at the same time get here before the first of them is answered.
            for (let turn = 0; turn < 20; turn++) {
              yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
            }
            return HttpClientResponse.fromWeb(
              request,
              Response.json(respond({ history: still(history) }, new URLSearchParams(url.searchParams)))
            )
          }),
        () => Effect.sync(() => inFlight--)
      )
    )
    const layer = RunsClient.layer({ accessToken: "a-token-for-tests", retry: Schedule.spaced("5 millis") }).pipe(
      Layer.provide(Layer.succeed(HttpClient.HttpClient, http))
    )
    const bounds = RunList.Bounds.defaultValue()
    const summary = yield* Effect.flatMap(window, (window) => RunStatistics.summarize({ window })).pipe(
      Effect.provideService(RunList.Bounds, counted === undefined ? bounds : { ...bounds, counted }),
      Effect.provide(layer)
    )
    return { summary, most, requests, refused }
  })

describe("a summary of 20,000 runs", { timeout: 60_000 }, () => {
  it.live("reads up to 16 slices at the same time, for a few requests more than it has pages", () =>
    Effect.gen(function*() {
      const { most, requests, summary } = yield* summarize({})
      assert.strictEqual(summary.statistics.runs, 20_000)
      assert.isAtLeast(most, 8)
      assert.isAtMost(most, 16)
      assert.isAtMost(requests, 25)
    }))

  it.live("is whole where the server accepts 3 requests at once", () =>
    Effect.gen(function*() {
      const { refused, summary } = yield* summarize({ accepted: 3 })
      assert.deepStrictEqual([summary.truncated, summary.statistics.runs], [false, 20_000])
      assert.isAtLeast(refused, 5)
    }))

  it.live("reads no further ahead than the rows that it may count", () =>
    Effect.gen(function*() {
      const { most, requests, summary } = yield* summarize({ counted: 4000 })
      assert.strictEqual(summary.truncated, "row_limit")
      assert.isAtMost(summary.rows, 4000)
      assert.isAtMost(most, 2)
      assert.isAtMost(requests, 8)
    }))
})
