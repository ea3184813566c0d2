/**
 * One page: asked for, decoded, sifted, and where the caller wants it joined with the reasons of its failed runs.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Result from "effect/Result"
import { maxLimit, type ValidQuery } from "../ListRunsQuery.ts"
import type { AnyRun } from "../Run.ts"
import { type OrderBy, type RunCursor, valueOf } from "../RunCursor.ts"
import * as RunsError from "../RunsError.ts"
import * as paging from "./advance.ts"
import { decodeDetailed, decodeSummaries, type UndecodableRow } from "./decode.ts"
import { envelopeOf, failureReasons, listRuns } from "./listRuns.ts"
import * as metrics from "./metrics.ts"
import type { RequestContext } from "./statusError.ts"
import type { Answer, GetError, Transport } from "./transport.ts"

export interface Page {
  readonly runs: ReadonlyArray<AnyRun>
  readonly undecodable: ReadonlyArray<UndecodableRow>
  readonly cursor: RunCursor
  readonly hasMore: boolean
}

export interface Fetched {
  readonly page: Page
  readonly state: paging.State
  /** What ends the stream once the page's good runs are out. */
  readonly error?: RunsError.DecodeError | RunsError.PaginationError | undefined
}

/** A row of a page, good or not, in the page's order. */
type Row =
  | { readonly run: AnyRun; readonly bad?: undefined }
  | { readonly bad: UndecodableRow; readonly run?: undefined }

const interleave = (runs: ReadonlyArray<AnyRun>, undecodable: ReadonlyArray<UndecodableRow>): ReadonlyArray<Row> => {
  if (undecodable.length === 0) return runs.map((run) => ({ run }))
  const badAt = new Map(undecodable.map((bad) => [bad.index, bad]))
  const good = runs.values()
  return Array.from({ length: runs.length + undecodable.length }).flatMap((_, index): ReadonlyArray<Row> => {
    const bad = badAt.get(index)
    if (bad !== undefined) return [{ bad }]
    const next = good.next()
    return next.done === true ? [] : [{ run: next.value }]
  })
}

const pagingRow = (row: Row, orderBy: OrderBy): paging.Row =>
  row.run !== undefined
    ? { id: row.run.id, value: valueOf(row.run, orderBy) }
    : { id: row.bad.id, value: orderBy === "id" ? row.bad.id : row.bad[orderBy] }

/** A server that ignores a filter would make the types of this library lie. */
const ofOtherType = (query: ValidQuery) => (row: Row, index: number): Row =>
  row.run === undefined || query.runType === undefined || row.run.runType === query.runType ? row : {
    bad: {
      index,
      id: row.run.id,
      runStartTime: millis(row.run.runStartTime),
      runEndTime: millis(row.run.runEndTime),
      path: "runType",
      issue: `Expected ${JSON.stringify(query.runType)} as asked for, got ${JSON.stringify(row.run.runType)}`
    }
  }

const millis = (time: DateTime.Utc | undefined): number | undefined =>
  time === undefined ? undefined : DateTime.toEpochMillis(time)

const decodeErrorOf = (
  context: RequestContext,
  resumeFrom: RunCursor | undefined,
  bad: UndecodableRow
): RunsError.DecodeError =>
  new RunsError.DecodeError({
    request: context.request,
    ...(resumeFrom === undefined ? {} : { resumeFrom }),
    index: bad.index,
    path: bad.path,
    issue: bad.issue,
    ...(bad.id === undefined ? {} : { runID: bad.id })
  })

/** Rows of one answer: those of its page, in order, and what the answer says of the next. */
const readAnswer = (query: ValidQuery, answer: Answer) =>
  Result.map(envelopeOf(answer), ({ data, limit, next }) => {
    const { rows, undecodable } = query.detail ? decodeDetailed(data) : decodeSummaries(data)
    return { rows: interleave(rows, undecodable).map(ofOtherType(query)), limit, next }
  })

const withReason = (reasons: ReadonlyMap<number, string>) => (row: Row): Row => {
  const reason = row.run === undefined ? undefined : reasons.get(row.run.id)
  return row.run === undefined || reason === undefined ? row : { run: { ...row.run, runFailureReason: reason } }
}

const isFailed = (row: Row): boolean => row.run?.runStatus === "failed"

/**
 * The answer's rows, failed ones with their reason where that is asked for. When only failed runs are, both forms of the
 * page are fetched at once; otherwise the second is fetched when the first turns out to hold a failed run.
 */
const readPage = Effect.fnUntraced(function*(
  transport: Transport,
  query: ValidQuery,
  state: paging.State,
  request: paging.PageRequest,
  resumeFrom: RunCursor | undefined
) {
  const reasonsFrom = (startingFrom: string | undefined) =>
    failureReasons(transport, query, { ...request, startingFrom }, resumeFrom)
  const isCertain = query.failureReasons && query.runStatus === "failed" && state.opaque === undefined
  const early = isCertain ? yield* Effect.forkScoped(reasonsFrom(request.startingFrom)) : undefined
  const answer = yield* listRuns(transport, query, request, resumeFrom)
  const { context } = answer
  const read = yield* Effect.fromResult(readAnswer(query, answer))
  const failed = read.rows.find(isFailed)?.run
  if (!query.failureReasons || failed === undefined) return { ...read, context }
  // A token of the server's own may hold for the query that it was given for, and no other.
  const late = reasonsFrom(
    state.opaque === undefined
      ? request.startingFrom
      : String(query.orderByDirection === "desc" ? failed.id + 1 : failed.id - 1)
  )
  const reasons = yield* (early === undefined ? late : Fiber.join(early))
  return { ...read, context, rows: read.rows.map(withReason(reasons)) }
}, Effect.scoped)

/**
 * Fetches the page that a state asks for.
 *
 * A stream gives the good rows before a bad one and then the error. Asked for by itself, a page is whole or an error
 * that leads back to its start; it has no more rows than were asked for; and one that leads where it started is an error
 * at once, since nobody counts such pages there.
 */
export const fetchPage = Effect.fnUntraced(function*(
  transport: Transport,
  query: ValidQuery,
  state: paging.State,
  reader: "stream" | "page"
): Effect.fn.Return<Fetched, GetError> {
  const request = paging.request(state, query.pageSize)
  // Before the first run there is nowhere to resume from but the start.
  const resumeFrom = state.cursor.value === undefined && state.cursor.seen.length === 0 ? undefined : state.cursor
  const { context, limit, next, rows } = yield* readPage(transport, query, state, request, resumeFrom)
  const answer = { rows: rows.map((row) => pagingRow(row, query.orderBy)), limit, next }
  const whole = paging.advance(state, request, answer)

  const firstBad = query.undecodableRows === "fail"
    ? whole.fresh.find((index) => rows[index]?.bad !== undefined)
    : undefined
  const tooMany = reader === "page" ? whole.fresh[query.pageSize ?? maxLimit] : undefined
  const end = Math.min(firstBad ?? rows.length, tooMany ?? rows.length)
  const bad = rows[end]?.bad
  if (bad !== undefined && reader === "page") return yield* decodeErrorOf(context, resumeFrom, bad)
  // What lies behind the end was not read, as far as the next page goes.
  const read = end === rows.length
    ? whole
    : paging.advance(state, request, { ...answer, next: undefined, rows: answer.rows.slice(0, end) })
  const problem = end < rows.length
    ? undefined
    : (reader === "page" ? paging.stuck(state, read) : undefined) ?? read.problem

  const { cursor } = read.state
  const fresh = read.fresh.flatMap((index) => rows[index] ?? [])
  const runs = fresh.flatMap((row) => row.run ?? [])
  // An answer that leads nowhere is no end.
  const hasMore = end < rows.length || read.more || problem !== undefined
  yield* Metric.update(metrics.rows, runs.length)
  yield* Effect.annotateCurrentSpan({
    "coalesce.page.rows": rows.length,
    "coalesce.page.runs": runs.length,
    "coalesce.page.has_more": hasMore
  })
  return {
    page: { runs, undecodable: fresh.flatMap((row) => row.bad ?? []), cursor, hasMore },
    state: read.state,
    error: bad !== undefined
      ? decodeErrorOf(context, cursor, bad)
      : problem !== undefined
      ? new RunsError.PaginationError({ ...context, ...problem, resumeFrom: cursor })
      : undefined
  }
}, (effect, _transport, query, state) =>
  Effect.withSpan(effect, "RunsClient.listPage", {
    attributes: {
      "coalesce.page.number": state.pages + 1,
      "coalesce.query.order_by": query.orderBy,
      "coalesce.query.order_by_direction": query.orderByDirection,
      "coalesce.query.detail": query.detail
    }
  }))
