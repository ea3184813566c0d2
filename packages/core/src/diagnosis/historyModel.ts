/** The facts in the runs before a failed run and after it. Public: `RunDiagnosis` exports them. */
import * as Schema from "effect/Schema"
import { listOf } from "../inspection/boundedList.ts"
import { RunStatus } from "../Run.ts"
import { RunLine } from "../RunList.ts"
import { TimeFromWire } from "../wire/field.ts"

const count = Schema.Int
const optionally = Schema.optionalKey
const text = optionally(Schema.String)

/**
 * Whether two failures have the same cause, and what was compared: the messages of their nodes or, where those of one
 * run are unavailable, the two `runFailureReason`s. `partly`: some of the causes are the same. `sameKind`: the same kind of
 * error on another object. `notKnown`: one of the two names no cause.
 */
export const Comparison = Schema.Struct({
  cause: Schema.Literals(["same", "partly", "sameKind", "different", "notKnown"]),
  by: optionally(Schema.Literals(["nodes", "runFailureReason"]))
})

export interface Comparison extends Schema.Schema.Type<typeof Comparison> {}

/**
 * The runs of the same job (or selector, or the deploys) in the same environment, up to the diagnosed one. Canceled
 * runs and those that have not ended neither end nor lengthen a streak of failures.
 */
export const History = Schema.Struct({
  /** What makes two runs the same: their job, their selectors, or being a deploy. */
  sameBy: Schema.Literals(["job", "selector", "deploy"]),
  /** Absent if none was found: `searched` says how far the search went. */
  lastSuccess: optionally(RunLine),
  /** The first failure of the streak: the diagnosed run itself if it is the only one. */
  firstFailure: RunLine,
  /** How many failures the streak has, the diagnosed run included. */
  streakLength: count,
  /** The diagnosed run compared with the first failure. Absent if they are the same run. */
  comparedWithFirst: optionally(Comparison),
  /**
   * Since when the streak has the cause of the diagnosed run, where its first failure had another: the first failure of
   * this cause, and how many there are. `isAtLeast`: what the failure before it had is not known.
   */
  causeSince: optionally(Schema.Struct({ run: RunLine, failures: count, isAtLeast: Schema.Boolean })),
  /** How long the runs that were read take when they complete: the p50. Absent with fewer than 5 of them. */
  usual: optionally(Schema.Struct({ p50Millis: count, runs: count })),
  /** How many runs were canceled during the streak. */
  canceledInStreak: count,
  /** The latest failure before the last success, and whether it had the same cause as the first failure. */
  earlierFailure: optionally(Schema.Struct({ run: RunLine, compared: Comparison })),
  /** How the runs that were read ended, the diagnosed one included. */
  recent: Schema.Struct({ failed: count, completed: count, canceled: count, other: count }),
  /** The statuses of these runs, the newest first. At most 30. */
  statuses: Schema.Array(RunStatus),
  searched: Schema.Struct({
    /** How many runs of the environment were read, of any job. */
    rows: count,
    /** When the oldest of them started. */
    since: optionally(TimeFromWire),
    /** The search `found` the last success, read `all` runs, reached its `limit`, or the next page was `unavailable`. */
    ended: Schema.Literals(["found", "all", "limit", "unavailable"])
  })
})

export interface History extends Schema.Schema.Type<typeof History> {}

const suspect = <const Kind extends string, const Fields extends Schema.Struct.Fields>(kind: Kind, fields: Fields) =>
  Schema.Struct({
    kind: Schema.Literal(kind),
    ...fields,
    why: Schema.String,
    touches: optionally(Schema.Array(Schema.String))
  })

/**
 * Something that changed between the last success and the first failure. `why` says in a sentence what changed and when;
 * it is never a verdict. `touches` has what it shares with the failure: the columns, tables and nodes that a commit's message
 * names, the parameters that the error message has, the settings that its class is about. Without it, it is only near.
 *
 * **Details**
 *
 * - `deploy`: a deploy to the environment.
 * - `parameters`: the environment's default parameters differ. Parameters changed for a single run are not visible.
 * - `nodeCount`: the run has more or fewer nodes.
 * - `selector`: the job selects other nodes.
 * - `parallelism`: the run works on more or fewer nodes at once.
 * - `credentials`: the run signs in to the database differently. `fields` names the changed fields. Only of the kind of sign-in
 *   and of the warehouse `changes` has the values.
 *
 * What differs every night is no suspect.
 */
export const Suspect = Schema.Union([
  suspect("deploy", { run: RunLine }),
  suspect("parameters", {
    /** Values are JSON; those of parameters with a secret's name are hidden. At most 10. */
    changes: listOf(Schema.Struct({ name: Schema.String, before: text, after: text }))
  }),
  suspect("nodeCount", { before: count, after: count }),
  suspect("selector", { before: text, after: text }),
  suspect("parallelism", { before: count, after: count }),
  suspect("credentials", {
    fields: Schema.Array(Schema.String),
    changes: optionally(Schema.Array(Schema.Struct({ name: Schema.String, before: text, after: text })))
  })
])

export type Suspect = typeof Suspect.Type

/** A deploy that started after the failed run ended. `reverts`: it takes back what was deployed before the failure. */
export const DeploySince = Schema.Struct({
  run: RunLine,
  reverts: Schema.Boolean,
  /** The columns, tables and nodes of the failure that its commit's message names. */
  touches: Schema.Array(Schema.String)
})

export interface DeploySince extends Schema.Schema.Type<typeof DeploySince> {}

/**
 * Whether a failed or canceled run was made good by a later one.
 *
 * **Details**
 *
 * `state` is the best news among the re-runs and the later runs of the same job:
 * - `recovered`: one that ran the failed nodes completed, and none failed after it;
 * - `relapsed`: one completed, and `failedSince` failed after it;
 * - `running`: none completed, and one has not ended;
 * - `failedAgain`: those that ended failed;
 * - `unconfirmed`: one completed, but without the failed nodes (`heldFailedNodes` is false), or that is not known;
 * - `canceled`: those that ended were canceled, or have a status that is not known;
 * - `notYet`: there is none.
 */
export const Recovery = Schema.Struct({
  state: Schema.Literals(["recovered", "relapsed", "running", "failedAgain", "unconfirmed", "canceled", "notYet"]),
  by: optionally(Schema.Literals(["reRun", "laterRun"])),
  /** The run that decides the state. */
  run: optionally(RunLine),
  /** Whether that run completed the nodes that failed. Only where the state is `unconfirmed`; absent if not known. */
  heldFailedNodes: optionally(Schema.Boolean),
  /** The latest failure after a success. Only where the state is `relapsed`. */
  failedSince: optionally(RunLine),
  /** The re-runs, the newest first. At most 5. */
  reRuns: listOf(RunLine),
  /** How many later runs of the same job there are, without the re-runs. */
  laterRuns: count,
  /** How many later runs of the environment were read, and whether there are more. */
  searched: Schema.Struct({ rows: count, hasMore: Schema.Boolean })
})

export interface Recovery extends Schema.Schema.Type<typeof Recovery> {}
