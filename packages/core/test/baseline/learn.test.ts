import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Report, RunBaseline, RunList, RunsInMemory } from "../../src/index.ts"
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

  it.effect("reads back to the first of the days and one more, and says where that was more than it may read", () =>
    Effect.gen(function*() {
      // At the hour: the run of 72 hours before is the last that counts.
      yield* TestClock.setTime(start + 719 * hour)
      const truncated = (maxRows: number, history: ReadonlyArray<WireRun> = made(720)) =>
        Effect.map(
          Effect.provide(
            RunBaseline.learn({ ...options, days: 2, maxRows }),
            clientOver({ history: () => history }).layer
          ),
          (baseline) => baseline.truncated
        )
      assert.deepStrictEqual([yield* truncated(73), yield* truncated(72)], [false, "row_limit"])
      assert.strictEqual(yield* truncated(1, []), false)
      // One that waits has no start, and ends nothing.
      const { runStartTime: _, ...waiting } = atWork(719)
      assert.strictEqual(yield* truncated(72, [...made(719), waiting]), "row_limit")
    }))

  it.effect("reads at most maxRows behind a baseline, and forgets no run that it did not reach", () =>
    Effect.gen(function*() {
      yield* setTime(719)
      let runs = [...made(719), atWork(719)].map((run, index) => index < 717 ? run : atWork(index))
      const { layer } = clientOver({ history: () => runs })
      const previous = yield* Effect.provide(RunBaseline.learn(options), layer)
      assert.deepStrictEqual(previous.unfinishedIDs.map(Number), [718, 719, 720])
      const next = (maxRows: number) =>
        Effect.map(
          Effect.provide(RunBaseline.learn({ ...options, previous, maxRows }), layer),
          ({ truncated, unfinishedIDs }) => [truncated, ...unfinishedIDs.map(Number)]
        )
      assert.deepStrictEqual(yield* next(2), [false, 718, 719, 720])
      assert.deepStrictEqual(yield* next(3), [false, 718, 719, 720])
      runs = [...runs.slice(0, 717), atWork(718)]
      assert.deepStrictEqual(yield* next(3), [false, 719])
    }))

  it.effect("reads the latest ten of the runs that did not end long before the newest, one by one", () =>
    Effect.gen(function*() {
      yield* setTime(1099)
      const early = Array.from({ length: 12 }, (_, index) => index + 90)
      const over = (change: (run: WireRun, index: number) => ReadonlyArray<WireRun>) =>
        RunsInMemory.layer({ runs: made(1100).flatMap(change) })
      const isEarly = (index: number) => early.includes(index + 1)
      const wide = { ...options, days: 60 }
      const before = over((run, index) => isEarly(index) ? [atWork(index)] : [run])
      const previous = yield* Effect.provide(RunBaseline.learn(wide), before)
      assert.deepStrictEqual(previous.unfinishedIDs.map(Number), [...early, 1100])
      // All have ended, but for one that was deleted.
      const after = over((run, index) => index + 1 === 95 ? [] : [run])
      const baseline = yield* Effect.provide(RunBaseline.learn({ ...wide, previous }), after)
      assert.deepStrictEqual(baseline.unfinishedIDs.map(Number), [90, 1100])
      assert.strictEqual(baseline.runs, previous.runs + 10)
      // The next time the earliest is one of the ten.
      const later = yield* Effect.provide(RunBaseline.learn({ ...wide, previous: baseline }), after)
      assert.deepStrictEqual(later.unfinishedIDs.map(Number), [1100])
    }))

  it.effect("keeps the zone and the days of a baseline, and learns anew for more days or where all are over", () =>
    Effect.gen(function*() {
      yield* setTime(719)
      let runs = made(720)
      const { layer } = clientOver({ history: () => runs })
      const learn = (more: RunBaseline.LearnOptions) => Effect.provide(RunBaseline.learn(more), layer)
      const previous = yield* learn({ timeZone: "Asia/Tokyo", days: 5 })
      const kept = yield* learn({ previous })
      assert.deepStrictEqual([kept.timeZone, kept.maxDays, kept.days.length], ["Asia/Tokyo", 5, 5])
      assert.strictEqual((yield* learn({ previous, days: 20 })).days.length, 20)
      // The run at work was deleted, and nothing came for a week.
      runs = made(719).slice(0, 718)
      yield* setTime(718 + 7 * 24)
      const anew = yield* learn({ previous })
      assert.deepStrictEqual([anew.unfinishedIDs, anew.newestID, anew.runs], [[], undefined, 0])
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
