/** Describes statistics. Public: `RunStatistics` exports it. */
import * as DateTime from "effect/DateTime"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Shape } from "../error/check.ts"
import { CauseClass } from "../FailureCause.ts"
import { RunId } from "../Run.ts"
import { TimeFromWire } from "../wire/field.ts"

/**
 * What runs can be grouped by. `job` is a job in one environment; the deploys of an environment are one group, and so are
 * the refreshes without a job that have the same selectors. `hour`, `day` and `week` are those in which a run started, in a
 * time zone: the hour of any day, and the week from its Monday. `user` is who ran it.
 */
export const GroupBy = Schema.Literals(["job", "environment", "day", "week", "hour", "type", "user"])

export type GroupBy = typeof GroupBy.Type

/** How much statistics list. */
export interface Maxima {
  /** How many groups are listed, 1 to 1000: the first that come. Default: 200. */
  readonly maxGroups?: number | undefined
  /** How many causes are listed, in all and for each group, 1 to 200. Default: 20. */
  readonly maxCauses?: number | undefined
}

/** How runs are counted. */
export interface Options extends Maxima {
  /** Also counts each of these. By job and by user it takes detailed runs. */
  readonly groupBy?: GroupBy | undefined
  /** The zone of the hours, days and weeks. Default: UTC. */
  readonly timeZone?: DateTime.TimeZone | undefined
}

/** What each option of a count must be. */
export const countShape: Shape<Options> = {
  groupBy: [`Expected ${GroupBy.literals.join(", ")}`, Schema.is(GroupBy)],
  timeZone: ["Expected a time zone of effect's DateTime", DateTime.isTimeZone],
  // A number beyond the limits is brought to the nearest one.
  maxGroups: ["Expected an integer from 1 to 1000", Predicate.isNumber],
  maxCauses: ["Expected an integer from 1 to 200", Predicate.isNumber]
}

const RunRef = Schema.Struct({ id: RunId, runStartTime: Schema.optionalKey(TimeFromWire) })

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** How long completed runs took, in milliseconds. */
export const Durations = Schema.Struct({
  /** The number of completed runs with a start and an end. */
  runs: Count,
  /** Whether p50 and p95 are exact: they are for up to 1,000 runs, and within 1 % beyond. */
  exact: Schema.Boolean,
  /** Half of the runs took at most this long. It is interpolated between two runs, as in spreadsheets. */
  p50Millis: Schema.Finite,
  p95Millis: Schema.Finite,
  /** Always exact. Of runs that took equally long, the latest. */
  longest: Schema.Struct({ runID: RunId, millis: Schema.Finite })
})

export interface Durations extends Schema.Schema.Type<typeof Durations> {}

/** The failures of one cause: their messages have the same `key`. */
export const CauseCount = Schema.Struct({
  class: CauseClass,
  /** The messages without names, numbers and values. Empty for failures without a reason. */
  key: Schema.String,
  /** One of the messages, at most 300 characters. Absent for failures without a reason. */
  message: Schema.optionalKey(Schema.String),
  code: Schema.optionalKey(Schema.String),
  sqlState: Schema.optionalKey(Schema.String),
  failures: Count,
  /** Whether there may be more failures, also earlier and later ones. */
  atLeast: Schema.Boolean,
  /** The failed run with the smallest id. */
  firstRun: RunRef,
  /** The failed run with the largest id. */
  lastRun: RunRef,
  /** The jobs that it hit. Only of a summary, and only where they are known. */
  jobs: Schema.optionalKey(Schema.Struct({
    listed: Schema.Array(Schema.Struct({
      jobID: Schema.optionalKey(Schema.Int),
      jobName: Schema.optionalKey(Schema.String),
      environmentID: Schema.optionalKey(Schema.String)
    })),
    more: Count
  }))
})

export interface CauseCount extends Schema.Schema.Type<typeof CauseCount> {}

const streak = <Status extends Schema.Top>(runStatus: Status) =>
  Schema.Struct({ runStatus, runs: Count, firstRunID: RunId, lastRunID: RunId })

/**
 * Runs in succession that completed, or that failed. The streak may have begun before the first run that was counted.
 */
export const Streak = streak(Schema.Literals(["completed", "failed"]))

export interface Streak extends Schema.Schema.Type<typeof Streak> {}

const counted = {
  runs: Count,
  /** How many runs have each status. */
  statusCounts: Schema.Struct({
    completed: Count,
    failed: Count,
    canceled: Count,
    running: Count,
    rendering: Count,
    initializing: Count,
    waitingToRun: Count,
    /** Runs with a status that is not documented. */
    unknown: Count
  }),
  /** The first five statuses that are not documented. */
  unknownStatuses: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Completed runs divided by completed and failed runs, from 0 to 1. Absent where there are neither. */
  successRate: Schema.optionalKey(Schema.Finite),
  /** Absent where no run has both a start and an end. */
  durations: Schema.optionalKey(Durations),
  /** The time that failed runs took together, in milliseconds. Absent where none has both a start and an end. */
  failedMillis: Schema.optionalKey(Schema.Finite),
  /** The causes with the most failures first. */
  causes: Schema.Array(CauseCount),
  /** The causes that are not listed, and their failures. With `atLeast` there may be more causes. */
  otherCauses: Schema.optionalKey(Schema.Struct({ causes: Count, atLeast: Schema.Boolean, failures: Count })),
  streaks: Schema.Struct({
    /** Whether the runs came in order of time, from either end. Otherwise no streak is known. */
    inOrder: Schema.Boolean,
    /** The streak of the latest runs. */
    current: Schema.optionalKey(Streak),
    /** Of streaks that are equally long, the latest. */
    longestFailing: Schema.optionalKey(streak(Schema.Literal("failed")))
  })
}

const Counted = Schema.Struct(counted)

/** What is counted of any set of runs. */
export interface Counted extends Schema.Schema.Type<typeof Counted> {}

/** What all runs of a group have in common. */
export const identity = {
  /** Names the group in words, differently from every other. */
  key: Schema.String,
  environmentID: Schema.optionalKey(Schema.String),
  jobID: Schema.optionalKey(Schema.Int),
  /** The name that the latest run of the job has. */
  jobName: Schema.optionalKey(Schema.String),
  /** What refreshes without a job included. */
  includeNodesSelector: Schema.optionalKey(Schema.String),
  /** What refreshes without a job excluded. */
  excludeNodesSelector: Schema.optionalKey(Schema.String),
  runType: Schema.optionalKey(Schema.String),
  /** A date such as `2026-10-25`: the day, or the Monday of the week. Absent for runs that have not started. */
  day: Schema.optionalKey(Schema.String),
  /** The hour of the day, 0 to 23. Absent for runs that have not started. */
  hour: Schema.optionalKey(Schema.Int),
  userID: Schema.optionalKey(Schema.String)
}

/** The runs that have one job, environment, time, type or user in common. */
export const Group = Schema.Struct({ ...identity, ...counted })

export interface Group extends Schema.Schema.Type<typeof Group> {}

/** Statistics of runs. They encode to plain JSON. */
export const RunStatistics = Schema.Struct({
  ...counted,
  groupBy: Schema.optionalKey(GroupBy),
  /**
   * The latest day or week first, and hours in their order. Other groups by what is worst now: first those whose latest run
   * failed, the longest streak first, then the others by their failures. Absent without `groupBy`.
   */
  groups: Schema.optionalKey(Schema.Array(Group)),
  /** The runs of groups that are not listed. With `atLeast` there may be more groups. */
  otherGroups: Schema.optionalKey(Schema.Struct({ groups: Count, atLeast: Schema.Boolean, ...counted }))
})

export interface RunStatistics extends Schema.Schema.Type<typeof RunStatistics> {}

const changed = {
  runs: Schema.Int,
  failed: Schema.Int,
  /** From -1 to 1. Absent where one of the two has no success rate; the same holds for the durations. */
  successRate: Schema.optionalKey(Schema.Finite),
  p50Millis: Schema.optionalKey(Schema.Finite),
  p95Millis: Schema.optionalKey(Schema.Finite)
}

/** What changed from one set of runs to another: each number is the later minus the earlier. */
export const Change = Schema.Struct({
  ...changed,
  /** Keys of causes that only the later has. Absent where the earlier has causes that it does not list. */
  newCauses: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Keys of causes that only the earlier has. Absent where the later has causes that it does not list. */
  goneCauses: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The groups that both have. Absent without groups, and by day and week, because these do not recur. */
  groups: Schema.optionalKey(Schema.Array(Schema.Struct({ key: Schema.String, ...changed }))),
  /** Keys of groups that only the later has. Absent where the earlier has groups that it does not list. */
  newGroups: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The groups that only the earlier has, such as a job that did not run. Absent where the later does not list all. */
  goneGroups: Schema.optionalKey(Schema.Array(Schema.Struct(identity)))
})

export interface Change extends Schema.Schema.Type<typeof Change> {}
