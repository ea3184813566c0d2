// Which failed run of a window is diagnosed, and what is told of the others.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type RunDiagnosis } from "../../src/index.ts"
import { type Change, diagnose, idsOf, type Kind, kindOf, logged, refusing, rowsOf } from "../support/diagnosed.ts"
import { divided, quota, run } from "../support/health.ts"
import { many, type TestRun } from "../support/quietNight.ts"
import { failing, found } from "../support/windowFailures.ts"

describe("the failed run of a window", () => {
  it.effect("began in it, or before it and failed in it", () =>
    Effect.gen(function*() {
      const past = { since: "2026-11-02T20:00:00Z", until: "2026-11-02T22:00:00Z" }
      const cases: ReadonlyArray<readonly [TestRun, number | string]> = [
        [failing(5, 7, -3, 0.5), 5],
        [failing(5, 7, -4, 0.5), 5],
        [failing(5, 7, -7, 4), 5],
        // It failed before the window, or behind it.
        [failing(5, 7, -7, 1), "nothingRan"],
        [failing(5, 7, -7, 6), "nothingRan"],
        [failing(5, 7, -1, 0.5), "nothingRan"],
        [run(5, { job: 7, start: -7, took: 4, status: "canceled" }), "nothingRan"],
        [run(5, { job: 7, start: -7, status: "running" }), "nothingRan"]
      ]
      for (const [run, expected] of cases) {
        expect([run.runStatus, run.runStartTime, yield* found([run], past)]).toEqual([
          run.runStatus,
          run.runStartTime,
          expected
        ])
      }
    }))

  it.effect("is the latest of the type and the job", () =>
    Effect.gen(function*() {
      const deploy = { id: 6, runType: "deploy", runStatus: "failed", environmentID: "3" }
      const runs = [
        failing(3, 7, 1),
        failing(4, 8, 2),
        failing(5, 8, -20),
        { ...failing(6, 0, 3), ...deploy, runDetails: {} },
        { ...failing(2, 0, -20), ...deploy, id: 2, runDetails: {} }
      ]
      expect(yield* found(runs)).toBe(4)
      expect(yield* found(runs, { jobID: 7 })).toBe(3)
      expect(yield* found(runs, { runType: "deploy" })).toBe(6)
      const { noFailure } = yield* diagnose({ runs }, { jobID: 9 })
      // Not those of another job, nor a deploy that failed on another day.
      expect(noFailure && idsOf(noFailure.failedOfOtherType)).toEqual([6])
    }))

  it.effect("is none that has no time: nobody knows whether it is of the window", () =>
    Effect.gen(function*() {
      const untimed = rowsOf("runs of the window", (rows) =>
        rows.flatMap((row) => {
          const { runEndTime: _end, runStartTime: _start, ...rest } = row
          return row.id === 2 ? [{ ...rest, runStatus: "failed" }] : [row]
        }))
      const { noFailure } = yield* diagnose(
        { runs: [run(1, { job: 7, start: 1 }), run(2, { job: 7, start: 2 })] },
        {},
        untimed
      )
      expect(noFailure && idsOf(noFailure.ran)).toEqual([1])
      expect(noFailure).not.toHaveProperty("olderFailure")
    }))

  it.effect("is found behind the first page, as only its details say of which job it is", () =>
    Effect.gen(function*() {
      const runs = [failing(1, 7, -5.9, 0.1), ...many(280, 8.5)]
      expect(yield* found(runs, { jobID: 7 })).toBe(1)
      const { noFailure } = yield* diagnose({ runs: many(1200, 8.9).map(squeezed) }, { jobID: 7 })
      expect(noFailure).toMatchObject({ truncated: true, failuresTruncated: true })
      // One that began in the window, and that the rows do not reach, is not read by itself.
      const { change, log } = logged()
      const beyond = [failing(5000, 8, -5.9, 0.1), ...many(1200, 8.9).map(squeezed)]
      yield* diagnose({ runs: beyond }, { jobID: 7 }, change)
      expect(log.filter((one) => one.startsWith("run "))).toEqual([])
    }))

  it.effect("is found among rows without their reasons, which are read with the failures before it", () =>
    Effect.gen(function*() {
      const { run, unavailable } = yield* diagnose(
        { runs: [failing(3, 7, 1), ...many(10, 8)] },
        {},
        refusing("failures of the window")
      )
      expect([run?.id, run?.runFailureReason]).toEqual([3, divided])
      expect(unavailable.map(({ part, status }) => [part, status])).toEqual([["runFailureReasons", 403]])
      // As all rows are read then, it is found behind the first page, too.
      expect(yield* found([failing(1, 7, -5.9, 0.1), ...many(280, 8.5)], {}, refusing("failures of the window"))).toBe(
        1
      )
    }))

  it.effect("is not guessed where neither form of the rows says which it is", () =>
    Effect.gen(function*() {
      const error = (
        runs: ReadonlyArray<TestRun>,
        options: RunDiagnosis.Options,
        ...kinds: ReadonlyArray<Kind>
      ) => Effect.map(Effect.flip(diagnose({ runs }, options, refusing(...kinds))), ({ _tag }) => _tag)
      const runs = [failing(3, 7, 1)]
      expect(yield* error(runs, { jobID: 7 }, "runs of the window")).toBe("Forbidden")
      expect(yield* error(runs, {}, "runs of the window", "failures of the window")).toBe("Forbidden")
      // The failures are unavailable, and the rows do not reach back to the beginning of the window.
      expect(yield* error(many(1200, 8.9).map(squeezed), {}, "failures of the window")).toBe("Forbidden")
    }))
})

/** So close to one another that more than a thousand are of one window. */
const squeezed = (one: TestRun, index: number): TestRun =>
  run(one.id, { job: 1, start: 8.9 - index / 100, took: 0.001 })

describe("whether all runs of a window were read", () => {
  const quiet = (runs: ReadonlyArray<TestRun>, ...changes: ReadonlyArray<Change>) =>
    Effect.map(diagnose({ runs }, {}, ...changes), ({ noFailure }) => noFailure?.truncated)

  it.effect("is not shown by a run that starts with the window: others may do so, too", () =>
    Effect.gen(function*() {
      const first = [run(1, { job: 1, start: -6 }), run(2, { job: 2, start: -6 })]
      expect(yield* quiet([...many(198, 8), ...first])).toBe(true)
      expect(yield* quiet([...many(198, 8), ...first, run(3, { job: 2, start: -6.1 })])).toBe(true)
      expect(yield* quiet([...many(199, 8), run(1, { job: 1, start: -6.1 }), run(2, { job: 1, start: -7 })])).toBe(
        false
      )
    }))

  it.effect("is told of the failures, too: there may be more of them than were read", () =>
    Effect.gen(function*() {
      const failures = (count: number) =>
        many(count, 8.9).map((one, index) => failing(one.id, 1, 8.9 - index / 100, 0.001))
      const { otherFailures } = yield* diagnose({ runs: failures(300) })
      expect([otherFailures.listed.length, otherFailures.more, otherFailures.truncated]).toEqual([10, 239, true])
      // The 250 that were read reach beyond the window.
      const { otherFailures: reaching } = yield* diagnose({
        runs: [...failures(240), ...many(100, -7, 5000).map((one, index) => failing(one.id, 1, -7 - index, 0.1))]
      })
      expect([reaching.more, reaching.truncated]).toEqual([229, false])
      const one = [failing(3000, 7, 8.9, 0.01), ...many(300, 8.5)]
      const last: Change = ({ listPage }) => ({
        listPage: (query) => Effect.map(listPage(query), (page) => ({ ...page, hasMore: page.runs.length >= 200 }))
      })
      expect((yield* diagnose({ runs: one }, {}, last)).otherFailures.truncated).toBe(false)
      // A page that is not known to be the last may not be.
      expect((yield* diagnose({ runs: one })).otherFailures.truncated).toBe(true)
    }))
})

describe("the other failures of a window", () => {
  const others = (runs: ReadonlyArray<TestRun>, ...changes: ReadonlyArray<Change>) =>
    Effect.map(diagnose({ runs }, {}, ...changes), ({ otherFailures: { listed }, unavailable }) => ({
      listed: listed.map(({ id, jobID, recovery }) => [Number(id), jobID, recovery?.state, recovery?.runID]),
      unavailable: unavailable.map(({ part }) => part)
    }))

  it.effect("are over by a later run of their job, and not by an earlier one or one of another job", () =>
    Effect.gen(function*() {
      const { change, log } = logged()
      const { listed } = yield* others([
        run(1, { job: 8, start: -3 }),
        failing(2, 8, 1),
        failing(3, 9, 2),
        run(4, { job: 9, start: 3 }),
        failing(5, 7, 4)
      ], change)
      expect(listed).toEqual([[3, 9, "recovered", 4], [2, 8, "notYet", undefined]])
      // The rows of the window say all of it.
      expect(log).not.toContain("details of failures")
      expect(log).not.toContain("reasons")
    }))

  it.effect("have their jobs from one more request, where the rows do not reach them", () =>
    Effect.gen(function*() {
      const runs = [
        failing(1, 8, -5.9, 0.1),
        run(2, { job: 8, start: -5.5, took: 0.1 }),
        ...many(280, 8.5),
        failing(2999, 9, 8.6, 0.05),
        failing(3000, 7, 8.7, 0.1)
      ]
      const inRows = [2999, 9, "notYet", undefined]
      // What came after it is not all read, so that nothing is said of its recovery.
      expect((yield* others(runs)).listed).toEqual([inRows, [1, 8, undefined, undefined]])
      expect(yield* others(runs, refusing("details of failures"))).toEqual({
        listed: [inRows, [1, undefined, undefined, undefined]],
        unavailable: ["runsOfWindow"]
      })
    }))

  it.effect("are named by their summaries where the rows are unavailable", () =>
    Effect.gen(function*() {
      const runs = [failing(1, 8, 1), run(2, { job: 8, start: 2 }), failing(3, 7, 3, 0.5, quota)]
      const { change, log } = logged()
      const { listed, unavailable } = yield* others(runs, refusing("runs of the window"), change)
      expect(listed).toEqual([[1, 8, undefined, undefined]])
      expect(unavailable).toEqual(["runsOfWindow"])
      expect(log).toContain("details of failures")
    }))

  it.effect("are each run once, and as failed, whichever response has it", () =>
    Effect.gen(function*() {
      const runs = [failing(1, 8, 1), failing(2, 7, 3)]
      // It failed between the two responses.
      const stale = rowsOf("runs of the window", (rows) =>
        rows.map((row) => row.id === 1 ? { ...row, runStatus: "running" } : row))
      expect((yield* others(runs, stale)).listed.map(([id]) =>
        id
      )).toEqual([1])
      const missing: Change = ({ listPage }) => ({
        listPage: (query) =>
          kindOf(query) === "failures of the window"
            ? Effect.map(listPage(query), (page) => ({ ...page, runs: page.runs.slice(0, 1) }))
            : listPage(query)
      })
      expect((yield* others(runs, missing)).listed.map(([id]) => id)).toEqual([1])
    }))
})
