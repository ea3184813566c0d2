// `RunsInMemory.layer`: the client of runs in memory.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as FastCheck from "fast-check"
import {
  Run,
  RunDiagnosis,
  RunHistory,
  type RunResult,
  RunsClient,
  RunsInMemory,
  RunWatch,
  RunWindow
} from "../src/index.ts"
import { clientOver, runs, type WireRun } from "./support/server.ts"

const idsOf = <E, R>(stream: Stream.Stream<Run.AnyRun, E, R>) =>
  Effect.map(Stream.runCollect(stream), (found) => found.map(({ id }): number => id))

const on = (options: RunsInMemory.TestOptions) => Effect.provide(RunsInMemory.layer(options))

describe("RunsInMemory.layer", () => {
  const queries = FastCheck.record({
    orderBy: FastCheck.constantFrom("id" as const, "runStartTime" as const, "runEndTime" as const),
    orderByDirection: FastCheck.constantFrom("asc" as const, "desc" as const),
    runType: FastCheck.constantFrom(undefined, "deploy" as const, "refresh" as const),
    runStatus: FastCheck.constantFrom(undefined, "completed" as const, "failed" as const),
    environmentID: FastCheck.constantFrom(undefined, "1", "2"),
    detail: FastCheck.boolean(),
    pageSize: FastCheck.integer({ min: 1, max: 40 })
  })

  it.effect("lists what the tests' own server lists, page by page, ties of time and all", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(queries, FastCheck.integer({ min: 1, max: 9 }), async (query, tie) => {
          const history: ReadonlyArray<WireRun> = runs(60, (id) => Math.floor(id / tie) * 60_000)
          const failureReasons = query.detail
          const pages = RunsClient.pages({ ...query, failureReasons }).pipe(Stream.runCollect)
          const expected = await Effect.runPromise(Effect.provide(pages, clientOver({ history: () => history }).layer))
          expect(await Effect.runPromise(pages.pipe(on({ runs: history })))).toEqual(expected)
        })
      )
    ))

  const failed = {
    id: 7,
    runType: "refresh",
    runStatus: "failed",
    reRunID: 5,
    runStartTime: "2026-03-10T02:00:00.000Z",
    runEndTime: "2026-03-10T02:11:00.000Z",
    environmentID: "3",
    runFailureReason: "Division by zero",
    runDetails: { jobID: 15, jobName: "Daily sales", nodesInRun: 12 }
  } satisfies RunsInMemory.TestRun

  it.effect("returns the fields of each form of a run, as the API does", () =>
    Effect.gen(function*() {
      const [summary] = yield* Stream.runCollect(RunsClient.list())
      expect(summary).toEqual({
        id: 7,
        runType: "refresh",
        runStatus: "failed",
        reRunID: 5,
        runStartTime: DateTime.makeUnsafe("2026-03-10T02:00:00Z"),
        runEndTime: DateTime.makeUnsafe("2026-03-10T02:11:00Z"),
        environmentID: "3",
        runFailureReason: "Division by zero"
      })
      const [run] = yield* Stream.runCollect(RunsClient.list({ detail: true }))
      expect(run).toEqual({
        id: 7,
        runType: "refresh",
        runStatus: "failed",
        reRunID: 5,
        runStartTime: DateTime.makeUnsafe("2026-03-10T02:00:00Z"),
        runEndTime: DateTime.makeUnsafe("2026-03-10T02:11:00Z"),
        runDetails: { environmentID: "3", jobID: 15, jobName: "Daily sales", nodesInRun: 12 },
        runTimeParameters: {}
      })
      expect(yield* RunsClient.get(7)).toEqual(run)
      expect(yield* RunsClient.get(7, { failureReasons: true })).toEqual({
        ...run,
        runFailureReason: "Division by zero"
      })
    }).pipe(on({ runs: [failed] })))

  it.effect("takes runs in the library's own form, and returns them", () =>
    Effect.gen(function*() {
      const query = { detail: true, failureReasons: true } as const
      const first = yield* Stream.runCollect(RunsClient.list(query)).pipe(on({ runs: [failed] }))
      expect(yield* Stream.runCollect(RunsClient.list(query)).pipe(on({ runs: first }))).toEqual(first)
      const summaries = yield* Stream.runCollect(RunsClient.list()).pipe(on({ runs: first }))
      expect(summaries).toMatchObject([{ environmentID: "3", runFailureReason: "Division by zero" }])
      expect(yield* Stream.runCollect(RunsClient.list()).pipe(on({ runs: summaries }))).toEqual(summaries)
    }))

  it.effect("takes a time as a DateTime, a Date or text", () =>
    Effect.gen(function*() {
      const text = "2026-03-10T02:00:00Z"
      const times = [DateTime.makeUnsafe(text), new Date(text), text, "2026-03-10T03:00:00+01:00"]
      const found = yield* Stream.runCollect(RunsClient.list()).pipe(on({
        runs: times.map((runStartTime, index) => ({
          id: index + 1,
          runType: "refresh",
          runStatus: "running",
          runStartTime
        }))
      }))
      expect(found.map((run) => run.runStartTime)).toEqual(times.map(() => DateTime.makeUnsafe(text)))
    }))

  it.effect("fails with NotFound for a run that does not exist, in every method", () =>
    Effect.gen(function*() {
      const requests: ReadonlyArray<Effect.Effect<unknown, RunsClient.GetError, RunsClient.RunsClient>> = [
        RunsClient.get(8),
        RunsClient.results(8),
        RunsClient.schedulerStatus(8)
      ]
      for (const request of requests) {
        expect(yield* Effect.flip(request)).toMatchObject({ _tag: "NotFound", status: 404 })
      }
    }).pipe(on({ runs: [failed] })))

  it.effect("checks a query as any client does", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(RunsClient.listPage({ limit: 0 }))
      expect(error._tag).toBe("InvalidQuery")
    }).pipe(on({ runs: [] })))

  const results: ReadonlyArray<RunResult.RunResult> = [{
    nodeID: "n1",
    name: "DIM_ORDER",
    runState: "error",
    queryResults: [{
      name: "Insert DIM_ORDER",
      success: false,
      endTime: DateTime.makeUnsafe("2026-03-10T02:10:00Z"),
      error: { errorString: "Division by zero" }
    }]
  }]

  it.effect("returns the node results of a run, and none for a run without them", () =>
    Effect.gen(function*() {
      expect(yield* RunsClient.results(7)).toEqual(results)
      expect(yield* RunsClient.results(8)).toEqual([])
      expect(yield* RunsClient.schedulerStatus(7)).toEqual({
        runStatus: "failed",
        runType: "refresh",
        runLink: "https://runs.invalid/runs/7"
      })
    }).pipe(on({ runs: [failed, { ...failed, id: 8 }], results: { 7: results } })))

  it.effect("makes the node results of a run when they are asked for, by a function", () => {
    const made: Array<number> = []
    return Effect.gen(function*() {
      expect(yield* RunsClient.results(8)).toEqual(results)
      expect(made).toEqual([8])
    }).pipe(on({
      runs: [failed, { ...failed, id: 8 }],
      results: (id) => {
        made.push(id)
        return results
      }
    }))
  })

  it.effect("resumes from the cursor of a page", () =>
    Effect.gen(function*() {
      const { cursor, hasMore } = yield* RunsClient.listPage({ limit: 10, orderBy: "runStartTime" })
      expect(hasMore).toBe(true)
      const rest = yield* idsOf(RunsClient.list({ startingFrom: cursor }))
      expect(rest).toEqual(Array.from({ length: 50 }, (_, index) => 50 - index))
    }).pipe(on({ runs: runs(60) })))
})

describe("modules on RunsInMemory.layer", () => {
  it.effect("RunWindow.list reads a window", () =>
    Effect.gen(function*() {
      const window = yield* RunWindow.make({ since: "2026-01-01T00:10:00Z", until: "2026-01-01T00:14:00Z" })
      expect(yield* idsOf(RunWindow.list(window))).toEqual([13, 12, 11, 10])
    }).pipe(on({ runs: runs(60) })))

  it.effect("RunHistory.list reads every run", () =>
    Effect.gen(function*() {
      const found = yield* idsOf(RunHistory.list({ detail: true }))
      expect(found.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1500 }, (_, index) => index + 1))
    }).pipe(on({ runs: runs(1500) })))

  it.effect("RunWatch.watch polls, and reports no more than its start while nothing changes", () =>
    Effect.gen(function*() {
      const events: Array<RunWatch.Event> = []
      const fiber = yield* RunWatch.watch().pipe(
        Stream.runForEach((event) => Effect.sync(() => events.push(event))),
        Effect.forkChild
      )
      yield* TestClock.adjust("5 minutes")
      expect(fiber.pollUnsafe()).toBeUndefined()
      expect(events.map(({ _tag }) => _tag)).toEqual(["Watching"])
      yield* Fiber.interrupt(fiber)
    }).pipe(on({ runs: runs(3) })))

  it.effect("RunDiagnosis.diagnose explains a failed run by its nodes", () =>
    Effect.gen(function*() {
      const diagnosis = yield* RunDiagnosis.diagnose({ runID: 7 })
      expect(diagnosis.outcome).toBe("failed")
      expect(diagnosis.nodes?.groups.listed).toMatchObject([{ class: "divisionByZero", count: 1 }])
      expect(diagnosis.history?.lastSuccess?.id).toBe(6)
    }).pipe(on({
      runs: [6, 7].map((id) => ({
        id,
        runType: "refresh",
        runStatus: id === 7 ? "failed" : "completed",
        runStartTime: new Date(Date.UTC(2026, 2, id)),
        runEndTime: new Date(Date.UTC(2026, 2, id, 1)),
        environmentID: "3",
        runDetails: { jobID: 15 },
        ...(id === 7 ? { runFailureReason: "Division by zero" } : {})
      })),
      results: {
        7: [{
          nodeID: "n1",
          name: "DIM_ORDER",
          runState: "error",
          queryResults: [{ success: false, error: { errorString: "Division by zero", errorDetail: "100051" } }]
        }]
      }
    })))
})
