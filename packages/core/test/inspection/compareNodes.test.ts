// Which nodes differ between two runs, and which of them come first.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { compareNodes, type Outcome, type Side } from "../../src/inspection/compareNodes.ts"
import type { RunResult } from "../../src/RunResult.ts"

const at = (second: number) => DateTime.makeUnsafe(Date.UTC(2026, 2, 10, 2, 0, second))

interface Node {
  readonly id?: string
  readonly state?: string
  /** How many seconds it took. Default: 1. */
  readonly took?: number | "unknown"
  readonly inserted?: number
  readonly updated?: number
  readonly error?: string
  readonly sql?: string
  readonly stages?: NonNullable<RunResult["queryResults"]>
  readonly failedTest?: boolean
}

const node = (
  name: string,
  { error, failedTest, id = `id of ${name}`, inserted, sql, stages, state, took = 1, updated }: Node = {}
): RunResult => ({
  nodeID: id,
  name,
  runState: state ?? (error === undefined ? "complete" : "error"),
  ...(failedTest === undefined ? {} : { hasTestFailures: failedTest }),
  queryResults: stages ?? [{
    name: "Insert",
    success: error === undefined,
    ...(took === "unknown" ? {} : { startTime: at(0), endTime: at(took) }),
    ...(inserted === undefined ? {} : { rowsInserted: inserted }),
    ...(updated === undefined ? {} : { rowsUpdated: updated }),
    ...(sql === undefined ? {} : { sql }),
    ...(error === undefined ? {} : { error: { errorString: error } })
  }]
})

const side = (results: ReadonlyArray<RunResult>, hasEnded = true): Side => ({
  results,
  clock: { now: at(59), hasEnded, runMillis: 60_000 }
})

const calm: Outcome = { hasFailed: false, isSlow: false }

const compared = (
  before: ReadonlyArray<RunResult>,
  after: ReadonlyArray<RunResult>,
  outcome: Outcome = calm,
  hasEnded = true
) => compareNodes(side(before), side(after, hasEnded), outcome)

const said = (...compare: Parameters<typeof compared>) =>
  compared(...compare).differences.map(({ kinds, name }) => `${name}: ${kinds.join(", ")}`)

describe("a node of two runs", () => {
  it.each<[what: string, before: Node, after: Node, kinds: string | undefined]>([
    ["half its rows", { inserted: 100 }, { inserted: 50 }, undefined],
    ["fewer than half", { inserted: 100 }, { inserted: 49 }, "fewerRows"],
    ["none of a few", { inserted: 99 }, { inserted: 0 }, undefined],
    ["none of many", { inserted: 100 }, { inserted: 0 }, "fewerRows"],
    ["fewer, which it updates", { updated: 300 }, { updated: 100 }, "fewerRows"],
    ["fewer of both kinds", { inserted: 60, updated: 60 }, { inserted: 30, updated: 29 }, "fewerRows"],
    ["as many of both kinds", { inserted: 60, updated: 60 }, { inserted: 30, updated: 30 }, undefined],
    ["rows that are not known", { inserted: 300 }, {}, undefined],
    ["rows that were not known", {}, { inserted: 1 }, undefined],
    ["fewer than when it failed", { inserted: 300, error: "x" }, { inserted: 1 }, undefined],
    ["fewer, and was skipped", { inserted: 300 }, { inserted: 1, state: "skipped" }, undefined],
    ["half more time", { took: 20 }, { took: 30 }, "slower"],
    ["less than half more", { took: 21 }, { took: 31 }, undefined],
    ["ten seconds more of many", { took: 40 }, { took: 50 }, undefined],
    ["less than ten seconds more", { took: 1 }, { took: 10 }, undefined],
    ["a time that was not known", { took: "unknown" }, { took: 50 }, undefined],
    ["a time that is not known", { took: 20 }, { took: "unknown" }, undefined],
    ["less time", { took: 50 }, { took: 1 }, undefined],
    ["an error", {}, { error: "x" }, "newlyFailed"],
    ["another error", { error: "y" }, { error: "x" }, undefined],
    ["no error any more", { error: "y" }, {}, undefined],
    ["a failed test", {}, { failedTest: true }, "newlyFailedTest"],
    ["a failed test again", { failedTest: true }, { failedTest: true }, undefined],
    ["other SQL", { sql: "SELECT A" }, { sql: "SELECT B" }, "changedSql"],
    ["the same SQL", { sql: "SELECT A" }, { sql: "SELECT A" }, undefined],
    ["SQL that is not shown", { sql: "SELECT A" }, {}, undefined],
    ["SQL that was not shown", {}, { sql: "SELECT A" }, undefined],
    ["stages that are not shown", { sql: "SELECT A" }, { stages: [] }, undefined],
    [
      "all of it",
      { sql: "SELECT A", inserted: 100, took: 1 },
      { sql: "SELECT B", inserted: 1, took: 30 },
      "changedSql, fewerRows, slower"
    ]
  ])("with %s", (_, before, after, kinds) => {
    expect(said([node("A", before)], [node("A", after)])).toEqual(kinds === undefined ? [] : [`A: ${kinds}`])
  })

  it("is compared stage by stage: by their names, and the second of a name with the second", () => {
    const stages = (...sql: ReadonlyArray<readonly [name: string, sql: string]>) => ({
      stages: sql.map(([name, sql]) => ({ name, sql, success: true }))
    })
    const before = stages(["Truncate", "TRUNCATE A"], ["Insert", "SELECT 'x'"], ["Insert", "SELECT 'y'"])
    const changes = (after: Node) =>
      compared([node("A", before)], [node("A", after)]).differences.flatMap(({ sqlChanges = [] }) =>
        sqlChanges.map(({ lines, stage }) => [stage, ...lines])
      )
    expect(changes(stages(["Insert", "SELECT 'x'"], ["Truncate", "TRUNCATE A"], ["Insert", "SELECT 'y'"]))).toEqual([])
    expect(changes(stages(["Insert", "SELECT 'x'"], ["Insert", "SELECT 'z'"], ["Insert", "SELECT 'new'"]))).toEqual([
      ["Insert", "- SELECT 'y'", "+ SELECT 'z'"]
    ])
  })

  it("is the same by its id, otherwise by its name, and is paired once", () => {
    expect(said([node("A", { id: "1" })], [node("RENAMED", { id: "1" })])).toEqual([])
    expect(said([node("A", { id: "1" })], [node("A", { id: "2" })])).toEqual([])
    // The name of a node that kept its id is no other's.
    expect(said([node("A", { id: "1" })], [node("B", { id: "1" }), node("A", { id: "2" })])).toEqual(["A: new"])
    expect(said([node("A", { id: "1" })], [node("A", { id: "2" }), node("B", { id: "1" })])).toEqual(["A: new"])
    expect(said([node("A", { id: "1" })], [node("A", { id: "2" }), node("A", { id: "3" })])).toEqual(["A: new"])
    expect(compared([node("A"), node("B")], [node("A"), node("C")]).nodesInBoth).toBe(1)
  })

  it("is compared by its state alone where it shows no stages", () => {
    const bare = (runState: string): RunResult => ({ nodeID: "id of A", name: "A", runState })
    expect(said([bare("complete")], [bare("complete")])).toEqual([])
    expect(said([bare("complete")], [node("A", { error: "x", sql: "SELECT A" })])).toEqual(["A: newlyFailed"])
    expect(compared([bare("complete")], [bare("error")], { hasFailed: true, isSlow: false }).differences).toEqual([{
      nodeID: "id of A",
      name: "A",
      kinds: ["newlyFailed"],
      before: { state: "completed" },
      after: { state: "failed" }
    }])
  })

  it("is new or gone where only one of them has it, and may still come where the later run goes on", () => {
    expect(said([node("A")], [node("B")])).toEqual(["A: gone", "B: new"])
    expect(said([node("A")], [node("B", { error: "x" })])).toEqual(["B: newlyFailed, new", "A: gone"])
    expect(said([node("A")], [node("B")], calm, false)).toEqual(["B: new"])
    expect(compared([node("A", { inserted: 5, took: 2 })], []).differences).toEqual([{
      nodeID: "id of A",
      name: "A",
      kinds: ["gone"],
      before: { state: "completed", durationMillis: 2000, rows: 5 }
    }])
  })
})

describe("the order of differences", () => {
  const before = [
    node("FAILED"),
    node("TESTED"),
    node("CHANGED", { sql: "SELECT A" }),
    node("FEW", { inserted: 500 }),
    node("GONE"),
    node("SLOW")
  ]
  const after = [
    node("SLOW", { took: 40 }),
    node("NEW"),
    node("FEW", { inserted: 5 }),
    node("CHANGED", { sql: "SELECT B" }),
    node("TESTED", { failedTest: true }),
    node("FAILED", { error: "x" })
  ]
  const order = (outcome: Outcome) => compared(before, after, outcome).differences.map(({ name }) => name)

  it("hangs on what the run is to be explained for: its failure, how long it took, or neither", () => {
    const explained = ["FAILED", "CHANGED", "GONE", "TESTED", "FEW", "NEW", "SLOW"]
    expect(order({ hasFailed: true, isSlow: false })).toEqual(explained)
    expect(order({ hasFailed: true, isSlow: true })).toEqual(explained)
    expect(order({ hasFailed: false, isSlow: true })).toEqual([
      "SLOW",
      "CHANGED",
      "TESTED",
      "FEW",
      "NEW",
      "GONE",
      "FAILED"
    ])
    expect(order(calm)).toEqual(["FAILED", "TESTED", "FEW", "CHANGED", "GONE", "NEW", "SLOW"])
  })

  it("has the node that lost more time, or more rows, before another of its kind", () => {
    expect(said(
      ["A", "B", "C"].map((name) => node(name)),
      [node("A", { took: 20 }), node("B", { took: 40 }), node("C", { took: 30 })]
    )).toEqual(["B: slower", "C: slower", "A: slower"])
    expect(said([node("A", { took: 30 }), node("B")], [node("A", { took: 46 }), node("B", { took: 20 })])).toEqual([
      "B: slower",
      "A: slower"
    ])
    expect(said(
      [node("A", { inserted: 200 }), node("B", { inserted: 900 }), node("C", { inserted: 1000 })],
      [node("A", { inserted: 1 }), node("B", { inserted: 1 }), node("C", { inserted: 400 })]
    )).toEqual(["B: fewerRows", "C: fewerRows", "A: fewerRows"])
  })

  it("has SQL in which only numbers changed last, unless the node differs in more", () => {
    const dated = (day: number) => ({ sql: `SELECT '2026-03-${day}'` })
    const two = (day: number, column: string) => ({
      stages: [{ name: "A", sql: `SELECT ${day}`, success: true }, {
        name: "B",
        sql: `SELECT ${column}`,
        success: true
      }]
    })
    expect(said(
      [node("DATED", dated(10)), node("FEW", { ...dated(10), inserted: 500 }), node("BOTH", two(1, "X"))],
      [node("DATED", dated(11)), node("FEW", { ...dated(11), inserted: 5 }), node("BOTH", two(2, "Y")), node("NEW")]
    )).toEqual(["FEW: changedSql, fewerRows", "BOTH: changedSql", "NEW: new", "DATED: changedSql"])
  })

  it("has at most 5 nodes that do nothing but fail before the others", () => {
    const names = ["F1", "F2", "F3", "F4", "F5", "F6", "F7"]
    const found = said(
      [...names, "BOTH", "OTHER"].map((name) => node(name, { sql: "SELECT A" })),
      [
        ...names.map((name) => node(name, { error: "x", sql: "SELECT A" })),
        node("BOTH", { error: "x", sql: "SELECT B" }),
        node("OTHER", { sql: "SELECT B" })
      ],
      { hasFailed: true, isSlow: false }
    )
    expect(found.map((one) => one.split(":")[0])).toEqual(
      ["F1", "F2", "F3", "F4", "F5", "BOTH", "OTHER", "F6", "F7"]
    )
  })
})

describe("a node that a failed one names", () => {
  const failure: Outcome = { hasFailed: true, isSlow: false }
  const named = (fields: Node, outcome = failure) =>
    compared(
      [node("LOAD"), node("STG_ORDERS"), node("GONE"), node("DIM", { sql: "SELECT A" })],
      [
        node("LOAD", { error: "It failed", ...fields }),
        node("STG_ORDERS", { took: 40 }),
        node("DIM", { sql: "SELECT B" })
      ],
      outcome
    ).differences.map(({ name, namedBy }) => [name, namedBy])
  const last = [["LOAD", undefined], ["DIM", undefined], ["GONE", undefined], ["STG_ORDERS", undefined]]
  const second = [["LOAD", undefined], ["STG_ORDERS", "LOAD"], ["DIM", undefined], ["GONE", undefined]]

  it("comes right behind it: by its message, what the message is about, or its SQL, in whichever case", () => {
    expect(named({})).toEqual(last)
    expect(named({ error: "No rows in stg_orders: see there" })).toEqual(second)
    expect(named({ error: "Object 'RAW.STG_ORDERS' does not exist or not authorized." })).toEqual(second)
    expect(named({ sql: "INSERT INTO LOAD SELECT * FROM RAW.\"STG_ORDERS\"" })).toEqual(second)
    expect(named({ error: "3 nodes failed: STG_ORDERS" })).toEqual(second)
    // Without a message its SQL tells.
    expect(named({ error: "", sql: "SELECT * FROM STG_ORDERS" })).toEqual(second)
  })

  it("stays where it is if it failed itself", () => {
    const found = compared(
      [node("STG_ORDERS"), node("LOAD")],
      [node("STG_ORDERS", { error: "It failed" }), node("LOAD", { error: "No rows in STG_ORDERS" })],
      failure
    )
    expect(found.differences.map(({ name, namedBy }) => [name, namedBy])).toEqual([
      ["STG_ORDERS", "LOAD"],
      ["LOAD", undefined]
    ])
  })

  it("is none that is only a part of a word, nor one behind a long beginning", () => {
    expect(named({ error: "No rows in STG_ORDERS_OLD" })).toEqual(last)
    expect(named({ sql: `SELECT '${"x".repeat(100_000)}' FROM STG_ORDERS` })).toEqual(last)
    expect(named({ sql: `SELECT ${"x".repeat(99_900)} FROM STG_ORDERS` })).toEqual(second)
  })

  it("is not the node itself, nor asked for where nothing failed", () => {
    expect(named({ error: "LOAD has no rows" })[0]).toEqual(["LOAD", undefined])
    expect(named({ error: "No rows in STG_ORDERS" }, calm).map(([, namedBy]) => namedBy)).toEqual(
      [undefined, undefined, undefined, undefined]
    )
  })

  it("is named by one of the first 20 failed nodes, and not by one that completed", () => {
    const failing = (count: number, naming: number) =>
      Array.from(
        { length: count },
        (_, index) => node(`F${index}`, { error: index === naming ? "No rows in STG_ORDERS" : "It failed" })
      )
    const namedBy = (after: ReadonlyArray<RunResult>) =>
      compared([node("STG_ORDERS")], [...after, node("STG_ORDERS", { took: 40 })], failure).differences
        .find(({ name }) => name === "STG_ORDERS")?.namedBy
    expect(namedBy(failing(25, 19))).toBe("F19")
    expect(namedBy(failing(25, 20))).toBeUndefined()
    expect(namedBy([node("DONE", { sql: "SELECT * FROM STG_ORDERS" }), ...failing(1, 5)])).toBeUndefined()
    const done = Array.from({ length: 25 }, (_, index) => node(`DONE${index}`))
    expect(namedBy([...done, ...failing(1, 0)])).toBe("F0")
  })
})
