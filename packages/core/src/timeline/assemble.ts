/** Sorts the runs of a window by job, beside what is usual, and keeps a timeline within its limits. */
import * as DateTime from "effect/DateTime"
import { keyOf } from "../baseline/jobRuns.ts"
import { type JobIdentity, jobOf } from "../list/jobKey.ts"
import { hasEnded } from "../Run.ts"
import type * as RunBaseline from "../RunBaseline.ts"
import type { RunLine } from "../RunList.ts"
import type { RunWindow } from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { limits, type Timeline, type TimelineJob } from "./model.ts"
import { usualStarts } from "./usualStarts.ts"

export interface Rows {
  readonly window: RunWindow
  /** In any order. */
  readonly runs: ReadonlyArray<RunLine>
  readonly baseline: RunBaseline.Baseline | undefined
  /** Whether a job of the baseline that has no run is one that was asked for. */
  readonly matches: (job: RunBaseline.Usual) => boolean
}

type Assembled = Pick<Timeline, "jobs" | "deploys" | "found" | "more">

/** Runs without a start come last. */
const startOf = ({ runStartTime }: RunLine): number =>
  runStartTime === undefined ? Infinity : DateTime.toEpochMillis(runStartTime)

const earliestFirst = (a: RunLine, b: RunLine): number => {
  const [left, right] = [startOf(a), startOf(b)]
  return left === right ? a.id - b.id : left - right
}

/** What may need attention stays where runs are left out. */
const isPlain = (run: RunLine): boolean => hasEnded(run) && run.runStatus === "completed"

/** Returns the runs that stay: those that may need attention first, then the latest. */
const kept = (runs: ReadonlyArray<RunLine>, most: number): ReadonlySet<RunLine> =>
  new Set(
    runs.length <= most
      ? runs
      : runs.toSorted((a, b) => Number(isPlain(a)) - Number(isPlain(b)) || earliestFirst(b, a)).slice(0, most)
  )

type Job = Omit<TimelineJob, "more" | "runs"> & { readonly runs: Array<RunLine> }

const firstStart = ({ runs, usualStarts: [usual] }: Job): number =>
  Math.min(...runs.map(startOf), usual === undefined ? Infinity : DateTime.toEpochMillis(usual))

const orderOfJobs = (a: Job, b: Job): number => {
  const [left, right] = [firstStart(a), firstStart(b)]
  return left === right ? a.key.localeCompare(b.key, "en", { numeric: true }) : left - right
}

/** Jobs with runs that may need attention stay first, then those with most runs. */
const urgencyOfJobs = (a: Job, b: Job): number => {
  const [left, right] = [a, b].map(({ runs }) => runs.filter((run) => !isPlain(run)).length)
  return (right ?? 0) - (left ?? 0) || b.runs.length - a.runs.length || orderOfJobs(a, b)
}

/** Returns the jobs of runs, then those of the baseline that usually start in the window and did not. */
const jobsOf = ({ baseline, matches, runs, window }: Rows): ReadonlyArray<Job> => {
  const known = new Map(baseline?.jobs.map(({ days: _, ...usual }) => [usual.key, usual]))
  const jobs = new Map<string, Job>()
  const add = (key: string, identity: JobIdentity & { readonly jobName?: string }): Job => {
    const usual = known.get(key)
    const starts = usual === undefined ? [] : usualStarts(usual, window)
    const job = { key, ...identity, ...omitUndefined({ usual }), usualStarts: starts, runs: [] }
    jobs.set(key, job)
    return job
  }
  for (const run of runs) {
    const key = keyOf(run) ?? "unknown job"
    const { jobName } = run
    const job = jobs.get(key) ??
      add(key, { ...jobOf(run) ?? { runType: run.runType }, ...omitUndefined({ jobName }) })
    job.runs.push(run)
  }
  for (
    const { environmentID, excludeNodesSelector, includeNodesSelector, jobID, jobName, key, ...usual } of known.values()
  ) {
    const { runType, starts } = usual
    if (jobs.has(key) || runType === "deploy") continue
    const texts = omitUndefined({ environmentID, jobID, jobName, includeNodesSelector, excludeNodesSelector })
    const isDue = starts !== undefined && usualStarts({ starts }, window).length > 0
    if (isDue && matches({ key, ...texts, ...usual })) add(key, { runType, ...texts })
  }
  return [...jobs.values()]
}

/** Returns the rows of a timeline. */
export const assemble = (rows: Rows): Assembled => {
  const deploys = rows.runs.filter(({ runType }) => runType === "deploy").sort(earliestFirst)
  const runs = rows.runs.filter(({ runType }) => runType !== "deploy").sort(earliestFirst)
  const all = jobsOf({ ...rows, runs })
  const jobs = all.toSorted(urgencyOfJobs).slice(0, limits.jobs).sort(orderOfJobs)
  const shown = kept(jobs.flatMap(({ runs }) => runs), limits.runs)
  const shownDeploys = kept(deploys, limits.deploys)
  return {
    jobs: jobs.map(({ runs, ...job }) => {
      const own = runs.filter((run) => shown.has(run))
      return { ...job, runs: own, more: runs.length - own.length }
    }),
    deploys: deploys.filter((run) => shownDeploys.has(run)),
    found: { runs: runs.length, deploys: deploys.length },
    more: {
      jobs: all.length - jobs.length,
      runs: runs.length - shown.size,
      deploys: deploys.length - shownDeploys.size
    }
  }
}
