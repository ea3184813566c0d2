/** Fetches one page of a list, and returns where its reader continues or the error that it ends with. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { idsOf, valueOf } from "../cursor/order.ts"
import type { AnyRun } from "../Run.ts"
import type { OrderBy, RunCursor } from "../RunCursor.ts"
import * as RunsError from "../RunsError.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import * as paging from "./advance.ts"
import type { Row, UndecodableRow } from "./decode.ts"
import { guess } from "./guess.ts"
import { listRuns } from "./listRuns.ts"
import type { GetError, RunPage } from "./model.ts"
import type { ValidQuery } from "./query.ts"
import { OnGuess } from "./references.ts"
import type { RequestContext } from "./statusError.ts"
import type { Transport } from "./transport.ts"

/** What ends the reading behind a page's rows: a row that the query does not skip, or a page that does not advance. */
export type End = { readonly row: UndecodableRow } | { readonly problem: paging.Problem }

export interface Fetched {
  readonly page: RunPage
  readonly state: paging.State
  /** How many rows the page has. */
  readonly rows: number
  /** Whether the page may be the last, though nothing proves it. */
  readonly isDoubtful: boolean
  readonly end: End | undefined
  readonly context: RequestContext
}

type PageError = RunsError.DecodeError | RunsError.PaginationError

const positionOf = (row: Row, orderBy: OrderBy): paging.Row => {
  const fields = Result.merge(row)
  return { id: fields.id, value: valueOf(fields, orderBy) }
}

const failureOf = (row: Row | undefined): UndecodableRow | undefined =>
  row !== undefined && Result.isFailure(row) ? row.failure : undefined

/** Before the first run there is nowhere to resume from but the start. */
const resumeFromOf = ({ cursor }: paging.State): RunCursor | undefined =>
  cursor.value === undefined && idsOf(cursor).length === 0 ? undefined : cursor

/**
 * Fetches the page that a state asks for, with at most `most` rows. This is the place where `undecodableRows` decides:
 * with `"fail"` a page ends before its first undecodable row. A state that is guessed is good enough for the request, and
 * `settled` gives what it was.
 */
export const fetchPage = Effect.fnUntraced(function*(
  transport: Transport,
  query: ValidQuery,
  given: paging.State,
  most: number,
  settled: Effect.Effect<paging.State> = Effect.succeed(given)
): Effect.fn.Return<Fetched, GetError> {
  const request = paging.request(given, query.pageSize)
  const onGuess = yield* OnGuess
  const onText = (text: string) => onGuess(() => guess(given, request, text))
  const { context, limit, next, rows } = yield* listRuns(transport, query, request, resumeFromOf(given), onText)
  const state = yield* settled
  const response = { rows: rows.map((row) => positionOf(row, query.orderBy)), limit, next }
  const whole = paging.advance(state, request, response)
  const endsAt = query.undecodableRows === "fail"
    ? whole.fresh.slice(0, most).find((index) => failureOf(rows[index]) !== undefined)
    : undefined
  const cut = endsAt ?? whole.fresh[most]
  const read = cut === undefined ? whole : paging.advanceTo(state, request, response, cut)
  const row = endsAt === undefined ? undefined : failureOf(rows[endsAt])
  const { problem } = read

  const runs: Array<AnyRun> = []
  const undecodable: Array<UndecodableRow> = []
  for (const index of read.fresh) {
    const row = rows[index]
    if (row === undefined) continue
    if (Result.isSuccess(row)) runs.push(row.success)
    else undecodable.push(row.failure)
  }
  // A page that does not advance is not the last.
  const hasMore = read.hasMore || problem !== undefined
  yield* Effect.annotateCurrentSpan({
    "coalesce.page.rows": rows.length,
    "coalesce.page.runs": runs.length,
    "coalesce.page.has_more": hasMore
  })
  const { orderBy, orderByDirection } = query
  return {
    page: { orderBy, orderByDirection, runs, undecodable, cursor: read.state.cursor, hasMore },
    state: read.state,
    rows: rows.length,
    isDoubtful: read.isDoubtful,
    end: row !== undefined ? { row } : problem !== undefined ? { problem } : undefined,
    context
  }
})

const errorOf = (context: RequestContext, end: End, resumeFrom: RunCursor | undefined): PageError => {
  const common = { request: context.request, ...omitUndefined({ resumeFrom }) }
  if ("problem" in end) return new RunsError.PaginationError({ ...common, ...end.problem })
  const { id, index, issue, path } = end.row
  return new RunsError.DecodeError({ ...common, index, path, issue, ...omitUndefined({ runID: id }) })
}

/** Returns where a stream continues behind a page: at the next page, or at the error that ends it. */
export const nextOf = ({ context, end, page, state }: Fetched): Option.Option<Result.Result<paging.State, PageError>> =>
  end !== undefined
    ? Option.some(Result.fail(errorOf(context, end, state.cursor)))
    : page.hasMore
    ? Option.some(Result.succeed(state))
    : Option.none()

/**
 * Returns a page that was requested alone, or an error that resumes where the page started. Nobody counts pages without
 * a new run there, so one whose cursor did not advance is an error at once.
 */
export const wholePage = (
  before: paging.State,
  { context, end, isDoubtful, page, state }: Fetched
): Result.Result<RunPage, PageError> => {
  if (end !== undefined && "row" in end) return Result.fail(errorOf(context, end, resumeFromOf(before)))
  const problem = end?.problem ?? (page.hasMore && !isDoubtful ? paging.stuck(before, state) : undefined)
  return problem !== undefined && page.runs.length === 0
    ? Result.fail(errorOf(context, { problem }, state.cursor))
    : Result.succeed(page)
}
