import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { RunWindow } from "../../src/index.ts"

// London is one hour ahead of UTC, except from 01:00 UTC of 2026-10-25 on.
const timeZone = "Europe/London"

describe("RunWindow.previous", () => {
  const cases = [
    ["last_night, in the morning", "last_night", "2026-11-10T09:00Z", "2026-11-08T18:00Z", "2026-11-09T09:00Z"],
    ["last_night, in the afternoon", "last_night", "2026-11-10T15:00Z", "2026-11-08T18:00Z", "2026-11-09T12:00Z"],
    [
      "last_night, after the clocks went back",
      "last_night",
      "2026-10-25T09:00Z",
      "2026-10-23T17:00Z",
      "2026-10-24T08:00Z"
    ],
    [
      "last_night, after they went forward",
      "last_night",
      "2026-03-30T08:00Z",
      "2026-03-28T18:00Z",
      "2026-03-29T08:00Z"
    ],
    ["today", "today", "2026-11-10T15:20:31Z", "2026-11-09T00:00Z", "2026-11-09T15:20:31Z"],
    ["today, after the clocks went back", "today", "2026-10-25T15:00Z", "2026-10-23T23:00Z", "2026-10-24T14:00Z"],
    ["yesterday", "yesterday", "2026-11-10T15:00Z", "2026-11-08T00:00Z", "2026-11-09T00:00Z"],
    ["yesterday of 25 hours", "yesterday", "2026-10-26T15:00Z", "2026-10-23T23:00Z", "2026-10-24T23:00Z"],
    ["last_24_hours", "last_24_hours", "2026-10-25T15:00Z", "2026-10-23T15:00Z", "2026-10-24T15:00Z"],
    ["last_7_days", "last_7_days", "2026-10-26T15:00Z", "2026-10-12T15:00Z", "2026-10-19T15:00Z"]
  ] as const

  it.effect.each(cases)("returns the window before %s", ([, name, now, since, until]) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse(now))
      const before = RunWindow.previous(yield* RunWindow.named(name, { timeZone }))
      const iso = (time: DateTime.Utc) => DateTime.formatIso(time).replace(/(:00)?\.000Z$/, "Z")
      assert.deepStrictEqual([iso(before.since), iso(before.until), before.timeZone], [since, until, timeZone])
      assert.notProperty(before, "name")
    }))

  it.effect("returns as long a window before one with its own ends", () =>
    Effect.gen(function*() {
      const window = yield* RunWindow.make({ since: "2026-10-25", until: "2026-10-25", timeZone })
      const before = RunWindow.previous(window)
      assert.deepStrictEqual(before.until, window.since)
      assert.strictEqual(DateTime.formatIso(before.since), "2026-10-23T22:00:00.000Z")
    }))
})
