import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as FastCheck from "fast-check"
import { RunStatistics } from "../../src/index.ts"
import { type Sample, summary } from "../support/statistics.ts"

const byDay = (all: ReadonlyArray<Sample>, timeZone?: string) => {
  const { groups = [] } = RunStatistics.fromRuns(all.map(summary), {
    groupBy: "day",
    ...(timeZone === undefined ? {} : { timeZone: DateTime.zoneMakeNamedUnsafe(timeZone) })
  })
  return groups.map(({ day, runs }) => [day, runs])
}

const starts = (...times: ReadonlyArray<string>): ReadonlyArray<Sample> =>
  times.map((time, id) => ({ id, status: "completed", start: Date.parse(time) }))

/** The day as the platform has it, one lookup for each time. */
const platformDays = (timeZone: string) => {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" })
  return ({ start }: Sample): string => {
    const part = new Map(format.formatToParts(start).map(({ type, value }) => [type, value]))
    return `${part.get("year")}-${part.get("month")}-${part.get("day")}`
  }
}

// Changes at midnight (Havana, Beirut, Asuncion), by half an hour (Lord Howe), by a whole day (Apia left out 2011-12-30),
// and at a minute past midnight (St. John's until 2011).
const zones = [
  "Europe/London",
  "America/New_York",
  "America/Havana",
  "Asia/Beirut",
  "America/Asuncion",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "America/St_Johns"
]

describe("RunStatistics by day", () => {
  it("counts each run on the day of its start, in UTC by default", () => {
    const all = starts("2026-10-24T22:59:59Z", "2026-10-24T23:00:00Z", "2026-10-25T23:59:59Z", "2026-10-26T00:00:00Z")
    assert.deepStrictEqual(byDay(all), [["2026-10-26", 1], ["2026-10-25", 1], ["2026-10-24", 2]])
    // The day on which the clocks go back has 25 hours, from 23:00 to 24:00 UTC of the next.
    assert.deepStrictEqual(byDay(all, "Europe/London"), [["2026-10-26", 1], ["2026-10-25", 2], ["2026-10-24", 1]])
    const spring = starts(
      "2026-03-28T23:59:59Z",
      "2026-03-29T00:00:00Z",
      "2026-03-29T22:59:59Z",
      "2026-03-29T23:00:00Z"
    )
    assert.deepStrictEqual(byDay(spring, "Europe/London"), [["2026-03-30", 1], ["2026-03-29", 2], ["2026-03-28", 1]])
  })

  it("counts a run on the day that the clocks showed, if they changed within the hour", () => {
    // At 00:01 the clocks of St. John's went back to 23:01 of the day before.
    const all = starts("2010-11-07T02:29:00Z", "2010-11-07T02:30:00Z", "2010-11-07T02:31:00Z", "2010-11-07T03:29:00Z")
    assert.deepStrictEqual(byDay(all, "America/St_Johns"), [["2010-11-07", 1], ["2010-11-06", 3]])
  })

  it("counts runs that have not started apart", () => {
    assert.deepStrictEqual(byDay([...starts("2026-10-24T12:00:00Z"), { id: 9, status: "waitingToRun" }]), [
      [undefined, 1],
      ["2026-10-24", 1]
    ])
  })

  it.each(zones)("has the days of the platform in every minute around its changes: %s", (timeZone) => {
    const dayOf = platformDays(timeZone)
    const around = FastCheck.constantFrom(
      ...[
        "2026-03-08",
        "2026-03-28",
        "2026-03-29",
        "2026-04-05",
        "2026-10-03",
        "2026-10-04",
        "2026-10-25",
        "2026-11-01"
      ],
      ...["2010-03-14", "2010-11-07", "2011-12-29", "2011-12-31", "2024-03-24", "2024-10-06"]
    )
    const minutes = FastCheck.array(FastCheck.integer({ min: -1000, max: 2440 }), { minLength: 1, maxLength: 60 })
    FastCheck.assert(
      FastCheck.property(around, minutes, FastCheck.boolean(), (date, minutes, ordered) => {
        const all = (ordered ? minutes.toSorted((a, b) => b - a) : minutes)
          .map((minute, id) => ({ id, status: "completed", start: Date.parse(date) + minute * 60_000 }))
        const expected = new Map<string, number>()
        for (const each of all) expected.set(dayOf(each), (expected.get(dayOf(each)) ?? 0) + 1)
        assert.deepStrictEqual(byDay(all, timeZone), [...expected].toSorted(([a], [b]) => a < b ? 1 : -1))
      })
    )
  })
})
