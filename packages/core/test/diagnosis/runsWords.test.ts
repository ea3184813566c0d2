/** Long because each row of a report on a failure has its case. */
import { assert, describe, it } from "@effect/vitest"
import type { Suspect } from "../../src/diagnosis/historyModel.ts"
import type { Diagnosis } from "../../src/diagnosis/model.ts"
import type { FailureCause, Report } from "../../src/index.ts"
import {
  cause,
  deploy,
  diagnosis,
  group,
  history,
  id,
  linesOf,
  nodes,
  recovery,
  run,
  sectionOf,
  window
} from "../support/diagnosisFacts.ts"

describe("the failed nodes", () => {
  const rows = (fields: Parameters<typeof nodes>[0], options?: Report.Options) =>
    sectionOf(diagnosis({ nodes: nodes(fields) }), "Failed nodes, by cause", options)
  const of = (...listed: ReadonlyArray<ReturnType<typeof group>>) => ({ groups: { listed, more: 0 } })
  const first = { nodeID: "n1", name: "ORDERS", cause }

  it("are told by cause, the message of the first in the headline", () => {
    assert.deepStrictEqual(rows({}), ["- divisionByZero 100051, ORDERS"])
    const { code: _, ...uncoded } = cause
    assert.deepStrictEqual(rows(of(group({ first: { nodeID: "n1", cause: uncoded } }))), ["- divisionByZero, n1"])
    assert.deepStrictEqual(
      rows({
        groups: { listed: [group(), group({ key: "", first: { nodeID: "n2", errorString: "undefined" } })], more: 3 }
      }),
      [
        "- divisionByZero 100051, ORDERS",
        "- no cause named, n2: \"undefined\"",
        "- and 3 more causes"
      ]
    )
    assert.deepStrictEqual(rows(of()), [])
    assert.deepStrictEqual(sectionOf(diagnosis(), "Failed nodes, by cause"), [])
  })

  it("say where the first of them failed", () => {
    const place = { stage: "Insert", queryID: "01b2", warehouse: "WH", cause: { ...cause, sqlState: "22012" } }
    const one = group({ first: { ...first, ...place } })
    assert.deepStrictEqual(rows(of(one)), [
      "- divisionByZero 100051, ORDERS",
      "   stage \"Insert\", SQLSTATE 22012, query 01b2, warehouse \"WH\""
    ])
    const two = group({ ...one, count: 2, nodes: { listed: ["ORDERS", "ITEMS"], more: 0 } })
    assert.deepStrictEqual(rows(of(one, two, two)).slice(2), [
      "- divisionByZero 100051, 2 nodes: ORDERS, ITEMS: \"Division by zero\"",
      "   ORDERS: stage \"Insert\", SQLSTATE 22012, query 01b2",
      "- divisionByZero 100051, 2 nodes: ORDERS, ITEMS: \"Division by zero\""
    ])
    const other = group({ first: { ...first, warehouse: "OTHER" } })
    assert.deepStrictEqual(rows(of(one, other)).slice(3), ["   warehouse \"OTHER\""])
  })

  it("say in which objects or messages they differ", () => {
    const objects = (listed: ReadonlyArray<string>, more: number) => rows(of(group({ objects: { listed, more } })))[1]
    assert.strictEqual(objects(["A", "B"], 0), "   objects A, B")
    assert.strictEqual(objects(["A", "B", "C", "D", "E"], 5), "   objects A, B, C, D and 6 more")
    assert.isUndefined(objects(["A"], 0))
    const two = rows(of(group({ objects: { listed: ["A", "B"], more: 0 } })), { bounds: { names: 2 } })
    assert.strictEqual(two[1], "   objects A, B")
    const messages = (
      otherMessages: ReadonlyArray<string>,
      messages: number,
      ...before: ReadonlyArray<ReturnType<typeof group>>
    ) => rows(of(...before, group({ otherMessages, messages, objects: { listed: ["A"], more: 0 } }))).at(-1)
    assert.strictEqual(messages(["x", "\u200b", "y"], 5), "   also \"x\", \"y\" and 2 more messages")
    assert.strictEqual(messages(["x"], 2), "   also \"x\"")
    assert.strictEqual(messages(["x", "y"], 3, group()), "   also \"x\" and 1 more message")
    assert.strictEqual(messages(["x"], 2, group(), group()), "- divisionByZero 100051, ORDERS: \"Division by zero\"")
  })

  it("are all named, but of more than 50 some, and fewer of later causes", () => {
    const names = Array.from({ length: 10 }, (_, index) => `N${index}`)
    const many = group({ count: 60, nodes: { listed: names, more: 50 } })
    const named = (failed: number, index: number) =>
      rows({ failed, ...of(...Array.from({ length: index + 1 }, () => many)) }).filter((line) =>
        line.startsWith("- ")
      )[index]
    assert.include(named(51, 0), "60 nodes: N0, N1, N2, N3, N4, N5, N6, N7 and 52 more")
    assert.include(named(51, 1), "60 nodes: N0, N1, N2, N3 and 56 more: \"Div")
    assert.include(named(51, 3), "60 nodes: N0, N1, N2 and 57 more: \"Div")
    assert.include(named(50, 0), "N8, N9 and 50 more")
  })

  it("have the SQL of the first two causes, unless none is at fault", () => {
    const sql = "SELECT 1 / 0\nFROM T"
    const of2 = (causeClass: FailureCause.CauseClass, count = 1) =>
      rows(of(...Array.from({ length: count }, () => group({ class: causeClass, first: { ...first, sql } })))).filter((
        line
      ) => line.includes("SELECT"))
    assert.lengthOf(of2("divisionByZero", 3), 2)
    assert.deepStrictEqual([of2("warehouseOrQuota"), of2("authenticationOrNetwork")], [[], []])
    const wide = group({ first: { ...first, sql: `SELECT ${"x".repeat(700)}` } })
    const lengths = rows(of(wide, wide)).filter((line) => line.includes("SELECT")).map((line) => line.length)
    assert.deepStrictEqual(lengths.map((length) => Math.round(length / 100)), [4, 2])
    const fault = { ...cause, line: 2, position: 1 }
    assert.isTrue(
      rows(of(group({ first: { ...first, sql, cause: fault } }))).some((line) => line.startsWith("   > FROM"))
    )
  })

  it("stand beside those of no listed cause, and those that they blocked", () => {
    const lines = linesOf(
      diagnosis({ nodes: nodes({ otherNodes: ["A", "B"], skipped: 5, blocked: { listed: ["C", "D"], more: 3 } }) }),
      { bounds: { rows: 1 } }
    )
    assert.include(lines, "Also failed: A, B")
    assert.include(lines, "Blocked (5): C and 4 more")
    assert.deepStrictEqual(linesOf(diagnosis({ nodes: nodes() })).filter((line) => /^(?:Also|Blocked)/.test(line)), [])
  })
})

describe("the failed data tests", () => {
  const failedTests = { listed: [{ node: "ORDERS", test: "unique", message: "2 rows" }, { node: "ITEMS" }], more: 3 }
  const rows = ["- ORDERS: \"unique\": \"2 rows\"", "- ITEMS: a test", "- and 3 more"]

  it("do not fail a run, unless no node of it failed", () => {
    const title = "Failed data tests, which do not fail a run"
    assert.deepStrictEqual(sectionOf(diagnosis({ nodes: nodes({ failedTests }) }), title), rows)
    const stopped = diagnosis({ nodes: nodes({ failed: 0, failedTests }) })
    assert.deepStrictEqual(sectionOf(stopped, "Failed data tests"), rows)
    assert.deepStrictEqual(sectionOf({ ...stopped, outcome: "completed" }, title), rows)
  })
})

describe("the suspects", () => {
  const why = "It lies between."
  const rows = (suspect: Suspect, more = 0) =>
    sectionOf(diagnosis({ history: history(), suspects: { listed: [suspect], more } }), "Suspects, not verdicts")

  it("are told with why, each kind in its way", () => {
    assert.deepStrictEqual(rows({ kind: "deploy", run: deploy(31), why }, 2), [
      "- 31, deploy of 52ffe770cb64 \"Add orders\" (2026-11-03 01:00). It lies between.",
      "- and 2 more deploys"
    ])
    const changes = {
      listed: [{ name: "DATE", before: "\"a\"", after: "5" }, { name: "NEW", after: "\"b \\\"c\\\"\"" }],
      more: 0
    }
    assert.deepStrictEqual(rows({ kind: "parameters", changes, why }), [
      "- parameters DATE \"a\" to \"5\", NEW absent to \"b \\\\\\\"c\\\\\\\"\". It lies between."
    ])
    assert.include(
      rows({ kind: "parameters", changes: { listed: changes.listed.slice(0, 1), more: 4 }, why })[0],
      "\"5\" and 4 more."
    )
    assert.deepStrictEqual(rows({ kind: "nodeCount", before: 1, after: 2, why }), [
      "- nodeCount 1 to 2 nodes. It lies between."
    ])
    assert.deepStrictEqual(rows({ kind: "parallelism", before: 8, after: 2, why }), [
      "- parallelism 8 to 2. It lies between."
    ])
    assert.deepStrictEqual(rows({ kind: "selector", before: "{ A }", why }), [
      "- selector \"{ A }\" to absent. It lies between."
    ])
    const fields = ["snowflakeRole", "snowflakeWarehouse"]
    assert.deepStrictEqual(
      rows({ kind: "credentials", fields, changes: [{ name: "snowflakeWarehouse", before: "A", after: "B" }], why }),
      ["- credentials snowflakeRole, snowflakeWarehouse \"A\" to \"B\". It lies between."]
    )
    assert.deepStrictEqual(rows({ kind: "credentials", fields: ["snowflakeRole"], why }), [
      "- credentials snowflakeRole. It lies between."
    ])
  })

  it("are none where nothing changed, which is not said without the runs between", () => {
    const said = (facts: Diagnosis) => linesOf(facts).find((line) => line.startsWith("Suspects"))
    assert.strictEqual(
      said(diagnosis({ history: history({ firstFailure: run(9) }) })),
      "Suspects: none. Between runs 8 and 9 the API shows no deploy to the environment, and the same default parameters, nodes, selector, parallelism and sign-in"
    )
    const { lastSuccess: _, ...unknown } = history()
    assert.isUndefined(said(diagnosis({ history: unknown })))
    assert.isUndefined(said(diagnosis()))
    assert.isUndefined(said(diagnosis({ history: history() }, { runType: "deploy" })))
  })
})

describe("the runs after a failure", () => {
  const lines = (fields: Parameters<typeof recovery>[0], facts: Partial<Diagnosis> = {}, options?: Report.Options) =>
    linesOf(diagnosis({ recovery: recovery(fields), ...facts }), options).filter((line) =>
      /^(?:Other|Later)/.test(line)
    )
  const reRuns = { listed: [run(10), run(11), run(12, { runStatus: "running" })], more: 0 }

  it("are told but for those that the recovery names", () => {
    const state = { state: "relapsed", run: run(10), failedSince: run(11) } as const
    assert.deepStrictEqual(lines({ ...state, reRuns }), ["Other re-runs: 12 running (2026-11-03 02:00)"])
    assert.deepStrictEqual(lines({ reRuns: { ...reRuns, more: 2 } }, {}, { bounds: { rows: 1 } }), [
      "Other re-runs: 10 failed (2026-11-03 02:00) and 4 more"
    ])
    assert.deepStrictEqual(lines({ reRuns }, { outcome: "completed" }), [])
    assert.lengthOf(lines({ reRuns }, { outcome: "canceled" }), 1)
    assert.deepStrictEqual(linesOf(diagnosis()).filter((line) => line.startsWith("Later")), [])
  })

  it("count the later runs of the job, unless the one is named", () => {
    const more = { rows: 5, hasMore: true }
    assert.deepStrictEqual(lines({ laterRuns: 2 }), ["Later runs of the same job: 2"])
    assert.deepStrictEqual(lines({ laterRuns: 1, searched: more }), ["Later runs of the same job: at least 1"])
    assert.deepStrictEqual(lines({ laterRuns: 1, by: "laterRun", run: run(10) }), [])
    assert.deepStrictEqual(lines({ laterRuns: 1, by: "reRun", run: run(10) }), ["Later runs of the same job: 1"])
    assert.deepStrictEqual(lines({ laterRuns: 1, by: "laterRun", run: run(10), searched: more }), [
      "Later runs of the same job: at least 1"
    ])
    assert.lengthOf(lines({ laterRuns: 2, by: "laterRun", run: run(10) }), 1)
    assert.deepStrictEqual(lines({}), [])
  })
})

describe("the other failures of a window", () => {
  type Other = Diagnosis["otherFailures"]["listed"][number]
  const rows = (listed: ReadonlyArray<Other>, fields: Partial<Diagnosis> = {}, more = 0, truncated = false) =>
    sectionOf(diagnosis({ otherFailures: { listed, more, truncated }, ...fields }), "Also failed in the window")
  const named = (number: number) => `- ${number}, refresh of job 15 in env 3 (2026-11-03 02:00)`
  const missing = "SQL compilation error:\nObject 'A' does not exist or not authorized."

  it("have each their reason, or the run that failed of the same cause", () => {
    const reason = { runFailureReason: missing }
    assert.deepStrictEqual(
      rows([
        run(8, { runFailureReason: "Timed out" }),
        run(7, reason),
        run(6, reason),
        { ...run(5, reason), compared: { cause: "same" } },
        { ...run(4, { runFailureReason: "Timed out" }), compared: { cause: "different" } },
        run(3)
      ]),
      [
        `${named(8)}, reason "Timed out"`,
        `${named(7)}, reason "SQL compilation error: Object 'A' does not exist or not authorized."`,
        `${named(6)}, same cause as 7`,
        `${named(5)}, same cause as 9`,
        `${named(4)}, same cause as 8`,
        `${named(3)}, no reason given`
      ]
    )
    assert.deepStrictEqual(rows([run(8)], {}, 3), [`${named(8)}, no reason given`, "- and 3 more"])
    assert.deepStrictEqual(rows([run(8)], {}, 3, true).slice(1), ["- and at least 3 more"])
  })

  it("say whether they are over", () => {
    const over = (recovery: NonNullable<Other["recovery"]>) =>
      rows([{ ...run(8), recovery }])[0]?.slice(named(8).length + 17)
    assert.strictEqual(over({ state: "recovered", runID: id(10) }), "; recovered by 10")
    assert.strictEqual(over({ state: "running", runID: id(10) }), "; 10 runs it again")
    assert.strictEqual(over({ state: "unconfirmed" }), "; not known to be recovered")
    assert.strictEqual(over({ state: "notYet" }), "; not recovered")
  })

  it("name the nodes of their reasons", () => {
    const runFailureReason =
      "GraphExecutor halted and finished; encountered failures for node(s): [n1]; no nodes skipped"
    const facts = { nodeNames: [{ nodeID: "n1", name: "ORDERS" }] }
    assert.isTrue(rows([run(8, { runFailureReason })], facts)[0]?.endsWith(" (failed: ORDERS)"))
  })
})

describe("the end of a diagnosis", () => {
  const end = (facts: Diagnosis, options?: Report.Options) =>
    linesOf(facts, options).filter((line) => /^(?:Page|Window|Time zone|Unavailable|- )/.test(line))

  it("is its page, and its window or its zone", () => {
    assert.deepStrictEqual(end(diagnosis({}, { runLink: "https://app.example/9" })), [
      "Page: https://app.example/9",
      "Time zone: UTC"
    ])
    assert.deepStrictEqual(
      end(diagnosis({ window, filter: { environmentID: "3", jobID: 7 } }), { timeZone: "Europe/Berlin" }),
      [
        "Window (environmentID 3, jobID 7): 2026-11-02 19:00 – 2026-11-03 09:00 Europe/Berlin"
      ]
    )
    assert.deepStrictEqual(end(diagnosis({ window: { ...window, timeZoneSource: "fallback" } })), [
      "Window: 2026-11-02 18:00 – 2026-11-03 08:00 UTC, as this machine has no time zone"
    ])
  })

  it("says what is unavailable, that of several runs once", () => {
    const message = "No."
    const one = { part: "results", error: "Forbidden", status: 403, message, isRetryable: false } as const
    assert.deepStrictEqual(
      end(diagnosis({
        unavailable: [
          { ...one, runID: id(9), message: "run 9" },
          { ...one, runID: id(8), message: "run 8" },
          { ...one, runID: id(7), isRetryable: true },
          { part: "history", error: "RequestTimeout", message, isRetryable: true }
        ]
      })).slice(0, 4),
      [
        "Unavailable:",
        "- the node results of 2 runs: 403 Forbidden: \"run 9\"",
        "- the node results of run 7: 403 Forbidden: \"No.\" A retry may help.",
        "- the earlier runs: RequestTimeout: \"No.\" A retry may help."
      ]
    )
  })

  it("says which job was taken for a name", () => {
    const job = { jobID: 15, jobName: "Daily", asked: "dai", by: "part" } as const
    assert.include(
      linesOf(diagnosis({ job })),
      "Read jobID \"dai\" as \"Daily\" (job 15), the only job with such a name."
    )
  })
})
