/**
 * Computes which request of a watch comes next, and which events its page gives. It is pure, one request a step.
 *
 * A poll reads the newest runs, and then, page by page, the runs that are older than those and had not ended. If one page
 * cannot hold all new runs, it catches up from the oldest of them instead.
 */
import * as Duration from "effect/Duration"
import { type AnyRun, isTerminal, type RunId, type RunStatus } from "../Run.ts"
import type { ListError, RunPage } from "../RunsClient.ts"
import type { Event } from "./event.ts"

/** The newest runs that each poll reads. */
const newestLimit = 100

const catchUpLimit = 1000

/** How many pages of older runs one poll reads. The next poll continues there. */
const olderPages = 10

/** Failed polls double the wait, up to this many times `every`. */
const longestWait = 10

export interface Options {
  readonly every: Duration.Duration
  readonly maxWatched: number
  readonly since: number | undefined
}

export interface State {
  readonly options: Options
  /** The last status of runs that have not ended, and of the newest runs that have. */
  readonly statuses: ReadonlyMap<RunId, RunStatus>
  /** The greatest id so far. */
  readonly newestID: number
  /** Runs with ids up to this one, and without a status here, are old and do not appear. */
  readonly oldUpTo: number
  /** The next poll reads the older runs with ids below this one first. */
  readonly olderThan: number | undefined
  /** Polls that failed in succession. */
  readonly failures: number
  readonly next: Next
}

/** What the next request is for. */
export type Next =
  /** It learns what there is. */
  | { readonly _tag: "Start" }
  /** It starts a poll. */
  | { readonly _tag: "Newest" }
  /** It reads new runs, the oldest first. */
  | { readonly _tag: "CatchUp" }
  /** It reads some of the runs with these ids, the greatest first. */
  | { readonly _tag: "Older"; readonly ids: ReadonlyArray<RunId>; readonly pagesLeft: number }

export interface PollRequest {
  readonly orderByDirection: "asc" | "desc"
  readonly limit: number
  /** Exclusive. */
  readonly startingFrom: number | undefined
}

export interface Step<A extends AnyRun> {
  readonly state: State
  readonly events: ReadonlyArray<Event<A>>
  /** How long to wait before the next request. */
  readonly wait: Duration.Duration
}

export const begin = (options: Options): State => ({
  options,
  statuses: new Map(),
  newestID: options.since ?? -1,
  oldUpTo: options.since ?? -1,
  olderThan: undefined,
  failures: 0,
  next: { _tag: "Start" }
})

export const request = ({ newestID, next, options: { since } }: State): PollRequest => {
  switch (next._tag) {
    case "Start":
      return {
        orderByDirection: "desc",
        limit: newestLimit,
        startingFrom: since === undefined ? undefined : since + 1
      }
    case "Newest":
      return { orderByDirection: "desc", limit: newestLimit, startingFrom: undefined }
    case "CatchUp":
      return { orderByDirection: "asc", limit: catchUpLimit, startingFrom: newestID < 0 ? undefined : newestID }
    case "Older": {
      const [first = 0] = next.ids
      const last = next.ids.at(-1) ?? first
      return { orderByDirection: "desc", limit: Math.min(newestLimit, first - last + 1), startingFrom: first + 1 }
    }
  }
}

export const advance = <A extends AnyRun>(state: State, request: PollRequest, page: RunPage<A>): Step<A> => {
  switch (state.next._tag) {
    case "Start":
      return start(state, page)
    case "Newest":
      return readNewest(state, page)
    case "CatchUp":
      return catchUp(state, page)
    case "Older":
      return readOlder(state, state.next, request, page)
  }
}

/** Ends a poll whose request failed: the next one starts over, after a wait that grows with each failure. */
export const fail = <A extends AnyRun>(state: State, error: ListError): Step<A> => {
  const { every } = state.options
  const backOff = Duration.times(every, Math.min(2 ** state.failures, longestWait))
  const retryAfter = "retryAfter" in error ? error.retryAfter : undefined
  const retryIn = retryAfter === undefined ? backOff : Duration.max(backOff, retryAfter)
  const next: Next = state.next._tag === "Older" ? { _tag: "Newest" } : state.next
  const limited = limit<A>({ ...state, failures: state.failures + 1, next })
  return { ...limited, events: [...limited.events, { _tag: "PollFailed", error, retryIn }], wait: retryIn }
}

const start = <A extends AnyRun>(state: State, { cursor, hasMore, runs }: RunPage<A>): Step<A> => {
  const { since } = state.options
  const newestID = since ?? runs[0]?.id ?? state.newestID
  return endPoll({
    ...state,
    statuses: new Map(runs.map((run) => [run.id, run.runStatus])),
    newestID,
    oldUpTo: since ?? (hasMore ? cursor.value ?? newestID : state.oldUpTo)
  }, { _tag: since === undefined ? "Newest" : "CatchUp" })
}

const readNewest = <A extends AnyRun>(state: State, page: RunPage<A>): Step<A> => {
  const reached = reachOf(page, state.newestID)
  // There are more new runs than the page holds.
  if (reached > state.newestID) return endPoll(state, { _tag: "CatchUp" })
  const { events, state: swept } = sweep(state, page, Infinity)
  const ids = unfinished(swept.statuses).filter((id) => id < reached)
  const { olderThan } = swept
  const continued = olderThan === undefined ? [] : ids.filter((id) => id < olderThan)
  return older(
    { ...swept, oldUpTo: Math.max(swept.oldUpTo, reached) },
    { _tag: "Older", ids: continued.length === 0 ? ids : continued, pagesLeft: olderPages },
    events
  )
}

const readOlder = <A extends AnyRun>(
  state: State,
  { ids, pagesLeft }: Extract<Next, { _tag: "Older" }>,
  { startingFrom = Infinity }: PollRequest,
  page: RunPage<A>
): Step<A> => {
  const from = startingFrom - 1
  const { events, state: swept } = sweep(state, page, from)
  const reached = Math.min(reachOf(page, from), from)
  return older(swept, { _tag: "Older", ids: ids.filter((id) => id < reached), pagesLeft: pagesLeft - 1 }, events)
}

/** Continues with older runs, or ends the poll. */
const older = <A extends AnyRun>(
  state: State,
  next: Extract<Next, { _tag: "Older" }>,
  events: ReadonlyArray<Event<A>>
): Step<A> => {
  const [first] = next.ids
  if (first !== undefined && next.pagesLeft > 0) return { state: { ...state, next }, events, wait: Duration.zero }
  const olderThan = first === undefined ? undefined : first + 1
  return endPoll({ ...state, olderThan }, { _tag: "Newest" }, events)
}

const catchUp = <A extends AnyRun>(state: State, { cursor, hasMore, runs }: RunPage<A>): Step<A> => {
  const { events, state: observed } = observe(state, runs)
  const newestID = Math.max(observed.newestID, cursor.value ?? observed.newestID)
  // A page that does not advance is requested again, but not at once.
  const isBehind = hasMore && newestID > state.newestID
  return endPoll({ ...observed, newestID, oldUpTo: newestID }, { _tag: isBehind ? "CatchUp" : "Newest" }, events)
}

const endPoll = <A extends AnyRun>(state: State, next: Next, events: ReadonlyArray<Event<A>> = []): Step<A> => {
  const limited = limit<A>({ ...state, failures: 0, next })
  return {
    state: limited.state,
    events: [...events, ...limited.events],
    wait: next._tag === "Newest" ? state.options.every : Duration.zero
  }
}

interface Observed<A extends AnyRun> {
  readonly state: State
  readonly events: ReadonlyArray<Event<A>>
}

/** Takes the statuses of runs, the oldest first. */
const observe = <A extends AnyRun>(state: State, runs: ReadonlyArray<A>): Observed<A> => {
  const statuses = new Map(state.statuses)
  const events: Array<Event<A>> = []
  let { newestID } = state
  for (const run of runs) {
    const { id, runStatus: to } = run
    const from = statuses.get(id)
    if (from === to || (from === undefined && id <= state.oldUpTo)) continue
    statuses.set(id, to)
    newestID = Math.max(newestID, id)
    if (from === undefined) events.push({ _tag: "Appeared", run })
    if (isTerminal(to)) events.push({ _tag: "Ended", run, to, ...(from === undefined ? {} : { from }) })
    else if (from !== undefined) events.push({ _tag: "StatusChanged", run, from, to })
  }
  return { state: { ...state, statuses, newestID }, events }
}

/** Returns the id down to which a page holds every run. */
const reachOf = ({ cursor, hasMore }: RunPage, from: number): number => hasMore ? cursor.value ?? from : -Infinity

/** Takes the statuses of a page that reads down from the id `from`, and untracks the runs that it should hold. */
const sweep = <A extends AnyRun>(state: State, page: RunPage<A>, from: number): Observed<A> => {
  const observed = observe(state, page.runs.toReversed())
  // A row without an id may be any of them.
  if (page.undecodable.some(({ id }) => id === undefined)) return observed
  const there = new Set([...page.runs, ...page.undecodable].map(({ id }) => id))
  const reached = reachOf(page, from)
  const gone = [...observed.state.statuses.keys()].filter((id) => id >= reached && id <= from && !there.has(id))
  return untrack(observed, gone, "Deleted")
}

const untrack = <A extends AnyRun>(
  { events, state }: Observed<A>,
  ids: ReadonlyArray<RunId>,
  reason: "Deleted" | "LimitReached"
): Observed<A> => {
  const statuses = new Map(state.statuses)
  const untracked = ids.flatMap((runID): ReadonlyArray<Event<A>> => {
    const lastStatus = statuses.get(runID)
    statuses.delete(runID)
    return lastStatus === undefined || isTerminal(lastStatus)
      ? []
      : [{ _tag: "Untracked", runID, lastStatus, reason }]
  })
  return { state: { ...state, statuses }, events: [...events, ...untracked] }
}

/** Forgets old runs that have ended, and untracks the oldest others beyond `maxWatched`. */
const limit = <A extends AnyRun>(state: State): Observed<A> => {
  const statuses = new Map([...state.statuses].filter(([id, status]) => id > state.oldUpTo || !isTerminal(status)))
  const excess = unfinished(statuses).slice(state.options.maxWatched)
  // Otherwise the next poll would find them new.
  const oldUpTo = Math.max(state.oldUpTo, excess[0] ?? -1)
  return untrack({ state: { ...state, statuses, oldUpTo }, events: [] }, excess, "LimitReached")
}

/** Returns the ids of runs that have not ended, the greatest first. */
const unfinished = (statuses: ReadonlyMap<RunId, RunStatus>): ReadonlyArray<RunId> =>
  [...statuses].flatMap(([id, status]) => isTerminal(status) ? [] : [id]).sort((a, b) => b - a)
