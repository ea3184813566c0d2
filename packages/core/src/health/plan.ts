/** Chooses the runs whose node results are read, at one request each: what was found before says which of them tell most. */
import { runToCheck } from "../diagnosis/recovery.ts"
import { isBefore } from "../diagnosis/windowRuns.ts"
import { classify } from "../FailureCause.ts"
import { isLater } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import type { Evidence } from "./evidence.ts"

/** The most node results of a check, without those of earlier runs. */
export const maxResults = 18
const maxFailed = 20
const maxUnfinished = 4
const maxRecoveries = 4
const maxCompleted = 12
/** What each of the others has, however many runs failed. */
const reserved = 2

export interface Plan {
  /** Failed runs of the window: the latest of each job first. */
  readonly failed: ReadonlyArray<Run.AnyRun>
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

/** Failed runs, the latest of each job first; among equals first the one whose reason names no cause. */
const failedInOrder = ({ failures, jobs, reasons }: Evidence): ReadonlyArray<Run.AnyRun> => {
  const seen = new Map<string, number>()
  return failures.map((run) => {
    const key = jobs.keyOf(run)
    const before = seen.get(key) ?? 0
    seen.set(key, before + 1)
    return { run, before, isNamed: before > 0 || classify(reasons.get(run.id) ?? "") === undefined ? 0 : 1 }
  }).sort((a, b) => a.before - b.before || a.isNamed - b.isNamed).map(({ run }) => run)
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

/** Without `isFirst` the runs stay in their order behind those that are. */
const firstWhere = <A>(runs: ReadonlyArray<A>, isFirst: (run: A) => boolean): ReadonlyArray<A> => [
  ...runs.filter(isFirst),
  ...runs.filter((run) => !isFirst(run))
]

export const planOf = (evidence: Evidence, isSuspect: (run: Run.Run) => boolean = () => false): Plan => {
  const failed = failedInOrder(evidence)
  const recoveries = recoveriesOf(evidence)
  const checked = new Set(recoveries.map(({ id }) => id))
  const canceled = evidence.ran.filter((run) =>
    run.runStatus === "canceled" && started(run) && laterOf(evidence, run).every((one) => one.runStatus !== "completed")
  )
  const unfinished = [
    ...firstWhere(goingOf(evidence), (run) => isSuspect(run) || isBefore(evidence.window, run)),
    ...canceled
  ]
  const completed = firstWhere(completedOf(evidence), isSuspect).filter(({ id }) => !checked.has(id))
  let left = maxResults
  const take = <A>(runs: ReadonlyArray<A>, max: number, keep: number): ReadonlyArray<A> => {
    const taken = runs.slice(0, Math.max(0, Math.min(max, left - keep)))
    left -= taken.length
    return taken
  }
  const keepOf = (...others: ReadonlyArray<ReadonlyArray<unknown>>): number =>
    others.reduce((sum, runs) => sum + Math.min(reserved, runs.length), 0)
  return {
    failed: take(failed, maxFailed, keepOf(recoveries, unfinished, completed)),
    recoveries: take(recoveries, maxRecoveries, keepOf(unfinished, completed)),
    unfinished: take(unfinished, maxUnfinished, keepOf(completed)),
    completed: take(completed, maxCompleted, 0)
  }
}
