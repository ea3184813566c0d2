/** `list_runs`, its arguments and its answer. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunCursor from "@coalesce-runs/core/RunCursor"
import * as Schema from "effect/Schema"
import * as fields from "../../input/fields.ts"
import * as interval from "../../input/window.ts"
import type { Violation } from "../../result/failure.ts"
import { Row } from "./row.ts"

/** The most rows of one answer, whatever pages that takes. */
const maxRows = 200

export const Input = Schema.Struct({
  ...fields.window,
  runStatus: fields.argument(
    Schema.Array(Schema.Literals(Run.knownStatuses)),
    "canceled, completed, failed, initializing, rendering, running, waitingToRun"
  ),
  runType: fields.runType,
  environmentID: fields.environmentID,
  jobID: fields.jobID,
  detail: fields.argument(Schema.Boolean, "Adds job, nodes, commit"),
  limit: fields.argument(
    Schema.Int.check(
      Schema.isBetween({ minimum: 1, maximum: maxRows }, { expected: `an integer from 1 to ${maxRows}` })
    ),
    "Default: 25"
  ),
  startingFrom: fields.argument(Schema.String, "From a result's next step"),
  orderBy: fields.argument(RunCursor.OrderBy, "id (default), runStartTime, runEndTime"),
  orderByDirection: fields.argument(RunCursor.OrderByDirection, "desc (default), asc")
})

export type Input = typeof Input.Type

const Next = Schema.Record(Schema.String, Schema.Unknown)

export const Output = Schema.Struct({
  interval: Schema.optionalKey(interval.IntervalContent),
  runs: Schema.Array(Row),
  returned: Schema.Finite,
  scanned: Schema.Finite.annotate({ description: "Rows looked at" }),
  truncated: Schema.Literals([false, "limit", "scan_limit", "time_limit", "error"]),
  next: Schema.optionalKey(Next.annotate({ description: "Arguments of the call that goes on; absent at the end" })),
  notes: Schema.optionalKey(Schema.Array(Schema.String))
})

export type Content = typeof Output.Type

export const statusesOf = ({ runStatus = [] }: Input): ReadonlyArray<Run.KnownRunStatus> => [...new Set(runStatus)]

/** No id or name is longer; an answer repeats them. */
const longest = 400

/** What does not go together, each argument by its name. */
export const violations = (input: Input): ReadonlyArray<Violation> => {
  const hasInterval = input.window !== undefined || input.since !== undefined
  return [
    ...fields.windowViolations(input),
    ...(["environmentID", "jobID"] as const).flatMap((field) =>
      (input[field]?.length ?? 0) > longest ? [{ field, reason: `Longer than ${longest} characters` }] : []
    ),
    ...(hasInterval && input.orderBy !== undefined && input.orderBy !== "runStartTime"
      ? [{ field: "orderBy", reason: "A window is ordered by runStartTime: leave out orderBy or the window" }]
      : []),
    ...(hasInterval && input.startingFrom !== undefined && !RunCursor.isEncoded(input.startingFrom)
      ? [{
        field: "startingFrom",
        reason: "With a window, pass only the startingFrom of an earlier result's next step"
      }]
      : []),
    ...fields.jobViolations(input)
  ]
}
