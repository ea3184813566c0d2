import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { RunsInMemory, RunWindow } from "../../src/index.ts"

const timeZone = "Europe/London"
const now = "2026-11-10T09:00:00Z"

const at = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.andThen(TestClock.setTime(Date.parse(now)), effect)

describe("RunWindow.resolve", () => {
  it.effect.each(
    [
      [{ timeZone }, RunWindow.lastNight({ timeZone })],
      ["last_night", RunWindow.lastNight()],
      [{ window: "yesterday", timeZone }, RunWindow.yesterday({ timeZone })],
      [{ since: "2026-11-08", timeZone }, RunWindow.make({ since: "2026-11-08", timeZone })],
      [{ since: "12h", until: "2h", timeZone }, RunWindow.make({ since: "12h", until: "2h", timeZone })]
    ] as const
  )("reads %o", ([input, expected]) =>
    at(Effect.gen(function*() {
      assert.deepStrictEqual(yield* RunWindow.resolve(input), yield* expected)
    })))

  it.effect("returns a window as it is, on its own or in a selection", () =>
    Effect.gen(function*() {
      const window = yield* at(RunWindow.today({ timeZone }))
      assert.strictEqual(yield* RunWindow.resolve(window), window)
      assert.strictEqual(yield* RunWindow.resolve({ window, timeZone: "UTC" }), window)
    }))

  it.effect.each(
    [
      [{ window: "today", since: "12h" }, ["since"]],
      [{ window: "today", since: "12h", until: "1h" }, ["since", "until"]],
      [{ until: "1h" }, ["since"]],
      [{ window: "today", timeZone: "Europe/Londres" }, ["timeZone"]]
    ] as const
  )("refuses %o, and names %o", ([input, fields]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(RunWindow.resolve(input))
      assert.deepStrictEqual(error.violations.map(({ field }) => field), [...fields])
    }))
})

describe("a Date as an end of a window", () => {
  it.effect("is the instant that it stands for", () =>
    at(Effect.gen(function*() {
      const window = yield* RunWindow.make({
        since: new Date("2026-11-09T00:00:00Z"),
        until: new Date("2026-11-09T12:30:00Z"),
        timeZone
      })
      assert.deepStrictEqual(window.since, DateTime.makeUnsafe("2026-11-09T00:00:00Z"))
      assert.deepStrictEqual(window.until, DateTime.makeUnsafe("2026-11-09T12:30:00Z"))
    })))

  it.effect("is refused if it is invalid", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(RunWindow.make({ since: new Date("yesterday") }))
      assert.deepStrictEqual(error.violations.map(({ field }) => field), ["since"])
      assert.include(error.violations[0]?.reason, "Cannot read \"Invalid Date\"")
    }))
})

describe("RunWindow.list", () => {
  const ids = (window: RunWindow.Input) =>
    at(Stream.runCollect(RunWindow.list(window))).pipe(
      Effect.map((runs) => runs.map(({ id }): number => id)),
      Effect.provide(RunsInMemory.layer({
        runs: [
          { id: 1, runType: "refresh", runStatus: "completed", runStartTime: "2026-11-09T17:59:00Z" },
          { id: 2, runType: "refresh", runStatus: "failed", runStartTime: "2026-11-09T18:00:00Z" },
          { id: 3, runType: "refresh", runStatus: "completed", runStartTime: "2026-11-10T02:00:00Z" }
        ]
      }))
    )

  it.effect("takes a name, a selection or a window", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* ids({ window: "last_night", timeZone }), [3, 2])
      assert.deepStrictEqual(yield* ids("last_24_hours"), [3, 2, 1])
      assert.deepStrictEqual(yield* ids({ since: "2026-11-10", timeZone }), [3])
      assert.deepStrictEqual(yield* ids(yield* at(RunWindow.yesterday({ timeZone }))), [2, 1])
    }))

  it.effect("fails before any request if the window cannot be read", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(ids({ since: "the day before yesterday" }))
      assert.strictEqual(error._tag, "InvalidQuery")
    }))
})
