/** A run as one flat row. Public through `Run.ts`. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { duration, environmentID, jobID, jobName } from "./getters.ts"
import { type AnyRun, isDetailed } from "./model.ts"
import type { Reported } from "./reported.ts"

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
 * with `failureReasons`. Parameters, `runHistory` and the Snowflake account are left out.
 *
 * **Example** (The columns of a table)
 *
 * ```ts
 * import { Run } from "@coalesce-runs/core"
 *
 * Object.keys(Run.Row.fields).slice(0, 6)
 * // => ["id", "runType", "runStatus", "environmentID", "jobID", "jobName"]
 * ```
 *
 * @category schemas
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

/**
 * The type of {@link Row}.
 *
 * @category models
 */
export interface Row extends Schema.Schema.Type<typeof Row> {}

const iso = (time: DateTime.Utc | undefined): string | null => time === undefined ? null : DateTime.formatIso(time)

/**
 * Returns a run as one flat row. See {@link Row} for its columns.
 *
 * **Example** (Lines of a CSV file)
 *
 * ```ts
 * import { Run } from "@coalesce-runs/core"
 *
 * const cell = (value: unknown) => value === null ? "" : `"${String(value).replaceAll(`"`, `""`)}"`
 * const line = (run: Run.AnyRun) => Object.values(Run.toRow(run)).map(cell).join(",")
 *
 * line({ id: Run.RunId.make(7), runType: "refresh", runStatus: "failed" }).slice(0, 22) // => '"7","refresh","failed"'
 * ```
 *
 * @category converting
 */
export const toRow = (run: AnyRun | Reported): Row => {
  const details = isDetailed(run) ? run.runDetails : {}
  const refresh = isDetailed(run) && run.runType === "refresh" ? run.runDetails : {}
  const deploy = isDetailed(run) && run.runType === "deploy" ? run.runDetails : {}
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
    durationMillis: Option.getOrNull(Option.map(duration(run), Duration.toMillis)),
    nodesInRun: details.nodesInRun ?? null,
    nodesForRefresh: refresh.nodesForRefresh ?? null,
    parallelism: details.parallelism ?? null,
    includeNodesSelector: refresh.includeNodesSelector ?? null,
    excludeNodesSelector: refresh.excludeNodesSelector ?? null,
    deployCommit: deploy.deployCommit ?? null,
    deployCommitMessage: deploy.deployCommitMessage ?? null,
    userID: (isDetailed(run) ? run.userID : undefined) ?? null,
    version: (isDetailed(run) ? run.version : undefined) ?? null,
    runFailureReason: ("runFailureReason" in run ? run.runFailureReason : undefined) ?? null
  }
}
