import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Run, RunResult } from "../src/index.ts"

const summary = Schema.decodeUnknownSync(Run.RunSummary)
const detailed = Schema.decodeUnknownSync(Run.Run)

const wireSummary = {
  id: 12,
  reRunID: "9",
  runStartTime: "2026-08-24T14:15:22.000Z",
  runEndTime: "2026-08-24T14:16:22.500Z",
  runType: "refresh",
  runStatus: "failed",
  environmentID: "3",
  runFailureReason: "Object 'RAW.STRIPE.PAYMENTS' does not exist or not authorized."
}

const wireDeploy = {
  id: 12,
  reRunID: "9",
  runStartTime: "2026-08-24T14:15:22.000Z",
  runEndTime: "2026-08-24T14:16:22.500Z",
  runType: "deploy",
  runStatus: "completed",
  runDetails: {
    environmentID: "3",
    canceled: false,
    deployCommit: "1b4f0e9851971998e732078544c96b36c3d01ced",
    deployCommitMessage: "Rename a column",
    parallelism: 16,
    nodesInRun: 214
  },
  runHistory: [7, 8],
  runTimeParameters: { schema: "PROD", depth: { days: 3 } },
  userCredentials: {
    snowflakeAccount: "ab12345",
    snowflakeAuthType: "KeyPair",
    snowflakeUsername: "SVC_COALESCE",
    snowflakeRole: "TRANSFORMER",
    snowflakeWarehouse: "WH_M"
  },
  userID: "u-1",
  version: 3
}

const wireRefresh = {
  id: 13,
  runType: "refresh",
  runStatus: "running",
  runDetails: {
    environmentID: "3",
    canceled: false,
    jobID: 4,
    jobName: "Nightly",
    refreshDescription: "Nightly",
    includeNodesSelector: "{location:STAGING}",
    excludeNodesSelector: "{name:TMP_*}",
    parallelism: 8,
    nodesForRefresh: 20,
    nodesInRun: 40,
    forceIgnoreEnvironmentStatus: false
  },
  runTimeParameters: {}
}

describe("the rows of the API", () => {
  it("decode with every field, and encode back to the form in which they came", () => {
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Run.RunSummary)(summary(wireSummary)), wireSummary)
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Run.Run)(detailed(wireDeploy)), wireDeploy)
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Run.Run)(detailed(wireRefresh)), wireRefresh)
  })

  it("have no key for a field that is absent, null or \"\"", () => {
    const bare = summary({ id: 1, runType: "deploy", runStatus: "completed" })
    assert.deepStrictEqual(Object.keys(bare).sort(), ["id", "runStatus", "runType"])
    for (const nothing of [null, ""]) {
      const optional = Object.keys(wireSummary).filter((key) => !["id", "runType", "runStatus"].includes(key))
      const row = { ...wireSummary, ...Object.fromEntries(optional.map((key) => [key, nothing])) }
      assert.deepStrictEqual(Object.keys(summary(row)).sort(), ["id", "runStatus", "runType"])
      const details = Object.fromEntries(Object.keys(wireRefresh.runDetails).map((key) => [key, nothing]))
      assert.deepStrictEqual(detailed({ ...wireRefresh, runDetails: details }).runDetails, {})
    }
  })

  it("have ids as numbers or numeric strings", () => {
    const row = summary({ ...wireSummary, id: "12", reRunID: 9, environmentID: 3 })
    assert.deepStrictEqual(row, summary(wireSummary))
    assert.strictEqual(detailed({ ...wireRefresh, runDetails: { jobID: "4" } }).runType, "refresh")
  })

  it("have times with or without milliseconds, but never without an offset", () => {
    const at = (runStartTime: string) => summary({ ...wireSummary, runStartTime }).runStartTime?.epochMilliseconds
    assert.strictEqual(at("2026-08-24T14:15:22Z"), Date.UTC(2026, 7, 24, 14, 15, 22))
    assert.strictEqual(at("2026-08-24T14:15:22.5Z"), Date.UTC(2026, 7, 24, 14, 15, 22, 500))
    assert.strictEqual(at("2026-08-24T14:15:22.123456Z"), Date.UTC(2026, 7, 24, 14, 15, 22, 123))
    assert.strictEqual(at("2026-08-24T16:15:22+02:00"), Date.UTC(2026, 7, 24, 14, 15, 22))
    for (const bad of ["Mon Aug 24 2026", "2026-08-24", "2026-08-24T14:15:22", "2026-13-01T00:00:00Z", "soon"]) {
      assert.isUndefined(at(bad))
    }
  })

  it("can have unknown fields, which are ignored", () => {
    assert.deepStrictEqual(summary({ ...wireSummary, priority: "high" }), summary(wireSummary))
  })

  it("keep an unknown status, which is not terminal", () => {
    const row = summary({ ...wireSummary, runStatus: "paused" })
    assert.strictEqual(row.runStatus, "paused")
    assert.isFalse(Run.isTerminal(row.runStatus))
    assert.isFalse(Run.isKnownStatus("paused"))
    assert.deepStrictEqual(
      [...Run.knownStatuses].filter(Run.isTerminal),
      ["canceled", "completed", "failed"]
    )
  })

  it("keep an unknown type in a summary, and not in a detailed row", () => {
    assert.strictEqual(summary({ ...wireSummary, runType: "backup" }).runType, "backup")
    assert.throws(() => detailed({ ...wireRefresh, runType: "backup" }))
  })

  it.each(["id", "runType", "runStatus"])("cannot be decoded without %s", (key) => {
    assert.throws(() => summary({ ...wireSummary, [key]: undefined }))
    assert.throws(() => summary({ ...wireSummary, [key]: null }))
    assert.throws(() => summary({ ...wireSummary, [key]: "" }))
  })

  it("have a duration, an environment and a job, if the row names them", () => {
    assert.deepStrictEqual(Run.duration(summary(wireSummary)), Option.some(Duration.millis(60_500)))
    assert.deepStrictEqual(Run.duration(detailed(wireRefresh)), Option.none())
    assert.deepStrictEqual(
      Run.duration(summary({ ...wireSummary, runEndTime: "2026-08-24T14:00:00Z" })),
      Option.none()
    )
    assert.strictEqual(Run.environmentID(summary(wireSummary)), "3")
    assert.strictEqual(Run.environmentID(detailed(wireDeploy)), "3")
    assert.strictEqual(Run.jobName(detailed(wireRefresh)), "Nightly")
    assert.strictEqual(
      Run.jobName(detailed({ ...wireRefresh, runDetails: { refreshDescription: "Hourly" } })),
      "Hourly"
    )
    assert.isUndefined(Run.jobName(detailed(wireDeploy)))
    assert.isUndefined(Run.jobID(summary(wireSummary)))
  })

  it("have details if they are detailed, and a failure reason if they are summaries or joined with one", () => {
    assert.strictEqual(Run.details(detailed(wireDeploy)).deployCommit, wireDeploy.runDetails.deployCommit)
    assert.strictEqual(Run.details(detailed(wireRefresh)).nodesForRefresh, 20)
    assert.deepStrictEqual(Run.details(summary(wireSummary)), {})
    assert.strictEqual(Run.runFailureReason(summary(wireSummary)), wireSummary.runFailureReason)
    assert.isUndefined(Run.runFailureReason(detailed(wireRefresh)))
    const joined = Schema.decodeUnknownSync(Run.Reported)({ ...wireRefresh, runFailureReason: "Division by zero" })
    assert.strictEqual(Run.runFailureReason(joined), "Division by zero")
  })
})

const node = { nodeID: "n", name: "STG_ORDERS" }
const query = (success: boolean) => ({ name: "Insert", success })

describe("RunResult.outcome", () => {
  it.each([
    { result: { ...node, runState: "complete" }, outcome: "completed" },
    { result: { ...node, runState: "error" }, outcome: "failed" },
    { result: { ...node, runState: "Failed" }, outcome: "failed" },
    { result: { ...node, runState: "ERROR" }, outcome: "failed" },
    { result: { ...node, runState: "skipped" }, outcome: "skipped" },
    { result: { ...node, runState: "canceled" }, outcome: "canceled" },
    {
      result: { ...node, runState: "complete", hasTestFailures: true, queryResults: [query(false)] },
      outcome: "completed"
    },
    { result: { ...node, queryResults: [query(true), query(false)] }, outcome: "failed" },
    { result: { ...node, hasTestFailures: true, queryResults: [query(false)] }, outcome: "completed" },
    { result: { ...node, queryResults: [query(true)] }, outcome: "completed" },
    { result: { ...node, renderQueryResult: query(false), queryResults: [] }, outcome: "failed" },
    { result: { ...node, isRunning: true, queryResults: [] }, outcome: "running" },
    { result: { ...node, runState: "hibernating" }, outcome: "unknown" },
    { result: node, outcome: "unknown" }
  ])("$result is $outcome", ({ outcome, result }) => {
    assert.strictEqual(RunResult.outcome(Schema.decodeUnknownSync(RunResult.RunResult)(result)), outcome)
  })
})
