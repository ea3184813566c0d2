/** How far a reading of runs came, as schemas: `RunList` exports all of it. */
import * as Schema from "effect/Schema"
import { RunId } from "../Run.ts"

/**
 * Why a reading returned before the last run: `limit`, as many runs as were asked for, and at least one more follows;
 * `row_limit` and `time_limit`, a bound of the reading; `error`, a request failed after the first rows. Otherwise `false`.
 *
 * @category schemas
 */
export const Truncated = Schema.Literals([false, "limit", "row_limit", "time_limit", "error"])

/** @category models */
export type Truncated = typeof Truncated.Type

/**
 * What ended a reading early.
 *
 * @category schemas
 */
export const ReadingError = Schema.Struct({
  /** The error's tag, such as `ServiceUnavailable`. */
  _tag: Schema.String,
  status: Schema.optionalKey(Schema.Int),
  message: Schema.String,
  /** Whether the same request can succeed later. */
  isRetryable: Schema.Boolean
})

/** @category models */
export interface ReadingError extends Schema.Schema.Type<typeof ReadingError> {}

/**
 * The rows that were skipped because they could not be decoded: how many, and the first of them.
 *
 * @category schemas
 */
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

/** @category models */
export interface Undecodable extends Schema.Schema.Type<typeof Undecodable> {}
