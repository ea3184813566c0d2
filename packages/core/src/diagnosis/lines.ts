/**
 * Runs and their reasons in one line each.
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as FailureCause from "../FailureCause.ts"
import * as Run from "../Run.ts"
import type { Reason, RunLine } from "./evidence.ts"
import type { DiagnosedRun } from "./model.ts"

export const bounded = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

export const maxShort = 160

/** Cut in the middle, with the count of what was cut: a reason says where at its beginning, and often what at its end. */
const cutMiddle = (text: string, length: number): string => {
  if (text.length <= length) return text
  const marker = (cut: number) => `…[${cut} characters cut]…`
  const kept = length - marker(text.length).length
  const head = Math.ceil(kept / 2)
  return `${text.slice(0, head)}${marker(text.length - kept)}${text.slice(text.length - (kept - head))}`
}

/** The reasons of failed runs, by id. They stand in summary rows alone. */
export type Reasons = ReadonlyMap<number, string>

export const reasonsOf = (rows: ReadonlyArray<Run.AnyRun>): Reasons =>
  new Map(
    rows.flatMap((row): ReadonlyArray<[number, string]> =>
      Run.isDetailed(row) || row.runFailureReason === undefined ? [] : [[row.id, row.runFailureReason]]
    )
  )

export const shortReason = (cause: FailureCause.FailureCause): Reason => ({
  class: cause.class,
  ...(cause.code === undefined ? {} : { code: cause.code }),
  message: cutMiddle(cause.message, maxShort)
})

// A reason that names no cause is shown as it is, and has no key to be compared by.
const causeOrReason = (reason: string): FailureCause.FailureCause =>
  FailureCause.classify(reason) ??
    { class: "unknown", key: "", message: cutMiddle(reason, FailureCause.maxMessageLength) }

/** What a refresh without a job selects, or a job as it was when it ran. */
export const selectorOf = (run: Run.AnyRun): string | undefined =>
  Run.isDetailed(run) && run.runType === "refresh" ? run.runDetails.includeNodesSelector : undefined

export const jobOf = (run: Run.AnyRun): number | undefined =>
  Run.isDetailed(run) && run.runType === "refresh" ? run.runDetails.jobID : undefined

const deployOf = (run: Run.AnyRun) => {
  if (!Run.isDetailed(run) || run.runType !== "deploy") return {}
  const { deployCommit, deployCommitMessage } = run.runDetails
  return {
    ...(deployCommit === undefined ? {} : { deployCommit }),
    ...(deployCommitMessage === undefined ? {} : { deployCommitMessage: bounded(deployCommitMessage, 200) })
  }
}

/** A run in one line, with its reason where it is known. */
export const runLine = (run: Run.AnyRun, reasons: Reasons): RunLine => {
  const environmentID = Run.environmentID(run)
  const jobID = jobOf(run)
  const jobName = Run.isDetailed(run) ? Run.jobName(run) : undefined
  const selector = jobID === undefined ? selectorOf(run) : undefined
  const reason = reasons.get(run.id)
  const cause = reason === undefined ? undefined : causeOrReason(reason)
  return {
    id: run.id,
    runType: run.runType,
    runStatus: run.runStatus,
    ...(run.runStartTime === undefined ? {} : { runStartTime: run.runStartTime }),
    ...(run.runEndTime === undefined ? {} : { runEndTime: run.runEndTime }),
    ...(environmentID === undefined ? {} : { environmentID }),
    ...(jobID === undefined ? {} : { jobID }),
    ...(jobName === undefined ? {} : { jobName: bounded(jobName, maxShort) }),
    ...(selector === undefined ? {} : { selector: bounded(selector, maxShort) }),
    ...(run.reRunID === undefined ? {} : { reRunOf: run.reRunID }),
    ...deployOf(run),
    ...(cause === undefined ? {} : { reason: shortReason(cause) })
  }
}

// What the API says is shown to people, and may be followed by them.
const webPage = /^https?:\/\/[^\s\x00-\x1f]{1,500}$/i

/** The diagnosed run: its line, and what only its own rows tell. */
export const diagnosedRun = (
  run: Run.AnyRun,
  reasons: Reasons,
  link: string | undefined
): Omit<DiagnosedRun, "original"> => {
  const { reason: _, ...line } = runLine(run, reasons)
  const details = Run.isDetailed(run) ? run.runDetails : undefined
  const reason = reasons.get(run.id)
  const cause = reason === undefined ? undefined : causeOrReason(reason)
  return {
    ...line,
    ...Option.match(Run.duration(run), {
      onNone: () => ({}),
      onSome: (duration) => ({ durationMillis: Duration.toMillis(duration) })
    }),
    ...(details?.nodesInRun === undefined ? {} : { nodesInRun: details.nodesInRun }),
    ...(details?.parallelism === undefined ? {} : { parallelism: details.parallelism }),
    ...(details !== undefined && "excludeNodesSelector" in details && details.excludeNodesSelector !== undefined
      ? { excludeNodesSelector: bounded(details.excludeNodesSelector, maxShort) }
      : {}),
    ...(Run.isDetailed(run) && run.userCredentials?.snowflakeAuthType !== undefined
      ? { snowflakeAuthType: run.userCredentials.snowflakeAuthType }
      : {}),
    ...(link === undefined || !webPage.test(link) ? {} : { link }),
    ...(cause === undefined ? {} : { cause })
  }
}

/** Whether two runs may be of one environment: one without any is of a list that was asked for by environment. */
export const inSameEnvironment = (a: Run.AnyRun, b: Run.AnyRun): boolean => {
  const left = Run.environmentID(a)
  const right = Run.environmentID(b)
  return left === undefined || right === undefined || left === right
}

/** Whether a came after b: it started later or, where that is the same or unknown, has the greater id. */
export const isLater = (a: Run.AnyRun, b: Run.AnyRun): boolean => {
  const left = a.runStartTime?.epochMilliseconds
  const right = b.runStartTime?.epochMilliseconds
  return left !== undefined && right !== undefined && left !== right ? left > right : a.id > b.id
}

/** The newest first. */
export const newestFirst = <R extends Run.AnyRun>(runs: ReadonlyArray<R>): ReadonlyArray<R> =>
  [...runs].sort((a, b) => a.id === b.id ? 0 : isLater(a, b) ? -1 : 1)
