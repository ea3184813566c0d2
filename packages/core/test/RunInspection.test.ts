// What an inspection finds in runs that a test writes out, and how it is told.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { RunInspection } from "../src/index.ts"
import { at, failed, inspect, node, query, run, textOf } from "./support/inspection.ts"

const names = (inspection: RunInspection.Inspection) => inspection.nodes?.listed.map(({ name }) => name)

const kinds = ({ comparison }: RunInspection.Inspection) =>
  comparison?.differences.listed.map(({ kinds, name }) => `${name}: ${kinds.join(", ")}`)

const times = (startMinute: number, endMinute: number) => ({ startTime: at(2, startMinute), endTime: at(2, endMinute) })

describe("the nodes of a run", () => {
  const results = {
    2: [
      node("QUICK", "complete", [query("Insert QUICK", { ...times(0, 1), rowsInserted: 10 })]),
      node("BLOCKED", "skipped"),
      node("SLOW", "complete", [
        query("Truncate", { ...times(0, 1), queryID: "q-truncate", warehouse: "WH" }),
        query("Merge SLOW", { ...times(1, 6), queryID: "q-merge", rowsInserted: 7, rowsUpdated: 3, rowsDeleted: 0 })
      ]),
      node("STRANGE", "half-baked", [query("Insert STRANGE", times(0, 2))]),
      node("BROKEN", "error", [
        query("Truncate", times(2, 3)),
        failed("Insert BROKEN", "Division by zero", { ...times(3, 5), queryID: "q-broken" })
      ]),
      node("TESTED", "complete", [
        query("Insert TESTED", times(0, 1)),
        failed("not empty", "Test failed: 0 rows")
      ], { hasTestFailures: true })
    ]
  }
  const inspection = inspect([run(2, 2, "failed", { userID: "u1" })], results, { runID: 2, compareWith: "none" })

  it.effect("come failed first, then with failed tests and in an unknown state, then the slowest", () =>
    Effect.map(inspection, (inspection) => {
      assert.deepStrictEqual(names(inspection), ["BROKEN", "TESTED", "STRANGE", "SLOW", "QUICK", "BLOCKED"])
      assert.deepStrictEqual(inspection.nodes?.counts, {
        total: 6,
        completed: 3,
        failed: 1,
        skipped: 1,
        canceled: 0,
        running: 0,
        waiting: 0,
        unknown: 1,
        withFailedTests: 1
      })
      assert.isUndefined(inspection.nodes?.next)
    }))

  it.effect("have their time, share, rows, warehouse, query, error and failed tests", () =>
    Effect.map(inspection, ({ nodes }) => {
      const [broken, tested, strange, slow] = nodes?.listed ?? []
      assert.deepInclude(slow, {
        state: "completed",
        runState: "complete",
        durationMillis: 360_000,
        share: 0.6,
        rowsInserted: 7,
        rowsUpdated: 3,
        rowsDeleted: 0,
        warehouse: "WH",
        queryID: "q-merge"
      })
      assert.deepInclude(broken, {
        state: "failed",
        stage: "Insert BROKEN",
        queryID: "q-broken",
        durationMillis: 180_000
      })
      assert.strictEqual(broken?.cause?.class, "divisionByZero")
      assert.deepInclude(strange, { state: "unknown", runState: "half-baked" })
      assert.deepStrictEqual(tested?.failedTests, [{
        node: "TESTED",
        test: "not empty",
        message: "Test failed: 0 rows"
      }])
    }))

  it.effect("are told in a few words, each once", () =>
    Effect.map(inspection, (inspection) => {
      assert.strictEqual(
        textOf(inspection),
        [
          "Run 2 failed: refresh \"Daily\" (job 1) in env 3 (2026-03-10 02:00), after 10m.",
          "3 of 6 nodes completed, 1 failed, 1 blocked, 1 in an unknown state; data tests failed in 1.",
          "Started by user u1 with parallelism 8, warehouse WH.",
          "Nodes, failed first, then the slowest:",
          "- BROKEN failed after 3m (30%), stage \"Insert\", query q-broken: \"Division by zero\" (divisionByZero)",
          "- TESTED 1m (10%)",
          "   failed test \"not empty\": \"Test failed: 0 rows\"",
          "- STRANGE in state half-baked 2m (20%)",
          "- SLOW 6m (60%), 7 inserted, 3 updated, query q-merge",
          "- QUICK 1m (10%), 10 inserted",
          "- BLOCKED blocked",
          "Page: https://runs.invalid/runs/2",
          "Unavailable:",
          "- the node results of run 2: UnknownState: \"1 of 6 nodes in an unknown state, such as \\\"half-baked\\\".\"",
          "Next: diagnose {\"runID\":2} why it failed, and since when",
          "Next: inspect {\"runID\":2,\"node\":\"BROKEN\",\"compareWith\":\"none\"} for its stages and SQL"
        ].join("\n")
      )
    }))

  it.effect("stay the same after JSON", () =>
    Effect.gen(function*() {
      const facts = yield* inspection
      const codec = Schema.toCodecJson(RunInspection.Inspection)
      const json = JSON.stringify(yield* Schema.encodeEffect(codec)(facts))
      assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(codec)(JSON.parse(json)), facts)
    }))

  it.effect("continue where a page ends, and miss none", () =>
    Effect.gen(function*() {
      const seen: Array<string | undefined> = []
      let startingFrom: number | undefined = 0
      while (startingFrom !== undefined) {
        const page: RunInspection.Inspection = yield* inspect([run(2, 2, "failed")], results, {
          runID: 2,
          limit: 4,
          startingFrom,
          compareWith: "none"
        })
        seen.push(...names(page) ?? [])
        startingFrom = page.nodes?.next?.startingFrom
      }
      assert.deepStrictEqual(seen, ["BROKEN", "TESTED", "STRANGE", "SLOW", "QUICK", "BLOCKED"])
      const first = yield* inspect([run(2, 2, "failed")], results, { runID: 2, limit: 4, compareWith: "none" })
      assert.include(textOf(first), "Nodes 1–4 of 6, failed first, then the slowest:")
      assert.include(textOf(first), "- and 2 more nodes")
      assert.include(
        textOf(first),
        "Next: inspect {\"runID\":2,\"startingFrom\":4,\"limit\":4,\"compareWith\":\"none\"} for the other 2 nodes"
      )
    }))

  it.effect("show the first of each kind of error before the others", () =>
    Effect.map(
      inspect([run(2, 2, "failed")], {
        2: [
          ...["A1", "A2", "A3"].map((name, index) =>
            node(name, "error", [failed("Insert", "Numeric value 'x' is not recognized", times(index, index + 1))])
          ),
          node("B1", "error", [failed("Insert", "Division by zero", times(5, 6))])
        ]
      }),
      (inspection) => {
        assert.deepStrictEqual(names(inspection), ["A1", "B1", "A2", "A3"])
        assert.include(textOf(inspection), "- A2 failed after 1m (10%), stage \"Insert\": the same error as A1")
      }
    ))
})

describe("a running run", () => {
  const results = {
    2: [
      node("DONE", "complete", [query("Insert DONE", times(0, 2))]),
      node("NOW", undefined, [
        query("Truncate", times(2, 3)),
        query("Insert NOW", { startTime: at(2, 3), isRunning: true, queryID: "q-now" })
      ], { isRunning: true }),
      node("LATER", undefined)
    ]
  }

  it.effect("says how far it is, at which node since when, with the query", () =>
    Effect.map(
      inspect([run(1, 1, "completed"), run(2, 2, "running")], {
        ...results,
        1: [
          node("DONE", "complete"),
          node("NOW", "complete", [query("Insert NOW", times(2, 4))]),
          node("LATER", "complete")
        ]
      }),
      (inspection) => {
        const text = textOf(inspection)
        assert.include(text, "(2026-03-10 02:00), for 6h so far.\n1 of 3 nodes completed, 1 running, 1 waiting.")
        assert.include(text, "- NOW running since 02:02 (5h58m, 99%), stage \"Insert\", query q-now")
        assert.include(text, "- NOW: slower (5h58m, before 2m)")
        assert.deepInclude(inspection.nodes?.listed[0], { name: "NOW", state: "running", durationMillis: 21_480_000 })
        assert.deepInclude(inspection.nodes?.listed[2], { name: "LATER", state: "waiting" })
      }
    ))

  it.effect("has lost no node that it does not show yet", () =>
    Effect.map(
      inspect([run(1, 1, "completed"), run(2, 2, "running")], {
        2: [node("DONE", "complete")],
        1: [node("DONE", "complete"), node("LATER", "complete")]
      }),
      (inspection) => assert.deepStrictEqual(kinds(inspection), [])
    ))

  it.effect("that has just started shows no nodes yet", () =>
    Effect.map(
      inspect([run(2, 2, "running")], {}),
      (inspection) => assert.include(textOf(inspection), "It shows no nodes yet.")
    ))
})

describe("the latest run of a job", () => {
  it.effect("is the newest that has started", () =>
    Effect.map(
      inspect(
        [run(1, 1, "completed"), run(2, 2, "completed"), {
          id: 3,
          runType: "refresh",
          runStatus: "waitingToRun",
          environmentID: "3",
          runDetails: { jobID: 1 }
        }],
        {},
        { jobID: 1 }
      ),
      (inspection) => {
        assert.strictEqual(inspection.run?.id, 2)
        assert.strictEqual(inspection.comparison?.run.id, 1)
        assert.deepStrictEqual(inspection.searched, { rows: 3, hasMore: false })
      }
    ))

  it.effect("that does not exist is said, with how many runs were read", () =>
    Effect.map(inspect([run(1, 1, "completed")], {}, { jobID: 7 }), (inspection) => {
      assert.isUndefined(inspection.run)
      assert.strictEqual(
        textOf(inspection),
        "No run matches (runType refresh, jobID 7): all 1 run was read.\n" +
          "Next: list {\"runType\":\"refresh\",\"detail\":true} for the runs and jobs there are"
      )
    }))
})

describe("options", () => {
  it.effect.each<[field: string, options: object]>([
    ["jobID", { runID: 1, jobID: 2 }],
    ["environmentID", { runID: 1, environmentID: "3" }],
    ["runType", { runID: 1, runType: "deploy" }],
    ["runType", { runType: "delete" }],
    ["jobID", { jobID: 1, runType: "deploy" }],
    ["compareWith", { runID: 1, compareWith: 1 }],
    ["compareWith", { runID: 1, compareWith: "best" }],
    ["limit", { limit: 0 }],
    ["limit", { limit: 201 }],
    ["startingFrom", { startingFrom: -1 }],
    ["sqlFrom", { sqlFrom: 10 }],
    ["sqlLimit", { sqlLimit: 10 }],
    ["node", { node: " " }],
    ["node", { node: "x".repeat(401), limit: 5 }],
    ["nodes", { nodes: "X" }],
    ["timeZone", { timeZone: "Mars" }]
  ])(
    "%s is refused before any request, %#",
    ([field, options]) =>
      Effect.map(Effect.flip(inspect([], {}, options as RunInspection.Options)), (error) => {
        if (error._tag !== "InvalidQuery") return assert.fail(error.message)
        assert.include(error.violations.map(({ field }): string => field), field)
      })
  )

  it.effect("a run that does not exist is NotFound", () =>
    Effect.map(Effect.flip(inspect([], {}, { runID: 5 })), (error) => assert.strictEqual(error._tag, "NotFound")))
})
