// Which usual starts did not come, as tables of calls: on either side of each bound.
// Long because each bound of one decision is a row here.
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { type Attendance, attendanceOf, holidaysOf } from "../../src/baseline/absent.ts"
import { dayName, dayNumber, timeOfDay } from "../../src/baseline/clock.ts"
import type { Day, Job, UsualInterval, UsualTime } from "../../src/baseline/model.ts"
import { Run, type RunList } from "../../src/index.ts"
import { held } from "../support/baseline.ts"

/** A minute since 1970, of `16 02:00` in November 2026, whose sixteenth is a Monday, or of `10-20 02:00`. */
const at = (time: string): number =>
  Date.parse(`2026-${time.includes("-") ? time.slice(0, 5) : `11-${time.slice(0, 2)}`}T${time.slice(-5)}Z`) / 60_000

const shown = (minute: number): string => `${dayName(Math.floor(minute / 1440)).slice(8)} ${timeOfDay(minute % 1440)}`

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const workingDays = [1, 2, 3, 4, 5]

const two: UsualTime = {
  at: "02:00",
  ...held,
  weekdays: everyDay
}

const run = (id: number, start: string | undefined, more: Partial<RunList.RunLine> = {}): RunList.RunLine => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "completed",
  ...(start === undefined ? {} : { runStartTime: DateTime.makeUnsafe(at(start) * 60_000) }),
  ...more
})

/** The days of a job on which it started. */
const daysOf = (minutes: ReadonlyArray<number>): ReadonlyArray<Day> =>
  [...new Set(minutes.map((minute) => Math.floor(minute / 1440)))].sort((a, b) => a - b).map((day) => {
    const ofDay = minutes.filter((minute) => Math.floor(minute / 1440) === day)
    return {
      day: dayName(day),
      runs: 1,
      completed: 1,
      failed: 0,
      starts: ofDay.sort((a, b) => a - b).flatMap((minute) => [minute % 1440, 1]),
      durations: [],
      nodes: [],
      failedIDs: [],
      reRunIDs: []
    }
  })

interface Case {
  readonly times?: ReadonlyArray<UsualTime>
  readonly every?: UsualInterval
  /** When it started before. */
  readonly starts?: ReadonlyArray<string | number>
  readonly runs?: ReadonlyArray<RunList.RunLine>
  readonly since?: string
  readonly now: string
  readonly timeZone?: string
}

const attendance = (
  { every, now, runs = [], since = "16 00:00", starts = [], timeZone = "UTC", times = [two] }: Case
) => {
  const job: Job = {
    key: "job 7",
    runType: "refresh",
    runs: 20,
    starts: { runs: 20, ...(every === undefined ? { times } : { every }) },
    days: daysOf(starts.map((start) => typeof start === "number" ? start : at(start)))
  }
  return attendanceOf({ identity: { key: "job 7", runType: "refresh" }, job, runs }, {
    since: at(since),
    now: at(now),
    timeZone
  })
}

/** `late 16 02:00`, with the id of a run that came late. */
const absences = (options: Case) =>
  attendance(options).absences.map(({ kind, minute, run }) =>
    `${kind} ${shown(minute)}${run === undefined ? "" : ` ${run.id}`}`
  )

const named = (days: ReadonlySet<number>) => [...days].map((day) => dayName(day).slice(8)).sort()

describe("a start that did not come", () => {
  it("is late when it is later than it ever was, and missing three hours after that", () => {
    assert.deepStrictEqual(absences({ now: "16 02:29" }), [])
    assert.deepStrictEqual(absences({ now: "16 02:30" }), ["late 16 02:00"])
    assert.deepStrictEqual(absences({ now: "16 05:30" }), ["late 16 02:00"])
    assert.deepStrictEqual(absences({ now: "16 05:31" }), ["missing 16 02:00"])
  })

  it("is expected from the beginning of the window on, on each of its days", () => {
    assert.deepStrictEqual(absences({ since: "16 02:00", now: "16 12:00" }), ["missing 16 02:00"])
    assert.deepStrictEqual(absences({ since: "16 02:01", now: "16 12:00" }), [])
    const days = attendance({ since: "15 02:01", now: "17 01:00" })
    assert.deepStrictEqual(named(days.expected), ["15", "16", "17"])
    assert.deepStrictEqual(named(days.attended), [])
    assert.deepStrictEqual(days.absences.map(({ day }) => dayName(day)), ["2026-11-16"])
    assert.isFalse(days.rests)
    assert.deepStrictEqual([...days.rested], [])
  })

  it("came, if a run started in its time: of the baseline or of the window", () => {
    for (const [start, came] of [["01:44", false], ["01:45", true], ["02:30", true], ["02:31", false]] as const) {
      const fromBefore = attendance({ starts: [`16 ${start}`], now: "16 12:00" })
      assert.deepStrictEqual(named(fromBefore.attended), came ? ["16"] : [])
      assert.lengthOf(fromBefore.absences, came ? 0 : 1)
      assert.deepStrictEqual(
        named(attendance({ runs: [run(1, `16 ${start}`)], now: "16 12:00" }).attended),
        came ? ["16"] : []
      )
    }
    const reRun = run(1, "16 02:00", { reRunID: Run.RunId.make(9) })
    assert.deepStrictEqual(absences({ runs: [reRun], now: "16 12:00" }), ["missing 16 02:00"])
  })

  it("came late, if a run started in the twelve hours after it and before the next", () => {
    const late = (start: string, more: Partial<Case> = {}) =>
      absences({ runs: [run(8, start)], now: "16 23:00", ...more })
    assert.deepStrictEqual(late("16 02:31"), ["late 16 02:00 8"])
    assert.deepStrictEqual(late("16 13:59"), ["late 16 02:00 8"])
    assert.deepStrictEqual(late("16 14:00"), ["missing 16 02:00"])
    assert.deepStrictEqual(absences({ runs: [run(7, "16 01:00"), run(8, "16 04:00")], now: "16 23:00" }), [
      "late 16 02:00 8"
    ])
    assert.deepStrictEqual(absences({ runs: [run(8, "16 04:00", { reRunID: Run.RunId.make(7) })], now: "16 23:00" }), [
      "missing 16 02:00"
    ])
    // Times in any order.
    const times = [{ ...two, at: "08:00" }, two]
    assert.deepStrictEqual(late("16 07:44", { times }), ["late 16 02:00 8", "missing 16 08:00"])
    assert.deepStrictEqual(late("16 07:45", { times }), ["missing 16 02:00"])
  })

  it("is not told while a run waits to start, but one that came late is", () => {
    const waits = run(9, undefined, { runStatus: "waitingToRun" })
    assert.deepStrictEqual(absences({ runs: [waits], now: "16 12:00" }), [])
    assert.deepStrictEqual(absences({ runs: [run(8, "16 04:00"), waits], now: "16 12:00" }), ["late 16 02:00 8"])
    const canceled = run(9, undefined, { runStatus: "canceled" })
    assert.deepStrictEqual(absences({ runs: [canceled], now: "16 12:00" }), ["missing 16 02:00"])
    assert.deepStrictEqual(absences({ runs: [run(9, "15 20:00", { runStatus: "running" })], now: "16 12:00" }), [
      "missing 16 02:00"
    ])
  })

  it("is of the day that the clock of the baseline shows, whatever clock the job keeps to", () => {
    const ahead = { timeZone: "Pacific/Auckland", times: [{ ...two, at: "20:00" }], since: "16 12:00" }
    assert.deepStrictEqual(named(attendance({ ...ahead, now: "16 23:59" }).expected), ["17"])
    assert.deepStrictEqual(absences({ ...ahead, now: "16 23:59" }), ["missing 16 20:00"])
    const behind = { timeZone: "America/Los_Angeles", since: "16 09:00" }
    assert.deepStrictEqual(named(attendance({ ...behind, now: "17 07:00" }).expected), ["16"])
    assert.deepStrictEqual(absences({ ...behind, now: "17 07:00" }), ["missing 17 02:00"])
    const local = { timeZone: "America/Los_Angeles", times: [{ ...two, timeZone: "America/Los_Angeles" }] }
    assert.deepStrictEqual(absences({ ...local, now: "16 12:00" }), ["late 16 10:00"])
  })

  it("may be later and earlier by an hour, while it is not known which clock the job keeps to", () => {
    const summer = { timeZone: "Europe/London", starts: ["10-20 02:00"] }
    const both = { ...summer, times: [{ ...two, fitsBothClocks: true }] }
    assert.deepStrictEqual(absences({ ...both, now: "16 03:29" }), [])
    assert.deepStrictEqual(absences({ ...both, now: "16 03:30" }), ["late 16 02:00"])
    assert.deepStrictEqual(absences({ ...both, runs: [run(1, "16 00:45")], now: "16 12:00" }), [])
    assert.deepStrictEqual(absences({ ...both, runs: [run(1, "16 00:44")], now: "16 12:00" }), ["missing 16 02:00"])
    assert.deepStrictEqual(absences({ ...summer, now: "16 03:00" }), ["late 16 02:00"])
    const berlin = { ...both, timeZone: "Europe/Berlin", starts: ["02 02:00"] }
    assert.deepStrictEqual(absences({ ...berlin, now: "16 02:30" }), ["late 16 02:00"])
    // The first start is the earliest of both.
    const seen = { ...both, starts: ["10 02:00"], runs: [run(1, "10-20 02:00")] }
    assert.deepStrictEqual(absences({ ...seen, now: "16 03:29" }), [])
    const none = { timeZone: "Europe/London", times: [{ ...two, fitsBothClocks: true }] }
    assert.deepStrictEqual(absences({ ...none, now: "16 03:00" }), ["late 16 02:00"])
  })
})

describe("a job that is not known", () => {
  it("is not expected", () => {
    const found = attendanceOf(
      { identity: { key: "job 7", runType: "refresh" }, job: undefined, runs: [run(1, "16 02:00")] },
      { since: at("16 00:00"), now: at("16 12:00"), timeZone: "UTC" }
    )
    assert.deepStrictEqual([found.absences, named(found.expected), found.rests], [[], [], false])
  })
})

describe("a job that rests on some days of the week", () => {
  const times = [{ ...two, weekdays: workingDays }]
  const before = ["09 02:00", "02 02:00"]

  it("is due on the others", () => {
    const found = attendance({ times, starts: before, since: "13 00:00", now: "16 12:00" })
    assert.deepStrictEqual(named(found.expected), ["13", "16"])
    assert.isTrue(found.rests)
  })

  it("is missed if it started twice in the four weeks before, on that day of the week and at that time", () => {
    const missed = (...starts: ReadonlyArray<string>) => absences({ times, starts, now: "16 12:00" }).length === 1
    assert.isFalse(missed())
    assert.isFalse(missed("09 02:00"))
    assert.isTrue(missed("09 02:00", "02 02:00"))
    assert.isTrue(missed("10-26 02:00", "10-19 02:00"))
    assert.isFalse(missed("09 02:00", "10-12 02:00"))
    assert.isFalse(missed("09 02:00", "03 02:00"))
    assert.isTrue(missed("09 01:45", "02 02:30"))
    assert.isFalse(missed("09 01:44", "02 02:30"))
    assert.isFalse(missed("09 01:45", "02 02:31"))
    assert.isTrue(absences({ starts: [], now: "16 12:00" }).length === 1)
  })

  it("is missed if it missed none of few due days, or some of fifteen", () => {
    const missed = (days: number, daysDue: number) =>
      absences({ times: [{ ...two, weekdays: workingDays, days, daysDue }], starts: before, now: "16 12:00" })
        .length === 1
    assert.isTrue(missed(14, 14))
    assert.isFalse(missed(13, 14))
    assert.isTrue(missed(13, 15))
  })

  it("rests on the days without a start on whose day of the week it has started before", () => {
    // It started on a Saturday once, and never on a Sunday.
    const found = attendance({ times, starts: ["07 09:00", "13 02:00"], since: "13 00:00", now: "16 12:00" })
    assert.deepStrictEqual(named(found.rested), ["14"])
    const expected = attendance({ times, starts: ["07 09:00", "09 02:00"], since: "13 00:00", now: "16 12:00" })
    assert.deepStrictEqual(named(expected.rested), ["14"])
    assert.isTrue(attendance({ times: [...times, { ...two, at: "08:00" }], now: "16 12:00" }).rests)
    const started = attendance({ times, starts: ["07 09:00", "14 09:00"], since: "13 00:00", now: "16 12:00" })
    assert.deepStrictEqual(named(started.rested), [])
    const sunday = attendance({ times, starts: ["08 09:00"], since: "14 00:00", now: "15 00:00" })
    assert.deepStrictEqual(named(sunday.rested), ["15"])
    assert.deepStrictEqual(named(attendance({ starts: ["07 09:00"], since: "13 00:00", now: "16 12:00" }).rested), [])
  })
})

describe("a job at an interval", () => {
  const every: UsualInterval = { minutes: 15, days: 20, weekdays: everyDay }

  /** Starts every quarter of an hour on some days of November, up to a time of the last. */
  const quarters = (first: number, last: number, until: string, isOn = (_day: number, _minute: number) => true) => {
    const end = at(`${String(last).padStart(2, "0")} ${until}`)
    return Array.from(
      { length: (last - first + 1) * 96 },
      (_, index) => at(`${String(first).padStart(2, "0")} 00:00`) + index * 15
    )
      .filter((minute) => minute <= end && isOn(new Date(minute * 60_000).getUTCDate(), minute % 1440))
  }

  it("has stopped when it is silent for four intervals, and an hour at least", () => {
    const starts = quarters(10, 16, "10:00")
    assert.deepStrictEqual(absences({ every, starts, now: "16 10:59" }), [])
    assert.deepStrictEqual(absences({ every, starts, now: "16 11:00" }), ["stopped 16 10:00"])
    assert.deepStrictEqual(attendance({ every, starts, now: "16 11:00" }).absences.map(({ day }) => dayName(day)), [
      "2026-11-16"
    ])
    const slower = { ...every, minutes: 30 }
    assert.deepStrictEqual(absences({ every: slower, starts, now: "16 11:59" }), [])
    assert.deepStrictEqual(absences({ every: slower, starts, now: "16 12:00" }), ["stopped 16 10:00"])
    assert.deepStrictEqual(absences({ every: { ...every, minutes: 5 }, starts, now: "16 10:59" }), [])
    assert.deepStrictEqual(absences({ every: { ...every, minutes: 5 }, starts, now: "16 11:00" }), ["stopped 16 10:00"])
  })

  it("is compared with five whole days at least", () => {
    assert.deepStrictEqual(absences({ every, starts: quarters(11, 16, "10:00"), now: "16 12:00" }), [])
    assert.deepStrictEqual(absences({ every, starts: quarters(10, 16, "10:00"), now: "16 12:00" }), [
      "stopped 16 10:00"
    ])
    // Its first day may have begun in the middle.
    assert.deepStrictEqual(
      absences({
        every,
        starts: quarters(10, 16, "10:00", (day, minute) => day > 10 || minute > 720),
        now: "16 12:00"
      }),
      ["stopped 16 10:00"]
    )
    assert.deepStrictEqual(absences({ every, starts: [], now: "16 12:00" }), [])
    // What started after the end of the window is not known there.
    assert.deepStrictEqual(
      absences({ every, starts: [...quarters(5, 16, "10:00"), at("16 13:00")], now: "16 12:00" }),
      [
        "stopped 16 10:00"
      ]
    )
    assert.deepStrictEqual(absences({ every, starts: quarters(17, 18, "10:00"), now: "16 12:00" }), [])
  })

  it("started three times in that time on nine of ten of these days", () => {
    const silent = (...days: ReadonlyArray<number>) =>
      absences({
        every,
        starts: quarters(5, 16, "10:00", (day, minute) => !days.includes(day) || minute < 660 || minute > 720),
        now: "16 12:00"
      })
    assert.deepStrictEqual(silent(), ["stopped 16 10:00"])
    assert.deepStrictEqual(silent(10), ["stopped 16 10:00"])
    assert.deepStrictEqual(silent(10, 11), [])
    const often = (count: number) =>
      absences({
        every,
        starts: quarters(5, 16, "10:00", (_, minute) => minute <= 660 + count * 15 || minute > 720),
        now: "16 12:00"
      })
    assert.deepStrictEqual(often(3), ["stopped 16 10:00"])
    assert.deepStrictEqual(often(2), [])
  })

  it("is compared with ten days if it rests on some, and is not missed on those", () => {
    const resting = { ...every, weekdays: workingDays }
    const isOn = (day: number) => ![7, 8, 14, 15, 21, 22].includes(day)
    assert.deepStrictEqual(absences({ every: resting, starts: quarters(2, 16, "10:00", isOn), now: "16 12:00" }), [])
    assert.deepStrictEqual(absences({ every: resting, starts: quarters(2, 17, "10:00", isOn), now: "17 12:00" }), [
      "stopped 17 10:00"
    ])
    assert.deepStrictEqual(absences({ every: resting, starts: quarters(2, 20, "10:00", isOn), now: "21 12:00" }), [])
    const found = attendance({
      every: resting,
      starts: quarters(2, 20, "10:00", isOn),
      since: "19 00:00",
      now: "21 12:00"
    })
    assert.deepStrictEqual(named(found.expected), ["19", "20"])
    assert.isTrue(found.rests)
  })

  it("attends a day on which it starts three times, by the clock of the baseline", () => {
    const attended = (starts: ReadonlyArray<string>, more: Partial<Case> = {}) =>
      named(attendance({ every, starts, since: "15 00:00", now: "16 12:00", ...more }).attended)
    assert.deepStrictEqual(attended(["15 00:00", "15 12:00", "15 23:59"]), ["15"])
    assert.deepStrictEqual(attended(["14 23:59", "15 12:00", "15 23:59"]), [])
    assert.deepStrictEqual(attended(["15 12:00", "15 23:59", "16 00:00"]), [])
    const inTokyo = { timeZone: "Asia/Tokyo", since: "15 00:00", now: "16 12:00" }
    assert.deepStrictEqual(attended(["14 15:00", "15 12:00", "15 14:59"], inTokyo), ["15"])
    const starts = quarters(9, 15, "20:00")
    assert.deepStrictEqual(absences({ every, starts, ...inTokyo, now: "15 21:00" }), ["stopped 15 20:00"])
  })
})

describe("a holiday", () => {
  const day = dayNumber("2026-11-16")
  const on = (...days: ReadonlyArray<number>): ReadonlySet<number> => new Set(days)
  const resting: Attendance = { absences: [], expected: on(day), attended: on(), rests: true, rested: on() }
  const daily: Attendance = { absences: [], expected: on(day), attended: on(day), rests: false, rested: on() }
  const rested: Attendance = { ...resting, expected: on(), rested: on(day) }
  const holidays = (...jobs: ReadonlyArray<Attendance>) => named(holidaysOf(jobs))

  it("is a day on which two jobs rest that rest on some days, and every other is there", () => {
    assert.deepStrictEqual(holidays(resting, resting, daily), ["16"])
    assert.deepStrictEqual(holidays(resting, rested, daily), ["16"])
    assert.deepStrictEqual(holidays(resting, daily), [])
    assert.deepStrictEqual(holidays(resting, { ...resting, expected: on(day + 1) }, daily), [])
    assert.deepStrictEqual(holidays(rested, rested, daily), [])
    assert.deepStrictEqual(holidays(resting, { ...resting, attended: on(day) }, daily), [])
    assert.deepStrictEqual(holidays(resting, resting), [])
    assert.deepStrictEqual(holidays(resting, resting, { ...daily, expected: on(day + 1) }), [])
  })

  it("is none on which another job is absent", () => {
    const absent = (day: number): Attendance => ({
      ...daily,
      absences: [{ kind: "missing", day, minute: day * 1440, run: undefined }]
    })
    assert.deepStrictEqual(holidays(resting, resting, absent(day)), [])
    assert.deepStrictEqual(holidays(resting, resting, daily, absent(day)), [])
    assert.deepStrictEqual(holidays(resting, resting, absent(day + 1)), ["16"])
  })
})
