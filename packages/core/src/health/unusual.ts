/** What is unlike the usual: what did not run, what is late, stuck or waiting, what completed with fewer nodes or slowly. */
import * as DateTime from "effect/DateTime"
import { clockOf } from "../baseline/clock.ts"
import { keyOf } from "../baseline/jobRuns.ts"
import { minRuns } from "../baseline/model.ts"
import { longFrom } from "../baseline/present.ts"
import { quantile, twoDigits, valuesOf } from "../baseline/sample.ts"
import { startMinutes } from "../baseline/usual.ts"
import { firstOf } from "../inspection/boundedList.ts"
import { nameOf } from "../inspection/nodeResults.ts"
import { lineOf } from "../inspection/runs.ts"
import { shortText } from "../list/RunLine.ts"
import * as Run from "../Run.ts"
import { tookMillis } from "../run/tookMillis.ts"
import * as RunBaseline from "../RunBaseline.ts"
import { outcome, type RunResult } from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Evidence, Results } from "./evidence.ts"
import { type Health, type Unusual, unusualKinds } from "./model.ts"
import { completedOf, goingOf } from "./plan.ts"

const maxNodes = 3
const maxWeeks = 4
const minWeeks = 3
const dayMinutes = 1440

/** Returns a baseline without the jobs that are not checked. */
export const narrowed = (
  baseline: RunBaseline.Baseline,
  { environmentID, jobID }: Health["filter"]
): RunBaseline.Baseline => ({
  ...baseline,
  jobs: baseline.jobs.filter((job) =>
    (environmentID === undefined || job.environmentID === environmentID) &&
    (jobID === undefined || job.jobID === jobID)
  )
})

/** What is usual of durations without one of them: a run is not compared with itself. */
const durationsWithout = ({ days }: RunBaseline.Job, seconds: number) => {
  const all = [...valuesOf(days.map(({ durations }) => durations))]
  const own = Math.max(all.indexOf(seconds), all.indexOf(twoDigits(seconds)))
  if (own !== -1) all.splice(own, 1)
  return all.length < minRuns ? undefined : {
    p50Millis: quantile(all, 0.5) * 1000,
    p95Millis: quantile(all, 0.95) * 1000,
    longestMillis: (all.at(-1) ?? 0) * 1000,
    runs: all.length
  }
}

/** The latest runs of jobs that completed, and took far longer than usual. */
const slowOf = (evidence: Evidence, { jobs }: RunBaseline.Baseline): ReadonlyArray<Unusual> => {
  const byKey = new Map(jobs.map((job) => [job.key, job]))
  return completedOf(evidence).flatMap((run): ReadonlyArray<Unusual> => {
    const job = byKey.get(keyOf(run) ?? "")
    const millis = tookMillis(run)
    if (job === undefined || millis === undefined || run.reRunID !== undefined) return []
    const duration = durationsWithout(job, Math.round(millis / 1000))
    if (duration === undefined || millis <= longFrom(duration)) return []
    const { days: _, ...usual } = job
    const { environmentID, jobID, jobName, key, runType } = job
    return [{
      kind: "slow",
      key,
      runType,
      ...omitUndefined({ environmentID, jobID, jobName }),
      usual: { ...usual, duration },
      run: lineOf(run)
    }]
  })
}

/** Only where every run of the window was read, one that is not there did not start. */
const needsAllRuns: ReadonlySet<string> = new Set(["missing", "stopped", "late"])

/** Returns what is unlike the usual, in the order of urgency. Loops are told with the failures. */
export const unusualOf = (evidence: Evidence, baseline: RunBaseline.Baseline): ReadonlyArray<Unusual> => {
  const { detailed, hasGaps, matches, now, ran, window } = evidence
  const inWindow = new Set(ran.map(({ id }) => id))
  const open = detailed.filter((run) => matches(run) && !Run.hasEnded(run) && !inWindow.has(run.id))
  const found = RunBaseline.deviations(baseline, [...ran, ...open], now, window).flatMap((deviation) => {
    const kind = unusualKinds.find((kind) => kind === deviation.kind)
    return kind === undefined || (hasGaps && needsAllRuns.has(kind)) ? [] : [{ ...deviation, kind }]
  })
  return [...found, ...slowOf(evidence, baseline)]
    .sort((a, b) => unusualKinds.indexOf(a.kind) - unusualKinds.indexOf(b.kind))
}

/** The nodes at which a run is: those that are running, each with its query. */
const runningNodes = (results: ReadonlyArray<RunResult>): Unusual["runningNodes"] => {
  const nodes = results.filter((result) => outcome(result) === "running" || result.isRunning === true).map((result) => {
    const query = result.queryResults?.find(({ isRunning }) => isRunning === true) ?? result.queryResults?.at(-1)
    return {
      node: nameOf(result),
      ...omitUndefined({ queryID: shortText(query?.queryID), since: query?.startTime })
    }
  })
  return nodes.length === 0
    ? undefined
    : firstOf(nodes.sort((a, b) => (a.since?.epochMilliseconds ?? 0) - (b.since?.epochMilliseconds ?? 0)), maxNodes)
}

/** Adds the nodes at which running runs are. */
export const withNodes = (
  unusual: ReadonlyArray<Unusual>,
  evidence: Evidence,
  results: Results
): ReadonlyArray<Unusual> => {
  const going = new Set<number>(goingOf(evidence).map(({ id }) => id))
  return unusual.map((one) => {
    const read = one.run !== undefined && going.has(one.run.id) ? results.get(one.run.id) : undefined
    return { ...one, ...omitUndefined({ runningNodes: read && runningNodes(read) }) }
  })
}

/** How many runs started in the same hours of the weeks before, by the clock of the baseline's zone. */
export const usualRunsOf = (
  { now, window }: Evidence,
  { jobs, newest, oldest, timeZone }: RunBaseline.Baseline
): Health["ran"]["usual"] => {
  const clock = clockOf(timeZone)
  const [since, until] = [window.since, DateTime.min(window.until, now)].map((end) =>
    clock.shown(Math.floor(end.epochMilliseconds / 60_000))
  )
  if (since === undefined || until === undefined || oldest === undefined || newest === undefined) return undefined
  if (until - since > 7 * dayMinutes) return undefined
  const starts = jobs.flatMap(({ days }) => startMinutes(days))
  const counts = Array.from({ length: maxWeeks }, (_, index) => 7 * dayMinutes * (index + 1)).flatMap((before) => {
    const [from, to] = [clock.minuteOf(since - before), clock.minuteOf(until - before)]
    return from * 60_000 < oldest.epochMilliseconds
      ? []
      : [starts.filter((start) => start >= from && start < to).length]
  })
  return counts.length < minWeeks
    ? undefined
    : { fewest: Math.min(...counts), most: Math.max(...counts), weeks: counts.length }
}
