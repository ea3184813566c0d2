// What a diagnosis says of causes: of reasons that name none, and of the same kind of error on another object.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Report, RunDiagnosis, type RunResult, RunsInMemory } from "../../src/index.ts"

interface Night {
  readonly id: number
  readonly reason?: string
  /** The messages of the failed nodes, by their names; the id of node A is `id of A`. */
  readonly nodes?: Readonly<Record<string, string | undefined>>
  readonly runType?: "refresh" | "deploy"
  readonly jobID?: number
}

const resultOf = ([name, message]: readonly [string, string | undefined]): RunResult.RunResult => ({
  nodeID: `id of ${name}`,
  name,
  runState: "error",
  queryResults: message === undefined ? [] : [{ success: false, error: { errorString: message } }]
})

/** Diagnoses the last of these runs; one without a reason completed. */
const diagnosed = (...nights: ReadonlyArray<Night>) =>
  RunDiagnosis.diagnose({
    since: "2026-03-01",
    until: "2026-03-31",
    timeZone: "UTC",
    runType: nights.at(-1)?.runType ?? "refresh"
  }).pipe(
    Effect.map((facts) => ({ facts, text: Report.toText(RunDiagnosis.report(facts)) })),
    Effect.provide(RunsInMemory.layer({
      runs: nights.map(({ id, jobID = 15, reason, runType = "refresh" }) => ({
        id,
        runType,
        runStatus: reason === undefined ? "completed" : "failed",
        runStartTime: new Date(Date.UTC(2026, 2, id)),
        runEndTime: new Date(Date.UTC(2026, 2, id, 1)),
        environmentID: "3",
        runDetails: runType === "deploy" ? {} : { jobID },
        ...(reason === undefined ? {} : { runFailureReason: reason })
      })),
      results: Object.fromEntries(nights.map(({ id, nodes = {} }) => [id, Object.entries(nodes).map(resultOf)]))
    }))
  )

const missing = (object: string) =>
  `002003 (42S02): SQL compilation error:\nObject '${object}' does not exist or not authorized.`
const phases = "RunPhasedDeploy encountered failures: delete phase - none; alter phase - none; add phase - 1"
const graph = (...names: ReadonlyArray<string>) =>
  `GraphExecutor halted and finished; encountered failures for node(s): [${
    names.map((name) => `id of ${name}`).join(", ")
  }]; no nodes skipped`

describe("a reason that names no cause", () => {
  it.effect("makes two deploys neither of the same cause nor of the same reason", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* diagnosed(
        { id: 3, runType: "deploy", reason: phases },
        { id: 4, runType: "deploy", reason: phases },
        { id: 5, runType: "deploy", reason: phases }
      )
      expect(facts.history?.comparedWithFirst).toEqual({ cause: "notKnown", by: "runFailureReason" })
      expect(facts.run).not.toHaveProperty("cause")
      expect(text).not.toMatch(/same cause|reason as/)
      expect(text.match(/RunPhasedDeploy/g)).toHaveLength(3)
      expect(text).toContain("this run continues with a cause that cannot be compared")
    }))

  it.effect("is not the same as another of the same words, of another job", () =>
    Effect.gen(function*() {
      const { text } = yield* diagnosed(
        { id: 3, jobID: 1, reason: "3 nodes failed" },
        { id: 4, jobID: 2, reason: "4 nodes failed" },
        { id: 5, jobID: 3, reason: "4 nodes failed" }
      )
      expect(text).not.toMatch(/same cause|reason as/)
      expect(text).toContain("reason \"3 nodes failed\"")
      expect(text.match(/reason "4 nodes failed"/g)).toHaveLength(1)
    }))

  it.effect("shows the names of the nodes that it names, where the results know them", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* diagnosed(
        { id: 3, jobID: 1, reason: graph("B", "GONE") },
        { id: 4, reason: graph("A", "B"), nodes: { A: undefined, B: undefined } }
      )
      expect(facts.nodeNames).toEqual([{ nodeID: "id of A", name: "A" }, { nodeID: "id of B", name: "B" }])
      expect(text).toMatch(
        /: "GraphExecutor halted .*" \(failed: A, B\)\. .*\n2 of 2 nodes failed, 2 without a named cause\./
      )
      expect(text).toMatch(/^- 3, .*, reason "GraphExecutor halted .*" \(failed: B and 1 more\); not recovered$/m)
      expect(text).not.toContain("The run's own reason")
    }))

  it.effect("stands beside the messages of the nodes", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* diagnosed({ id: 4, reason: graph("A"), nodes: { A: "Division by zero" } })
      expect(facts.run).not.toHaveProperty("cause")
      expect(text).toMatch(/^Run 4 failed: .*: A: "Division by zero" \(divisionByZero\)\. .*\n1 of 1 node failed\./)
      expect(text).toMatch(/^The run's own reason: "GraphExecutor halted .*" \(failed: A\)$/m)
    }))

  it.effect("stands beside messages that name no cause either", () =>
    Effect.gen(function*() {
      const { text } = yield* diagnosed({ id: 4, reason: graph("A"), nodes: { A: "undefined" } })
      expect(text).toMatch(
        /^Run 4 failed: .*: A: "undefined" \(no cause named\)\. .*\n1 of 1 node failed, 1 without a named cause\./
      )
      expect(text).toMatch(/^The run's own reason: "GraphExecutor halted .*" \(failed: A\)$/m)
    }))
})

describe("nodes that name no cause", () => {
  it.effect("are no group, and come after those that name one", () =>
    Effect.gen(function*() {
      const { facts: { nodes }, text } = yield* diagnosed({
        id: 4,
        reason: "4 nodes failed",
        nodes: { A: "undefined", B: undefined, C: "undefined", D: "Division by zero" }
      })
      expect(nodes?.groups.listed.map(({ count, first, key }) => [first.name, count, key])).toEqual([
        ["D", 1, "division by zero"],
        ["A", 1, ""],
        ["B", 1, ""],
        ["C", 1, ""]
      ])
      expect(nodes?.withoutCause).toBe(3)
      expect(nodes?.groups.listed[1]?.first).toMatchObject({ errorString: "undefined" })
      expect(nodes?.groups.listed[1]?.first).not.toHaveProperty("cause")
      expect(text).toContain("4 of 4 nodes failed, 3 without a named cause.")
      expect(text).toContain("- no cause named, A: \"undefined\"")
    }))
})

describe("the same kind of error on another object", () => {
  it.effect("is one group of nodes, with its objects", () =>
    Effect.gen(function*() {
      const { facts: { nodes }, text } = yield* diagnosed({
        id: 4,
        reason: "4 nodes failed",
        nodes: { A: missing("RAW.A"), B: missing("RAW.B"), C: missing("RAW.B"), D: "Division by zero" }
      })
      expect(nodes?.groups.listed.map(({ count, objects }) => [count, objects])).toEqual([
        [3, { listed: ["RAW.A", "RAW.B"], more: 0 }],
        [1, undefined]
      ])
      expect(text).toContain("\n   objects RAW.A, RAW.B\n")
    }))

  it.effect("is found between two nights by their nodes, and is not the same cause", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* diagnosed(
        { id: 2 },
        { id: 3, reason: graph("A"), nodes: { A: missing("RAW.A") } },
        { id: 4, reason: graph("A"), nodes: { A: missing("RAW.B") } }
      )
      expect(facts.history?.comparedWithFirst).toEqual({ cause: "sameKind", by: "nodes" })
      expect(text).toContain("which this run continues with the same kind of error on another object; the last success")
      expect(text).toMatch(/reason "GraphExecutor halted .*" \(failed: A\); not recovered$/m)
      expect(text).toContain("Next: diagnose {\"runID\":3,")
    }))

  it.effect("is found between two nights by their reasons", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* diagnosed(
        { id: 3, reason: missing("RAW.A") },
        { id: 4, reason: missing("RAW.B") }
      )
      expect(facts.history?.comparedWithFirst).toEqual({ cause: "sameKind", by: "runFailureReason" })
      expect(text).toContain("with the same kind of error on another object")
      expect(text).not.toContain("same cause")
    }))
})
