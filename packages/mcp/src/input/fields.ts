/** The arguments that tools share, as they are advertised: each names its values, since some clients drop enums. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as Schema from "effect/Schema"
import type { Violation } from "../result/failure.ts"

/** An argument that may be left out. */
export const argument = <S extends Schema.Top>(schema: S, description: string) =>
  Schema.optionalKey(schema.annotate({ description }))

/** The time window of a call. */
export const window = {
  window: argument(
    Schema.Literals(RunWindow.names),
    "Runs started in: last_night (18:00 to noon), today, yesterday, last_24_hours, last_7_days"
  ),
  since: argument(Schema.String, "Instead of window: ISO 8601 time or date, or age (12h, 7d)"),
  until: argument(Schema.String, "Like since; a date includes its day. Default: now"),
  timeZone: argument(Schema.String, "IANA zone, such as Europe/London")
}

export interface WindowArgs {
  readonly window?: RunWindow.Name
  readonly since?: string
  readonly until?: string
  readonly timeZone?: string
}

export const environmentID = Schema.optionalKey(Schema.String)

export const jobID = argument(Schema.String, "Id or exact name")

export const runType = argument(Schema.Literals(Run.knownTypes), "deploy or refresh")

/** Returns what does not go together in a window, without knowing the time. */
export const windowViolations = ({ since, until, window }: WindowArgs): ReadonlyArray<Violation> => [
  ...(window !== undefined && since !== undefined
    ? [{ field: "since", reason: "Cannot be combined with window: pass one of them" }]
    : []),
  ...(window !== undefined && until !== undefined
    ? [{ field: "until", reason: "Cannot be combined with window: pass since with it instead" }]
    : []),
  ...(window === undefined && until !== undefined && since === undefined
    ? [{ field: "since", reason: "Required with until: a window has a start and an end" }]
    : [])
]

/** Only refreshes have jobs. */
export const jobViolations = (
  { jobID, runType }: { readonly jobID?: string; readonly runType?: string }
): ReadonlyArray<Violation> =>
  jobID !== undefined && runType === "deploy"
    ? [{ field: "jobID", reason: "Only a refresh has a job: leave out jobID or runType" }]
    : []
