/** The arguments that tools share. Each description names the values, because some clients drop enums. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as Schema from "effect/Schema"

/** Makes an optional argument. */
export const argument = <S extends Schema.Top>(schema: S, description: string) =>
  Schema.optionalKey(schema.annotate({ description }))

/** Makes the argument that names a run. */
export const runID = (description: string) =>
  argument(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1e12 }, { expected: "the integer id of a run" })),
    description
  )

/** The time window of a call. */
export const window = {
  window: argument(
    Schema.Literals(RunWindow.names),
    `Runs started in: ${RunWindow.names.join(", ").replace("last_night", "last_night (18:00 to noon)")}`
  ),
  since: argument(Schema.String, "Instead of window: ISO 8601 time or date, or age (12h, 7d)"),
  until: argument(Schema.String, "Like since; a date includes its day. Default: now"),
  timeZone: argument(Schema.String, "IANA zone, such as Europe/London")
}

export const environmentID = Schema.optionalKey(Schema.String)

export const projectID = Schema.optionalKey(Schema.String)

export const jobID = argument(Schema.String, "Id or name")

export const runType = argument(Schema.Literals(Run.knownTypes), Run.knownTypes.join(" or "))
