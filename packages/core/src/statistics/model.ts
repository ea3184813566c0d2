/** What statistics are made of, as schemas: `RunStatistics` exports all of it. */
import * as Schema from "effect/Schema"
import { CauseClass } from "../FailureCause.ts"
import { RunId } from "../Run.ts"
import { TimeFromWire } from "../wire/field.ts"

/**
 * What runs can be grouped by.
 *
 * **Details**
 *
 * - `job`: the job and its environment, as one job may be deployed to several. Deploys are a group of their environment,
 *   and refreshes without a job one of their selector.
 * - `day`: the day on which the run started, in a time zone.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GroupBy = Schema.Literals(["job", "environment", "day", "type"])

/**
 * @category models
 * @since 0.1.0
 */
export type GroupBy = typeof GroupBy.Type

/**
 * A run to look at.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RunRef = Schema.Struct({ id: RunId, startTime: Schema.optionalKey(TimeFromWire) })

/**
 * @category models
 * @since 0.1.0
 */
export interface RunRef extends Schema.Schema.Type<typeof RunRef> {}

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/**
 * How long runs took, in milliseconds.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Durations = Schema.Struct({
  /** How many runs had a start and an end. */
  runs: Count,
  /** Whether median and p95 are exact, as they are for up to 1,000 runs. Otherwise they are within 1 %. */
  exact: Schema.Boolean,
  /** Half of the runs took at most so long. Between two runs it is interpolated, as in spreadsheets; so is `p95Millis`. */
  medianMillis: Schema.Finite,
  p95Millis: Schema.Finite,
  /** Always exact; the latest of equals. */
  longest: Schema.Struct({ runID: RunId, millis: Schema.Finite })
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Durations extends Schema.Schema.Type<typeof Durations> {}

/**
 * Failures with one cause: those whose messages have the same `key`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Cause = Schema.Struct({
  class: CauseClass,
  /** The messages without names, numbers and values. Empty for failures that came without a reason. */
  key: Schema.String,
  /** One of the messages, at most 300 characters. Absent for failures that came without a reason. */
  message: Schema.optionalKey(Schema.String),
  code: Schema.optionalKey(Schema.String),
  sqlState: Schema.optionalKey(Schema.String),
  failures: Count,
  /** Otherwise there may be more failures, and an earlier or later one: some were met before the cause was kept. */
  exact: Schema.Boolean,
  /** The failed run with the smallest id. */
  firstRun: RunRef,
  /** The failed run with the largest id. */
  lastRun: RunRef
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Cause extends Schema.Schema.Type<typeof Cause> {}

const streak = <Status extends Schema.Top>(status: Status) =>
  Schema.Struct({ status, runs: Count, firstRunID: RunId, lastRunID: RunId })

/**
 * Runs in a row that completed, or that failed. It may have begun before the runs that were read.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Streak = streak(Schema.Literals(["completed", "failed"]))

/**
 * @category models
 * @since 0.1.0
 */
export interface Streak extends Schema.Schema.Type<typeof Streak> {}

const counted = {
  runs: Count,
  byStatus: Schema.Struct({
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
  /** The first five such statuses. */
  unknownStatuses: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Completed of completed and failed, from 0 to 1. Absent where there are neither. */
  successRate: Schema.optionalKey(Schema.Finite),
  /** Absent where no run has both a start and an end. */
  durations: Schema.optionalKey(Durations),
  /** Those with the most failures first. */
  causes: Schema.Array(Cause),
  /** The failures of the causes that are not listed: how many causes, or where that is not `exact`, at least so many. */
  otherCauses: Schema.optionalKey(Schema.Struct({ causes: Count, exact: Schema.Boolean, failures: Count })),
  streaks: Schema.Struct({
    /** Whether the runs came in order of time, from either end. Without an order there are no streaks to tell. */
    inOrder: Schema.Boolean,
    /** The one that the latest runs are in. */
    current: Schema.optionalKey(Streak),
    /** The latest of equals. */
    longestFailing: Schema.optionalKey(streak(Schema.Literal("failed")))
  })
}

const Counted = Schema.Struct(counted)

/** What is counted of any set of runs. */
export interface Counted extends Schema.Schema.Type<typeof Counted> {}

/**
 * The runs of one job, environment, day or type.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Group = Schema.Struct({
  /** Tells the group from others, in words. */
  key: Schema.String,
  environmentID: Schema.optionalKey(Schema.String),
  jobID: Schema.optionalKey(Schema.Int),
  /** As its latest run has it. */
  jobName: Schema.optionalKey(Schema.String),
  /** What refreshes without a job refreshed. */
  selector: Schema.optionalKey(Schema.String),
  runType: Schema.optionalKey(Schema.String),
  /** Such as `2026-10-25`. Absent for runs that have not started. */
  day: Schema.optionalKey(Schema.String),
  ...counted
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Group extends Schema.Schema.Type<typeof Group> {}

/**
 * Statistics of runs. It encodes to plain JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RunStatistics = Schema.Struct({
  ...counted,
  groupBy: Schema.optionalKey(GroupBy),
  /** Days from the latest, other groups from the one that failed most. Absent without `groupBy`. */
  groups: Schema.optionalKey(Schema.Array(Group)),
  /** The runs of groups that came after `maxGroups` others: how many groups, or where not `exact`, at least so many. */
  otherGroups: Schema.optionalKey(Schema.Struct({ groups: Count, exact: Schema.Boolean, ...counted }))
})

/**
 * @category models
 * @since 0.1.0
 */
export interface RunStatistics extends Schema.Schema.Type<typeof RunStatistics> {}

const changed = {
  runs: Schema.Int,
  failed: Schema.Int,
  /** From -1 to 1. Absent where one of them has no success rate; so are the durations. */
  successRate: Schema.optionalKey(Schema.Finite),
  medianMillis: Schema.optionalKey(Schema.Finite),
  p95Millis: Schema.optionalKey(Schema.Finite)
}

/**
 * What changed from one set of runs to another, each number the later minus the earlier.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Change = Schema.Struct({
  ...changed,
  /** Keys of causes that only the later has. Absent where the earlier has causes that it does not list. */
  newCauses: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Keys of causes that only the earlier has. Absent where the later has causes that it does not list. */
  goneCauses: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The groups that both have. Absent without groups, and by day, as days do not come again. */
  groups: Schema.optionalKey(Schema.Array(Schema.Struct({ key: Schema.String, ...changed }))),
  /** Keys of groups that only the later has. Absent as `newCauses` is. */
  newGroups: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Keys of groups that only the earlier has, such as a job that did not run. Absent as `goneCauses` is. */
  goneGroups: Schema.optionalKey(Schema.Array(Schema.String))
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Change extends Schema.Schema.Type<typeof Change> {}
