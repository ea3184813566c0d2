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

describe("a job", () => {
  it("has a run for each time that it was due, at the time of day in the zone, over a change of the clock", () => {
    const scenario = Scenario.make({ now: "2026-03-31T08:00:00Z", timeZone: "Europe/London" }).pipe(
      nightly({ days: 4 })
    )
    expect(starts(scenario)).toEqual([
      "2026-03-28T02:00:00.000Z",
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T01:00:00.000Z",
      "2026-03-31T01:00:00.000Z"
    ])
  })

  it("runs once where the clock skips its time, and once where it shows it twice", () => {
    const at = (now: string) =>
      starts(Scenario.make({ now, timeZone: "Europe/London" }).pipe(nightly({ at: "01:30", days: 2 })))
    expect(at("2026-03-29T12:00:00Z")).toEqual(["2026-03-28T01:30:00.000Z", "2026-03-29T01:30:00.000Z"])
    expect(at("2026-10-25T12:00:00Z")).toEqual(["2026-10-24T00:30:00.000Z", "2026-10-25T00:30:00.000Z"])
  })

  it("is not due in the future", () => {
    expect(starts(base.pipe(nightly({ at: ["02:00", "14:00"], days: 2 })))).toEqual([
      "2026-03-09T02:00:00.000Z",
      "2026-03-09T14:00:00.000Z",
      "2026-03-10T02:00:00.000Z"
    ])
  })

  it("may run every so often, or at a place in the night", () => {
    expect(starts(base.pipe(nightly({ at: { every: "6 hours" }, days: 1 })))).toEqual([
      "2026-03-09T12:00:00.000Z",
      "2026-03-09T18:00:00.000Z",
      "2026-03-10T00:00:00.000Z",
      "2026-03-10T06:00:00.000Z"
    ])
    // From 18:00 to 08:00 there are 14 hours.
    expect(starts(base.pipe(nightly({ at: { night: 0.5 }, days: 2 })))).toEqual([
      "2026-03-09T01:00:00.000Z",
      "2026-03-10T01:00:00.000Z"
    ])
  })

  it("has run as long as it takes, a tenth more or less, and runs still where that is past now", () => {
    const [earlier, latest] = Scenario.runs(base.pipe(nightly({ at: "07:50", days: 2, takes: "60 minutes" })))
    const took = Date.parse(earlier?.runEndTime ?? "") - Date.parse(earlier?.runStartTime ?? "")
    expect(took).toBeGreaterThanOrEqual(54 * 60_000)
    expect(took).toBeLessThanOrEqual(66 * 60_000)
    expect([latest?.runStatus, latest?.runEndTime]).toEqual(["running", undefined])
  })

  it("starts up to its jitter late, by the seed", () => {
    const jittered = (seed: number) => starts(Scenario.make({ now, seed }).pipe(nightly({ jitter: "30 seconds" })))
    expect(jittered(1)).toEqual(jittered(1))
    expect(jittered(1)).not.toEqual(jittered(2))
    for (const start of jittered(1)) expect(start).toMatch(/T02:00:[0-2]\d/)
  })

  it("tells its details as the wire does", () => {
    const job = nightly({ nodes: 12, includeNodesSelector: "{name:STG_*}", excludeNodesSelector: "{name:TMP_*}" })
    const run = Scenario.find(base.pipe(job), "Nightly")
    expect([run.environmentID, run.runDetails]).toEqual(["3", {
      jobID: 12,
      refreshDescription: "Nightly",
      includeNodesSelector: "{name:STG_*}",
      excludeNodesSelector: "{name:TMP_*}",
      parallelism: 8,
      nodesInRun: 12,
      nodesForRefresh: 12
    }])
    expect(count(run)).toEqual({ completed: 12 })
  })
})

describe("ids", () => {
  it("grow with the time that runs were asked for, in whatever order the scenario tells them", () => {
    const scenario = Scenario.make({ now, firstID: 50 }).pipe(
      Scenario.refresh({ name: "waits", environmentID: "3", at: { ago: "30 minutes" }, status: "waitingToRun" }),
      Scenario.refresh({ name: "late", environmentID: "3", at: { ago: "20 minutes" } }),
      Scenario.refresh({ name: "early", environmentID: "3", at: "2026-03-10T07:00:00Z" }),
      Scenario.deploy({ environmentID: "3", at: { at: "07:15" } })
    )
    expect(Scenario.runs(scenario).map(({ id }) => id)).toEqual([50, 51, 52, 53])
    expect(["early", "deploy", "waits", "late"].map((name) => Scenario.find(scenario, name).id)).toEqual([
      50,
      51,
      52,
      53
    ])
    expect(Scenario.find(scenario, "waits").runStartTime).toBeUndefined()
  })
})

describe("a scenario refuses", () => {
  const cases: ReadonlyArray<[string, () => unknown, RegExp]> = [
    ["a run after now", () => base.pipe(Scenario.deploy({ environmentID: "3", at: { at: "08:01" } })), /after now/],
    [
      "a run that it does not have",
      () => base.pipe(nightly(), Scenario.canceled({ of: "Nightly", back: 7 })),
      /no such run/
    ],
    ["a name that it does not have", () => Scenario.find(base, "Nightly"), /no such run/],
    ["a time of day that is none", () => base.pipe(nightly({ at: "2:00" })), /time of day/],
    ["a zone that is none", () => Scenario.make({ now, timeZone: "Mars/Olympus" }), /Mars\/Olympus|zone/i]
  ]
  for (const [name, make, message] of cases) it(name, () => expect(make).toThrow(message))
})

describe("stories that a diagnosis can be tried on", () => {
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

  it("one root that blocks forty", () => {
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

  it("two causes that have nothing to do with each other", () => {
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

  it("a node that could not even be rendered", () => {
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

  it("a job that fails every third night, and one that fails since five nights", () => {
    const error = SnowflakeError.insufficientPrivileges("STG")
    expect(statuses(base.pipe(nightly(), Scenario.failure({ of: "Nightly", back: (back) => back % 3 === 0, error }))))
      .toEqual(["failed", "completed", "completed", "failed", "completed", "completed", "failed"])
    expect(statuses(base.pipe(nightly(), Scenario.failure({ of: "Nightly", back: [0, 1, 2, 3, 4], error }))))
      .toEqual(["completed", "completed", "failed", "failed", "failed", "failed", "failed"])
  })

  it("a re-run that succeeded, and one that failed of something else", () => {
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

  it("nothing failed, but tests did", () => {
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

  it("ties in time", () => {
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

  it("anything else", () => {
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

describe("a generated history", () => {
  const runs = Scenario.generate({ count: 5000 })

  it("is as big as asked, before now, and the same for a seed", () => {
    expect(runs.map(({ id }) => id)).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1))
    expect(JSON.stringify(Scenario.generate({ count: 5000 }))).toBe(JSON.stringify(runs))
    expect(JSON.stringify(Scenario.generate({ count: 5000, seed: 2 }))).not.toBe(JSON.stringify(runs))
    for (const { runEndTime = "" } of runs) {
      expect(runEndTime < "2026-01-01T00:00:00.000Z" && runEndTime !== "").toBe(true)
    }
    expect(Scenario.generate({ count: 1, now: "2026-06-01T00:00:00Z" })[0]?.runStartTime).toMatch(/^2026-05-31T22:/)
  })

  it("has rows of a real size, of every kind, some at the same instant", () => {
    const size = runs.reduce((sum, run) => sum + JSON.stringify(SimulatedRun.detailedRow(run)).length, 0) / runs.length
    expect(size).toBeGreaterThan(620)
    expect(size).toBeLessThan(700)
    const kinds = new Set(runs.map(({ runType, runStatus }) => `${runType} ${runStatus}`))
    expect(kinds).toEqual(
      new Set(["deploy completed", "deploy failed", "refresh completed", "refresh failed", "refresh canceled"])
    )
    expect(new Set(runs.map(({ runStartTime }) => runStartTime)).size).toBeLessThan(4900)
  })
})
