/** What an inspection is. Public: `RunInspection` exports it. */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { FailureCause } from "../FailureCause.ts"
import { JobMatch } from "../list/job.ts"
import { RunLine } from "../list/RunLine.ts"
import { knownTypes } from "../Run.ts"
import { TimeFromWire } from "../wire/field.ts"
import { listOf } from "./boundedList.ts"
import { InspectedNode, NodeState } from "./nodeModel.ts"
import { unavailableOf } from "./unavailable.ts"

const count = Schema.Int
const optionally = Schema.optionalKey
const text = optionally(Schema.String)

/** The inspected run, as far as its rows are available. */
export const InspectedRun = Schema.Struct({
  ...RunLine.fields,
  /** Until now if the run has not ended. */
  durationMillis: optionally(count),
  parallelism: optionally(count),
  includeNodesSelector: text,
  excludeNodesSelector: text,
  /** Who ran it. */
  userID: text,
  /**
   * The environment's default parameters, with their values as JSON; those with a secret's name are hidden. What was changed
   * for this run alone does not show. At most 20; absent if not known.
   */
  runTimeParameters: optionally(listOf(Schema.Struct({ name: Schema.String, value: Schema.String }))),
  /** The run's page in the web app. */
  runLink: text,
  /** Its `runFailureReason`, classified; absent if that names no cause. */
  cause: optionally(FailureCause)
})

export interface InspectedRun extends Schema.Schema.Type<typeof InspectedRun> {}

/** How many nodes of the run are in each state. */
export const NodeCounts = Schema.Struct({
  total: count,
  completed: count,
  failed: count,
  skipped: count,
  canceled: count,
  running: count,
  waiting: count,
  unknown: count,
  /** Nodes with failed data tests, whatever their state. */
  withFailedTests: count
})

export interface NodeCounts extends Schema.Schema.Type<typeof NodeCounts> {}

/** One page of the nodes that were asked for. */
export const Nodes = Schema.Struct({
  counts: NodeCounts,
  /** How many nodes match `node`; without it, every node of the run. */
  matching: count,
  /**
   * Failed nodes first, in the order in which they failed, but for the first of each kind of error, which stand before the
   * others; then running ones, those with failed data tests and those in an
   * unknown state; then the slowest. Canceled, skipped and waiting nodes are last.
   */
  listed: Schema.Array(InspectedNode),
  /** How many nodes come before the page. */
  startingFrom: count,
  /** The options that continue. Absent on the last page. */
  next: optionally(Schema.Struct({ startingFrom: count, sqlFrom: optionally(count) })),
  /** Names of the run that are near `node`, if none matches it. At most 8. */
  near: optionally(Schema.Array(Schema.String))
})

export interface Nodes extends Schema.Schema.Type<typeof Nodes> {}

/** How the SQL of a stage differs, line by line. */
export const SqlChange = Schema.Struct({
  stage: text,
  /** How many lines were added and removed. Absent if the SQL is too long, or too different, to compare. */
  added: optionally(count),
  removed: optionally(count),
  /** The first of these lines, each with `+ ` or `- ` in front and cut around the first difference. At most 8. */
  lines: Schema.Array(Schema.String),
  /** Only numbers differ, as they do where a run writes its date or its id into the SQL. */
  onlyNumbers: Schema.Boolean
})

export interface SqlChange extends Schema.Schema.Type<typeof SqlChange> {}

/** What a node did in one of two runs. */
const Beside = Schema.Struct({
  state: NodeState,
  durationMillis: optionally(count),
  /** Rows inserted and updated. Absent if the API says neither. */
  rows: optionally(count)
})

/** How a node can differ between two runs. */
export const DifferenceKind = Schema.Literals([
  "newlyFailed",
  "newlyFailedTest",
  "changedSql",
  "gone",
  "fewerRows",
  "new",
  "slower"
])

export type DifferenceKind = typeof DifferenceKind.Type

/**
 * How a node differs from the same node of the other run.
 *
 * **Details**
 *
 * - `newlyFailed`, `newlyFailedTest`: it failed, or a data test of it did, and not in the other run.
 * - `changedSql`: the SQL of a stage is another. Differences of blanks alone do not count.
 * - `gone`, `new`: only the other run has it, or only this one.
 * - `fewerRows`: it wrote less than half of the rows, where the other run wrote at least 100.
 * - `slower`: it took at least 1.5 times as long, and at least 10 seconds longer.
 */
export const NodeDifference = Schema.Struct({
  nodeID: Schema.String,
  name: text,
  kinds: Schema.Array(DifferenceKind),
  /** The failed node whose message or SQL names this one. */
  namedBy: text,
  before: optionally(Beside),
  after: optionally(Beside),
  sqlChanges: optionally(Schema.Array(SqlChange))
})

export interface NodeDifference extends Schema.Schema.Type<typeof NodeDifference> {}

/** A value that differs between two runs; absent on the side that has none. */
export const Change = Schema.Struct({ name: Schema.String, before: text, after: text })

export interface Change extends Schema.Schema.Type<typeof Change> {}

/** The run beside another. */
export const Comparison = Schema.Struct({
  /** The other run. */
  run: RunLine,
  /** How long the other run took. */
  durationMillis: optionally(count),
  /** Whether it is the last success before the run, or was asked for by its id. */
  by: Schema.Literals(["lastSuccess", "given"]),
  /** The default parameters that differ. At most 10; absent if the parameters of one run are not known. */
  parameters: optionally(listOf(Change)),
  /** The selectors, the parallelism, the deployed commit, the warehouse and the kind of sign-in, where they differ. */
  settings: Schema.Array(Change),
  /** How many nodes both runs have. Absent if one of them shows none. */
  nodesInBoth: optionally(count),
  /** The nodes that differ, ranked by what explains the outcome. At most 20. */
  differences: listOf(NodeDifference),
  /** How many nodes differ in each way. */
  kinds: Schema.Array(Schema.Struct({ kind: DifferenceKind, count }))
})

export interface Comparison extends Schema.Schema.Type<typeof Comparison> {}

/** What may be unavailable, and what a report calls it. */
export const partNames = {
  details: "the details",
  runFailureReason: "the runFailureReason",
  results: "the node results",
  runLink: "the web page",
  runs: "the runs of the job",
  lastSuccess: "the last success",
  otherRun: "the run to compare with",
  otherResults: "the node results of the run to compare with"
} as const

/** A part of an inspection that is unavailable, and why. The rest holds without it. */
export const Unavailable = unavailableOf(Struct.keys(partNames))

export interface Unavailable extends Schema.Schema.Type<typeof Unavailable> {}

/** What was asked for, as far as it is needed to continue. */
const Query = Schema.Struct({
  runID: optionally(count),
  jobID: optionally(count),
  environmentID: text,
  runType: optionally(Schema.Literals(knownTypes)),
  node: text,
  limit: optionally(count)
})

/** The inside of a run. Whatever is absent either does not exist or is in `unavailable`. */
export const Inspection = Schema.Struct({
  inspectedAt: TimeFromWire,
  /** Reports tell times in this zone. */
  timeZone: Schema.String,
  query: Query,
  /** The job that a name in `jobID` was taken for. */
  job: optionally(JobMatch),
  /** Absent if no run matches: `searched` says among how many. */
  run: optionally(InspectedRun),
  /** How many rows were read to find the latest run, and whether there are more. */
  searched: optionally(Schema.Struct({ rows: count, hasMore: Schema.Boolean })),
  /** Absent if the node results are unavailable. */
  nodes: optionally(Nodes),
  comparison: optionally(Comparison),
  unavailable: Schema.Array(Unavailable)
})

export interface Inspection extends Schema.Schema.Type<typeof Inspection> {}
