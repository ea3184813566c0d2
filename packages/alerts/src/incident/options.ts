/** Options of incidents, with their defaults. */
import type * as Report from "@coalesce-runs/core/Report"
import * as RunBaseline from "@coalesce-runs/core/RunBaseline"
import * as RunList from "@coalesce-runs/core/RunList"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import { duration, isPlain, plain, type Shape } from "../check/options.ts"

/** Facts without a run: core checks the options of every report in one way. */
const nothing: RunList.RunList = {
  query: {},
  timeZone: "UTC",
  orderBy: "id",
  orderByDirection: "desc",
  runs: [],
  rows: 0,
  truncated: false
}

/** When incidents are told, and in what words. */
export interface Options {
  /**
   * How long the first failure of a job is kept quiet, in case a retry of the scheduler makes it good. Default: 15 minutes
   * for a job of whose failures, 3 at least, re-runs completed half or more by `baseline`; none for every other job.
   */
  readonly quiet?: Duration.Input | undefined
  /** What is usual for each job, as `RunBaseline.learn` returns it. Default: none. */
  readonly baseline?: RunBaseline.Baseline | undefined
  /** The least time from one message to the first update. Each update doubles it, to a day at most. Default: 15 minutes. */
  readonly updateEvery?: Duration.Input | undefined
  /**
   * How long after its last failure an incident is told as over, at the earliest, if its job runs often or loops: one that fails and
   * passes by turns is not over. Default: 1 hour. The end of every other incident is told at once.
   */
  readonly resolveAfter?: Duration.Input | undefined
  /** How long after the last message an incident that is not over is told again. Default: never. */
  readonly remindEvery?: Duration.Input | undefined
  /**
   * `brief` leaves out SQL, values of rows and names of users: a cause is told by its kind and its object. `full` tells
   * all that core's report does. Default: `brief`.
   */
  readonly details?: "brief" | "full" | undefined
  /** How reports are worded: the zone of their times, names of environments, bounds. */
  readonly report?: Report.Options | undefined
}

export const shape: Shape<Options> = {
  quiet: duration,
  baseline: plain,
  updateEvery: duration,
  resolveAfter: duration,
  remindEvery: duration,
  details: ["Expected brief or full", (value) => value === "brief" || value === "full"],
  report: [
    "Expected options of a report",
    (value) => isPlain(value) && Result.isSuccess(Result.try(() => RunList.report(nothing, value)))
  ]
}

/** A failure that comes so long after the last one is of another night. A resolved incident is kept as long. */
export const night = Duration.hours(6)

/** Failures that come one after another within an hour, this many, are a loop, whatever passed in between. */
export const loopLength = 4

/** The longest time between two failures of a loop. */
export const loopGap = Duration.hours(1)

/** An incident keeps so many jobs. */
export const maxJobs = 100

const learnedQuiet = Duration.minutes(15)
const minFailures = 3

/** Returns how long to keep the failure of a run quiet. */
export const quietOf = ({ baseline, quiet }: Options, run: RunList.RunLine): Duration.Duration => {
  if (quiet !== undefined) return Duration.fromInputUnsafe(quiet)
  const failed = baseline && RunBaseline.usual(baseline, run)?.failed
  const isSaved = failed !== undefined && failed.failed >= minFailures && failed.savedByReRun * 2 >= failed.failed
  return isSaved ? learnedQuiet : Duration.zero
}

/** Returns how long to wait after the last of so many messages before an update. */
export const updateAfter = ({ updateEvery = "15 minutes" }: Options, messages: number): Duration.Duration =>
  Duration.min(
    Duration.times(Duration.fromInputUnsafe(updateEvery), 2 ** Math.max(0, Math.min(messages - 1, 10))),
    Duration.days(1)
  )
