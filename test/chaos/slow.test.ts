// What a slow reader makes others hold: the pages that were requested and not yet read are counted at the server.
import { RunHistory, RunsClient, RunWatch, RunWindow } from "@coalesce-runs/core"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Stream from "effect/Stream"
import { life } from "./plain.ts"
import { epoch } from "./schedule.ts"
import type { Life } from "./server/history.ts"
import { type ChaosServer, type Session, start } from "./server/server.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

const pageSize = 10

const open = (token: string, lives: ReadonlyArray<Life>): Session =>
  server.open(token, { lives, style: { says: "used", next: "last", ties: "asc", untimed: "omitted" }, faults: [] })

const clientOf = ({ token }: Session) =>
  Effect.provide(RunsClient.make({ accessToken: token, baseUrl: server.origin }), FetchHttpClient.layer)

const lives = Array.from({ length: 800 }, (_, index) => life(index + 1, index))

const window = { since: DateTime.makeUnsafe(epoch), until: DateTime.makeUnsafe(epoch + 800) }

/** Each stream, the pages that may be requested beyond those that were read, and how many runs the reader takes. */
const readers = [
  ["a list", RunsClient.list({ pageSize }), 1, 60],
  ["a window", RunWindow.list(window, { pageSize }), 1, 60],
  ["a history of 4 requests at once", RunHistory.list({ pageSize }, { concurrency: 4 }), 2 * 4, 60],
  ["a history at its default", RunHistory.list({ pageSize }), 2 * 16, 300]
] as const

describe("a slow reader", () => {
  it.live.each(readers)(
    "of %s makes it request no more than waits for its turn",
    ([name, runs, ahead, count]) =>
      Effect.gen(function*() {
        const session = open(`slow ${name}`.replaceAll(" ", "_"), lives)
        const client = yield* clientOf(session)
        let used = 0
        yield* runs.pipe(
          Stream.take(count),
          Stream.runForEach(() =>
            Effect.gen(function*() {
              used++
              if (used % 7 === 0) yield* Effect.sleep("10 millis")
              assert.isAtMost(session.served.length, Math.ceil(used / pageSize) + ahead)
            })
          ),
          Effect.provideService(RunsClient.RunsClient, client)
        )
        assert.strictEqual(used, count)
        server.close(session.token)
      })
  )

  it.live("of a watch makes it poll no more until its events are handled", () =>
    Effect.gen(function*() {
      // Two runs appear with each request.
      const session = open("slow_watch", lives.map((one, index) => ({ ...life(one.id, 0, undefined, index >> 1) })))
      const client = yield* clientOf(session)
      const served = () => session.served.length
      let polls = 0
      let events = 0
      let before = 0
      yield* RunWatch.watch({}, { every: "1 millis", idleEvery: "1 millis" }).pipe(
        Stream.take(12),
        Stream.runForEach(() =>
          Effect.gen(function*() {
            events++
            if (served() > before) polls++
            before = served()
            yield* Effect.sleep("25 millis")
            assert.strictEqual(served(), before, "it polled while an event was handled")
          })
        ),
        Effect.provideService(RunsClient.RunsClient, client)
      )
      assert.isAbove(polls, 2)
      assert.isAbove(events, polls)
      server.close(session.token)
    }))
})
