/**
 * One page: asked for, decoded, sifted, and where the caller wants it joined with the reasons of its failed runs.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Result from "effect/Result"
import { urlParams, type ValidQuery } from "../ListRunsQuery.ts"
import { type AnyRun, type RunSummary } from "../Run.ts"
import { type OrderBy, type RunCursor, valueOf } from "../RunCursor.ts"
import * as RunsError from "../RunsError.ts"
import { decodeDetailed, decodeEnvelope, decodeSummaries, type UndecodableRow } from "./decode.ts"
import type { Answer, GetError, Transport } from "./http.ts"
import * as metrics from "./metrics.ts"
import * as paging from "./paging.ts"

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
  /** What ends reading page by page, where a stream would try again. */
  readonly stuck?: RunsError.PaginationError | undefined
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

const decodeErrorOf = (context: Answer["context"], cursor: RunCursor, bad: UndecodableRow): RunsError.DecodeError =>
  new RunsError.DecodeError({
    ...context,
    resumeFrom: cursor,
    index: bad.index,
    path: bad.path,
    issue: bad.issue,
    ...(bad.id === undefined ? {} : { runID: bad.id })
  })

const envelopeOf = ({ body, context }: Answer) =>
  Result.mapError(decodeEnvelope(body), (issue) => new RunsError.DecodeError({ ...context, path: "data", issue }))

const paginationError = (context: Answer["context"], state: paging.State, problem: paging.Problem | undefined) =>
  problem === undefined
    ? undefined
    : new RunsError.PaginationError({ ...context, ...problem, resumeFrom: state.cursor })

/** Rows of one answer: those of its page, in order, and what the answer says of the next. */
const readAnswer = (query: ValidQuery, answer: Answer) =>
  Result.map(envelopeOf(answer), ({ data, limit, next }) => {
    const { rows, undecodable } = query.detail ? decodeDetailed(data) : decodeSummaries(data)
    return { rows: interleave(rows, undecodable).map(ofOtherType(query)), limit, next }
  })

const listRuns = (
  transport: Transport,
  query: ValidQuery,
  request: paging.PageRequest,
  resumeFrom: RunCursor | undefined
): Effect.Effect<Answer, GetError> =>
  transport.get({ endpoint: "runs", path: "/api/v1/runs", params: urlParams(query, request), resumeFrom })

/** The failed runs of a page, as summaries: the rows that have a reason. */
const failureSummaries = Effect.fnUntraced(function*(
  transport: Transport,
  query: ValidQuery,
  request: paging.PageRequest,
  resumeFrom: RunCursor | undefined
) {
  const { body, context } = yield* listRuns(
    transport,
    { ...query, detail: false, runStatus: "failed" },
    request,
    resumeFrom
  )
  const { data } = yield* Effect.fromResult(envelopeOf({ body, context }))
  return new Map(decodeSummaries(data).rows.map((row): [number, RunSummary] => [row.id, row]))
})

const withReason = (reasons: ReadonlyMap<number, RunSummary>) => (row: Row): Row => {
  const reason = row.run === undefined ? undefined : reasons.get(row.run.id)?.runFailureReason
  return row.run === undefined || reason === undefined ? row : { run: { ...row.run, runFailureReason: reason } }
}

const isFailed = (row: Row): boolean => row.run?.runStatus === "failed"

/**
 * The answer's rows, failed ones with their reason. When only failed runs were asked for, both forms of the page are
 * fetched at once; otherwise the second is fetched when the first turns out to hold a failed run.
 */
const readPage = Effect.fnUntraced(function*(
  transport: Transport,
  query: ValidQuery,
  request: paging.PageRequest,
  resumeFrom: RunCursor | undefined
) {
  const summaries = failureSummaries(transport, query, request, resumeFrom)
  const early = query.failureReasons && query.runStatus === "failed" ? yield* Effect.forkScoped(summaries) : undefined
  const answer = yield* listRuns(transport, query, request, resumeFrom)
  const { context } = answer
  const read = yield* Effect.fromResult(readAnswer(query, answer))
  if (!query.failureReasons || !read.rows.some(isFailed)) return { ...read, context }
  const reasons = yield* (early === undefined ? summaries : Fiber.join(early))
  return { ...read, context, rows: read.rows.map(withReason(reasons)) }
}, Effect.scoped)

/** Fetches the page that a state asks for. */
export const fetchPage = Effect.fnUntraced(function*(
  transport: Transport,
  query: ValidQuery,
  state: paging.State
): Effect.fn.Return<Fetched, GetError> {
  const request = paging.request(state, query.pageSize)
  // Before the first run there is nowhere to resume from but the start.
  const resumeFrom = state.cursor.value === undefined && state.cursor.seen.length === 0 ? undefined : state.cursor
  const { context, limit, next, rows } = yield* readPage(transport, query, request, resumeFrom)
  const answer = { rows: rows.map((row) => pagingRow(row, query.orderBy)), limit, next }
  const advance = paging.advance(state, request, answer)
  const fresh = advance.fresh.flatMap((index) => rows[index] ?? [])

  const bad = query.undecodableRows === "fail" ? fresh.find((row) => row.bad !== undefined)?.bad : undefined
  if (bad !== undefined) {
    const before = paging.advance(state, request, { ...answer, next: undefined, rows: answer.rows.slice(0, bad.index) })
    const runs = before.fresh.flatMap((index) => rows[index]?.run ?? [])
    return {
      page: { runs, undecodable: [], cursor: before.state.cursor, hasMore: true },
      state: before.state,
      error: decodeErrorOf(context, before.state.cursor, bad)
    }
  }
  const runs = fresh.flatMap((row) => row.run ?? [])
  yield* Metric.update(metrics.rows, runs.length)
  yield* Effect.annotateCurrentSpan({
    "coalesce.page.rows": rows.length,
    "coalesce.page.runs": runs.length,
    "coalesce.page.has_more": advance.more
  })
  return {
    page: {
      runs,
      undecodable: fresh.flatMap((row) => row.bad ?? []),
      cursor: advance.state.cursor,
      // An answer that leads nowhere is no end.
      hasMore: advance.more || advance.problem !== undefined
    },
    state: advance.state,
    error: paginationError(context, advance.state, advance.problem),
    stuck: paginationError(context, advance.state, paging.stuck(state, advance))
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
