/** A part of an inspection or a diagnosis that is unavailable, and why. */
import * as Schema from "effect/Schema"
import { RunId } from "../Run.ts"

const optionally = Schema.optionalKey

/** Makes the schema of what is unavailable, from the names of the parts. */
export const unavailableOf = <const Names extends ReadonlyArray<string>>(names: Names) =>
  Schema.Struct({
    part: Schema.Literals(names),
    /** The run that the part belongs to. */
    runID: optionally(RunId),
    /** The status of the HTTP response, if there was one. */
    status: optionally(Schema.Int),
    /** The name of the error, such as `Forbidden`. */
    error: Schema.String,
    message: Schema.String,
    /** Whether a retry can help. */
    isRetryable: Schema.Boolean
  })

export interface Unavailable<Name extends string> {
  readonly part: Name
  readonly runID?: RunId
  readonly status?: number
  readonly error: string
  readonly message: string
  readonly isRetryable: boolean
}
