/** Describes a baseline: what is usual for each job. Public: `RunBaseline` exports it. */
import * as Schema from "effect/Schema"
import { RunLine } from "../list/RunLine.ts"
import { RunId } from "../Run.ts"
import { TimeFromWire } from "../wire/field.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const optionally = Schema.optionalKey

/** With fewer runs nothing is usual. */
export const minRuns = 5

/** Ids from the first to the last, both included. */
export const IdRange = Schema.Tuple([RunId, RunId])

/** Values, the smallest first, each followed by how often it came: `[120, 3, 121, 1]`. */
export const Sample = Schema.Array(Schema.Int)

export type Sample = typeof Sample.Type

/** A day of the week: 1 is Monday, 7 is Sunday. */
const Weekdays = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 7 })))

/** A time of the day at which a job usually starts. */
export const UsualTime = Schema.Struct({
  /** Such as `02:00`, by the clock of `timeZone`. */
  at: Schema.String,
  /** The baseline's zone, or `UTC` for a job that keeps to UTC where daylight saving begins or ends. */
  timeZone: Schema.String,
  /** Whether the runs fit both clocks, because the zone's offset has not changed since the first of them. */
  fitsBothClocks: Schema.Boolean,
  /** Nine of ten starts were at most so many minutes from `at`. */
  toleranceMinutes: Count,
  /** How many days it started at this time… */
  days: Count,
  /** …of so many on which it was due, from the first of these days to the last. */
  daysDue: Count,
  /** How many due days in succession, up to the last, it started. */
  streak: Count,
  /** The days of the week on which it starts. */
  weekdays: Weekdays,
  /** It is late when it has not started so many minutes after `at`: far later than it ever was. */
  lateAfterMinutes: Count,
  /** It may start so many minutes before `at`. */
  earlyMinutes: Count
})

export interface UsualTime extends Schema.Schema.Type<typeof UsualTime> {}

/** An interval at which a job usually starts. */
export const UsualInterval = Schema.Struct({
  /** Half of its starts came at most so many minutes after the start before. */
  minutes: Schema.Finite,
  /** On how many days it started so. */
  days: Count,
  weekdays: Weekdays
})

export interface UsualInterval extends Schema.Schema.Type<typeof UsualInterval> {}

/** When a job usually starts: at times of the day, or at an interval. Re-runs are no starts. */
export const UsualStarts = Schema.Struct({
  times: optionally(Schema.Array(UsualTime)),
  every: optionally(UsualInterval),
  /** How many starts it was learned from. */
  runs: Count
})

export interface UsualStarts extends Schema.Schema.Type<typeof UsualStarts> {}

/** What all runs of one key have in common. */
const identity = {
  /** Names the job and its environment in words, differently from every other. */
  key: Schema.String,
  runType: Schema.String,
  environmentID: optionally(Schema.String),
  jobID: optionally(Schema.Int),
  /** The name that the latest run of the job has. */
  jobName: optionally(Schema.String),
  /** The selectors of refreshes without a job. */
  includeNodesSelector: optionally(Schema.String),
  excludeNodesSelector: optionally(Schema.String)
}

const usual = {
  ...identity,
  /** How many runs have ended. Each part below says from how many runs it is, and is absent with fewer than 5. */
  runs: Count,
  starts: optionally(UsualStarts),
  /** How long completed runs took, in milliseconds. */
  duration: optionally(Schema.Struct({
    p50Millis: Schema.Finite,
    p95Millis: Schema.Finite,
    longestMillis: Schema.Finite,
    runs: Count
  })),
  /** How many nodes completed runs had. */
  nodes: optionally(Schema.Struct({ p50: Schema.Finite, runs: Count })),
  /** How often it failed: `failed` of `runs` that completed or failed, without re-runs. */
  failed: optionally(Schema.Struct({
    rate: Schema.Finite,
    failed: Count,
    runs: Count,
    /** How many of the failed runs a re-run completed. */
    savedByReRun: Count
  }))
}

/** What is usual for one job in one environment, for the same selectors, or for the deploys of an environment. */
export const Usual = Schema.Struct(usual)

export interface Usual extends Schema.Schema.Type<typeof Usual> {}

/** The runs of one job that started on one day of UTC. Of more than 48 runs values are rounded, so that a day stays small. */
export const Day = Schema.Struct({
  /** Such as `2026-11-02`, in UTC. */
  day: Schema.String,
  /** How many runs, re-runs too. */
  runs: Count,
  /** Without re-runs, like `failed`. */
  completed: Count,
  failed: Count,
  /** Minutes of the day, without re-runs. They are rounded to half an hour. */
  starts: Sample,
  /** Seconds that completed runs took. They are rounded to two digits that count, and so are the nodes. */
  durations: Sample,
  nodes: Sample,
  /** Ids of failed runs, at most the first 20. */
  failedIDs: Schema.Array(RunId),
  /** Ids of runs that a completed re-run of this day ran again, at most the first 20. */
  reRunIDs: Schema.Array(RunId)
})

export interface Day extends Schema.Schema.Type<typeof Day> {}

/** A job with what is usual for it, and the days that it was learned from. */
export const Job = Schema.Struct({ ...usual, days: Schema.Array(Day) })

export interface Job extends Schema.Schema.Type<typeof Job> {}

/** The version of {@link Baseline}. A baseline of another version is not read: learn again. */
export const version = 1

/** What is usual for each job. It encodes to plain JSON, and can be brought up to date. */
export const Baseline = Schema.Struct({
  version: Schema.Literal(version),
  /** The zone of the times of the day. */
  timeZone: Schema.String,
  /** How many days are kept, up to the day of the newest run. */
  maxDays: Count,
  /** The largest id of a run, ended or not. Absent without runs. */
  newestID: optionally(RunId),
  /** Between these two the runs started that it was learned from. */
  oldest: optionally(TimeFromWire),
  newest: optionally(TimeFromWire),
  /** The number of runs. */
  runs: Count,
  /** How many of them belong to jobs that have no place. */
  otherRuns: Count,
  /** Why earlier runs are missing: a bound of the reading. Otherwise `false`. */
  truncated: Schema.Literals([false, "row_limit", "time_limit"]),
  /** The counted runs by the day of UTC on which they started, so that none is counted twice. */
  days: Schema.Array(Schema.Struct({
    day: Schema.String,
    runs: Count,
    /** When the first and the last of them started. */
    oldest: TimeFromWire,
    newest: TimeFromWire,
    ids: Schema.Array(IdRange)
  })),
  /** Runs that had not ended, at most the latest 100. They are counted once they have. */
  unfinishedIDs: Schema.Array(RunId),
  /** At most 1,000: jobs and deploys first, then selectors. */
  jobs: Schema.Array(Job)
})

export interface Baseline extends Schema.Schema.Type<typeof Baseline> {}

/** What a run, or its absence, can be unlike the usual. */
export const deviationKinds = [
  "missing",
  "late",
  "stopped",
  "long",
  "stuck",
  "waiting",
  "fewerNodes",
  "noNodes",
  "loop"
] as const

/** One thing that is unlike the usual. */
export const Deviation = Schema.Struct({
  /**
   * - `missing`: it did not start at its usual time, which is long over; `expectedAt`.
   * - `late`: the same, and it may still start; or `run` started far later than usual.
   * - `stopped`: a job that starts at an interval does not any more; `since` its last start.
   * - `long`: `run` runs far longer than usual; `since` its start.
   * - `stuck`: `run` has run for more than a day, and far longer than usual, where that is known.
   * - `waiting`: `run` waits to start, at least `since`.
   * - `fewerNodes`, `noNodes`: `run` completed with far fewer nodes than usual, or none.
   * - `loop`: it started and failed again and again, `times` since `since`; `run` is the last.
   */
  kind: Schema.Literals(deviationKinds),
  ...identity,
  /** What is usual, each part with its number of runs. Absent where too few runs are known. */
  usual: optionally(Usual),
  run: optionally(RunLine),
  /** The first usual time at which it did not start. */
  expectedAt: optionally(TimeFromWire),
  since: optionally(TimeFromWire),
  /** How often: the usual times without a start, or the failures of a loop. */
  times: optionally(Count)
})

export interface Deviation extends Schema.Schema.Type<typeof Deviation> {}
