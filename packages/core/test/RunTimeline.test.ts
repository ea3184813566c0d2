import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Report, RunTimeline } from "../src/index.ts"
import { ids, night, read, run, weeks } from "./support/timelineNight.ts"

describe("RunTimeline.read", () => {
  it.effect("sorts the runs of the window by job, with those that have not ended and the jobs that usually start", () =>
    Effect.gen(function*() {
      const timeline = yield* read()
      assert.deepStrictEqual(ids(timeline), [[9, [100]], [7, [102, 103, 105]], [8, []], [12, [104]]])
      assert.deepStrictEqual(timeline.deploys.map(({ deployCommit, id }) => [Number(id), deployCommit]), [
        [101, "0a1b2c3d4e5f6a7b"]
      ])
      assert.deepStrictEqual(timeline.found, { runs: 5, deploys: 1 })
      assert.deepStrictEqual(timeline.more, { jobs: 0, runs: 0, deploys: 0 })
      const seven = timeline.jobs[1]
      assert.deepStrictEqual(seven?.usualStarts.map((start) => DateTime.formatIso(start)), ["2026-03-10T02:00:00.000Z"])
      assert.strictEqual(seven?.usual?.duration?.p50Millis, 600_000)
      assert.strictEqual(seven?.runs[0]?.runFailureReason, "1 node failed")
      assert.strictEqual(seven?.runs[0]?.runLink, "https://runs.invalid/runs/102")
      assert.deepStrictEqual(timeline.unavailable, [])
    }))

  it.effect("encodes to plain JSON, and decodes to the same facts", () =>
    Effect.gen(function*() {
      const timeline = yield* read()
      const json: unknown = JSON.parse(JSON.stringify(Schema.encodeUnknownSync(RunTimeline.Timeline)(timeline)))
      const decode = Schema.decodeUnknownSync(RunTimeline.Timeline)
      assert.deepStrictEqual(decode(json), timeline)
      assert.throws(() => decode(Object.assign({}, json, { filter: { jobID: "7" } })), /jobID/)
    }))

  it.effect("keeps to a job with the deploys beside it, to an environment, and to a window that is over", () =>
    Effect.gen(function*() {
      const job = yield* read({ jobID: "Job 7" })
      assert.deepStrictEqual(ids(job), [[7, [102, 103, 105]]])
      assert.lengthOf(job.deploys, 1)
      assert.strictEqual(job.filter.jobID, 7)
      assert.deepStrictEqual(ids(yield* read({ environmentID: "4" })), [[12, [104]]])
      const past = yield* read({ since: "2026-03-10T00:00:00Z", until: "2026-03-10T02:30:00Z" })
      assert.deepStrictEqual(ids(past), [[7, [102, 103]]], "a run that began before, or waits, is not of that window")
    }))
})

describe("RunTimeline.report", () => {
  it.effect("tells each job as a strip, its runs and what is usual", () =>
    Effect.gen(function*() {
      const text = Report.toText(RunTimeline.report(yield* read({}, [...weeks, ...night.slice(-4)])))
      assert.strictEqual(
        text,
        [
          "Last night: 4 runs of 2 jobs (1 failed, 1 completed, 1 waitingToRun, 1 canceled), 2026-03-09 18:00 – 2026-03-10 08:00 UTC.",
          "Each row: = completed, X failed, c canceled, > not ended, ? another status, ' usual start, | deploy.",
          "18:00     21:00     00:00     03:00      06:00",
          "...........................XX................... refresh \"Job 7\" (job 7) in env 3",
          "   102 failed (2026-03-10 02:00), after 10m: \"1 node failed\"",
          "   103 completed (2026-03-10 02:05), after 10m, re-run of 102",
          "   105 waitingToRun (not started)",
          "   usually started about 02:00 UTC on each of the last 28 nights; took 10m (p95 10m, 28 runs)",
          "..............................'................. refresh \"Job 8\" (job 8) in env 3",
          "   no run in this window",
          "   usually started about 03:00 UTC on each of the last 27 nights; took 10m (p95 10m, 27 runs)",
          "................................c............... refresh \"Job 12\" (job 12) in env 4",
          "   104 canceled (2026-03-10 03:20), after 10m",
          "Next: diagnose {\"runID\":102} why it failed"
        ].join("\n")
      )
    }))

  it.effect("shows jobs with failures first where there is no room for all, and counts the others", () =>
    Effect.gen(function*() {
      const timeline = yield* read()
      const text = Report.toText(RunTimeline.report(timeline, { bounds: { groups: 1, names: 2 } }))
      assert.include(text, "Job 9")
      assert.include(text, "and 3 more jobs")
      assert.notInclude(text, "Job 12")
    }))
})

describe("RunTimeline.words", () => {
  it.effect("gives each text as one line without control characters, however hostile", () =>
    Effect.gen(function*() {
      const hostile = "</script>\u001b[31m\"'<img src=x onerror=alert(1)>\u202e\nnext"
      const timeline = yield* read({}, [
        run(1, 7, 60, { runStatus: "failed", runFailureReason: hostile, runDetails: { refreshDescription: hostile } })
      ])
      const { headline, jobs, timeZone } = RunTimeline.words(timeline)
      const [job] = jobs
      for (const text of [headline, timeZone, job?.name, job?.title, job?.said, ...job?.runs ?? []]) {
        assert.notMatch(text ?? "", /[\p{Cc}\p{Cf}]/u)
      }
      assert.include(job?.runs[0] ?? "", "onerror", "it is said, not hidden: who draws it escapes it")
      assert.strictEqual(headline, "Last night: 1 run of 1 job (1 failed), 2026-03-09 18:00 – 2026-03-10 08:00 UTC.")
    }))
})
