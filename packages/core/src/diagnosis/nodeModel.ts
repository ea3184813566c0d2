/** The facts in the node results of one run. Public: `RunDiagnosis` exports them. */
import * as Schema from "effect/Schema"
import { CauseClass, FailureCause } from "../FailureCause.ts"
import { TimeFromWire } from "../wire/field.ts"
import { listOf } from "./boundedList.ts"

const count = Schema.Int
const optionally = Schema.optionalKey

/**
 * A failed node: the stage that failed, and what Snowflake said.
 *
 * @category schemas
 */
export const FailedNode = Schema.Struct({
  nodeID: Schema.String,
  name: optionally(Schema.String),
  /** The name of the stage; `Render` if the SQL could not be rendered. */
  stage: optionally(Schema.String),
  /** Absent if no query of the node has an error message. */
  cause: optionally(FailureCause),
  queryID: optionally(Schema.String),
  warehouse: optionally(Schema.String),
  startTime: optionally(TimeFromWire),
  endTime: optionally(TimeFromWire),
  /** The SQL of the stage, whole. Values of keys and passwords are masked. `cause.line` is the line at fault. */
  sql: optionally(Schema.String)
})

/** @category models */
export interface FailedNode extends Schema.Schema.Type<typeof FailedNode> {}

/**
 * The failed nodes whose messages are the same apart from names, numbers and values.
 *
 * @category schemas
 */
export const FailureGroup = Schema.Struct({
  class: CauseClass,
  /** What the messages have in common; empty for nodes without a message. */
  key: Schema.String,
  /** How many nodes. */
  count,
  /** The node that failed first. */
  first: FailedNode,
  /** The names of the nodes, starting with the first one's. At most 10. */
  nodes: listOf(Schema.String),
  /** How many different messages the nodes have. */
  messages: count,
  /** The messages that differ from the first one's. At most 3. */
  otherMessages: Schema.Array(Schema.String)
})

/** @category models */
export interface FailureGroup extends Schema.Schema.Type<typeof FailureGroup> {}

/**
 * A data test that failed. It fails neither its node nor the run.
 *
 * @category schemas
 */
export const FailedTest = Schema.Struct({
  /** The name of the node. */
  node: Schema.String,
  /** The test's name; absent if the node only says that a test failed. */
  test: optionally(Schema.String),
  message: optionally(Schema.String),
  queryID: optionally(Schema.String)
})

/** @category models */
export interface FailedTest extends Schema.Schema.Type<typeof FailedTest> {}

/**
 * What happened to the nodes of a run.
 *
 * @category schemas
 */
export const NodeOutcomes = Schema.Struct({
  /** How many nodes there are, and how many of each outcome. `unknown`: without a state, or in an unknown one. */
  total: count,
  completed: count,
  failed: count,
  skipped: count,
  canceled: count,
  running: count,
  unknown: count,
  /**
   * The failed nodes by like messages, the groups of most nodes first. At most 15. From the sixth on a group has at most
   * 3 names, and of its first node only the name and the cause.
   */
  groups: listOf(FailureGroup),
  /** How many failed nodes are in no listed group. */
  nodesNotListed: count,
  /** The names of the nodes that were skipped because a node before them failed. At most 10. */
  blocked: listOf(Schema.String),
  /** The data tests that failed. At most 10. */
  failedTests: listOf(FailedTest)
})

/** @category models */
export interface NodeOutcomes extends Schema.Schema.Type<typeof NodeOutcomes> {}
