/**
 * The parameters of List Runs, as one request and as a stream take them.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { type KnownRunStatus, type KnownRunType, knownStatuses, knownTypes } from "./Run.ts"
import * as RunCursor from "./RunCursor.ts"

/** The most runs that one page can hold: 1000. */
export const maxLimit = 1000

// Not `Schema.isBetween`, which would add 1 kB to every bundle.
const PageLimit = Schema.Int.check(
  Schema.makeFilter((limit: number) => limit >= 1 && limit <= maxLimit, {
    expected: `an integer from 1 to ${maxLimit}`,
    toJsonSchema: () => ({ minimum: 1, maximum: maxLimit })
  })
)

// One guard instead of the schemas of times, which would add 4 kB to every bundle.
const Time = Schema.declare((value): value is DateTime.DateTime | Date =>
  DateTime.isDateTime(value) || value instanceof Date
)

/**
 * Where a list starts, **exclusive**: a value of the field in `orderBy` (a run's id, or a time: a
 * `DateTime`, a `Date` or ISO 8601 text with an offset), or a
 * {@link RunCursor.RunCursor} (or the string it encodes to) from an error, a page or an earlier stream.
 */
export const StartingFrom = Schema.Union([
  Schema.Int,
  Schema.NonEmptyString,
  Time,
  RunCursor.RunCursor
])

/** Where a list starts. */
export type StartingFrom = typeof StartingFrom.Type

const parameters = {
  startingFrom: Schema.optional(StartingFrom),
  orderBy: Schema.optional(RunCursor.OrderBy),
  orderByDirection: Schema.optional(RunCursor.OrderByDirection),
  runType: Schema.optional(Schema.Literals(knownTypes)),
  runStatus: Schema.optional(Schema.Literals(knownStatuses)),
  environmentID: Schema.optional(Schema.NonEmptyString),
  projectID: Schema.optional(Schema.NonEmptyString),
  detail: Schema.optional(Schema.Boolean),
  failureReasons: Schema.optional(Schema.Boolean),
  undecodableRows: Schema.optional(Schema.Literals(["fail", "skip"]))
}

// The interfaces are spelt out: an editor shows the text of each key from here, and finds none in a type that is made from
// a schema, nor always in a `Pick`.

/** The parameters that every list of runs takes. */
export interface RunsQuery {
  /** Lists only runs of this type. A literal narrows the type of the runs. Default: both types. */
  readonly runType?: KnownRunType | undefined
  /** Lists only runs of this environment, such as `"3"`. Default: every environment. */
  readonly environmentID?: string | undefined
  /**
   * Lists only runs of this project. It is sent unchecked: the API documents no such parameter for List Runs, and no row
   * names its project, so a server that ignores it lists every project. Default: the `projectID` of the client, or every
   * project.
   */
  readonly projectID?: string | undefined
  /**
   * `true` returns each run in detail: its job, nodes, parameters and credentials, but not why it failed. Default:
   * `false`, which returns summaries.
   */
  readonly detail?: boolean | undefined
  /**
   * Adds `runFailureReason` to detailed runs; the API gives it in summaries only. Requires `detail: true`, and costs one
   * more request for each page that holds a failed run. Default: `false`.
   */
  readonly failureReasons?: boolean | undefined
  /**
   * What happens at a row that cannot be decoded. `fail` ends with a `DecodeError` after the rows before it; `skip`
   * leaves it out and reports it, in `undecodable` of its page or in the log. Default: `fail`.
   */
  readonly undecodableRows?: "fail" | "skip" | undefined
}

/** The parameters of a list that can be read in both directions. */
export interface OrderedRunsQuery extends RunsQuery {
  /** Lists only runs with this status. Default: every status. */
  readonly runStatus?: KnownRunStatus | undefined
  /** `desc` reads the newest run first, `asc` the oldest. Default: `desc`, or the direction of a cursor in `startingFrom`. */
  readonly orderByDirection?: RunCursor.OrderByDirection | undefined
}

interface Parameters extends OrderedRunsQuery {
  /**
   * Starts behind this value, which is exclusive: the id of a run, or a time when `orderBy` is one. A cursor from a
   * page, an error (`resumeFrom`) or an earlier stream continues exactly there. Default: the first run of the order.
   */
  readonly startingFrom?: StartingFrom | undefined
  /** The field to order by. Default: `id`, or the field of a cursor in `startingFrom`. */
  readonly orderBy?: RunCursor.OrderBy | undefined
}

/**
 * Decodes the parameters of one page of List Runs, under the API's own names. This library adds `failureReasons` and
 * `undecodableRows`.
 */
export const ListRunsQuery = Schema.Struct({ limit: Schema.optional(PageLimit), ...parameters })

/** The parameters of one page of List Runs. */
export interface ListRunsQuery extends Parameters {
  /** The most runs of the page, 1 to 1000. Default: 25. */
  readonly limit?: number | undefined
}

/** Decodes the parameters of a stream: those of a page without `limit`, because `Stream.take` bounds a stream. */
export const StreamRunsQuery = Schema.Struct({
  pageSize: Schema.optional(PageLimit),
  prefetch: Schema.optional(Schema.Boolean),
  ...parameters
})

/** The parameters of a stream of runs. */
export interface StreamRunsQuery extends Parameters {
  /** The rows of each request, 1 to 1000. Default: 25 for the first page, then 1000. */
  readonly pageSize?: number | undefined
  /**
   * Requests the next page while you work on the second or a later one: at most one page ahead. `false` requests a page
   * only when it is pulled. Default: `true`.
   */
  readonly prefetch?: boolean | undefined
}
