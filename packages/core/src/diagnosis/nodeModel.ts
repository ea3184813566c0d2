/** The facts in the node results of one run. Public: `RunDiagnosis` exports them. */
import * as Schema from "effect/Schema"
import { CauseClass, FailureCause } from "../FailureCause.ts"
import { listOf } from "../inspection/boundedList.ts"
import { FailedTest } from "../inspection/nodeModel.ts"
import { TimeFromWire } from "../wire/field.ts"

const count = Schema.Int
const text = Schema.optionalKey(Schema.String)

/** A failed node: the stage that failed, and what the database said. */
export const FailedNode = Schema.Struct({
  nodeID: Schema.String,
  name: text,
  /** The name of the stage; `Render` if the SQL could not be rendered. */
  stage: text,
  /** The error message, classified. Absent if there is none, or if it names no cause. */
  cause: Schema.optionalKey(FailureCause),
  /** The error message that names no cause, such as "undefined". Absent beside a `cause`. */
  errorString: text,
  queryID: text,
  warehouse: text,
  startTime: Schema.optionalKey(TimeFromWire),
  endTime: Schema.optionalKey(TimeFromWire),
  /** The SQL of the stage, whole. Values of keys and passwords are masked. `cause.line` is the line at fault. */
  sql: text
})

export interface FailedNode extends Schema.Schema.Type<typeof FailedNode> {}

/** The failed nodes with one kind of error. A node whose message names no cause is a group of its own. */
export const FailureGroup = Schema.Struct({
  class: CauseClass,
  /** The kind of error, as `FailureCause.key`; empty for a node that names no cause. */
  key: Schema.String,
  /** How many nodes. */
  count,
  /** The node that failed first. */
  first: FailedNode,
  /** The names of the nodes, starting with the first one's: all of them if at most 50 nodes of the run failed, or 10. */
  nodes: listOf(Schema.String),
  /** The different objects that the messages are about, such as tables or columns. At most 10; absent if there are none. */
  objects: Schema.optionalKey(listOf(Schema.String)),
  /** How many different messages the nodes have. */
  messages: count,
  /** The messages that differ from the first one's. At most 3. */
  otherMessages: Schema.Array(Schema.String)
})

export interface FailureGroup extends Schema.Schema.Type<typeof FailureGroup> {}

/** What happened to the nodes of a run: how many there are of each outcome, and more of those that failed. */
export const NodeOutcomes = Schema.Struct({
  total: count,
  completed: count,
  failed: count,
  skipped: count,
  canceled: count,
  running: count,
  /** Nodes without a state, or in one that this library does not know. */
  unknown: count,
  /**
   * The failed nodes by kind of error: those that only follow from another failed node behind the others, the groups of most
   * nodes first, those that name no cause last. At most 15. From the sixth on a group has, of its first node, only the name
   * and the message. If more than 50 nodes failed, it has at most 3 names.
   */
  groups: listOf(FailureGroup),
  /** How many failed nodes name no cause. Absent if each names one. */
  withoutCause: Schema.optionalKey(count),
  /** How many failed nodes are in no listed group. */
  nodesNotListed: count,
  /** Their names, if at most 50 nodes failed. Absent if there are none. */
  otherNodes: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The names of the nodes that were skipped because a node before them failed. At most 10. */
  blocked: listOf(Schema.String),
  /** The data tests that failed. At most 10. */
  failedTests: listOf(FailedTest)
})

export interface NodeOutcomes extends Schema.Schema.Type<typeof NodeOutcomes> {}
