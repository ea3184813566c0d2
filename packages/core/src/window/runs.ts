/** Lists the runs that started in a window. Public through `RunWindow.ts`. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { ReadsOn } from "../client/references.ts"
import * as RunsClient from "../client/service.ts"
import { check, isPlain } from "../error/check.ts"
import type { ListRunsQuery, OrderedRunsQuery } from "../ListRunsQuery.ts"
import type { AnyRun } from "../Run.ts"
import * as RunCursor from "../RunCursor.ts"
import { resolve } from "./make.ts"
import type { Input, RunWindow } from "./model.ts"

/**
 * Returns the parameters of List Runs that read a window from the newest run (`desc`) or the oldest. The API knows no
 * other end: stop at the first run outside, as {@link list} does.
 */
export const toQuery = (
  window: RunWindow,
  direction: RunCursor.OrderByDirection = "desc"
): {
  readonly orderBy: "runStartTime"
  readonly orderByDirection: RunCursor.OrderByDirection
  readonly startingFrom: DateTime.Utc
} => ({
  orderBy: "runStartTime",
  orderByDirection: direction,
  // It is exclusive.
  startingFrom: direction === "desc" ? window.until : DateTime.subtract(window.since, { milliseconds: 1 })
})

/** Returns whether a run started in a window. A run that has not started yet did not. */
export const contains = (window: RunWindow, run: Pick<AnyRun, "runStartTime">): boolean =>
  run.runStartTime !== undefined &&
  DateTime.isGreaterThanOrEqualTo(run.runStartTime, window.since) && DateTime.isLessThan(run.runStartTime, window.until)

/**
 * The parameters of {@link list}: those of a stream of runs, but for the order and the start, which are the window's.
 */
export interface WindowQuery extends OrderedRunsQuery {
  /** The rows of each request, 1 to 1000. Default: 25 for the first page, then 1000. */
  readonly pageSize?: number | undefined
  /**
   * Requests the next page while you work on the second or a later one: at most one page ahead, and none behind the window.
   * `false` requests a page only when it is pulled. Default: `true`.
   */
  readonly prefetch?: boolean | undefined
  /** Continues at a cursor of this stream, such as the `resumeFrom` of an error. Default: the edge of the window. */
  readonly startingFrom?: RunCursor.RunCursor | string | undefined
}

/**
 * Lists the runs that started in a window: the newest first, or with `orderByDirection: "asc"` the oldest.
 *
 * **Details**
 *
 * The window is whatever {@link resolve} takes. The element follows the query, as it does for `RunsClient.list`. The stream
 * requests only the pages that overlap the window. Runs that have not started yet are in no window. A run whose start time
 * cannot be read is an undecodable row: the stream fails with a `DecodeError`, or with `undecodableRows: "skip"` logs it.
 *
 * **Example** (Last night's failed refreshes)
 *
 * ```ts
 * import { RunWindow } from "@coalesce-runs/core"
 * import * as Stream from "effect/Stream"
 *
 * const environments = RunWindow.list(
 *   { window: "last_night", timeZone: "Europe/London" },
 *   { runType: "refresh", runStatus: "failed", detail: true }
 * ).pipe(Stream.map((run) => run.runDetails.environmentID))
 * ```
 */
export const list = <const Q extends WindowQuery = {}>(
  window: Input,
  query?: Q & WindowQuery
): Stream.Stream<RunsClient.Element<Q>, RunsClient.ListError, RunsClient.RunsClient> =>
  Stream.unwrap(Effect.gen(function*() {
    const read = yield* resolve(window)
    yield* check([[query !== undefined && !isPlain(query), "query", "Expected an object of parameters"]])
    const given = typeof query?.startingFrom === "string"
      ? Option.getOrUndefined(RunCursor.decode(query.startingFrom))
      : query?.startingFrom
    const orderBy = query !== undefined && "orderBy" in query ? query.orderBy : undefined
    yield* check<ListRunsQuery>([
      [(orderBy ?? "runStartTime") !== "runStartTime", "orderBy", "A window is read by runStartTime"],
      [given === undefined && query?.startingFrom !== undefined, "startingFrom", "Expected a cursor of this stream"]
    ])
    const { startingFrom, ...order } = toQuery(read, query?.orderByDirection ?? given?.orderByDirection)
    // Not a spread, which would forget that the result is still a `Q`.
    const edged = Object.assign({}, query, order, { startingFrom: given ?? startingFrom })
    const isOpen = ({ runs }: RunsClient.RunPage) => !runs.some((run) => isPast(read, order.orderByDirection, run))
    return RunsClient.list<Q>(edged).pipe(
      Stream.provideService(ReadsOn, isOpen),
      Stream.takeWhile((run) => !isPast(read, order.orderByDirection, run)),
      Stream.filter((run) => contains(read, run))
    )
  }))

/** Returns whether a run lies behind the window's far end in this direction, and with it all that follow. */
export const isPast = (
  window: RunWindow,
  direction: RunCursor.OrderByDirection,
  { runStartTime }: Pick<AnyRun, "runStartTime">
): boolean =>
  runStartTime !== undefined &&
  (direction === "desc"
    ? DateTime.isLessThan(runStartTime, window.since)
    : DateTime.isGreaterThanOrEqualTo(runStartTime, window.until))
