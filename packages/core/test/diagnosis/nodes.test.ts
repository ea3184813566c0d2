import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as FastCheck from "fast-check"
import { nodeOutcomes } from "../../src/diagnosis/nodes.ts"
import type { QueryResult, RunResult } from "../../src/RunResult.ts"

const at = (minute: number) => DateTime.makeUnsafe(Date.UTC(2026, 2, 10, 2, minute))

const query = (name: string, error?: string, fields: Partial<QueryResult> = {}): QueryResult => ({
  name,
  success: error === undefined,
  ...(error === undefined ? {} : { error: { errorString: error } }),
  ...fields
})

const node = (
  name: string,
  runState: string,
  queries: ReadonlyArray<QueryResult> = [],
  fields: Partial<RunResult> = {}
): RunResult => ({
  nodeID: `id of ${name}`,
  name,
  runState,
  queryResults: queries,
  ...fields
})

describe("the nodes of a run", () => {
  it("are grouped by like messages, the earliest in front", () => {
    const report = nodeOutcomes([
      node("A", "error", [query("Insert A", "Numeric value '3W' is not recognized", { endTime: at(9) })]),
      node("B", "FAILED", [query("Insert B", "Division by zero", { endTime: at(1) })]),
      node("C", "failed", [query("Insert C", "Numeric value 'n/a' is not recognized", { endTime: at(3) })]),
      node("D", "error", [
        query("Insert D", "100038 (22018): Numeric value '3W' is not recognized", { endTime: at(5) })
      ])
    ])
    expect(report.groups.listed.map((group) => [group.class, group.count, group.first.name, group.nodes.listed]))
      .toEqual([
        ["dataConversion", 3, "C", ["C", "D", "A"]],
        ["divisionByZero", 1, "B", ["B"]]
      ])
    expect(report.groups.listed[0]).toMatchObject({
      messages: 2,
      otherMessages: ["Numeric value '3W' is not recognized"]
    })
  })

  it("tell the stage that ended a node from the tests before it", () => {
    const report = nodeOutcomes([
      node(
        "A",
        "error",
        [
          query("not null", "2 rows"),
          query("Truncate A"),
          query("Insert A", "Division by zero", { queryID: "q-1", sql: "SELECT 1/0" })
        ],
        { hasTestFailures: true }
      )
    ])
    expect(report.groups.listed[0]?.first).toMatchObject({ stage: "Insert A", queryID: "q-1", sql: "SELECT 1/0" })
    expect(report.failedTests).toEqual({ listed: [{ node: "A", test: "not null", message: "2 rows" }], more: 0 })
  })

  it("have their SQL whole, without keys and passwords", () => {
    const sqlOf = (sql: string) =>
      nodeOutcomes([node("A", "error", [query("Insert A", "Division by zero", { sql })])]).groups.listed[0]?.first.sql
    const long = `SELECT ${"x".repeat(5000)}`
    expect(sqlOf(long)).toBe(long)
    const masked = sqlOf(
      "COPY INTO T FROM 's3://b' CREDENTIALS = (AWS_KEY_ID='AKIA123' AWS_SECRET_KEY = 'it''s secret' )\n" +
        "ALTER USER U SET PASSWORD='pa\\'ss'; CALL P(API_TOKEN => 'abc"
    )
    for (const secret of ["AKIA123", "it''s", "secret'", "pa\\'ss", "abc"]) expect(masked).not.toContain(secret)
    expect(masked).toContain("AWS_SECRET_KEY = '***'")
    expect(masked).toContain("'s3://b'")
  })

  it("have SQL and other messages in the first 5 groups alone", () => {
    const objects = ["A", "B", "C", "D", "E", "F"]
    const report = nodeOutcomes(
      objects.flatMap((name, index) =>
        [1, 2].map((number) =>
          node(`${name}${number}`, "error", [
            query("Insert", `${"x".repeat(index + 1)}y failed on '${number}'`, { sql: "SELECT 1" })
          ])
        )
      )
    )
    expect(report.groups.more).toBe(0)
    expect(report.groups.listed.map(({ first, otherMessages }) => [first.sql, otherMessages.length])).toEqual([
      ...Array.from({ length: 5 }, () => ["SELECT 1", 1]),
      [undefined, 0]
    ])
  })

  it("may fail in rendering, before any query", () => {
    const report = nodeOutcomes([
      {
        nodeID: "1",
        renderQueryResult: { success: false, error: { errorString: "unknown ref STG_X" } },
        queryResults: []
      }
    ])
    expect(report).toMatchObject({
      failed: 1,
      groups: { listed: [{ first: { nodeID: "1", stage: "Render" }, nodes: { listed: ["1"] } }] }
    })
  })

  it("failed where a query has an error and does not say whether it succeeded", () => {
    const report = nodeOutcomes([{
      nodeID: "1",
      queryResults: [{ name: "Insert", error: { errorString: "Division by zero" } }]
    }])
    expect(report).toMatchObject({
      failed: 1,
      groups: { listed: [{ class: "divisionByZero", first: { stage: "Insert" } }] }
    })
  })

  it("may say no word on why they failed", () => {
    const report = nodeOutcomes([node("A", "error", [query("Insert A")]), node("B", "error")])
    expect(report.groups.listed).toMatchObject([
      { class: "unknown", key: "", count: 1, first: { name: "A" } },
      { class: "unknown", key: "", count: 1, first: { name: "B" } }
    ])
    expect(report.withoutCause).toBe(2)
    expect(report.groups.listed[0]?.first).not.toHaveProperty("cause")
  })

  it("that completed have failed tests, by name or without, and are not failed", () => {
    const report = nodeOutcomes([
      node("A", "complete", [query("Insert A"), query("unique", "3 rows"), query("not null", "1 row")]),
      node("B", "complete", [query("Insert B")], { hasTestFailures: true }),
      node("C", "complete", [query("Insert C")]),
      node("D", "running", [query("Insert D", "not yet")])
    ])
    expect(report).toMatchObject({ failed: 0, completed: 3, running: 1 })
    expect(report.failedTests.listed.map(({ node, test }) => [node, test])).toEqual([
      ["A", "unique"],
      ["A", "not null"],
      ["B", undefined]
    ])
  })

  it("that were skipped were blocked, and are not failures", () => {
    const skipped = Array.from({ length: 40 }, (_, index) => node(`N${index}`, "skipped"))
    const report = nodeOutcomes([node("A", "error", [query("Insert A", "x")]), ...skipped])
    expect(report).toMatchObject({ failed: 1, skipped: 40, groups: { listed: [{ count: 1 }] }, blocked: { more: 30 } })
    expect(report.blocked.listed).toHaveLength(10)
  })

  it("are each counted once, in lists that are bounded", () => {
    const messages = [
      "Division by zero",
      "JWT token is invalid.",
      ...Array.from({ length: 30 }, (_, i) => `odd ${"x".repeat(i + 1)}`)
    ]
    const results = FastCheck.array(
      FastCheck.record({
        state: FastCheck.constantFrom("complete", "error", "failed", "skipped", "canceled", "running", "exploded"),
        message: FastCheck.constantFrom(...messages)
      }),
      { maxLength: 200 }
    )
    FastCheck.assert(FastCheck.property(results, (all) => {
      const report = nodeOutcomes(
        all.map(({ message, state }, index) =>
          node(`N${index}`, state, state === "error" || state === "failed" ? [query("Insert", message)] : [])
        )
      )
      const { canceled, completed, failed, running, skipped, total, unknown } = report
      expect(completed + failed + skipped + canceled + running + unknown).toBe(total)
      expect(total).toBe(all.length)
      const listed = report.groups.listed.reduce((sum, { count }) => sum + count, 0)
      expect(listed + report.nodesNotListed).toBe(failed)
      expect(report.groups.listed.length + report.groups.more).toBe(
        new Set(all.flatMap(({ message, state }) => state === "error" || state === "failed" ? [message] : [])).size
      )
      expect(report.blocked.listed.length + report.blocked.more).toBe(skipped)
      expect(JSON.stringify(report).length).toBeLessThan(12_000)
    }))
  })
})
