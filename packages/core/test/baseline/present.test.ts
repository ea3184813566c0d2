// Which runs are unlike the usual, as tables of calls: on either side of each bound.
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import type { JobRuns } from "../../src/baseline/jobRuns.ts"
import type { Day, Job } from "../../src/baseline/model.ts"
import { longFrom, presentOf, type Start } from "../../src/baseline/present.ts"
import { Run, type RunList } from "../../src/index.ts"
import { oneRun } from "../support/baseline.ts"

const minute = 60_000
const day = 24 * 60 * minute

const noon = Date.parse("2026-11-16T12:00:00Z")
const ago = (millis: number): DateTime.Utc => DateTime.makeUnsafe(noon - millis)

const run = (id: number, more: Partial<RunList.RunLine> = {}): RunList.RunLine => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "running",
  ...more
})

const job: Job = { key: "job 7", runType: "refresh", runs: 10, days: [] }

const dayOf = (more: Partial<Day>): Day => ({
  day: "2026-11-15",
  ...oneRun,
  ...more
})

const of = (runs: ReadonlyArray<RunList.RunLine>, known?: Job): JobRuns => ({
  identity: { key: "job 7", runType: "refresh" },
  job: known,
  runs
})

const found = (runs: JobRuns, starts: ReadonlyArray<Start> = [], now = noon) =>
  presentOf(runs, starts, now).map(({ kind, run, since, times }) => [
    kind,
    run?.id,
    ...(since === undefined ? [] : [(noon - DateTime.toEpochMillis(since)) / minute]),
    ...(times === undefined ? [] : [times])
  ])

describe("the duration from which a run is far longer than usual", () => {
  const minutes = (p50: number, p95: number, longest: number, runs: number) =>
    longFrom({ p50Millis: p50 * minute, p95Millis: p95 * minute, longestMillis: longest * minute, runs }) / minute
  it.each(
    [
      ["three times p95", [20, 20, 20, 10], 60],
      ["five times p95, if few runs are known", [20, 20, 20, 9], 100],
      ["more times, where durations are spread", [10, 20, 20, 10], 80],
      ["six times at most", [10, 30, 30, 10], 180],
      ["five times, where few durations are a little spread", [10, 20, 20, 9], 100],
      ["three times, where half of the runs took no time", [0, 20, 20, 10], 60],
      ["a quarter of an hour beyond p95 at least", [1, 1, 1, 10], 16],
      ["one and a half times the longest at least", [10, 10, 60, 10], 90]
    ] as const
  )("is %s", (_, [p50, p95, longest, runs], expected) => {
    assert.strictEqual(minutes(p50, p95, longest, runs), expected)
  })
})

describe("a run that has not ended", () => {
  const known: Job = {
    ...job,
    duration: { p50Millis: 20 * minute, p95Millis: 20 * minute, longestMillis: 20 * minute, runs: 10 }
  }
  const slow: Job = {
    ...job,
    duration: { p50Millis: day, p95Millis: day, longestMillis: day, runs: 10 }
  }
  const runsFor = (millis: number, job?: Job) => found(of([run(1, { runStartTime: ago(millis) })], job))

  it("is long beyond that duration, and stuck beyond a day too", () => {
    assert.deepStrictEqual(runsFor(60 * minute, known), [])
    assert.deepStrictEqual(runsFor(60.5 * minute, known), [["long", 1, 60.5]])
    assert.deepStrictEqual(runsFor(day, known), [["long", 1, day / minute]])
    assert.deepStrictEqual(runsFor(day + minute, known), [["stuck", 1, day / minute + 1]])
    assert.deepStrictEqual(runsFor(2 * day, slow), [])
    assert.deepStrictEqual(runsFor(4 * day, slow), [["stuck", 1, 4 * day / minute]])
  })

  it("is stuck beyond a day, and never long, where no duration is known", () => {
    for (const unknown of [undefined, job]) {
      assert.deepStrictEqual(runsFor(day, unknown), [])
      assert.deepStrictEqual(runsFor(day + minute, unknown), [["stuck", 1, day / minute + 1]])
    }
  })

  it("waits from half an hour on after a later run started, the first of them", () => {
    const start = (id: number, minutes: number): Start => ({ id, start: ago(minutes * minute) })
    const waits = (...starts: ReadonlyArray<Start>) => found(of([run(5, { runStatus: "waitingToRun" })]), starts)
    assert.deepStrictEqual(waits(), [])
    assert.deepStrictEqual(waits(start(4, 90), start(5, 90)), [])
    assert.deepStrictEqual(waits(start(6, 30)), [])
    assert.deepStrictEqual(waits(start(6, 31)), [["waiting", 5, 31]])
    assert.deepStrictEqual(waits(start(6, 31), start(7, 45), start(8, 10)), [["waiting", 5, 45]])
    // A run that has not started waits, whatever its status says.
    assert.deepStrictEqual(found(of([run(5)]), [start(6, 31)]), [["waiting", 5, 31]])
  })

  it("waits since its own time, where its row has one, whatever is usual", () => {
    const waits = (minutes: number) =>
      found(of([run(5, { runStatus: "waitingToRun", runStartTime: ago(minutes * minute) })], known))
    assert.deepStrictEqual(waits(30), [])
    assert.deepStrictEqual(waits(31), [["waiting", 5, 31]])
    assert.deepStrictEqual(waits(day / minute + 1), [["waiting", 5, day / minute + 1]])
  })
})

describe("a run with far fewer nodes", () => {
  const nodes = (nodesInRun: number | undefined, before: ReadonlyArray<number>, p50 = 10, runStatus = "completed") =>
    found(of(
      [run(1, {
        runStatus,
        runStartTime: ago(minute),
        runEndTime: ago(0),
        ...(nodesInRun === undefined ? {} : { nodesInRun })
      })],
      { ...job, nodes: { p50, runs: before.length }, days: before.map((count) => dayOf({ nodes: [count, 1] })) }
    ))
  const tens = [10, 10, 10, 10, 10]

  it("has less than half of what is usual, and of what nearly every run had", () => {
    assert.deepStrictEqual(nodes(5, tens), [])
    assert.deepStrictEqual(nodes(4, tens), [["fewerNodes", 1]])
    assert.deepStrictEqual(nodes(0, tens), [["noNodes", 1]])
    // A run before had few as well.
    assert.deepStrictEqual(nodes(4, [3, ...tens]), [])
    assert.deepStrictEqual(nodes(3, [6, 6, 6, 6, 6, 10]), [])
    assert.deepStrictEqual(nodes(2, [6, 6, 6, 6, 6, 10]), [["fewerNodes", 1]])
  })

  it("may be among the runs that are known, once", () => {
    assert.deepStrictEqual(nodes(4, [...tens, 4]), [["fewerNodes", 1]])
    assert.deepStrictEqual(nodes(3, [...tens, 3, 3]), [])
    // Four others are too few.
    assert.deepStrictEqual(nodes(4, [10, 10, 10, 10]), [])
    assert.deepStrictEqual(nodes(4, [10, 10, 10, 10, 4]), [])
  })

  it("has completed, and says how many it has", () => {
    assert.deepStrictEqual(nodes(4, tens, 10, "failed"), [])
    assert.deepStrictEqual(nodes(undefined, tens), [])
    assert.deepStrictEqual(found(of([run(1, { runStatus: "completed", runEndTime: ago(0), nodesInRun: 4 })], job)), [])
    assert.deepStrictEqual(found(of([run(1, { runStatus: "completed", runEndTime: ago(0), nodesInRun: 4 })])), [])
    // Half of the usual is more than the p50 says.
    assert.deepStrictEqual(nodes(4, tens, 8), [])
  })
})

describe("a loop of failures", () => {
  /** Runs that ended, the last one now: how many minutes apart, and how each ended. */
  const loop = (gaps: ReadonlyArray<number>, statuses: string, job?: Job) => {
    let at = gaps.reduce((sum, gap) => sum + gap, 0)
    const runs = [...statuses].map((status, index) => {
      const start = ago(at * minute)
      at -= gaps[index] ?? 0
      return run(index + 1, {
        runStatus: { F: "failed", P: "completed", C: "canceled" }[status] ?? status,
        runStartTime: start,
        runEndTime: start
      })
    })
    return found(of(runs, job))
  }
  const perDay = (...counts: ReadonlyArray<number>): Job => ({
    ...job,
    days: counts.map((runs) => dayOf({ runs }))
  })

  it("has five in succession, a quarter of an hour apart where nothing is usual", () => {
    assert.deepStrictEqual(loop([15, 15, 15, 15], "FFFFF"), [["loop", 5, 60, 5]])
    assert.deepStrictEqual(loop([16, 16, 16, 16], "FFFFF"), [])
    assert.deepStrictEqual(loop([15, 15, 15], "FFFF"), [])
    assert.deepStrictEqual(loop([5, 15, 15, 15, 15], "PFFFFF"), [["loop", 6, 60, 5]])
    assert.deepStrictEqual(loop([5, 5, 5, 5, 5], "FPFFFF"), [])
    assert.deepStrictEqual(loop([5, 5, 5, 5, 5], "FFFFFP"), [])
  })

  it("is told by the p50 of the distances, whatever their order", () => {
    assert.deepStrictEqual(loop([90, 10, 10, 100, 10], "FFFFFF"), [["loop", 6, 220, 6]])
    assert.deepStrictEqual(loop([10, 90, 100, 10, 90], "FFFFFF"), [])
    // Sorted as text, 100 would stand before 14.
    assert.deepStrictEqual(loop([14, 100, 5, 100, 14, 100, 14], "FFFFFFFF"), [["loop", 8, 347, 8]])
  })

  it("comes four times as often as the job starts, and every six hours at least", () => {
    assert.deepStrictEqual(loop([90, 90, 90, 90], "FFFFF", perDay(4)), [["loop", 5, 360, 5]])
    assert.deepStrictEqual(loop([91, 91, 91, 91], "FFFFF", perDay(4)), [])
    assert.deepStrictEqual(loop([360, 360, 360, 360], "FFFFF", perDay(1)), [["loop", 5, 1440, 5]])
    assert.deepStrictEqual(loop([361, 361, 361, 361], "FFFFF", perDay(1)), [])
    // The p50 of the days is 10.
    assert.deepStrictEqual(loop([36, 36, 36, 36], "FFFFF", perDay(10, 100, 9)), [["loop", 5, 144, 5]])
    assert.deepStrictEqual(loop([37, 37, 37, 37], "FFFFF", perDay(10, 100, 9)), [])
  })

  it("leaves out runs that were canceled or have not started", () => {
    assert.deepStrictEqual(loop([10, 5, 5, 10, 10, 10], "FFCFFFF"), [["loop", 7, 50, 6]])
    const failed = Array.from(
      { length: 5 },
      (_, index) =>
        run(index + 1, { runStatus: "failed", ...(index === 4 ? {} : { runStartTime: ago((5 - index) * minute) }) })
    )
    assert.deepStrictEqual(found(of(failed)), [])
  })
})
