/** Describes how far a reading of runs came. Public: `RunList` exports it. */
import * as Schema from "effect/Schema"
import { RunId } from "../Run.ts"

/**
 * Why a reading ended before the last run: at `limit` with at least one more run to follow, at a bound of the reading
 * (`row_limit`, `time_limit`), or by the `error` of a request after the first rows. Otherwise `false`.
 */
export const Truncated = Schema.Literals([false, "limit", "row_limit", "time_limit", "error"])

export type Truncated = typeof Truncated.Type

/** What ended a reading early. */
export const ReadingError = Schema.Struct({
  /** The error's tag, such as `ServiceUnavailable`. */
  _tag: Schema.String,
  status: Schema.optionalKey(Schema.Int),
  message: Schema.String,
  /** Whether the same request can succeed later. */
  isRetryable: Schema.Boolean
})

export interface ReadingError extends Schema.Schema.Type<typeof ReadingError> {}

/** How many undecodable rows were skipped, and the first of them. */
export const Undecodable = Schema.Struct({
  count: Schema.Int,
  first: Schema.Struct({
    /** The run's id, where it could be decoded. */
    id: Schema.optionalKey(RunId),
    /** The row's position in its page, from 0. */
    index: Schema.Int,
    /** Where in the row, such as `runDetails.nodesInRun`. */
    path: Schema.String,
    issue: Schema.String
  })
})

export interface Undecodable extends Schema.Schema.Type<typeof Undecodable> {}
