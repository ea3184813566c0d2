/** Names the group that a run belongs to. */
import { boundedText, environmentKey, jobKey, jobOf, ownName } from "../list/jobKey.ts"
import { type AnyRun, environmentID, isDetailed, jobID } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Group, GroupBy, identity } from "./model.ts"
import type { TimesIn } from "./timesIn.ts"

/** The name of a job comes from its latest run. */
export type GroupIdentity = Omit<Pick<Group, keyof typeof identity>, "jobName">

/** Returns the key that the runs of one group share. People read it, too. */
export const keyOf = (run: AnyRun, groupBy: GroupBy, times: TimesIn): string => {
  const { runStartTime } = run
  switch (groupBy) {
    case "type":
      return boundedText(run.runType)
    case "environment":
      return environmentKey(environmentID(run))
    case "day":
    case "week":
    case "hour":
      return runStartTime === undefined ? "not started" : times[groupBy](runStartTime)
    case "user": {
      const { userID } = isDetailed(run) ? run : {}
      return userID === undefined ? "no user" : `user ${boundedText(userID)}`
    }
    case "job":
      return `${jobKey(isDetailed(run) ? jobOf(run) : undefined)} in ${environmentKey(environmentID(run))}`
  }
}

/** Returns what a group is, from its first run. */
export const identityOf = (run: AnyRun, groupBy: GroupBy, key: string): GroupIdentity => {
  const isJob = groupBy === "job"
  const isStarted = run.runStartTime !== undefined
  const { excludeNodesSelector, includeNodesSelector } = isJob ? jobOf(run) ?? {} : {}
  return {
    key,
    ...omitUndefined({
      environmentID: isJob || groupBy === "environment" ? ownName(environmentID(run)) : undefined,
      runType: isJob || groupBy === "type" ? ownName(run.runType) : undefined,
      jobID: isJob ? jobID(run) : undefined,
      includeNodesSelector: ownName(includeNodesSelector),
      excludeNodesSelector: ownName(excludeNodesSelector),
      day: (groupBy === "day" || groupBy === "week") && isStarted ? key : undefined,
      hour: groupBy === "hour" && isStarted ? Number(key.slice(0, 2)) : undefined,
      userID: groupBy === "user" && isDetailed(run) ? ownName(run.userID) : undefined
    })
  }
}
