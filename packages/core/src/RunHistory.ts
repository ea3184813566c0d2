/**
 * Lists the whole history of runs by id, with several requests at the same time. Ids grow with every run, so that the ids
 * that are left can be divided into ranges before they are read.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { forkUntilClosed } from "./client/forkUntilClosed.ts"
import { validateStream } from "./client/query.ts"
import { BothAtOnce } from "./client/references.ts"
import * as RunsClient from "./client/service.ts"
import { logSkipped } from "./client/telemetry.ts"
import { check, checkOptions, count, type Shape, unchecked } from "./error/check.ts"
import * as adapt from "./history/adapt.ts"
import * as ranges from "./history/ranges.ts"
import { maxLimit, type OrderedRunsQuery, type StartingFrom } from "./ListRunsQuery.ts"
import type { RunCursor } from "./RunCursor.ts"

/** The parameters of {@link list}: those of a stream of runs, but for `orderBy`, which is `id`. */
export interface HistoryQuery extends OrderedRunsQuery {
  /** Exclusive: the id of a run, or a cursor from an error (`resumeFrom`) or an earlier stream. Default: the first run. */
  readonly startingFrom?: StartingFrom | undefined
  /** The rows of each request, 1 to 1000. Default: 25 for the first page, then 1000. */
  readonly pageSize?: number | undefined
}

/** How a history is read. */
export interface Options {
  /**
   * How many requests are made at the same time, 1 to 32. Default: as many as the server bears, 8 at first and 16 at most.
   * With `runStatus: "failed"` and `failureReasons: true` a page is two requests.
   */
  readonly concurrency?: number | undefined
  /** The most runs to list, from 1. Nothing is requested behind the pages that can hold them. Default: all. */
  readonly maxRows?: number | undefined
}

const shape: Shape<Options> = { concurrency: unchecked, maxRows: count }

const maxConcurrency = 32

/**
 * Lists every run that matches, by id: the newest first, or with `orderByDirection: "asc"` the oldest.
 *
 * **When to use**
 *
 * To read a long history in fewer round trips than `RunsClient.list` takes. The runs, their order, the errors and the
 * guarantees are the same. It costs a few requests more: prefer `RunsClient.list` near a rate limit.
 *
 * **Details**
 *
 * The first page is read alone. Nothing else is requested until a run behind it is pulled. From then on there are at most
 * `concurrency` requests at any time: by default as many as the server bears, so half as many once it refuses one. An error
 * comes after the runs before it, whatever was read behind it.
 *
 * **Example** (The whole history)
 *
 * ```ts
 * import { RunHistory } from "@coalesce-runs/core"
 * import * as Stream from "effect/Stream"
 *
 * const count = RunHistory.list({ detail: true }, { concurrency: 8 }).pipe(Stream.runCount)
 * ```
 */
export const list = <const Q extends HistoryQuery = {}>(
  query?: Q & HistoryQuery,
  options?: Options
): Stream.Stream<RunsClient.Element<Q>, RunsClient.ListError, RunsClient.RunsClient> =>
  Stream.unwrap(Effect.gen(function*() {
    type Page = Option.Option<RunsClient.RunPage<RunsClient.Element<Q>>>
    type Fibers = ReadonlyMap<ranges.RangeRequest, Fiber.Fiber<Page, RunsClient.ListError>>
    interface Position {
      readonly state: ranges.State
      readonly fibers: Fibers
      /** How many pages were requested. */
      readonly pages: number
    }

    const client = yield* RunsClient.client
    const valid = yield* Effect.fromResult(validateStream(query === undefined ? {} : query))
    const { orderByDirection, pageSize, start } = valid
    yield* checkOptions(options === undefined ? {} : options, shape)
    const { concurrency, maxRows = Infinity } = options ?? {}
    const isInRange = concurrency === undefined ||
      (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= maxConcurrency)
    yield* check<Options & RunCursor>([
      [start.orderBy !== "id", "orderBy", "A history is read by id"],
      [!isInRange, "concurrency", `Expected an integer from 1 to ${maxConcurrency}`]
    ])
    const fork = yield* forkUntilClosed
    // Both forms of a page of failed runs are requested at the same time.
    const bothAtOnce = concurrency !== 1
    const permits = bothAtOnce && valid.failureReasons && valid.runStatus === "failed" ? 2 : 1
    const adapted = yield* adapt.make(concurrency, permits)

    // Not a spread, which would forget that the result is still a `Q`.
    const queryFrom = (startingFrom: RunCursor, own: { readonly pageSize?: number; readonly prefetch?: false } = {}) =>
      Object.assign({}, query, { orderByDirection, startingFrom }, own)
    /** Reads the first page of a stream: its runs come before an error. */
    const fetch = ({ from, limit }: ranges.RangeRequest) =>
      adapted.read(
        Stream.runHead(client.pages<Q>(
          queryFrom(from === undefined ? start : { ...start, value: from }, { pageSize: limit, prefetch: false })
        )).pipe(Effect.provideService(BothAtOnce, bothAtOnce)),
        Option.match({ onNone: () => 0, onSome: ({ runs }) => runs.length })
      )
    const send = (request: ranges.RangeRequest, page: number) =>
      fetch(request).pipe(
        Effect.annotateSpans("coalesce.page.number", page),
        fork,
        Effect.map((fiber) => [request, fiber] as const)
      )

    const beginning = ranges.begin({
      direction: orderByDirection,
      start: start.value,
      firstLimit: pageSize ?? 25,
      pageSize: pageSize ?? maxLimit,
      maxRows
    })
    // What follows the pages. Not a stream of streams: it would keep the pages that were read.
    let rest: Stream.Stream<RunsClient.Element<Q>, RunsClient.ListError> = Stream.empty
    return Stream.paginate<Position, RunsClient.Element<Q>, RunsClient.ListError>(
      { state: beginning, fibers: new Map(), pages: 0 },
      Effect.fnUntraced(function*(position) {
        const { awaited, requests, state } = ranges.request(position.state, adapted.current())
        const sent = yield* Effect.forEach(requests, (request, index) => send(request, position.pages + index + 1))
        const fibers = new Map([...position.fibers, ...sent])
        const pages = position.pages + requests.length
        const fiber = awaited === undefined ? undefined : fibers.get(awaited)
        if (awaited === undefined || fiber === undefined) return [[], Option.none()] as const
        const page = yield* Fiber.join(fiber)
        if (Option.isNone(page)) return [[], Option.none()] as const
        fibers.delete(awaited)
        const { readOnFrom, runs, state: next, undecodable } = ranges.advance(state, awaited, page.value)
        yield* logSkipped(undecodable)
        if (readOnFrom !== undefined) {
          rest = client.list<Q>(queryFrom(readOnFrom)).pipe(Stream.provideService(BothAtOnce, bothAtOnce))
          // What was requested ahead is read again.
          yield* Fiber.interruptAll(fibers.values())
        }
        return [runs, Option.map(next, (state) => ({ state, fibers, pages }))] as const
      })
    ).pipe(Stream.concat(Stream.suspend(() => rest)), Stream.take(maxRows))
  }))
