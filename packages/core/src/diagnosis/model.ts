/**
 * The shape of a diagnosis. Public models: `RunDiagnosis` exports them.
 */
import * as Schema from "effect/Schema"
import { FailureCause } from "../FailureCause.ts"
import { RunId, RunStatus, RunType } from "../Run.ts"
import { RunWindow } from "../RunWindow.ts"
import { TimeFromWire } from "../wire/field.ts"
import { FailedTest, NodesReport, RunLine } from "./evidence.ts"
import { listOf } from "./list.ts"

const count = Schema.Int
const optionally = Schema.optionalKey

/**
 * Whether two failures have one cause, and what was compared: the messages of their nodes or, where those of one could
 * not be had, their reasons. `partly`: some of the causes are the same.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Comparison = Schema.Struct({
  cause: Schema.Literals(["same", "partly", "different", "notKnown"]),
  by: optionally(Schema.Literals(["nodes", "reasons"]))
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Comparison extends Schema.Schema.Type<typeof Comparison> {}

/**
 * The runs of the same job (or selector, or of the deploys) in the same environment, up to the diagnosed one. Canceled
 * runs and those that have not ended neither break nor lengthen a row of failures.
 *
 * @category schemas
 * @since 0.1.0
 */
export const History = Schema.Struct({
  /** What makes a run the same: its job, its selector, or being a deploy. */
  sameBy: Schema.Literals(["job", "selector", "deploy"]),
  /** Absent where none was found: `searched` says how far. */
  lastSuccess: optionally(RunLine),
  /** The first failure since: the diagnosed run itself where it is the only one. */
  firstFailure: RunLine,
  /** The diagnosed run included. */
  failuresInARow: count,
  /** The diagnosed run compared with the first failure. Absent where that is the same run. */
  comparedWithFirst: optionally(Comparison),
  /** How many runs of the row were canceled. */
  canceledInBetween: count,
  /** The latest failure before the last success, and whether it had the same reason. */
  earlierFailure: optionally(Schema.Struct({ run: RunLine, compared: Comparison })),
  /** How the runs that were read went, the diagnosed one included. */
  recent: Schema.Struct({ failed: count, completed: count, canceled: count, other: count }),
  /** The statuses of the latest of them, the newest first, at most 30. */
  statuses: Schema.Array(RunStatus),
  searched: Schema.Struct({
    /** How many runs of the environment were looked at, of any job. */
    rows: count,
    /** When the oldest of them started. */
    since: optionally(TimeFromWire),
    /** `found` the last success, read `all` runs there are, reached the `limit` in rows, or could read no further. */
    ended: Schema.Literals(["found", "all", "limit", "unreadable"])
  })
})

/**
 * @category models
 * @since 0.1.0
 */
export interface History extends Schema.Schema.Type<typeof History> {}

const why = {
  /** Why it is a suspect. It is never a verdict. */
  why: Schema.String
}

/**
 * Something that changed between the last success and the first failure.
 *
 * **Details**
 *
 * - `deploy`: a deploy to the environment.
 * - `parameters`: the environment's default parameters are others. What was changed for a run does not show.
 * - `nodeCount`: the run has more or fewer nodes.
 * - `selector`: the job selects other nodes.
 * - `credentials`: the run signs in to Snowflake otherwise; the names of the fields that differ, never their values.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Suspect = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("deploy"), run: RunLine, nodesInRun: optionally(Schema.Int), ...why }),
  Schema.Struct({
    kind: Schema.Literal("parameters"),
    /** Values as JSON, at most 80 characters; those of secrets by their name are hidden. At most 10. */
    changes: listOf(
      Schema.Struct({
        name: Schema.String,
        before: optionally(Schema.String),
        after: optionally(Schema.String)
      })
    ),
    ...why
  }),
  Schema.Struct({ kind: Schema.Literal("nodeCount"), before: Schema.Int, after: Schema.Int, ...why }),
  Schema.Struct({
    kind: Schema.Literal("selector"),
    before: optionally(Schema.String),
    after: optionally(Schema.String),
    ...why
  }),
  Schema.Struct({ kind: Schema.Literal("credentials"), fields: Schema.Array(Schema.String), ...why })
])

/**
 * @category models
 * @since 0.1.0
 */
export type Suspect = typeof Suspect.Type

/**
 * What came after a run that failed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Aftermath = Schema.Struct({
  /**
   * Whether a re-run, or a later run of the same job, has `succeeded`, is `running` or has `failed` again. `canceled`:
   * only such came. `none`: nothing came.
   */
  state: Schema.Literals(["succeeded", "running", "failed", "canceled", "none"]),
  by: optionally(Schema.Literals(["reRun", "laterRun"])),
  /** The run that says so. */
  run: optionally(RunLine),
  /** The latest of them to complete or fail, where `run` succeeded and this one failed. */
  failedSince: optionally(RunLine),
  /** The re-runs, the newest first, at most 5. */
  reRuns: listOf(RunLine),
  /** How many later runs of the same job there are, re-runs aside. */
  laterRuns: count,
  /** How many later runs of the environment were looked at, and whether there are more. */
  searched: Schema.Struct({ rows: count, more: Schema.Boolean })
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Aftermath extends Schema.Schema.Type<typeof Aftermath> {}

/**
 * The diagnosed run, as far as its rows could be read.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DiagnosedRun = Schema.Struct({
  ...RunLine.fields,
  durationMillis: optionally(Schema.Int),
  nodesInRun: optionally(Schema.Int),
  parallelism: optionally(Schema.Int),
  excludeNodesSelector: optionally(Schema.String),
  snowflakeAuthType: optionally(Schema.String),
  /** The run's page in the web app, where the API gives it. */
  link: optionally(Schema.String),
  /** Its reason in full, where it has one. */
  cause: optionally(FailureCause),
  /** When it is a re-run: the original, and whether that had the same cause. */
  original: optionally(Schema.Struct({ run: RunLine, compared: Comparison }))
})

/**
 * @category models
 * @since 0.1.0
 */
export interface DiagnosedRun extends Schema.Schema.Type<typeof DiagnosedRun> {}

/**
 * What there is to say of a window in which nothing failed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NoFailure = Schema.Struct({
  /** The runs that started in the window, as asked for: at most 10, the newest first. */
  ran: listOf(RunLine),
  /** How many of each status. */
  statuses: Schema.Array(Schema.Struct({ status: RunStatus, count })),
  /** Not all runs of the window could be counted: there are at least so many. */
  atLeast: Schema.Boolean,
  /** Every failed run of the window was read, so that none failed for sure. Otherwise none is known. */
  isCertain: Schema.Boolean,
  /** When nothing ran: the nearest run before the window or after it. */
  nearest: optionally(Schema.Struct({ run: RunLine, side: Schema.Literals(["before", "after"]) })),
  /** Runs that have started and not ended: those of the window and, among the newest 100 runs, those before it. */
  stillRunning: listOf(RunLine),
  canceled: listOf(RunLine),
  /** Runs that are waiting and never started, among the newest 100. */
  waiting: listOf(RunLine),
  /** Runs of the other type that failed in the window: a deploy, where refreshes were asked for. */
  failedOfOtherType: listOf(RunLine),
  /** The failed data tests of the latest completed runs: they show only in the node results, one request a run. */
  dataTests: Schema.Struct({
    /** The completed runs whose results were read. */
    read: Schema.Array(RunId),
    /** How many completed runs of the window were not read. */
    notRead: count,
    failures: Schema.Array(Schema.Struct({ run: RunLine, failedTests: listOf(FailedTest) }))
  }),
  /** The latest failure before the window. `RunDiagnosis.diagnose({ runID })` says why. */
  olderFailure: optionally(RunLine)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface NoFailure extends Schema.Schema.Type<typeof NoFailure> {}

/**
 * A part that could not be read, and why. The rest of the diagnosis stands without it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Unread = Schema.Struct({
  part: Schema.Literals([
    "run",
    "details",
    "reason",
    "reasons",
    "results",
    "link",
    "history",
    "laterRuns",
    "firstFailure",
    "runsOfWindow",
    "waitingRuns",
    "nearestRun",
    "dataTests"
  ]),
  /** The run that it is about. */
  runID: optionally(RunId),
  /** The status of the answer, where there was one. */
  status: optionally(Schema.Int),
  /** The name of the error, such as `Forbidden`. */
  error: Schema.String,
  /** At most 300 characters. */
  message: Schema.String,
  /** Whether trying again can help. */
  isRetryable: Schema.Boolean
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Unread extends Schema.Schema.Type<typeof Unread> {}

/**
 * The verdict-free answer to "why did it fail?".
 *
 * **Details**
 *
 * `outcome` says which answer it is:
 * - `failed`: the run failed, and the evidence is here;
 * - `completed`, `running`, `waiting`, `canceled`: the run that was asked for by id did not fail; `otherStatus`: it has a
 *   status that this library does not know;
 * - `noneFailed`, `nothingRan`: of the window; see `noFailure`.
 *
 * Everything that was looked for and is absent is either in `couldNotRead` or does not exist.
 *
 * @category schemas
 * @since 0.1.0
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
  /** The window that was looked at, unless the run was given by id. */
  window: optionally(RunWindow),
  /** What was asked for. */
  filter: Schema.Struct({
    runType: optionally(RunType),
    environmentID: optionally(Schema.String),
    jobID: optionally(Schema.Int)
  }),
  run: optionally(DiagnosedRun),
  /** Absent where the results could not be read. */
  nodes: optionally(NodesReport),
  history: optionally(History),
  /** The nearest to the failure first, at most 5 deploys among them. */
  suspects: Schema.Array(Suspect),
  /** How many more deploys there were. */
  moreDeploys: count,
  aftermath: optionally(Aftermath),
  /** The other failed runs of the window, the newest first, at most 10. */
  otherFailures: Schema.Struct({ ...listOf(RunLine).fields, atLeast: Schema.Boolean }),
  noFailure: optionally(NoFailure),
  couldNotRead: Schema.Array(Unread)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Diagnosis extends Schema.Schema.Type<typeof Diagnosis> {}
