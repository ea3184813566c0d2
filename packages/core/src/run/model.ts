/** Describes the two forms in which the API shows a run. Public through `Run.ts`. */
import * as Schema from "effect/Schema"
import { IntFromText, IntFromWire, ItemsFromWire, optional, StringFromWire, TimeFromWire } from "../wire/field.ts"
import { type KnownRunType, RunStatus, RunType } from "./status.ts"

/** The id of a run: a positive integer that grows with every run. On the wire a number, in places a numeric string. */
export const RunId = IntFromWire.pipe(Schema.brand("RunId"))

export type RunId = typeof RunId.Type

/** How a run signed in to Snowflake. */
export const SnowflakeAuthType = Schema.Union([
  Schema.Literals(["Basic", "Cloud", "KeyPair", "OAuth"]),
  Schema.StringForLiteralAutocomplete
])

/**
 * The Snowflake account of a run: empty for a project on another platform. It holds no secret, but names an account and a
 * user: treat it as sensitive.
 */
export const UserCredentials = Schema.Struct({
  snowflakeAccount: optional(Schema.String),
  snowflakeAuthType: optional(SnowflakeAuthType),
  snowflakeUsername: optional(Schema.String),
  snowflakeRole: optional(Schema.String),
  snowflakeWarehouse: optional(Schema.String)
})

export interface UserCredentials extends Schema.Schema.Type<typeof UserCredentials> {}

/** What the scheduler says of one run. Every field can be absent. */
export const SchedulerStatus = Schema.Struct({
  runStatus: optional(RunStatus),
  runType: optional(RunType),
  /** The run's page in the web app. */
  runLink: optional(Schema.String)
})

export interface SchedulerStatus extends Schema.Schema.Type<typeof SchedulerStatus> {}

/** What both forms of a row have. */
const shared = {
  runStatus: RunStatus,
  /** The id of the original run, when this is a re-run of it. */
  reRunID: optional(IntFromText.pipe(Schema.brand("RunId"))),
  runStartTime: optional(TimeFromWire),
  runEndTime: optional(TimeFromWire)
}

/** A run as List Runs shows it without `detail`. */
export const RunSummary = Schema.Struct({
  id: RunId,
  runType: RunType,
  ...shared,
  environmentID: optional(StringFromWire),
  /** Why the run failed, in the words of Coalesce or the database. A detailed row has no such field. */
  runFailureReason: optional(Schema.String)
})

export interface RunSummary extends Schema.Schema.Type<typeof RunSummary> {}

/** What the details of both types have. */
const sharedDetails = {
  environmentID: optional(StringFromWire),
  canceled: optional(Schema.Boolean),
  /** How many nodes the platform processes at the same time. */
  parallelism: optional(IntFromWire),
  nodesInRun: optional(IntFromWire)
}

/** What a deploy deployed. */
export const DeployRunDetails = Schema.Struct({
  ...sharedDetails,
  /** The full hash of the commit that was deployed. */
  deployCommit: optional(Schema.String),
  deployCommitMessage: optional(Schema.String)
})

export interface DeployRunDetails extends Schema.Schema.Type<typeof DeployRunDetails> {}

/** What a refresh refreshed. */
export const RefreshRunDetails = Schema.Struct({
  ...sharedDetails,
  /** The id of the job; absent when the run was started with a selector of its own. */
  jobID: optional(IntFromWire),
  /** The documentation's "Job name"; some rows send it under this name, most as `refreshDescription`. */
  jobName: optional(Schema.String),
  /** Likely the job's name: see {@link jobName} for reading either. */
  refreshDescription: optional(Schema.String),
  includeNodesSelector: optional(Schema.String),
  excludeNodesSelector: optional(Schema.String),
  nodesForRefresh: optional(IntFromWire),
  forceIgnoreEnvironmentStatus: optional(Schema.Boolean)
})

export interface RefreshRunDetails extends Schema.Schema.Type<typeof RefreshRunDetails> {}

const detailed = <Type extends KnownRunType, Details extends Schema.Top>(runType: Type, runDetails: Details) => ({
  id: RunId,
  runType: Schema.Literal(runType),
  ...shared,
  runDetails,
  /** Ids of the runs before this one, as the API keeps them. */
  runHistory: optional(ItemsFromWire(RunId)),
  /** The environment's default parameters; what was changed for this run does not show. */
  runTimeParameters: optional(Schema.Record(Schema.String, Schema.Unknown)),
  userCredentials: optional(UserCredentials),
  userID: optional(StringFromWire),
  version: optional(IntFromWire)
})

/** A deploy, with its details. */
export const DeployRun = Schema.Struct(detailed("deploy", DeployRunDetails))

export interface DeployRun extends Schema.Schema.Type<typeof DeployRun> {}

/** A refresh, with its details. */
export const RefreshRun = Schema.Struct(detailed("refresh", RefreshRunDetails))

export interface RefreshRun extends Schema.Schema.Type<typeof RefreshRun> {}

/**
 * A run with its details, discriminated by `runType`. The schema has `match`, `guards`, `cases` and `isAnyOf`.
 *
 * **Example** (What a run was about)
 *
 * ```ts
 * import { Run } from "@coalesce-runs/core"
 *
 * const about = (run: Run.Run) =>
 *   Run.Run.match(run, {
 *     deploy: (run) => run.runDetails.deployCommit,
 *     refresh: (run) => Run.jobName(run)
 *   })
 *
 * about({ id: Run.RunId.make(7), runType: "deploy", runStatus: "completed", runDetails: { deployCommit: "0a1b2c" } })
 * // => "0a1b2c"
 * ```
 */
// Annotated so that a bundle that does not match runs does without it.
export const Run = /* @__PURE__ */ Schema.toTaggedUnion("runType")(
  /* @__PURE__ */ Schema.Union([DeployRun, RefreshRun])
)

export type Run = DeployRun | RefreshRun

/** Either form of a run. */
export type AnyRun = RunSummary | Run

/** Returns whether a run is in the detailed form. */
export const isDetailed = (run: AnyRun): run is Run => "runDetails" in run
