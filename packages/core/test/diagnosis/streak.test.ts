// A streak at its edges, what is usual for its runs, and whether a later run had the same nodes, as tables of calls.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { byNodes, isOther } from "../../src/diagnosis/compare.ts"
import { historyOf, ranNodesOf, streakOf } from "../../src/diagnosis/history.ts"
import * as Run from "../../src/Run.ts"
import type { RunResult } from "../../src/RunResult.ts"
import { refresh, start } from "../support/hourly.ts"

const deploy = (id: number): Run.DeployRun => ({
  id: Run.RunId.make(id),
  runType: "deploy",
  runStatus: "completed",
  runDetails: { environmentID: "3" }
})

const history = (run: Run.Run, rows: ReadonlyArray<Run.Run>) =>
  historyOf(streakOf(run, rows), rows, "all", new Map(), undefined)

describe("whether a later run ran the nodes of a run", () => {
  const details = (nodesInRun: number | undefined, includeNodesSelector?: string, excludeNodesSelector?: string) => ({
    runDetails: {
      ...(nodesInRun === undefined ? {} : { nodesInRun }),
      ...(includeNodesSelector === undefined ? {} : { includeNodesSelector }),
      ...(excludeNodesSelector === undefined ? {} : { excludeNodesSelector })
    }
  })
  const of = (nodes: number | undefined, ...selectors: ReadonlyArray<string>) =>
    refresh(2, "completed", details(nodes, ...selectors))
  const five = refresh(1, "failed", details(5))

  it("is known of a refresh by its selectors and how many nodes it has, and of a deploy", () => {
    expect(ranNodesOf(five, of(5))).toBe(true)
    expect(ranNodesOf(five, of(6))).toBe(true)
    expect(ranNodesOf(five, of(4))).toBe(false)
    expect(ranNodesOf(five, of(5, "{ A }"))).toBe(false)
    expect(ranNodesOf(refresh(1, "failed", details(5, "{ A }", "{ B }")), of(5, "{ A }"))).toBe(false)
    expect(ranNodesOf(refresh(1, "failed", details(5, "{ A }")), of(5, "{ A }"))).toBe(true)
    expect(ranNodesOf({ ...deploy(1), runStatus: "failed" }, deploy(2))).toBe(true)
  })

  it("is not known of a re-run, of a summary, or without the number of nodes", () => {
    expect(ranNodesOf(five, { ...of(5), reRunID: Run.RunId.make(1) })).toBeUndefined()
    expect(ranNodesOf({ ...five, reRunID: Run.RunId.make(1) }, of(5))).toBeUndefined()
    expect(ranNodesOf({ id: Run.RunId.make(1), runType: "refresh", runStatus: "failed" }, of(5))).toBeUndefined()
    expect(ranNodesOf(five, of(undefined))).toBeUndefined()
    expect(ranNodesOf(refresh(1, "failed", details(undefined)), of(5))).toBeUndefined()
  })
})

describe("the success before a streak", () => {
  const success = (end: number | undefined) => {
    const { runEndTime: _, ...rest } = refresh(1, "completed")
    return end === undefined ? rest : { ...rest, runEndTime: start(end) }
  }
  const last = (run: Run.Run, ...rows: ReadonlyArray<Run.Run>) => streakOf(run, rows).lastSuccess?.id

  it("ended before its first failure began, or as it began", () => {
    expect(last(refresh(5, "failed"), success(5))).toBe(1)
    expect(last(refresh(5, "failed"), success(6))).toBeUndefined()
    expect(last(refresh(5, "failed"), success(undefined))).toBe(1)
    expect(last(refresh(5, "failed"), refresh(3, "failed"), success(3))).toBe(1)
    expect(last(refresh(5, "failed"), refresh(3, "failed"), success(4))).toBeUndefined()
    // One that was canceled does not begin it.
    expect(last(refresh(5, "failed"), refresh(3, "canceled"), success(4))).toBe(1)
    // The failure with the greater id began first.
    const early = refresh(4, "failed", { runStartTime: start(2) })
    expect(last(refresh(5, "failed"), early, refresh(3, "failed"), success(3))).toBeUndefined()
    const { runStartTime: _, ...notStarted } = refresh(5, "failed")
    expect(last(notStarted, success(6))).toBe(1)
    const { runStartTime: _start, ...alsoNot } = refresh(3, "failed")
    expect(last(refresh(5, "failed"), alsoNot, success(4))).toBe(1)
  })

  it("is found in rows of any order", () => {
    expect(last(refresh(5, "failed"), refresh(1, "completed"), refresh(3, "completed"), refresh(2, "completed"))).toBe(
      3
    )
  })
})

describe("the history of a run", () => {
  it("says the p50 of the durations of five completed runs, re-runs left out", () => {
    const took = (id: number, minutes: number, more: Partial<Run.RefreshRun> = {}) =>
      refresh(id, "completed", { runEndTime: DateTime.add(start(id), { minutes }), ...more })
    const minutes = (...rows: ReadonlyArray<Run.Run>) => {
      const usual = history(refresh(20, "failed"), rows).usual
      return usual && [usual.p50Millis / 60_000, usual.runs]
    }
    const five = [9, 100, 20, 30, 5].map((length, index) => took(index + 1, length))
    expect(minutes(...five)).toEqual([20, 5])
    expect(minutes(...five, took(6, 40))).toEqual([20, 6])
    expect(minutes(...five.slice(1))).toBeUndefined()
    expect(minutes(...five.slice(1), took(6, 1, { reRunID: Run.RunId.make(1) }))).toBeUndefined()
    expect(minutes(...five.slice(1), refresh(6, "failed"))).toBeUndefined()
    const { runEndTime: _, ...noEnd } = took(6, 1)
    expect(minutes(...five.slice(1), noEnd)).toBeUndefined()
  })

  it("counts the runs of each status, and lists the latest 30", () => {
    const rows = [
      refresh(9, "failed"),
      refresh(8, "canceled"),
      refresh(7, "running"),
      refresh(6, "completed"),
      refresh(5, "completed"),
      refresh(4, "waitingToRun"),
      refresh(3, "failed", { runDetails: { environmentID: "3", jobID: 2 } })
    ]
    const found = history(refresh(10, "failed"), rows)
    expect(found.recent).toEqual({ failed: 2, completed: 2, canceled: 1, other: 2 })
    expect(found.statuses).toEqual([
      "failed",
      "failed",
      "canceled",
      "running",
      "completed",
      "completed",
      "waitingToRun"
    ])
    const many = Array.from({ length: 40 }, (_, index) => refresh(50 - index, "failed"))
    expect(history(refresh(60, "failed"), many).statuses).toHaveLength(30)
  })

  it("says how many rows were searched, and since when", () => {
    const { runStartTime: _, ...notStarted } = refresh(2, "completed")
    expect(history(refresh(5, "failed"), [refresh(3, "completed"), notStarted]).searched).toEqual({
      rows: 2,
      since: start(3),
      ended: "found"
    })
    expect(history(refresh(5, "failed"), []).searched).toEqual({ rows: 0, ended: "all" })
  })
})

describe("the comparison of two causes", () => {
  it("finds another cause where it is neither the same nor unknown", () => {
    expect(isOther(undefined)).toBe(false)
    expect(isOther({ cause: "same" })).toBe(false)
    expect(isOther({ cause: "notKnown" })).toBe(false)
    for (const cause of ["sameKind", "different", "partly"] as const) expect(isOther({ cause })).toBe(true)
  })

  it("is of one kind only if each cause of the run is of a kind of the other", () => {
    const failed = (name: string, message: string): RunResult => ({
      nodeID: name,
      name,
      runState: "error",
      queryResults: [{ success: false, error: { errorString: message } }]
    })
    const [x, y, zero] = ["invalid identifier 'X'", "invalid identifier 'Y'", "Division by zero"].map((
      message,
      index
    ) => failed(`N${index}`, message))
    if (x === undefined || y === undefined || zero === undefined) throw new Error("three results")
    expect(byNodes([x, zero], [y])?.cause).toBe("different")
    expect(byNodes([x], [y, zero])?.cause).toBe("sameKind")
    expect(byNodes([], [y])).toBeUndefined()
    expect(byNodes([x], undefined)).toBeUndefined()
  })
})
