import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FastCheck from "fast-check"
import { Report, type RunResult, RunsClient, RunsInMemory, RunStatistics, RunWindow } from "../../src/index.ts"

const midnight = Date.parse("2026-11-03T00:00:00Z")
const minute = 60_000
const halted = "GraphExecutor halted and finished; encountered failures for node(s): [a]"

interface Sample {
  readonly id: number
  readonly runStatus: string
  readonly job: number
  readonly at?: number
  readonly user?: string
  readonly reason?: string
}

const run = ({ at, id, job, reason, runStatus, user }: Sample): RunsInMemory.TestRun => {
  const start = midnight + (at ?? id) * minute
  return {
    id,
    runType: "refresh",
    runStatus,
    environmentID: "3",
    runStartTime: new Date(start).toISOString(),
    runEndTime: new Date(start + 10 * minute).toISOString(),
    runDetails: { environmentID: "3", jobID: job, jobName: `Job ${job}` },
    ...(user === undefined ? {} : { userID: user }),
    ...(reason === undefined ? {} : { runFailureReason: reason })
  }
}

const node = (name: string, seconds: number, error?: string): RunResult.RunResult => ({
  nodeID: name.toLowerCase(),
  name,
  runState: error === undefined ? "complete" : "error",
  queryResults: [{
    name: `Insert ${name}`,
    success: error === undefined,
    startTime: DateTime.makeUnsafe(midnight),
    endTime: DateTime.makeUnsafe(midnight + seconds * 1000),
    ...(error === undefined ? {} : { error: { errorString: error } })
  }]
})

const until = midnight + 24 * 60 * minute

const summarize = (
  samples: ReadonlyArray<Sample>,
  options: RunStatistics.SummarizeOptions = {},
  results: Readonly<Record<number, ReadonlyArray<RunResult.RunResult>>> = {}
) =>
  Effect.gen(function*() {
    const window = yield* RunWindow.make({
      since: DateTime.makeUnsafe(midnight),
      until: DateTime.makeUnsafe(until),
      timeZone: "UTC"
    })
    return yield* RunStatistics.summarize({ window, ...options })
  }).pipe(Effect.provide(RunsInMemory.layer({ runs: samples.map(run), results })))

const failed = (id: number, job: number, reason = halted): Sample => ({ id, job, runStatus: "failed", reason })
const completed = (id: number, job: number, more: Partial<Sample> = {}): Sample => ({
  id,
  job,
  runStatus: "completed",
  ...more
})

const divided = "100051 (22012): Division by zero"
const missing = "002003 (42S02): SQL compilation error:\nObject 'RAW.A' does not exist or not authorized."

describe("the causes of a summary", () => {
  it.effect("come from node results where the runs' own reasons name none, each with its jobs", () =>
    Effect.gen(function*() {
      const summary = yield* summarize(
        [failed(1, 7), failed(2, 8), failed(3, 9, divided), failed(4, 7), completed(5, 7)],
        {},
        {
          1: [node("A", 1, missing)],
          2: [node("B", 1, divided)],
          4: [node("A", 1, missing), node("C", 1)]
        }
      )
      assert.deepStrictEqual(
        summary.statistics.causes.map(({ class: name, failures, firstRun, jobs, lastRun }) => [
          name,
          failures,
          firstRun.id,
          lastRun.id,
          jobs?.listed.map(({ jobID }) => jobID)
        ]),
        [
          ["missingObjectOrGrant", 2, 1, 4, [7]],
          ["divisionByZero", 2, 2, 3, [9, 8]]
        ]
      )
      assert.deepStrictEqual(summary.causesRead, { runs: 3, notRead: 0 })
      const text = Report.toText(RunStatistics.report(summary))
      assert.include(text, "The causes of 3 failed runs come from their node results, since their reasons name none.")
      assert.include(text, "4 failed runs took 40m together.")
      assert.match(text, /2 missingObjectOrGrant .*, in "Job 7" \(job 7\)$/m)
    }))

  it.effect("are read of the latest run of each job first, of at most 20, and the report says of how many not", () =>
    Effect.gen(function*() {
      const samples = Array.from({ length: 60 }, (_, index) => failed(index + 1, index < 30 ? 7 : 8 + index % 15))
      const results = Object.fromEntries(samples.map(({ id }) => [id, [node("A", 1, divided)]]))
      const summary = yield* summarize(samples, {}, results)
      assert.deepStrictEqual(summary.causesRead, { runs: 20, notRead: 40 })
      const causes = summary.statistics.causes.map(({ failures, key }) => [key, failures])
      assert.deepStrictEqual(causes, [["", 40], ["division by zero", 20]])
      // Job 7 failed before all others: the latest of its failures is among those that were read.
      assert.include(JSON.stringify(summary.statistics.causes[1]?.jobs), "\"jobID\"")
      assert.include(Report.toText(RunStatistics.report(summary)), "the results of 40 more were not read")
    }))

  it.effect("stay unknown where the node results are unavailable", () =>
    Effect.gen(function*() {
      // The run is gone by the time its results are asked for.
      const layer = RunsInMemory.layer({ runs: [run(failed(1, 7))] })
      const client = yield* Effect.provide(RunsClient.RunsClient, layer)
      const gone = RunsClient.RunsClient.of({ ...client, results: () => client.results(2) })
      const window = yield* RunWindow.make({ since: DateTime.makeUnsafe(midnight), until: DateTime.makeUnsafe(until) })
      const summary = yield* Effect.provideService(RunStatistics.summarize({ window }), RunsClient.RunsClient, gone)
      assert.deepStrictEqual(summary.causesRead, { runs: 0, notRead: 1 })
      assert.deepStrictEqual(summary.statistics.causes.map(({ key }) => key), [""])
    }))
})

describe("a summary by node", () => {
  it.effect("counts the nodes of the latest ended runs: failures first, then the time they took", () =>
    Effect.gen(function*() {
      const summary = yield* summarize([completed(1, 7), failed(2, 7, divided)], { groupBy: "node" }, {
        1: [node("A", 10), node("B", 100)],
        2: [node("A", 20, divided), { nodeID: "b", name: "B", runState: "skipped" }]
      })
      assert.deepStrictEqual(summary.nodes, {
        runs: 2,
        notRead: 0,
        listed: [
          { name: "A", runs: 2, failed: 1, totalMillis: 30_000, p50Millis: 15_000 },
          { name: "B", runs: 1, failed: 0, totalMillis: 100_000, p50Millis: 100_000 }
        ],
        more: 0
      })
      const text = Report.toText(RunStatistics.report(summary))
      assert.include(text, "By node, in the latest 2 ended runs, most failures first, then the longest")
      assert.include(text, "A: 2 runs, 1 failed, p50 15s, 30s in all")
    }))
})

describe("a summary with tests", () => {
  it.effect("names the failed data tests of the latest completed run of each job", () =>
    Effect.gen(function*() {
      const tested = { ...node("A", 1, "2 rows are not unique"), runState: "complete", hasTestFailures: true }
      const summary = yield* summarize([completed(1, 7), completed(2, 7), completed(3, 8)], { tests: true }, {
        1: [tested],
        2: [tested],
        3: [node("B", 1)]
      })
      assert.deepStrictEqual(
        summary.tests?.listed.map(({ failedTests, run }) => [run.id, failedTests.map(({ node }) => node)]),
        [[2, ["A"]]]
      )
      assert.deepStrictEqual([summary.tests?.runs, summary.tests?.notRead], [2, 0])
      const text = Report.toText(RunStatistics.report(summary))
      assert.include(text, "Failed data tests in the latest completed run of 2 jobs")
      assert.include(text, "Insert A")
    }))

  it.effect("says that none failed, of how many jobs", () =>
    Effect.gen(function*() {
      const summary = yield* summarize([completed(1, 7)], { tests: true }, { 1: [node("A", 1)] })
      assert.include(
        Report.toText(RunStatistics.report(summary)),
        "Data tests: none failed in the latest completed run of 1 job"
      )
    }))
})

describe("the groups of a summary", () => {
  const byKey = (summary: RunStatistics.Summary) => summary.statistics.groups?.map(({ key, runs }) => [key, runs])

  it.effect("are hours in their order, weeks from the latest, and users", () =>
    Effect.gen(function*() {
      const samples = [
        completed(1, 7, { at: 125, user: "u1" }),
        completed(2, 7, { at: 65, user: "u2" }),
        completed(3, 8, { at: 70, user: "u2" })
      ]
      const hours = yield* summarize(samples, { groupBy: "hour" })
      assert.deepStrictEqual(byKey(hours), [["01:00", 2], ["02:00", 1]])
      const users = yield* summarize(samples, { groupBy: "user" })
      assert.deepStrictEqual(byKey(users), [["user u2", 2], ["user u1", 1]])
      assert.include(
        Report.toText(RunStatistics.report(users, { names: { users: { u2: "Ada" } } })),
        "user Ada (u2): 2 completed"
      )
      const window = yield* RunWindow.make({ since: "2026-10-20T00:00Z", until: "2026-11-09T00:00Z", timeZone: "UTC" })
      const days = [-10, -1, 0, 5].map((day, index) => completed(index + 1, 7, { at: day * 24 * 60 }))
      // 2026-11-02 is a Monday.
      const weeks = yield* summarize(days, { window, groupBy: "week" })
      assert.deepStrictEqual(byKey(weeks), [["2026-11-02", 3], ["2026-10-19", 1]])
    }))

  it.effect("begin with the job that fails now, before one that failed more often and completed since", () =>
    Effect.gen(function*() {
      const flaky = [1, 2, 3, 4].map((id) => failed(id, 7, divided))
      const summary = yield* summarize([...flaky, completed(5, 7), completed(6, 8), failed(7, 8, divided)], {
        groupBy: "job"
      })
      assert.deepStrictEqual(summary.statistics.groups?.map(({ jobID }) => jobID), [8, 7])
      assert.include(
        Report.toText(RunStatistics.report(summary)),
        "By job, those that fail now first, then most failures first"
      )
    }))
})

describe("a window of many rows", () => {
  it.effect("is counted in slices at the same time, each run once, however unevenly they started", () =>
    Effect.gen(function*() {
      const uneven = FastCheck.uniqueArray(
        FastCheck.tuple(FastCheck.integer({ min: 0, max: 1439 }), FastCheck.nat(400)),
        {
          selector: ([at]) => at,
          minLength: 8,
          maxLength: 16
        }
      )
      for (const bursts of FastCheck.sample(uneven, { numRuns: 12, seed: 7 })) {
        const starts = bursts.flatMap(([at, count]) => Array.from({ length: count + 200 }, () => at))
        const samples = starts.map((at, index) => completed(index + 1, 7, { at }))
        const summary = yield* summarize(samples)
        assert.deepStrictEqual(
          [summary.error?.message, summary.truncated, summary.rows, summary.statistics.runs],
          [undefined, false, samples.length, samples.length]
        )
        assert.isTrue(summary.statistics.streaks.inOrder)
      }
    }))
})
