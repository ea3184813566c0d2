/** How a timeline stays within its limits, and where the marks of its axis lie. */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { RunList, RunTimeline, RunWindow } from "../../src/index.ts"
import { assemble } from "../../src/timeline/assemble.ts"
import { usualStarts } from "../../src/timeline/usualStarts.ts"
import { at, refresh } from "../support/baseline.ts"

const window = (since: string, until: string, timeZone = "UTC"): RunWindow.RunWindow => ({
  since: DateTime.makeUnsafe(since),
  until: DateTime.makeUnsafe(until),
  timeZone,
  timeZoneSource: "given"
})

const night = window("2026-11-02T18:00:00Z", "2026-11-03T12:00:00Z")

const assembled = (runs: ReadonlyArray<Parameters<typeof refresh>[0]>) =>
  assemble({
    window: night,
    runs: runs.map((options) => RunList.fromRun(refresh(options))),
    baseline: undefined,
    matches: () => true
  })

describe("the limits of a timeline", () => {
  const start = at("2026-11-02T18:00:00Z")

  it("keeps 2,000 of 2,500 runs, those that did not complete first and then the latest, and counts the others", () => {
    const { found, jobs, more } = assembled(
      Array.from({ length: 2500 }, (_, index) => ({
        id: index + 1,
        start: start + index * 20_000,
        jobID: index % 10,
        ...(index < 40 ? { runStatus: "failed" } : {})
      }))
    )
    const shown = jobs.flatMap(({ runs }) => runs)
    assert.deepStrictEqual(found, { runs: 2500, deploys: 0 })
    assert.deepStrictEqual(more, { jobs: 0, runs: 500, deploys: 0 })
    assert.lengthOf(shown, RunTimeline.limits.runs)
    assert.lengthOf(shown.filter(({ runStatus }) => runStatus === "failed"), 40)
    assert.isTrue(shown.some(({ id }) => id === 2500))
    assert.isFalse(shown.some(({ id }) => id === 41))
    assert.strictEqual(jobs.reduce((sum, job) => sum + job.runs.length + job.more, 0), 2500)
  })

  it("keeps 200 of 230 jobs, those with failures first, in the order of their starts", () => {
    const { jobs, more } = assembled(
      Array.from({ length: 230 }, (_, index) => ({
        id: index + 1,
        start: start + index * 60_000,
        jobID: index,
        ...(index >= 220 ? { runStatus: "failed" } : {})
      }))
    )
    assert.lengthOf(jobs, RunTimeline.limits.jobs)
    assert.strictEqual(more.jobs, 30)
    assert.strictEqual(more.runs, 30)
    const ids = jobs.map(({ jobID }) => jobID ?? 0)
    assert.deepStrictEqual(ids, [...ids].sort((a, b) => a - b))
    assert.deepStrictEqual(ids.slice(-10), [220, 221, 222, 223, 224, 225, 226, 227, 228, 229])
  })

  it("names the selector of a refresh without a job, and puts runs whose row does not say their job together", () => {
    const { jobs } = assembled([
      { id: 1, start, jobID: undefined, nodesInRun: undefined },
      { id: 2, start, jobID: undefined, nodesInRun: 3, includeNodesSelector: "{ A }" }
    ])
    assert.deepStrictEqual(jobs.map(({ key }) => key), ["refreshes of { A } in environment 3", "unknown job"])
  })
})

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

  it("marks days for a week, and never far more than asked for", () => {
    const week = window("2026-11-01T00:00:00Z", "2026-11-08T00:00:00Z")
    assert.deepStrictEqual(RunTimeline.ticks(week, "UTC", 8).map(({ day, time }) => `${day} ${time}`).slice(0, 2), [
      "2026-11-01 00:00",
      "2026-11-02 00:00"
    ])
    for (const minutes of [1, 7, 59, 600, 5000, 100_000, 5_000_000]) {
      const of = { since: night.since, until: DateTime.add(night.since, { minutes }) }
      assert.isAtMost(RunTimeline.ticks(of, "Asia/Kathmandu").length, 12, `${minutes} minutes`)
    }
  })
})

describe("the usual starts of a timeline", () => {
  const daily = (timeZone: string, weekdays = [1, 2, 3, 4, 5, 6, 7]) => ({
    starts: {
      times: [{
        at: "02:00",
        timeZone,
        weekdays,
        fitsBothClocks: false,
        toleranceMinutes: 1,
        days: 20,
        daysDue: 20,
        streak: 20,
        lateAfterMinutes: 30,
        earlyMinutes: 30
      }],
      runs: 20
    }
  })
  const iso = (starts: ReadonlyArray<DateTime.Utc>) => starts.map((start) => DateTime.formatIso(start).slice(0, 16))

  it("lie where the clock of the job shows them, on its days of the week", () => {
    const week = window("2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z", "Europe/London")
    assert.deepStrictEqual(iso(usualStarts(daily("Europe/London"), week)), [
      "2026-10-24T01:00",
      "2026-10-25T02:00",
      "2026-10-26T02:00"
    ])
    assert.deepStrictEqual(iso(usualStarts(daily("UTC", [1]), week)), ["2026-10-26T02:00"])
    assert.deepStrictEqual(usualStarts({}, week), [])
  })
})
