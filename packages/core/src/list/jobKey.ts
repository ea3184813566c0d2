/** Names the job that a run belongs to: the runs of one key are compared with one another. */
import { type AnyRun, details } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { ownText } from "../wire/ownText.ts"
import { cut } from "../wire/text.ts"
import type { RunLine } from "./RunLine.ts"

const maxTextLength = 200

/** Cuts a text that a key holds. Called for each run: a text that fits needs no cutting. */
export const boundedText = (text: string): string => text.length <= maxTextLength ? text : cut(text, maxTextLength)

/** Returns a name or a selector, cut, that may live longer than its page. */
export const ownName = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : ownText(boundedText(text))

/** What the runs of one job have in common. */
export interface JobIdentity {
  readonly runType: string
  readonly environmentID?: string
  readonly jobID?: number
  /** The selectors of a refresh without a job. */
  readonly includeNodesSelector?: string
  readonly excludeNodesSelector?: string
}

/** Returns what a run ran. None for a refresh whose row does not say it: a summary. */
export const jobOf = (run: AnyRun | RunLine): JobIdentity | undefined => {
  const { runType } = run
  const line: Omit<Partial<RunLine>, "runType"> = "runDetails" in run ? details(run) : run
  const { environmentID, excludeNodesSelector, includeNodesSelector, jobID, jobName, nodesInRun } = line
  if (runType === "deploy") return { runType, ...omitUndefined({ environmentID }) }
  if (jobID !== undefined) return { runType, ...omitUndefined({ environmentID, jobID }) }
  const isSaid = "runDetails" in run || (jobName ?? includeNodesSelector ?? nodesInRun) !== undefined
  return isSaid
    ? { runType, ...omitUndefined({ environmentID, includeNodesSelector, excludeNodesSelector }) }
    : undefined
}

/** Names an environment in a key. */
export const environmentKey = (id: string | undefined): string =>
  id === undefined ? "no environment" : `environment ${boundedText(id)}`

/** Names a job in one environment. One job may be deployed to several. People read it, too. */
export const jobKey = (job: JobIdentity | undefined): string => {
  if (job === undefined) return "unknown job"
  if (job.runType === "deploy") return "deploys"
  if (job.jobID !== undefined) return `job ${job.jobID}`
  const { excludeNodesSelector, includeNodesSelector = "everything" } = job
  return `refreshes of ${boundedText(includeNodesSelector)}${
    excludeNodesSelector === undefined ? "" : ` but ${boundedText(excludeNodesSelector)}`
  }`
}
