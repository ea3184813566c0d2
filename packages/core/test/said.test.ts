// What diagnoses, lists and summaries say is so: one test for each item of "What is said".
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Report, RunDiagnosis, RunList, RunResult, type RunsClient, RunsInMemory, RunStatistics } from "../src/index.ts"
import { localMinute, zoneOf } from "../src/report/time.ts"
import type { WireRun } from "./support/server.ts"

/** A refresh of job 1 that starts at this hour of 2026-03-10, UTC, and takes ten minutes. */
const run = (id: number, hour: number, runStatus: string, fields: Partial<WireRun> & { nodes?: number } = {}) => {
  const { nodes = 2, runDetails, ...rest } = fields
  const start = Date.UTC(2026, 2, 10, hour)
  return {
    id,
    runType: "refresh",
    runStatus,
    environmentID: "3",
    runStartTime: new Date(start).toISOString(),
    ...(runStatus === "running" ? {} : { runEndTime: new Date(start + 600_000).toISOString() }),
    ...(runStatus === "failed" ? { runFailureReason: "1 node failed" } : {}),
    ...rest,
    runDetails: { jobID: 1, refreshDescription: "Daily", nodesInRun: nodes, ...runDetails }
  }
}

type Results = Readonly<Record<number, RunsInMemory.TestResults>>

const query = (name: string, error?: string) => ({
  name,
  success: error === undefined,
  ...(error === undefined ? {} : { error: { errorString: error } })
})

const node = (name: string, runState: string, ...queryResults: ReadonlyArray<ReturnType<typeof query>>) => ({
  nodeID: name,
  name,
  runState,
  queryResults
})

const failedNode = node("ORDERS", "error", query("Insert ORDERS", "Division by zero"))
const done = (name: string) => node(name, "complete", query(`Insert ${name}`))

const now = "2026-03-10T12:00:00Z"

const on =
  (runs: ReadonlyArray<RunsInMemory.TestRun>, results: Results = {}) =>
  <A, E>(effect: Effect.Effect<A, E, RunsClient.RunsClient>) =>
    TestClock.setTime(Date.parse(now)).pipe(
      Effect.andThen(effect),
      Effect.provide(RunsInMemory.layer({ runs, results }))
    )

const diagnose = (options: RunDiagnosis.Options) =>
  Effect.map(RunDiagnosis.diagnose({ timeZone: "UTC", ...options }), (diagnosis) => {
    const text = Report.toText(RunDiagnosis.report(diagnosis))
    return { diagnosis, text, first: text.split("\n")[0] ?? "" }
  })

const window = { since: "2026-03-10T00:00Z", until: "2026-03-10T09:00Z" }

describe("what is said", () => {
  it.effect("21: a list and a diagnosis say the same of the same run", () =>
    Effect.gen(function*() {
      const { runStartTime: _, ...withoutStart } = run(4, 1, "failed")
      // Its end lies before its start.
      const backwards = run(5, 3, "failed", { runEndTime: "2026-03-10T02:59:00Z" })
      const all = on([backwards, withoutStart])
      const list = Effect.map(RunList.list({ timeZone: "UTC" }), (found) => Report.toText(RunList.report(found)))
      const listed = yield* all(list)
      const [without, back] = [yield* all(diagnose({ runID: 4 })), yield* all(diagnose({ runID: 5 }))]
      assert.include(listed, "start not known")
      assert.include(without.first, "start not known")
      assert.notInclude(listed, " 0s")
      assert.notInclude(back.first, " 0s")
      assert.notProperty(back.diagnosis.run, "durationMillis")
    }))

  it.effect("8: a run that began before the window and failed in it is among its failures", () =>
    Effect.gen(function*() {
      const late = { runEndTime: "2026-03-10T00:30:00Z", runStartTime: "2026-03-09T23:00:00Z" }
      const { diagnosis } = yield* diagnose(window).pipe(on([run(5, 0, "failed", late)]))
      assert.deepStrictEqual([diagnosis.outcome, diagnosis.run?.id], ["failed", 5])
      // Only its detailed row says that it is of the job.
      const ofJob = yield* diagnose({ ...window, jobID: 1 }).pipe(on([run(5, 0, "failed", late)]))
      assert.strictEqual(ofJob.diagnosis.run?.id, 5)
      const before = yield* diagnose(window).pipe(
        on([run(5, 0, "failed", { ...late, runEndTime: "2026-03-09T23:30:00Z" })])
      )
      assert.strictEqual(before.diagnosis.outcome, "nothingRan")
    }))

  it.effect("9: a run is recovered only where a run that held the failed nodes completed", () =>
    Effect.gen(function*() {
      const state = (later: ReturnType<typeof run>, nodes: Results[number] | undefined) =>
        Effect.map(
          diagnose({ runID: 5 }).pipe(
            on([run(5, 1, "failed"), later], { 5: [failedNode, done("A")], ...(nodes && { [later.id]: nodes }) })
          ),
          ({ diagnosis: { recovery }, text }) => {
            assert.strictEqual(text.includes(" Recovered: "), recovery?.state === "recovered")
            return [recovery?.state, recovery?.heldFailedNodes]
          }
        )
      const smaller = run(6, 2, "completed", { nodes: 1 })
      const reRun = { ...run(6, 2, "completed", { nodes: 1 }), reRunID: "5" }
      assert.deepStrictEqual(yield* state(smaller, [done("A")]), ["unconfirmed", false])
      assert.deepStrictEqual(yield* state(reRun, [done("A")]), ["unconfirmed", false])
      assert.deepStrictEqual(yield* state(reRun, [done("ORDERS")]), ["recovered", undefined])
      assert.deepStrictEqual(yield* state(smaller, [done("ORDERS")]), ["recovered", undefined])
      assert.deepStrictEqual(yield* state(run(6, 2, "completed"), undefined), ["recovered", undefined])
    }))

  it.effect("11: a run that is running or canceled and has a failed node says so first, with its message", () =>
    Effect.gen(function*() {
      for (const status of ["running", "canceled"]) {
        const all = on([run(5, 1, status)], { 5: [failedNode, done("A")] })
        for (const options of [{ runID: 5 }, window]) {
          const { first } = yield* diagnose(options).pipe(all)
          assert.include(first, `1 of 2 nodes failed in run 5, whose status is ${status}: ORDERS: "Division by zero"`)
        }
      }
    }))

  it.effect("12: a run with an end has ended, whatever its status is called", () =>
    Effect.gen(function*() {
      const ended = run(5, 1, "partiallyCompleted")
      const { diagnosis, first } = yield* diagnose({ runID: 5 }).pipe(on([ended]))
      assert.strictEqual(diagnosis.outcome, "otherStatus")
      assert.include(first, "has ended with a status that does not say how")
      const quiet = yield* diagnose(window).pipe(on([ended]))
      assert.deepStrictEqual(quiet.diagnosis.noFailure?.stillRunning.listed, [])
      const failed = yield* diagnose({ runID: 4 }).pipe(on([run(4, 0, "failed"), ended]))
      assert.strictEqual(failed.diagnosis.recovery?.state, "canceled")
      assert.include(failed.text, "run 5 (2026-03-10 01:00) ended with the status partiallyCompleted")
    }))

  it.effect("13: a test that stopped its node failed the run", () =>
    Effect.gen(function*() {
      const stopped = {
        ...node("ORDERS", "error", query("Insert"), query("not null", "2 rows")),
        hasTestFailures: true
      }
      const byTest = yield* diagnose({ runID: 5 }).pipe(on([run(5, 1, "failed")], { 5: [stopped] }))
      assert.include(byTest.text, ": ORDERS: \"2 rows\"")
      assert.notInclude(byTest.text, "do not fail a run")
      const silent = { ...stopped, queryResults: [query("Insert"), { name: "not null", success: false }] }
      const withoutText = yield* diagnose({ runID: 5 }).pipe(
        on([run(5, 1, "failed", { runFailureReason: "" })], { 5: [silent] })
      )
      assert.include(withoutText.text, ": ORDERS: stage \"not null\" failed without a message")
      const alone = yield* diagnose({ runID: 5 }).pipe(
        on([run(5, 1, "failed")], { 5: [{ ...stopped, runState: "complete" }] })
      )
      assert.include(alone.text, "Failed data tests:")
      assert.notInclude(alone.text, "do not fail a run")
    }))

  it.effect("14: a last success ended before the failure began", () =>
    Effect.gen(function*() {
      const overlapping = run(4, 1, "completed", { runEndTime: "2026-03-10T03:00:00Z" })
      const { diagnosis } = yield* diagnose({ runID: 5 }).pipe(
        on([run(3, 0, "completed"), overlapping, run(5, 2, "failed")])
      )
      assert.strictEqual(diagnosis.history?.lastSuccess?.id, 3)
    }))

  it("19: an unknown node state with an error is a failure, and of several failed stages the first is explained", () => {
    const failing = RunResult.outcome({
      nodeID: "A",
      runState: "exploded",
      queryResults: [{ success: false, error: { errorString: "Division by zero" } }]
    })
    assert.strictEqual(failing, "failed")
    assert.strictEqual(
      RunResult.outcome({ nodeID: "A", runState: "exploded", queryResults: [{ success: true }] }),
      "unknown"
    )
  })

  it.effect("19: the message of the first failed stage, and of a node in an unknown state, is shown", () =>
    Effect.gen(function*() {
      const stages = [query("Truncate"), query("Insert", "Division by zero"), query("Post-SQL", "Transaction aborted")]
      for (const state of ["error", "exploded"]) {
        const { text } = yield* diagnose({ runID: 5 }).pipe(
          on([run(5, 1, "failed")], { 5: [node("ORDERS", state, ...stages)] })
        )
        assert.include(text, ": ORDERS: \"Division by zero\"")
      }
    }))

  it("20: where a clock shows an hour twice, the offset is written", () => {
    const shown = (time: string, zone: string) => localMinute(DateTime.makeUnsafe(time), zoneOf(zone))
    assert.strictEqual(shown("2026-10-25T00:30:00Z", "Europe/London"), "2026-10-25 01:30+01:00")
    assert.strictEqual(shown("2026-10-25T01:30:00Z", "Europe/London"), "2026-10-25 01:30+00:00")
    assert.strictEqual(shown("2026-10-25T02:00:00Z", "Europe/London"), "2026-10-25 02:00")
    assert.strictEqual(shown("2026-10-24T23:59:00Z", "Europe/London"), "2026-10-25 00:59")
    assert.strictEqual(shown("2026-04-04T15:00:00Z", "Australia/Lord_Howe"), "2026-04-05 01:30+10:30")
    assert.strictEqual(shown("2026-03-29T01:30:00Z", "Europe/London"), "2026-03-29 02:30")
  })

  const summarize = (options: RunStatistics.SummarizeOptions) =>
    Effect.map(
      RunStatistics.summarize({ timeZone: "UTC", ...options }),
      (summary) => ({ summary, text: Report.toText(RunStatistics.report(summary)) })
    )

  it.effect("10: a cap is told as at least 250, and a streak of all runs as 20 or more", () =>
    Effect.gen(function*() {
      const streak = Array.from({ length: 20 }, (_, index) => run(1 + index, index / 4, "failed"))
      const { text } = yield* summarize({ ...window, jobID: 1 }).pipe(on(streak))
      assert.include(text, "Current streak: the latest 20 or more runs failed.")
      const found = yield* diagnose({ runID: 20, historyLimit: 10 }).pipe(on(streak))
      assert.include(found.text, "a streak of 10 or more failures")
      const many = Array.from({ length: 260 }, (_, index) => run(1 + index, index / 32, "failed"))
      const night = yield* diagnose(window).pipe(on(many))
      assert.include(night.first, "The latest of at least 250 failed refreshes")
      assert.match(night.text, /and at least \d+ more/)
      const { text: whole } = yield* diagnose({ runID: 20 }).pipe(on(streak))
      assert.include(whole, "a streak of 20 failures")
    }))

  it.effect("16: the nearest run is of the job asked for", () =>
    Effect.gen(function*() {
      const runs = [run(1, 1, "completed"), run(2, 2, "completed", { runDetails: { jobID: 2 } })]
      const list = RunList.list({ timeZone: "UTC", jobID: 1, since: "2026-03-10T05:00Z", until: "2026-03-10T06:00Z" })
      const { nearest, text } = yield* Effect.map(list, (found) => ({
        nearest: found.nearest,
        text: Report.toText(RunList.report(found))
      })).pipe(on(runs))
      assert.strictEqual(nearest?.before?.id, 1)
      assert.include(text, "The nearest refresh that matches jobID before the window is run 1")
    }))

  it.effect("17: a window is not compared with one that reaches beyond the history", () =>
    Effect.gen(function*() {
      const compared = { since: "2026-03-10T06:00Z", until: "2026-03-10T09:00Z", compare: true }
      const young = yield* summarize(compared).pipe(on([run(1, 4, "completed"), run(2, 7, "completed")]))
      assert.strictEqual(young.summary.changeUnavailable, "beyond_history")
      assert.notProperty(young.summary, "change")
      assert.include(young.text, "There is no comparison with the window before, because it reaches beyond the history")
      const old = yield* summarize(compared).pipe(on([run(1, 1, "completed"), run(2, 7, "completed")]))
      assert.property(old.summary, "change")
    }))

  it.effect("18: durations of a summary are those of completed runs", () =>
    Effect.gen(function*() {
      const long = run(2, 3, "failed", { runEndTime: "2026-03-10T05:00:00Z" })
      const { summary, text } = yield* summarize(window).pipe(on([run(1, 1, "completed"), long]))
      assert.deepStrictEqual([summary.statistics.durations?.runs, summary.statistics.durations?.longest.runID], [1, 1])
      assert.include(text, "Durations of 1 completed run (exact): p50 10m")
    }))
})
