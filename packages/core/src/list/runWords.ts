/** A run in words: what it ran, when it started, how long it took. Every report names runs this way. */
import * as DateTime from "effect/DateTime"
import { line } from "../Report.ts"
import type { Line } from "../report/model.ts"
import { shortDuration } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import type { RunLine } from "./RunLine.ts"

/** Enough of a commit's hash to find it. */
const commitLength = 12

/** `refresh "Daily sales" (job 15) in env 3` */
export const titleOf = (run: RunLine, { bounds, name, quote }: Words): Line => {
  const { deployCommit, deployCommitMessage, environmentID, includeNodesSelector, jobID, jobName, runType } = run
  const job = jobName !== undefined
    ? line` ${quote(jobName, bounds.name)}${jobID === undefined ? "" : ` (job ${jobID})`}`
    : jobID !== undefined
    ? line` of job ${jobID}`
    : includeNodesSelector !== undefined
    ? line` of ${quote(includeNodesSelector, bounds.name)}`
    : []
  const commit = deployCommit === undefined ? [] : line` of ${name(deployCommit.slice(0, commitLength))}`
  const message = quote(deployCommitMessage, bounds.name)
  const environment = environmentID === undefined ? [] : line` in env ${name(environmentID, bounds.id)}`
  return line`${name(runType, bounds.id)}${job}${commit}${message === undefined ? [] : line` ${message}`}${environment}`
}

/** ` (2026-11-03 02:00)`, for the end of a sentence. */
export const startedAt = ({ runStartTime, runStatus }: RunLine, { minute }: Words): string =>
  runStartTime !== undefined
    ? ` (${minute(runStartTime)})`
    : runStatus === "failed" || runStatus === "completed"
    ? " (start not known)"
    : " (not started)"

/** Whole seconds from start to end; a clock that went back counts as none. */
export const durationSeconds = ({ runEndTime, runStartTime }: RunLine): number | undefined =>
  runStartTime === undefined || runEndTime === undefined
    ? undefined
    : Math.max(0, Math.round((DateTime.toEpochMillis(runEndTime) - DateTime.toEpochMillis(runStartTime)) / 1000))

/** `, after 10m2s`; nothing for a run without a start or an end. */
export const took = (run: RunLine): string => {
  const seconds = durationSeconds(run)
  return seconds === undefined ? "" : `, after ${shortDuration(seconds)}`
}
