// The failed run of a job that began so long before a window that the rows of the window do not reach it.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Change, diagnose, forbidden, idsOf, logged, refusing, rowsOf } from "../support/diagnosed.ts"
import { divided, run } from "../support/health.ts"
import { busy, many } from "../support/quietNight.ts"
import { failing, found } from "../support/windowFailures.ts"

describe("the failed run of a job that began long before the window", () => {
  const began = [failing(1, 7, -40, 36), ...busy]
  /** Six runs that began long before the window and failed in it: the latest five of job 8, the first of another. */
  const sixth = (
    job: number
  ) => [...busy, ...[1, 2, 3, 4, 5, 6].map((id) => failing(id, id === 1 ? job : 8, -40 + id, 36))]
  const without1 = rowsOf("failures before the window", (rows) => rows.filter(({ id }) => id !== 1))
  const pagesIn = (log: ReadonlyArray<string>) => log.filter((one) => one === "failures before the window").length

  it.effect("is found by its own details, where the rows of the window do not reach it", () =>
    Effect.gen(function*() {
      const { change, log } = logged()
      expect(yield* found(began, { jobID: 7 }, change)).toBe(1)
      expect(log.filter((one) => one.startsWith("run "))).toEqual(["run 1"])
      // A deploy is of no job.
      const beside = logged()
      const deploy = { ...failing(2, 7, -40, 36), runType: "deploy", runDetails: {} }
      expect(yield* found([...began, deploy], { jobID: 7 }, beside.change)).toBe(1)
      expect(beside.log.filter((one) => one.startsWith("run "))).toEqual(["run 1"])
      // Of any job its summary is enough, and where the rows reach it they are.
      const others = logged()
      expect(yield* found(began, {}, others.change)).toBe(1)
      expect(yield* found([failing(1, 7, -7, 4)], { jobID: 7 }, others.change)).toBe(1)
      expect(others.log.filter((one) => one.startsWith("run "))).toEqual([])
    }))

  it.effect("is unavailable where its details are", () =>
    Effect.gen(function*() {
      const { noFailure, unavailable } = yield* diagnose(
        { runs: began },
        { jobID: 7 },
        () => ({ get: () => forbidden }),
        without1
      )
      // It may be of the job, and have failed in the window.
      expect(noFailure?.failuresTruncated).toBe(true)
      expect(unavailable.map(({ part, runID, status }) => [part, runID, status])).toEqual([["details", 1, 403]])
    }))

  it.effect("may be behind the latest 5 such runs, which are read", () =>
    Effect.gen(function*() {
      const six = sixth(8)
      const { change, log } = logged()
      const { noFailure } = yield* diagnose({ runs: six }, { jobID: 7 }, change, without1)
      expect(noFailure?.failuresTruncated).toBe(true)
      expect(log.filter((one) => one.startsWith("run "))).toEqual([6, 5, 4, 3, 2].map((id) => `run ${id}`))
      const { noFailure: five } = yield* diagnose({ runs: six.filter(({ id }) => id !== 1) }, { jobID: 7 })
      expect(five?.failuresTruncated).toBe(false)
    }))

  it.effect("is found behind the latest 5 in one page of the failures before the window", () =>
    Effect.gen(function*() {
      const { change, log } = logged()
      // What the rows have of the job is no failure of the window.
      const runs = [...sixth(7), run(2500, { job: 7, start: 1 }), failing(2501, 7, -8)]
      const { otherFailures, run: found, unavailable } = yield* diagnose({ runs }, { jobID: 7 }, change)
      expect([found?.id, found?.runFailureReason, found?.jobID]).toEqual([1, divided, 7])
      expect([otherFailures.listed, otherFailures.truncated, unavailable]).toEqual([[], false, []])
      expect([pagesIn(log), log.filter((one) => one.startsWith("run "))]).toEqual([
        1,
        [6, 5, 4, 3, 2].map((id) => `run ${id}`)
      ])
      // A quiet window would ask for more: nothing of it was.
      expect(log).not.toContain("newest runs")
      expect(log.length).toBeLessThanOrEqual(24)
    }))

  it.effect("is none where the page has each of them with another job, and that is not requested again", () =>
    Effect.gen(function*() {
      const older = failing(9, 7, -60)
      const { change, log } = logged()
      const { noFailure } = yield* diagnose({ runs: [...sixth(8), older] }, { jobID: 7 }, change)
      expect([noFailure?.failuresTruncated, noFailure?.olderFailure?.id, pagesIn(log)]).toEqual([false, 9, 1])
      const none = logged()
      yield* diagnose({ runs: sixth(8) }, { jobID: 7 }, none.change)
      expect(pagesIn(none.log)).toBe(1)
    }))

  it.effect("needs no page where another failure of the job is known: there may be more of them", () =>
    Effect.gen(function*() {
      const cases = [[sixth(7), 8, 6], [[...sixth(7), failing(2500, 9, 1)], 9, 2500]] as const
      for (const [runs, jobID, id] of cases) {
        const { change, log } = logged()
        const { otherFailures, run } = yield* diagnose({ runs }, { jobID }, change)
        expect([run?.id, otherFailures.truncated, pagesIn(log)]).toEqual([id, true, 0])
      }
    }))

  it.effect("is found in that page where its own details are unavailable, which are not missed then", () =>
    Effect.gen(function*() {
      const noDetails: Change = () => ({ get: () => forbidden })
      const { run, unavailable } = yield* diagnose({ runs: began }, { jobID: 7 }, noDetails)
      expect([run?.id, unavailable]).toEqual([1, []])
      const { change, log } = logged()
      const { noFailure, unavailable: both } = yield* diagnose(
        { runs: began },
        { jobID: 7 },
        noDetails,
        refusing("failures before the window"),
        change
      )
      expect([noFailure?.failuresTruncated, pagesIn(log)]).toEqual([true, 1])
      expect(both.map(({ part, runID }) => [part, runID])).toEqual([["details", 1], ["history", undefined]])
    }))

  it.effect("is no older failure where only the failures before the window show it", () =>
    Effect.gen(function*() {
      const runs = [...began, failing(2, 7, -39, 1), failing(3, 7, -50, 47)]
      const { otherFailures, run, unavailable } = yield* diagnose(
        { runs },
        { jobID: 7 },
        refusing("failures of the window")
      )
      expect([run?.id, run?.runFailureReason, idsOf(otherFailures)]).toEqual([1, divided, [3]])
      expect(unavailable.map(({ part, status }) => [part, status])).toEqual([["runFailureReasons", 403]])
    }))

  it.effect("is no older failure behind more failures of the window than are read, and has its reason", () =>
    Effect.gen(function*() {
      const others = many(260, 8.9, 5000).map((_, index) => failing(5000 + index, 8, 8.9 - index / 100, 0.001))
      const runs = [failing(1, 7, -45, 41), ...others, ...many(100, -1, 2000), ...many(900, -6.1)]
      const { run } = yield* diagnose({ runs }, { jobID: 7 })
      expect([run?.id, run?.runFailureReason]).toEqual([1, divided])
    }))
})
