/** A run as `list_runs` shows it: chosen fields under the API's names, everything cleaned and bounded. */
import * as Run from "@coalesce-runs/core/Run"
import type * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import type { ScannedRun } from "../../result/scan.ts"
import * as time from "../../result/time.ts"
import { clean, cleanOptional, lengths } from "../../result/untrustedText.ts"

export const Row = Schema.Struct({
  id: Schema.Finite,
  runType: Schema.String,
  runStatus: Schema.String,
  runStartTime: Schema.optionalKey(Schema.String),
  durationSeconds: Schema.optionalKey(Schema.Finite),
  environmentID: Schema.optionalKey(Schema.String),
  jobID: Schema.optionalKey(Schema.Finite),
  jobName: Schema.optionalKey(Schema.String),
  reRunID: Schema.optionalKey(Schema.Finite),
  runFailureReason: Schema.optionalKey(Schema.String),
  nodesInRun: Schema.optionalKey(Schema.Finite),
  includeNodesSelector: Schema.optionalKey(Schema.String),
  deployCommit: Schema.optionalKey(Schema.String),
  deployCommitMessage: Schema.optionalKey(Schema.String),
  snowflakeAuthType: Schema.optionalKey(Schema.String)
})

export interface Row extends Schema.Schema.Type<typeof Row> {}

type Fields = { readonly [K in keyof Row]: Row[K] | undefined }

/** Leaves out what a run does not have: an absent key, never `null`. */
const present = (fields: Fields): Row =>
  // Type boundary: dropping the undefined values of optional keys gives exactly the row, which the compiler cannot see.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as unknown as Row

const job = (run: ScannedRun) =>
  Run.isDetailed(run) && run.runType === "refresh"
    ? { jobID: run.runDetails.jobID, jobName: cleanOptional(Run.jobName(run), lengths.name) }
    : { jobID: undefined, jobName: undefined }

const details = (run: Run.Run) => ({
  nodesInRun: run.runDetails.nodesInRun,
  includeNodesSelector: run.runType === "refresh" && run.runDetails.jobID === undefined
    ? cleanOptional(run.runDetails.includeNodesSelector, lengths.name)
    : undefined,
  deployCommit: run.runType === "deploy"
    ? cleanOptional(run.runDetails.deployCommit, lengths.id)?.slice(0, 12)
    : undefined,
  deployCommitMessage: run.runType === "deploy"
    ? cleanOptional(run.runDetails.deployCommitMessage, lengths.name)
    : undefined,
  snowflakeAuthType: cleanOptional(run.userCredentials?.snowflakeAuthType, lengths.word)
})

const noDetails: { readonly [K in keyof ReturnType<typeof details>]: undefined } = {
  nodesInRun: undefined,
  includeNodesSelector: undefined,
  deployCommit: undefined,
  deployCommitMessage: undefined,
  snowflakeAuthType: undefined
}

/** A failed run's reason, as it came. */
export const reasonOf = (run: ScannedRun): string | undefined =>
  "runFailureReason" in run ? run.runFailureReason : undefined

export const make = (run: ScannedRun, detail: boolean, zone: DateTime.TimeZone): Row => {
  const { jobID, jobName } = job(run)
  return present({
    id: run.id,
    runType: clean(run.runType, lengths.word),
    runStatus: clean(run.runStatus, lengths.word),
    runStartTime: run.runStartTime === undefined ? undefined : time.isoZoned(run.runStartTime, zone),
    durationSeconds: time.durationSeconds(run),
    environmentID: cleanOptional(Run.environmentID(run), lengths.id),
    jobID,
    jobName,
    reRunID: run.reRunID,
    runFailureReason: cleanOptional(reasonOf(run), lengths.reason),
    ...(detail && Run.isDetailed(run) ? details(run) : noDetails)
  })
}
