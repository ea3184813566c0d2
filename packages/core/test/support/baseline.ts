/** Runs made up for baselines. */
import * as DateTime from "effect/DateTime"
import type { Day, UsualTime } from "../../src/baseline/model.ts"
import { Run } from "../../src/index.ts"

/** Epoch milliseconds of an ISO 8601 date-time. */
export const at = (time: string): number => Date.parse(time)

/** What a day has with one completed run, of which nothing else is known. */
export const oneRun: Omit<Day, "day"> = {
  runs: 1,
  completed: 1,
  failed: 0,
  starts: [],
  durations: [],
  nodes: [],
  failedIDs: [],
  reRunIDs: []
}

/** What a time of the day has that 20 days in succession held to. */
export const held: Omit<UsualTime, "at" | "weekdays"> = {
  timeZone: "UTC",
  fitsBothClocks: false,
  toleranceMinutes: 5,
  days: 20,
  daysDue: 20,
  streak: 20,
  lateAfterMinutes: 30,
  earlyMinutes: 15
}

export interface Refresh {
  readonly id: number
  /** Epoch milliseconds. Absent for a run that has not started. */
  readonly start?: number | undefined
  /** Absent for a run that has not ended. */
  readonly seconds?: number | undefined
  readonly runStatus?: string
  readonly reRunID?: number
  readonly jobID?: number | undefined
  readonly jobName?: string
  readonly environmentID?: string
  readonly nodesInRun?: number | undefined
  readonly includeNodesSelector?: string
}

/** A refresh of job 7 in environment 3: completed, after ten minutes, of 12 nodes, unless it says otherwise. */
export const refresh = (options: Refresh): Run.RefreshRun => {
  const { environmentID = "3", id, includeNodesSelector, reRunID, start } = options
  const runStatus = options.runStatus ?? "completed"
  const seconds = "seconds" in options ? options.seconds : 600
  const jobID = "jobID" in options ? options.jobID : 7
  const nodesInRun = "nodesInRun" in options ? options.nodesInRun : 12
  return {
    id: Run.RunId.make(id),
    runType: "refresh",
    runStatus,
    ...(reRunID === undefined ? {} : { reRunID: Run.RunId.make(reRunID) }),
    ...(start === undefined ? {} : { runStartTime: DateTime.makeUnsafe(start) }),
    ...(start === undefined || seconds === undefined
      ? {}
      : { runEndTime: DateTime.makeUnsafe(start + seconds * 1000) }),
    runDetails: {
      environmentID,
      ...(jobID === undefined ? {} : { jobID, jobName: options.jobName ?? "Nightly" }),
      ...(nodesInRun === undefined ? {} : { nodesInRun }),
      ...(includeNodesSelector === undefined ? {} : { includeNodesSelector })
    }
  }
}

/** Makes a run for each of some days in succession, such as `2026-11-02`. */
export const nights = <A>(first: string, count: number, make: (day: string, index: number) => A): ReadonlyArray<A> =>
  Array.from(
    { length: count },
    (_, index) => make(new Date(Date.parse(first) + index * 86_400_000).toISOString().slice(0, 10), index)
  )
