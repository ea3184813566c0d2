// Every failed node is named in the report of a failed run, if at most 50 nodes failed.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as FastCheck from "fast-check"
import { nodeOutcomes } from "../../src/diagnosis/nodes.ts"
import * as Report from "../../src/Report.ts"
import * as Run from "../../src/Run.ts"
import * as RunDiagnosis from "../../src/RunDiagnosis.ts"
import type { RunResult } from "../../src/RunResult.ts"

const failed = (name: string, error: string): RunResult => ({
  nodeID: name,
  name,
  runState: "error",
  queryResults: [{ name: `Insert ${name}`, success: false, error: { errorString: error }, sql: "SELECT 1" }]
})

/** Words without a number: each is a kind of error of its own. */
const kinds = Array.from({ length: 50 }, (_, index) => `It ${"o".repeat(index + 1)}ps`)

const textOf = (results: ReadonlyArray<RunResult>) =>
  Report.toText(RunDiagnosis.report({
    outcome: "failed",
    diagnosedAt: DateTime.makeUnsafe(0),
    timeZone: "UTC",
    filter: {},
    run: { id: Run.RunId.make(1), runType: "refresh", runStatus: "failed" },
    nodes: nodeOutcomes(results),
    suspects: { listed: [], more: 0 },
    otherFailures: { listed: [], more: 0, truncated: false },
    unavailable: []
  }))

const names = (count: number) => Array.from({ length: count }, (_, index) => `NODE_${index + 1}`)

const unnamed = (text: string, all: ReadonlyArray<string>) =>
  all.filter((name) => !new RegExp(`\\b${name}(?![\\w])`).test(text))

describe("the failed nodes of a report", () => {
  it("are all named, of however many causes", () => {
    // Few causes make large groups, and many make more groups than are listed.
    const causes = FastCheck.integer({ min: 0, max: 49 }).chain((max) =>
      FastCheck.array(FastCheck.integer({ min: 0, max }), { minLength: 1, maxLength: 50, size: "max" })
    )
    FastCheck.assert(
      FastCheck.property(causes, (of) => {
        const all = names(of.length)
        const text = textOf(all.map((name, index) => failed(name, kinds[of[index] ?? 0] ?? "")))
        expect(unnamed(text, all)).toEqual([])
      }),
      { numRuns: 100 }
    )
  })

  it("are counted where there are more", () => {
    const all = names(60)
    const text = textOf(all.map((name, index) => failed(name, kinds[index % 50] ?? "")))
    expect(text).toContain("60 of 60 nodes failed for 50 causes")
    expect(text).toContain("and 35 more causes")
    expect(unnamed(text, all).length).toBeGreaterThan(20)
  })
})
