/**
 * The evidence of one run: its line, and what its node results say. Public models: `RunDiagnosis` exports them.
 */
import * as Schema from "effect/Schema"
import { CauseClass, FailureCause } from "../FailureCause.ts"
import { RunId, RunStatus, RunType } from "../Run.ts"
import { TimeFromWire } from "../wire/field.ts"
import { listOf } from "./list.ts"

const count = Schema.Int
const optionally = Schema.optionalKey

/**
 * A failure's reason in short: its class, its code, the beginning of its message.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Reason = Schema.Struct({
  class: CauseClass,
  code: optionally(Schema.String),
  /** At most 160 characters. */
  message: Schema.String
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Reason extends Schema.Schema.Type<typeof Reason> {}

/**
 * A run in one line.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RunLine = Schema.Struct({
  id: RunId,
  runType: RunType,
  runStatus: RunStatus,
  runStartTime: optionally(TimeFromWire),
  runEndTime: optionally(TimeFromWire),
  environmentID: optionally(Schema.String),
  jobID: optionally(Schema.Int),
  jobName: optionally(Schema.String),
  /** The selector of a refresh that ran no job. */
  selector: optionally(Schema.String),
  /** The original, when this is a re-run. */
  reRunOf: optionally(RunId),
  deployCommit: optionally(Schema.String),
  /** At most 200 characters. */
  deployCommitMessage: optionally(Schema.String),
  reason: optionally(Reason)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface RunLine extends Schema.Schema.Type<typeof RunLine> {}

/**
 * SQL around its fault, or the two ends of it with the middle cut out.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SqlExcerpt = Schema.Struct({
  /** A place where something was cut says how many characters. Values of keys and passwords are masked. */
  text: Schema.String,
  /** The line of the whole SQL that the text begins with, from 1. */
  fromLine: count,
  /** The line that Snowflake points at, where it names one that there is. */
  faultLine: optionally(count),
  /** Of the whole SQL. */
  totalLines: count,
  totalCharacters: count,
  /** How many characters of it are not shown. */
  cutCharacters: count
})

/**
 * @category models
 * @since 0.1.0
 */
export interface SqlExcerpt extends Schema.Schema.Type<typeof SqlExcerpt> {}

/**
 * A failed node: the stage that failed, and what Snowflake said.
 *
 * @category schemas
 * @since 0.1.0
 */
export const FailedNode = Schema.Struct({
  nodeID: Schema.String,
  name: optionally(Schema.String),
  /** The name of the stage, `Render` where its SQL could not be made. */
  stage: optionally(Schema.String),
  /** Absent where no query of the node says why. */
  cause: optionally(FailureCause),
  queryID: optionally(Schema.String),
  warehouse: optionally(Schema.String),
  startTime: optionally(TimeFromWire),
  endTime: optionally(TimeFromWire),
  sql: optionally(SqlExcerpt)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface FailedNode extends Schema.Schema.Type<typeof FailedNode> {}

/**
 * The failed nodes whose messages are alike: names, numbers and values aside.
 *
 * @category schemas
 * @since 0.1.0
 */
export const FailureGroup = Schema.Struct({
  class: CauseClass,
  /** What the messages have in common; empty for nodes without a message. */
  key: Schema.String,
  /** How many nodes. */
  count,
  /** The node that failed first. */
  first: FailedNode,
  /** The names of the nodes, the first one's too, at most 10. */
  nodes: listOf(Schema.String),
  /** How many different messages there are among them. */
  messages: count,
  /** Up to 3 of the others, at most 160 characters each. */
  otherMessages: Schema.Array(Schema.String)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface FailureGroup extends Schema.Schema.Type<typeof FailureGroup> {}

/**
 * A smaller group in one line.
 *
 * @category schemas
 * @since 0.1.0
 */
export const FailureGroupLine = Schema.Struct({
  class: CauseClass,
  code: optionally(Schema.String),
  count,
  /** The node that failed first. */
  node: Schema.String,
  /** Its message, at most 160 characters. */
  message: Schema.String
})

/**
 * @category models
 * @since 0.1.0
 */
export interface FailureGroupLine extends Schema.Schema.Type<typeof FailureGroupLine> {}

/**
 * A data test that failed. It does not fail its node, nor the run.
 *
 * @category schemas
 * @since 0.1.0
 */
export const FailedTest = Schema.Struct({
  node: Schema.String,
  /** The test's name; absent where only the node says that a test failed. */
  test: optionally(Schema.String),
  /** At most 160 characters. */
  message: optionally(Schema.String),
  queryID: optionally(Schema.String)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface FailedTest extends Schema.Schema.Type<typeof FailedTest> {}

/**
 * What the node results say.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NodesReport = Schema.Struct({
  /** How many nodes there are, and how many of each outcome. `unknown`: without a state, or in one that is not known. */
  total: count,
  completed: count,
  failed: count,
  skipped: count,
  canceled: count,
  running: count,
  unknown: count,
  /** The failed nodes by like messages, those of the most nodes first; at most 5. */
  groups: Schema.Array(FailureGroup),
  /** The groups after those, at most 10. */
  smallerGroups: listOf(FailureGroupLine),
  /** How many failed nodes are in no group that is listed. */
  nodesInMoreGroups: count,
  /** The nodes that were skipped, since one before them failed: by name, at most 10. */
  blocked: listOf(Schema.String),
  /** Data tests that failed, at most 10. */
  failedTests: listOf(FailedTest)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface NodesReport extends Schema.Schema.Type<typeof NodesReport> {}
