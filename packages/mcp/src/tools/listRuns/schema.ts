/** `list_runs`, its arguments and its answer. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunCursor from "@coalesce-runs/core/RunCursor"
import * as Schema from "effect/Schema"
import type * as args from "../../input/args.ts"
import * as interval from "../../input/window.ts"
import type { Violation } from "../../result/failure.ts"
import { Row } from "./row.ts"

/** The most rows of one answer, whatever pages that takes. */
const maxRows = 200

const Status = Schema.Literals(Run.knownStatuses)

const described = <S extends Schema.Top>(schema: S, description: string) =>
  Schema.optionalKey(schema.annotate({ description }))

export const Input = Schema.Struct({
  ...interval.fields,
  runStatus: described(
    Schema.Union([Status, Schema.Array(Status)], { mode: "anyOf" }),
    "One or several"
  ),
  runType: Schema.optionalKey(Schema.Literals(Run.knownTypes)),
  environmentID: Schema.optionalKey(Schema.String),
  jobID: described(Schema.String, "A job's id or exact name; filtered here, so slower"),
  detail: described(Schema.Boolean, "Adds job, nodes, commit"),
  limit: described(
    Schema.Int.check(
      Schema.isBetween({ minimum: 1, maximum: maxRows }, { expected: `an integer from 1 to ${maxRows}` })
    ),
    "Default 25"
  ),
  startingFrom: described(Schema.String, "Exclusive: from an answer's next, or a value of the orderBy field"),
  orderBy: described(RunCursor.OrderBy, "Default id; with an interval always runStartTime"),
  orderByDirection: described(RunCursor.OrderByDirection, "Default desc: newest first")
})

export type Input = typeof Input.Type

export const kinds: { readonly [K in keyof Input]-?: args.Kind } = {
  ...interval.kinds,
  runStatus: "list",
  runType: "text",
  environmentID: "text",
  jobID: "text",
  detail: "flag",
  limit: "integer",
  startingFrom: "text",
  orderBy: "text",
  orderByDirection: "text"
}

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

export const statusesOf = ({ runStatus }: Input): ReadonlyArray<Run.KnownRunStatus> =>
  runStatus === undefined ? [] : typeof runStatus === "string" ? [runStatus] : [...new Set(runStatus)]

/** No id or name is longer; an answer repeats them. */
const longest = 400

/** What does not go together, each argument by its name. */
export const violations = (input: Input): ReadonlyArray<Violation> => {
  const hasInterval = input.window !== undefined || input.since !== undefined
  return [
    ...interval.violations(input),
    ...(["environmentID", "jobID"] as const).flatMap((field) =>
      (input[field]?.length ?? 0) > longest ? [{ field, reason: `Longer than ${longest} characters` }] : []
    ),
    ...(hasInterval && input.orderBy !== undefined && input.orderBy !== "runStartTime"
      ? [{ field: "orderBy", reason: "An interval is ordered by runStartTime; leave orderBy out, or the interval" }]
      : []),
    ...(hasInterval && input.startingFrom !== undefined && !RunCursor.isEncoded(input.startingFrom)
      ? [{ field: "startingFrom", reason: "With an interval, only the startingFrom of an earlier answer's next" }]
      : []),
    ...(input.jobID !== undefined && input.runType === "deploy"
      ? [{ field: "jobID", reason: "Only a refresh has a job; leave jobID out, or runType" }]
      : [])
  ]
}
