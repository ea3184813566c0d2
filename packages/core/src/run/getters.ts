/** What is read off a run, whichever form it has. Public through `Run.ts`. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { type AnyRun, isDetailed } from "./model.ts"

/**
 * Returns the id of a run's environment, whichever form the run has.
 *
 * @category getters
 */
export const environmentID = (run: AnyRun): string | undefined =>
  isDetailed(run) ? run.runDetails.environmentID : run.environmentID

/**
 * Returns the id of the job that a refresh ran. Undefined for a refresh with a selector of its own, for a deploy, and for
 * a summary, which does not name its job.
 *
 * @category getters
 */
export const jobID = (run: AnyRun): number | undefined =>
  isDetailed(run) && run.runType === "refresh" ? run.runDetails.jobID : undefined

/**
 * Returns the name of the job that a refresh ran, whichever field it came in. Undefined where {@link jobID} is, unless a
 * refresh without a job has a description.
 *
 * @category getters
 */
export const jobName = (run: AnyRun): string | undefined =>
  isDetailed(run) && run.runType === "refresh" ? run.runDetails.jobName ?? run.runDetails.refreshDescription : undefined

/**
 * Returns whether a run is a refresh of this job, by the job's id.
 *
 * **Example** (The runs of one job)
 *
 * ```ts
 * import { Run, RunsClient } from "@coalesce-runs/core"
 * import * as Stream from "effect/Stream"
 *
 * const ofJob15 = RunsClient.list({ runType: "refresh", detail: true }).pipe(Stream.filter(Run.isOfJob(15)))
 * ```
 *
 * @category guards
 */
export const isOfJob = (job: number) => (run: AnyRun): boolean => jobID(run) === job

/**
 * Returns how long a run took. None while it has not started or not ended, or when its end lies before its start.
 *
 * @category getters
 */
export const duration = (run: AnyRun): Option.Option<Duration.Duration> => {
  if (run.runStartTime === undefined || run.runEndTime === undefined) return Option.none()
  const millis = DateTime.toEpochMillis(run.runEndTime) - DateTime.toEpochMillis(run.runStartTime)
  return millis < 0 ? Option.none() : Option.some(Duration.millis(millis))
}
