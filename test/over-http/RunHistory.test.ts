import { RunHistory, RunsClient } from "@coalesce-runs/core"
import { Faults, Scenario, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { clientOf, listRequests } from "./support/client.ts"

const count = 6025

/** Returns how many requests followed each other: the most that do not overlap, from the first to the last. */
const roundTrips = (requests: ReadonlyArray<Simulator.RequestRecord>): number => {
  let trips = 0
  let until = -Infinity
  for (const request of requests.toSorted((a, b) => endOf(a) - endOf(b))) {
    if (request.receivedAt.epochMilliseconds < until) continue
    trips += 1
    until = endOf(request)
  }
  return trips
}

const endOf = ({ endedAt }: Simulator.RequestRecord): number => endedAt?.epochMilliseconds ?? Infinity

describe("RunHistory over real HTTP", () => {
  it.live("lists what RunsClient.list lists, in a third of the round trips", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const listed = yield* Stream.runCollect(RunsClient.list({ pageSize: 500 }))
      const alone = yield* listRequests
      assert.strictEqual(roundTrips(alone), 13)

      yield* simulator.clearRequests
      const read = yield* Stream.runCollect(RunHistory.list({ pageSize: 500 }, { concurrency: 6 }))
      const together = yield* listRequests
      assert.deepStrictEqual(read, listed)
      assert.strictEqual(read.length, count)
      assert.isAtMost(roundTrips(together), 4)
      assert.isAtMost(together.length, alone.length + 6)
    }).pipe(Effect.provide(clientOf({ runs: Scenario.generate({ count }), latency: "300 millis" }))))

  it.live("lists each run once when requests fail and are retried", () =>
    Effect.gen(function*() {
      const ids = yield* RunHistory.list({ pageSize: 100, detail: true }, { concurrency: 5 }).pipe(
        Stream.map((run) => run.id),
        Stream.runCollect
      )
      const all = (yield* Effect.flatMap(Simulator.Simulator, ({ runs }) => runs)).map((run) => run.id)
      assert.deepStrictEqual(ids.map(Number), all.toSorted((a, b) => b - a))
    }).pipe(Effect.provide(clientOf({
      runs: Scenario.generate({ count: 2000 }),
      faults: [Faults.every(3, Faults.status(503)), Faults.every(5, Faults.reset)]
    }, { retry: Schedule.recurs(5) }))))

  it.live("sends at most its concurrency of requests at a time, and none once the stream is left", () =>
    Effect.gen(function*() {
      const taken = yield* Ref.make(0)
      yield* RunHistory.list({ pageSize: 10 }, { concurrency: 3 }).pipe(
        Stream.tap(() => Ref.update(taken, (n) => n + 1)),
        Stream.take(45),
        Stream.runDrain
      )
      // A request that was sent before the stream was left may still be on its way to the server.
      yield* Effect.sleep("100 millis")
      const before = (yield* listRequests).length
      // The page that was left, and at most three others.
      assert.isAtMost(before, 5 + 3)
      yield* Effect.sleep("200 millis")
      assert.strictEqual((yield* listRequests).length, before)
      assert.strictEqual(yield* Ref.get(taken), 45)
    }).pipe(Effect.provide(clientOf({ runs: Scenario.generate({ count: 2000 }), latency: "20 millis" }))))
})
