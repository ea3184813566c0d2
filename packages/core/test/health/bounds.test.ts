import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { spread } from "../../src/health/plan.ts"
import { Run, RunBaseline, type RunHealth } from "../../src/index.ts"
import { check, completed, divided, failed, failuresIn, quota, run } from "../support/health.ts"

const decoded = (row: unknown) => [Schema.decodeUnknownSync(Run.Run)(row)]

const kinds = (health: RunHealth.Health) => health.findings.map(({ kind }) => kind)

describe("the order of urgency", () => {
  it.effect("is by kind: what failed and is not over, what did not run, what is going wrong, what lacks its data", () =>
    Effect.gen(function*() {
      // Three weeks of nights on which jobs 20 to 24 run at 01:00 to 05:00.
      const usual = Array.from({ length: 21 }, (_, day) => day + 1).flatMap((day) =>
        [20, 21, 22, 23, 24].map((job, index) =>
          run(day * 10 + index, { job, start: 1 + index - 24 * (22 - day), took: 0.2, nodes: 10 })
        )
      )
      const night = [
        run(1001, { job: 1, status: "failed", start: 0.1 }),
        run(1002, { job: 1, start: 0.9 }),
        run(1003, { job: 2, status: "failed", start: -50 }),
        run(1004, { job: 3, status: "canceled", start: 0.3 }),
        run(1005, { job: 4, status: "paused", start: 0.3, took: 0.1 }),
        run(1006, { job: 5, start: 0.4 }),
        run(1007, { job: 6, status: "failed", start: 0.2 }),
        ...[0, 1, 2, 3].map((index) =>
          run(1010 + index, { job: 7, status: "failed", start: 0.1 + index / 60, took: 0.01 })
        ),
        run(1021, { job: 21, start: 2, took: 0.2, nodes: 0 }),
        run(1022, { job: 22, status: "running", start: 3, nodes: 10 }),
        run(1023, { job: 23, start: 4, took: 4, nodes: 10 }),
        run(1024, { job: 24, start: 5, took: 0.2, nodes: 10 })
      ]
      const { health } = yield* check({
        runs: [...usual, ...night],
        results: {
          1001: [failed(divided)],
          1002: [completed()],
          1004: [failed("String 'x' is too long and would be truncated")],
          1006: [{ ...failed("Test failed"), runState: "complete", hasTestFailures: true }],
          1007: [failed(quota)],
          ...Object.fromEntries(
            [1010, 1011, 1012, 1013].map((id) => [id, [failed("Numeric value 'x' is not recognized")]])
          )
        }
      })
      expect(kinds(health)).toEqual([
        "failures",
        "failures",
        "failedBefore",
        "missing",
        "failedNodes",
        "long",
        "otherStatus",
        "noNodes",
        "failedTests",
        "slow",
        "failures"
      ])
      // The one in a loop is the first, and the one that has recovered the last.
      expect(failuresIn(health).map(({ affected }) => affected.listed[0]?.run.jobID)).toEqual([7, 6, 1])
    }))
})

describe("a busy account", () => {
  // 2,600 runs since 18:00: more than are read.
  const runs = [
    run(1, { job: 1, status: "failed", start: -5.9 }),
    ...Array.from(
      { length: 2600 },
      (_, index) => run(10 + index, { job: 50, start: -5.5 + index * 0.005, took: 0.001 })
    )
  ]
  const baseline = RunBaseline.fromRuns([])

  it.effect("knows each failure and its job, and does not say what did not run", () =>
    Effect.gen(function*() {
      const { health, text } = yield* check({ runs, results: { 1: [failed(divided)] } }, { baseline })
      expect(failuresIn(health)).toMatchObject([{
        runIDs: [1],
        jobs: 1,
        affected: { listed: [{ run: { jobID: 1 } }] }
      }])
      expect(health.read.failuresTruncated).toBe(false)
      expect(health.ran).toMatchObject({ runs: 2000, truncated: true })
      expect(text).toContain("At least 2000 runs of 2 jobs started since")
      expect(text).toContain("Not all runs of the window were read, so what did not run is not known.")
    }))

  it.effect("does not miss a nightly that ran before the runs that were read", () =>
    Effect.gen(function*() {
      const nightly = (day: number) =>
        run(day === 0 ? 5 : 100_000 - day, { job: 60, start: -5.8 - 24 * day, took: 0.1 })
      const earlier = Array.from({ length: 20 }, (_, day) => nightly(day + 1))
      const learned = RunBaseline.fromRuns(earlier.flatMap(decoded), { timeZone: "UTC" })
      const quiet = yield* check({ runs: [run(9, { job: 50, start: 1 })] }, { baseline: learned })
      expect(kinds(quiet.health)).toEqual(["missing"])
      const { health } = yield* check({ runs: [...runs.slice(1), nightly(0)] }, { baseline: learned })
      expect(kinds(health)).toEqual([])
    }))

  it.effect("says how many canceled and completed runs it did not look into", () =>
    Effect.gen(function*() {
      const many = Array.from({ length: 30 }, (_, index) =>
        run(10 + index, { job: index, status: index < 10 ? "canceled" : "completed", start: 1 }))
      const { health, text } = yield* check({ runs: many }, { baseline })
      expect(health.read).toMatchObject({ unfinished: { read: 4, notRead: 6 }, completed: { read: 12, notRead: 8 } })
      expect(text).toContain("Failed nodes were looked for in 4 of 10 running or canceled runs.")
      expect(text).toContain("Data tests and rows were checked in the latest runs of 12 of 20 completed jobs.")
    }))
})

describe("the failures of one job that are read", () => {
  it.each([
    [0, []],
    [1, [0]],
    [2, [0, 1]],
    [5, [0, 4, 2, 1, 3]],
    [6, [0, 5, 2, 1, 3, 4]]
  ])("of %i are the first, the last, and those between", (count, places) => {
    expect(spread(count)).toEqual(places)
  })
})
