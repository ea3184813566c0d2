/** A run as one flat row. Public through `Run.ts`. */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { details, environmentID, jobID, jobName, runFailureReason } from "./getters.ts"
import { type AnyRun, isDetailed } from "./model.ts"
import { tookMillis } from "./tookMillis.ts"

const text = Schema.NullOr(Schema.String)
const integer = Schema.NullOr(Schema.Int)

/**
 * A run as one flat row for a CSV file or a table in SQL. Each column is there in each row, `null` where the run has no
 * such value, and no value is nested.
 *
 * **Details**
 *
 * Times are ISO 8601 in UTC with milliseconds. A summary fills the columns that it has; those of the job, the nodes, the
 * selectors, the commit and the user are `null`. `runFailureReason` is only there for summaries and for runs of a query
 * with `failureReasons`. Parameters, `runHistory` and the account are left out.
 */
export const Row = Schema.Struct({
  id: Schema.Int,
  runType: Schema.String,
  runStatus: Schema.String,
  environmentID: text,
  /** The id of a refresh's job. */
  jobID: integer,
  /** The name of a refresh's job. */
  jobName: text,
  /** The id of the original run, if this is a re-run. */
  reRunID: integer,
  runStartTime: text,
  runEndTime: text,
  /** How long the run took. `null` until it has ended. */
  durationMillis: integer,
  nodesInRun: integer,
  nodesForRefresh: integer,
  parallelism: integer,
  includeNodesSelector: text,
  excludeNodesSelector: text,
  /** The full hash of the commit that a deploy deployed. */
  deployCommit: text,
  deployCommitMessage: text,
  userID: text,
  version: integer,
  runFailureReason: text
})

export interface Row extends Schema.Schema.Type<typeof Row> {}

const iso = (time: DateTime.Utc | undefined): string | null => time === undefined ? null : DateTime.formatIso(time)

/** Returns a run as one flat row. See {@link Row} for its columns. */
export const toRow = (run: AnyRun): Row => {
  const {
    deployCommit = null,
    deployCommitMessage = null,
    excludeNodesSelector = null,
    includeNodesSelector = null,
    nodesForRefresh = null,
    nodesInRun = null,
    parallelism = null
  } = details(run)
  return {
    id: run.id,
    runType: run.runType,
    runStatus: run.runStatus,
    environmentID: environmentID(run) ?? null,
    jobID: jobID(run) ?? null,
    jobName: jobName(run) ?? null,
    reRunID: run.reRunID ?? null,
    runStartTime: iso(run.runStartTime),
    runEndTime: iso(run.runEndTime),
    durationMillis: tookMillis(run) ?? null,
    nodesInRun,
    nodesForRefresh,
    parallelism,
    includeNodesSelector,
    excludeNodesSelector,
    deployCommit,
    deployCommitMessage,
    userID: (isDetailed(run) ? run.userID : undefined) ?? null,
    version: (isDetailed(run) ? run.version : undefined) ?? null,
    runFailureReason: runFailureReason(run) ?? null
  }
}
