// The times of the day at which a job starts, as a table of calls: days are counted from Monday, 2 November 2026.
import { assert, describe, it } from "@effect/vitest"
import { clockOf } from "../../src/baseline/clock.ts"
import { usualTimes } from "../../src/baseline/timesOfDay.ts"

const monday = Date.parse("2026-11-02") / 60_000

/** Starts at minutes of days. */
type Starts = ReadonlyArray<readonly [day: number, minute: number]>

const minutesOf = (starts: Starts) => starts.map(([day, minute]) => monday + day * 1440 + minute).sort((a, b) => a - b)

const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** A start at a minute of each of these days. */
const at = (minute: number, on: ReadonlyArray<number>): Starts => on.map((day) => [day, minute])

const daily = (count: number, minute = 120) => at(minute, days(0, count - 1))

const last = (starts: Starts) => Math.max(...starts.map(([day]) => day))

/** What is usual, where the newest run of any job started with the last of these, or at this minute of that day. */
const usual = (starts: Starts, { newest = [last(starts), 1439], timeZone = "UTC" }: {
  readonly newest?: readonly [day: number, minute: number]
  readonly timeZone?: string
} = {}) => usualTimes(minutesOf(starts), clockOf(timeZone), monday + newest[0] * 1440 + newest[1])

const times = (...args: Parameters<typeof usual>) => usual(...args).map(({ at }) => at)
const time = (...args: Parameters<typeof usual>) => {
  const [only, ...others] = usual(...args)
  assert.lengthOf(others, 0)
  return only
}

const everyDay = [1, 2, 3, 4, 5, 6, 7]

describe("a time of the day", () => {
  it("needs a week of starts", () => {
    assert.deepStrictEqual(usual(daily(6)), [])
    assert.deepStrictEqual(usual(daily(7)), [{
      at: "02:00",
      timeZone: "UTC",
      fitsBothClocks: false,
      toleranceMinutes: 5,
      days: 7,
      daysDue: 7,
      streak: 7,
      weekdays: everyDay,
      lateAfterMinutes: 60,
      earlyMinutes: 60
    }])
  })

  it("is the middle of the starts, also over midnight", () => {
    const around = (center: number) =>
      daily(9, center).map(([day, minute], index) => [day, minute + index - 4] as const)
    assert.deepStrictEqual(times(around(120)), ["02:00"])
    assert.deepStrictEqual(times(around(2)), ["00:02"])
    assert.deepStrictEqual(times(around(1438)), ["23:58"])
    assert.deepStrictEqual(times(around(1440)), ["00:00"])
    const days = around(1440).map(([day]) => day)
    assert.deepStrictEqual([time(around(1440))?.days, time(around(1440))?.daysDue], [days.length, days.length])
  })

  it("is one of several, in the order of the day", () => {
    assert.deepStrictEqual(times([...daily(7, 1000), ...daily(7, 120), ...daily(7, 600)]), ["02:00", "10:00", "16:40"])
  })

  it("counts one start a day, the nearest", () => {
    const twice = [...daily(7), ...at(130, [3])]
    assert.deepInclude(time(twice), { days: 7, toleranceMinutes: 5, lateAfterMinutes: 60 })
  })

  it("is on the days of the week on which it starts, which two weeks show", () => {
    const weeks = (count: number, on: ReadonlyArray<number>) =>
      Array.from({ length: count }, (_, week) => on.map((day) => 7 * week + day)).flat()
    const working = [0, 1, 2, 3, 4]
    assert.deepInclude(time(at(120, weeks(2, working))), {
      weekdays: [1, 2, 3, 4, 5],
      days: 10,
      daysDue: 10,
      streak: 10
    })
    assert.deepStrictEqual(usual(at(120, weeks(2, working).slice(0, -1))), [])
    assert.deepInclude(time(at(120, weeks(10, [6]))), { weekdays: [7], days: 10, daysDue: 10 })
    // A single start on a day of rest says nothing.
    assert.deepInclude(time(at(120, [...weeks(3, working), 5])), { weekdays: [1, 2, 3, 4, 5], days: 15 })
    // One of three may be missing.
    assert.deepInclude(time(at(120, weeks(3, working).filter((day) => day !== 9))), {
      weekdays: [1, 2, 3, 4, 5],
      days: 14,
      daysDue: 15,
      streak: 7
    })
  })

  it("starts on 85 % of the days on which it is due", () => {
    // One day of the week each.
    const missing = [1, 9, 17, 25, 33, 41, 42]
    const until = (last: number) => time(at(120, days(0, last).filter((day) => !missing.includes(day))))
    assert.deepInclude(until(46), { days: 40, daysDue: 47, streak: 4, weekdays: everyDay })
    // It began anew behind the first of them.
    assert.deepInclude(until(45), { days: 38, daysDue: 44, streak: 3, weekdays: everyDay })
  })

  it("has ended after more than five due days without a start", () => {
    const until = (day: number, minute = 1439) => usual(daily(14), { newest: [day, minute] }).length
    assert.deepStrictEqual([until(13), until(18), until(19), until(19, 119), until(19, 120)], [1, 1, 0, 1, 1])
  })
})

describe("how exact a time of the day is", () => {
  const offsets = (...all: ReadonlyArray<number>) => all.map((offset, day) => [day, 600 + offset] as const)

  it("is the ninth of ten distances, in steps of five minutes", () => {
    const tolerance = (...all: ReadonlyArray<number>) => time(offsets(...all))?.toleranceMinutes
    assert.strictEqual(tolerance(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6), 5)
    assert.strictEqual(tolerance(0, 0, 0, 0, 0, 0, 0, 0, 6, 6, 6), 10)
    assert.strictEqual(tolerance(0, 0, 0, 0, 0, 0, 0, 0, -6, -6, -6), 10)
  })

  it("says when a start is late or early: by the starts, but for one of ten or more", () => {
    const bounds = (...all: ReadonlyArray<number>) => {
      const found = time(offsets(...all))
      return [found?.lateAfterMinutes, found?.earlyMinutes]
    }
    const zeros = (count: number) => Array.from({ length: count }, () => 0)
    assert.deepStrictEqual(bounds(...zeros(8), 10), [100, 60])
    assert.deepStrictEqual(bounds(...zeros(9), 10), [60, 60])
    assert.deepStrictEqual(bounds(...zeros(8), 10, 10), [100, 60])
    assert.deepStrictEqual(bounds(...zeros(8), -18), [60, 75])
    assert.deepStrictEqual(bounds(...zeros(9), -18), [60, 60])
    assert.deepStrictEqual(bounds(...zeros(8), -18, -18), [60, 75])
    assert.deepStrictEqual(bounds(...zeros(12), 300, 300), [480, 60])
  })
})

describe("a start far from its time", () => {
  it("counts where it is at most six hours late, or an hour early", () => {
    const moved = (by: number) => time([...daily(13, 600), [13, 600 + by]])
    assert.deepStrictEqual([360, 361, -60, -61].map((by) => moved(by)?.days), [14, 13, 14, 13])
  })
})

describe("the clock of a time of the day", () => {
  it("is that to which more starts keep, after daylight saving has changed it", () => {
    // New York changed on the first of November.
    const utc = at(720, days(-10, 10))
    assert.deepInclude(time(utc, { timeZone: "America/New_York" }), {
      at: "12:00",
      timeZone: "UTC",
      fitsBothClocks: false,
      days: 21
    })
    const local = [...at(720, days(-10, -2)), ...at(780, days(-1, 10))]
    assert.deepInclude(time(local, { timeZone: "America/New_York" }), {
      at: "08:00",
      timeZone: "America/New_York",
      fitsBothClocks: false
    })
    // Since the change both say the same, and so they do for the first night.
    const since = time(at(720, days(0, 9)), { timeZone: "America/New_York" })
    assert.deepInclude(since, { at: "07:00", timeZone: "America/New_York", fitsBothClocks: true })
    const one = time(at(720, days(-10, -1)), { timeZone: "America/New_York" })
    assert.deepInclude(one, { fitsBothClocks: true, days: 10 })
  })
})
