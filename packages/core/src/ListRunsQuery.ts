/**
 * The eight parameters of List Runs, checked before any request is made.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { knownStatuses, knownTypes } from "./Run.ts"
import * as RunCursor from "./RunCursor.ts"
import { InvalidQuery } from "./RunsError.ts"
import { TimeFromWire } from "./wire/field.ts"

/**
 * The most runs that one page may hold.
 *
 * @category constants
 * @since 0.1.0
 */
export const maxLimit = 1000

const PageLimit = Schema.Int.check(
  Schema.isBetween({ minimum: 1, maximum: maxLimit }, { expected: `an integer from 1 to ${maxLimit}` })
)

/**
 * Where to start, **exclusive**: a value of the field in `orderBy`, or a {@link RunCursor.RunCursor} (or the string it
 * encodes to) from an error, a page or an earlier stream.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StartingFrom = Schema.Union([
  Schema.Int,
  Schema.NonEmptyString,
  Schema.DateTimeUtc,
  Schema.DateTimeZoned,
  RunCursor.RunCursor
])

/**
 * @category models
 * @since 0.1.0
 */
export type StartingFrom = typeof StartingFrom.Type

const filters = {
  startingFrom: Schema.optional(StartingFrom),
  orderBy: Schema.optional(RunCursor.OrderBy),
  orderByDirection: Schema.optional(RunCursor.OrderByDirection),
  runType: Schema.optional(Schema.Literals(knownTypes)),
  runStatus: Schema.optional(Schema.Literals(knownStatuses)),
  environmentID: Schema.optional(Schema.NonEmptyString),
  detail: Schema.optional(Schema.Boolean)
}

/** What the client adds to the API's parameters. */
const reading = {
  failureReasons: Schema.optional(Schema.Boolean),
  undecodableRows: Schema.optional(Schema.Literals(["fail", "skip"]))
}

/**
 * The parameters of one page of List Runs, under the API's own names.
 *
 * **Details**
 *
 * - `limit`: runs a page, 1 to 1000; the API's default is 25.
 * - `startingFrom`: exclusive, a value of the field in `orderBy`.
 * - `orderBy`: `id` (default), `runStartTime` or `runEndTime`; `orderByDirection`: `desc` (default) or `asc`.
 * - `runType`, `runStatus`, `environmentID`: filters, one value each.
 * - `detail`: detailed rows instead of summaries.
 *
 * Two more are this library's:
 *
 * - `failureReasons`, beside `detail: true`: gives failed runs the reason that only their summary rows have. It costs
 *   one more request for each page that holds a failed run.
 * - `undecodableRows`: `fail` (default) ends with a `DecodeError` after the good rows before it; `skip` goes on, and
 *   reports such rows beside the good ones of their page.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ListRunsQuery = Schema.Struct({ limit: Schema.optional(PageLimit), ...filters, ...reading })

/**
 * @category models
 * @since 0.1.0
 */
export interface ListRunsQuery extends Schema.Schema.Type<typeof ListRunsQuery> {}

/**
 * The parameters of a stream: those of a page but `limit`, since a stream is bounded with `Stream.take`.
 *
 * **Details**
 *
 * `pageSize` is the rows of every request, 1 to 1000. Without it the first page is small and the following ones grow.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StreamRunsQuery = Schema.Struct({ pageSize: Schema.optional(PageLimit), ...filters, ...reading })

/**
 * @category models
 * @since 0.1.0
 */
export interface StreamRunsQuery extends Schema.Schema.Type<typeof StreamRunsQuery> {}

/**
 * A query that was found right, with its defaults and its starting point in one form.
 *
 * @category models
 * @since 0.1.0
 */
export interface ValidQuery extends RunCursor.Order {
  /** `limit` or `pageSize`, where one was given. */
  readonly pageSize: number | undefined
  readonly start: RunCursor.RunCursor
  readonly runType: (typeof knownTypes)[number] | undefined
  readonly runStatus: (typeof knownStatuses)[number] | undefined
  readonly environmentID: string | undefined
  readonly detail: boolean
  readonly failureReasons: boolean
  readonly undecodableRows: "fail" | "skip"
}

interface Violation {
  readonly field: string
  readonly reason: string
}

/** What a parameter takes, where its schema cannot say it in a person's words. */
const expectations: Readonly<Record<string, string>> = {
  limit: `Expected an integer from 1 to ${maxLimit}`,
  pageSize: `Expected an integer from 1 to ${maxLimit}`,
  startingFrom: "Expected the id of a run, a time, or a cursor",
  environmentID: "Expected a non-empty string",
  detail: "Expected true or false",
  failureReasons: "Expected true or false"
}

const limitOfStream =
  "Belongs to the one request of listPage; bound a stream with Stream.take, its requests with pageSize"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const violationsOf = (error: Schema.SchemaError, known: ReadonlyArray<string>): ReadonlyArray<Violation> => {
  const byField = new Map<string, Violation>()
  for (const { message, path } of format(error.issue).issues) {
    const [first = "query"] = path ?? []
    const field = String(typeof first === "object" ? first.key : first)
    if (byField.has(field)) continue
    const reason = known.includes(field) || field === "query"
      ? expectations[field] ?? message
      : field === "limit"
      ? limitOfStream
      : `No such parameter; there are ${known.join(", ")}`
    byField.set(field, { field, reason })
  }
  return [...byField.values()]
}

const options = { errors: "all", onExcessProperty: "error" } as const
const decodeTime = Schema.decodeUnknownOption(TimeFromWire)

const isFinerThanMillis = (time: unknown): boolean => typeof time === "string" && /\.\d{3}\d*[1-9]/.test(time)

const cursorOf = (startingFrom: StartingFrom | undefined): RunCursor.RunCursor | undefined =>
  RunCursor.isRunCursor(startingFrom)
    ? startingFrom
    : typeof startingFrom === "string" && RunCursor.isEncoded(startingFrom)
    ? Option.getOrUndefined(RunCursor.decode(startingFrom))
    : undefined

/** A cursor knows its order: a query that has one need not repeat it. */
const orderOf = (query: StreamRunsQuery): RunCursor.Order => {
  const cursor = cursorOf(query.startingFrom)
  return {
    orderBy: query.orderBy ?? cursor?.orderBy ?? "id",
    orderByDirection: query.orderByDirection ?? cursor?.orderByDirection ?? "desc"
  }
}

const startOf = (
  startingFrom: StartingFrom | undefined,
  order: RunCursor.Order
): Result.Result<RunCursor.RunCursor, string> => {
  const beginning = RunCursor.start(order)
  if (startingFrom === undefined) return Result.succeed(beginning)
  const cursor = cursorOf(startingFrom)
  if (cursor !== undefined) {
    return cursor.orderBy === order.orderBy && cursor.orderByDirection === order.orderByDirection
      ? Result.succeed(cursor)
      : Result.fail(
        `The cursor reads by ${cursor.orderBy} ${cursor.orderByDirection}, the query by ${order.orderBy} ${order.orderByDirection}`
      )
  }
  if (order.orderBy === "id") {
    const id = typeof startingFrom === "string" && /^\d{1,16}$/.test(startingFrom) ? Number(startingFrom) : startingFrom
    return typeof id === "number" && Number.isSafeInteger(id) && id >= 0
      ? Result.succeed({ ...beginning, value: id })
      : Result.fail("Expected the id of a run, since orderBy is id")
  }
  const time = DateTime.isDateTime(startingFrom) ? startingFrom : Option.getOrUndefined(decodeTime(startingFrom))
  if (time === undefined) {
    return Result.fail(`Expected an ISO 8601 date-time with an offset, since orderBy is ${order.orderBy}`)
  }
  if (isFinerThanMillis(startingFrom)) return Result.fail("Expected a time no finer than a millisecond")
  // Exclusive at a time is inclusive at the next millisecond, with no run seen there yet.
  const step = order.orderByDirection === "desc" ? -1 : 1
  return Result.succeed({ ...beginning, value: DateTime.toEpochMillis(time) + step })
}

/** What does not go together, and where the query starts. */
const relate = (query: StreamRunsQuery): { readonly start: RunCursor.RunCursor; readonly wrong: Array<Violation> } => {
  const wrong: Array<Violation> = []
  const order = orderOf(query)
  const start = startOf(query.startingFrom, order)
  if (Result.isFailure(start)) wrong.push({ field: "startingFrom", reason: start.failure })
  if (query.failureReasons === true && query.detail !== true) {
    wrong.push({
      field: "failureReasons",
      reason: "Goes with detail: true; rows without detail have their reason already"
    })
  }
  return { start: Result.getOrElse(start, () => RunCursor.start(order)), wrong }
}

/** Checks each parameter, and then how those that are right go together, so that one call names all that is wrong. */
const checker = <Q extends StreamRunsQuery>(
  schema: Schema.Codec<Q, unknown> & { readonly fields: object },
  pageSize: (query: Q) => number | undefined
) => {
  const known = Object.keys(schema.fields)
  const decode = Schema.decodeUnknownResult(schema, options)
  return (input: unknown): Result.Result<ValidQuery, InvalidQuery> => {
    const given = Predicate.isObject(input)
      ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
      : input
    const decoded = decode(given)
    if (Result.isSuccess(decoded)) {
      const query = decoded.success
      const { start, wrong } = relate(query)
      return wrong.length > 0 ? Result.fail(new InvalidQuery({ violations: wrong })) : Result.succeed({
        orderBy: start.orderBy,
        orderByDirection: start.orderByDirection,
        pageSize: pageSize(query),
        start,
        runType: query.runType,
        runStatus: query.runStatus,
        environmentID: query.environmentID,
        detail: query.detail ?? false,
        failureReasons: query.failureReasons ?? false,
        undecodableRows: query.undecodableRows ?? "fail"
      })
    }
    const violations = violationsOf(decoded.failure, known)
    const isWrong = (name: string) => violations.some(({ field }) => field === name)
    // Without a right order nobody can say what a starting point should be.
    const unsure = isWrong("orderBy") || isWrong("orderByDirection") ? ["startingFrom"] : []
    const rest = Predicate.isObject(given)
      ? Object.entries(given).filter(([name]) => !isWrong(name) && !unsure.includes(name))
      : []
    const right = decode(Object.fromEntries(rest))
    const wrong = Result.isSuccess(right) ? relate(right.success).wrong : []
    return Result.fail(
      new InvalidQuery({ violations: [...violations, ...wrong.filter(({ field }) => !isWrong(field))] })
    )
  }
}

/**
 * Checks the parameters of one page. Names every violation, misspelt parameters among them.
 *
 * @category validation
 * @since 0.1.0
 */
export const validate: (query: unknown) => Result.Result<ValidQuery, InvalidQuery> = checker(
  ListRunsQuery,
  (query) => query.limit
)

/**
 * Checks the parameters of a stream, which has `pageSize` where a page has `limit`.
 *
 * @category validation
 * @since 0.1.0
 */
export const validateStream: (query: unknown) => Result.Result<ValidQuery, InvalidQuery> = checker(
  StreamRunsQuery,
  (query) => query.pageSize
)

/**
 * The parameters as they stand in the URL, in the documentation's order. What is not given is left to the API, but for
 * the order: a starting point means nothing without it.
 *
 * @category encoding
 * @since 0.1.0
 */
export const toUrlParams = (
  query: ListRunsQuery
): Effect.Effect<ReadonlyArray<readonly [string, string]>, InvalidQuery> =>
  Effect.map(Effect.fromResult(validate(query)), (valid) =>
    urlParams(valid, {
      limit: query.limit,
      startingFrom: startingFromOf(valid.start)
    }))

/**
 * The parameters of one request, with its own limit and starting point.
 *
 * @category encoding
 * @since 0.1.0
 */
export const urlParams = (
  query: ValidQuery,
  page: { readonly limit: number | undefined; readonly startingFrom: string | undefined }
): ReadonlyArray<readonly [string, string]> => {
  const params: ReadonlyArray<readonly [string, string | undefined]> = [
    ["limit", page.limit?.toString()],
    ["startingFrom", page.startingFrom],
    ["orderBy", query.orderBy],
    ["orderByDirection", query.orderByDirection],
    ["runType", query.runType],
    ["runStatus", query.runStatus],
    ["environmentID", query.environmentID],
    ["detail", query.detail ? "true" : undefined]
  ]
  return params.flatMap(([name, value]) => value === undefined ? [] : [[name, value] as const])
}

/**
 * The wire's `startingFrom` that gives every run which the cursor has not passed. By a time it lies 1 ms before the
 * cursor's, so that the runs which share that time come again, and none is lost.
 *
 * @category encoding
 * @since 0.1.0
 */
export const startingFromOf = (cursor: RunCursor.RunCursor): string | undefined => {
  if (cursor.value === undefined) return undefined
  if (cursor.orderBy === "id") return String(cursor.value)
  return DateTime.formatIso(DateTime.makeUnsafe(cursor.value + (cursor.orderByDirection === "desc" ? 1 : -1)))
}

/**
 * Reads the parameters of a URL back. Blank ones count as absent; unknown ones are refused.
 *
 * @category encoding
 * @since 0.1.0
 */
export const fromUrlParams = (
  params: Iterable<readonly [string, string]>
): Effect.Effect<ListRunsQuery, InvalidQuery> => {
  const query = Object.fromEntries(
    [...params].filter(([, value]) => value !== "").map(([name, value]) => [name, parse(name, value)])
  )
  return Effect.fromResult(Result.map(validate(query), () => decode(query)))
}

const decode = Schema.decodeUnknownSync(ListRunsQuery)

const parse = (name: string, value: string): unknown => {
  switch (name) {
    case "limit":
      return /^\d+$/.test(value) ? Number(value) : value
    case "detail":
      return value === "true" ? true : value === "false" ? false : value
    default:
      return value
  }
}
