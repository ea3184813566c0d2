import { describe, expect, it } from "@effect/vitest"
import { failedIn } from "../../src/diagnosis/failedNodes.ts"
import { nodeOutcomes } from "../../src/diagnosis/nodes.ts"
import { rootsOf, type RunWithResults } from "../../src/diagnosis/rootNodes.ts"
import type * as Run from "../../src/Run.ts"
import type { RunResult } from "../../src/RunResult.ts"
import { at, missing, node, run } from "../support/rootNodes.ts"

const roots = (own: ReadonlyArray<RunResult>, ...others: ReadonlyArray<RunWithResults>) =>
  rootsOf(failedIn(own), own, others, new Map()).map(({ by, kind, node, nodes, run }) =>
    `${nodes.listed.join(", ")}: ${kind} ${node}${run === undefined ? "" : ` of ${run.id}`} by ${by}`
  )

const facts = (own: ReadonlyArray<RunResult>, ...others: ReadonlyArray<RunWithResults>) =>
  rootsOf(failedIn(own), own, others, new Map())

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

  it("is any of the nodes of its name, and of several tables that it makes", () => {
    const victim = node("FCT", { error: missing("A.STG.ORDERS") })
    expect(roots([victim, node("ORDERS", { state: "skipped" }), node("ORDERS")])).toEqual([
      "FCT: notMade ORDERS by object"
    ])
    const two = node("ORDERS", {
      error: "Division by zero",
      sql: "INSERT INTO MART.ORDERS SELECT 1; INSERT INTO STG.ORDERS SELECT 1"
    })
    expect(roots([victim, two])).toEqual(["FCT: notMade ORDERS by object"])
    // Skipped before any query.
    expect(roots([victim, { nodeID: "O", name: "ORDERS", runState: "skipped" }])).toEqual([
      "FCT: notMade ORDERS by object"
    ])
  })

  it("is one that misses another object, was canceled while it missed this one, or is of another run", () => {
    const victim = node("FCT", { error: missing("S.ORDERS") })
    expect(roots([victim, node("ORDERS", { error: missing("S.RAW") })])).toEqual(["FCT: notMade ORDERS by object"])
    expect(roots([victim, node("ORDERS", { error: missing("S.ORDERS"), state: "canceled" })])).toEqual([
      "FCT: notMade ORDERS by object"
    ])
    const [a, b] = [node("A", { error: missing("S.B") }), node("B", { error: missing("S.A") })]
    expect(roots([a], { run: run(2), results: [b] })).toEqual(["A: notMade B of 2 by object"])
    // A makes another table than the one that B misses.
    const other = node("a", { error: missing("S.B"), sql: "INSERT INTO MART.A SELECT 1" })
    expect(roots([other, b])).toEqual(["a: notMade B by object"])
    expect(roots([node("a", { error: missing("S.B") }), b])).toEqual([])
  })

  it("is not searched where the message names no object, or is of another kind", () => {
    const nameless = node("FCT", { error: "Object does not exist, or operation cannot be performed." })
    const { queryResults: _, ...noQuery } = node("FCT", { state: "error" })
    for (const victim of [nameless, noQuery, node("FCT", { error: "invalid identifier 'ORDERS'" })]) {
      expect(roots([victim, node("ORDERS", { state: "skipped" })])).toEqual([])
      expect(roots([victim], { run: run(2), results: [node("ORDERS", { to: 20 })] })).toEqual([])
    }
  })

  it("says what became of it and why, and names its consequences once", () => {
    const victims = ["F1", "F2"].map((name) => node(name, { error: missing("S.ORDERS") }))
    expect(facts([...victims, node("ORDERS", { error: "Division by zero" })])).toEqual([{
      kind: "notMade",
      by: "object",
      nodes: { listed: ["F1", "F2"], more: 0 },
      node: "ORDERS",
      outcome: "failed",
      object: "S.ORDERS",
      cause: expect.objectContaining({ class: "divisionByZero" })
    }])
    // A test of it failed before it was skipped, and one failed without any query.
    const skipped = node("ORDERS", { error: "Division by zero", state: "skipped" })
    expect(facts([...victims, skipped])[0]).not.toHaveProperty("cause")
    const failed: RunResult = { nodeID: "O", name: "ORDERS", runState: "error" }
    expect(facts([...victims, failed])[0]).not.toHaveProperty("cause")
  })

  it("is told of the first 200 failed nodes, with 10 names, and of at most 5 roots", () => {
    const many = Array.from({ length: 201 }, (_, index) => node(`F${index}`, { error: missing("S.ORDERS") }))
    expect(facts([...many, node("ORDERS", { state: "skipped" })])[0]?.nodes).toMatchObject({ more: 190 })
    const pairs = Array.from({ length: 6 }, (_, index) => [
      node(`F${index}`, { error: missing(`S.T${index}`) }),
      node(`T${index}`, { state: "skipped" })
    ])
    expect(facts(pairs.flat())).toHaveLength(5)
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
    expect(roots([merge, tested("CLIENTS", "UNIQUE_ID", 10)])).toEqual(["DIM: failedTest CLIENTS by object"])
    expect(facts([merge, tested("CLIENTS", "ID is unique")])[0]).toMatchObject({ test: "ID is unique" })
    const zero = { ...merge, queryResults: [{ success: false, error: { errorString: "Division by zero" } }] }
    expect(roots([zero, tested("DIM", "ID is unique")])).toEqual([])
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

  it("worked for at least a moment of the time", () => {
    const wrote = (from: number, to: number) =>
      roots([waiting], { run: run(2), results: [node("ORDERS", { from, to })] }).length
    expect([wrote(1, 9), wrote(1, 10), wrote(11, 20), wrote(12, 20)]).toEqual([0, 1, 1, 0])
  })

  it("is not the waiting node itself, nor one of another query", () => {
    const own: RunResult = {
      ...waiting,
      queryResults: (waiting.queryResults ?? []).map((query) => ({ ...query, queryID: id }))
    }
    expect(roots([own])).toEqual([])
    const skipped: RunResult = { nodeID: "S", name: "S", runState: "skipped" }
    const other = node("OTHER", { queryID: "01b9c0de-0003-11aa-0000-000000000000" })
    expect(roots([waiting], { run: run(2), results: [skipped, other] })).toEqual([])
    const second = { ...other, queryResults: [...other.queryResults ?? [], { success: true, queryID: id }] }
    expect(roots([waiting], { run: run(2), results: [second] })).toEqual(["ORDERS: heldLock OTHER of 2 by queryID"])
  })

  it("is not searched by a table that the message does not name", () => {
    const nameless = node("ORDERS", { error: "The lock request timed out, and was not granted." })
    expect(failedIn([nameless])[0]?.cause).toMatchObject({ class: "lock" })
    expect(failedIn([nameless])[0]?.cause).not.toHaveProperty("object")
    expect(roots([nameless], { run: run(2), results: [node("ORDERS")] })).toEqual([])
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
    expect(roots([reader], { run: run(2), results: writing(9, 10) })).toEqual([])
  })

  it("was at work while the failed node began, as far as the times of its run say", () => {
    const found = (fields: Partial<Run.RefreshRun>) =>
      roots([reader], { run: run(2, fields), results: [node("CLIENTS", { from: 9, to: 14 })] }).length
    expect([found({ runStartTime: at(10) }), found({ runStartTime: at(11) })]).toEqual([1, 0])
    expect([found({ runEndTime: at(10) }), found({ runEndTime: at(9) })]).toEqual([1, 0])
    const { runEndTime: _, ...notEnded } = run(2)
    const { runStartTime: _start, ...notStarted } = run(2)
    const results = [node("CLIENTS", { from: 9, to: 14 })]
    expect(roots([reader], { run: notEnded, results })).toHaveLength(1)
    expect(roots([reader], { run: notStarted, results })).toEqual([])
    const { queryResults: _queries, ...noTimes } = reader
    expect(roots([noTimes], { run: notEnded, results })).toEqual([])
    const noQueryFailed = { ...reader, queryResults: [{ success: true, startTime: at(10) }] }
    expect(roots([noQueryFailed], { run: notEnded, results })).toEqual([])
  })

  it("worked from the first of its queries to the last, or works on", () => {
    const queries = (...times: ReadonlyArray<readonly [from: number, to: number | undefined]>): RunResult => ({
      ...node("CLIENTS"),
      queryResults: times.map(([from, to]) => ({
        success: true,
        startTime: at(from),
        ...(to === undefined ? {} : { endTime: at(to) })
      }))
    })
    const found = (result: RunResult) => roots([reader], { run: run(2), results: [result] }).length
    expect(found(queries([5, 6], [8, 12]))).toBe(1)
    expect(found(queries([8, 12], [5, 6]))).toBe(1)
    expect(found(queries([8, 12], [13, undefined]))).toBe(1)
    expect(found(queries([5, 6]))).toBe(0)
    expect(found({ ...queries([5, 6]), isRunning: true })).toBe(1)
    // Of the failed node the first query counts, too.
    const late = { ...reader, queryResults: [{ success: true, startTime: at(5) }, ...reader.queryResults ?? []] }
    expect(roots([late], { run: run(2), results: [queries([4, 6])] })).toHaveLength(1)
  })

  it("works on the object that a node misses, whatever the SQL reads", () => {
    const victim = node("FCT", { error: missing("S.ORDERS") })
    expect(roots([victim], { run: run(2), results: [node("ORDERS", { from: 9, to: 14 })] })).toEqual([
      "FCT: stillAtWork ORDERS of 2 by object"
    ])
  })
})

describe("the roots of many nodes", () => {
  it("are quick to search, however many nodes both have", () => {
    const own = Array.from({ length: 2000 }, (_, index) => node(`N${index}`, { error: missing(`S.N${index + 1}`) }))
    // Time of the processor: what else the machine does does not count.
    const before = process.cpuUsage()
    rootsOf(failedIn(own), own, [{ run: run(2), results: own }], new Map())
    nodeOutcomes(own)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000)
  })
})
