// What is kept of the runs of a job on one day, and of the values of many days: on either side of each bound.
import { assert, describe, it } from "@effect/vitest"
import { DayCount } from "../../src/baseline/dayCount.ts"
import { DayList } from "../../src/baseline/dayList.ts"
import { entriesOf, halfHour, quantile, sampleOf, twoDigits, valuesOf } from "../../src/baseline/sample.ts"
import type { Run } from "../../src/index.ts"
import { at, oneRun, type Refresh, refresh } from "../support/baseline.ts"

const start = at("2026-11-02T02:00:00Z")

const run = (id: number, more: Partial<Refresh> = {}): Run.RefreshRun => refresh({ id, start, ...more })

/** Counts runs, each in the minute of its index, beside those of an earlier day. */
const counted = (runs: ReadonlyArray<Run.AnyRun>, day = new DayCount()) => {
  runs.forEach((run, minute) => day.add(run, minute))
  return day.result("2026-11-02")
}

const many = <A>(count: number, make: (index: number) => A) => Array.from({ length: count }, (_, index) => make(index))

describe("a sample", () => {
  it("has each value with how often it came", () => {
    assert.deepStrictEqual(sampleOf([1, 1, 2, 5, 5, 5]), [1, 2, 2, 1, 5, 3])
    assert.deepStrictEqual(sampleOf([]), [])
    assert.deepStrictEqual(entriesOf([1, 2, 5, 3]), [[1, 2], [5, 3]])
    assert.deepStrictEqual(valuesOf([[5, 3, 9, 1], [1, 2]]), [1, 1, 5, 5, 5, 9])
    assert.deepStrictEqual(valuesOf([]), [])
  })

  it("is rounded to two digits that count, or down to half an hour", () => {
    assert.deepStrictEqual([0, 99, 100, 104, 105, 994, 995, 1234, 98_765].map(twoDigits), [
      ...[0, 99, 100, 100, 110, 990, 1000],
      ...[1200, 99_000]
    ])
    assert.deepStrictEqual([0, 29, 30, 75, 1439].map(halfHour), [0, 0, 30, 60, 1410])
  })

  it("has quantiles between its values", () => {
    assert.deepStrictEqual([0, 0.5, 0.75, 1].map((part) => quantile([10, 20, 40], part)), [10, 20, 30, 40])
    assert.deepStrictEqual([quantile([7], 0.9), quantile([], 0.5)], [7, 0])
  })
})

describe("the values of days", () => {
  it("are found, replaced, in order, and gone when their day is", () => {
    const days = new DayList<string>()
    for (const [day, value] of [[5, "e"], [3, "c"], [9, "i"], [3, "C"]] as const) days.set(day, value)
    assert.strictEqual(days.size, 3)
    assert.deepStrictEqual([3, 5, 9, 4].map((day) => days.get(day)), ["C", "e", "i", undefined])
    assert.deepStrictEqual(days.sorted(), [[3, "C"], [5, "e"], [9, "i"]])
    assert.sameMembers([...days.expire(5)], ["C", "e"])
    assert.deepStrictEqual([days.size, days.sorted()], [1, [[9, "i"]]])
    assert.deepStrictEqual(days.expire(8), [])
    assert.deepStrictEqual([days.expire(9), days.size], [["i"], 0])
  })
})

describe("the runs of a job on one day", () => {
  it("are counted by status, and re-runs beside them", () => {
    const day = counted([
      run(4, { seconds: 90, nodesInRun: 3 }),
      run(3, { runStatus: "failed" }),
      run(2, { runStatus: "canceled" }),
      run(5, { reRunID: 3, seconds: 30, nodesInRun: 1 }),
      run(6, { reRunID: 2, runStatus: "failed" })
    ])
    assert.deepStrictEqual({ ...day, failedIDs: day.failedIDs.map(Number), reRunIDs: day.reRunIDs.map(Number) }, {
      day: "2026-11-02",
      runs: 5,
      completed: 1,
      failed: 1,
      starts: [0, 1, 1, 1, 2, 1],
      durations: [30, 1, 90, 1],
      nodes: [1, 1, 3, 1],
      failedIDs: [3, 6],
      reRunIDs: [3]
    })
  })

  it("have a duration only where it is known and not below zero, and as many nodes as fit", () => {
    const { runEndTime: _, ...noEnd } = run(1)
    const { runStartTime: _start, ...noStart } = run(2)
    const durations = (one: Run.AnyRun) => counted([one]).durations
    assert.deepStrictEqual([noEnd, noStart, run(3, { seconds: -1 })].map(durations), [[], [], []])
    assert.deepStrictEqual(durations(run(4, { seconds: 0 })), [0, 1])
    assert.deepStrictEqual(durations(run(5, { seconds: 1.4 })), [1, 1])
    assert.deepStrictEqual(durations(run(5, { seconds: 1.6 })), [2, 1])
    const largest = 2 ** 31 - 1
    assert.deepStrictEqual(durations(run(6, { seconds: 2 ** 31 + 5 })), [largest, 1])
    const nodes = (nodesInRun: number | undefined) => counted([run(7, { nodesInRun })]).nodes
    assert.deepStrictEqual([undefined, -5, 0, 2 ** 40].map(nodes), [[], [], [0, 1], [largest, 1]])
  })

  it("keep the first 20 ids of failures, and each re-run once", () => {
    const ids = many(30, (index) => 130 - index)
    const day = counted([
      ...ids.map((id) => run(id, { runStatus: "failed" })),
      ...[9, 9, 8].map((reRunID, index) => run(200 + index, { reRunID }))
    ])
    assert.deepStrictEqual(day.failedIDs.map(Number), many(20, (index) => 101 + index))
    assert.deepStrictEqual(day.reRunIDs.map(Number), [8, 9])
  })

  it("are exact up to 48, and rounded beyond", () => {
    const day = (count: number) =>
      counted(many(count, (index) => run(index + 1, { seconds: 1000 + index, nodesInRun: 101 })))
    assert.deepStrictEqual([day(48).starts.length, day(48).durations.length, day(48).nodes], [96, 96, [101, 48]])
    assert.deepStrictEqual(day(49).starts, [0, 30, 30, 19])
    assert.deepStrictEqual(day(49).durations, [1000, 49])
    assert.deepStrictEqual(day(49).nodes, [100, 49])
    assert.deepStrictEqual(day(9).starts, many(9, (index) => [index, 1]).flat())
    const longest = counted(many(50, (index) => run(index + 1, { seconds: 5000 - 100 * index })))
    assert.deepStrictEqual(longest.durations, many(50, (index) => [100 + 100 * index, 1]).flat())
    // Re-runs have no start of their own.
    const reRuns = counted(many(60, (index) => run(index + 1, { reRunID: 1, seconds: undefined })))
    assert.deepStrictEqual([reRuns.runs, reRuns.starts, reRuns.durations, reRuns.nodes], [60, [], [], [12, 60]])
  })

  it("go on from an earlier day, exact or rounded, and begin anew as another", () => {
    const more = (count: number) =>
      many(count, (index) =>
        run(200 - index, {
          seconds: 1000 + index,
          nodesInRun: 101,
          ...(index % 3 === 0 ? { runStatus: "failed" } : index % 3 === 1 ? { reRunID: 99 - index } : {})
        }))
    const goesOn = (runs: ReadonlyArray<Run.AnyRun>, first: number) => {
      const day = new DayCount().begin(counted(runs.slice(0, first)))
      runs.slice(first).forEach((run, index) => day.add(run, first + index))
      assert.deepStrictEqual(day.result("2026-11-02"), counted(runs), `${first} of ${runs.length}`)
    }
    for (const [first, second] of [[20, 20], [20, 40], [60, 5], [48, 1], [49, 0]] as const) {
      goesOn(more(first + second), first)
      goesOn(many(first + second, (index) => run(index + 1, { seconds: 1000 + index, nodesInRun: 101 })), first)
    }
    const used = new DayCount()
    counted(more(60), used)
    assert.deepStrictEqual(counted(more(3), used.begin()), counted(more(3)))
    const known = { day: "2026-11-02", ...oneRun, runs: 7, completed: 2, failed: 3 }
    assert.deepStrictEqual(new DayCount().begin(known).result("2026-11-02"), known)
  })
})
