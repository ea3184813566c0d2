import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { check, completed, divided, failed, failuresIn, quota, run } from "../support/health.ts"

describe("failures by cause", () => {
  it.effect("one cause of many jobs and environments is one finding, though the runs' reasons name none", () =>
    Effect.gen(function*() {
      const runs = [1, 2, 3, 4].map((job) =>
        run(10 + job, { job, env: job > 2 ? "4" : "3", status: "failed", start: job })
      )
      const { health, text } = yield* check({
        runs: [run(1, { job: 9, start: 1 }), ...runs],
        results: Object.fromEntries(runs.map(({ id }) => [id, [failed(quota)]]))
      })
      expect(health.findings).toHaveLength(1)
      expect(health.findings[0]).toMatchObject({
        kind: "failures",
        causeFrom: "nodes",
        cause: { class: "warehouseOrQuota", code: "090073" },
        runIDs: [14, 13, 12, 11],
        jobs: 4,
        environments: ["4", "3"],
        recovered: 0,
        notYet: 4
      })
      expect(text).toContain(
        "4 refreshes of 4 jobs in envs 4, 3 failed between 2026-11-03 01:30 and 04:30, all of one cause: ORDERS: \"Warehouse"
      )
      expect(text).toContain(" None has run again.")
      expect(text).toMatch(/^1 thing needs attention: 4 failed refreshes of one cause\.\n/)
    }))

  it.effect("a mixed night has the cause that hit most jobs first, and an example of each", () =>
    Effect.gen(function*() {
      const { health, text } = yield* check({
        runs: [1, 2, 3].map((job) => run(10 + job, { job, status: "failed", start: job })),
        results: { 11: [failed(quota)], 12: [failed(quota)], 13: [failed(divided, "FCT_MARGIN")] }
      })
      expect(failuresIn(health).map(({ cause, jobs }) => [cause?.class, jobs])).toEqual([
        ["warehouseOrQuota", 2],
        ["divisionByZero", 1]
      ])
      expect(text).toContain("FCT_MARGIN: \"Division by zero\" (divisionByZero 100051)")
    }))

  it.effect("different objects are different causes, and from four on one kind of error", () =>
    Effect.gen(function*() {
      const missing = (table: string) =>
        failed(`002003 (42S02): SQL compilation error: Object 'RAW.${table}' does not exist or not authorized.`)
      const night = (tables: ReadonlyArray<string>) => ({
        runs: tables.map((_, index) => run(10 + index, { job: index, status: "failed", start: 1 })),
        results: Object.fromEntries(tables.map((table, index) => [10 + index, [missing(table)]]))
      })
      const few = yield* check(night(["A", "B", "C"]))
      expect(failuresIn(few.health).map(({ runIDs }) => runIDs.length)).toEqual([1, 1, 1])
      const many = yield* check(night(["A", "B", "C", "D"]))
      expect(failuresIn(many.health)).toMatchObject([{ jobs: 4, objects: { more: 0 } }])
      expect(many.text).toContain("all with one kind of error")
    }))

  it.effect("failures that name no cause have nothing in common", () =>
    Effect.gen(function*() {
      const { health } = yield* check({
        runs: [1, 2].map((job) => run(10 + job, { job, status: "failed", start: 1 })),
        results: { 11: [failed("undefined")], 12: [failed("undefined")] }
      })
      expect(failuresIn(health).map(({ causeFrom, runIDs }) => [causeFrom, runIDs])).toEqual([
        ["none", [12]],
        ["none", [11]]
      ])
    }))

  it.effect("a run that began before the window and failed in it is one of its failures", () =>
    Effect.gen(function*() {
      const { health } = yield* check({
        runs: [
          run(1, { job: 1, status: "failed", start: -8, took: 6 }),
          run(2, { job: 2, status: "failed", start: -9, took: 1 })
        ],
        results: { 1: [failed(divided)] }
      })
      expect(failuresIn(health).map(({ runIDs }) => runIDs)).toEqual([[1]])
    }))

  it.effect("reads the latest failure of each job first, at most 18, and says how many it did not read", () =>
    Effect.gen(function*() {
      const loop = Array.from(
        { length: 30 },
        (_, index) => run(100 + index, { job: 1, status: "failed", start: index / 60 })
      )
      const others = Array.from(
        { length: 5 },
        (_, index) => run(50 + index, { job: 2 + index, status: "failed", start: -1 })
      )
      const { health, text } = yield* check({
        runs: [...others, ...loop],
        results: Object.fromEntries([...others, ...loop].map(({ id }) => [id, [failed(id < 100 ? quota : divided)]]))
      })
      expect(health.read.failed).toEqual({ read: 18, notRead: 17 })
      expect(failuresIn(health).find(({ cause }) => cause?.class === "warehouseOrQuota")?.jobs).toBe(5)
      expect(text).toContain(
        "The node results of 18 of 35 failed runs were read; the others are failures of the same jobs."
      )
      expect(failuresIn(health).find(({ causeFrom }) => causeFrom === "notRead")).toMatchObject({ jobs: 0 })
      expect(text).not.toContain("0 jobs")
    }))
})

describe("whether a failure is over", () => {
  const failure = run(10, { job: 1, status: "failed", start: 1 })
  const night = (...later: ReadonlyArray<ReturnType<typeof run>>) =>
    check({
      runs: [run(1, { job: 1, start: -23 }), failure, ...later],
      results: { 10: [failed(divided)], 11: [completed()], 12: [completed("OTHER")] }
    })

  it.effect("a later run that ran the failed nodes recovers it, and nothing needs attention", () =>
    Effect.gen(function*() {
      const { health, report, text } = yield* night(run(11, { job: 1, start: 3 }))
      expect(failuresIn(health)[0]?.affected.listed[0]?.recovery).toMatchObject({
        state: "recovered",
        by: "laterRun",
        run: { id: 11 }
      })
      expect(text).toMatch(/^Nothing needs attention\. 1 failed refresh of one cause has recovered\. 2 runs/)
      expect(text).toContain(
        "Failed and recovered:\n- 10, refresh \"Job 1\" (job 1) in env 3 (2026-11-03 01:00): new, recovered: later run 11"
      )
      expect(report.nextSteps).toEqual([])
    }))

  it.effect("a re-run without the failed nodes does not", () =>
    Effect.gen(function*() {
      const { health, text } = yield* night(run(12, { job: 1, of: 10, start: 3 }))
      expect(failuresIn(health)[0]?.affected.listed[0]?.recovery).toMatchObject({
        state: "unconfirmed",
        by: "reRun",
        run: { id: 12 }
      })
      expect(text).toContain("not known to be over: re-run 12")
    }))

  it.effect("a run that failed again after a success, or that is going, is said", () =>
    Effect.gen(function*() {
      const going = yield* night(run(11, { job: 1, start: 3, status: "running" }))
      expect(going.text).toContain("not over yet: later run 11 (2026-11-03 03:00) is running")
      const again = yield* night(run(13, { job: 1, of: 10, start: 3, status: "failed" }))
      expect(again.text).toContain(
        "13, refresh \"Job 1\" (job 1) in env 3 (2026-11-03 03:00): the 2nd failure in succession since 2026-11-03 01:00, has not run again"
      )
    }))

  it.effect("a loop is told by its number, its beginning and its pace, and comes first", () =>
    Effect.gen(function*() {
      const loop = Array.from({ length: 12 }, (_, index) =>
        run(100 + index, { job: 7, status: "failed", start: 2 + index / 60, took: 0.005 }))
      const others = [1, 2].map((job) =>
        run(10 + job, { job, status: "failed", start: 5 })
      )
      const { health, text } = yield* check({
        runs: [...others, ...loop],
        results: Object.fromEntries([...others, ...loop].map(({ id }) => [id, [failed(id < 100 ? quota : divided)]]))
      })
      expect(failuresIn(health)[0]?.affected.listed[0]?.loop).toMatchObject({ failures: 12, everySeconds: 60 })
      expect(text).toContain("failed 12 times since 2026-11-03 02:00, every 1m")
    }))
})
