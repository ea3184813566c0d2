/** Describes a timeline: the runs of a window by job, beside what is usual. Public: `RunTimeline` exports it. */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { unavailableOf } from "../inspection/unavailable.ts"
import { Filter } from "../list/filter.ts"
import { Usual } from "../RunBaseline.ts"
import { JobMatch, ReadingError, RunLine, Truncated, Undecodable } from "../RunList.ts"
import { RunWindow } from "../RunWindow.ts"
import { TimeFromWire } from "../wire/field.ts"

const count = Schema.Int
const optionally = Schema.optionalKey

/** A timeline holds at most so many jobs, runs of them, and deploys. It says how many it leaves out. */
export const limits = { jobs: 200, runs: 2000, deploys: 100 } as const

/** A run of a timeline: its line, and its page in the web app where that was read. */
export const TimelineRun = Schema.Struct({ ...RunLine.fields, runLink: optionally(Schema.String) })

export interface TimelineRun extends Schema.Schema.Type<typeof TimelineRun> {}

/** A job in one environment, or the refreshes of one selector, with its runs and with what is usual for it. */
export const TimelineJob = Schema.Struct({
  ...Struct.pick(Usual.fields, [
    "key",
    "runType",
    "environmentID",
    "jobID",
    "jobName",
    "includeNodesSelector",
    "excludeNodesSelector"
  ]),
  /** The earliest start first; those that have not started come last. */
  runs: Schema.Array(TimelineRun),
  /** How many of its runs are left out. */
  more: count,
  /** What is usual, each part with its number of runs. Absent where the baseline does not know the job. */
  usual: optionally(Usual),
  /** When it usually starts, within the window. At most 100. Empty for a job that is told by its interval. */
  usualStarts: Schema.Array(TimeFromWire)
})

export interface TimelineJob extends Schema.Schema.Type<typeof TimelineJob> {}

/** What may be unavailable, and what a report calls it. */
export const partNames = {
  openRuns: "runs that have not ended",
  baseline: "what is usual",
  runLink: "the web page"
} as const

/** A part of a timeline that is unavailable, and why. */
export const Unavailable = unavailableOf(Struct.keys(partNames))

export interface Unavailable extends Schema.Schema.Type<typeof Unavailable> {}

/** The runs of a window by job, with deploys and with what is usual. It encodes to plain JSON. */
export const Timeline = Schema.Struct({
  /** When the runs were read: a run that has not ended is drawn up to here, or to the end of the window. */
  readAt: TimeFromWire,
  window: RunWindow,
  filter: Filter,
  /** The job that a name in `jobID` was taken for. */
  job: optionally(JobMatch),
  /** In the order in which they first started, or usually start. At most 200. */
  jobs: Schema.Array(TimelineJob),
  /** The earliest start first. At most 100. */
  deploys: Schema.Array(TimelineRun),
  /** How many runs of jobs and how many deploys were found. Where the reading is truncated there are at least so many. */
  found: Schema.Struct({ runs: count, deploys: count }),
  /** How many jobs, runs of all jobs and deploys are left out. */
  more: Schema.Struct({ jobs: count, runs: count, deploys: count }),
  /** How many rows were read, with those that did not match and undecodable ones. */
  rows: count,
  truncated: Truncated,
  undecodable: optionally(Undecodable),
  /** What ended the reading, where `truncated` is `error`. */
  error: optionally(ReadingError),
  /** Parts that could not be read, and why. */
  unavailable: Schema.Array(Unavailable)
})

export interface Timeline extends Schema.Schema.Type<typeof Timeline> {}
