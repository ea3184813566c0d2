import { assert, describe, it } from "@effect/vitest"
import { intervalOf } from "../../src/baseline/interval.ts"

const dayMinutes = 1440

/** Days since 1970: the second of November 2026 was a Monday. */
const monday = Date.parse("2026-11-02") / 86_400_000

/** The interval of starts on some days, at minutes of the day. */
const of = (days: ReadonlyArray<number>, minutes: ReadonlyArray<number>) => {
  const starts = days.flatMap((day) => minutes.map((minute) => (monday + day) * dayMinutes + minute))
  return intervalOf(starts, new Map(days.map((day) => [monday + day, minutes.length])))
}

const everyHour = Array.from({ length: 24 }, (_, hour) => hour * 60)
const days = (count: number) => Array.from({ length: count }, (_, day) => day)

describe("the interval of a job", () => {
  it("is the p50 of the distances between its starts, in minutes to one digit", () => {
    assert.deepStrictEqual(of(days(7), everyHour), { minutes: 60, days: 7, weekdays: [1, 2, 3, 4, 5, 6, 7] })
    assert.strictEqual(of(days(5), Array.from({ length: 40 }, (_, index) => index * 7.04))?.minutes, 7)
    assert.strictEqual(of(days(5), Array.from({ length: 40 }, (_, index) => index * 7.26))?.minutes, 7.3)
    // The distances are compared as numbers.
    assert.strictEqual(of(days(5), [0, 100, 109, 209, 218, 318, 326, 426, 526])?.minutes, undefined)
  })

  it("needs 5 days with 3 starts each", () => {
    assert.isUndefined(of(days(4), everyHour))
    assert.isDefined(of(days(5), everyHour))
    const starts = days(6).flatMap((day) => everyHour.map((minute) => (monday + day) * dayMinutes + minute))
    const perDay = (active: number) => new Map(days(6).map((day) => [monday + day, day < active ? 3 : 2]))
    assert.isUndefined(intervalOf(starts, perDay(4)))
    assert.deepStrictEqual(intervalOf(starts, perDay(5)), { minutes: 60, days: 5, weekdays: [1, 2, 3, 4, 5] })
  })

  it("needs seven of ten distances from half to one and a half of it", () => {
    const starts = (gaps: ReadonlyArray<number>) => {
      let at = monday * dayMinutes
      return [at, ...gaps.map((gap) => at += gap)]
    }
    const perDay = new Map(days(5).map((day) => [monday + day, 3]))
    const gaps = (...odd: ReadonlyArray<number>) =>
      intervalOf(starts([...Array.from({ length: 10 - odd.length }, () => 60), ...odd]), perDay)?.minutes
    assert.strictEqual(gaps(29, 29, 29), 60)
    assert.isUndefined(gaps(29, 29, 29, 29))
    assert.strictEqual(gaps(30, 30, 30, 30), 60)
    assert.strictEqual(gaps(90, 90, 90, 90), 60)
    assert.isUndefined(gaps(91, 91, 91, 91))
    // Of one start alone, and of starts at one minute, there is no interval.
    assert.isUndefined(intervalOf(starts([0, 0, 0, 0]), perDay))
    assert.isUndefined(intervalOf(starts([]), perDay))
  })

  it("rests on the days of the week on half of which it was not active", () => {
    const weekdays = (active: (day: number) => boolean) => of(days(28).filter(active), everyHour)?.weekdays
    assert.deepStrictEqual(weekdays((day) => day % 7 < 5), [1, 2, 3, 4, 5])
    assert.deepStrictEqual(weekdays((day) => day % 7 > 0), [2, 3, 4, 5, 6, 7])
    // On two of four Tuesdays it was active, and on one of four Wednesdays.
    assert.deepStrictEqual(
      weekdays((day) => day % 7 === 0 || (day % 7 === 1 && day > 14) || day === 2 || day === 27),
      [1, 2]
    )
    // Before its first day and after its last nothing is due.
    assert.deepStrictEqual(of([3, 4, 5, 6, 7, 8], everyHour)?.weekdays, [1, 2, 4, 5, 6, 7])
  })
})
