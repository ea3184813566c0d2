/** What a check of the runs is. Public: `RunHealth` exports it. */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { Recovery } from "../diagnosis/historyModel.ts"
import { partNames as partsOfDiagnosis } from "../diagnosis/model.ts"
import { FailedNode } from "../diagnosis/nodeModel.ts"
import { FailureCause } from "../FailureCause.ts"
import { listOf } from "../inspection/boundedList.ts"
import { FailedTest } from "../inspection/nodeModel.ts"
import { unavailableOf } from "../inspection/unavailable.ts"
import { Filter } from "../list/filter.ts"
import { RunId, RunStatus, RunType } from "../Run.ts"
import * as RunBaseline from "../RunBaseline.ts"
import { JobMatch, RunLine } from "../RunList.ts"
import { RunWindow } from "../RunWindow.ts"
import { TimeFromWire } from "../wire/field.ts"

const count = Schema.Int
const optionally = Schema.optionalKey
const time = optionally(TimeFromWire)

const finding = <const Kind extends string, const Fields extends Schema.Struct.Fields>(kind: Kind, fields: Fields) =>
  Schema.Struct({ kind: Schema.Literal(kind), ...fields })

/** A failed node in short: its SQL is in a diagnosis of its run. */
const Node = Schema.Struct(Struct.omit(FailedNode.fields, ["sql"]))

/** Failures of one job that came one after another, at a regular distance of an hour at most. */
export const Loop = Schema.Struct({
  failures: count,
  /** When the first of them started. */
  since: TimeFromWire,
  /** The p50 of the distances between their starts. */
  everySeconds: count
})

export interface Loop extends Schema.Schema.Type<typeof Loop> {}

/** A job (or a selector, or the deploys of an environment) that a cause hit. */
export const Affected = Schema.Struct({
  /** The latest of its failed runs that have this cause. */
  run: RunLine,
  /** How many of its failed runs in the window have this cause. */
  failures: count,
  /** How many other causes that run names. Absent if none. */
  otherCauses: optionally(count),
  /** The streak of failures that ends with that run. Absent if the run's job is not known. */
  streak: optionally(Schema.Struct({
    failures: count,
    /** No success was found before it: `failures` is "at least". */
    truncated: Schema.Boolean,
    /** When its first run started. */
    since: time,
    lastSuccess: optionally(RunLine)
  })),
  loop: optionally(Loop),
  /** Whether a later run made it good, and which. Absent if the run's job is not known. */
  recovery: optionally(Schema.Struct(Struct.pick(Recovery.fields, ["state", "by", "run", "failedSince"])))
})

export interface Affected extends Schema.Schema.Type<typeof Affected> {}

/**
 * Failed runs of one cause.
 *
 * **Details**
 *
 * `causeFrom` says where the cause was read: in the node results, or in the `runFailureReason` where it names one. With
 * `none` the results name no cause: such runs have nothing in common but their job. With `notRead` the results were not
 * read: beyond the limit, or unavailable.
 */
export const Failures = finding("failures", {
  causeFrom: Schema.Literals(["nodes", "runFailureReason", "none", "notRead"]),
  cause: optionally(FailureCause),
  /** The node that failed first, in the latest run. */
  node: optionally(Node),
  /** The different objects that the messages are about, where there are several. */
  objects: optionally(listOf(Schema.String)),
  /** Each failed run of the window is in one such list, and in no other. */
  runIDs: Schema.Array(RunId),
  /** How many of them are of jobs that have not recovered. The failures are over if there are none. */
  openRuns: count,
  runTypes: Schema.Array(RunType),
  /** How many jobs they hit. With `notRead`: without those that another cause hit. */
  jobs: count,
  environments: Schema.Array(Schema.String),
  /** When the first of the runs failed, or started if it has no end. */
  since: time,
  /** When the last of them failed. */
  until: time,
  /** The failed run of the window that did not make the object which these runs miss, and its node of that name. */
  follows: optionally(Schema.Struct({ runID: RunId, node: Schema.String })),
  /** How many of the jobs have recovered. */
  recovered: count,
  /** How many of the jobs have not run again. */
  notYet: count,
  /** The jobs, the one that failed last first. At most 20. */
  affected: listOf(Affected)
})

export interface Failures extends Schema.Schema.Type<typeof Failures> {}

/** The latest run of a job failed in the 28 days before the window, and the job has not run since. */
export const FailedBefore = finding("failedBefore", {
  run: RunLine,
  /** Its streak of failures. */
  failures: count,
  /** No success was found before the streak: `failures` is "at least". */
  truncated: Schema.Boolean,
  /** Its cause, from its node results or its reason. Absent if it was not read, or names none. */
  cause: optionally(FailureCause),
  node: optionally(Node)
})

/** A run that was canceled or has not ended, in which a node has failed. */
export const FailedInside = finding("failedNodes", {
  run: RunLine,
  failed: count,
  nodes: count,
  node: optionally(Node)
})

/** A run that has ended in a status that is not known. */
export const OtherStatus = finding("otherStatus", { run: RunLine })

/** The latest run of a job completed, and data tests failed in it. */
export const FailedTests = finding("failedTests", { run: RunLine, failedTests: listOf(FailedTest) })

/** The latest run of a job completed, and nodes changed no row where each of the runs before it changed many. */
export const NoRows = finding("noRows", {
  run: RunLine,
  /** At most 10. */
  nodes: listOf(Schema.Struct({
    node: Schema.String,
    /** The fewest rows that one of the runs before inserted, updated and deleted in it. */
    rowsBefore: count
  })),
  /** The runs before that it was compared with. */
  comparedWith: Schema.Array(RunId)
})

/** The kinds of {@link Unusual}, in the order of their urgency. */
export const unusualKinds = [
  "missing",
  "stopped",
  "stuck",
  "long",
  "waiting",
  "late",
  "noNodes",
  "fewerNodes",
  "slow"
] as const

/**
 * A run, or its absence, that is unlike what is usual for its job, as `RunBaseline.deviations` says. `slow` is a completed run
 * that took far longer than usual.
 */
export const Unusual = Schema.Struct({
  ...RunBaseline.Deviation.fields,
  kind: Schema.Literals(unusualKinds),
  /** The nodes at which a run is that has not ended, the one that started first first. At most 3. */
  runningNodes: optionally(listOf(Schema.Struct({
    node: Schema.String,
    queryID: optionally(Schema.String),
    since: time
  })))
})

export interface Unusual extends Schema.Schema.Type<typeof Unusual> {}

/** What needs attention. `kind` says which. */
export const Finding = Schema.Union([Failures, FailedBefore, FailedInside, OtherStatus, FailedTests, NoRows, Unusual])

export type Finding = typeof Finding.Type

/** What may be unavailable, and what a report calls it. */
export const partNames = {
  ...Struct.pick(partsOfDiagnosis, ["runFailureReasons", "results", "runsOfWindow", "laterRuns"]),
  failedRuns: "the jobs of failed runs",
  openRuns: "runs that have not ended",
  earlierResults: "the node results of earlier runs",
  baseline: "what is usual"
} as const

/** A part of a check that is unavailable, and why. */
export const Unavailable = unavailableOf(Struct.keys(partNames))

export interface Unavailable extends Schema.Schema.Type<typeof Unavailable> {}

/**
 * What needs attention, the most urgent first.
 *
 * **Details**
 *
 * The findings come in this order; among findings of one kind the one that hit more jobs comes first, then the later one:
 * 1. `failures` of which a job has not recovered, those in a loop first, then those that follow from others, those that were
 *    not read last;
 * 2. `failedBefore`;
 * 3. `missing` and `stopped`: what did not run;
 * 4. `failedNodes`;
 * 5. `stuck`, `long` and `waiting`, then `late`;
 * 6. `otherStatus`;
 * 7. `noNodes`, `fewerNodes`, `noRows`, `failedTests`, then `slow`;
 * 8. `failures` from which every job has recovered. These need no attention any more.
 */
export const Health = Schema.Struct({
  /** When the check was made. */
  checkedAt: TimeFromWire,
  window: RunWindow,
  filter: Filter,
  /** The job that a name in `jobID` was taken for. */
  job: optionally(JobMatch),
  /** What is usual for the job in each environment. Only with `jobID`, and if it was learned. */
  usual: optionally(Schema.Array(RunBaseline.Usual)),
  findings: Schema.Array(Finding),
  /** The runs that started in the window, and how many have each status. */
  ran: Schema.Struct({
    /** Refreshes and deploys. */
    runs: count,
    /** How many jobs the refreshes are of. A deploy is of no job. */
    jobs: count,
    deploys: count,
    statuses: Schema.Array(Schema.Struct({ status: RunStatus, count })),
    /** Not all runs of the window were read: every count is "at least", and what did not run is not known. */
    truncated: Schema.Boolean,
    /** How many runs started in the same hours of earlier weeks, re-runs left out. Absent with fewer than 3 weeks. */
    usual: optionally(Schema.Struct({ fewest: count, most: count, weeks: count }))
  }),
  /** What was read. */
  read: Schema.Struct({
    /** Rows, of any job and time. */
    rows: count,
    /** When the oldest run that was read started. */
    since: time,
    /** Not all failed runs of the window were read. */
    failuresTruncated: Schema.Boolean,
    /** Failed runs whose node results were read, and how many were not. */
    failed: Schema.Struct({ read: count, notRead: count }),
    /** Runs that have not ended, or were canceled and not made good, whose node results were read, and how many were not. */
    unfinished: Schema.Struct({ read: count, notRead: count }),
    /** The latest completed runs of jobs whose node results were read, and how many were not. */
    completed: Schema.Struct({ read: count, notRead: count }),
    /** What is usual was learned from so many runs. Absent if it was not learned. */
    baseline: optionally(Schema.Struct({
      runs: count,
      jobs: count,
      /** When the first of them started. */
      since: time,
      /** Why earlier runs are missing: a bound of the reading. Otherwise `false`. */
      truncated: RunBaseline.Baseline.fields.truncated
    }))
  }),
  unavailable: Schema.Array(Unavailable)
})

export interface Health extends Schema.Schema.Type<typeof Health> {}
