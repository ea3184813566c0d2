/** Names a run in words: what it ran, when it started, how long it took. */
import * as DateTime from "effect/DateTime"
import { join, line } from "../report/line.ts"
import type { Line } from "../report/model.ts"
import { shortDuration } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import { hasEnded } from "../Run.ts"
import type { RunLine } from "./RunLine.ts"

/** Stands where a failed run has no reason. */
export const noReason = "no reason given"

/** Stands where a message does not say why. */
export const noCause = "no cause named"

/** So many characters of a commit's hash are enough to find it. */
const commitLength = 12

/** What names the job of a run, or a job without any run. */
export type Titled = Pick<
  RunLine,
  "deployCommit" | "deployCommitMessage" | "environmentID" | "includeNodesSelector" | "jobID" | "jobName" | "runType"
>

/** `"Daily sales" (job 15)`, `of job 15` without a name, and `of "selector"` without a job. */
export const jobOf = (
  { includeNodesSelector, jobID, jobName }: Pick<RunLine, "includeNodesSelector" | "jobID" | "jobName">,
  { bounds, quote }: Words
): Line => {
  const name = quote(jobName, bounds.name)
  const selector = quote(includeNodesSelector, bounds.name)
  return name !== undefined
    ? line`${name}${jobID === undefined ? "" : ` (job ${jobID})`}`
    : jobID !== undefined
    ? [`of job ${jobID}`]
    : selector === undefined
    ? []
    : line`of ${selector}`
}

/** `52ffe770cb64 "Add orders"` */
export const commitOf = ({ deployCommit, deployCommitMessage }: Titled, { bounds, name, quote }: Words): Line =>
  join([
    ...(deployCommit === undefined ? [] : [[name(deployCommit.slice(0, commitLength))]]),
    ...[quote(deployCommitMessage, bounds.name)].flatMap((message) => message === undefined ? [] : [[message]])
  ], " ")

/** `refresh "Daily sales" (job 15) in env 3` */
export const titleOf = (run: Titled, words: Words): Line => {
  const { bounds, environment, name } = words
  const { deployCommit, environmentID, runType } = run
  const job = jobOf(run, words)
  const commit = commitOf(run, words)
  return join([
    [name(runType, bounds.id)],
    ...(job.length === 0 ? [] : [job]),
    ...(commit.length === 0 ? [] : [deployCommit === undefined ? commit : line`of ${commit}`]),
    ...(environmentID === undefined ? [] : [line`in env ${environment(environmentID)}`])
  ], " ")
}

/** Says why a run shows no start: one that has ended did start, but for a canceled one. */
export const withoutStart = (run: RunLine): string =>
  hasEnded(run) && run.runStatus !== "canceled" ? "start not known" : "not started"

/** ` (2026-11-03 02:00)`, for the end of a sentence; for a person ` (2026-11-03 02:00, 4h ago)`. */
export const startedAt = (run: RunLine, { ago, minute }: Words): string =>
  ` (${run.runStartTime === undefined ? withoutStart(run) : minute(run.runStartTime) + ago(run.runStartTime)})`

/** Returns the whole seconds that a run took, as `Run.duration` does: none if its end lies before its start. */
export const durationSeconds = ({ runEndTime, runStartTime }: RunLine): number | undefined => {
  const millis = runStartTime === undefined || runEndTime === undefined
    ? -1
    : DateTime.toEpochMillis(runEndTime) - DateTime.toEpochMillis(runStartTime)
  return millis < 0 ? undefined : Math.round(millis / 1000)
}

/** `, after 10m2s`; nothing for a run without a start or an end. */
export const took = (run: RunLine): string => {
  const seconds = durationSeconds(run)
  return seconds === undefined ? "" : `, after ${shortDuration(seconds)}`
}
