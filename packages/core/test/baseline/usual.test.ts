// From how many runs a part of what is usual is known, and how it is told, on either side of each bound.
import { assert, describe, it } from "@effect/vitest"
import { dayName } from "../../src/baseline/clock.ts"
import type { Day, Sample } from "../../src/baseline/model.ts"
import { startMinutes, usualOf } from "../../src/baseline/usual.ts"
import { Run } from "../../src/index.ts"
import { oneRun } from "../support/baseline.ts"

/** Days since 1970: the second of November 2026 was a Monday. */
const monday = Date.parse("2026-11-02") / 86_400_000

const dayOf = (day: number, more: Partial<Day> = {}): Day => ({
  day: dayName(monday + day),
  ...oneRun,
  ...more
})

const usual = (days: ReadonlyArray<Day>, timeZone = "UTC") => usualOf(days, timeZone, (monday + days.length) * 1440)

/** Days with these starts, a minute each. */
const starting = (...days: ReadonlyArray<ReadonlyArray<number>>) =>
  days.map((minutes, day) => dayOf(day, { starts: minutes.flatMap((minute): Sample => [minute, 1]) }))

const at = (minute: number, count: number) => Array.from({ length: count }, () => [minute])
const every = (minutes: number, count: number) => Array.from({ length: count }, (_, index) => index * minutes)

describe("the starts of days", () => {
  it("are spread over half an hour where they were rounded: of more than 48 runs", () => {
    const minutes = (runs: number) =>
      startMinutes([dayOf(0, { runs, starts: [75, 4, 90, 1] })]).map((minute) => minute - monday * 1440)
    assert.deepStrictEqual(minutes(48), [75, 75, 75, 75, 90])
    assert.deepStrictEqual(minutes(49), [63, 71, 78, 86, 105])
  })

  it("are times of the day, where they come at one", () => {
    assert.isUndefined(usual(starting(...at(120, 4))).starts)
    const found = usual(starting(...at(120, 7))).starts
    assert.deepStrictEqual([found?.runs, found?.times?.map(({ at }) => at), found?.every], [7, ["02:00"], undefined])
    assert.isUndefined(usual(starting([60], [300], [610], [900], [1300])).starts)
  })

  it("are an interval where half of the days have twelve, by the clock of the zone", () => {
    const found = (...days: ReadonlyArray<ReadonlyArray<number>>) => {
      const { starts } = usual(starting(...days))
      return [starts?.every?.minutes, starts?.runs]
    }
    const [twelve, eleven] = [every(120, 12), every(120, 11)]
    assert.deepStrictEqual(found(...Array.from({ length: 7 }, () => twelve)), [120, 84])
    assert.strictEqual(found(...Array.from({ length: 7 }, () => eleven))[0], undefined)
    // The p50 of the days counts, whatever their order.
    assert.strictEqual(found(twelve, twelve, twelve, [60], twelve, [60], twelve)[0], 120)
    assert.strictEqual(found([60], [60], [60], [60], twelve, twelve, twelve)[0], undefined)
    // Many starts without an interval are nothing usual.
    const odd = Array.from({ length: 14 }, (_, index) => index < 7 ? index : 1000 + index * index)
    assert.isUndefined(usual(starting(...Array.from({ length: 7 }, () => odd))).starts)
    // In Tokyo these are two days.
    const tokyo = usual(starting(...Array.from({ length: 8 }, () => every(100, 14))), "Asia/Tokyo").starts?.every
    assert.deepStrictEqual([tokyo?.minutes, tokyo?.days], [100, 9])
  })
})

describe("what runs have in common", () => {
  const days = (count: number) =>
    Array.from({ length: count }, (_, day) => dayOf(day, { durations: [day + 1, 1], nodes: [day + 1, 1] }))

  it("is known from five runs on: durations in milliseconds, and nodes", () => {
    assert.isUndefined(usual(days(4)).duration)
    assert.isUndefined(usual(days(4)).nodes)
    assert.deepStrictEqual(usual(days(5)).duration, { p50Millis: 3000, p95Millis: 4800, longestMillis: 5000, runs: 5 })
    const spread = [1, 2, 3, 4, 7].map((seconds, day) => dayOf(day, { durations: [seconds, 1] }))
    assert.strictEqual(usual(spread).duration?.p95Millis, 6400)
    assert.deepStrictEqual(usual(days(5)).nodes, { p50: 3, runs: 5 })
    assert.strictEqual(usual(days(5)).runs, 5)
  })

  it("is how many of five runs failed, and how many of those a re-run completed", () => {
    const ids = (...all: ReadonlyArray<number>) => all.map((id) => Run.RunId.make(id))
    const failed = (
      completed: number,
      failed: number,
      failedIDs: ReadonlyArray<number>,
      reRunIDs: ReadonlyArray<number>
    ) =>
      usual([
        dayOf(0, { completed, failed, failedIDs: ids(...failedIDs) }),
        dayOf(1, { completed: 0, reRunIDs: ids(...reRunIDs) })
      ]).failed
    assert.isUndefined(failed(2, 2, [], []))
    assert.deepStrictEqual(failed(3, 2, [7, 8], [8, 9]), { rate: 0.4, failed: 2, runs: 5, savedByReRun: 1 })
    assert.deepStrictEqual(failed(3, 2, [7, 8], []), { rate: 0.4, failed: 2, runs: 5, savedByReRun: 0 })
    // A run whose failure was counted on two days is saved once.
    assert.deepStrictEqual(failed(4, 1, [7, 8], [7, 8]), { rate: 0.2, failed: 1, runs: 5, savedByReRun: 1 })
  })
})
