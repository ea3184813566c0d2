/** A run in the answers of `diagnose_run`: the fields of `list_runs` and under its names, cleaned and bounded. */
import type * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import * as DateTime from "effect/DateTime"
import * as time from "../../result/time.ts"
import { clean, cleanOptional, lengths, quote } from "../../result/untrustedText.ts"

export type Row = {
  readonly id: number
  readonly runType: string
  readonly runStatus: string
  readonly runStartTime?: string
  readonly durationSeconds?: number
  readonly environmentID?: string
  readonly jobID?: number
  readonly jobName?: string
  readonly reRunID?: number
  readonly runFailureReason?: string
  readonly includeNodesSelector?: string
  readonly deployCommit?: string
  readonly deployCommitMessage?: string
}

/** Leaves out what there is not: an absent key, never `null`. */
export const present = <A extends object>(fields: { readonly [K in keyof A]: A[K] | undefined }): A =>
  // Type boundary: dropping the undefined values of optional keys gives exactly the object, which the compiler cannot see.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as A

const seconds = ({ runEndTime, runStartTime }: RunDiagnosis.RunLine): number | undefined =>
  runStartTime === undefined || runEndTime === undefined
    ? undefined
    : Math.max(0, Math.round((DateTime.toEpochMillis(runEndTime) - DateTime.toEpochMillis(runStartTime)) / 1000))

export const make = (run: RunDiagnosis.RunLine, zone: DateTime.TimeZone): Row =>
  present<Row>({
    id: run.id,
    runType: clean(run.runType, lengths.word),
    runStatus: clean(run.runStatus, lengths.word),
    runStartTime: run.runStartTime === undefined ? undefined : time.isoZoned(run.runStartTime, zone),
    durationSeconds: seconds(run),
    environmentID: cleanOptional(run.environmentID, lengths.id),
    jobID: run.jobID,
    jobName: cleanOptional(run.jobName, lengths.name),
    reRunID: run.reRunOf,
    runFailureReason: cleanOptional(run.reason?.message, lengths.reason),
    includeNodesSelector: cleanOptional(run.selector, lengths.name),
    deployCommit: cleanOptional(run.deployCommit, lengths.id)?.slice(0, 12),
    deployCommitMessage: cleanOptional(run.deployCommitMessage, lengths.name)
  })

/** A name or an id inside a sentence: in quotation marks, unless it is plainly one. */
export const bare = (text: string): string => /^[\w$.:/-]+$/.test(text) ? text : quote(text)

/** `2026-11-03 02:00` of a row's time, as the clocks of its zone show it. */
export const minute = (iso: string): string => iso.slice(0, 16).replace("T", " ")

/** When a run started, for the end of a sentence. */
export const at = ({ runStartTime, runStatus }: Row): string =>
  runStartTime !== undefined
    ? ` (${minute(runStartTime)})`
    : runStatus === "failed" || runStatus === "completed"
    ? " (start not known)"
    : " (not started)"

const environment = ({ environmentID }: Row): string =>
  environmentID === undefined ? "" : ` in env ${bare(environmentID)}`

/** What ran: `refresh "Daily sales" (job 15) in env 3`. */
export const what = (run: Row): string => {
  const { deployCommit, deployCommitMessage, includeNodesSelector, jobID, jobName, runType } = run
  const name = jobName !== undefined
    ? ` ${quote(jobName)}${jobID === undefined ? "" : ` (job ${jobID})`}`
    : jobID !== undefined
    ? ` of job ${jobID}`
    : includeNodesSelector !== undefined
    ? ` of ${quote(includeNodesSelector)}`
    : ""
  const commit = deployCommit === undefined ? "" : ` of ${bare(deployCommit)}`
  const message = deployCommitMessage === undefined ? "" : ` ${quote(deployCommitMessage)}`
  return `${bare(runType)}${name}${commit}${message}${environment(run)}`
}
