import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { RunTimeline, type RunWindow } from "../../src/index.ts"
import { at } from "../support/baseline.ts"
import { window } from "../support/timeline.ts"

const times = (of: RunWindow.RunWindow, most: number) =>
  RunTimeline.ticks(of, of.timeZone, most).map(({ at, time }) => `${DateTime.formatIso(at).slice(11, 16)} ${time}`)

describe("the axis of a timeline", () => {
  it("marks each time at the instant at which the clocks show it, also where daylight saving ends", () => {
    const back = window("2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z", "Europe/London")
    assert.deepStrictEqual(times(back, 10), [
      "22:00 23:00",
      "23:00 00:00",
      "00:00 01:00+01:00",
      "01:00 01:00+00:00",
      "02:00 02:00",
      "03:00 03:00",
      "04:00 04:00"
    ])
  })

  it("has no mark for a time that the clocks skip where daylight saving begins", () => {
    const forward = window("2026-03-28T23:00:00Z", "2026-03-29T04:00:00Z", "Europe/London")
    assert.deepStrictEqual(times(forward, 6), [
      "23:00 23:00",
      "00:00 00:00",
      "01:00 02:00",
      "02:00 03:00",
      "03:00 04:00",
      "04:00 05:00"
    ])
  })

  it("marks half hours in their order where the clocks show an hour twice, and no time by the other offset", () => {
    const back = window("2026-10-24T23:30:00Z", "2026-10-25T02:30:00Z", "Europe/London")
    assert.deepStrictEqual(times(back, 6), [
      "23:30 00:30",
      "00:00 01:00+01:00",
      "00:30 01:30+01:00",
      "01:00 01:00+00:00",
      "01:30 01:30+00:00",
      "02:00 02:00",
      "02:30 02:30"
    ])
    const long = window("2026-10-24T20:00:00Z", "2026-10-25T08:00:00Z", "Europe/London")
    assert.deepStrictEqual(times(long, 6), [
      "21:00 22:00",
      "23:00 00:00",
      "02:00 02:00",
      "04:00 04:00",
      "06:00 06:00",
      "08:00 08:00"
    ])
  })

  it("marks all of a window behind and before UTC", () => {
    const hours = window("2026-11-03T00:00:00Z", "2026-11-03T03:00:00Z", "America/New_York")
    assert.deepStrictEqual(times(hours, 3), ["00:00 19:00", "01:00 20:00", "02:00 21:00", "03:00 22:00"])
    const east = window("2026-11-03T00:00:00Z", "2026-11-03T03:00:00Z", "Asia/Tokyo")
    assert.deepStrictEqual(times(east, 3), ["00:00 09:00", "01:00 10:00", "02:00 11:00", "03:00 12:00"])
  })

  it.each([
    [1, 5, 289],
    [10, 2880, 6],
    [16, 2880, 9],
    [60, 10_080, 9],
    [250, 40_320, 9],
    [1000, 160_000, 9]
  ])("marks a window of %i days each %i minutes", (days, minutes, most) => {
    const of = { since: at("2026-01-01T00:00:00Z"), until: at("2026-01-01T00:00:00Z") + days * 86_400_000 }
    const found = RunTimeline.ticks(
      { since: DateTime.makeUnsafe(of.since), until: DateTime.makeUnsafe(of.until) },
      "UTC",
      days === 1 ? 288 : 9
    ).map(({ at }) => DateTime.toEpochMillis(at) / 60_000)
    const [first = 0, second = 0] = found
    assert.deepStrictEqual([second - first, found.length], [minutes, most])
  })

  it("marks days for a week, and never far more than asked for", () => {
    const week = window("2026-11-01T00:00:00Z", "2026-11-08T00:00:00Z")
    assert.deepStrictEqual(RunTimeline.ticks(week, "UTC", 8).map(({ day, time }) => `${day} ${time}`).slice(0, 2), [
      "2026-11-01 00:00",
      "2026-11-02 00:00"
    ])
    for (const minutes of [1, 7, 59, 600, 5000, 100_000, 5_000_000]) {
      const since = DateTime.makeUnsafe("2026-11-02T18:00:00Z")
      const of = { since, until: DateTime.add(since, { minutes }) }
      assert.isAtMost(RunTimeline.ticks(of, "Asia/Kathmandu").length, 12, `${minutes} minutes`)
    }
  })
})
