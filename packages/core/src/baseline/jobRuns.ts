/** The runs of a job beside what is usual for it. */
import * as DateTime from "effect/DateTime"
import { environmentKey, type JobIdentity, jobKey, jobOf, ownName } from "../list/jobKey.ts"
import { fromRun, type RunLine } from "../list/RunLine.ts"
import { type AnyRun, hasEnded } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Baseline, Deviation, Job, Usual } from "./model.ts"

export type AnyLine = AnyRun | RunLine

/** Returns the key of a run's job. None for a summary of a refresh: it does not say its job. */
export const keyOf = (run: AnyLine): string | undefined => {
  const job = jobOf(run)
  return job && keyOfJob(job)
}

const keyOfJob = (job: JobIdentity): string => `${jobKey(job)} in ${environmentKey(job.environmentID)}`

/** Returns a job without the days that it was learned from. */
export const withoutDays = ({ days: _, ...usual }: Job): Usual => usual

/** A job of the baseline, or one that only the runs name, with the runs of its key, the earliest id first. */
export interface JobRuns {
  readonly identity: Pick<Deviation, "key" | "runType" | "environmentID" | "jobID" | "jobName">
  readonly job: Job | undefined
  readonly runs: ReadonlyArray<RunLine>
}

const lineOf = (run: AnyLine): RunLine => "runDetails" in run ? fromRun(run) : run

/** Returns the jobs that the baseline knows, each with its runs, then those that it does not know. */
export const jobRuns = ({ jobs }: Baseline, runs: ReadonlyArray<AnyLine>): ReadonlyArray<JobRuns> => {
  const lines = new Map<string, Map<number, RunLine>>()
  for (const run of runs) {
    const key = keyOf(run)
    if (key === undefined) continue
    const ofKey = lines.get(key) ?? new Map<number, RunLine>()
    lines.set(key, ofKey.set(run.id, lineOf(run)))
  }
  const take = (key: string) => {
    const found = [...lines.get(key)?.values() ?? []].sort((a, b) => a.id - b.id)
    lines.delete(key)
    return found
  }
  return [
    ...jobs.map((job) => ({ identity: identityOf(job), job, runs: take(job.key) })),
    ...[...lines.keys()].map((key) => {
      const runs = take(key)
      const [first] = runs
      const job = first && jobOf(first)
      const name = runs.findLast(({ jobName }) => jobName !== undefined)?.jobName
      const identity = {
        key,
        ...(job ?? { runType: "refresh" }),
        ...omitUndefined({ jobName: ownName(name) })
      }
      return { identity, job: undefined, runs }
    })
  ]
}

const identityOf = (job: Job): JobRuns["identity"] => {
  const { environmentID, excludeNodesSelector, includeNodesSelector, jobID, jobName, key, runType } = job
  return {
    key,
    runType,
    ...omitUndefined({ environmentID, jobID, jobName, includeNodesSelector, excludeNodesSelector })
  }
}

/** The minute since 1970 at which a run started. */
export const startMinute = ({ runStartTime }: Pick<RunLine, "runStartTime">): number | undefined =>
  runStartTime && Math.floor(DateTime.toEpochMillis(runStartTime) / 60_000)

export const isUnfinished = (run: RunLine): boolean => !hasEnded(run)
