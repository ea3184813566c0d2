/**
 * Checks a query before any request, and writes the parameters of a request's URL.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { flag, isPlain, refusal } from "../error/check.ts"
import { ListRunsQuery, maxLimit, type StartingFrom, StreamRunsQuery } from "../ListRunsQuery.ts"
import * as RunCursor from "../RunCursor.ts"
import type { InvalidQuery } from "../RunsError.ts"
import { TimeFromWire } from "../wire/field.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { expectedTime } from "../wire/time.ts"

/** A checked query, with its defaults filled in and its starting point as a cursor. */
export interface ValidQuery
  extends RunCursor.Order, Pick<StreamRunsQuery, "runType" | "runStatus" | "environmentID" | "projectID">
{
  /** `limit` or `pageSize`, if set. */
  readonly pageSize: number | undefined
  readonly start: RunCursor.RunCursor
  readonly detail: boolean
  readonly failureReasons: boolean
  readonly undecodableRows: "fail" | "skip"
  readonly prefetch: boolean
}

interface Violation {
  readonly field: string
  readonly reason: string
}

const expectedSize = `Expected an integer from 1 to ${maxLimit}`
const expectedID = "Expected a non-empty string"
const [expectedFlag] = flag

/** What a parameter expects, where its schema has no words for a person. */
const expectations: Readonly<Record<string, string>> = {
  limit: expectedSize,
  pageSize: expectedSize,
  startingFrom: "Expected the id of a run, a time, or a cursor",
  environmentID: expectedID,
  projectID: expectedID,
  detail: expectedFlag,
  failureReasons: expectedFlag,
  prefetch: expectedFlag
}

const limitOfStream = "Belongs to listPage; use Stream.take, or pageSize for the size of a request"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const violationsOf = (error: Schema.SchemaError, known: ReadonlyArray<string>): ReadonlyArray<Violation> => {
  const noSuch = `No such parameter; there are ${known.join(", ")}`
  return format(error.issue).issues.map(({ message, path }) => {
    const [first = "query"] = path ?? []
    const field = String(typeof first === "object" ? first.key : first)
    const reason = known.includes(field) || field === "query"
      ? expectations[field] ?? message
      : field === "limit"
      ? limitOfStream
      : noSuch
    return { field, reason }
  })
}

const strict = { errors: "all", onExcessProperty: "error" } as const
const decodeTime = Schema.decodeUnknownOption(TimeFromWire)

const isFinerThanMillis = (time: unknown): boolean => typeof time === "string" && /\.\d{3}\d*[1-9]/.test(time)

const cursorOf = (startingFrom: StartingFrom | undefined): RunCursor.RunCursor | undefined =>
  RunCursor.isRunCursor(startingFrom)
    ? startingFrom
    : typeof startingFrom === "string" && RunCursor.isEncoded(startingFrom)
    ? Option.getOrUndefined(RunCursor.decode(startingFrom))
    : undefined

/** A cursor holds its order, so a query that starts at one need not repeat it. */
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
      : Result.fail("Expected the id of a run, because orderBy is id")
  }
  const time = Option.getOrUndefined(
    DateTime.isDateTime(startingFrom) || startingFrom instanceof Date
      ? DateTime.make(startingFrom)
      : decodeTime(startingFrom)
  )
  if (time === undefined) {
    return Result.fail(`Expected ${expectedTime}, because orderBy is ${order.orderBy}`)
  }
  if (isFinerThanMillis(startingFrom)) return Result.fail("Expected a time no finer than a millisecond")
  // Exclusive at a time means inclusive at the next millisecond, with no run seen there yet.
  const step = order.orderByDirection === "desc" ? -1 : 1
  return Result.succeed({ ...beginning, value: DateTime.toEpochMillis(time) + step })
}

/** Finds parameters that exclude each other, and where the query starts. */
const relate = (query: StreamRunsQuery): { readonly start: RunCursor.RunCursor; readonly wrong: Array<Violation> } => {
  const wrong: Array<Violation> = []
  const order = orderOf(query)
  const start = startOf(query.startingFrom, order)
  if (Result.isFailure(start)) wrong.push({ field: "startingFrom", reason: start.failure })
  if (query.failureReasons === true && query.detail !== true) {
    wrong.push({
      field: "failureReasons",
      reason: "Requires detail: true; rows without detail have their reason already"
    })
  }
  return { start: Result.getOrElse(start, () => RunCursor.start(order)), wrong }
}

/** Checks each parameter, then how the valid ones go together, so that one error names every violation. */
const checker = <Q extends StreamRunsQuery>(
  schema: Schema.Codec<Q, unknown> & { readonly fields: object },
  pageSize: (query: Q) => number | undefined
) => {
  const known = Object.keys(schema.fields)
  const decode = Schema.decodeUnknownResult(schema, strict)
  return (input: unknown): Result.Result<ValidQuery, InvalidQuery> => {
    const entries = isPlain(input) ? Object.entries(input).filter(([, value]) => value !== undefined) : []
    const decoded = decode(isPlain(input) ? Object.fromEntries(entries) : null)
    const violations = Result.isFailure(decoded) ? violationsOf(decoded.failure, known) : []
    const isWrong = (name: string) => violations.some(({ field }) => field === name)
    // Without a valid order nothing can be said of the starting point.
    const isUnsure = (name: string) => name === "startingFrom" && (isWrong("orderBy") || isWrong("orderByDirection"))
    const right = Result.isSuccess(decoded)
      ? decoded
      : decode(Object.fromEntries(entries.filter(([name]) => !isWrong(name) && !isUnsure(name))))
    if (Result.isFailure(right)) return Result.fail(refusal(violations))
    const query = right.success
    const { start, wrong } = relate(query)
    const all = [...violations, ...wrong]
    return all.length > 0 ? Result.fail(refusal(all)) : Result.succeed({
      ...query,
      orderBy: start.orderBy,
      orderByDirection: start.orderByDirection,
      pageSize: pageSize(query),
      start,
      detail: query.detail ?? false,
      failureReasons: query.failureReasons ?? false,
      undecodableRows: query.undecodableRows ?? "fail",
      prefetch: query.prefetch ?? true
    })
  }
}

/** Checks the parameters of one page, and names every violation, misspelt parameters included. */
export const validate = checker(ListRunsQuery, (query) => query.limit)

/** Checks the parameters of a stream, which have `pageSize` instead of `limit`. */
export const validateStream = checker(StreamRunsQuery, (query) => query.pageSize)

/**
 * Writes the parameters of one request, in the documentation's order. A parameter that is not set is left to the API,
 * except the order, because a starting point means nothing without it.
 */
export const urlParams = (
  query: ValidQuery,
  page: {
    readonly limit: number | undefined
    readonly startingFrom: string | undefined
    readonly orderBy?: "id" | undefined
  }
): URLSearchParams =>
  new URLSearchParams(omitUndefined({
    limit: page.limit?.toString(),
    startingFrom: page.startingFrom,
    orderBy: page.orderBy ?? query.orderBy,
    orderByDirection: query.orderByDirection,
    runType: query.runType,
    runStatus: query.runStatus,
    environmentID: query.environmentID,
    projectID: query.projectID,
    detail: query.detail ? "true" : undefined
  }))

/**
 * Returns the API's `startingFrom` that gives every run which the cursor has not passed. By a time it lies 1 ms before
 * the cursor's, so that the runs which share that time come again and none is lost.
 */
export const startingFromOf = (cursor: RunCursor.RunCursor): string | undefined => {
  if (cursor.value === undefined) return undefined
  if (cursor.orderBy === "id") return String(cursor.value)
  return DateTime.formatIso(DateTime.makeUnsafe(cursor.value + (cursor.orderByDirection === "desc" ? 1 : -1)))
}
