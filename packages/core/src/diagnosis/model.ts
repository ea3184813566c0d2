/** What a diagnosis is. Public: `RunDiagnosis` exports it. */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { FailureCause } from "../FailureCause.ts"
import { listOf } from "../inspection/boundedList.ts"
import { FailedTest } from "../inspection/nodeModel.ts"
import { unavailableOf } from "../inspection/unavailable.ts"
import { Filter } from "../list/filter.ts"
import { knownTypes, RunId, RunStatus } from "../Run.ts"
import { Deviation, UsualStarts } from "../RunBaseline.ts"
import { JobMatch, NearestRuns, RunLine } from "../RunList.ts"
import { RunWindow } from "../RunWindow.ts"
import { TimeFromWire } from "../wire/field.ts"
import { Comparison, DeploySince, History, Recovery, Suspect } from "./historyModel.ts"
import { NodeOutcomes } from "./nodeModel.ts"
import { Root } from "./rootModel.ts"
import { SeenBefore } from "./seenModel.ts"

const count = Schema.Int
const optionally = Schema.optionalKey
const text = optionally(Schema.String)

/** The diagnosed run, as far as its rows are available. */
export const DiagnosedRun = Schema.Struct({
  ...RunLine.fields,
  durationMillis: optionally(Schema.Int),
  parallelism: optionally(Schema.Int),
  excludeNodesSelector: text,
  /** The run's page in the web app. */
  runLink: text,
  /** Its `runFailureReason`, classified; absent if that names no cause. */
  cause: optionally(FailureCause),
  /** The run that `reRunID` names, if it is among the rows that were read, and whether it had the same cause. */
  original: optionally(Schema.Struct({ run: RunLine, compared: Comparison }))
})

export interface DiagnosedRun extends Schema.Schema.Type<typeof DiagnosedRun> {}

const { environmentID, expectedAt, includeNodesSelector, jobID, jobName, runType, since } = Deviation.fields

/** A job that usually starts in a window, and did not. */
export const DidNotRun = Schema.Struct({
  /** As in `RunBaseline.Deviation`: `late` may still start, and `stopped` is of a job that starts at an interval. */
  kind: Schema.Literals(["missing", "late", "stopped"]),
  runType,
  environmentID,
  jobID,
  jobName,
  /** The selector of a refresh without a job. */
  includeNodesSelector,
  /** When it was due first. */
  expectedAt,
  /** When it last started. Only of a job that `stopped`. */
  since,
  /** When it usually starts, and from how many runs that is known. */
  starts: optionally(UsualStarts)
})

export interface DidNotRun extends Schema.Schema.Type<typeof DidNotRun> {}

/** What is known of a window in which nothing failed. */
export const NoFailure = Schema.Struct({
  /** The runs that started in the window and match the filter, the newest first. At most 10. */
  ran: listOf(RunLine),
  /** How many of them have each status. */
  statuses: Schema.Array(Schema.Struct({ status: RunStatus, count })),
  /** Jobs that usually start in the window and did not, as far as the history that was read tells. At most 5. */
  didNotRun: listOf(DidNotRun),
  /** Not all runs of the window were read: every count is "at least". */
  truncated: Schema.Boolean,
  /** Not all failed runs of the window were read: one that was not read may have failed. */
  failuresTruncated: Schema.Boolean,
  /** If nothing ran: the nearest runs before and after the window, of the type and the job that were asked for. */
  nearest: optionally(NearestRuns),
  /** Runs that have started and not ended: in the window and, among the newest 100 runs, before it. At most 10. */
  stillRunning: listOf(RunLine),
  canceled: listOf(RunLine),
  /** The nodes of runs that were canceled or have not ended, where one failed. At most 5 runs. */
  failedNodes: Schema.Array(Schema.Struct({ run: RunLine, nodes: NodeOutcomes })),
  /** Runs that are waiting and never started, among the newest 100 runs. At most 10. */
  waiting: listOf(RunLine),
  /** Runs of the other type that failed in the window, such as deploys when the filter is refreshes. At most 10. */
  failedOfOtherType: listOf(RunLine),
  /** The failed data tests of the latest completed runs. Only node results show them, at one request a run. */
  dataTests: Schema.Struct({
    /** The completed runs whose results were checked. At most 5. */
    checked: Schema.Array(RunId),
    /** How many completed runs of the window were not checked. */
    unchecked: count,
    failures: Schema.Array(Schema.Struct({ run: RunLine, failedTests: listOf(FailedTest) }))
  }),
  /** The latest failure before the window. `RunDiagnosis.diagnose({ runID })` says why it failed. */
  olderFailure: optionally(RunLine)
})

export interface NoFailure extends Schema.Schema.Type<typeof NoFailure> {}

/**
 * Another failed run of the window, whether it had the cause of the diagnosed one, and whether it is over, as the rows of the
 * window tell: the state, and the run that decides it. Absent if its row is not among them.
 */
export const OtherFailure = Schema.Struct({
  ...RunLine.fields,
  compared: optionally(Comparison),
  recovery: optionally(Schema.Struct({ state: Recovery.fields.state, runID: optionally(RunId) }))
})

export interface OtherFailure extends Schema.Schema.Type<typeof OtherFailure> {}

/** What may be unavailable, and what a report calls it. */
export const partNames = {
  details: "the details",
  runFailureReason: "the runFailureReason",
  runFailureReasons: "the runFailureReasons of failed runs",
  results: "the node results",
  runLink: "the web page",
  history: "the earlier runs",
  laterRuns: "the later runs",
  firstFailure: "the node results of the first failure",
  earlierFailures: "the earlier failures",
  otherRuns: "the node results of other runs of the night",
  runsOfWindow: "runs of the window",
  waitingRuns: "waiting runs",
  nearestRun: "the nearest run",
  dataTests: "the data tests"
} as const

/** A part of a diagnosis that is unavailable, and why. The rest of the diagnosis holds without it. */
export const Unavailable = unavailableOf(Struct.keys(partNames))

export interface Unavailable extends Schema.Schema.Type<typeof Unavailable> {}

/**
 * The evidence on why a run failed, without a verdict.
 *
 * **Details**
 *
 * `outcome` says what was found:
 * - `failed`: the run failed, and the evidence is here;
 * - `completed`, `running`, `waiting`, `canceled`: the run that was asked for by id did not fail; `otherStatus`: it has a
 *   status that this library does not know, or an end beside a status such as `running`;
 * - `noneFailed`, `nothingRan`: of the window; see `noFailure`.
 *
 * Whatever is absent either does not exist or is in `unavailable`.
 */
export const Diagnosis = Schema.Struct({
  outcome: Schema.Literals([
    "failed",
    "completed",
    "running",
    "waiting",
    "canceled",
    "otherStatus",
    "noneFailed",
    "nothingRan"
  ]),
  /** When the diagnosis was made. */
  diagnosedAt: TimeFromWire,
  /** The zone of the window, or the one that was asked for. Reports tell times in it. */
  timeZone: Schema.String,
  /** The window that was searched; absent if the run was given by id. */
  window: optionally(RunWindow),
  /** Which runs of the window were searched. */
  filter: Schema.Struct({
    runType: optionally(Schema.Literals(knownTypes)),
    ...Filter.fields
  }),
  /** The job that a name in `jobID` was taken for. */
  job: optionally(JobMatch),
  run: optionally(DiagnosedRun),
  /** Absent if the node results are unavailable. */
  nodes: optionally(NodeOutcomes),
  /** The names of nodes that a `runFailureReason` in this diagnosis names by id, where the results know them. At most 20. */
  nodeNames: optionally(Schema.Array(Schema.Struct({ nodeID: Schema.String, name: Schema.String }))),
  history: optionally(History),
  /** What the failed nodes follow from: at most 5. Absent if nothing that was read explains them. */
  roots: optionally(Schema.Array(Root)),
  /** Whether the same runs had this cause before. Absent if they have not failed before, or that is unavailable. */
  seenBefore: optionally(SeenBefore),
  /**
   * What changed: the deploys, at most 5, and what differs, those first that touch what failed, then the nearest. `more`
   * counts the other deploys.
   */
  suspects: listOf(Suspect),
  /** The deploys since the run, the latest first. At most 3; absent if there are none. */
  deploysSince: optionally(listOf(DeploySince)),
  recovery: optionally(Recovery),
  /** The other failed runs of the window, the newest first. At most 10. */
  otherFailures: Schema.Struct({
    ...listOf(OtherFailure).fields,
    /** Not all failed runs of the window were read: `more` is "at least". */
    truncated: Schema.Boolean,
    /** How many of all of them had the same cause as `run`, how many another, and of how many that is not known. */
    causes: optionally(Schema.Struct({ same: count, other: count, notKnown: count }))
  }),
  noFailure: optionally(NoFailure),
  unavailable: Schema.Array(Unavailable)
})

export interface Diagnosis extends Schema.Schema.Type<typeof Diagnosis> {}
