/**
 * Computes paging: which request comes next, and which rows of its response are new. It is pure: fetching is not here.
 *
 * **By id** a page starts behind the last id, or at the `next` of the response. **By a time**, which runs may share, a
 * page starts 1 ms before the last time, and the runs already seen there are dropped: an exclusive start at the time
 * itself would lose the other runs of that time where a page ends among them.
 */
import { idsOf, isBeyond } from "../cursor/order.ts"
import { maxLimit } from "../ListRunsQuery.ts"
import type { RunCursor } from "../RunCursor.ts"
import type { PaginationError } from "../RunsError.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { cut, quote } from "../wire/text.ts"
import { millisFromIso } from "../wire/time.ts"
import { startingFromOf, type ValidQuery } from "./query.ts"

export interface State {
  readonly cursor: RunCursor
  /** An opaque cursor: a `next` that is no id, which is sent back unchanged. */
  readonly opaque?: string | undefined
  /** How many rows without an id were reported that the next page lists again. */
  readonly unnamed: number
  /** Pages since the last new run. */
  readonly fruitless: number
  /** Pages so far. */
  readonly pages: number
  /** The most rows of a page so far: the limit of a server that returns fewer than requested. */
  readonly largest: number
}

export interface PageRequest {
  readonly limit: number
  readonly startingFrom: string | undefined
  /** Whether `startingFrom` is an opaque cursor. */
  readonly isOpaque: boolean
}

/** What paging needs of a row: its id, and the value that it is ordered by. */
export interface Row {
  readonly id: number | undefined
  readonly value: number | undefined
}

export interface PageResponse {
  readonly rows: ReadonlyArray<Row>
  readonly limit: number | undefined
  readonly next: string | number | undefined
}

export type Problem = Pick<PaginationError, "reason" | "description">

export interface Advance {
  /** The positions of the rows that were not seen before. */
  readonly fresh: ReadonlyArray<number>
  readonly state: State
  /** Whether there may be more. */
  readonly hasMore: boolean
  /** Why continuing could skip runs or loop forever. */
  readonly problem?: Problem | undefined
}

/** The first row should come soon, the history in few round trips. */
const growth = [25, 250, maxLimit] as const

const fruitlessPages = 3

/** The limits that people choose. */
const usualLimits = [10, 20, 25, 50, 100, 250, 500]

export const begin = (query: ValidQuery): State => ({
  cursor: query.start,
  unnamed: 0,
  fruitless: 0,
  pages: 0,
  largest: 0
})

export const request = (state: State, pageSize: number | undefined): PageRequest => {
  const size = pageSize ?? growth[Math.min(state.pages, growth.length - 1)] ?? maxLimit
  const { cursor } = state
  return {
    // There must be room for the rows that come again, and more of it when they filled a page: runs at the cursor's time
    // or without a time, those of the millisecond before, and rows without an id.
    limit: cursor.orderBy === "id" && state.unnamed === 0
      ? size
      : Math.min(maxLimit, size * 4 ** state.fruitless + idsOf(cursor).length),
    startingFrom: state.opaque ?? startingFromOf(cursor),
    isOpaque: state.opaque !== undefined
  }
}

export const advance = (state: State, request: PageRequest, response: PageResponse): Advance => {
  const { rows } = response
  const { fresh, value } = sift(state, rows)
  const full = isFull(request, response) || (2 * fresh.length >= rows.length && isClamped(state, request, response))
  const page = { rows, next: isNone(response.next) ? undefined : response.next, fresh, value, full }
  const step = state.cursor.orderBy === "id" ? byId(state, page) : byTime(state, page)
  const progress = fresh.some((index) => rows[index]?.id !== undefined)
  const next: State = {
    cursor: step.cursor,
    opaque: step.opaque,
    unnamed: step.opaque === undefined && step.cursor.value === value ? unnamedAt(value, rows) : 0,
    fruitless: progress ? 0 : state.fruitless + 1,
    pages: state.pages + 1,
    largest: Math.max(state.largest, rows.length)
  }
  return {
    fresh,
    state: next,
    hasMore: step.hasMore,
    problem: step.problem ?? (step.hasMore ? standstill(next) : undefined)
  }
}

interface Page extends Omit<PageResponse, "limit"> {
  readonly fresh: ReadonlyArray<number>
  /** The furthest value in the order, those before the page included. */
  readonly value: number | undefined
  readonly full: boolean
}

interface Step {
  readonly cursor: RunCursor
  readonly hasMore: boolean
  readonly opaque?: string | undefined
  readonly problem?: Problem | undefined
}

/** No run has an id of 0 or below, and no time is written so: it says that there is no `next`, as blank text does. */
const isNone = (next: string | number | undefined): boolean => next === undefined || Number(next) <= 0

const isFull = (request: PageRequest, { limit, rows }: PageResponse): boolean =>
  rows.length > 0 && rows.length >= Math.min(request.limit, statedLimit(limit) ?? maxLimit)

const statedLimit = (limit: number | undefined): number | undefined =>
  limit === undefined || limit < 1 ? undefined : limit

/**
 * Returns whether a short page may have been cut by a limit of the server's own that it does not state: no page before
 * was longer, and its length is one that people choose for a limit, or the response states no limit at all. The API's own
 * default is not cut.
 */
const isClamped = ({ largest }: State, request: PageRequest, { limit, rows: { length } }: PageResponse): boolean => {
  const stated = statedLimit(limit)
  const isUsual = usualLimits.includes(length)
  return length >= largest &&
    (stated === undefined ? isUsual || request.limit > growth[0] : isUsual && stated >= request.limit)
}

/** Counts the rows without an id that the next page lists again: those beside or behind the last value. */
const unnamedAt = (value: number | undefined, rows: ReadonlyArray<Row>): number => {
  const start = rows.findIndex((row) => row.value === value)
  return rows.filter(({ id }, index) => id === undefined && index >= start).length
}

/** Advances past the first `end` rows alone, so that the next page starts with the rows behind them. */
export const advanceTo = (state: State, request: PageRequest, response: PageResponse, end: number): Advance => ({
  ...advance(state, request, { ...response, next: undefined, rows: response.rows.slice(0, end) }),
  hasMore: true,
  problem: undefined
})

/** Returns the problem of a page without a new run whose cursor did not advance. */
export const stuck = (before: State, after: State): Problem | undefined =>
  after.fruitless > 0 && after.opaque === undefined && after.cursor.value === before.cursor.value &&
    idsOf(after.cursor).length === idsOf(before.cursor).length
    ? { reason: "NoProgress", description: "the page returned no new run, and its cursor did not advance" }
    : undefined

/** Finds the rows that were not seen before: by their ids, and by lying behind the cursor. */
const sift = ({ cursor, unnamed }: State, rows: ReadonlyArray<Row>): Pick<Page, "fresh" | "value"> => {
  const seen = new Set(idsOf(cursor))
  const fresh: Array<number> = []
  let { value } = cursor
  let reported = unnamed
  rows.forEach((row, index) => {
    const isSeen = row.id === undefined ? reported-- > 0 : seen.has(row.id)
    if (row.id !== undefined) seen.add(row.id)
    if (row.value !== undefined) {
      const tied = cursor.orderBy !== "id" && row.value === cursor.value
      if (!tied && !isBeyond(cursor, row.value)) return
      // Also of a run that was seen: it may have had no time then.
      value = furthest(cursor, value, row.value)
    }
    if (!isSeen) fresh.push(index)
  })
  return { fresh, value }
}

const furthest = (cursor: RunCursor, a: number | undefined, b: number): number =>
  a === undefined || isBeyond({ ...cursor, value: a }, b) ? b : a

const moved = (
  { orderBy, orderByDirection }: RunCursor,
  value: number | undefined,
  seen: ReadonlyArray<number> = [],
  untimed: ReadonlyArray<number> = []
): RunCursor => ({
  orderBy,
  orderByDirection,
  ...omitUndefined({ value }),
  seen,
  ...(untimed.length > 0 ? { untimed } : {})
})

const byId = (state: State, page: Page): Step => {
  const cursor = moved(state.cursor, page.value)
  if (page.next === undefined) return { cursor, hasMore: page.full }
  const next = idOf(page.next)
  if (next === undefined) {
    const opaque = String(page.next)
    return opaque === state.opaque
      ? { cursor, hasMore: false, problem: repeated(page.next) }
      : { cursor, hasMore: true, opaque }
  }
  const before = state.cursor.value
  const first = page.fresh.map((index) => page.rows[index]?.value).find((value) => value !== undefined)
  const advances = first === undefined
    ? isBeyond(state.cursor, next)
    : next === first || isBeyond({ ...cursor, value: first }, next)
  return advances
    ? { cursor: moved(cursor, furthest(cursor, page.value, next)), hasMore: true }
    : { cursor, hasMore: false, problem: next === before ? repeated(page.next) : backward(page.next) }
}

const byTime = (state: State, page: Page): Step => {
  const before = state.cursor
  const ids = (isWanted: (value: number | undefined) => boolean): ReadonlyArray<number> =>
    page.rows.flatMap((row) => row.id !== undefined && isWanted(row.value) ? [row.id] : [])
  const timed = new Set(ids((value) => value !== undefined))
  const seen = new Set([
    ...(page.value === before.value ? before.seen : []),
    ...ids((value) => value !== undefined && value === page.value)
  ])
  // Runs without the time have no place in the order, so any page may list them again, until they have it.
  const untimed = new Set([...before.untimed ?? [], ...ids((value) => value === undefined)])
  const cursor = moved(before, page.value, [...seen], [...untimed].filter((id) => !timed.has(id)))
  if (page.fresh.length > 0) return { cursor, hasMore: page.full || page.next !== undefined }
  if (page.next === undefined) return { cursor, hasMore: page.full }
  const next = timeOf(page.next)
  if (page.rows.length > 0) {
    // Runs that were all seen, though there was room for more: nothing is left, unless the server clamps its pages.
    const isClamped = page.rows.length >= state.largest && next !== before.value && page.next !== before.value
    return { cursor, hasMore: page.full || isClamped }
  }
  // Any other next says that there is more: the page is requested again, though not without end.
  if (Number.isNaN(next)) return { cursor, hasMore: true }
  if (isBeyond(before, next)) return { cursor: moved(before, next, [], before.untimed), hasMore: true }
  return { cursor, hasMore: false, problem: next === before.value ? repeated(page.next) : backward(page.next) }
}

/** Reads a `next` that is a time: ISO 8601, or epoch milliseconds, which no id reaches. */
const timeOf = (next: string | number): number => Number(next) > 1e11 ? Number(next) : millisFromIso(String(next))

/** Reads a `next` that is an id; any other is an opaque cursor. */
const idOf = (next: string | number): number | undefined => {
  const id = typeof next === "number" || /^\s*-?\d{1,16}\s*$/.test(next) ? Number(next) : Number.NaN
  return Number.isSafeInteger(id) ? id : undefined
}

const standstill = (state: State): Problem | undefined =>
  idsOf(state.cursor).length >= maxLimit
    ? {
      reason: "TooManyTies",
      description: `${maxLimit} runs or more share one ${state.cursor.orderBy}, or have none: one page cannot hold them`
    }
    : state.fruitless >= fruitlessPages
    ? { reason: "NoProgress", description: `${fruitlessPages} pages in succession returned no new run` }
    : undefined

const repeated = (next: string | number): Problem => ({
  reason: "RepeatedCursor",
  description: `the response's next, ${show(next)}, is where that page started`
})

const backward = (next: string | number): Problem => ({
  reason: "BackwardCursor",
  description: `the response's next, ${show(next)}, lies before the runs of that page`
})

const show = (next: string | number): string => typeof next === "string" ? quote(cut(next, 60)) : String(next)
