/** Reads values of a run in either form. Public through `Run.ts`. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { type AnyRun, type DeployRunDetails, isDetailed, type RefreshRunDetails } from "./model.ts"
import { isTerminal } from "./status.ts"
import { tookMillis } from "./tookMillis.ts"

/** Returns the details of a run of either type. A summary has none. */
export const details = (run: AnyRun): Partial<DeployRunDetails & RefreshRunDetails> =>
  isDetailed(run) ? run.runDetails : {}

/** Returns why a run failed, where its row says so: a summary, or a row that was joined with one. */
export const runFailureReason = (run: AnyRun): string | undefined =>
  "runFailureReason" in run && typeof run.runFailureReason === "string" ? run.runFailureReason : undefined

/** Returns the id of a run's environment, from either form. */
export const environmentID = (run: AnyRun): string | undefined =>
  isDetailed(run) ? run.runDetails.environmentID : run.environmentID

/**
 * Returns the id of the job that a refresh ran. Undefined for a refresh with a selector of its own, for a deploy, and for
 * a summary, which does not name its job.
 */
export const jobID = (run: AnyRun): number | undefined => details(run).jobID

/**
 * Returns the name of the job that a refresh ran, from either of its two fields. Undefined where {@link jobID} is, unless a
 * refresh without a job has a description.
 */
export const jobName = (run: AnyRun): string | undefined => {
  const { jobName, refreshDescription } = details(run)
  return jobName ?? refreshDescription
}

/** Returns a predicate for the refreshes of one job, by its id: `Stream.filter(Run.isOfJob(15))`. */
export const isOfJob = (job: number) => (run: AnyRun): boolean => jobID(run) === job

/** Returns whether a run has ended: it has an end, or a status that only an ended run has. */
export const hasEnded = ({ runEndTime, runStatus }: Pick<AnyRun, "runEndTime" | "runStatus">): boolean =>
  runEndTime !== undefined || isTerminal(runStatus)

/** Returns how long a run took. None while it has not started or not ended, or when its end lies before its start. */
export const duration = (run: AnyRun): Option.Option<Duration.Duration> =>
  Option.map(Option.fromUndefinedOr(tookMillis(run)), Duration.millis)
