/** Finds the runs that are unlike the usual: far longer, waiting, with far fewer nodes, or in a loop of failures. */
import * as DateTime from "effect/DateTime"
import type { RunLine } from "../list/RunLine.ts"
import { isUnfinished, type JobRuns } from "./jobRuns.ts"
import { type Deviation, type Job, minRuns, type Usual } from "./model.ts"
import { quantile, valuesOf } from "./sample.ts"

/** What is unlike the usual of a run; the job is added later. */
export type Found = Pick<Deviation, "kind" | "run" | "since" | "times">

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A run is far longer than usual beyond so many times p95, or more where durations are spread, and this much longer. */
const longFactor = 3
const fewRunsFactor = 5
const longBeyond = 15 * minute
const longestFactor = 1.5

/** Returns the duration from which a run is far longer than usual. */
export const longFrom = ({ longestMillis, p50Millis, p95Millis, runs }: NonNullable<Usual["duration"]>): number => {
  const spread = p50Millis === 0 ? 1 : p95Millis / p50Millis
  const factor = Math.max(runs < 2 * minRuns ? fewRunsFactor : longFactor, Math.min(spread ** 2, 6))
  return Math.max(factor * p95Millis, longestFactor * longestMillis, p95Millis + longBeyond)
}

const longOf = (run: RunLine, start: DateTime.Utc, job: Job | undefined, now: number): ReadonlyArray<Found> => {
  const age = now - DateTime.toEpochMillis(start)
  const from = job?.duration === undefined ? 0 : longFrom(job.duration)
  if (age <= from) return []
  return age > day
    ? [{ kind: "stuck", run, since: start }]
    : job?.duration === undefined
    ? []
    : [{ kind: "long", run, since: start }]
}

/** A run that waits for so long waits far longer than runs do. */
const waitsFrom = 30 * minute

/** Returns when a run waited at the latest: when a run with a larger id started. A row does not say since when it waits. */
const waitingSince = ({ id }: RunLine, starts: ReadonlyArray<Start>): DateTime.Utc | undefined => {
  const later = starts.filter((start) => start.id > id).map(({ start }) => start)
  return later.length === 0 ? undefined : later.reduce(DateTime.min<DateTime.Utc, DateTime.Utc>)
}

export interface Start {
  readonly id: number
  readonly start: DateTime.Utc
}

const waitingOf = (run: RunLine, starts: ReadonlyArray<Start>, now: number): ReadonlyArray<Found> => {
  const since = run.runStartTime ?? waitingSince(run, starts)
  return since !== undefined && now - DateTime.toEpochMillis(since) > waitsFrom
    ? [{ kind: "waiting", run, since }]
    : []
}

/** Far fewer nodes are less than half of what nearly every run had. */
const fewerFactor = 0.5
const nearlyEvery = 0.05

const nodesOf = (run: RunLine, job: Job | undefined): ReadonlyArray<Found> => {
  const { nodesInRun, runStatus } = run
  if (runStatus !== "completed" || nodesInRun === undefined || job?.nodes === undefined) return []
  if (nodesInRun >= fewerFactor * job.nodes.p50) return []
  const all = [...valuesOf(job.days.map(({ nodes }) => nodes))]
  // The run itself may be among them.
  const own = all.indexOf(nodesInRun)
  if (own !== -1) all.splice(own, 1)
  if (all.length < minRuns || nodesInRun >= fewerFactor * quantile(all, nearlyEvery)) return []
  return [{ kind: nodesInRun === 0 ? "noNodes" : "fewerNodes", run }]
}

/** A loop has so many failures in succession, and comes so many times as often as the job usually starts. */
const minLoop = 5
const loopFactor = 4
const unknownLoopGap = 15 * minute

const loopOf = ({ job, runs }: JobRuns): ReadonlyArray<Found> => {
  const ended = runs.filter(({ runStatus, runStartTime }) =>
    runStartTime !== undefined && (runStatus === "completed" || runStatus === "failed")
  )
  const failed = ended.slice(ended.findLastIndex(({ runStatus }) => runStatus === "completed") + 1)
  const last = failed.at(-1)
  const starts = failed.flatMap(({ runStartTime }) => runStartTime ?? [])
  const [first] = starts
  if (failed.length < minLoop || last === undefined || first === undefined) return []
  const millis = starts.map(DateTime.toEpochMillis)
  const gaps = millis.slice(1).map((start, index) => start - (millis[index] ?? start)).sort((a, b) => a - b)
  const perDay = quantile((job?.days ?? []).map(({ runs }) => runs).sort((a, b) => a - b), 0.5)
  const usualGap = perDay === 0 ? unknownLoopGap : Math.min(day / perDay / loopFactor, 6 * hour)
  return quantile(gaps, 0.5) <= usualGap ? [{ kind: "loop", run: last, since: first, times: failed.length }] : []
}

/** Returns what is unlike the usual of a job's runs. `starts` are those of all runs. */
export const presentOf = (jobRuns: JobRuns, starts: ReadonlyArray<Start>, now: number): ReadonlyArray<Found> => [
  ...jobRuns.runs.flatMap((run) => {
    if (!isUnfinished(run)) return nodesOf(run, jobRuns.job)
    return run.runStartTime === undefined || run.runStatus === "waitingToRun"
      ? waitingOf(run, starts, now)
      : longOf(run, run.runStartTime, jobRuns.job, now)
  }),
  ...loopOf(jobRuns)
]
