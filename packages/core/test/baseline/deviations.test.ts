// What is told of jobs that are unlike the usual: each once, in the order of the kinds, and not on a holiday.
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import type { Baseline, Job, UsualTime } from "../../src/baseline/model.ts"
import { Run, RunBaseline, type RunList } from "../../src/index.ts"
import { held } from "../support/baseline.ts"

/** A time of November 2026, whose sixteenth is a Monday. */
const at = (time: string): DateTime.Utc => DateTime.makeUnsafe(`2026-11-${time.slice(0, 2)}T${time.slice(-5)}Z`)

const time = (at: string, weekdays = [1, 2, 3, 4, 5, 6, 7]): UsualTime => ({
  at,
  ...held,
  weekdays
})

const jobOf = (jobID: number, more: Partial<Job> = {}): Job => ({
  key: `job ${jobID} in environment 3`,
  runType: "refresh",
  environmentID: "3",
  jobID,
  jobName: `Job ${jobID}`,
  runs: 20,
  days: [],
  ...more
})

const baselineOf = (...jobs: ReadonlyArray<Job>): Baseline => ({
  version: RunBaseline.version,
  timeZone: "UTC",
  maxDays: 60,
  runs: 20,
  otherRuns: 0,
  truncated: false,
  days: [],
  unfinishedIDs: [],
  jobs
})

const run = (id: number, jobID: number, start: string | undefined, runStatus = "completed"): RunList.RunLine => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus,
  environmentID: "3",
  jobID,
  ...(start === undefined ? {} : { runStartTime: at(start) })
})

const deviations = (
  jobs: ReadonlyArray<Job>,
  now: string,
  { runs = [], since = "16 00:00", until = "17 00:00" }: {
    readonly runs?: ReadonlyArray<RunList.RunLine>
    readonly since?: string
    readonly until?: string
  } = {}
) => RunBaseline.deviations(baselineOf(...jobs), runs, at(now), { since: at(since), until: at(until) })

const told = (...options: Parameters<typeof deviations>) =>
  deviations(...options).map(({ expectedAt, jobID, kind, run, since, times }) =>
    [
      kind,
      `job ${jobID}`,
      expectedAt && `expected ${DateTime.formatIso(expectedAt).slice(8, 16)}`,
      since && `since ${DateTime.formatIso(since).slice(8, 16)}`,
      times && `${times} times`,
      run && `run ${run.id}`
    ].filter((part) => part !== undefined).join(", ")
  )

describe("RunBaseline.deviations", () => {
  it("tells starts that did not come once, with how many, and each that is late", () => {
    const times = ["02:00", "08:00", "10:00", "11:00"].map((at) => time(at))
    const job = jobOf(7, { starts: { times, runs: 20 } })
    assert.deepStrictEqual(told([job], "16 14:00", { runs: [run(1, 7, "16 10:40")] }), [
      "missing, job 7, expected 16T02:00, 2 times",
      "late, job 7, expected 16T10:00, run 1",
      "late, job 7, expected 16T11:00"
    ])
  })

  it("says the job, and what is usual for it without the days", () => {
    const starts = { times: [time("02:00")], runs: 20 }
    const [found] = deviations([jobOf(7, { starts, includeNodesSelector: "{ A }" })], "16 12:00")
    const { days: _, ...usual } = jobOf(7, { starts, includeNodesSelector: "{ A }" })
    assert.deepStrictEqual(found, {
      kind: "missing",
      key: "job 7 in environment 3",
      runType: "refresh",
      environmentID: "3",
      jobID: 7,
      jobName: "Job 7",
      includeNodesSelector: "{ A }",
      usual,
      expectedAt: at("16 02:00"),
      times: 1
    })
  })

  it("expects starts up to the end of the window, or to now if that is earlier", () => {
    const job = jobOf(7, { starts: { times: [time("02:00"), time("08:00")], runs: 20 } })
    assert.deepStrictEqual(told([job], "16 12:00", { until: "16 06:00" }), [
      "missing, job 7, expected 16T02:00, 1 times"
    ])
    assert.deepStrictEqual(told([job], "16 06:00"), ["missing, job 7, expected 16T02:00, 1 times"])
    assert.deepStrictEqual(told([job], "16 12:00"), ["missing, job 7, expected 16T02:00, 2 times"])
  })

  it("sorts what it finds by its kind, and tells nothing of a day that is a holiday", () => {
    const working = [1, 2, 3, 4, 5]
    const days = ["02", "09"].map((day) => ({
      day: `2026-11-${day}`,
      runs: 1,
      completed: 1,
      failed: 0,
      starts: [120, 1],
      durations: [],
      nodes: [],
      failedIDs: [],
      reRunIDs: []
    }))
    const nightly = (jobID: number) => jobOf(jobID, { starts: { times: [time("02:00", working)], runs: 20 }, days })
    const daily = jobOf(9, { starts: { times: [time("03:00")], runs: 20 } })
    const jobs = [nightly(7), nightly(8), daily]
    const there = run(1, 9, "16 03:00")
    assert.deepStrictEqual(told(jobs, "16 12:00", { runs: [there] }), [])
    assert.deepStrictEqual(told(jobs, "16 12:00", { runs: [there, run(2, 8, "16 02:00")] }), [
      "missing, job 7, expected 16T02:00, 1 times"
    ])
    assert.deepStrictEqual(
      told(jobs, "16 05:45", { runs: [run(3, 7, "14 00:00", "running"), run(4, 8, undefined, "waitingToRun"), there] }),
      ["stuck, job 7, since 14T00:00, run 3"]
    )
    const waiting = told([jobOf(6), ...jobs], "16 05:45", {
      runs: [
        run(3, 6, "14 00:00", "running"),
        run(4, 5, undefined, "waitingToRun"),
        run(5, 9, "16 04:30"),
        run(6, 4, undefined, "waitingToRun")
      ]
    })
    assert.deepStrictEqual(waiting, [
      "missing, job 7, expected 16T02:00, 1 times",
      "missing, job 8, expected 16T02:00, 1 times",
      "late, job 9, expected 16T03:00, run 5",
      "stuck, job 6, since 14T00:00, run 3",
      "waiting, job 5, since 16T04:30, run 4"
    ])
  })

  it("tells since when a job at an interval has stopped", () => {
    const starts = Array.from({ length: 15 }, (_, index) => ({
      day: `2026-11-${String(index + 2).padStart(2, "0")}`,
      runs: 1,
      completed: 1,
      failed: 0,
      starts: Array.from({ length: index === 14 ? 30 : 96 }, (_, quarter) => [quarter * 15, 1]).flat(),
      durations: [],
      nodes: [],
      failedIDs: [],
      reRunIDs: []
    }))
    const job = jobOf(7, {
      starts: { every: { minutes: 15, days: 14, weekdays: [1, 2, 3, 4, 5, 6, 7] }, runs: 1000 },
      days: starts
    })
    assert.deepStrictEqual(told([job], "16 10:00"), ["stopped, job 7, since 16T07:15"])
  })
})
