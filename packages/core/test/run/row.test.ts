import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Run } from "../../src/index.ts"

const time = DateTime.makeUnsafe("2026-03-10T02:00:00Z")

const refresh: Run.Reported = {
  id: Run.RunId.make(7),
  runType: "refresh",
  runStatus: "failed",
  reRunID: Run.RunId.make(5),
  runStartTime: time,
  runEndTime: DateTime.add(time, { minutes: 11 }),
  runDetails: {
    environmentID: "3",
    jobID: 15,
    refreshDescription: "Daily sales",
    includeNodesSelector: "{ STG_* }",
    nodesForRefresh: 12,
    nodesInRun: 14,
    parallelism: 8
  },
  runTimeParameters: { LOAD_DATE: "today" },
  userCredentials: { snowflakeAccount: "acme" },
  userID: "u1",
  version: 2,
  runFailureReason: "Division by zero"
}

const deploy: Run.Run = {
  id: Run.RunId.make(8),
  runType: "deploy",
  runStatus: "running",
  runStartTime: time,
  runDetails: { environmentID: "3", deployCommit: "0a1b2c", deployCommitMessage: "Add DIM_PRODUCT" }
}

const summary: Run.RunSummary = {
  id: Run.RunId.make(9),
  runType: "refresh",
  runStatus: "failed",
  environmentID: "5",
  runFailureReason: "Time-out"
}

const nothing = Object.fromEntries(Object.keys(Run.Row.fields).map((column) => [column, null]))

describe("Run.toRow", () => {
  it("flattens a refresh, with the reason that it was joined with", () => {
    expect(Run.toRow(refresh)).toEqual({
      ...nothing,
      id: 7,
      runType: "refresh",
      runStatus: "failed",
      environmentID: "3",
      jobID: 15,
      jobName: "Daily sales",
      reRunID: 5,
      runStartTime: "2026-03-10T02:00:00.000Z",
      runEndTime: "2026-03-10T02:11:00.000Z",
      durationMillis: 660_000,
      nodesInRun: 14,
      nodesForRefresh: 12,
      parallelism: 8,
      includeNodesSelector: "{ STG_* }",
      userID: "u1",
      version: 2,
      runFailureReason: "Division by zero"
    })
  })

  it("flattens a deploy that has not ended", () => {
    expect(Run.toRow(deploy)).toEqual({
      ...nothing,
      id: 8,
      runType: "deploy",
      runStatus: "running",
      environmentID: "3",
      runStartTime: "2026-03-10T02:00:00.000Z",
      deployCommit: "0a1b2c",
      deployCommitMessage: "Add DIM_PRODUCT"
    })
  })

  it("fills what a summary has", () => {
    expect(Run.toRow(summary)).toEqual({
      ...nothing,
      id: 9,
      runType: "refresh",
      runStatus: "failed",
      environmentID: "5",
      runFailureReason: "Time-out"
    })
  })

  it("returns the columns of Run.Row in their order, and no nested value", () => {
    for (const run of [refresh, deploy, summary]) {
      const row = Run.toRow(run)
      expect(Object.keys(row)).toEqual(Object.keys(Run.Row.fields))
      expect(Object.values(row).filter((value) => typeof value === "object" && value !== null)).toEqual([])
      expect(Schema.decodeUnknownSync(Run.Row)(JSON.parse(JSON.stringify(row)))).toEqual(row)
    }
  })

  it("leaves out the account", () => {
    expect(JSON.stringify(Run.toRow(refresh))).not.toContain("acme")
  })
})

describe("Run.Reported", () => {
  const codec = Schema.fromJsonString(Run.Reported)

  it("keeps the failure reason through JSON, which Run.Run drops", () => {
    const text = Schema.encodeSync(codec)(refresh)
    expect(Schema.decodeSync(codec)(text)).toEqual(refresh)
    expect(Schema.decodeSync(Schema.fromJsonString(Run.Run))(text)).not.toHaveProperty("runFailureReason")
  })

  it("matches on the type of the run", () => {
    const reason = Run.Reported.match({ refresh: (run) => run.runFailureReason, deploy: () => undefined })
    expect(reason(refresh)).toBe("Division by zero")
  })
})

describe("Run.jobID, Run.jobName and Run.isOfJob", () => {
  it("read the job of a detailed refresh only", () => {
    expect([refresh, deploy, summary].map(Run.jobID)).toEqual([15, undefined, undefined])
    expect([refresh, deploy, summary].map(Run.jobName)).toEqual(["Daily sales", undefined, undefined])
  })

  it("select the runs of one job", () => {
    expect([refresh, deploy, summary].filter(Run.isOfJob(15))).toEqual([refresh])
    expect([refresh, deploy, summary].filter(Run.isOfJob(16))).toEqual([])
  })
})
