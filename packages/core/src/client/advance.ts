/**
 * Computes paging: which request comes next, and which rows of its response are new. It is pure: fetching is not here.
 *
 * **By id** a page starts behind the last id, or at the `next` of the response. **By a time**, which runs may share, a
 * page starts 1 ms before the last time, and the runs already seen there are dropped: an exclusive start at the time
 * itself would lose the other runs of that time where a page ends among them.
 *
 * **The end** is believed where the response proves it. Otherwise one page more is requested behind the last row, since a
 * server may return fewer rows than requested without saying so.
 */
import { idsOf, isBeyond } from "../cursor/order.ts"
import { maxLimit } from "../ListRunsQuery.ts"
import type { RunCursor } from "../RunCursor.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { backward, idOf, isNone, repeated, timeOf } from "./next.ts"
import type { Advance, PageRequest, PageResponse, Problem, Row, Server, State } from "./pagingModel.ts"
import { startingFromOf, type ValidQuery } from "./query.ts"

export type * from "./pagingModel.ts"

/** The first row should come soon, the history in few round trips. */
const firstSize = 25

const fruitlessPages = 3

const unknown: Server = { largest: 0 }

/** Joins what two readings have shown of the server. */
export const known = (a = unknown, b = a): Server => ({
  largest: Math.max(a.largest, b.largest),
  speaks: a.speaks === false ? false : b.speaks ?? a.speaks
})

export const begin = (query: ValidQuery, server = unknown): State => ({
  cursor: query.start,
  unnamed: 0,
  fruitless: 0,
  pages: 0,
  wasSilent: false,
  wentBack: false,
  server
})

export const request = (state: State, pageSize: number | undefined): PageRequest => {
  const size = pageSize ?? (state.pages === 0 ? firstSize : maxLimit)
  const { cursor, probe } = state
  if (probe !== undefined) {
    return { limit: probe.rows + 1, startingFrom: probe.behind?.toString(), isOpaque: false, orderBy: "id" }
  }
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
  const { next, rows } = response
  const { fresh, length, value } = sift(state, rows)
  const isSilent = isNone(next)
  const progress = state.probe === undefined && fresh.some((index) => rows[index]?.id !== undefined)
  const { speaks, largest } = state.server
  const server: Server = {
    largest: Math.max(largest, length),
    speaks: state.wasSilent && progress ? false : speaks ?? (isSilent ? undefined : true)
  }
  const stated = response.limit !== undefined && response.limit >= 1 ? response.limit : maxLimit
  const isFilled = rows.length >= stated
  // By a time, a page that comes again may fill a limit that the server states too small: that does not show that there is more.
  const isAgain = state.cursor.orderBy !== "id" && fresh.length === 0
  const page: Page = {
    rows,
    next: isSilent ? undefined : next,
    fresh,
    length,
    value,
    isFull: rows.length >= request.limit || (isFilled && !isAgain),
    isLast: (!isFilled && (length < Math.max(largest, 1) || stated < request.limit)) ||
      (isSilent && (next === undefined ? server.speaks === true : server.speaks !== false))
  }
  const step = state.probe !== undefined
    ? ofProbe(state, state.probe, page)
    : state.cursor.orderBy === "id"
    ? byId(state, page)
    : byTime(state, page)
  const after: State = {
    cursor: step.cursor,
    opaque: step.opaque,
    unnamed: state.probe !== undefined
      ? state.unnamed
      : step.opaque === undefined && step.cursor.value === value
      ? unnamedAt(progress ? value : undefined, rows)
      : 0,
    fruitless: progress ? 0 : state.fruitless + Number(state.probe === undefined),
    pages: state.pages + 1,
    wasSilent: isSilent,
    server,
    probe: step.probe,
    wentBack: !progress && (step.wentBack ?? state.wentBack)
  }
  const isDoubtful = step.probe !== undefined || (step.hasMore && !page.isFull && page.next === undefined)
  return {
    fresh: state.probe === undefined ? fresh : [],
    state: after,
    hasMore: step.hasMore,
    isDoubtful,
    problem: step.problem ?? (step.hasMore && step.probe === undefined ? standstill(after) : undefined)
  }
}

interface Page extends Pick<PageResponse, "rows"> {
  readonly next: string | number | undefined
  readonly fresh: ReadonlyArray<number>
  /** How many rows there are, without those that the page lists twice. */
  readonly length: number
  /** The furthest value in the order, those before the page included. */
  readonly value: number | undefined
  readonly isFull: boolean
  /** Whether a page that is not full is proven to be the last. */
  readonly isLast: boolean
}

interface Step extends Pick<State, "cursor" | "opaque" | "probe"> {
  readonly hasMore: boolean
  readonly wentBack?: true
  readonly problem?: Problem | undefined
}

/** Counts the rows without an id that the next page lists again: those beside or behind the last value, or all of them. */
const unnamedAt = (value: number | undefined, rows: ReadonlyArray<Row>): number => {
  const start = value === undefined ? 0 : rows.findIndex((row) => row.value === value)
  return rows.filter(({ id }, index) => id === undefined && index >= start).length
}

/** Advances past the first `end` rows alone, so that the next page starts with the rows behind them. */
export const advanceTo = (state: State, request: PageRequest, response: PageResponse, end: number): Advance => ({
  ...advance(state, request, { ...response, next: undefined, rows: response.rows.slice(0, end) }),
  hasMore: true,
  isDoubtful: false,
  problem: undefined
})

/** Returns the problem of a page without a new run whose cursor did not advance. */
export const stuck = (before: State, after: State): Problem | undefined =>
  after.fruitless > 0 && after.opaque === undefined && after.cursor.value === before.cursor.value &&
    idsOf(after.cursor).length === idsOf(before.cursor).length
    ? { reason: "NoProgress", description: "the page returned no new run, and its cursor did not advance" }
    : undefined

/** Finds the rows that were not seen before: by their ids, and by lying behind the cursor. */
const sift = ({ cursor, unnamed }: State, rows: ReadonlyArray<Row>): Pick<Page, "fresh" | "length" | "value"> => {
  const seen = new Set(idsOf(cursor))
  const ids = new Set<number>()
  const fresh: Array<number> = []
  let { value } = cursor
  let withoutId = 0
  rows.forEach((row, index) => {
    const isSeen = row.id === undefined ? ++withoutId <= unnamed : seen.has(row.id) || ids.has(row.id)
    if (row.id !== undefined) ids.add(row.id)
    if (row.value !== undefined) {
      const tied = cursor.orderBy !== "id" && row.value === cursor.value
      if (!tied && !isBeyond(cursor, row.value)) return
      // Also of a run that was seen: it may have had no time then.
      value = furthest(cursor, value, row.value)
    }
    if (!isSeen) fresh.push(index)
  })
  return { fresh, value, length: ids.size + withoutId }
}

const furthest = ({ orderByDirection }: RunCursor, a: number | undefined, b: number): number =>
  a === undefined ? b : orderByDirection === "desc" ? Math.min(a, b) : Math.max(a, b)

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
  if (page.next === undefined) {
    const isFirstOfAll = page.value !== undefined && page.value <= 1 && cursor.orderByDirection === "desc"
    return { cursor, hasMore: page.isFull || (!page.isLast && !isFirstOfAll && page.fresh.length > 0) }
  }
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
  if (page.next === undefined) {
    const isDoubtful = !page.isFull && !page.isLast
    // The next page would list the same rows.
    const isSame = isDoubtful && (page.fresh.length === 0 || idsOf(cursor).length >= page.rows.length)
    return { cursor, hasMore: page.isFull || isDoubtful, probe: isSame ? { rows: page.length } : undefined }
  }
  if (page.fresh.length > 0) return { cursor, hasMore: true }
  const next = timeOf(page.next)
  if (page.rows.length > 0) {
    // Runs that were all seen, though there was room for more. Some servers have a next on each page.
    const isSame = !page.isFull && !page.isLast && next === before.value
    return { cursor, hasMore: page.isFull || !page.isLast, probe: isSame ? { rows: page.length } : undefined }
  }
  // Any other next says that there is more: the page is requested again, though not without end.
  if (Number.isNaN(next)) return { cursor, hasMore: true }
  if (isBeyond(before, next)) return { cursor: moved(before, next, [], before.untimed), hasMore: true }
  return { cursor, hasMore: false, problem: next === before.value ? repeated(page.next) : backward(page.next) }
}

/**
 * Tells whether a page of runs that were all seen, the longest of all pages, was the end. The server may have cut it among
 * runs of one time, which no order by a time can tell. By id each run has a place of its own: a page that is longer, or the
 * last, shows that no run was cut off.
 */
const ofProbe = ({ cursor, wentBack }: State, { behind, rows }: NonNullable<State["probe"]>, page: Page): Step => {
  const ids = page.rows.flatMap(({ id }) => id === undefined || !isBeyond({ ...cursor, value: behind }, id) ? [] : [id])
  // An order by the time must list these.
  const isMissing = page.fresh.some((index) =>
    page.rows[index]?.id !== undefined && page.rows[index].value !== undefined
  )
  if (isMissing || (behind !== undefined && ids.length > 0)) {
    // They may have appeared meanwhile: then the page by the time lists them, or the page by id is longer next time.
    return wentBack
      ? { cursor, hasMore: false, problem: tooManyTies(rows, cursor) }
      : { cursor, hasMore: true, wentBack: true }
  }
  return page.length === rows && ids.length > 0
    ? { cursor, hasMore: true, probe: { rows, behind: ids.at(-1) } }
    : { cursor, hasMore: false }
}

const standstill = (state: State): Problem | undefined =>
  idsOf(state.cursor).length >= maxLimit
    ? tooManyTies(maxLimit, state.cursor)
    : state.fruitless >= fruitlessPages
    ? { reason: "NoProgress", description: `${fruitlessPages} pages in succession returned no new run` }
    : undefined

const tooManyTies = (rows: number, { orderBy }: RunCursor): Problem => ({
  reason: "TooManyTies",
  description: `${rows} runs or more share one ${orderBy}, or have none: one page cannot hold them`
})
