/** Chooses the runs whose node results are read, at one request each: what was found before says which of them tell most. */
import * as DateTime from "effect/DateTime"
import { runToCheck } from "../diagnosis/recovery.ts"
import { isBefore } from "../diagnosis/windowRuns.ts"
import { classify } from "../FailureCause.ts"
import { isLater, newestFirst } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import * as RunWindow from "../RunWindow.ts"
import type { Evidence } from "./evidence.ts"

/** The most node results of a check, without those of earlier runs. */
export const maxResults = 18
const maxFailed = 20
const maxBefore = 3
const maxUnfinished = 4
const maxRecoveries = 4
const maxCompleted = 12
/** What each of the others has, however many runs failed. */
const reserved = 2

export interface Plan {
  /** Failed runs of the window: the latest of each job first. */
  readonly failed: ReadonlyArray<Run.AnyRun>
  /** Failed runs before the window, of jobs that have not run since. */
  readonly before: ReadonlyArray<Run.Run>
  /** Completed runs that may have made good a failed one. */
  readonly recoveries: ReadonlyArray<Run.Run>
  /** Runs that were canceled or have not ended, and have started. */
  readonly unfinished: ReadonlyArray<Run.Run>
  /** The latest completed runs of jobs. */
  readonly completed: ReadonlyArray<Run.Run>
}

const started = (run: Run.AnyRun): boolean => run.runStartTime !== undefined

/** Runs of the window or before it that have started and not ended, the one that started first first. */
export const goingOf = ({ jobs, matches }: Evidence): ReadonlyArray<Run.Run> =>
  jobs.keys.flatMap(jobs.runsOf).filter((run) => matches(run) && started(run) && !Run.hasEnded(run))
    .sort((a, b) => isLater(a, b) ? 1 : -1)

/** The runs of a job after a run. */
export const laterOf = ({ jobs }: Evidence, run: Run.AnyRun): ReadonlyArray<Run.Run> =>
  jobs.runsOf(jobs.keyOf(run)).filter((other) => other.id !== run.id && isLater(other, run))

/** The latest runs of jobs that completed in the window. */
export const completedOf = ({ jobs, ran }: Evidence): ReadonlyArray<Run.Run> =>
  ran.filter((run) =>
    run.runStatus === "completed" &&
    jobs.runsOf(jobs.keyOf(run)).find((other) => Run.hasEnded(other) && other.runStatus !== "canceled")?.id === run.id
  )

/** A selector that ran once need not run again. */
const isRepeated = (run: Run.Run, runs: ReadonlyArray<Run.Run>): boolean =>
  run.runType === "deploy" || Run.jobID(run) !== undefined || runs.length > 1

/** A job that has not run for longer is taken for one that is not used any more. */
const maxDaysBefore = 28

/**
 * The latest runs of jobs that failed in the 28 days before the window, the newest first. A run that was canceled does not
 * count: it changed nothing.
 */
export const brokenBeforeOf = ({ failures, jobs, matches, window }: Evidence): ReadonlyArray<Run.Run> => {
  const inWindow = new Set(failures.map(({ id }) => id))
  const from = { since: DateTime.subtract(window.since, { days: maxDaysBefore }), until: window.since }
  return newestFirst(jobs.keys.flatMap((key): ReadonlyArray<Run.Run> => {
    const runs = jobs.runsOf(key)
    const run = runs.find(({ runStatus }) => runStatus !== "canceled")
    const isBroken = run?.runStatus === "failed" && isRepeated(run, runs) && matches(run) &&
      RunWindow.contains({ ...window, ...from }, run)
    return isBroken && !inWindow.has(run.id) ? [run] : []
  }))
}

/** The places 0 to n - 1: the first, the last, the middle, then the middles between those. */
export const spread = (n: number): ReadonlyArray<number> => {
  const places = n === 0 ? [] : n === 1 ? [0] : [0, n - 1]
  let gaps: ReadonlyArray<readonly [number, number]> = [[0, n - 1]]
  while (gaps.some(([from, to]) => to - from > 1)) {
    gaps = gaps.flatMap(([from, to]): ReadonlyArray<readonly [number, number]> => {
      if (to - from < 2) return []
      const middle = Math.floor((from + to) / 2)
      places.push(middle)
      return [[from, middle], [middle, to]]
    })
  }
  return places
}

/**
 * Failed runs, the latest of each job first, then its others from all over the window: a job may fail for one cause after
 * another. Among the latest the one whose reason names no cause comes first.
 */
const failedInOrder = ({ failures, jobs, reasons }: Evidence): ReadonlyArray<Run.AnyRun> => {
  const byJob = new Map<string, Array<Run.AnyRun>>()
  for (const run of failures) {
    const key = jobs.keyOf(run)
    const runs = byJob.get(key)
    if (runs === undefined) byJob.set(key, [run])
    else runs.push(run)
  }
  return [...byJob.values()].flatMap((runs) =>
    spread(runs.length).flatMap((place, rank) => {
      const run = runs[place]
      const isNamed = run !== undefined && rank === 0 && classify(reasons.get(run.id) ?? "") !== undefined
      return run === undefined ? [] : [{ run, rank, order: isNamed ? 1 : 0 }]
    })
  ).sort((a, b) => a.rank - b.rank || a.order - b.order).map(({ run }) => run)
}

const recoveriesOf = (evidence: Evidence): ReadonlyArray<Run.Run> => {
  const latest = new Map<string, Run.AnyRun>()
  for (const run of evidence.failures) {
    const key = evidence.jobs.keyOf(run)
    if (!latest.has(key)) latest.set(key, run)
  }
  return [...latest.values()].flatMap((run) => {
    const later = laterOf(evidence, run)
    return runToCheck(run, { by: "job", is: () => true }, later) ?? []
  })
}

/** Runs that have started and not ended, then those that were canceled in the window and not made good by a later run. */
export const unfinishedOf = (evidence: Evidence): ReadonlyArray<Run.Run> => [
  ...goingOf(evidence),
  ...evidence.ran.filter((run) =>
    run.runStatus === "canceled" && started(run) && laterOf(evidence, run).every((one) => one.runStatus !== "completed")
  )
]

/** Without `isFirst` the runs stay in their order behind those that are. */
const firstWhere = <A>(runs: ReadonlyArray<A>, isFirst: (run: A) => boolean): ReadonlyArray<A> => [
  ...runs.filter(isFirst),
  ...runs.filter((run) => !isFirst(run))
]

/** Without a limit of its own it reads {@link maxResults}. `isSuspect` tells runs that are unlike the usual. */
export const planOf = (
  evidence: Evidence,
  isSuspect: (run: Run.Run) => boolean = () => false,
  limit = maxResults
): Plan => {
  const failed = failedInOrder(evidence)
  const before = brokenBeforeOf(evidence)
  const recoveries = recoveriesOf(evidence)
  const checked = new Set(recoveries.map(({ id }) => id))
  const isFirst = (run: Run.Run) => isSuspect(run) || isBefore(evidence.window, run)
  const unfinished = firstWhere(unfinishedOf(evidence), isFirst)
  const completed = firstWhere(completedOf(evidence), isSuspect).filter(({ id }) => !checked.has(id))
  let left = limit
  const take = <A>(runs: ReadonlyArray<A>, max: number, keep: number): ReadonlyArray<A> => {
    const taken = runs.slice(0, Math.max(0, Math.min(max, left - keep)))
    left -= taken.length
    return taken
  }
  const keepOf = (...others: ReadonlyArray<ReadonlyArray<unknown>>): number =>
    others.reduce((sum, runs) => sum + Math.min(reserved, runs.length), 0)
  return {
    failed: take(failed, maxFailed, keepOf(before, recoveries, unfinished, completed)),
    before: take(before, maxBefore, keepOf(recoveries, unfinished, completed)),
    recoveries: take(recoveries, maxRecoveries, keepOf(unfinished, completed)),
    unfinished: take(unfinished, maxUnfinished, keepOf(completed)),
    completed: take(completed, maxCompleted, 0)
  }
}
