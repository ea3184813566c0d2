/** Facts in the result of one node. Public: `RunDiagnosis` exports the failed test, `RunInspection` all of them. */
import * as Schema from "effect/Schema"
import { FailureCause } from "../FailureCause.ts"
import { TimeFromWire } from "../wire/field.ts"

const optionally = Schema.optionalKey
const count = optionally(Schema.Int)
const text = optionally(Schema.String)

/** A data test that failed. It fails neither its node nor the run. */
export const FailedTest = Schema.Struct({
  /** The name of the node. */
  node: Schema.String,
  /** The test's name; absent if the node only says that a test failed. */
  test: text,
  message: text,
  queryID: text
})

export interface FailedTest extends Schema.Schema.Type<typeof FailedTest> {}

/** What a stage and a node have in common. */
const work = {
  startTime: optionally(TimeFromWire),
  endTime: optionally(TimeFromWire),
  /** Until now if it is still running. Absent without a start, or if the end lies before it. */
  durationMillis: count,
  rowsInserted: count,
  rowsUpdated: count,
  rowsDeleted: count,
  warehouse: text,
  queryID: text,
  /** The error message, classified. Absent if there is none, or if it names no cause. */
  cause: optionally(FailureCause),
  /** The error message that names no cause. Absent beside a `cause`. */
  errorString: text
}

/** One stage of a node: a query, and what became of it. */
export const Stage = Schema.Struct({
  /** The stage's name; `Render` for the rendering of the node's SQL. */
  name: text,
  type: text,
  status: text,
  success: optionally(Schema.Boolean),
  isRunning: optionally(Schema.Boolean),
  ...work,
  /** The part of the stage's SQL that this page holds. Values of keys and passwords are masked. */
  sql: text,
  /** The position of the first character of `sql` in the whole SQL of the stage. */
  sqlFrom: count,
  /** The characters of the whole SQL. */
  sqlLength: count
})

export interface Stage extends Schema.Schema.Type<typeof Stage> {}

/**
 * The state of a node.
 *
 * **Details**
 *
 * `skipped`: blocked by a failed node. `waiting`: not started, in a run that has not ended. `unknown`: without a state, or in
 * one that this library does not know, which `runState` has.
 */
export const NodeState = Schema.Literals([
  "completed",
  "failed",
  "skipped",
  "canceled",
  "running",
  "waiting",
  "unknown"
])

export type NodeState = typeof NodeState.Type

/** What a run did to one node. */
export const InspectedNode = Schema.Struct({
  nodeID: Schema.String,
  name: text,
  state: NodeState,
  /** The state as the API calls it. */
  runState: text,
  ...work,
  /** `durationMillis` as a share of the run's, from 0 to 1. Nodes run in parallel, so that shares may add up to more. */
  share: optionally(Schema.Finite),
  /** The stage that failed or is running. `queryID` and `warehouse` are those of this stage, otherwise of the longest. */
  stage: text,
  /** The data tests of the node that failed. */
  failedTests: Schema.Array(FailedTest),
  /** Every stage, if `node` was asked for. */
  stages: optionally(Schema.Array(Stage))
})

export interface InspectedNode extends Schema.Schema.Type<typeof InspectedNode> {}
