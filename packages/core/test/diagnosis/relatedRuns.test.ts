// What other runs say of a failure: earlier ones, those of the same night, and later ones.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { RunsInMemory } from "../../src/index.ts"
import {
  type Change,
  diagnose,
  forbidden,
  idsOf,
  kindOf,
  logged,
  refusing,
  withoutResults
} from "../support/diagnosed.ts"
import { failing, messages } from "../support/failedNight.ts"
import { completed, divided, failed, quota, run } from "../support/health.ts"
import { many, type TestRun } from "../support/quietNight.ts"

describe("whether a cause was seen before", () => {
  const before = [failing(1, 7, -100), run(2, { job: 7, start: -99 })]
  const results = messages([1, divided], [401, divided])

  it.effect("is told of the failures before the last success, and whether there may be more of them", () =>
    Effect.gen(function*() {
      const runs = [...before, failing(401, 7, 1)]
      const seen = (night: RunsInMemory.TestOptions, ...changes: ReadonlyArray<Change>) =>
        Effect.map(diagnose(night, {}, ...changes), ({ seenBefore }) => seenBefore)
      expect(yield* seen({ runs, results })).toMatchObject({ failures: 1, same: 1, passed: 1, truncated: false })
      expect(yield* seen({ runs, results }, refusing("failed runs"))).toMatchObject({ failures: 1, truncated: true })
      const full = [...runs, ...many(120, -30, 100).map(({ id }, index) => failing(id, 8, -30 - index))]
      expect(yield* seen({ runs: full, results })).toMatchObject({ failures: 1, truncated: true })
      // A failure more than 90 days ago shows that all since then were read.
      const whole = [...full, failing(399, 8, -2300)]
      expect(yield* seen({ runs: whole, results })).toMatchObject({ failures: 1, truncated: false })
    }))

  it.effect("is told of a failure that the rows do not reach, and of what came after it", () =>
    Effect.gen(function*() {
      const night = {
        runs: [...before, ...many(300, 0, 10), run(400, { job: 7, start: 0.5 }), failing(401, 7, 1)],
        results
      }
      const { change, log } = logged()
      const { seenBefore } = yield* diagnose(night, {}, change)
      expect(seenBefore).toMatchObject({
        failures: 1,
        same: 1,
        passed: 1,
        occurrences: { listed: [{ run: { id: 1 }, passed: { id: 2 } }] }
      })
      expect(log.filter((one) => one === "later runs")).toHaveLength(2)
      const unfollowed: Change = ({ listPage }) => ({
        listPage: (query) => kindOf(query) === "later runs" && query?.startingFrom === 1 ? forbidden : listPage(query)
      })
      const found = yield* diagnose(night, {}, unfollowed)
      expect(found.seenBefore).toMatchObject({ failures: 1, same: 1, passed: 0 })
      expect(found.unavailable.map(({ part, runID }) => [part, runID])).toEqual([["earlierFailures", 401]])
    }))

  it.effect("is asked of no other run where the run's own nodes are unavailable", () =>
    Effect.gen(function*() {
      const { change, log } = logged()
      yield* diagnose({ runs: [...before, failing(401, 7, 1)], results }, {}, withoutResults(401), change)
      expect(log.filter((one) => one.startsWith("results"))).toEqual(["results 401"])
    }))

  it.effect("compares reasons behind a hundred newer runs", () =>
    Effect.gen(function*() {
      const runs = [
        failing(1, 7, -100, { reason: divided }),
        run(2, { job: 7, start: -99 }),
        failing(3, 7, -98, { reason: divided }),
        ...many(150, 8, 10)
      ]
      const { history } = yield* diagnose({ runs }, { runID: 3 })
      expect(history?.earlierFailure).toMatchObject({ run: { id: 1 }, compared: { cause: "same" } })
    }))
})

describe("the other failures of a night", () => {
  const others = [1, 2, 3, 4, 5, 6].map((id) => failing(id, 10 + id, -id))
  const night = {
    runs: [...others, failing(9, 7, 1)],
    results: (id: number) => [failed(id === 2 ? quota : divided)]
  }

  it.effect("are compared by their nodes where their reasons name no cause: the latest four", () =>
    Effect.gen(function*() {
      const { change, log } = logged()
      const { otherFailures } = yield* diagnose(night, {}, change)
      expect(otherFailures.causes).toEqual({ same: 3, other: 1, notKnown: 2 })
      expect(log.filter((one) => one.startsWith("results"))).toEqual([9, 1, 2, 3, 4].map((id) => `results ${id}`))
    }))

  it.effect("are read once, though one that ran at the same time may hold the root, too", () =>
    Effect.gen(function*() {
      const { change, log } = logged()
      yield* diagnose({ ...night, runs: [failing(1, 11, -1, { took: 8 }), failing(9, 7, 1)] }, {}, change)
      expect(log.filter((one) => one.startsWith("results"))).toEqual(["results 9", "results 1"])
    }))

  it.effect("are compared by their reasons where those do, at no request", () =>
    Effect.gen(function*() {
      const { change, log } = logged()
      const runs = [
        failing(1, 8, -1, { reason: divided }),
        failing(2, 8, -2, { reason: quota }),
        failing(9, 7, 1, { reason: divided })
      ]
      const { otherFailures } = yield* diagnose({ runs }, {}, change)
      expect(otherFailures.causes).toEqual({ same: 1, other: 1, notKnown: 0 })
      expect(log.filter((one) => one.startsWith("results"))).toEqual(["results 9"])
    }))

  it.effect("are of a cause that is not known where their nodes are unavailable", () =>
    Effect.gen(function*() {
      const { otherFailures, unavailable } = yield* diagnose(night, {}, withoutResults(1))
      expect(otherFailures.causes).toEqual({ same: 2, other: 1, notKnown: 3 })
      expect(unavailable.map(({ part, runID }) => [part, runID])).toEqual([["otherRuns", 1]])
    }))
})

describe("the root of a failure in another run of the night", () => {
  const missing = "002003 (42S02): SQL compilation error:\nObject 'RAW.ORDERS' does not exist or not authorized."
  const found = (other: TestRun, ...changes: ReadonlyArray<Change>) =>
    diagnose(
      {
        runs: [other, failing(5, 7, 1, { took: 1 })],
        results: { [other.id]: [failed(divided, "ORDERS")], 5: [failed(missing, "STG_ORDERS")] }
      },
      { runID: 5 },
      ...changes
    )
  const rootOf = (other: TestRun) =>
    Effect.map(found(other), ({ roots }) => roots?.map(({ node, run }) => [node, run?.id]))

  it.effect("is one that began before the run ended, whether it came before or after it", () =>
    Effect.gen(function*() {
      expect(yield* rootOf(failing(4, 8, -2))).toEqual([["ORDERS", 4]])
      expect(yield* rootOf(failing(6, 8, 1.5))).toEqual([["ORDERS", 6]])
      expect(yield* rootOf(failing(6, 8, 2.5))).toBeUndefined()
      expect(yield* rootOf(failing(4, 8, -30))).toBeUndefined()
    }))

  it.effect("is of the same night, though another failure of the window was read to compare it", () =>
    Effect.gen(function*() {
      const night = {
        runs: [failing(4, 8, -30), failing(5, 7, 1)],
        results: { 4: [failed(divided, "ORDERS")], 5: [failed(missing, "STG_ORDERS")] }
      }
      const { otherFailures, roots } = yield* diagnose(night, {
        since: "2026-11-01T00:00:00Z",
        until: "2026-11-03T09:00:00Z"
      })
      expect([idsOf(otherFailures), roots]).toEqual([[4], undefined])
    }))

  it.effect("is not known where the nodes of that run are unavailable", () =>
    Effect.gen(function*() {
      const { roots, unavailable } = yield* found(failing(4, 8, -2), withoutResults(4))
      expect(roots).toBeUndefined()
      expect(unavailable.map(({ part, runID }) => [part, runID])).toEqual([["otherRuns", 4]])
    }))
})

describe("the recovery of a run", () => {
  const after = (status: string, results: RunsInMemory.TestResults, ...changes: ReadonlyArray<Change>) =>
    Effect.map(
      diagnose(
        {
          runs: [failing(1, 7, 1, { status }), run(2, { job: 7, start: 2, of: 1 })],
          results: { 1: [failed(divided)], 2: results }
        },
        { runID: 1 },
        ...changes
      ),
      ({ recovery, unavailable }) => [
        recovery?.state,
        recovery?.run?.id,
        recovery?.heldFailedNodes,
        unavailable.map(({ part, runID }) => [part, runID])
      ]
    )

  it.effect("hangs on the nodes of the later run, whether it failed or was canceled", () =>
    Effect.gen(function*() {
      for (const status of ["failed", "canceled"]) {
        expect(yield* after(status, [completed()])).toEqual(["recovered", 2, undefined, []])
        expect(yield* after(status, [completed("OTHER")])).toEqual(["unconfirmed", 2, false, []])
        expect((yield* after(status, [], withoutResults(2)))[3]).toEqual([["results", 2]])
        expect(yield* after(status, [], refusing("later runs"))).toEqual([undefined, undefined, undefined, [[
          "laterRuns",
          1
        ]]])
      }
    }))
})
