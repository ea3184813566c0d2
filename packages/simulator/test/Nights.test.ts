import * as Run from "@coalesce-runs/core/Run"
import * as RunResult from "@coalesce-runs/core/RunResult"
import { Nights, Scenario, SimulatedRun } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"

const nights = Nights.all()

const day = 86_400_000

const told = (run: SimulatedRun.SimulatedRun): string =>
  `${String(run.runDetails?.refreshDescription ?? run.runDetails?.deployCommitMessage)} ${run.runStatus}`

/** What ended otherwise than completed since 18:00 of the evening before, or was a deploy or a re-run, with how often. */
const unusual = ({ history, now }: Nights.Night): Record<string, number> => {
  const since = DateTime.toEpochMillis(now) - 15 * 3_600_000
  const counts: Record<string, number> = {}
  for (const run of Scenario.runs(history)) {
    const end = run.runEndTime === undefined ? Infinity : Date.parse(run.runEndTime)
    if (end < since || told(run) === "Morning mart running") continue
    if (run.runStatus === "completed" && run.runType === "refresh" && run.reRunID === undefined) continue
    const name = told(run) + (run.reRunID === undefined ? "" : ", a re-run")
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** Written down here, apart from what builds the nights. What is not told here completed. */
const facts: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "a quota that stops many jobs": {
    "Finance close failed": 1,
    "Daily sales failed": 1,
    "Inventory snapshot failed": 1,
    "Customer 360 failed": 1,
    "Marketing attribution failed": 1
  },
  "a job that fails every few minutes": { "Hourly events failed": 57 },
  "a failed load before the jobs that read it": {
    "Raw ingest failed": 1,
    "Finance close failed": 1,
    "Daily sales failed": 1
  },
  "a load that was still at work when its reader began": { "Daily sales failed": 1 },
  "a lock that is gone when the job runs again": { "Daily sales failed": 1, "Daily sales completed, a re-run": 1 },
  "a lock that another run holds": { "Daily sales failed": 1 },
  "a failure that a deploy mended": {
    "Rename ORDER_ID to ORDER_KEY in STG_ORDERS completed": 1,
    "Daily sales failed": 1,
    "Revert \"Rename ORDER_ID to ORDER_KEY in STG_ORDERS\" completed": 1,
    "Daily sales completed, a re-run": 1
  },
  "a deploy that was reverted after the failure": {
    "Rename ORDER_ID to ORDER_KEY in STG_ORDERS completed": 1,
    "Daily sales failed": 1,
    "Revert \"Rename ORDER_ID to ORDER_KEY in STG_ORDERS\" completed": 1
  },
  "a renamed job that fails": { "Daily revenue failed": 1 },
  "a run that began before the night and failed in it": { "Evening extract failed": 1 },
  "a canceled run in which a node had failed": { "Customer 360 canceled": 1 },
  "a running run in which a node has failed": {},
  "two causes in one night": {
    "Finance close failed": 1,
    "Daily sales failed": 1,
    "Customer 360 failed": 1,
    "Finance reporting failed": 1
  },
  "hundreds of failures": {
    "Hourly events failed": 300,
    "Finance close failed": 1,
    "Daily sales failed": 1,
    "Inventory snapshot failed": 1,
    "Customer 360 failed": 1,
    "Finance reporting failed": 1
  },
  "a failure of days ago that has not run since": {},
  "a nightly that did not run": {},
  "a nightly that ran hours late": {},
  "a run that is stuck": { "Customer 360 running": 1 },
  "a run that took far longer than usual": {},
  "a run that waits for its start": { "Finance reporting waitingToRun": 1 },
  "a run with far fewer nodes": {},
  "a run without a node": {},
  "a run that wrote no rows": {},
  "failed data tests in a run that completed": {},
  "a failed uniqueness test before a merge that fails": { "Daily sales failed": 1 },
  "a status that is not known, with an end": { "Inventory snapshot terminatedByPlatform": 1 },
  "all well": {},
  "a quiet Sunday": {},
  "all well after daylight saving began": {}
}

const lastOf = (night: Nights.Night, job: string) => {
  const run = Scenario.runs(night.history).findLast(({ runDetails }) => runDetails?.refreshDescription === job)
  const { results = [] } = run ?? {}
  return {
    run,
    nodes: Schema.decodeUnknownSync(RunResult.RunResults)({ data: typeof results === "function" ? results() : results })
      .data
  }
}

describe("the nights", () => {
  it("are more than twenty, of different names, and each is found by its name", () => {
    expect(nights.length).toBeGreaterThan(20)
    expect(new Set(nights.map(({ name }) => name)).size).toBe(nights.length)
    expect(nights.map(({ name }) => name)).toEqual(Object.keys(facts))
    for (const { description, name } of nights) expect(Nights.get(name).description).toBe(description)
    expect(() => Nights.get("a night of bliss")).toThrow(
      "There is no night \"a night of bliss\". The nights are: a quota"
    )
  })

  it("are the same each time", () => {
    const again = Nights.all()
    for (const [index, { history }] of nights.entries()) {
      const other = again[index]
      expect(other === undefined ? [] : Scenario.runs(other.history).map((run) => JSON.stringify(run))).toEqual(
        Scenario.runs(history).map((run) => JSON.stringify(run))
      )
    }
  })
})

describe("the written-down facts of", () => {
  for (const night of nights) it(night.name, () => expect(unusual(night)).toEqual(facts[night.name]))
})

describe("the history of every night", () => {
  for (const night of nights) {
    const runs = Scenario.runs(night.history)
    const now = DateTime.toEpochMillis(night.now)

    it(`has six weeks of jobs in three environments before it: ${night.name}`, () => {
      expect(now - Date.parse(runs[0]?.runStartTime ?? "")).toBeGreaterThan(42 * day)
      const ordinary = runs.filter(({ runEndTime = "" }) => Date.parse(runEndTime) < now - 4 * day)
      expect(new Set(ordinary.map(({ environmentID }) => environmentID)).size).toBe(3)
      expect(new Set(ordinary.map(({ runDetails }) => runDetails?.jobID).filter(Boolean)).size).toBe(12)
      // A night is found by what it is, not by a history of failures.
      expect(ordinary.filter(({ runStatus }) => runStatus === "failed").length).toBeLessThan(8)
    })

    it(`decodes and ends at its now: ${night.name}`, () => {
      const decode = Schema.decodeUnknownSync(Run.Run)
      for (const run of runs) {
        expect(decode(SimulatedRun.detailedRow(run)).id).toBe(run.id)
        for (const time of [run.runStartTime, run.runEndTime]) {
          if (time !== undefined) expect(Date.parse(time)).toBeLessThanOrEqual(now)
        }
      }
    })
  }
})

describe("what only the details of a night tell:", () => {
  const of = (name: string, job: string) => lastOf(Nights.get(name), job)

  it("a missing nightly last ran the night before", () => {
    expect(of("a nightly that did not run", "Daily sales").run?.runStartTime).toMatch(/^2026-03-09T02:00/)
  })

  it("a late one began at 06:40", () => {
    expect(of("a nightly that ran hours late", "Inventory snapshot").run?.runStartTime).toMatch(/^2026-03-10T06:40/)
  })

  it("a stuck one has no end, and stands at one node", () => {
    const { nodes, run } = of("a run that is stuck", "Customer 360")
    expect(run?.runEndTime).toBeUndefined()
    expect(nodes.filter(({ isRunning }) => isRunning)).toHaveLength(1)
  })

  it("a shrunk one has three nodes of twenty, an empty one none", () => {
    expect(of("a run with far fewer nodes", "Customer 360").nodes).toHaveLength(3)
    const { nodes, run } = of("a run without a node", "Inventory snapshot")
    expect([nodes.length, run?.runDetails?.nodesInRun, run?.runStatus]).toEqual([0, 0, "completed"])
  })

  it("one without rows had thousands the night before", () => {
    const rows = (night: Nights.Night) =>
      lastOf(night, "Daily sales").nodes.flatMap(({ queryResults = [] }) => queryResults)
        .reduce((sum, { rowsInserted = 0 }) => sum + rowsInserted, 0)
    expect(rows(Nights.get("a run that wrote no rows"))).toBe(0)
    expect(rows(Nights.get("all well"))).toBeGreaterThan(10_000)
  })

  it("a run that was canceled, or still runs, has a failed node and no reason", () => {
    for (
      const [name, job] of [
        ["a canceled run in which a node had failed", "Customer 360"],
        ["a running run in which a node has failed", "Morning mart"]
      ] as const
    ) {
      const { nodes, run } = of(name, job)
      expect(nodes.filter((node) => RunResult.outcome(node) === "failed").map(({ name }) => name)).toEqual([
        "STG_CUSTOMERS"
      ])
      expect(run?.runFailureReason).toBeUndefined()
    }
  })

  it("the statement that holds the lock is one of Raw ingest, which ran at that time", () => {
    const night = "a lock that another run holds"
    const holder = of(night, "Raw ingest").nodes.flatMap(({ queryResults = [] }) => queryResults)
    const waiter = of(night, "Daily sales").nodes.flatMap(({ queryResults = [] }) => queryResults)
      .find(({ success }) => success === false)
    const [, statement] = /Statement '([^']+)'/.exec(waiter?.error?.errorString ?? "") ?? []
    const held = holder.find(({ queryID }) => queryID === statement)
    expect(held?.name).toBe("Insert SRC_PAYMENTS")
    const at = waiter?.startTime
    expect(at !== undefined && held?.endTime !== undefined && DateTime.isLessThan(at, held.endTime)).toBe(true)
    expect(at !== undefined && held?.startTime !== undefined && DateTime.isGreaterThan(at, held.startTime)).toBe(true)
  })

  it("every failed run has a reason that names nodes by id and no cause", () => {
    for (const { history } of nights) {
      for (const run of Scenario.runs(history)) {
        if (run.runStatus === "failed") expect(run.runFailureReason).toMatch(/^GraphExecutor halted .*\[[0-9a-f-]{36}/)
      }
    }
  })
})
