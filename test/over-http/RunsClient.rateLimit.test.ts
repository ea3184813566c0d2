// Checks a client's rate budget against a simulator that counts what arrives: on a test's clock, and over real HTTP.
import { RunsClient } from "@coalesce-runs/core"
import { Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { clientOf } from "./support/client.ts"

const limit = { requests: 2, per: "2 seconds" } as const
const simulator = { runs: [{ id: 7, runType: "refresh", runStatus: "completed" }], rateLimit: limit }

const eight = Effect.forEach(Array.from({ length: 8 }), () => RunsClient.get(7), { concurrency: "unbounded" })

const statuses = Effect.map(
  Effect.flatMap(Simulator.Simulator, ({ requests }) => requests),
  (requests) => requests.map(({ status }) => status)
)

const eightTimes200 = Array.from({ length: 8 }, () => 200)

describe("eight calls at once against two per two seconds", () => {
  it.effect("meet no 429 on a test's clock", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(eight)
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(yield* statuses, eightTimes200)
      const requests = yield* Effect.flatMap(Simulator.Simulator, ({ requests }) => requests)
      assert.deepStrictEqual(
        requests.map(({ receivedAt }) => DateTime.toEpochMillis(receivedAt)),
        [0, 0, 2000, 2000, 4000, 4000, 6000, 6000]
      )
    }).pipe(Effect.provide(Simulator.layerClient(simulator, { rateLimit: limit }))))

  it.live("meet no 429 over real HTTP", () =>
    Effect.gen(function*() {
      yield* eight
      assert.deepStrictEqual(yield* statuses, eightTimes200)
    }).pipe(Effect.provide(clientOf(simulator, { rateLimit: limit }))), 20_000)

  it.live(
    "without a budget of their own all wait for the first 429's Retry-After, and end",
    () =>
      Effect.gen(function*() {
        yield* RunsClient.get(7)
        yield* RunsClient.get(7)
        const started = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
        const first = yield* Effect.forkChild(RunsClient.get(7))
        const { waitForRequest } = yield* Simulator.Simulator
        yield* waitForRequest(({ endedAt, status }) => status === 429 && endedAt !== undefined)
        yield* Effect.sleep("50 millis")
        // The first call was told to wait, and so the second does not ask at all.
        yield* RunsClient.get(7)
        yield* Fiber.join(first)
        assert.deepStrictEqual(yield* statuses, [200, 200, 429, 200, 200])
        assert.isAtLeast((yield* Effect.clockWith((clock) => clock.currentTimeMillis)) - started, 1000)
      }).pipe(Effect.provide(clientOf(simulator))),
    20_000
  )
})
