// A window in which nothing failed: what a diagnosis says of it, and what it asks for.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import {
  allOnOnePage,
  type Change,
  diagnose,
  idsOf,
  logged,
  refusing,
  rowsOf,
  withoutResults
} from "../support/diagnosed.ts"
import { completed, divided, failed, run } from "../support/health.ts"
import { absent, busy, many, quiet, type TestRun, weeks } from "../support/quietNight.ts"

describe("the runs of a quiet window", () => {
  it.effect("are counted by their statuses", () =>
    Effect.gen(function*() {
      const { canceled, ran, statuses } = yield* quiet([
        run(1, { job: 7, start: 1 }),
        run(2, { job: 8, start: 2, status: "canceled" }),
        run(3, { job: 7, start: 3 })
      ])
      expect(statuses).toEqual([{ status: "completed", count: 2 }, { status: "canceled", count: 1 }])
      expect([idsOf(ran), idsOf(canceled)]).toEqual([[3, 2, 1], [2]])
    }))

  it.effect("are followed by those that wait or run: once, of the type and the job alone", () =>
    Effect.gen(function*() {
      const runs = [
        run(1, { job: 7, start: -20, status: "running" }),
        run(2, { job: 8, start: -19, status: "running" }),
        run(3, { job: 7, start: 8, status: "running" }),
        run(4, { job: 8, start: 8, status: "running" }),
        run(9, { job: 7, start: 1 }),
        run(5, { job: 7, status: "waitingToRun" }),
        run(6, { job: 8, status: "waitingToRun" })
      ]
      const ofJob = yield* quiet(runs, { jobID: 7 })
      expect([idsOf(ofJob.stillRunning), idsOf(ofJob.waiting)]).toEqual([[3, 1], [5]])
      const all = yield* quiet(runs)
      expect([idsOf(all.stillRunning), idsOf(all.waiting)]).toEqual([[4, 3, 2, 1], [6, 5]])
      // One response may still have a run as waiting that another has as running.
      const stale = yield* quiet(
        runs,
        {},
        rowsOf("newest runs", (rows) =>
          rows.map((row) => {
            const { runStartTime: _, ...waiting } = row
            return row.id === 3 ? { ...waiting, runStatus: "waitingToRun" } : row
          }))
      )
      expect([idsOf(stale.stillRunning), idsOf(stale.waiting)]).toEqual([[4, 3, 2, 1], [6, 5]])
    }))

  it.effect("are not followed by those that began behind a window which is over", () =>
    Effect.gen(function*() {
      const past = { since: "2026-11-02T00:00:00Z", until: "2026-11-02T06:00:00Z" }
      const runs = [run(1, { job: 7, start: -22 }), run(2, { job: 7, start: 8, status: "running" })]
      expect(idsOf((yield* quiet(runs, past)).stillRunning)).toEqual([])
    }))

  it.effect("have their data tests checked: those of the latest 5 that completed", () =>
    Effect.gen(function*() {
      const tested = (errorString: string) => ({
        ...completed(),
        hasTestFailures: true,
        queryResults: [{ name: "Not null", type: "sqlTest", success: false, error: { errorString } }]
      })
      const { change, log } = logged()
      const { noFailure } = yield* diagnose(
        {
          runs: [1, 2, 3, 4, 5, 6, 7].map((id) => run(id, { job: id, start: id })),
          results: (id) => id === 6 ? [tested("1 row has no id")] : [completed()]
        },
        {},
        change
      )
      expect(noFailure?.dataTests).toMatchObject({ checked: [7, 6, 5, 4, 3], unchecked: 2 })
      expect(noFailure?.dataTests.failures).toMatchObject([
        { run: { id: 6 }, failedTests: { listed: [{ node: "ORDERS", test: "Not null" }], more: 0 } }
      ])
      expect(log.filter((one) => one.startsWith("results"))).toHaveLength(5)
    }))

  it.effect("are not known where their page is unavailable, and what waits is told where that is", () =>
    Effect.gen(function*() {
      const runs = [run(1, { job: 7, start: 1 }), run(2, { job: 7, status: "waitingToRun" })]
      const found = yield* quiet(runs, {}, refusing("runs of the window"))
      expect(found).toMatchObject({ truncated: true, ran: { listed: [] }, didNotRun: { listed: [], more: 0 } })
      expect([idsOf(found.waiting), found.unavailable.map(({ part }) => part)]).toEqual([[2], ["runsOfWindow"]])
      const { unavailable } = yield* quiet(runs, {}, refusing("newest runs"))
      expect(unavailable.map(({ part }) => part)).toEqual(["waitingRuns"])
    }))

  it.effect("are read from a server that lists runs without a start, too", () =>
    Effect.gen(function*() {
      const waiting = rowsOf("runs of the window", (rows) =>
        rows.flatMap((row) => {
          const { runEndTime: _end, runStartTime: _start, ...untimed } = row
          return row.id === 2 ? [{ ...untimed, runStatus: "waitingToRun" }] : [row]
        }))
      const found = yield* quiet([run(1, { job: 7, start: 1 }), run(2, { job: 7, start: 2 })], {}, waiting)
      expect(idsOf(found.ran)).toEqual([1])
      expect(absent(yield* quiet([...weeks, run(60, { job: 9, start: 1 })], {}, waiting))).toEqual([[7, "missing"]])
    }))

  it.effect("are told with the nodes that failed in runs which were canceled or go on", () =>
    Effect.gen(function*() {
      const night = {
        runs: [
          run(1, { job: 5, start: -10, status: "canceled" }),
          run(2, { job: 6, start: -9, status: "running" }),
          run(3, { job: 7, start: 1, status: "canceled" }),
          run(4, { job: 8, start: 2, status: "canceled" }),
          run(5, { job: 9, start: 3 }),
          run(6, { job: 10, start: 8, status: "running" }),
          run(7, { job: 11, status: "waitingToRun" })
        ],
        results: (id: number) => [id === 4 ? completed() : failed(divided)]
      }
      const { log, change } = logged()
      const { noFailure } = yield* diagnose(night, {}, change)
      expect(noFailure?.failedNodes.map(({ nodes, run }) => [Number(run.id), nodes.failed])).toEqual([
        [6, 1],
        [3, 1],
        [2, 1]
      ])
      expect(noFailure?.dataTests).toMatchObject({ checked: [5], unchecked: 0 })
      expect(log.filter((one) => one.startsWith("results"))).toEqual([6, 4, 3, 2, 5].map((id) => `results ${id}`))
      const { unavailable } = yield* diagnose(night, {}, withoutResults(3, 5))
      expect(unavailable.map(({ part, runID }) => [part, runID])).toEqual([["results", 3], ["dataTests", 5]])
    }))
})

describe("the older failure of a quiet window", () => {
  it.effect("is of the job that was asked for", () =>
    Effect.gen(function*() {
      const runs = [
        ...busy,
        run(1, { job: 7, start: -60, status: "failed" }),
        run(2, { job: 8, start: -55, status: "failed" })
      ]
      expect((yield* quiet(runs, { jobID: 7 })).olderFailure?.id).toBe(1)
      const { unavailable } = yield* quiet(runs, { jobID: 7 }, refusing("failures before the window"))
      expect(unavailable.map(({ part, status }) => [part, status])).toEqual([["history", 403]])
    }))

  it.effect("is requested only if the rows of the window do not show it", () =>
    Effect.gen(function*() {
      const asks = (runs: ReadonlyArray<TestRun>, ...changes: ReadonlyArray<Change>) => {
        const { log, change } = logged()
        return Effect.map(quiet(runs, { jobID: 7 }, ...changes, change), ({ olderFailure }) => [
          olderFailure?.id,
          log.includes("failures before the window")
        ])
      }
      const older = run(1, { job: 7, start: -50, status: "failed" })
      // All rows were read, and none failed.
      expect(yield* asks([run(1, { job: 7, start: 1 })])).toEqual([undefined, false])
      expect(yield* asks([run(1, { job: 7, start: -20 })], allOnOnePage)).toEqual([undefined, false])
      expect(yield* asks([...many(50, 4), older, ...many(300, -60, 100)])).toEqual([1, false])
      expect(yield* asks([...busy, older])).toEqual([1, true])
      // Of any job, the failures of the window reach back to it.
      const { change, log } = logged()
      expect((yield* quiet([...busy, older], {}, change)).olderFailure?.id).toBe(1)
      yield* quiet(busy, {}, change)
      expect(log).not.toContain("failures before the window")
    }))
})

describe("the nearest runs of a window in which nothing ran", () => {
  it.effect("are not requested before the window if the rows reach back", () =>
    Effect.gen(function*() {
      const { log, change } = logged()
      const { nearest } = yield* quiet([run(1, { job: 7, start: -20 })], {}, change)
      expect([nearest?.before?.id, log.includes("the nearest run before the window")]).toEqual([1, false])
      const none = logged()
      expect((yield* quiet([], {}, allOnOnePage, none.change)).nearest).toEqual({})
      expect(none.log).not.toContain("the nearest run before the window")
    }))

  it.effect("are requested if the rows do not show them, and not where something ran", () =>
    Effect.gen(function*() {
      const { nearest } = yield* quiet([...busy, run(1, { job: 7, start: -60 })], { jobID: 7 })
      expect(nearest?.before?.id).toBe(1)
      const { change, log } = logged()
      expect(yield* quiet([run(1, { job: 7, start: 1 })], {}, change)).not.toHaveProperty("nearest")
      expect(yield* quiet(many(300, 8), {}, change)).not.toHaveProperty("nearest")
      expect(log).not.toContain("after the window")
    }))

  it.effect("are unavailable where the request fails", () =>
    Effect.gen(function*() {
      const found = yield* quiet([run(1, { job: 7, start: -20 })], {}, refusing("after the window"))
      expect(found).not.toHaveProperty("nearest")
      expect(found.unavailable.map(({ part }) => part)).toEqual(["nearestRun"])
    }))
})
