import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { failedIn } from "../../src/diagnosis/failedNodes.ts"
import { nodeOutcomes } from "../../src/diagnosis/nodes.ts"
import { rootsOf, runsToSearch, type RunWithResults } from "../../src/diagnosis/rootNodes.ts"
import * as Run from "../../src/Run.ts"
import type { RunResult } from "../../src/RunResult.ts"

const at = (minute: number) => DateTime.makeUnsafe(Date.UTC(2026, 2, 10, 2, minute))

const run = (id: number, fields: Partial<Run.RefreshRun> = {}): Run.RefreshRun => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "completed",
  runStartTime: at(0),
  runEndTime: at(30),
  runDetails: { environmentID: "3", jobID: id },
  ...fields
})

interface Node {
  readonly error?: string
  readonly sql?: string
  readonly state?: string
  readonly from?: number
  readonly to?: number
  readonly queryID?: string
}

const node = (name: string, { error, from = 10, queryID, sql, state, to = 11 }: Node = {}): RunResult => ({
  nodeID: name,
  name,
  runState: state ?? (error === undefined ? "complete" : "error"),
  queryResults: [{
    success: error === undefined,
    startTime: at(from),
    endTime: at(to),
    ...(sql === undefined ? {} : { sql }),
    ...(queryID === undefined ? {} : { queryID }),
    ...(error === undefined ? {} : { error: { errorString: error } })
  }]
})

const missing = (object: string) => `Object '${object}' does not exist or not authorized.`

const roots = (own: ReadonlyArray<RunResult>, ...others: ReadonlyArray<RunWithResults>) =>
  rootsOf(failedIn(own), own, others, new Map()).map(({ by, kind, node, nodes, run }) =>
    `${nodes.listed.join(", ")}: ${kind} ${node}${run === undefined ? "" : ` of ${run.id}`} by ${by}`
  )

describe("the root of a node that misses an object", () => {
  it("is a node of its name that failed, was skipped or was canceled", () => {
    const victim = node("FCT", { error: missing("A.STG.ORDERS") })
    for (const state of ["error", "skipped", "canceled"]) {
      expect(roots([victim, node("ORDERS", { state })])).toEqual(["FCT: notMade ORDERS by object"])
    }
    expect(roots([victim, node("ORDERS")])).toEqual([])
    expect(roots([victim], { run: run(2), results: [node("orders", { error: "Division by zero" })] })).toEqual([
      "FCT: notMade orders of 2 by object"
    ])
  })

  it("is no node that writes another table of the same name", () => {
    const victim = node("FCT", { error: missing("A.STG.ORDERS") })
    const failed = (table: string) =>
      node("ORDERS", { error: "Division by zero", sql: `INSERT INTO ${table} SELECT 1` })
    expect(roots([victim, failed(`"A"."MART"."ORDERS"`)])).toEqual([])
    expect(roots([victim, failed(`"STG"."ORDERS"`)])).toEqual(["FCT: notMade ORDERS by object"])
  })

  it("is no node that misses the same object, and neither of two that miss each other's", () => {
    const victim = node("FCT", { error: missing("S.ORDERS") })
    expect(roots([victim], { run: run(2), results: [node("ORDERS", { error: missing("S.ORDERS") })] })).toEqual([])
    expect(roots([node("A", { error: missing("S.B") }), node("B", { error: missing("S.A") })])).toEqual([])
  })

  it("comes before its consequences, however many these are", () => {
    const { groups } = nodeOutcomes([
      node("F1", { error: missing("S.ORDERS"), to: 5 }),
      node("F2", { error: missing("S.ORDERS"), to: 6 }),
      node("ORDERS", { error: "Division by zero", to: 9 })
    ])
    expect(groups.listed.map(({ class: name, count }) => [name, count])).toEqual([
      ["divisionByZero", 1],
      ["missingObjectOrGrant", 2]
    ])
  })
})

describe("the root of duplicate rows", () => {
  const merge = node("DIM", {
    error: "Duplicate row detected during DML action",
    sql: "MERGE INTO DIM USING (SELECT I FROM STG.CLIENTS) S ON S.I = DIM.I"
  })
  const tested = (name: string, test: string, from = 5): RunResult => ({
    ...node(name, { from }),
    hasTestFailures: true,
    queryResults: [{ success: true, startTime: at(from), endTime: at(from) }, { name: test, success: false }]
  })

  it("is a failed test for unique rows of a table that the merge reads, and that ran before", () => {
    expect(roots([merge, tested("CLIENTS", "ID is unique")])).toEqual(["DIM: failedTest CLIENTS by object"])
    expect(roots([merge, tested("CLIENTS", "ID is not null")])).toEqual([])
    expect(roots([merge, tested("OTHERS", "ID is unique")])).toEqual([])
    expect(roots([merge, tested("CLIENTS", "ID is unique", 20)])).toEqual([])
  })
})

describe("the run that held a lock", () => {
  const id = "01b9c0de-0003-11aa-0000-0f7a00aa1234"
  const waiting = node("ORDERS", {
    error:
      `Statement '${id}' has locked table 'ORDERS' in transaction 1742181600000 and this lock has not yet been released.`
  })

  it("is the one whose query the message names, otherwise one that wrote the table at the time", () => {
    const writer = { run: run(2), results: [node("ORDERS", { from: 8, to: 12 })] }
    const holder = { run: run(3), results: [node("DELTA", { queryID: id.toUpperCase() })] }
    expect(roots([waiting], writer, holder)).toEqual(["ORDERS: heldLock DELTA of 3 by queryID"])
    expect(roots([waiting], writer)).toEqual(["ORDERS: heldLock ORDERS of 2 by object"])
    expect(roots([waiting], { run: run(2), results: [node("ORDERS", { from: 20, to: 22 })] })).toEqual([])
  })
})

describe("a job that was still at work", () => {
  const reader = node("DIM", {
    error: "NULL result in a non-nullable column",
    sql: "INSERT INTO DIM SELECT * FROM STG.CLIENTS"
  })

  it("wrote what the failed node read, and had not ended", () => {
    const writing = (from: number, to: number, state?: string) => [
      node("CLIENTS", { from, to, ...state === undefined ? {} : { state } })
    ]
    expect(roots([reader], { run: run(2), results: writing(9, 14) })).toEqual([
      "DIM: stillAtWork CLIENTS of 2 by object"
    ])
    expect(roots([reader], { run: run(2), results: writing(5, 9) })).toEqual([])
    expect(roots([reader], { run: run(2), results: writing(9, 14, "skipped") })).toEqual([])
    expect(roots([reader], { run: run(2, { runEndTime: at(9) }), results: writing(9, 14) })).toEqual([])
  })
})

describe("the runs that are searched for a root", () => {
  const failed = (error: string) => failedIn([node("X", { error })])
  const ids = (error: string, rows: ReadonlyArray<Run.Run>) =>
    runsToSearch(run(9, { runStatus: "failed" }), failed(error), rows).map(({ id }): number => id)

  it("are of the same night, and at most 4", () => {
    const night = Array.from({ length: 6 }, (_, index) => run(index + 1, { runStatus: "failed", runEndTime: at(1) }))
    expect(ids(missing("S.T"), night)).toEqual([1, 2, 3, 4])
    const before = {
      runStartTime: DateTime.subtract(at(0), { hours: 19 }),
      runEndTime: DateTime.subtract(at(0), { hours: 18 })
    }
    expect(ids(missing("S.T"), [run(1, { ...before, runStatus: "failed" })])).toEqual([])
    expect(ids(missing("S.T"), [run(1, { runStartTime: at(40), runEndTime: at(50), runStatus: "failed" })])).toEqual([])
  })

  it("are none for a cause that no other run explains", () => {
    for (const error of ["JWT token is invalid.", "syntax error line 5 at position 10 unexpected 'FROM'."]) {
      expect(ids(error, [run(1), run(2, { runStatus: "failed" })])).toEqual([])
    }
  })

  it("are quick to search, however many nodes both have", () => {
    const own = Array.from({ length: 2000 }, (_, index) => node(`N${index}`, { error: missing(`S.N${index + 1}`) }))
    // Time of the processor: what else the machine does does not count.
    const before = process.cpuUsage()
    rootsOf(failedIn(own), own, [{ run: run(2), results: own }], new Map())
    nodeOutcomes(own)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000)
  })
})
