/** Runs and lists of them, for the tests of RunList. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { Report, Run, RunList } from "../../src/index.ts"
import { clientOver, runs, type Server } from "./server.ts"

export const refresh: Run.Run = {
  id: Run.RunId.make(1202),
  runType: "refresh",
  runStatus: "failed",
  reRunID: Run.RunId.make(1200),
  runStartTime: DateTime.makeUnsafe("2026-11-03T02:00:00Z"),
  runEndTime: DateTime.makeUnsafe("2026-11-03T02:10:02Z"),
  runDetails: { environmentID: "3", jobID: 15, jobName: "Daily sales", includeNodesSelector: "{ * }", nodesInRun: 12 }
}

export const deploy: Run.Run = {
  id: Run.RunId.make(7),
  runType: "deploy",
  runStatus: "running",
  runDetails: { environmentID: "3", deployCommit: "52ffe770cb64aa", deployCommitMessage: "New \"order\" model" }
}

/** A hundred runs, one a minute from 2026-01-01 00:01 on: each fifth a deploy, each seventh failed, of two jobs in turn. */
export const history = runs(100).map((run) => ({
  ...run,
  ...(run.runType === "refresh"
    ? { runDetails: { jobID: 1 + run.id % 2, refreshDescription: run.id % 2 === 0 ? "Even" : "Odd" } }
    : {})
}))

/** Lists the runs of a server, and reports them. */
export const list = (options: RunList.Options, server: Partial<Server> = {}) => {
  const { layer, log } = clientOver({ history: () => history, ...server }, { retry: Schedule.recurs(0) })
  return Effect.map(
    Effect.provide(RunList.list({ timeZone: "UTC", ...options }), layer),
    (list) => ({ list, ids: list.runs.map(({ id }) => Number(id)), text: Report.toText(RunList.report(list)), log })
  )
}

/** The first hour of the history. */
export const hour = { since: "2026-01-01T00:00Z", until: "2026-01-01T01:00Z" }
