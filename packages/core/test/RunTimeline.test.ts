import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { Report, RunBaseline, RunsClient, RunsError, RunsInMemory, RunTimeline } from "../src/index.ts"

const now = "2026-03-10T08:00:00Z"

type TestRun = RunsInMemory.TestRun

const time = (minutes: number, day = "2026-03-10"): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + minutes * 60_000).toISOString()

/** A refresh of a job in environment 3, from a minute of 10 March 2026 in UTC. It completed after ten minutes. */
const run = (id: number, jobID: number, minute: number, fields: Partial<TestRun> = {}): TestRun => ({
  id,
  runType: "refresh",
  runStatus: "completed",
  environmentID: "3",
  runStartTime: time(minute),
  ...(fields.runStatus === "running" ? {} : { runEndTime: time(minute + 10) }),
  ...fields,
  runDetails: { jobID, refreshDescription: `Job ${jobID}`, ...fields.runDetails }
})

/** Four weeks in which job 7 started at 02:00 and job 8 at 03:00. */
const weeks: ReadonlyArray<TestRun> = Array.from({ length: 28 }, (_, index) => {
  const day = time(-(28 - index) * 1440)
  return [7, 8].map((jobID, each) => ({
    ...run(2 * index + each + 1, jobID, 0),
    runStartTime: new Date(Date.parse(day) + (2 + each) * 3_600_000).toISOString(),
    runEndTime: new Date(Date.parse(day) + (2 + each) * 3_600_000 + 600_000).toISOString()
  }))
}).flat()

const night: ReadonlyArray<TestRun> = [
  ...weeks,
  run(100, 9, -1000, { runStatus: "running" }),
  {
    id: 101,
    runType: "deploy",
    runStatus: "completed",
    environmentID: "3",
    runStartTime: time(60),
    runEndTime: time(63),
    runDetails: { deployCommit: "0a1b2c3d4e5f6a7b", deployCommitMessage: "Add orders" }
  },
  run(102, 7, 120, { runStatus: "failed", runFailureReason: "1 node failed" }),
  run(103, 7, 125, { reRunID: 102 }),
  run(104, 12, 200, { runStatus: "canceled", environmentID: "4", runDetails: {} }),
  {
    id: 105,
    runType: "refresh",
    runStatus: "waitingToRun",
    environmentID: "3",
    runDetails: { jobID: 7, refreshDescription: "Job 7" }
  }
]

const read = (options: RunTimeline.Options = {}, runs = night) =>
  TestClock.setTime(Date.parse(now)).pipe(
    Effect.andThen(RunTimeline.read({ timeZone: "UTC", ...options })),
    Effect.provide(RunsInMemory.layer({ runs })),
    Effect.provideService(RunBaseline.Cache, RunBaseline.makeCache())
  )

const ids = (timeline: RunTimeline.Timeline) =>
  timeline.jobs.map(({ jobID, runs }) => [jobID, runs.map(({ id }) => Number(id))] as const)

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

  it.effect("names what is unavailable, and fails only without the runs of the window", () =>
    Effect.gen(function*() {
      const forbidden = Effect.fail(
        new RunsError.Forbidden({ request: { method: "GET", url: "https://runs.invalid" } })
      )
      const refused = (runStatus: string) =>
        Layer.effect(RunsClient.RunsClient)(Effect.map(RunsClient.RunsClient, (client): RunsClient.Shape => ({
          ...client,
          schedulerStatus: () => forbidden,
          listPage: (query) => query?.runStatus === runStatus ? forbidden : client.listPage(query)
        }))).pipe(Layer.provide(RunsInMemory.layer({ runs: night })))
      const timeline = yield* TestClock.setTime(Date.parse(now)).pipe(
        Effect.andThen(RunTimeline.read({ timeZone: "UTC" })),
        Effect.provide(refused("running"))
      )
      assert.deepStrictEqual([...new Set(timeline.unavailable.map(({ part }) => part))], ["openRuns", "runLink"])
      assert.include(Report.toText(RunTimeline.report(timeline)), "runs that have not ended: 403 Forbidden")
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
