/** Long because each sentence of an inspection has its case. */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { type FailureCause, Report, Run, RunInspection, type RunList } from "../../src/index.ts"
import type { Comparison, InspectedRun, Inspection, NodeDifference, Nodes } from "../../src/inspection/model.ts"
import type { InspectedNode, Stage } from "../../src/inspection/nodeModel.ts"

const at = (time: string) => DateTime.makeUnsafe(`2026-11-03T${time}Z`)

const line = (number: number, fields: Partial<RunList.RunLine> = {}): RunList.RunLine => ({
  id: Run.RunId.make(number),
  runType: "refresh",
  runStatus: "completed",
  runStartTime: at("02:00:00"),
  runEndTime: at("02:10:00"),
  jobID: 15,
  ...fields
})

const node = (name: string, fields: Partial<InspectedNode> = {}): InspectedNode => ({
  nodeID: `id of ${name}`,
  name,
  state: "completed",
  failedTests: [],
  ...fields
})

const nodes = (listed: ReadonlyArray<InspectedNode>, fields: Partial<Nodes> = {}): Nodes => ({
  counts: {
    total: listed.length,
    completed: listed.length,
    failed: 0,
    skipped: 0,
    canceled: 0,
    running: 0,
    waiting: 0,
    unknown: 0,
    withFailedTests: 0
  },
  matching: listed.length,
  listed,
  startingFrom: 0,
  ...fields
})

const inspection = (fields: Partial<Inspection> = {}, run: Partial<InspectedRun> = {}): Inspection => ({
  inspectedAt: at("09:00:00"),
  timeZone: "UTC",
  query: { runID: 9 },
  run: { ...line(9), ...run },
  unavailable: [],
  ...fields
})

const linesOf = (facts: Inspection, options?: Report.Options) =>
  Report.toText(RunInspection.report(facts, options)).split("\n")
const stepsOf = (facts: Inspection) =>
  RunInspection.report(facts).nextSteps.map(({ action, arguments: args, why }) => [action, args, why])

const cause: FailureCause.FailureCause = {
  class: "divisionByZero",
  code: "100051",
  key: "division by zero",
  message: "Division by zero"
}

describe("the run of an inspection", () => {
  it("is named with its status, when it started and how long it took", () => {
    assert.strictEqual(linesOf(inspection())[0], "Run 9 completed: refresh of job 15 (2026-11-03 02:00), after 10m.")
    const { runEndTime: _, ...open } = line(9, { runStatus: "running" })
    const going = (run: object) => linesOf({ ...inspection(), run: { ...open, ...run } })[0]
    assert.strictEqual(
      going({ durationMillis: 90_400 }),
      "Run 9 running: refresh of job 15 (2026-11-03 02:00), for 1m30s so far."
    )
    assert.strictEqual(going({}), "Run 9 running: refresh of job 15 (2026-11-03 02:00).")
    assert.strictEqual(
      going({ runStatus: "completed", durationMillis: 5 }),
      "Run 9 completed: refresh of job 15 (2026-11-03 02:00)."
    )
    assert.isTrue(
      linesOf(inspection({}, { reRunID: Run.RunId.make(8) }))[0]?.endsWith("after 10m. It is a re-run of 8.")
    )
  })

  it("is told by its nodes, or why there are none", () => {
    const second = (facts: Inspection) => linesOf(facts)[1]
    assert.strictEqual(
      second(inspection()),
      "What happened to its nodes is not known, as the node results are unavailable."
    )
    assert.strictEqual(second(inspection({ nodes: nodes([]) })), "It has no node results.")
    const { runEndTime: _, ...open } = line(9, { runStatus: "running" })
    assert.strictEqual(second({ ...inspection({ nodes: nodes([]) }), run: open }), "It shows no nodes yet.")
    assert.strictEqual(second(inspection({ nodes: nodes([node("A")]) })), "1 of 1 node completed.")
    const counts = {
      total: 20,
      completed: 1,
      failed: 2,
      skipped: 3,
      canceled: 4,
      running: 5,
      waiting: 6,
      unknown: 7,
      withFailedTests: 8
    }
    assert.strictEqual(
      second(inspection({ nodes: nodes([node("A")], { counts }) })),
      "1 of 20 nodes completed, 2 failed, 3 blocked, 4 canceled, 5 running, 6 waiting, 7 in an unknown state; data tests failed in 8."
    )
    const asked = inspection({ query: { node: "A" }, nodes: nodes([node("A")], { counts, matching: 1 }) })
    assert.match(second(asked) ?? "", /^1 of 20 nodes completed, 2 failed/)
    const none = (near?: ReadonlyArray<string>) =>
      second(
        inspection({
          query: { node: "X" },
          nodes: nodes([], { counts: { ...counts, total: 2 }, ...(near === undefined ? {} : { near }) })
        })
      )
    assert.strictEqual(none(), "None of its 2 nodes is named \"X\".")
    assert.strictEqual(none(["A", "B"]), "None of its 2 nodes is named \"X\". There are A, B.")
    assert.strictEqual(none(["A"]), "None of its 2 nodes is named \"X\". There are A and others.")
  })

  it("says its reason, where no node has failed", () => {
    const said = (facts: Partial<Inspection>) =>
      linesOf(inspection(facts, { runFailureReason: "It broke" })).find((line) => line.startsWith("Its"))
    assert.strictEqual(said({}), "Its runFailureReason: \"It broke\".")
    assert.isDefined(said({ nodes: nodes([node("A")]) }))
    const failed = nodes([node("A", { state: "failed" })])
    assert.isUndefined(said({ nodes: { ...failed, counts: { ...failed.counts, failed: 1 } } }))
    assert.isUndefined(linesOf(inspection()).find((line) => line.startsWith("Its")))
  })

  it("says who started it, with what", () => {
    const said = (run: Partial<InspectedRun>, facts: Partial<Inspection> = {}, options?: Report.Options) =>
      linesOf(inspection(facts, run), options).find((line) => line.startsWith("Started"))
    assert.isUndefined(said({}))
    assert.strictEqual(said({ userID: "u1" }), "Started by user u1.")
    const runTimeParameters = { listed: [{ name: "A", value: "\"x\"" }, { name: "B", value: "5" }], more: 0 }
    assert.strictEqual(
      said({
        userID: "u1",
        parallelism: 8,
        includeNodesSelector: "{ A }",
        excludeNodesSelector: "{ B }",
        runTimeParameters
      }, {
        nodes: nodes([node("A", { warehouse: "WH" })])
      }),
      "Started by user u1 with parallelism 8, warehouse WH, selector \"{ A }\", excluding \"{ B }\", default parameters A \"x\", B \"5\"."
    )
    assert.strictEqual(
      said({ runTimeParameters: { ...runTimeParameters, more: 2 } }, {}, { bounds: { names: 1 } }),
      "Started with default parameters A \"x\" and 3 more."
    )
    assert.isUndefined(said({ runTimeParameters: { listed: [], more: 2 } }))
    const { jobID: _, ...jobless } = line(9)
    const selector = { ...jobless, includeNodesSelector: "{ A }" }
    assert.notInclude(linesOf({ ...inspection(), run: selector }).join("\n"), "Started")
    assert.include(
      linesOf({ ...inspection(), run: { ...selector, jobName: "Daily" } }),
      "Started with selector \"{ A }\"."
    )
  })
})

describe("no run that matches", () => {
  const none = (searched?: Inspection["searched"], query: Inspection["query"] = { jobID: 15 }) => {
    const { run: _, ...rest } = inspection({ query, ...(searched === undefined ? {} : { searched }) })
    return rest
  }

  it("is told with the filters, and how much was read", () => {
    assert.strictEqual(linesOf(none())[0], "No run matches (runType refresh, jobID 15)")
    assert.strictEqual(
      linesOf(none({ rows: 7, hasMore: true }))[0],
      "No run matches (runType refresh, jobID 15) among the 7 newest. Older ones were not read."
    )
    assert.isTrue(linesOf(none({ rows: 1, hasMore: false }))[0]?.endsWith(": all 1 run was read."))
    assert.strictEqual(
      linesOf(none({ rows: 7, hasMore: false }))[0],
      "No run matches (runType refresh, jobID 15): all 7 runs were read."
    )
    const job = { jobID: 15, jobName: "Daily", asked: "dai", by: "part" } as const
    const part = { part: "runs", error: "Forbidden", message: "No.", isRetryable: false } as const
    assert.deepStrictEqual(linesOf({ ...none(), job, unavailable: [part] }).slice(1, 4), [
      "Read jobID \"dai\" as \"Daily\" (job 15), the only job with such a name.",
      "Unavailable:",
      "- the runs of the job: Forbidden: \"No.\""
    ])
    assert.deepStrictEqual(stepsOf(none(undefined, { environmentID: "3", runType: "deploy" })), [
      ["list", { runType: "deploy", environmentID: "3", detail: true }, "for the runs and jobs there are"]
    ])
  })
})

describe("the nodes of an inspection", () => {
  const rows = (listed: ReadonlyArray<InspectedNode>, fields: Partial<Nodes> = {}, options?: Report.Options) => {
    const lines = linesOf(inspection({ nodes: nodes(listed, fields) }), options)
    const from = lines.findIndex((line) => line.startsWith("Node"))
    return lines.slice(from, lines.findIndex((line) => line.startsWith("Next")))
  }
  const one = (fields: Partial<InspectedNode>) => rows([node("A", fields)])[1]?.slice(4)

  it.each<[fields: Partial<InspectedNode>, said: string]>([
    [{}, " completed"],
    [{ durationMillis: 70_400 }, " 1m10s"],
    [{ durationMillis: 70_000, share: 0.256 }, " 1m10s (26%)"],
    [{ durationMillis: 70_000, share: 0.0049 }, " 1m10s (<1%)"],
    [{ durationMillis: 70_000, share: 0.005 }, " 1m10s (1%)"],
    [{ share: 0.5 }, " completed"],
    [{ state: "failed" }, " failed"],
    [{ state: "failed", durationMillis: 70_000 }, " failed after 1m10s"],
    [{ state: "running" }, " running"],
    [{ state: "running", startTime: at("02:00:00") }, " running since 02:00"],
    [{ state: "running", durationMillis: 70_000 }, " running (1m10s)"],
    [{ state: "running", durationMillis: 70_000, share: 0.5 }, " running (1m10s, 50%)"],
    [{ state: "skipped" }, " blocked"],
    [{ state: "canceled", durationMillis: 70_000 }, " canceled 1m10s"],
    [{ state: "waiting" }, " waiting"],
    [{ state: "unknown" }, " in no state"],
    [{ state: "unknown", runState: "lost", durationMillis: 1000 }, " in state lost 1s"]
  ])("say their state and how long they took: %j", (fields, said) => {
    assert.strictEqual(rows([node("A", fields)])[1], `- A${said}`)
  })

  it("say the rows that they changed", () => {
    assert.strictEqual(one({ rowsInserted: 3, rowsUpdated: 0, rowsDeleted: 1 }), "completed, 3 inserted, 1 deleted")
    assert.strictEqual(one({ rowsUpdated: 2 }), "completed, 2 updated")
    assert.strictEqual(one({ rowsInserted: 0 }), "completed, 0 rows")
  })

  it("name their warehouses if there are several, their stages and their queries", () => {
    const [a, b] = [node("A", { warehouse: "W1" }), node("B", { warehouse: "W2" })]
    assert.deepStrictEqual(rows([a, b]).slice(1), ["- A completed, warehouse W1", "- B completed, warehouse W2"])
    assert.deepStrictEqual(rows([a, { ...b, warehouse: "W1" }]).slice(1), ["- A completed", "- B completed"])
    assert.strictEqual(one({ stage: "A Insert", queryID: "01b2" }), "completed, stage \"Insert\", query 01b2")
    assert.strictEqual(one({ stage: "A" }), "completed")
    const { name: _, ...nameless } = node("A", { stage: "Insert" })
    assert.strictEqual(rows([nameless])[1], "- \"id of A\" completed, stage \"Insert\"")
  })

  it("name the queries of three that failed or run, and of the three slowest others", () => {
    const listed = [
      ...["F1", "F2", "R1", "R2"].map((name, index) =>
        node(name, { state: index < 2 ? "failed" : "running", queryID: "q" })
      ),
      ...[5, 1, 9, 7].map((seconds) => node(`S${seconds}`, { durationMillis: seconds * 1000, queryID: "q" })),
      node("S0", { queryID: "q" })
    ]
    const named = rows(listed).flatMap((line) => line.endsWith("query q") ? [/^- (\S+)/.exec(line)?.[1]] : [])
    assert.deepStrictEqual(named, ["F1", "F2", "R1", "S5", "S9", "S7"])
    const turned = rows(listed.toReversed()).flatMap((line) =>
      line.endsWith("query q") ? [/^- (\S+)/.exec(line)?.[1]] : []
    )
    assert.deepStrictEqual(turned, ["S7", "S9", "S5", "R2", "R1", "F2"])
  })

  it("say each error once, and the same kind of error by its object", () => {
    const failed = (name: string, fields: Partial<InspectedNode>) => node(name, { state: "failed", ...fields })
    assert.deepStrictEqual(
      rows([
        failed("A", { cause }),
        failed("B", { cause }),
        failed("C", { cause: { ...cause, message: "Division by 0", object: "ORDERS" } }),
        failed("D", { errorString: "undefined" }),
        failed("E", { errorString: "undefined" }),
        failed("F", {})
      ]).slice(1),
      [
        "- A failed: \"Division by zero\" (divisionByZero 100051)",
        "- B failed: the same error as A",
        "- C failed: the same kind of error, about ORDERS",
        "- D failed: \"undefined\"",
        "- E failed: the same error as D",
        "- F failed"
      ]
    )
    const alike = [failed("A", { cause }), failed("B", { cause: { ...cause, message: "Division by 0" } })]
    assert.strictEqual(rows(alike)[2], "- B failed: \"Division by 0\" (divisionByZero 100051)")
    const three = ["A", "B", "C"].map((name) => failed(name, { errorString: "undefined" }))
    assert.strictEqual(rows(three)[3], "- C failed: the same error as A")
    assert.strictEqual(
      rows([failed("A", { cause: { ...cause, object: "ORDERS" } })])[1],
      "- A failed: \"Division by zero\" (divisionByZero 100051)"
    )
    const { code: _, ...uncoded } = cause
    assert.strictEqual(one({ state: "failed", cause: uncoded }), "failed: \"Division by zero\" (divisionByZero)")
  })

  it("have less of later errors", () => {
    const listed = ["a", "b", "c", "d", "e"].map((letter) =>
      node(letter, { state: "failed", errorString: letter.repeat(400) })
    )
    const lengths = rows(listed, {}, { bounds: { message: 200, shortMessage: 100, name: 50 } }).slice(1)
      .map((line) => /"(.*)"/.exec(line)?.[1]?.length)
    assert.deepStrictEqual(lengths, [200, 100, 100, 50, 50])
    const later = rows([node("x"), ...listed.slice(0, 1)], {}, { bounds: { message: 200, shortMessage: 100 } })[2]
    assert.lengthOf(/"(.*)"/.exec(later ?? "")?.[1] ?? "", 200)
  })

  it("name three of their failed tests", () => {
    const tests = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ node: "A", test: `t${index}`, message: "no" }))
    const said = (failedTests: InspectedNode["failedTests"]) => rows([node("A", { failedTests })]).slice(2)
    assert.deepStrictEqual(said([{ node: "A" }, ...tests(1)]), [
      "   failed test without a name",
      "   failed test \"t0\": \"no\""
    ])
    assert.deepStrictEqual(said(tests(3)).length, 3)
    assert.lengthOf(said(tests(4)), 4)
    assert.strictEqual(said(tests(4)).at(-1), "   and 1 more failed test")
    assert.strictEqual(said(tests(5)).at(-1), "   and 2 more failed tests")
  })

  it("say which of how many the page has", () => {
    const title = (listed: ReadonlyArray<InspectedNode>, fields: Partial<Nodes> = {}) => rows(listed, fields)
    assert.strictEqual(title([node("A")])[0], "Nodes, failed first, then the slowest:")
    assert.deepStrictEqual(title([node("A"), node("B")], { matching: 5, startingFrom: 2 }), [
      "Nodes 3–4 of 5, failed first, then the slowest:",
      "- A completed",
      "- B completed",
      "- and 1 more node"
    ])
    assert.strictEqual(
      title([node("A")], { matching: 2, startingFrom: 1 })[0],
      "Node 2 of 2, failed first, then the slowest:"
    )
    assert.deepStrictEqual(linesOf(inspection({ nodes: nodes([]) })).filter((line) => line.startsWith("Node")), [])
  })
})

describe("the stages of a node", () => {
  const rows = (stages: ReadonlyArray<Stage>, fields: Partial<InspectedNode> = {}) => {
    const lines = linesOf(inspection({ query: { node: "A" }, nodes: nodes([node("A", { stages, ...fields })]) }))
    return lines.slice(lines.findIndex((line) => line.startsWith("A ")))
  }

  it("are told with their state, their rows and their errors", () => {
    assert.deepStrictEqual(rows([]), ["A completed: no stages"])
    assert.deepStrictEqual(rows([{}], { state: "running", startTime: at("02:00:00") }), [
      "A running since 2026-11-03 02:00:",
      "- stage without a name"
    ])
    const stage = { name: "Insert", durationMillis: 1000, rowsInserted: 2, warehouse: "WH", queryID: "01b2" }
    assert.strictEqual(
      rows([{ ...stage, success: true }])[1],
      "- \"Insert\" completed 1s, 2 inserted, warehouse WH, query 01b2"
    )
    assert.strictEqual(
      rows([{ ...stage, success: false, cause }])[1],
      "- \"Insert\" failed 1s, 2 inserted, warehouse WH, query 01b2: \"Division by zero\" (divisionByZero 100051)"
    )
    assert.strictEqual(rows([{ isRunning: true, success: false }])[1], "- stage without a name running")
  })

  it("show their SQL line by line, and the line at fault", () => {
    const sql = "SELECT\n\tA,\r\n    B\n"
    const shown = (fields: Partial<Stage>) => rows([{ name: "S", sql, sqlLength: sql.length, ...fields }]).slice(2)
    assert.deepStrictEqual(shown({}), ["   SQL:", "   | SELECT", "   |  A,", "   |     B"])
    assert.deepStrictEqual(shown({ cause: { ...cause, line: 3 } }).slice(1), ["   | SELECT", "   |  A,", "   >     B"])
    assert.notInclude(shown({ cause: { ...cause, line: 4 } }).join(), ">")
    assert.deepStrictEqual(shown({ cause: { ...cause, line: 1 }, sqlFrom: 10, sqlLength: 90 }).slice(0, 2), [
      `   SQL (characters 11–${10 + sql.length} of 90):`,
      "   | SELECT"
    ])
    assert.strictEqual(shown({ sqlLength: 90 })[0], `   SQL (characters 1–${sql.length} of 90):`)
    assert.strictEqual(shown({ sql: `${" ".repeat(30)}A` })[1], `   | ${" ".repeat(20)}A`)
    assert.deepStrictEqual(shown({ sql: "A\rB" }).slice(1), ["   | A", "   | B"])
    assert.deepStrictEqual(rows([{ name: "S" }]), ["A completed:", "- \"S\""])
  })
})

describe("the comparison with another run", () => {
  const difference = (name: string, fields: Partial<NodeDifference> = {}): NodeDifference => ({
    nodeID: `id of ${name}`,
    name,
    kinds: ["slower"],
    ...fields
  })
  const comparison = (fields: Partial<Comparison> = {}): Comparison => ({
    run: line(8),
    by: "lastSuccess",
    settings: [],
    nodesInBoth: 3,
    differences: { listed: [], more: 0 },
    kinds: [],
    ...fields
  })
  const compared = (fields: Partial<Comparison>, run: Partial<InspectedRun> = {}, options?: Report.Options) =>
    linesOf(inspection({ comparison: comparison(fields) }, run), options).find((line) => line.startsWith("Compared"))
  const rows = (listed: ReadonlyArray<NodeDifference>, fields: Partial<Comparison> = {}, more = 0) => {
    const lines = linesOf(inspection({ comparison: comparison({ differences: { listed, more }, ...fields }) }))
    const from = lines.findIndex((line) => line.startsWith("Differs"))
    const to = lines.findIndex((line) => line.startsWith("Next"))
    return from < 0 ? [] : lines.slice(from, to < 0 ? undefined : to)
  }

  it("says with which run, how long that took, and what else was set", () => {
    const success = "Compared with the last success, run 8 (2026-11-03 02:00)"
    assert.strictEqual(compared({}), `${success}. No difference in 3 nodes.`)
    const { nodesInBoth: _, ...blind } = comparison()
    assert.isTrue(
      linesOf(inspection({ comparison: blind })).includes(
        `${success}. Nodes cannot be compared, since one of the runs shows none.`
      )
    )
    assert.strictEqual(
      compared({ by: "given", run: line(8, { runStatus: "failed" }), durationMillis: 60_000, nodesInBoth: 1 }),
      "Compared with run 8 (2026-11-03 02:00), failed, which took 1m. No difference in 1 node."
    )
    const { runEndTime: _end, ...open } = line(9)
    assert.include(
      linesOf({ ...inspection({ comparison: comparison() }), run: open }).join("\n"),
      "No difference in 3 nodes so far."
    )
    const settings = [{ name: "parallelism", before: "8", after: "2" }, { name: "selector", after: "\"{ A }\"" }]
    const parameters = { listed: [{ name: "P", before: "\"x\"" }, { name: "Q", before: "1", after: "2" }], more: 0 }
    assert.strictEqual(
      compared({ settings, parameters }),
      `${success}. Changed: parallelism from "8" to "2", selector from absent to "{ A }", parameter P from "x" to absent, parameter Q from "1" to "2". No difference in 3 nodes.`
    )
    assert.include(
      compared({ parameters: { ...parameters, more: 1 } }, {}, { bounds: { names: 1 } }),
      "parameter P from \"x\" to absent and 2 more. No"
    )
    assert.strictEqual(compared({ differences: { listed: [difference("A")], more: 0 } }), `${success}.`)
  })

  it.each<[fields: Partial<NodeDifference>, said: string]>([
    [{ kinds: ["slower"] }, "slower"],
    [
      { before: { state: "completed", durationMillis: 1000 }, after: { state: "completed", durationMillis: 5000 } },
      "slower (5s, before 1s)"
    ],
    [{ before: { state: "completed" }, after: { state: "completed", durationMillis: 5000 } }, "slower"],
    [{ before: { state: "completed", durationMillis: 5000 }, after: { state: "completed" } }, "slower"],
    [{ before: { state: "completed", durationMillis: 5000 } }, "slower"],
    [
      { kinds: ["fewerRows"], before: { state: "completed", rows: 9 }, after: { state: "completed" } },
      "far fewer rows"
    ],
    [
      { kinds: ["fewerRows"], before: { state: "completed" }, after: { state: "completed", rows: 1 } },
      "far fewer rows"
    ],
    [{ kinds: ["fewerRows"], before: { state: "completed", rows: 9 } }, "far fewer rows"],
    [
      { kinds: ["new", "changedSql"], sqlChanges: [{ lines: [], onlyNumbers: true }] },
      "new, changed SQL (numbers only)"
    ],
    [{ kinds: ["fewerRows"] }, "far fewer rows"],
    [
      { kinds: ["fewerRows"], before: { state: "completed", rows: 9 }, after: { state: "completed", rows: 1 } },
      "far fewer rows (1, before 9)"
    ],
    [{ kinds: ["changedSql"] }, "changed SQL"],
    [{ kinds: ["changedSql"], sqlChanges: [{ lines: [], onlyNumbers: true }] }, "changed SQL (numbers only)"],
    [{ kinds: ["newlyFailed"], namedBy: "B" }, "failed newly, named by the failed B"],
    [{ kinds: ["newlyFailedTest", "gone", "new"] }, "a test failed newly, gone, new"]
  ])("says how a node differs: %j", (fields, said) => {
    const kinds = [{ kind: "newlyFailed" as const, count: fields.namedBy === undefined ? 0 : 1 }]
    assert.deepStrictEqual(rows([difference("A", fields)], { kinds }), ["Differs from run 8:", `- A: ${said}`])
  })

  it("shows how the SQL of two nodes changed, as far as there is room", () => {
    const change = {
      stage: "Insert",
      added: 4,
      removed: 4,
      lines: ["- a", "+ b", "- c", "+ d", "- e", "+ f", "- g", "+ h"],
      onlyNumbers: false
    }
    const changed = difference("A", { kinds: ["changedSql"], sqlChanges: [{ lines: [], onlyNumbers: true }, change] })
    const shown = rows([changed, { ...changed }, { ...changed }]).slice(1)
    assert.deepStrictEqual(shown.map((line) => line.slice(0, 60)), [
      "- A: changed SQL",
      "   SQL of \"Insert\" (4 lines removed, 4 added, 2 not shown):",
      ...change.lines.slice(0, 6).map((line) => `   | ${line}`),
      "- A: changed SQL",
      "   SQL of \"Insert\" (4 lines removed, 4 added, 6 not shown):",
      "   | - a",
      "   | + b",
      "- A: changed SQL"
    ])
    const title = (fields: object) =>
      rows([difference("A", { kinds: ["changedSql"], sqlChanges: [{ lines: [], onlyNumbers: false, ...fields }] })])[2]
    assert.strictEqual(title({}), "   SQL of a stage (too different to show):")
    assert.strictEqual(title({ added: 1 }), "   SQL of a stage (too different to show):")
    assert.strictEqual(title({ removed: 1 }), "   SQL of a stage (too different to show):")
    assert.strictEqual(title({ added: 0, removed: 1, lines: ["- a"] }), "   SQL of a stage (1 line removed, 0 added):")
    assert.strictEqual(title({ added: 9, removed: 1 }), "   SQL of a stage (1 line removed, 9 added):")
  })

  it("shows most of the first change of SQL, whatever stands above it", () => {
    const lines = Array.from({ length: 8 }, (_, index) => `+ ${index}`)
    const change = { added: 8, removed: 0, lines, onlyNumbers: false }
    const changed = difference("A", { kinds: ["changedSql"], sqlChanges: [change] })
    assert.lengthOf(rows([difference("S"), changed]).filter((line) => line.startsWith("   | ")), 6)
  })

  it("shows half of the rows where more differ than there is room for", () => {
    const shown = (count: number) =>
      linesOf(
        inspection({
          comparison: comparison({
            differences: { listed: Array.from({ length: count }, (_, index) => difference(`N${index}`)), more: 0 },
            kinds: [{ kind: "slower", count }]
          })
        }),
        { bounds: { rows: 4 } }
      ).filter((line) => /^(?:- |Differs)/.test(line))
    assert.deepStrictEqual(shown(4).length, 5)
    assert.deepStrictEqual(shown(5), [
      "Differs from run 8 (5 slower):",
      "- N0: slower",
      "- N1: slower",
      "- and 3 more nodes"
    ])
  })

  it("puts no node into the row of those that only failed that differs in more", () => {
    const only = ["A", "B"].map((name) => difference(name, { kinds: ["newlyFailed"] }))
    const more = difference("C", { kinds: ["newlyFailed", "slower"] })
    assert.deepStrictEqual(rows([...only, more], { kinds: [{ kind: "newlyFailed", count: 3 }] }), [
      "Differs from run 8:",
      "- failed newly: A, B",
      "- C: failed newly, slower"
    ])
  })

  it("puts the nodes that only failed into one row, and counts the others", () => {
    const failed = ["A", "B", "C", "D", "E", "F"].map((name) => difference(name, { kinds: ["newlyFailed"] }))
    const kinds = [{ kind: "newlyFailed" as const, count: 6 }, { kind: "slower" as const, count: 3 }]
    assert.deepStrictEqual(
      rows([...failed, difference("S")], { kinds }, 2),
      [
        "Differs from run 8 (6 failed newly, 3 slower):",
        "- S: slower",
        "- and 2 more nodes"
      ].flatMap((line, index) => index === 1 ? ["- failed newly: A, B, C, D and 2 more", line] : [line])
    )
    assert.deepStrictEqual(rows(failed.slice(0, 1), { kinds: [{ kind: "newlyFailed", count: 1 }] }), [
      "Differs from run 8:",
      "- failed newly: A"
    ])
    assert.deepStrictEqual(rows([]), [])
  })
})

describe("the next steps of an inspection", () => {
  const failed = { runStatus: "failed" } as const
  const inspect = (name: string) => ["inspect", { runID: 9, node: name, compareWith: "none" }, "for its stages and SQL"]
  const diagnose = ["diagnose", { runID: 9 }, "why it failed, and since when"]

  it("are a diagnosis of a failed run, and the node that tells most", () => {
    assert.deepStrictEqual(stepsOf(inspection({}, failed)), [])
    const listed = [node("A", { state: "failed" }), node("B")]
    assert.deepStrictEqual(stepsOf(inspection({ nodes: nodes(listed) }, failed)), [diagnose, inspect("A")])
    assert.deepStrictEqual(stepsOf(inspection({ nodes: nodes(listed, { startingFrom: 2 }) }, failed)), [inspect("A")])
    assert.deepStrictEqual(stepsOf(inspection({ nodes: nodes([node("B")]) })), [inspect("B")])
    const gone = { nodeID: "g", name: "G", kinds: ["gone" as const] }
    const slower = { nodeID: "s", name: "S", kinds: ["slower" as const] }
    const comparison: Comparison = {
      run: line(8),
      by: "lastSuccess",
      settings: [],
      differences: { listed: [gone, slower], more: 0 },
      kinds: []
    }
    assert.deepStrictEqual(stepsOf(inspection({ nodes: nodes([node("B")]), comparison })), [inspect("S")])
    assert.deepStrictEqual(stepsOf(inspection({ nodes: nodes(listed), comparison })), [inspect("A")])
  })

  it("name a node as it can be asked for", () => {
    const named = (name: string) => stepsOf(inspection({ nodes: nodes([{ ...node(name), nodeID: "n1" }]) }))
    assert.deepStrictEqual(named("A\u0000B"), [inspect("n1")])
    assert.deepStrictEqual(named("A*"), [inspect("n1")])
    assert.deepStrictEqual(stepsOf(inspection({ nodes: nodes([{ ...node("*"), nodeID: "*" }]) })), [])
  })

  it("go on with the page, or with the SQL of a node", () => {
    const page = { matching: 9, next: { startingFrom: 2 } }
    assert.deepStrictEqual(
      stepsOf(inspection({ query: { limit: 2 }, nodes: nodes([node("A"), node("B")], page) }))[0],
      [
        "inspect",
        { runID: 9, startingFrom: 2, limit: 2, compareWith: "none" },
        "for the other 7 nodes"
      ]
    )
    assert.include(
      stepsOf(inspection({ nodes: nodes([node("A")], { ...page, startingFrom: 7 }) }))[0]?.[2],
      "for the other 1 node"
    )
    const sql = nodes([node("A")], { next: { startingFrom: 0, sqlFrom: 800 } })
    assert.deepStrictEqual(stepsOf(inspection({ query: { node: "A" }, nodes: sql }, failed)), [
      [
        "inspect",
        { runID: 9, node: "A", startingFrom: 0, sqlFrom: 800, compareWith: "none" },
        "for the rest of the SQL"
      ]
    ])
  })

  it("stand below the page of the run", () => {
    const lines = linesOf(inspection({ nodes: nodes([node("A")]) }, { runLink: "https://app.example/9" }))
    assert.include(lines, "Page: https://app.example/9")
  })
})
