import { assert, describe, it } from "@effect/vitest"
import type { Finding, Unusual } from "../../src/health/model.ts"
import { at, failures, id, rowsOf, run, startless, unusual } from "../support/healthFacts.ts"
import { daily } from "../support/runFacts.ts"

describe("findings beside failures", () => {
  const named = "- 9, refresh of job 15 in env 3 (2026-11-03 02:00): "
  const node = { nodeID: "n1", name: "ORDERS" }
  const said = (finding: Finding) => rowsOf(finding)[0]?.replace(named, "")

  it("say what failed before the window", () => {
    const before = (fields: object) =>
      said({ kind: "failedBefore", run: run(9), failures: 1, truncated: false, ...fields })
    assert.strictEqual(before({}), "1 failure")
    assert.strictEqual(before({ failures: 3, truncated: true }), "at least 3 failures in succession")
    assert.strictEqual(before({ node, cause: failures().cause }), "1 failure, ORDERS: \"Division by zero\"")
    assert.strictEqual(before({ node: { nodeID: "n1", errorString: "undefined" } }), "1 failure, n1: \"undefined\"")
  })

  it("say which nodes failed in a run that goes on", () => {
    const inside = (fields: object) =>
      said({ kind: "failedNodes", run: run(9, { runStatus: "running" }), failed: 1, nodes: 3, ...fields })
    assert.strictEqual(inside({}), "running, 1 of 3 nodes failed")
    assert.strictEqual(inside({ nodes: 1, node }), "running, 1 of 1 node failed: ORDERS")
    assert.strictEqual(
      inside({ node: { nodeID: "n1", errorString: "undefined" } }),
      "running, 1 of 3 nodes failed: n1: \"undefined\""
    )
    assert.strictEqual(
      inside({ node: { ...node, cause: failures().cause } }),
      "running, 1 of 3 nodes failed: ORDERS: \"Division by zero\""
    )
    assert.strictEqual(said({ kind: "otherStatus", run: run(9, { runStatus: "lost" }) }), "status lost")
  })

  it("name three nodes without rows and three failed tests", () => {
    const nodes = ["A", "B", "C", "D"].map((node, index) => ({ node, rowsBefore: index + 1 }))
    const empty = (listed: typeof nodes, more: number) =>
      said({ kind: "noRows", run: run(9), nodes: { listed, more }, comparedWith: [id(8), id(7)] })
    assert.strictEqual(
      empty(nodes, 1),
      "no row in A (at least 1 row before), B (at least 2 rows before), C (at least 3 rows before) and 2 more, compared with runs 8 and 7"
    )
    assert.strictEqual(empty(nodes.slice(0, 1), 0), "no row in A (at least 1 row before), compared with runs 8 and 7")
    const tests = [{ node: "A", test: "unique", message: "2 rows" }, { node: "B" }, { node: "C" }, { node: "D" }]
    assert.strictEqual(
      said({ kind: "failedTests", run: run(9), failedTests: { listed: tests, more: 2 } }),
      "A: \"unique\": \"2 rows\"; B: a test; C: a test and 3 more"
    )
  })
})

describe("what is unlike the usual", () => {
  const usual = {
    key: "15",
    runType: "refresh",
    runs: 28,
    starts: { times: [daily], runs: 28 },
    duration: { p50Millis: 1_080_000, p95Millis: 1_500_000, longestMillis: 2_000_000, runs: 26 },
    nodes: { p50: 120, runs: 26 }
  }
  const habit = "; it started about 02:00 UTC on each of the last 28 nights"
  const duration = ", usually 18m (p95 25m, 26 runs)"
  const said = (fields: Partial<Unusual>) => rowsOf(unusual(fields))[0]?.slice("- refresh of job 15 in env 3".length)
  const expectedAt = at("02:00:00")
  const ofRun = (fields: Partial<Unusual>) => {
    const row = rowsOf(unusual({ run: run(9, { runStatus: "running" }), ...fields }))[0] ?? ""
    return row.slice(row.indexOf("): ") + 3)
  }

  it("says what did not start", () => {
    assert.strictEqual(said({ kind: "missing" }), ": did not start at its usual time")
    assert.strictEqual(said({ kind: "missing", expectedAt, usual }), `: did not start at 2026-11-03 02:00${habit}`)
    assert.strictEqual(
      said({ kind: "missing", expectedAt, times: 2 }),
      ": did not start at 2026-11-03 02:00 and at 1 later usual time"
    )
    assert.strictEqual(said({ kind: "stopped" }), ": has not started since long")
    assert.strictEqual(
      said({ kind: "stopped", since: expectedAt, usual }),
      `: has not started since 2026-11-03 02:00${habit}`
    )
  })

  it("says what is late, whether it has started or not", () => {
    assert.strictEqual(
      said({ kind: "late", expectedAt, usual }),
      `: has not started, though due at 2026-11-03 02:00${habit}`
    )
    assert.strictEqual(said({ kind: "late" }), ": has not started, though due at its usual time")
    assert.strictEqual(
      ofRun({ kind: "late", expectedAt, usual, run: run(9, { runStartTime: at("03:30:00") }) }),
      `started 1h30m late${habit}`
    )
    assert.strictEqual(ofRun({ kind: "late", expectedAt: at("02:00:01") }), "started 0s late")
    assert.strictEqual(
      ofRun({ kind: "late", expectedAt, run: startless }),
      "has not started, though due at 2026-11-03 02:00"
    )
    assert.strictEqual(ofRun({ kind: "late" }), "has not started, though due at its usual time")
  })

  it.each(["stuck", "long"] as const)("says for how long a run is %s, and at which nodes", (kind) => {
    assert.strictEqual(ofRun({ kind }), "running")
    assert.strictEqual(ofRun({ kind, since: expectedAt, usual }), `running for 7h${duration}`)
    const runningNodes = {
      listed: [{ node: "A", queryID: "01b2", since: expectedAt }, { node: "B", queryID: "01b3" }, { node: "C" }],
      more: 0
    }
    assert.strictEqual(
      ofRun({ kind, runningNodes }),
      "running, at A (query 01b2, since 2026-11-03 02:00), B (query 01b3), C"
    )
    assert.strictEqual(ofRun({ kind, runningNodes: { listed: [{ node: "C" }], more: 2 } }), "running, at C and 2 more")
    assert.strictEqual(said({ kind }), ": running")
  })

  it("says what waits", () => {
    assert.strictEqual(said({ kind: "waiting" }), ": waits to start")
    assert.strictEqual(
      said({ kind: "waiting", since: expectedAt }),
      ": waiting since 2026-11-03 02:00 or earlier, for 7h at least"
    )
  })

  it.each(["noNodes", "fewerNodes"] as const)("says how many nodes a run with %s has", (kind) => {
    assert.strictEqual(ofRun({ kind, usual }), "no node, usually 120 nodes (26 runs)")
    assert.strictEqual(ofRun({ kind, run: run(9, { nodesInRun: 0 }) }), "no node")
    assert.strictEqual(ofRun({ kind, run: run(9, { nodesInRun: 1 }) }), "1 node")
    assert.strictEqual(ofRun({ kind, run: run(9, { nodesInRun: 3 }), usual }), "3 nodes, usually 120 nodes (26 runs)")
  })

  it("says how long a slow run took", () => {
    assert.strictEqual(ofRun({ kind: "slow", usual }), `took 1m${duration}`)
    assert.strictEqual(said({ kind: "slow" }), ": took far longer")
  })
})
