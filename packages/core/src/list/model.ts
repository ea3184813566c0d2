/** What a list of runs says, as schemas: `RunList` exports all of it. */
import * as Schema from "effect/Schema"
import * as Run from "../Run.ts"
import { OrderBy, OrderByDirection, RunCursorFromString } from "../RunCursor.ts"
import { RunWindow } from "../RunWindow.ts"
import { NearestRuns } from "./nearestRuns.ts"
import { ReadingError, Truncated, Undecodable } from "./readRuns.ts"
import { RunLine } from "./RunLine.ts"

const optionally = Schema.optionalKey

/**
 * What a list was asked for, under the API's own names; its window stands beside it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Query = Schema.Struct({
  timeZone: optionally(Schema.String),
  runType: optionally(Schema.Literals(Run.knownTypes)),
  runStatus: optionally(Schema.Array(Schema.Literals(Run.knownStatuses))),
  environmentID: optionally(Schema.String),
  /** The id of a job, or its name. */
  jobID: optionally(Schema.Union([Schema.Int, Schema.String])),
  detail: optionally(Schema.Boolean),
  limit: optionally(Schema.Int),
  startingFrom: optionally(Schema.String),
  orderBy: optionally(OrderBy),
  orderByDirection: optionally(OrderByDirection)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Query extends Schema.Schema.Type<typeof Query> {}

/**
 * Runs in a line each, what was asked, and how much was read for it. It encodes to plain JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RunList = Schema.Struct({
  query: Query,
  /** Absent where runs of any time were asked for. */
  window: optionally(RunWindow),
  /** The zone that times are told in. */
  timeZone: Schema.String,
  orderBy: OrderBy,
  orderByDirection: OrderByDirection,
  /** Their texts are cut at 500 characters. */
  runs: Schema.Array(RunLine),
  /** How many rows were read, those without a match and undecodable ones too. */
  rows: Schema.Int,
  truncated: Truncated,
  /** Where to continue: the `startingFrom` of the same query. Only where the list is truncated. */
  resumeFrom: optionally(RunCursorFromString),
  undecodable: optionally(Undecodable),
  /** What ended the reading, where `truncated` is `error`. */
  error: optionally(ReadingError),
  /** Only where nothing matched. */
  nearest: optionally(NearestRuns),
  /** The jobs of the rows that were read, and how many more. Only where no run of `jobID` was found. */
  jobs: optionally(Schema.Struct({
    listed: Schema.Array(Schema.Struct({ jobID: optionally(Schema.Int), jobName: optionally(Schema.String) })),
    more: Schema.Int
  }))
})

/**
 * @category models
 * @since 0.1.0
 */
export interface RunList extends Schema.Schema.Type<typeof RunList> {}
