/**
 * Computes which requests a poll makes. It is pure, one request a step; `conclude` tells what the pages mean.
 *
 * A poll reads the newest runs; then the others whose ids may still appear late; then, page by page, the runs that are
 * older than those and had not ended. If one page cannot hold all new runs, it catches up from the oldest of them instead.
 */
import * as Duration from "effect/Duration"
import type { AnyRun, KnownRunStatus, RunId } from "../Run.ts"
import type { RunPage } from "../RunsClient.ts"
import type { Checkpoint } from "./checkpoint.ts"

/** How much a poll reads. The next poll continues where it stops. */
export const limits = {
  /** The newest runs that each poll reads, and the rows of a page of older runs. */
  newest: 100,
  /** The rows of every other page. */
  page: 1000,
  /** Pages of new runs, and pages of older runs. */
  pages: 10,
  /** Pages below the newest runs, for those that appear late. Ids below them do not appear any more. */
  latePages: 3
}

/** The statuses of runs that have not ended, in the order that a run takes them: one that moves on meanwhile is read later. */
const unfinishedStatuses = ["waitingToRun", "initializing", "rendering", "running"] as const

export interface Options {
  readonly origin: string
  readonly watches: Checkpoint["watches"]
  readonly maxWatched: number
  readonly lag: Duration.Duration
  readonly since: number | undefined
  readonly limits: typeof limits
}

/** What the next request is for. */
export type Next =
  /** It learns what there is, at the start of a watch: the newest runs, those of each status, and the newest again. */
  | {
    readonly _tag: "Start"
    readonly steps: ReadonlyArray<KnownRunStatus | "newest">
    readonly before: number | undefined
  }
  /** It starts a poll. */
  | { readonly _tag: "Newest" }
  /** It reads new runs, the oldest first. */
  | { readonly _tag: "CatchUp"; readonly after: number }
  /** It reads on down from the newest runs, to where no run appears late. */
  | { readonly _tag: "Late"; readonly before: number }
  /** It reads some of the runs with these ids, the greatest first. */
  | { readonly _tag: "Older"; readonly ids: ReadonlyArray<RunId> }

export interface Page<A extends AnyRun> extends Pick<RunPage<A>, "runs" | "undecodable"> {
  /** The ids that this page holds if they are there, both ends. */
  readonly covers: readonly [from: number, to: number]
}

export interface State<A extends AnyRun> {
  readonly options: Options
  /** None at the start of a watch. */
  readonly checkpoint: Checkpoint | undefined
  /** None once the poll is done. */
  readonly next: Next | undefined
  readonly pages: ReadonlyArray<Page<A>>
  /** Pages that may still be read. */
  readonly pagesLeft: number
  /** The id up to which runs are known, once new runs were caught up with. */
  readonly caughtUpTo: number | undefined
  /** Whether the rest is left to the next poll. */
  readonly hasMore: boolean
}

export interface PollRequest {
  readonly orderByDirection: "asc" | "desc"
  readonly limit: number
  /** Exclusive. */
  readonly startingFrom?: number
  readonly runStatus?: KnownRunStatus
}

export const begin = <A extends AnyRun>(options: Options, checkpoint?: Checkpoint): State<A> => ({
  options,
  checkpoint,
  next: checkpoint === undefined
    ? {
      _tag: "Start",
      // A list can lack runs once: the newest are read twice before they count as all that there are.
      steps: options.since === undefined ? ["newest", ...unfinishedStatuses, "newest"] : unfinishedStatuses,
      before: undefined
    }
    : { _tag: "Newest" },
  pages: [],
  pagesLeft: options.limits.pages,
  caughtUpTo: undefined,
  hasMore: false
})

const before = (id: number | undefined) => id === undefined ? {} : { startingFrom: id }

export const request = <A extends AnyRun>(state: State<A>, next: Next): PollRequest => {
  const { limits } = state.options
  switch (next._tag) {
    case "Start": {
      const [step = "newest"] = next.steps
      return step === "newest"
        ? { orderByDirection: "desc", limit: limits.newest }
        : { orderByDirection: "desc", limit: limits.page, runStatus: step, ...before(next.before) }
    }
    case "Newest":
      return { orderByDirection: "desc", limit: limits.newest }
    case "CatchUp":
      return { orderByDirection: "asc", limit: limits.page, ...(next.after < 0 ? {} : { startingFrom: next.after }) }
    case "Late": {
      const settledUpTo = state.checkpoint?.settledUpTo ?? -1
      return {
        orderByDirection: "desc",
        limit: Math.min(limits.page, Math.max(1, next.before - 1 - settledUpTo)),
        startingFrom: next.before
      }
    }
    case "Older": {
      const [first = 0] = next.ids
      const last = next.ids.at(-1) ?? first
      return { orderByDirection: "desc", limit: Math.min(limits.newest, first - last + 1), startingFrom: first + 1 }
    }
  }
}

/** Takes the page of a request. */
export const advance = <A extends AnyRun>(state: State<A>, next: Next, page: RunPage<A>): State<A> => {
  switch (next._tag) {
    case "Start":
      return start(state, next, page)
    case "Newest":
      return newest(state, page)
    case "CatchUp":
      return catchUp(state, next, page)
    case "Late": {
      const reached = Math.min(reachOf(page), next.before)
      const read = add(state, page, [reached, next.before - 1])
      // A page that does not advance is not asked for again.
      return reached < next.before ? late(read, reached) : { ...read, next: undefined }
    }
    case "Older": {
      const [first = 0] = next.ids
      const reached = Math.min(reachOf(page), first)
      return older(add(state, page, [reached, first]), next.ids.filter((id) => id < reached))
    }
  }
}

const add = <A extends AnyRun>(
  state: State<A>,
  { runs, undecodable }: RunPage<A>,
  covers: Page<A>["covers"]
): State<A> => ({ ...state, pages: [...state.pages, { runs, undecodable, covers }], pagesLeft: state.pagesLeft - 1 })

/** Returns the id down to which a page holds every run. */
const reachOf = ({ cursor, hasMore }: Pick<RunPage, "cursor" | "hasMore">): number =>
  hasMore ? cursor.value ?? Infinity : -Infinity

const start = <A extends AnyRun>(
  state: State<A>,
  { before, steps: [step = "newest", ...steps] }: Extract<Next, { _tag: "Start" }>,
  page: RunPage<A>
): State<A> => {
  const reached = reachOf(page)
  const read = add(state, page, [reached, Infinity])
  const isMore = step !== "newest" && page.hasMore && reached < (before ?? Infinity) &&
    page.runs.length > 0 && read.pagesLeft > 0
  if (isMore) return { ...read, next: { _tag: "Start", steps: [step, ...steps], before: reached } }
  return steps.length > 0
    ? { ...read, pagesLeft: state.options.limits.pages, next: { _tag: "Start", steps, before: undefined } }
    // The runs behind `since` are read at once.
    : { ...read, next: undefined, hasMore: state.options.since !== undefined }
}

const newest = <A extends AnyRun>(state: State<A>, page: RunPage<A>): State<A> => {
  const { newestID = -1 } = state.checkpoint ?? {}
  const reached = reachOf(page)
  // There are more new runs than the page holds.
  if (reached > newestID + 1) return { ...state, next: { _tag: "CatchUp", after: newestID } }
  return late({ ...add(state, page, [reached, Infinity]), pagesLeft: state.options.limits.latePages }, reached)
}

const late = <A extends AnyRun>(state: State<A>, reached: number): State<A> => {
  const { olderThan = Infinity, settledUpTo = -1, unfinished = [] } = state.checkpoint ?? {}
  if (reached > settledUpTo + 1) {
    if (state.pagesLeft > 0) return { ...state, next: { _tag: "Late", before: reached } }
    return late(
      { ...state, checkpoint: state.checkpoint && { ...state.checkpoint, settledUpTo: reached - 1 } },
      reached
    )
  }
  const ids = unfinished.flatMap(({ id }) => id < reached ? [id] : []).reverse()
  const continued = ids.filter((id) => id < olderThan)
  return older({ ...state, pagesLeft: state.options.limits.pages }, continued.length === 0 ? ids : continued)
}

/** Continues with older runs, or ends the poll. */
const older = <A extends AnyRun>(state: State<A>, ids: ReadonlyArray<RunId>): State<A> =>
  ids.length > 0 && state.pagesLeft > 0
    ? { ...state, next: { _tag: "Older", ids } }
    : { ...state, next: undefined, checkpoint: withOlderThan(state.checkpoint, ids[0]) }

const withOlderThan = (checkpoint: Checkpoint | undefined, first: RunId | undefined): Checkpoint | undefined => {
  if (checkpoint === undefined) return undefined
  const { olderThan: _, ...rest } = checkpoint
  return first === undefined ? rest : { ...rest, olderThan: first + 1 }
}

const catchUp = <A extends AnyRun>(
  state: State<A>,
  { after }: Extract<Next, { _tag: "CatchUp" }>,
  page: RunPage<A>
): State<A> => {
  const last = page.cursor.value ?? after
  const caughtUpTo = Math.max(after, last)
  const read = { ...add(state, page, [Infinity, Infinity]), caughtUpTo }
  // A page that does not advance is requested again, but not at once.
  const isBehind = page.hasMore && last > after
  return isBehind && read.pagesLeft > 0
    ? { ...read, next: { _tag: "CatchUp", after: last } }
    : { ...read, next: undefined, hasMore: isBehind }
}
