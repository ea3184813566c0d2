import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { RunBaseline, RunDiagnosis } from "../../src/index.ts"
import { allOnOnePage, type Change, logged, over, refusing } from "../support/diagnosed.ts"
import { run } from "../support/health.ts"
import { absent, many, quiet, type TestRun, weeks } from "../support/quietNight.ts"

describe("a job that did not run in a quiet window", () => {
  const tonight = [run(50, { job: 9, start: 1 })]

  it.effect("is one that usually starts there, of the environment, the job and the type that were asked for", () =>
    Effect.gen(function*() {
      const other = [
        ...weeks,
        ...weeks.map(({ id, runStartTime, runEndTime }) => ({
          ...run(100 + id, { job: 8, env: "5" }),
          ...(runStartTime === undefined ? {} : { runStartTime }),
          ...(runEndTime === undefined ? {} : { runEndTime })
        })),
        ...tonight
      ]
      expect(absent(yield* quiet(other))).toEqual([[7, "missing"], [8, "missing"]])
      expect(absent(yield* quiet(other, { environmentID: "3" }))).toEqual([[7, "missing"]])
      expect(absent(yield* quiet(other, { environmentID: "5" }))).toEqual([[8, "missing"]])
      expect(absent(yield* quiet(other, { jobID: 8 }))).toEqual([[8, "missing"]])
      expect(absent(yield* quiet(other, { runType: "deploy" }))).toEqual([])
      expect(absent(yield* quiet([...other, run(200, { job: 7, start: 2 })]))).toEqual([[8, "missing"]])
    }))

  it.effect("is not one that waits to run, nor one that ran unusually", () =>
    Effect.gen(function*() {
      const waiting = run(60, { job: 7, status: "waitingToRun" })
      expect(absent(yield* quiet([...weeks, ...tonight, waiting]))).toEqual([])
      // A waiting run of another job is not this one.
      expect(absent(yield* quiet([...weeks, ...tonight, run(60, { job: 9, status: "waitingToRun" })]))).toEqual([
        [7, "missing"]
      ])
      const late = [...weeks, run(60, { job: 7, start: 7, took: 1.9 })]
      expect(absent(yield* quiet(late))).toEqual([])
    }))

  it.effect("may still start, or has stopped", () =>
    Effect.gen(function*() {
      const morning = weeks.map((one, index) => run(one.id, { job: 7, start: 8 - (28 - index) * 24 }))
      expect(absent(yield* quiet([...morning, ...tonight]))).toEqual([[7, "late"]])
      const hourly = Array.from({ length: 200 }, (_, index) => run(index + 1, { job: 7, start: index - 201 }))
      const { didNotRun } = yield* quiet([...hourly, run(500, { job: 9, start: 1 })])
      expect(didNotRun.listed).toMatchObject([{ kind: "stopped", jobID: 7 }])
      expect(didNotRun.listed[0]?.since).toBeDefined()
      const { didNotRun: missing } = yield* quiet([...weeks, ...tonight])
      expect(missing.listed[0]).not.toHaveProperty("since")
      expect(missing.listed).toMatchObject([{ starts: { times: [{ at: "02:00", timeZone: "UTC" }] } }])
      const abroad = yield* quiet([...weeks, ...tonight], { timeZone: "Africa/Lagos" })
      expect(abroad.didNotRun.listed).toMatchObject([{
        starts: { times: [{ at: "03:00", timeZone: "Africa/Lagos" }] }
      }])
    }))

  it.effect("is not claimed where not all runs of the window were read", () =>
    Effect.gen(function*() {
      // The job ran at 02:00, and 300 runs that came after it fill the page.
      const runs = [...weeks, run(60, { job: 7, start: -5.5 }), ...many(300, 8.5)]
      const night = { runs: [...weeks, ...many(300, 8.5)] }
      const learned = Effect.andThen(
        RunBaseline.current({ timeZone: "UTC" }),
        RunDiagnosis.diagnose({ timeZone: "UTC" })
      )
      const { noFailure } = yield* over(night)(learned)
      expect(noFailure?.truncated).toBe(true)
      expect(noFailure?.didNotRun).toEqual({ listed: [], more: 0 })
      expect(yield* quiet(runs)).toMatchObject({ truncated: true, didNotRun: { listed: [], more: 0 } })
    }))
})

describe("what is usual before a quiet window", () => {
  const asks = (runs: ReadonlyArray<TestRun>, ...changes: ReadonlyArray<Change>) => {
    const { log, change } = logged()
    return Effect.map(quiet(runs, {}, ...changes, change), (found) => ({
      absent: absent(found),
      asked: log.includes("runs before the window")
    }))
  }

  it.effect("is requested only if the rows do not reach back two weeks", () =>
    Effect.gen(function*() {
      // All rows were read: there is no more to learn from.
      const few = [...weeks.slice(-10), run(60, { job: 9, start: 1 })]
      expect((yield* asks(few, allOnOnePage)).asked).toBe(false)
      expect((yield* asks(few)).asked).toBe(true)
      // They reach back: 28 nights of job 7, and more behind the page.
      const nights = Array.from(
        { length: 300 },
        (_, index) => run(index + 1, { job: 7, start: 2 - (300 - index) * 24 })
      )
      expect(yield* asks([...nights, run(400, { job: 9, start: 1 })])).toEqual({
        absent: [[7, "missing"]],
        asked: false
      })
      // Other runs fill the page.
      const full = [...weeks, ...many(400, -10), run(2000, { job: 9, start: 1 })]
      expect(yield* asks(full)).toEqual({ absent: [[7, "missing"]], asked: true })
      const { didNotRun, unavailable } = yield* quiet(full, {}, refusing("runs before the window"))
      expect(didNotRun.listed).toEqual([])
      expect(unavailable.map(({ part, status }) => [part, status])).toEqual([["history", 403]])
    }))

  it.effect("is taken from a baseline that is kept, if that began before the window", () =>
    Effect.gen(function*() {
      const past = { since: "2026-10-30T00:00:00Z", until: "2026-10-30T06:00:00Z" }
      const runs = [...weeks.filter(({ id }) => id !== 25), run(60, { job: 9, start: 1 - 4 * 24 })]
      const after = (days: number) =>
        over({ runs })(Effect.andThen(
          RunBaseline.current({ timeZone: "UTC", days }),
          RunDiagnosis.diagnose({ timeZone: "UTC", ...past })
        ))
      for (const days of [2, 28]) {
        const { noFailure } = yield* after(days)
        expect(noFailure?.didNotRun.listed.map(({ jobID }) => jobID)).toEqual([7])
      }
    }))

  it.effect("costs no request where a baseline is kept, which knows other environments, too", () =>
    Effect.gen(function*() {
      const { change, log } = logged()
      const night = { runs: [...weeks, ...many(400, -10), run(2000, { job: 9, env: "5", start: 1 })] }
      const found = yield* over(night, change)(Effect.gen(function*() {
        yield* RunBaseline.current({ timeZone: "UTC" })
        return [
          yield* RunDiagnosis.diagnose({ timeZone: "UTC" }),
          yield* RunDiagnosis.diagnose({ timeZone: "UTC", environmentID: "5" })
        ]
      }))
      expect(found.map(({ noFailure }) => noFailure && absent(noFailure))).toEqual([[[7, "missing"]], []])
      expect(log).not.toContain("runs before the window")
    }))

  it.effect("does not make a run of the night absent that the baseline does not know yet", () =>
    Effect.gen(function*() {
      const night = { runs: [...weeks, run(60, { job: 7, start: 2 })] }
      const learnedBefore: Change = ({ pages }) => ({
        pages: (query) =>
          Stream.map(pages(query), (page) => ({ ...page, runs: page.runs.filter(({ id }) => id !== 60) }))
      })
      const { noFailure } = yield* over(night, learnedBefore)(Effect.andThen(
        RunBaseline.current({ timeZone: "UTC" }),
        RunDiagnosis.diagnose({ timeZone: "UTC" })
      ))
      expect(noFailure?.didNotRun.listed).toEqual([])
    }))
})
