/** Nodes with a query each, and the runs of one night that they belong to. */
import * as DateTime from "effect/DateTime"
import * as Run from "../../src/Run.ts"
import type { RunResult } from "../../src/RunResult.ts"

export const at = (minute: number) => DateTime.makeUnsafe(Date.UTC(2026, 2, 10, 2, minute))

export const run = (id: number, fields: Partial<Run.RefreshRun> = {}): Run.RefreshRun => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "completed",
  runStartTime: at(0),
  runEndTime: at(30),
  runDetails: { environmentID: "3", jobID: id },
  ...fields
})

interface Node {
  readonly error?: string
  readonly sql?: string
  readonly state?: string
  readonly from?: number
  readonly to?: number
  readonly queryID?: string
}

export const node = (name: string, { error, from = 10, queryID, sql, state, to = 11 }: Node = {}): RunResult => ({
  nodeID: name,
  name,
  runState: state ?? (error === undefined ? "complete" : "error"),
  queryResults: [{
    success: error === undefined,
    startTime: at(from),
    endTime: at(to),
    ...(sql === undefined ? {} : { sql }),
    ...(queryID === undefined ? {} : { queryID }),
    ...(error === undefined ? {} : { error: { errorString: error } })
  }]
})

export const missing = (object: string) => `Object '${object}' does not exist or not authorized.`
