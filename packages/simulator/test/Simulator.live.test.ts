import * as RunWatch from "@coalesce-runs/core/RunWatch"
import * as Scenario from "@coalesce-runs/simulator/Scenario"
import type { SimulatedNode, SimulatedRun } from "@coalesce-runs/simulator/SimulatedRun"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"

const now = "2026-03-06T12:00:00Z" // a Friday

const scenario = Scenario.make({ now, timeZone: "Europe/London", seed: 7 }).pipe(
  Scenario.job({
    name: "Events",
    environmentID: "3",
    jobID: 9,
    at: { every: "15 minutes" },
    days: 1,
    takes: "4 minutes"
  }),
  Scenario.job({
    name: "Sales",
    environmentID: "3",
    jobID: 15,
    at: "02:00",
    takes: "11 minutes",
    weekdays: [1, 2, 3, 4, 5]
  }),
  Scenario.job({ name: "Finance", environmentID: "5", jobID: 21, at: ["06:00", "18:30"], days: 2, nodes: 5 })
)
const before = new Set(Scenario.runs(scenario).map(({ id }) => id))

const live = (options: Simulator.MemoryOptions = {}) =>
  Effect.provide(Simulator.layerClient({ scenario, live: { speed: 60 }, ...options }))

const order = ["waitingToRun", "initializing", "rendering", "running"]
const ends = ["completed", "failed", "canceled"]
const isOver = ({ runStatus }: SimulatedRun) => ends.includes(runStatus)
const isNew = ({ id }: SimulatedRun) => !before.has(id)

const nodesOf = ({ results }: SimulatedRun): ReadonlyArray<SimulatedNode> =>
  typeof results === "function" ? results() : []

/** The states of new runs over a simulated day, in the order in which they were first seen. */
const changesOfDay = (step: number) =>
  Effect.gen(function*() {
    const simulator = yield* Simulator.Simulator
    const known = new Set(yield* simulator.runs)
    const changes: Array<SimulatedRun> = []
    for (let second = 0; second < 86_400; second += step) {
      yield* TestClock.adjust(`${step} seconds`)
      for (const run of yield* simulator.runs) {
        if (known.has(run)) continue
        known.add(run)
        if (isNew(run)) changes.push(run)
      }
    }
    return changes
  }).pipe(live({ live: { speed: 1 } }))

describe("Simulator, live", () => {
  it.effect(
    "takes every run through all statuses in order to one end, under ids that grow with time",
    () =>
      Effect.gen(function*() {
        // No status is shorter than five seconds.
        const changes = yield* changesOfDay(5)
        const seen = new Map<number, Array<string>>()
        const starts: Array<number> = []
        for (const run of changes) {
          const statuses = seen.get(run.id) ?? []
          if (statuses.length === 0) starts.push(run.id)
          if (statuses.at(-1) !== run.runStatus) statuses.push(run.runStatus)
          seen.set(run.id, statuses)
          assert.strictEqual(run.runStartTime === undefined, run.runStatus === "waitingToRun")
          assert.strictEqual(run.runEndTime === undefined, !isOver(run))
          if (run.runStartTime !== undefined && run.runEndTime !== undefined) {
            assert.isBelow(Date.parse(run.runStartTime), Date.parse(run.runEndTime))
          }
        }
        assert.isAbove(seen.size, 90)
        for (const statuses of seen.values()) {
          const end = statuses.at(-1) ?? ""
          assert.deepStrictEqual(statuses, ends.includes(end) ? [...order, end] : order.slice(0, statuses.length))
        }
        assert.deepStrictEqual(starts, Array.from(starts, (_, index) => 1001 + before.size + index))
        const last = [...seen.values()].map((statuses) => statuses.at(-1) ?? "")
        for (const end of ends) assert.include(last, end)
      }),
    60_000
  )

  it.effect(
    "shows a run's nodes one after the other, with the rows of those that are complete",
    () =>
      Effect.gen(function*() {
        const changes = yield* changesOfDay(20)
        const complete = new Map<number, number>()
        let progressed = 0
        for (const run of changes) {
          const nodes = nodesOf(run)
          const done = nodes.filter(({ runState }) => runState === "complete").length
          const was = complete.get(run.id) ?? 0
          assert.isAtLeast(done, was)
          complete.set(run.id, done)
          if (run.runStatus === "running") {
            if (done > was) progressed++
            const [going, ...others] = nodes.filter(({ isRunning }) => isRunning)
            assert.deepStrictEqual(others, [])
            for (const query of going?.queryResults.filter(({ isRunning }) => isRunning) ?? []) {
              assert.isUndefined(query.endTime)
            }
          } else if (isOver(run)) {
            assert.isTrue(nodes.every(({ isRunning, runState }) => !isRunning && runState !== undefined))
            assert.strictEqual(nodes.some(({ runState }) => runState === "error"), run.runStatus === "failed")
            assert.strictEqual(run.runFailureReason !== undefined, run.runStatus === "failed")
          } else assert.deepStrictEqual(nodes, [])
          for (const { queryResults, runState } of nodes) {
            if (runState === "complete") assert.isTrue(queryResults.some(({ rowsInserted = 0 }) => rowsInserted > 0))
          }
        }
        assert.isAbove(progressed, 500)
      }),
    60_000
  )

  it.effect("runs failed runs again and deploys in between", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      yield* TestClock.adjust("24 minutes")
      const runs = yield* simulator.runs
      const reRuns = runs.filter((run) => isNew(run) && run.reRunID !== undefined)
      assert.isAbove(reRuns.length, 2)
      for (const { id, reRunID = 0, runDetails, runStartTime = "" } of reRuns) {
        const original = runs.find((run) => run.id === reRunID)
        assert.strictEqual(original?.runStatus, "failed")
        assert.isBelow(reRunID, id)
        assert.isBelow(Date.parse(original?.runEndTime ?? ""), Date.parse(runStartTime))
        assert.strictEqual(original?.runDetails?.["jobID"], runDetails?.["jobID"])
      }
      const deploys = runs.filter(({ runType }) => runType === "deploy")
      assert.deepStrictEqual(new Set(deploys.map(({ environmentID }) => environmentID)), new Set(["3", "5"]))
    }).pipe(live()))

  it.effect("starts jobs when they are due in the scenario's zone, on their days of the week", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      // Until the Tuesday after; daylight saving begins on the 29th, at the end of the third week.
      const startsOf = (runs: ReadonlyArray<SimulatedRun>, jobID: number) =>
        runs.filter((run) => isNew(run) && run.runDetails?.["jobID"] === jobID && run.reRunID === undefined)
          .map(({ runStartTime = "" }) => runStartTime.slice(0, 15))
      yield* TestClock.adjust(`${4 * 24} minutes`)
      assert.deepStrictEqual(startsOf(yield* simulator.runs, 15), ["2026-03-09T02:0", "2026-03-10T02:0"])
      yield* TestClock.adjust(`${21 * 24} minutes`)
      assert.deepStrictEqual(startsOf(yield* simulator.runs, 15).slice(-3), [
        "2026-03-27T02:0",
        "2026-03-30T01:0",
        "2026-03-31T01:0"
      ])
      assert.deepStrictEqual(startsOf(yield* simulator.runs, 21).slice(0, 2), ["2026-03-06T18:3", "2026-03-07T06:0"])
    }).pipe(live()))

  it.effect("gives the same runs whether it is read often or once", () =>
    Effect.gen(function*() {
      const read = (times: number) =>
        Effect.gen(function*() {
          const simulator = yield* Simulator.Simulator
          for (let time = 0; time < times; time++) {
            yield* TestClock.adjust(`${360 / times} seconds`)
            yield* simulator.runs
          }
          const runs = yield* simulator.runs
          return runs.map((run) => ({ ...run, results: nodesOf(run) }))
        }).pipe(live())
      assert.deepStrictEqual(yield* read(180), yield* read(1))
    }))

  it.effect("tells a watch each end once", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const told: Array<readonly [number, string]> = []
      const watching = yield* Effect.forkChild(
        RunWatch.ended({}, { every: "1 second", idleEvery: "1 second" }).pipe(
          Stream.runForEach(({ run, to }) => Effect.sync(() => told.push([run.id, to])))
        )
      )
      for (let minute = 0; minute < 24; minute++) yield* TestClock.adjust("1 minute")
      const ended = (yield* simulator.runs).filter((run) => isNew(run) && isOver(run))
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.interrupt(watching)
      assert.isAbove(ended.length, 90)
      for (const { id, runStatus } of ended) {
        assert.deepStrictEqual(told.filter(([told]) => told === id), [[id, runStatus]])
      }
      assert.strictEqual(new Set(told.map(([id]) => id)).size, told.length)
    }).pipe(live()), 60_000)

  it.effect("ends the runs that had not ended when it began, and leaves alone what a test changes or deletes", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const unfinished = (yield* simulator.runs).filter((run) => !isOver(run)).map(({ id }) => id)
      assert.isAtLeast(unfinished.length, 3)
      const [changed = 0, deleted = 0, ...others] = unfinished
      yield* simulator.update((runs) => runs.map((run) => run.id === changed ? { ...run, runStatus: "running" } : run))
      yield* simulator.delete(deleted)
      yield* simulator.append({ id: 50_000, runType: "refresh", runStatus: "waitingToRun" })
      yield* TestClock.adjust("1 minute")
      const runs = new Map((yield* simulator.runs).map((run) => [run.id, run]))
      assert.strictEqual(runs.get(changed)?.runStatus, "running")
      assert.isFalse(runs.has(deleted))
      assert.isTrue(others.every((id) => ends.includes(runs.get(id)?.runStatus ?? "")))
      assert.strictEqual(runs.get(50_000)?.runStatus, "waitingToRun")
      assert.isTrue(runs.has(50_001))
    }).pipe(Effect.provide(Simulator.layerClient({ live: {} }))))
})
