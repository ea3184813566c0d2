/** Names the group that a run belongs to. */
import type * as DateTime from "effect/DateTime"
import { type AnyRun, details, environmentID, isDetailed, jobID, type RefreshRunDetails } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { cut } from "../wire/text.ts"
import type { Group, GroupBy, identity } from "./model.ts"
import { ownText } from "./ownText.ts"

/** The name of a job comes from its latest run. */
export type GroupIdentity = Omit<Pick<Group, keyof typeof identity>, "jobName">

const maxTextLength = 200

// Called for each run: a text that fits needs no cutting.
const bounded = (text: string): string => text.length <= maxTextLength ? text : cut(text, maxTextLength)

/** Returns a name or a selector, cut, that a group may hold. */
export const ownName = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : ownText(bounded(text))

/** Returns the key that the runs of one group share. People read it, too. */
export const keyOf = (run: AnyRun, groupBy: GroupBy, dayOf: (time: DateTime.Utc) => string): string => {
  switch (groupBy) {
    case "type":
      return bounded(run.runType)
    case "environment":
      return environmentOf(run)
    case "day":
      return run.runStartTime === undefined ? "not started" : dayOf(run.runStartTime)
    case "job":
      return `${jobOf(run)} in ${environmentOf(run)}`
  }
}

const environmentOf = (run: AnyRun): string => {
  const id = environmentID(run)
  return id === undefined ? "no environment" : `environment ${bounded(id)}`
}

// One job may be deployed to several environments. A refresh without a job is known by its selectors.
const jobOf = (run: AnyRun): string => {
  if (!isDetailed(run)) return "unknown job"
  if (run.runType === "deploy") return "deploys"
  const id = jobID(run)
  if (id !== undefined) return `job ${id}`
  const { excludeNodesSelector, includeNodesSelector = "everything" } = selectorsOf(run)
  return `refreshes of ${bounded(includeNodesSelector)}${
    excludeNodesSelector === undefined ? "" : ` but ${bounded(excludeNodesSelector)}`
  }`
}

const selectorsOf = (run: AnyRun): Pick<RefreshRunDetails, "includeNodesSelector" | "excludeNodesSelector"> =>
  jobID(run) === undefined ? details(run) : {}

/** Returns what a group is, from its first run. */
export const identityOf = (run: AnyRun, groupBy: GroupBy, key: string): GroupIdentity => {
  const isJob = groupBy === "job"
  const { excludeNodesSelector, includeNodesSelector } = isJob ? selectorsOf(run) : {}
  return {
    key,
    ...omitUndefined({
      environmentID: isJob || groupBy === "environment" ? ownName(environmentID(run)) : undefined,
      runType: isJob || groupBy === "type" ? ownName(run.runType) : undefined,
      jobID: isJob ? jobID(run) : undefined,
      includeNodesSelector: ownName(includeNodesSelector),
      excludeNodesSelector: ownName(excludeNodesSelector),
      day: groupBy === "day" && run.runStartTime !== undefined ? key : undefined
    })
  }
}
