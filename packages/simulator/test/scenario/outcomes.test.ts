import * as RunResult from "@coalesce-runs/core/RunResult"
import { Scenario, SimulatedRun, SnowflakeError } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"

const now = "2026-03-10T08:00:00Z"

const base = Scenario.make({ now, timeZone: "Europe/London" })

const nightly = (options: Partial<Parameters<typeof Scenario.job>[0]> = {}) =>
  Scenario.job({ name: "Nightly", environmentID: "3", jobID: 12, at: "02:00", days: 7, jitter: 0, ...options })

const starts = (scenario: Scenario.Scenario) => Scenario.runs(scenario).map(({ runStartTime }) => runStartTime)

const statuses = (scenario: Scenario.Scenario) => Scenario.runs(scenario).map(({ runStatus }) => runStatus)

const nodesOf = ({ results }: SimulatedRun.SimulatedRun) =>
  Schema.decodeUnknownSync(RunResult.RunResults)({ data: typeof results === "function" ? results() : results }).data

const outcomes = (run: SimulatedRun.SimulatedRun) =>
  nodesOf(run).map((node) => `${node.name} ${RunResult.outcome(node)}`)

const count = (run: SimulatedRun.SimulatedRun) => {
  const counts: Record<string, number> = {}
  for (const node of nodesOf(run)) counts[RunResult.outcome(node)] = (counts[RunResult.outcome(node)] ?? 0) + 1
  return counts
}

describe("a scenario can have", () => {
  const last = (scenario: Scenario.Scenario) => Scenario.find(scenario, "Nightly")

  it("a node's bad cast that blocks others", () => {
    const run = last(base.pipe(
      nightly({ nodes: ["STG_A", "STG_B", "DIM_A", "FCT_A"] }),
      Scenario.failure({ of: "Nightly", error: SnowflakeError.badNumber("3W"), nodes: "STG_B", blocked: ["FCT_A"] })
    ))
    expect(outcomes(run)).toEqual(["STG_A completed", "STG_B failed", "DIM_A completed", "FCT_A skipped"])
    expect([run.runStatus, run.runFailureReason]).toEqual([
      "failed",
      "STG_B: 100038 (22018): Numeric value '3W' is not recognized"
    ])
    expect(RunResult.failedQueries(nodesOf(run)[1] ?? { nodeID: "" })).toMatchObject([{
      name: "Insert STG_B",
      success: false,
      error: { errorString: "Numeric value '3W' is not recognized", errorDetail: "100038" }
    }])
  })

  it("one failed node that blocks forty", () => {
    const run = last(base.pipe(
      nightly({ nodes: 50 }),
      Scenario.failure({ of: "Nightly", error: SnowflakeError.missingObject("RAW.STRIPE.PAYMENTS"), blocked: 40 })
    ))
    expect(count(run)).toEqual({ completed: 9, failed: 1, skipped: 40 })
  })

  it("thirty nodes with one cause", () => {
    const run = last(base.pipe(
      nightly({ nodes: 40 }),
      Scenario.failure({ of: "Nightly", error: SnowflakeError.quotaExceeded("WH", "RM"), nodes: 30, prefixed: true })
    ))
    expect(count(run)).toEqual({ completed: 10, failed: 30 })
    expect(run.runFailureReason).toMatch(/\n29 more nodes failed\.$/)
    const messages = nodesOf(run).flatMap(RunResult.failedQueries).map(({ error }) => error?.errorString)
    expect(new Set(messages)).toEqual(new Set([SnowflakeError.prefixed(SnowflakeError.quotaExceeded("WH", "RM"))]))
  })

  it("two unrelated causes", () => {
    const run = last(base.pipe(
      nightly({ nodes: 10 }),
      Scenario.failure({ of: "Nightly", error: SnowflakeError.divisionByZero, nodes: 1, blocked: 2 }),
      Scenario.failure({ of: "Nightly", error: SnowflakeError.nullInNonNullable, nodes: 1, blocked: 1 })
    ))
    expect(count(run)).toEqual({ completed: 5, failed: 2, skipped: 3 })
    expect(nodesOf(run).flatMap(RunResult.failedQueries).map(({ error }) => error?.errorDetail)).toEqual([
      "100051",
      "100072"
    ])
  })

  it("a node that could not be rendered", () => {
    const [node] = nodesOf(last(base.pipe(
      nightly({ nodes: 1 }),
      Scenario.failure({
        of: "Nightly",
        error: SnowflakeError.syntaxError("FROM"),
        nodes: 1,
        rendering: true,
        sql: "SELECT"
      })
    )))
    expect(node).toMatchObject({
      queryResults: [],
      renderQueryResult: { name: "Render", success: false, sql: "SELECT" }
    })
  })

  it("a job that fails every third night, and one that has failed for five nights", () => {
    const error = SnowflakeError.insufficientPrivileges("STG")
    expect(statuses(base.pipe(nightly(), Scenario.failure({ of: "Nightly", back: (back) => back % 3 === 0, error }))))
      .toEqual(["failed", "completed", "completed", "failed", "completed", "completed", "failed"])
    expect(statuses(base.pipe(nightly(), Scenario.failure({ of: "Nightly", back: [0, 1, 2, 3, 4], error }))))
      .toEqual(["completed", "completed", "failed", "failed", "failed", "failed", "failed"])
  })

  it("a re-run that succeeded, and one that failed for another cause", () => {
    const scenario = base.pipe(
      nightly({ nodes: 4 }),
      Scenario.failure({ of: "Nightly", error: SnowflakeError.timeout(120) }),
      Scenario.rerun({ of: "Nightly", name: "second" }),
      Scenario.failure({ of: "second", error: SnowflakeError.noWarehouse }),
      Scenario.rerun({ of: "second", after: "1 hour", takes: "1 minute" })
    )
    const [first, second, third] = ["Nightly", "second", "second (re-run)"].map((name) => Scenario.find(scenario, name))
    expect([second?.reRunID, third?.reRunID, second?.runHistory]).toEqual([first?.id, second?.id, [first?.id]])
    expect([first, second, third].map((run) => run?.runStatus)).toEqual(["failed", "failed", "completed"])
    expect(second?.runFailureReason).toMatch("000606")
    expect(second?.runDetails).toEqual(first?.runDetails)
    expect(Date.parse(second?.runStartTime ?? "") - Date.parse(first?.runEndTime ?? "")).toBe(600_000)
    expect(Date.parse(third?.runEndTime ?? "") - Date.parse(third?.runStartTime ?? "")).toBe(60_000)
  })

  it("a deploy that failed, and the refresh after it", () => {
    const scenario = base.pipe(
      nightly(),
      Scenario.deploy({
        environmentID: "3",
        at: { at: "19:30", daysAgo: 1 },
        message: "Drop it",
        commit: "c".repeat(40)
      }),
      Scenario.failure({ of: "deploy", error: SnowflakeError.insufficientPrivileges("STG"), nodes: 2 })
    )
    const deploy = Scenario.find(scenario, "deploy")
    expect(deploy).toMatchObject({
      runType: "deploy",
      runStatus: "failed",
      runStartTime: "2026-03-09T19:30:00.000Z",
      runFailureReason: "RunPhasedDeploy encountered failures: delete phase - none; alter phase - none; add phase - 2",
      runDetails: { deployCommit: "c".repeat(40), deployCommitMessage: "Drop it", nodesInRun: 4 }
    })
    expect(deploy.runDetails).not.toHaveProperty("refreshDescription")
  })

  it("a canceled run, one that goes on, one that starts, and one that waits", () => {
    const run = (outcome: (self: Scenario.Scenario) => Scenario.Scenario) =>
      last(base.pipe(nightly({ nodes: 10 }), outcome))
    const canceled = run(Scenario.canceled({ of: "Nightly", after: "90 seconds" }))
    expect([canceled.runStatus, canceled.runEndTime, canceled.runDetails?.canceled]).toEqual([
      "canceled",
      "2026-03-10T02:01:30.000Z",
      true
    ])
    expect(count(canceled).canceled).toBeGreaterThan(0)
    const running = run(Scenario.inProgress({ of: "Nightly" }))
    expect([running.runStatus, running.runEndTime]).toEqual(["running", undefined])
    expect(count(running)).toMatchObject({ running: 1 })
    const starting = run(Scenario.inProgress({ of: "Nightly", status: "initializing" }))
    expect([starting.runStatus, nodesOf(starting)]).toEqual(["initializing", []])
    const waiting = run(Scenario.inProgress({ of: "Nightly", status: "waitingToRun" }))
    expect([waiting.runStatus, waiting.runStartTime, nodesOf(waiting)]).toEqual(["waitingToRun", undefined, []])
  })

  it("failed data tests in a run that completed", () => {
    const run = last(base.pipe(
      nightly({ nodes: 4 }),
      Scenario.testFailure({ of: "Nightly", node: "STG_ORDERS", test: "ORDER_ID is unique", message: "3 rows" })
    ))
    expect([run.runStatus, run.runFailureReason]).toEqual(["completed", undefined])
    expect(count(run)).toEqual({ completed: 4 })
    const node = nodesOf(run)[0] ?? { nodeID: "" }
    expect(node.hasTestFailures).toBe(true)
    expect(RunResult.failedQueries(node)).toMatchObject([{
      name: "ORDER_ID is unique",
      error: { errorString: "3 rows" }
    }])
  })

  it("results that are forbidden or of an unknown shape, and a failed run without a reason", () => {
    const results = (results: SimulatedRun.SimulatedResults) =>
      last(base.pipe(nightly(), Scenario.results({ of: "Nightly", results }))).results
    expect(results("forbidden")).toBe("forbidden")
    expect(results({ body: { nodes: 3 } })).toEqual({ body: { nodes: 3 } })
    const failed = (reason: string | null) =>
      last(base.pipe(nightly(), Scenario.failure({ of: "Nightly", error: SnowflakeError.canceled, reason })))
    expect(failed(null)).not.toHaveProperty("runFailureReason")
    expect(failed("Because.").runFailureReason).toBe("Because.")
  })

  it("runs that start at the same time", () => {
    const scenario = base.pipe(nightly({ days: 1 }), nightly({ name: "Other", days: 1 }))
    expect(starts(scenario)).toEqual(["2026-03-10T02:00:00.000Z", "2026-03-10T02:00:00.000Z"])
  })

  it("a run of two thousand nodes, each of its own name", () => {
    const run = last(
      base.pipe(nightly({ nodes: 2000 }), Scenario.failure({ of: "Nightly", error: SnowflakeError.timeout(9) }))
    )
    const nodes = nodesOf(run)
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(2000)
    expect(new Set(nodes.map(({ nodeID }) => nodeID)).size).toBe(2000)
  })

  it("any other change of a run", () => {
    const run = last(base.pipe(
      nightly(),
      Scenario.edit({ of: "Nightly", change: (run) => ({ ...run, runStatus: "paused" }) }),
      Scenario.edit({ of: "Nightly", change: (run) => ({ ...run, version: 9 }) })
    ))
    expect([run.runStatus, run.version]).toEqual(["paused", 9])
  })

  it("no run at all", () => {
    expect(Scenario.runs(base)).toEqual([])
  })
})
