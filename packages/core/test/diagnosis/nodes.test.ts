import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as FastCheck from "fast-check"
import { nodeNamesOf, nodeOutcomes } from "../../src/diagnosis/nodes.ts"
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
    expect(report.groups.listed[0]?.first).toEqual({ nodeID: "id of A", name: "A" })
    expect(report.groups.listed[1]?.first).toEqual({ nodeID: "id of B", name: "B" })
    expect(nodeOutcomes([node("A", "error", [query("Insert A", "Division by zero")])])).not.toHaveProperty(
      "withoutCause"
    )
    const { name: _, ...nameless } = query("Insert A", "Division by zero")
    expect(nodeOutcomes([node("A", "error", [nameless])]).groups.listed[0]?.first).not.toHaveProperty("stage")
  })

  it("have the text of an error that names no cause, and no text beside a cause", () => {
    const firstOf = (message: string) =>
      nodeOutcomes([node("A", "error", [query("Insert A", message)])]).groups.listed[0]?.first
    expect(firstOf("3 nodes failed")).toMatchObject({ errorString: "3 nodes failed" })
    expect(firstOf("3 nodes failed")).not.toHaveProperty("cause")
    expect(firstOf("Division by zero")).not.toHaveProperty("errorString")
  })

  it("have the objects that the messages of their group are about", () => {
    const missing = (object: string) => `Object '${object}' does not exist or not authorized.`
    const failed = (name: string, message: string) => node(name, "error", [query("Insert", message)])
    const report = nodeOutcomes([
      failed("A", missing("S.X")),
      failed("B", missing("S.Y")),
      failed("C", missing("S.X")),
      failed("D", "Division by zero")
    ])
    expect(report.groups.listed[0]?.objects).toEqual({ listed: ["S.X", "S.Y"], more: 0 })
    expect(report.groups.listed[1]).not.toHaveProperty("objects")
  })

  it("come behind what they follow from, in their group and with it", () => {
    const failed = (name: string, message: string | undefined, minute: number) =>
      node(name, "error", message === undefined ? [] : [query("Insert", message, { endTime: at(minute) })])
    const missing = (object: string) => `Object '${object}' does not exist or not authorized.`
    const firstOf = (...results: ReadonlyArray<RunResult>) =>
      nodeOutcomes(results).groups.listed.map(({ first, nodes }) => [first.name, nodes.listed.length])
    // T misses what no node makes: it is the first of its group, though it failed last.
    expect(firstOf(failed("F", missing("S.T"), 1), failed("T", missing("S.U"), 9))).toEqual([["T", 2]])
    // What names no cause comes first only if all others follow from another node.
    const [silent, consequence] = [failed("T", undefined, 9), failed("F", missing("S.T"), 1)]
    expect(firstOf(consequence, silent)).toEqual([["T", 1], ["F", 1]])
    expect(firstOf(consequence, silent, failed("Z", "Division by zero", 2))).toEqual([["Z", 1], ["F", 1], ["T", 1]])
    expect(firstOf(silent, failed("Z", "Division by zero", 2))).toEqual([["Z", 1], ["T", 1]])
    const both = [consequence, failed("G", missing("S.T"), 2), failed("T", "Division by zero", 3)]
    expect(firstOf(...both)).toEqual([["T", 1], ["F", 2]])
    // Of two kinds that follow the one of more nodes is first.
    const [one, two] = ["G", "H"].map((name) => failed(name, `${missing("S.T")} Oops`, 5))
    if (one === undefined || two === undefined) throw new Error("two nodes")
    expect(firstOf(consequence, one, two, failed("T", "Division by zero", 3))).toEqual([["T", 1], ["G", 2], ["F", 1]])
  })

  it("are named up to 50; of more, the first 10 of a group, and 3 of a group behind the fifth", () => {
    const groups = (size: number, count: number) =>
      nodeOutcomes(
        Array.from({ length: count }, (_, group) =>
          Array.from({ length: size }, (_, index) =>
            node(`N${group}.${index}`, "error", [
              query(
                "Insert",
                `Object 'S${"x".repeat(group)}.T${index}' does not exist or not authorized, ${"o".repeat(group + 1)}ps`,
                { endTime: at(group) }
              )
            ]))).flat()
      )
    const few = groups(8, 6)
    expect(few.groups.listed.map(({ nodes }) => [nodes.listed.length, nodes.more])).toEqual(
      Array.from({ length: 6 }, () => [8, 0])
    )
    expect(groups(25, 2).groups.listed.map(({ nodes }) => nodes.listed.length)).toEqual([25, 25])
    expect(groups(26, 2).groups.listed.map(({ nodes }) => nodes.listed.length)).toEqual([10, 10])
    const many = groups(12, 6)
    expect(many.groups.listed.map(({ nodes }) => [nodes.listed.length, nodes.more])).toEqual([
      ...Array.from({ length: 5 }, () => [10, 2]),
      [3, 9]
    ])
    const last = many.groups.listed[5]
    expect(last?.objects).toMatchObject({ listed: [{}, {}, {}], more: 9 })
    expect(last?.first).toEqual({
      nodeID: "id of N5.0",
      name: "N5.0",
      cause: expect.objectContaining({ class: "missingObjectOrGrant" })
    })
    // Without a group that is not listed there are no other nodes, and of many nodes none is named so.
    expect(few).not.toHaveProperty("otherNodes")
    expect(groups(4, 16)).toMatchObject({ nodesNotListed: 4 })
    expect(groups(4, 16)).not.toHaveProperty("otherNodes")
    expect(groups(2, 16).otherNodes).toEqual(["N15.0", "N15.1"])
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

describe("the names of nodes that reasons name by their ids", () => {
  const reason = (failed: string, skipped = "no nodes skipped") =>
    `GraphExecutor halted and finished; encountered failures for node: [${failed}]; ${skipped}`

  it("are those of results that have one, of failed and of skipped nodes", () => {
    const { name: _, ...nameless } = node("C", "error")
    const results = [node("A", "error"), node("B", "skipped"), nameless, node("D", "complete")]
      .map((result, index) => ({ ...result, nodeID: String(index + 1) }))
    expect(nodeNamesOf([reason("1,3", "skipped nodes: [2]")], results)).toEqual([
      { nodeID: "1", name: "A" },
      { nodeID: "2", name: "B" }
    ])
    expect(nodeNamesOf(["Division by zero"], results)).toBeUndefined()
  })

  it("are at most 20", () => {
    const results = Array.from({ length: 21 }, (_, index) => ({ ...node("A", "error"), nodeID: String(index) }))
    expect(nodeNamesOf([reason(results.map(({ nodeID }) => nodeID).join(","))], results)).toHaveLength(20)
  })
})
