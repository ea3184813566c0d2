/** Names the group that a run belongs to. */
import type * as DateTime from "effect/DateTime"
import { boundedText, environmentKey, jobKey, jobOf, ownName } from "../list/jobKey.ts"
import { type AnyRun, environmentID, isDetailed, jobID } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Group, GroupBy, identity } from "./model.ts"

/** The name of a job comes from its latest run. */
export type GroupIdentity = Omit<Pick<Group, keyof typeof identity>, "jobName">

/** Returns the key that the runs of one group share. People read it, too. */
export const keyOf = (run: AnyRun, groupBy: GroupBy, dayOf: (time: DateTime.Utc) => string): string => {
  switch (groupBy) {
    case "type":
      return boundedText(run.runType)
    case "environment":
      return environmentKey(environmentID(run))
    case "day":
      return run.runStartTime === undefined ? "not started" : dayOf(run.runStartTime)
    case "job":
      return `${jobKey(isDetailed(run) ? jobOf(run) : undefined)} in ${environmentKey(environmentID(run))}`
  }
}

/** Returns what a group is, from its first run. */
export const identityOf = (run: AnyRun, groupBy: GroupBy, key: string): GroupIdentity => {
  const isJob = groupBy === "job"
  const { excludeNodesSelector, includeNodesSelector } = isJob ? jobOf(run) ?? {} : {}
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
