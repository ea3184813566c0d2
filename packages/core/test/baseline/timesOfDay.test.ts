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

  it("is the lower of two in the middle, and found where its starts are 20 minutes apart", () => {
    assert.deepStrictEqual(times(days(0, 7).map((day) => [day, 600 + day])), ["10:03"])
    const apart = (minute: number, other: number) =>
      days(0, 7).map((day) => [day, day % 2 === 0 ? minute : other] as const)
    assert.deepStrictEqual(times(apart(600, 620)), ["10:00"])
    assert.deepStrictEqual(times(apart(600, 621)), [])
    assert.deepStrictEqual(times(apart(0, 5)), ["00:00"])
  })

  it("is one of several, in the order of the day", () => {
    // The one of most days is found first.
    const starts = [...daily(9, 1000), ...at(600, days(2, 8)), ...at(120, days(1, 8))]
    assert.deepStrictEqual(times(starts), ["02:00", "10:00", "16:40"])
  })

  it("shares no start with another, though a start could be the late one of it", () => {
    const found = (first: number, second: number) => {
      const on = (minute: number, missing: number) => at(minute, days(0, 19).filter((day) => day !== missing))
      return usual([...on(600, first), ...on(640, second)]).map(({ days }) => days)
    }
    assert.deepStrictEqual(found(-1, 5), [20, 19])
    assert.deepStrictEqual(found(5, 9), [19, 19])
  })

  it("counts one start a day, the nearest, or the first of two that are as near", () => {
    const bounds = (starts: Starts) => {
      const found = time(starts)
      return [found?.days, found?.lateAfterMinutes, found?.earlyMinutes]
    }
    assert.deepStrictEqual(bounds([...daily(9, 600), [3, 582]]), [9, 60, 60])
    assert.deepStrictEqual(bounds([...daily(8, 600), [8, 582], [8, 618]]), [9, 60, 75])
    // So it is with those that are farther away.
    const two = (...minutes: ReadonlyArray<number>) =>
      bounds([...daily(12, 600), ...minutes.flatMap((minute) => at(minute, [12, 13]))])
    assert.deepStrictEqual(two(545, 630, 900), [14, 260, 60])
    assert.deepStrictEqual(two(555, 645), [14, 60, 180])
  })

  it("has three of five starts near its middle; of fewer than ten all, within 20 minutes", () => {
    const late = (count: number, by: number, isLate: (day: number) => boolean) =>
      usual(days(0, count - 1).map((day) => [day, isLate(day) ? 600 + by : 600])).map(({ at, days }) => [at, days])
    assert.deepStrictEqual(late(20, 100, (day) => day % 5 === 1 || day % 5 === 3), [["10:00", 20]])
    assert.deepStrictEqual(late(20, 100, (day) => day % 2 === 1), [])
    assert.deepStrictEqual(late(20, 50, (day) => day % 2 === 1), [["10:00", 20]])
    assert.deepStrictEqual(late(7, 100, (day) => day === 3), [])
    assert.deepStrictEqual(late(7, 20, (day) => day > 4), [["10:00", 7]])
    assert.deepStrictEqual(late(7, 50, (day) => day > 4), [])
    assert.deepStrictEqual(late(14, 50, (day) => day > 9), [["10:00", 14]])
    // Late starts that are near one another, and on too few days to be a time of their own.
    assert.deepStrictEqual(late(20, 200, (day) => day % 3 === 1), [["10:00", 20]])
  })

  it("explains four of five days since its first, or the job starts irregularly", () => {
    const working = days(0, 27).filter((day) => day % 7 < 5)
    const odd = (...on: ReadonlyArray<number>) => on.map((day, index) => [day, (index * 397 + 50) % 1440] as const)
    const found = (...on: ReadonlyArray<number>) => times([...at(600, working), ...odd(...on)])
    assert.deepStrictEqual(found(5, 6, 12, 13, 19), ["10:00"])
    assert.deepStrictEqual(found(5, 6, 12, 13, 19, 20), [])
    assert.deepStrictEqual(found(-9, -8, -7, -6, -5, -4, -3, -2, -1), ["10:00"])
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
    // Once a week it takes ten weeks.
    assert.deepInclude(time(at(120, weeks(10, [6]))), { weekdays: [7], days: 10, daysDue: 10 })
    assert.deepStrictEqual(usual(at(120, weeks(9, [6]))), [])
    // A single start on a day of rest says nothing, even if it was the only such day, and two of five say as little.
    assert.deepInclude(time(at(120, [...weeks(3, working), 5])), { weekdays: [1, 2, 3, 4, 5], days: 15 })
    assert.deepInclude(time(at(120, [...weeks(2, working), 5])), { weekdays: [1, 2, 3, 4, 5], days: 10 })
    assert.deepInclude(time(at(120, [...weeks(5, working), 5, 19])), { weekdays: [1, 2, 3, 4, 5], days: 25 })
    assert.deepInclude(time(at(1000, weeks(3, working))), { weekdays: [1, 2, 3, 4, 5], days: 15 })
    // Of two none may be missing.
    assert.deepInclude(time(at(120, days(0, 13).filter((day) => day !== 9))), {
      weekdays: [1, 2, 4, 5, 6, 7],
      days: 12
    })
    // One of three may be missing.
    assert.deepInclude(time(at(120, weeks(3, working).filter((day) => day !== 9))), {
      weekdays: [1, 2, 3, 4, 5],
      days: 14,
      daysDue: 15,
      streak: 7
    })
  })

  it("starts on 85 % of the days on which it is due", () => {
    assert.deepInclude(time(at(120, days(0, 19).filter((day) => ![3, 11, 15].includes(day)))), {
      days: 17,
      daysDue: 20
    })
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
    const working = at(120, days(0, 11).filter((day) => day % 7 < 5))
    assert.deepStrictEqual([18, 21].map((day) => usual(working, { newest: [day, 1439] }).length), [1, 0])
  })
})

describe("how exact a time of the day is", () => {
  const offsets = (...all: ReadonlyArray<number>) => all.map((offset, day) => [day, 600 + offset] as const)

  it("is the ninth of ten distances, in steps of five minutes", () => {
    const tolerance = (...all: ReadonlyArray<number>) => time(offsets(...all))?.toleranceMinutes
    assert.strictEqual(tolerance(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6), 5)
    assert.strictEqual(tolerance(0, 0, 0, 0, 0, 0, 0, 0, 6, 6, 6), 10)
    assert.strictEqual(tolerance(0, 0, 0, 0, 0, 0, 0, 0, -6, -6, -6), 10)
    assert.strictEqual(tolerance(6, 6, 0, -6, 0, 0, 0, 0, 0, 0, 0), 10)
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
    assert.deepStrictEqual(bounds(0, 10, ...zeros(3), -18, ...zeros(3)), [100, 75])
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
    assert.deepInclude(time([...at(600, days(0, 13).filter((day) => day !== 3)), [3, 700]]), {
      daysDue: 14,
      streak: 14
    })
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
    // Two more starts of one clock rule the other out, and of two times of the day two each.
    const after = (count: number, ...minutes: ReadonlyArray<number>) =>
      usual(minutes.flatMap((minute) => at(minute, days(-10, -2 + count))), { timeZone: "America/New_York" })
        .map(({ fitsBothClocks }) => fitsBothClocks)
    assert.deepStrictEqual([after(1, 720), after(2, 720)], [[true], [false]])
    assert.deepStrictEqual([after(1, 720, 1000), after(2, 720, 1000)], [[true, true], [false, false]])
    // While neither explains more, it is that of the zone.
    assert.deepInclude(time(at(720, days(-10, -2)), { timeZone: "America/New_York", newest: [2, 0] }), {
      at: "08:00",
      timeZone: "America/New_York",
      fitsBothClocks: true
    })
    // Since the change both say the same, and so they do for the first night.
    const since = time(at(720, days(0, 9)), { timeZone: "America/New_York" })
    assert.deepInclude(since, { at: "07:00", timeZone: "America/New_York", fitsBothClocks: true })
    const one = time(at(720, days(-10, -1)), { timeZone: "America/New_York" })
    assert.deepInclude(one, { fitsBothClocks: true, days: 10 })
  })
})
