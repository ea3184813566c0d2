/** Describes a list of runs. Public: `RunList` exports it. */
import * as Schema from "effect/Schema"
import * as Run from "../Run.ts"
import { OrderBy, OrderByDirection, RunCursorFromString } from "../RunCursor.ts"
import { RunWindow } from "../RunWindow.ts"
import { readingFields } from "./readingFacts.ts"
import { RunLine } from "./RunLine.ts"

const optionally = Schema.optionalKey

/** The selection of a list or a summary. */
export const selectionFields = {
  timeZone: optionally(Schema.String),
  runType: optionally(Schema.Literals(Run.knownTypes)),
  environmentID: optionally(Schema.String),
  projectID: optionally(Schema.String),
  /** The id of a job, or a name that no job has which was seen. */
  jobID: optionally(Schema.Union([Schema.Int, Schema.String]))
}

/** The query of a list, under the API's own names. Its window stands beside it. */
export const Query = Schema.Struct({
  ...selectionFields,
  runStatus: optionally(Schema.Array(Schema.Literals(Run.knownStatuses))),
  detail: optionally(Schema.Boolean),
  limit: optionally(Schema.Int),
  startingFrom: optionally(Schema.String),
  orderBy: optionally(OrderBy),
  orderByDirection: optionally(OrderByDirection)
})

export interface Query extends Schema.Schema.Type<typeof Query> {}

/** A list of runs, with what was asked and how much was read. It encodes to plain JSON. */
export const RunList = Schema.Struct({
  query: Query,
  /** Absent for runs of any time. */
  window: optionally(RunWindow),
  /** The zone of times in words. */
  timeZone: Schema.String,
  orderBy: OrderBy,
  orderByDirection: OrderByDirection,
  /** Their texts are cut at 500 characters. */
  runs: Schema.Array(RunLine),
  ...readingFields,
  /** Where to continue: the `startingFrom` of the same query. Only where the list is truncated. */
  resumeFrom: optionally(RunCursorFromString)
})

export interface RunList extends Schema.Schema.Type<typeof RunList> {}
