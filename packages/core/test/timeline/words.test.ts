import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { Report, Run, type RunBaseline, RunTimeline } from "../../src/index.ts"
import { daily } from "../support/runFacts.ts"

const at = (time: string, day = "10") => DateTime.makeUnsafe(`2026-03-${day}T${time}Z`)

const run = (id: number, fields: Partial<RunTimeline.TimelineRun> = {}): RunTimeline.TimelineRun => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "completed",
  runStartTime: at("02:00:00"),
  runEndTime: at("02:10:00"),
  ...fields
})

const job = (
  jobID: number,
  runs: ReadonlyArray<RunTimeline.TimelineRun>,
  fields: object = {}
): RunTimeline.TimelineJob => ({
  key: String(jobID),
  runType: "refresh",
  jobID,
  runs,
  more: 0,
  usualStarts: [],
  ...fields
})

const timeline = (fields: Partial<RunTimeline.Timeline>): RunTimeline.Timeline => ({
  readAt: at("08:00:00"),
  window: { since: at("00:00:00"), until: at("08:00:00"), timeZone: "UTC", timeZoneSource: "given" },
  filter: {},
  jobs: [],
  deploys: [],
  found: { runs: 0, deploys: 0 },
  more: { jobs: 0, runs: 0, deploys: 0 },
  rows: 9,
  truncated: false,
  unavailable: [],
  ...fields
})

const words = (fields: Partial<RunTimeline.Timeline>, options?: Report.Options) =>
  RunTimeline.words(timeline(fields), options)
const reportOf = (fields: Partial<RunTimeline.Timeline>, options?: Report.Options) =>
  RunTimeline.report(timeline(fields), options)
const linesOf = (fields: Partial<RunTimeline.Timeline>, options?: Report.Options) =>
  Report.toText(reportOf(fields, options)).split("\n")

const deploy = run(1, {
  runType: "deploy",
  deployCommit: "52ffe770cb64aa",
  deployCommitMessage: "Add orders",
  environmentID: "3",
  runStartTime: at("01:00:00"),
  runEndTime: at("01:03:00")
})

const usual: RunBaseline.Usual = {
  key: "15",
  runType: "refresh",
  runs: 28,
  starts: {
    times: [daily],
    runs: 28
  },
  duration: { p50Millis: 600_000, p95Millis: 660_000, longestMillis: 700_000, runs: 26 }
}

describe("the headline of a timeline", () => {
  const headline = (fields: Partial<RunTimeline.Timeline>, options?: Report.Options) => words(fields, options).headline
  const span = "2026-03-10 00:00 – 2026-03-10 08:00 UTC."

  it("counts the runs that were found, of the jobs that have any, by their status", () => {
    assert.strictEqual(headline({}), `0 runs of 0 jobs, ${span}`)
    const jobs = [
      job(7, [run(3, { runStatus: "failed" }), run(2)]),
      job(8, [run(5)]),
      job(9, []),
      job(10, [], { more: 2 })
    ]
    assert.strictEqual(
      headline({ jobs, found: { runs: 6, deploys: 0 }, more: { jobs: 1, runs: 3, deploys: 0 } }),
      `6 runs of 4 jobs (2 completed, 1 failed, 3 not shown), ${span}`
    )
    assert.strictEqual(
      headline({
        jobs: [job(7, [run(3, { runStatus: "failed" }), run(2), run(1)])],
        truncated: "row_limit",
        found: { runs: 3, deploys: 0 }
      }, {
        bounds: { names: 1 }
      }),
      `at least 3 runs of 1 job (2 completed, 1 of other statuses), ${span}`
    )
  })

  it("names the window, counts the deploys, and says whose zone it is", () => {
    const window = { ...timeline({}).window, name: "last_24_hours" as const }
    assert.strictEqual(
      headline({ window, deploys: [deploy], found: { runs: 0, deploys: 2 } }, { timeZone: "Europe/London" }),
      "Last 24 hours: 0 runs of 0 jobs and 2 deploys, 2026-03-10 00:00 – 2026-03-10 08:00 Europe/London."
    )
  })
})

describe("a timeline in words", () => {
  it("says of a job its name, its runs and what is usual", () => {
    const failed = run(3, {
      runStatus: "failed",
      reRunID: Run.RunId.make(2),
      runFailureReason: "SQL compilation error: error line 1 at position 7\ninvalid identifier 'X'"
    })
    const daily = job(15, [run(2), failed], { jobName: "Daily sales", environmentID: "3", usual })
    const { jobs: [said], ticks, timeZone } = words({ jobs: [daily] }, { timeZone: "Europe/London" })
    assert.deepStrictEqual(said, {
      name: "Daily sales (job 15)",
      title: "refresh \"Daily sales\" (job 15) in env 3",
      said: "2 completed, 3 failed (invalid identifier)",
      usual: "started about 02:00 UTC on each of the last 28 nights; took 10m (p95 11m, 26 runs)",
      runs: [
        "2 completed (2026-03-10 02:00), after 10m",
        "3 failed (2026-03-10 02:00), after 10m, re-run of 2: \"SQL compilation error: error line 1 at position 7 invalid identifier 'X'\""
      ]
    })
    assert.strictEqual(timeZone, "Europe/London")
    assert.strictEqual(ticks[0]?.time, "00:00")
  })

  it("names a job by what is known of it", () => {
    const nameOf = (fields: object) => words({ jobs: [job(7, [], fields)] }).jobs[0]?.name
    assert.strictEqual(nameOf({}), "refresh of job 7")
    assert.strictEqual(nameOf({ jobID: undefined, includeNodesSelector: "{ A }" }), "{ A }")
    assert.strictEqual(nameOf({ key: "unknown job" }), "runs whose job is not known")
  })

  it("names two runs of a job, and counts more", () => {
    const said = (runs: ReadonlyArray<RunTimeline.TimelineRun>, more = 0) =>
      words({ jobs: [job(7, runs, { more })] }).jobs[0]?.said
    const failed = run(3, { runStatus: "failed", runFailureReason: "It broke" })
    assert.strictEqual(said([]), "no run in this window")
    assert.strictEqual(said([failed, run(2)]), "3 failed, 2 completed")
    assert.strictEqual(said([run(1, { runFailureReason: "invalid identifier 'X'" })]), "1 completed")
    assert.strictEqual(said([run(5), failed, failed]), "2 failed, 1 completed")
    assert.strictEqual(said([run(5), run(4)], 3), "2 completed, 3 not shown")
    assert.strictEqual(said([run(5)], 1), "5 completed, 1 not shown")
    assert.strictEqual(said([], 1), "1 not shown")
    assert.strictEqual(said([], 9), "9 not shown")
  })

  it("says what is usual as far as it is known", () => {
    const { duration: _duration, ...starts } = usual
    const { starts: _starts, ...duration } = usual
    const { duration: _, ...none } = duration
    const usuals = [starts, duration, none].map((usual) => words({ jobs: [job(7, [], { usual })] }).jobs[0])
    assert.deepStrictEqual(usuals.map((said) => said?.usual), [
      "started about 02:00 UTC on each of the last 28 nights",
      "took 10m (p95 11m, 26 runs)",
      undefined
    ])
    assert.notProperty(usuals[2], "usual")
  })

  it("says a deploy, and what is left out or unavailable", () => {
    const { deploys, notes } = words({
      deploys: [deploy],
      more: { jobs: 1, runs: 2, deploys: 3 },
      truncated: "time_limit",
      filter: { jobID: 7 },
      job: { jobID: 7, jobName: "Daily", asked: "dai", by: "part" },
      undecodable: { count: 1, first: { index: 0, path: "id", issue: "Missing key" } },
      unavailable: [{ part: "baseline", error: "Forbidden", status: 403, message: "No.", isRetryable: false }]
    })
    assert.deepStrictEqual(deploys, [
      "deploy of 52ffe770cb64 \"Add orders\" in env 3: 1 completed (2026-03-10 01:00), after 3m"
    ])
    assert.deepStrictEqual(notes, [
      "Read jobID \"dai\" as \"Daily\" (job 7), the only job with such a name.",
      "Not all was read. The reading stopped after 9 rows, at its limit of time.",
      "jobID filtered here, not by the API: 9 rows read.",
      "Skipped 1 undecodable row: row 0 of a page at id: \"Missing key\".",
      "Left out: 1 job, 2 runs, 3 deploys. Runs that completed are left out first, and of those the earliest.",
      "Unavailable: what is usual: 403 Forbidden: \"No.\""
    ])
    assert.deepStrictEqual(words({}).notes, [])
    const error = { _tag: "Forbidden", message: "No.", isRetryable: false }
    assert.include(words({ truncated: "error", error }).notes[0], "\"No.\" Trying again is unlikely to help.")
  })
})

describe("a timeline as a report", () => {
  it("draws the axis, the deploys and a row for each job", () => {
    assert.deepStrictEqual(linesOf({ deploys: [deploy], jobs: [job(7, [run(2)], { more: 1, usual })] }).slice(1), [
      "Each row: = completed, X failed, c canceled, > not ended, ? another status, ' usual start, | deploy.",
      "00:00       02:00       04:00       06:00",
      "......|......................................... deploys",
      "............==.................................. refresh of job 7",
      "   2 completed (2026-03-10 02:00), after 10m",
      "   and 1 more",
      "   usually started about 02:00 UTC on each of the last 28 nights; took 10m (p95 11m, 26 runs)",
      "Deploys:",
      "deploy of 52ffe770cb64 \"Add orders\" in env 3: 1 completed (2026-03-10 01:00), after 3m"
    ])
    assert.deepStrictEqual(
      reportOf({ deploys: [deploy], jobs: [job(7, [run(2)])] }).sections.map(({ layout }) => layout),
      [
        "table",
        "table"
      ]
    )
    assert.include(linesOf({ jobs: [job(7, [])] }, { timeZone: "Asia/Tokyo" })[2], " 10:00 ")
  })

  it("has no drawing without a job", () => {
    assert.deepStrictEqual(linesOf({}), ["0 runs of 0 jobs, 2026-03-10 00:00 – 2026-03-10 08:00 UTC."])
    assert.deepStrictEqual(linesOf({ deploys: [deploy], found: { runs: 0, deploys: 1 } }).slice(1, 2), ["Deploys:"])
  })

  it("shows the latest runs of a job where there is no room for all", () => {
    const lines = linesOf({ jobs: [job(7, [run(2), run(3), run(4)], { more: 5 })] }, { bounds: { names: 2 } })
    assert.deepStrictEqual(lines.slice(4), [
      "   3 completed (2026-03-10 02:00), after 10m",
      "   4 completed (2026-03-10 02:00), after 10m",
      "   and 6 more"
    ])
  })

  it("does not say of a job that it has no run where all of its runs are left out", () => {
    assert.deepStrictEqual(linesOf({ jobs: [job(7, [], { more: 2 })] }).slice(4), ["   and 2 more"])
    assert.deepStrictEqual(linesOf({ jobs: [job(7, [])] }).slice(4), ["   no run in this window"])
  })

  it("keeps jobs with a run that did not complete, in their order", () => {
    const jobs = [
      job(7, [run(1)]),
      job(8, [run(2), run(3, { runStatus: "failed" })]),
      job(9, []),
      job(10, [run(4)]),
      job(11, [run(5, { runStatus: "running" })])
    ]
    const shown = linesOf({ jobs }, { bounds: { groups: 3 } }).flatMap((line) => /of job (\d+)/.exec(line)?.[1] ?? [])
    assert.deepStrictEqual(shown, ["7", "8", "11"])
    assert.include(linesOf({ jobs }, { bounds: { groups: 3 } }), "and 2 more jobs")
  })

  it("leads to the newest failed run", () => {
    const steps = (runs: ReadonlyArray<RunTimeline.TimelineRun>, options?: Report.Options) =>
      reportOf({ jobs: [job(7, runs), job(8, [run(5, { runStatus: "failed" }), run(9)])] }, options).nextSteps
    const failed = run(6, { runStatus: "failed" })
    const [step] = steps([run(4, { runStatus: "failed" }), failed])
    assert.deepStrictEqual(step, { action: "diagnose", arguments: { runID: 6 }, why: "why it failed" })
    assert.deepStrictEqual(steps([run(4)], { timeZone: "UTC" })[0]?.arguments, { runID: 5, timeZone: "UTC" })
    assert.deepStrictEqual(reportOf({ jobs: [job(7, [run(4)])] }).nextSteps, [])
  })
})
