import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Report, RunBaseline, RunList } from "../../src/index.ts"
import { inProject } from "../../src/list/inProject.ts"
import { clientOver, type WireRun } from "../support/server.ts"

const start = Date.UTC(2026, 10, 1, 2)
const hour = 3_600_000

/** Every hour one of two jobs, for thirty days. The run of the last hour is at work. */
const wireRun = (index: number): WireRun => ({
  id: index + 1,
  runType: "refresh",
  runStatus: "completed",
  environmentID: "3",
  runStartTime: new Date(start + index * hour).toISOString(),
  runEndTime: new Date(start + index * hour + 600_000).toISOString(),
  runDetails: { jobID: index % 24 === 0 ? 15 : 16, refreshDescription: index % 24 === 0 ? "Daily sales" : "Hourly" }
})

const atWork = (index: number): WireRun => {
  const { runEndTime: _, ...run } = wireRun(index)
  return { ...run, runStatus: "running" }
}

const made = (count: number): Array<WireRun> => [
  ...Array.from({ length: count - 1 }, (_, index) => wireRun(index)),
  atWork(count - 1)
]

const setTime = (index: number) => TestClock.setTime(start + index * hour + 60_000)

const options = { timeZone: "UTC" }

describe("RunBaseline.learn", () => {
  it.effect("reads back to the first of the days, and says what is usual", () =>
    Effect.gen(function*() {
      yield* setTime(719)
      const { layer } = clientOver({ history: () => made(720) })
      const baseline = yield* Effect.provide(RunBaseline.learn({ ...options, days: 20 }), layer)
      assert.strictEqual(baseline.truncated, false)
      assert.strictEqual(baseline.days.length, 20)
      assert.deepStrictEqual(baseline.unfinishedIDs.map(Number), [720])
      assert.deepStrictEqual(
        baseline.jobs.map(({ jobID, starts }) => [jobID, starts?.times?.[0]?.at, starts?.every?.minutes]),
        [
          [15, "02:00", undefined],
          [16, undefined, 60]
        ]
      )
    }))

  it.effect("stops at maxRows, and says so", () =>
    Effect.gen(function*() {
      yield* setTime(719)
      const { layer, log } = clientOver({ history: () => made(720) })
      const baseline = yield* Effect.provide(RunBaseline.learn({ ...options, maxRows: 100 }), layer)
      assert.deepStrictEqual([baseline.truncated, baseline.runs], ["row_limit", 99])
      assert.isAtMost(log.requests.length, 6)
    }))

  it.effect("stops when its time is over, and says so", () =>
    Effect.gen(function*() {
      yield* setTime(719)
      const { layer } = clientOver({ history: () => made(720) })
      const baseline = yield* RunBaseline.learn(options).pipe(
        Effect.provideService(RunList.Bounds, { rows: 1, time: Duration.zero }),
        Effect.provide(layer)
      )
      assert.strictEqual(baseline.truncated, "time_limit")
    }))

  it.effect("brings a baseline up to date in two requests, the second for what may lie behind a short page", () =>
    Effect.gen(function*() {
      let runs = made(720)
      const { layer, log } = clientOver({ history: () => runs })
      yield* setTime(719)
      const previous = yield* Effect.provide(RunBaseline.learn(options), layer)
      runs = made(724)
      yield* setTime(723)
      log.requests.length = 0
      const baseline = yield* Effect.provide(RunBaseline.learn({ ...options, previous }), layer)
      assert.lengthOf(log.requests, 2)
      const anew = yield* Effect.provide(RunBaseline.learn(options), layer)
      assert.deepStrictEqual(baseline, anew)
    }))

  it.effect("forgets a run that was deleted before it ended", () =>
    Effect.gen(function*() {
      let runs = made(720)
      const { layer } = clientOver({ history: () => runs })
      yield* setTime(719)
      const previous = yield* Effect.provide(RunBaseline.learn(options), layer)
      runs = [...runs.slice(0, 719), wireRun(720)]
      const baseline = yield* Effect.provide(RunBaseline.learn({ ...options, previous }), layer)
      assert.deepStrictEqual([baseline.unfinishedIDs, Number(baseline.newestID)], [[], 721])
    }))

  it.effect("refuses what no baseline can be, before any request", () =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({ history: () => [] })
      const error = yield* RunBaseline.learn({ timeZone: "Nowhere", days: 0, maxRows: 0.5 }).pipe(
        Effect.provide(layer),
        Effect.flip
      )
      assert.include(error.message, "days")
      assert.include(error.message, "maxRows")
      assert.include(
        (yield* Effect.flip(Effect.provide(RunBaseline.learn({ timeZone: "Nowhere" }), layer))).message,
        "Nowhere"
      )
      assert.lengthOf(log.requests, 0)
    }))
})

describe("RunBaseline.current", () => {
  it.effect("learns once, brings up to date within the hour, and learns anew behind it", () =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({ history: () => made(720) })
      yield* setTime(719)
      yield* Effect.gen(function*() {
        const requests = Effect.fnUntraced(function*(calls: number) {
          log.requests.length = 0
          yield* Effect.all(Array.from({ length: calls }, () => RunBaseline.current(options)), {
            concurrency: "unbounded"
          })
          return log.requests.length
        })
        const cold = yield* requests(1)
        assert.isAbove(cold, 1)
        assert.strictEqual(yield* requests(1), 1)
        yield* TestClock.adjust("59 minutes")
        assert.strictEqual(yield* requests(3), 3)
        yield* TestClock.adjust("2 minutes")
        assert.strictEqual(yield* requests(1), cold)
      }).pipe(Effect.provideService(RunBaseline.Cache, RunBaseline.makeCache()), Effect.provide(layer))
    }))

  it.effect("keeps one for each project of a client, and never that of another", () =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({ history: () => made(720) })
      yield* setTime(719)
      yield* Effect.gen(function*() {
        const requests = Effect.fnUntraced(function*(projectID: string | undefined) {
          log.requests.length = 0
          yield* inProject(projectID)(RunBaseline.current(options))
          assert.deepStrictEqual(
            [...new Set(log.requests.map((params) => params.get("projectID")))],
            [projectID ?? null]
          )
          return log.requests.length
        })
        const cold = yield* requests(undefined)
        assert.isAbove(cold, 1)
        assert.strictEqual(yield* requests("7"), cold)
        assert.strictEqual(yield* requests("8"), cold)
        for (const projectID of ["7", "8", undefined]) assert.strictEqual(yield* requests(projectID), 1)
      }).pipe(Effect.provideService(RunBaseline.Cache, RunBaseline.makeCache()), Effect.provide(layer))
    }))
})

describe("RunBaseline.report", () => {
  it.effect("says what is usual, and from how many runs", () =>
    Effect.gen(function*() {
      yield* setTime(719)
      const { layer } = clientOver({ history: () => made(720) })
      const baseline = yield* Effect.provide(RunBaseline.learn(options), layer)
      assert.deepStrictEqual(Report.toText(RunBaseline.report(baseline)).split("\n"), [
        "Learned from 649 runs of 2 jobs, from 2026-11-04 00:00 to 2026-12-01 00:00 UTC.",
        "- refresh \"Hourly\" (job 16) in env 3: started every 1h, on 27 days (622 starts); took 10m (p95 10m, 622 runs); none of 622 runs failed",
        "- refresh \"Daily sales\" (job 15) in env 3: started about 02:00 UTC on each of the last 27 nights; took 10m (p95 10m, 27 runs); none of 27 runs failed"
      ])
    }))
})
