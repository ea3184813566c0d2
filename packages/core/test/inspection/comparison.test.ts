// What differs between a run and another one, and in which order it is told.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { RunInspection } from "../../src/index.ts"
import { at, failed, inspect, node, query, run, textOf } from "../support/inspection.ts"

const kinds = ({ comparison }: RunInspection.Inspection) =>
  comparison?.differences.listed.map(({ kinds, name }) => `${name}: ${kinds.join(", ")}`)

const times = (startMinute: number, endMinute: number) => ({ startTime: at(2, startMinute), endTime: at(2, endMinute) })

describe("beside the last success", () => {
  const insert = (table: string, column: string) => `INSERT INTO ${table}\nSELECT\n  ${column}\nFROM SRC`
  const before = [
    node("STG", "complete", [query("Insert STG", { ...times(0, 1), sql: insert("STG", "ID"), rowsInserted: 1000 })]),
    node("DIM", "complete", [
      query("Insert DIM", { ...times(1, 2), sql: "INSERT INTO DIM SELECT ID FROM STG", rowsInserted: 500 })
    ]),
    node("FEW", "complete", [query("Insert FEW", { ...times(2, 3), rowsInserted: 200 })]),
    node("SLOW", "complete", [query("Insert SLOW", times(3, 4))]),
    node("OLD", "complete"),
    node("DATED", "complete", [query("Insert DATED", { sql: "SELECT '2026-03-09', 41" })]),
    node("SPACED", "complete", [query("Insert SPACED", { sql: "SELECT 1\nFROM A" })])
  ]
  const after = [
    node("STG", "complete", [
      query("Insert STG", { ...times(0, 1), sql: insert("STG", "ORDER_ID"), rowsInserted: 990 })
    ]),
    node("DIM", "error", [
      failed("Insert DIM", "invalid identifier 'ID'", { sql: "INSERT INTO DIM SELECT ID FROM STG" })
    ]),
    node("FEW", "complete", [query("Insert FEW", { ...times(2, 3), rowsInserted: 99 })]),
    node("SLOW", "complete", [query("Insert SLOW", times(3, 9))]),
    node("ADDED", "complete"),
    node("DATED", "complete", [query("Insert DATED", { sql: "SELECT '2026-03-10', 42" })]),
    node("SPACED", "complete", [query("Insert SPACED", { sql: "SELECT  1 FROM A\n" })])
  ]
  const runs = [
    run(1, 1, "completed", { runTimeParameters: { region: "EU", API_TOKEN: "secret-1" } }),
    run(2, 2, "failed", {
      runTimeParameters: { region: "US", API_TOKEN: "secret-2" },
      runDetails: { parallelism: 4, includeNodesSelector: "{A}" }
    })
  ]

  it.effect("what explains a failure comes first: what failed, what it names, changed SQL, gone, fewer rows, new, slower", () =>
    Effect.map(inspect(runs, { 1: before, 2: after }), (inspection) => {
      assert.deepStrictEqual(kinds(inspection), [
        "DIM: newlyFailed",
        "STG: changedSql",
        "OLD: gone",
        "FEW: fewerRows",
        "ADDED: new",
        "SLOW: slower",
        "DATED: changedSql"
      ])
      const [, stg] = inspection.comparison?.differences.listed ?? []
      assert.strictEqual(stg?.namedBy, "DIM")
      assert.deepStrictEqual(stg?.sqlChanges, [
        { stage: "Insert STG", added: 1, removed: 1, lines: ["- ID", "+ ORDER_ID"], onlyNumbers: false }
      ])
      assert.strictEqual(inspection.comparison?.nodesInBoth, 6)
    }))

  it.effect("a run that took much longer is explained by the nodes that lost most time", () =>
    Effect.map(
      inspect([runs[0] ?? run(1, 1, "completed"), run(2, 2, "completed", { runEndTime: at(2, 30) })], {
        1: before,
        2: after.map((one) => one.name === "DIM" ? { ...one, runState: "complete", queryResults: [] } : one)
      }),
      (inspection) => assert.strictEqual(kinds(inspection)?.[0], "SLOW: slower")
    ))

  it.effect("changed parameters and settings are said, and values of secrets are hidden", () =>
    Effect.map(inspect(runs, { 1: before, 2: after }), (inspection) => {
      const { comparison } = inspection
      assert.deepStrictEqual(comparison?.settings, [
        { name: "includeNodesSelector", after: "{A}" },
        { name: "parallelism", before: "8", after: "4" }
      ])
      assert.deepStrictEqual(comparison?.parameters?.listed, [
        { name: "API_TOKEN", before: "(hidden)", after: "(hidden)" },
        { name: "region", before: "\"EU\"", after: "\"US\"" }
      ])
      const text = textOf(inspection)
      assert.include(
        text,
        "Compared with the last success, run 1 (2026-03-10 01:00), which took 10m. Changed: includeNodesSelector from absent " +
          "to \"{A}\", parallelism from \"8\" to \"4\", parameter API_TOKEN from \"(hidden)\" to \"(hidden)\", parameter region " +
          "from \"EU\" to \"US\"."
      )
      assert.include(text, "default parameters API_TOKEN \"(hidden)\", region \"US\"")
      assert.notInclude(JSON.stringify(inspection), "secret-")
    }))

  it.effect("differences are told with the lines of SQL that changed", () =>
    Effect.map(inspect(runs, { 1: before, 2: after }), (inspection) =>
      assert.include(
        textOf(inspection),
        [
          "Differs from run 1:",
          "- failed newly: DIM",
          "- STG: changed SQL, named by the failed DIM",
          "   SQL of \"Insert STG\" (1 line removed, 1 added):",
          "   | - ID",
          "   | + ORDER_ID",
          "- OLD: gone",
          "- FEW: far fewer rows (99, before 200)",
          "- ADDED: new",
          "- SLOW: slower (6m, before 1m)",
          "- DATED: changed SQL (numbers only)"
        ].join("\n")
      )))

  it.effect("a node whose id changed is the same by its name", () =>
    Effect.map(
      inspect([run(1, 1, "completed"), run(2, 2, "completed")], {
        1: [node("A", "complete", [], { nodeID: "old" })],
        2: [node("A", "complete", [], { nodeID: "new" })]
      }),
      (inspection) => {
        assert.deepStrictEqual(kinds(inspection), [])
        assert.include(textOf(inspection), "No difference in 1 node.")
      }
    ))

  it.effect("it is the latest completed run of the same job before it, not one after it and none of another job", () =>
    Effect.map(
      inspect(
        [
          run(1, 0, "completed"),
          run(2, 1, "completed"),
          run(3, 1, "completed", { runDetails: { jobID: 9 } }),
          run(4, 2, "canceled"),
          run(5, 3, "failed"),
          run(6, 4, "completed")
        ],
        {},
        { runID: 5 }
      ),
      (inspection) => assert.strictEqual(inspection.comparison?.run.id, 2)
    ))

  it.effect("without any it is unavailable, and a run by its id is compared instead", () =>
    Effect.gen(function*() {
      const runs = [run(1, 1, "failed"), run(2, 2, "failed")]
      const none = yield* inspect(runs, {})
      assert.isUndefined(none.comparison)
      assert.deepInclude(none.unavailable[0], { part: "lastSuccess", error: "NotFound", isRetryable: false })
      const given = yield* inspect(runs, {}, { runID: 2, compareWith: 1 })
      assert.deepInclude(given.comparison, { by: "given" })
      assert.include(textOf(given), "Compared with run 1 (2026-03-10 01:00), failed, which took 10m.")
    }))
})
