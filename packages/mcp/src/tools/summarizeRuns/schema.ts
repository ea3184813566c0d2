/** `summarize_runs`, its arguments and its answer. */
import * as RunStatistics from "@coalesce-runs/core/RunStatistics"
import * as Schema from "effect/Schema"
import * as fields from "../../input/fields.ts"
import * as interval from "../../input/window.ts"
import type { Violation } from "../../result/failure.ts"
import { NextCall } from "../diagnoseRun/schema.ts"

const optionally = Schema.optionalKey

export const Input = Schema.Struct({
  ...fields.window,
  environmentID: fields.environmentID,
  jobID: fields.jobID,
  runType: fields.runType,
  groupBy: fields.argument(RunStatistics.GroupBy, "job, environment, day or type")
})

export type Input = typeof Input.Type

const Durations = Schema.Struct({
  runs: Schema.Finite,
  exact: Schema.Boolean.annotate({ description: "Otherwise p50 and p95 within 1 %" }),
  p50Seconds: Schema.Finite,
  p95Seconds: Schema.Finite,
  longestSeconds: Schema.Finite,
  longestRunID: Schema.Finite
})

const Cause = Schema.Struct({
  class: Schema.String,
  code: optionally(Schema.String),
  message: optionally(Schema.String),
  failures: Schema.Finite,
  firstRunID: Schema.Finite,
  firstRunStartTime: optionally(Schema.String),
  lastRunID: Schema.Finite,
  lastRunStartTime: optionally(Schema.String),
  isNew: optionally(Schema.Boolean.annotate({ description: "Not in the interval before" }))
})

export type Cause = typeof Cause.Type

const Streak = Schema.Struct({ runStatus: Schema.String, runs: Schema.Finite })

const counted = {
  runs: Schema.Finite,
  runStatus: Schema.Record(Schema.String, Schema.Finite).annotate({ description: "How many of each" }),
  successRate: optionally(Schema.Finite.annotate({ description: "Completed of completed and failed, 0 to 1" })),
  durations: optionally(Durations),
  streak: optionally(Streak.annotate({ description: "The latest in a row" }))
}

/** The runs of one group, in the detail that the advertised schema leaves out. */
export type Group = {
  readonly key: string
  readonly runs: number
  readonly runStatus: Readonly<Record<string, number>>
  readonly jobID?: number
  readonly jobName?: string
  readonly environmentID?: string
  readonly runType?: string
  readonly day?: string
  readonly successRate?: number
  readonly durations?: typeof Durations.Type
  readonly streak?: typeof Streak.Type
  readonly causes?: ReadonlyArray<{ readonly class: string; readonly failures: number; readonly lastRunID: number }>
  /** Failures beyond those in the interval before. */
  readonly failedChange?: number
}

export const Output = Schema.Struct({
  interval: interval.IntervalContent,
  ...counted,
  causes: Schema.Array(Cause),
  otherCauses: optionally(Schema.Struct({ causes: Schema.Finite, failures: Schema.Finite })),
  groups: optionally(
    Schema.Array(Schema.Record(Schema.String, Schema.Unknown))
      .annotate({ description: "The same of each job, environment, day or type" })
  ),
  moreGroups: optionally(Schema.Finite),
  change: optionally(
    Schema.Record(Schema.String, Schema.Unknown).annotate({
      description: "From the interval before, its since and until"
    })
  ),
  scanned: Schema.Finite,
  truncated: Schema.Literals([false, "scan_limit", "time_limit", "error"]),
  nextCalls: Schema.Array(NextCall),
  notes: optionally(Schema.Array(Schema.String))
})

/** What changed from the interval before: each number now minus then. */
export type Change = {
  readonly since: string
  readonly until: string
  readonly runs: number
  readonly failed: number
  readonly successRate?: number
  readonly p50Seconds?: number
  readonly p95Seconds?: number
  /** Causes and groups that only the interval before has. */
  readonly goneCauses?: ReadonlyArray<string>
  readonly goneGroups?: ReadonlyArray<string>
}

export type Content = Omit<typeof Output.Type, "groups" | "change"> & {
  readonly groups?: ReadonlyArray<Group>
  readonly change?: Change
}

/** What does not go together, each argument by its name. */
export const violations = (input: Input): ReadonlyArray<Violation> => [
  ...fields.windowViolations(input),
  ...fields.jobViolations(input)
]
