/**
 * Computes which ranges of ids to request next, and what a page says about those that are left. It is pure.
 *
 * Nobody knows beforehand which ids of a range match. A range is as wide as the runs read so far suggest for one page. If
 * it holds more, what is left of it is divided again.
 */
import * as Option from "effect/Option"
import { maxLimit } from "../ListRunsQuery.ts"
import type { AnyRun } from "../Run.ts"
import type { OrderByDirection, RunCursor } from "../RunCursor.ts"
import type { RunPage, UndecodableRow } from "../RunsClient.ts"

export interface Options {
  readonly direction: OrderByDirection
  /** The id to start behind. */
  readonly start: number | undefined
  /** How many rows the first page has. It is read alone. */
  readonly firstLimit: number
  /** How many rows the other pages have at most. */
  readonly pageSize: number
  /** The most runs that are wanted. */
  readonly maxRows: number
}

/** Ids behind `from`, up to and including `to`, in the direction of reading. */
export interface Range {
  readonly from: number
  readonly to: number
  /** The rows to request at least, where those behind its start have no readable id. Default: 1. */
  readonly least?: number
}

/** A range that is requested from its start. */
export interface RangeRequest {
  readonly from: number | undefined
  readonly to: number
  readonly limit: number
}

/** What the pages so far suggest for the next. The last page counts most. */
export interface Density {
  /** The number of ids that the rows lie among. */
  readonly ids: number
  readonly rows: number
  /** The rows to expect of a page: a server may return fewer than requested. */
  readonly size: number
}

export interface State {
  readonly options: Options
  /** The first page, until it is requested. */
  readonly first: RangeRequest | undefined
  /** What is left, in order: requested ranges and others. */
  readonly ranges: ReadonlyArray<Range | RangeRequest>
  readonly density: Density
  /** How many more runs are wanted. */
  readonly wanted: number
}

export interface Plan {
  readonly state: State
  /** The requests to send now. They are in the state's ranges too, as the same objects. */
  readonly requests: ReadonlyArray<RangeRequest>
  /** The request whose page comes next in order. */
  readonly awaited: RangeRequest | undefined
}

export interface Advance<A extends AnyRun> {
  /** The runs of the page that no other request reads. */
  readonly runs: ReadonlyArray<A>
  /** The undecodable rows among them. */
  readonly undecodable: ReadonlyArray<UndecodableRow>
  /** None at the end. */
  readonly state: Option.Option<State>
  /** Where to continue one page at a time, because the page says that there is more, but does not advance. */
  readonly readOnFrom: RunCursor | undefined
}

export const begin = (options: Options): State => ({
  options,
  first: { from: options.start, to: endOf(options), limit: options.firstLimit },
  ranges: [],
  density: { ids: 0, rows: 0, size: options.pageSize },
  wanted: options.maxRows
})

/**
 * Divides what is left, and plans the requests whose turn it is: at most `concurrency` at the same time, and none behind those
 * that can hold all the runs that are wanted.
 */
export const request = (state: State, concurrency: number): Plan => {
  const { density, first, options: { direction, pageSize } } = state
  if (first !== undefined) {
    return { state: { ...state, first: undefined, ranges: [first] }, requests: [first], awaited: first }
  }
  const ahead: Array<Range | RangeRequest> = []
  const requests: Array<RangeRequest> = []
  const rest = [...state.ranges]
  // Dividing a range again pushes back pages that were already requested. The number of those that wait is bounded.
  const free = 2 * concurrency - rest.filter(isRequested).length
  let wanted = state.wanted - rest.filter(isRequested).reduce((sum, { limit }) => sum + limit, 0)
  while (ahead.length < concurrency) {
    const range = rest.shift()
    if (range === undefined) break
    if (isRequested(range) || (ahead.length > 0 && (requests.length >= free || wanted <= 0))) {
      ahead.push(range)
      continue
    }
    const cut = range.from + signOf(direction) * widthOf(density)
    const to = isBefore(direction, cut, range.to) ? cut : range.to
    if (to !== range.to) rest.unshift({ from: to, to: range.to })
    const limit = Math.max(range.least ?? 1, Math.min(pageSize, Math.abs(to - range.from)))
    const request = { from: range.from, to, limit }
    wanted -= limit
    requests.push(request)
    ahead.push(request)
  }
  const [awaited] = ahead
  return {
    state: { ...state, ranges: [...ahead, ...rest] },
    requests,
    awaited: awaited !== undefined && isRequested(awaited) ? awaited : undefined
  }
}

/** Takes the page of the first range, and computes what is left behind it. */
export const advance = <A extends AnyRun>(state: State, request: RangeRequest, page: RunPage<A>): Advance<A> => {
  const { density, options } = state
  const { direction } = options
  const others = state.ranges.filter((range) => range !== request)
  const end = endOf(options)
  // Nothing lies behind the last page, so that all of it counts, whichever other request reads it.
  const to = page.hasMore ? others.find(isRequested)?.from ?? end : end
  const runs = page.runs.filter((run) => !isBefore(direction, to, run.id))
  const reached = page.cursor.value
  // The next page starts behind the last row with an id, and lists the rows without one that follow it again.
  const behindLast = page.runs.at(-1)?.id === reached || page.undecodable.some(({ id }) => id === reached)
    ? page.undecodable.findLastIndex(({ id, index }, before) => id !== undefined || index - before < page.runs.length)
    : Infinity
  const undecodable = page.undecodable.filter(({ id, index }, before) =>
    id === undefined
      ? index - before <= runs.length && (!page.hasMore || before <= behindLast)
      : !isBefore(direction, to, id)
  )
  const taken = { runs, undecodable, readOnFrom: undefined }
  const wanted = state.wanted - runs.length
  if (!page.hasMore || wanted <= 0) return { ...taken, state: Option.none() }
  if (reached === undefined || reached === request.from) {
    const least = Math.min(maxLimit, 4 * request.limit)
    // Rows without an id fill the page: it is requested again, with room for those behind them.
    return page.undecodable.length > 0 && request.limit < maxLimit
      ? { runs: [], undecodable: [], readOnFrom: undefined, state: Option.some(again(state, request, least)) }
      : { ...taken, state: Option.none(), readOnFrom: page.cursor }
  }
  // Nobody knows whether anything is left: that is one request, not several at once.
  const isAlone = others.length === 0 && request.from === options.start &&
    page.runs.length + page.undecodable.length < request.limit
  if (isAlone) {
    const first = { from: reached, to: request.to, limit: options.pageSize }
    return { ...taken, state: Option.some({ ...state, ranges: [], first, wanted }) }
  }
  // Nothing that matches lies between the runs of this page and the first run behind them.
  const behind = page.runs[runs.length]
  const known = behind === undefined ? reached : behind.id - signOf(direction)
  const ranges = [
    { from: reached, to: request.to },
    ...others.map((range) =>
      !isRequested(range) && isBefore(direction, range.from, known) ? { from: known, to: range.to } : range
    )
  ].filter((range) => isRequested(range) || isBefore(direction, range.from, range.to))
  return {
    ...taken,
    state: ranges.length === 0
      ? Option.none()
      : Option.some({ ...state, ranges, density: observe(density, page, request, options.pageSize), wanted })
  }
}

/** Makes a request anew, with more rows. */
const again = (state: State, request: RangeRequest, least: number): State => {
  const { from, to } = request
  if (from === undefined) return { ...state, ranges: [], first: { from, to, limit: least } }
  return { ...state, ranges: state.ranges.map((range) => range === request ? { from, to, least } : range) }
}

const isRequested = (range: Range | RangeRequest): range is RangeRequest => "limit" in range

const signOf = (direction: OrderByDirection): number => direction === "desc" ? -1 : 1

const endOf = ({ direction }: Options): number => direction === "desc" ? 0 : Number.MAX_SAFE_INTEGER

/** Returns whether the id `a` is read before the id `b`. */
const isBefore = (direction: OrderByDirection, a: number, b: number): boolean => (b - a) * signOf(direction) > 0

/**
 * Returns how many ids to read as one page. If few of them match it is a little less than would fill the page: what does not
 * fit costs another page.
 */
const widthOf = ({ ids, rows, size }: Density): number => {
  const idsPerRow = rows === 0 ? 1 : Math.max(1, ids / rows)
  const spread = 3 * Math.sqrt(size * (1 - 1 / idsPerRow))
  return Math.max(1, Math.floor(idsPerRow * Math.max(size - spread, size / 2)))
}

const observe = (
  { ids, rows, size }: Density,
  { runs }: RunPage,
  { from, limit }: RangeRequest,
  pageSize: number
): Density => {
  const [first] = runs
  const last = runs.at(-1)
  if (first === undefined || last === undefined) return { ids, rows, size }
  // A gap before many runs says little of those to come. A gap before a single run is all that is known.
  const span = runs.length > 1 ? Math.abs(last.id - first.id) + 1 : Math.abs(last.id - (from ?? last.id + 1))
  return {
    ids: ids / 2 + span,
    rows: rows / 2 + runs.length,
    size: Math.min(pageSize, runs.length < limit ? runs.length : 2 * size)
  }
}
