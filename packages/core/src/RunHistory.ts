/**
 * Every run there is, by id, read with several requests under way at once.
 *
 * Ids grow with every run, so the ids that are left can be divided before they are read. Which of them match nobody
 * knows beforehand: a share is as wide as the rows read so far say that a page should be, and one that turns out to hold
 * more is divided again.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { logSkipped } from "./client/logSkipped.ts"
import { validateStream } from "./client/query.ts"
import { maxLimit, type OrderedRunsQuery, type StartingFrom } from "./ListRunsQuery.ts"
import type { AnyRun } from "./Run.ts"
import * as RunCursor from "./RunCursor.ts"
import * as RunsClient from "./RunsClient.ts"
import { InvalidQuery } from "./RunsError.ts"

/**
 * The parameters of {@link list}: those of a stream of runs, but for `orderBy`, which is `id`.
 *
 * @category options
 * @since 0.1.0
 */
export interface HistoryQuery extends OrderedRunsQuery {
  /**
   * Starts behind this run, which is exclusive: its id, or a cursor from an error (`resumeFrom`) or an earlier stream.
   * Default: the first run of the direction.
   */
  readonly startingFrom?: StartingFrom | undefined
  /** The rows of each request, 1 to 1000. Default: 25 for the first page, then 1000. */
  readonly pageSize?: number | undefined
}

/**
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /** Pages that are read at the same time, 1 to 32. 4 where it is not given. */
  readonly concurrency?: number | undefined
}

const maxConcurrency = 32

/** Ids behind `from`, up to and with `to`, in the direction of the stream. */
interface Share<A extends AnyRun> {
  readonly from: number
  readonly to: number
  /** The page that reads it from its start, once that is asked for. */
  readonly page?: Fiber.Fiber<Option.Option<RunsClient.RunPage<A>>, RunsClient.ListError>
}

/** What the pages so far say of those to come; the last says most. */
interface Density {
  /** How many ids the rows that were read lie among. */
  readonly ids: number
  readonly rows: number
  /** Rows that a page can be hoped to hold: a server may clamp what it is asked for. */
  readonly size: number
}

/** What is left, in order. */
interface State<A extends AnyRun> {
  readonly shares: ReadonlyArray<Share<A>>
  readonly density: Density
}

/**
 * Every run that matches, by id: the newest first, or with `orderByDirection: "asc"` the oldest.
 *
 * **When to use**
 *
 * To read a long history in fewer round trips than `RunsClient.list` takes. The runs, their order and the promises are
 * the same; `pageSize`, 1000 where it is not given, is the rows of a page.
 *
 * **Details**
 *
 * The first page is read alone, 25 runs where `pageSize` is not given; nothing else is asked for until a run behind it
 * is pulled. From then on `concurrency` pages are under way or wait for their turn, and none beyond. An error comes
 * after the runs before it in order, whatever was read behind it, and its `resumeFrom` goes on from there.
 *
 * **Gotchas**
 *
 * It costs some requests more: where only some ids match, a page is asked for a little more than its share holds, and at the
 * end up to `concurrency` pages may turn out to be empty. Where a rate limit is near, `RunsClient.list` is kinder.
 *
 * **Example** (The whole history)
 *
 * ```ts
 * import { RunHistory, RunsClient } from "@coalesce-runs/core"
 * import { Scenario, Simulator } from "@coalesce-runs/simulator"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Stream from "effect/Stream"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 *
 * const program = Effect.gen(function*() {
 *   const { token, url } = yield* Simulator.make({ runs: Scenario.generate({ count: 5000 }) })
 *   return yield* RunHistory.list({ detail: true }, { concurrency: 4 }).pipe(
 *     Stream.runCount,
 *     Effect.provide(RunsClient.layer({ accessToken: token, baseUrl: url }).pipe(Layer.provide(FetchHttpClient.layer)))
 *   )
 * })
 *
 * await Effect.runPromise(Effect.scoped(program)) // => 5000
 * ```
 *
 * @category accessors
 * @since 0.1.0
 */
export const list = <const Q extends HistoryQuery = {}>(
  query?: Q & HistoryQuery,
  options?: Options
): Stream.Stream<RunsClient.Element<Q>, RunsClient.ListError, RunsClient.RunsClient> =>
  Stream.unwrap(Effect.gen(function*() {
    type A = RunsClient.Element<Q>
    type Step = readonly [ReadonlyArray<Stream.Stream<A, RunsClient.ListError>>, Option.Option<State<A> | undefined>]

    const client = yield* RunsClient.RunsClient
    const { orderByDirection, pageSize, start } = yield* Effect.fromResult(validateStream(query ?? {}))
    if (start.orderBy !== "id") return yield* refuse("orderBy", "A history is read by id")
    const concurrency = options?.concurrency ?? 4
    if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > maxConcurrency) {
      return yield* refuse("concurrency", `Expected an integer from 1 to ${maxConcurrency}`)
    }
    const scope = yield* Effect.scope
    const turn = yield* Semaphore.make(concurrency)
    const rows = pageSize ?? maxLimit
    const sign = orderByDirection === "desc" ? -1 : 1
    const end = orderByDirection === "desc" ? 0 : Number.MAX_SAFE_INTEGER
    const isBefore = (a: number, b: number) => (b - a) * sign > 0
    const isLeft = (share: Share<A>) => isBefore(share.from, share.to)

    // Not a spread, which would forget that the result is still a `Q`.
    const from = (startingFrom: RunCursor.RunCursor, reading: { readonly pageSize?: number } = {}) =>
      Object.assign({}, query, { orderByDirection, startingFrom }, reading)
    // The first page of a stream: its good rows come before a bad one, and the page behind them says what is wrong.
    const pageFrom = (value: number | undefined, pageSize: number) =>
      Stream.runHead(client.pages<Q>(from(value === undefined ? start : { ...start, value }, { pageSize })))

    /** Divides what is left, and asks for the pages whose turn it is. */
    const ask = Effect.fnUntraced(function*({ density, shares }: State<A>) {
      const ahead: Array<Share<A>> = []
      const rest = [...shares]
      let held = rest.filter(({ page }) => page !== undefined).length
      while (ahead.length < concurrency) {
        const share = rest.shift()
        if (share === undefined) break
        // A share that was divided again pushes pages that are there already back: they are held, within a bound.
        if (share.page !== undefined || (ahead.length > 0 && held >= 2 * concurrency)) {
          ahead.push(share)
          continue
        }
        const cut = share.from + sign * widthOf(density)
        const to = isBefore(cut, share.to) ? cut : share.to
        if (to !== share.to) rest.unshift({ from: to, to: share.to })
        const page = pageFrom(share.from, Math.min(rows, Math.abs(to - share.from)))
        ahead.push({ from: share.from, to, page: yield* Effect.forkIn(turn.withPermit(page), scope) })
        held += 1
      }
      return [...ahead, ...rest]
    })

    /** The runs of a page up to what another page reads, and what is left behind them. */
    const take = Effect.fnUntraced(function*(
      page: RunsClient.RunPage<A>,
      asked: { readonly from: number | undefined; readonly to: number; readonly limit: number },
      { density, shares }: State<A>
    ): Effect.fn.Return<Step> {
      const reached = page.cursor.value
      // Nothing lies behind the last page, so all of it counts, whoever else reads it.
      const to = page.hasMore ? shares.find((share) => share.page !== undefined)?.from ?? end : end
      const runs = page.runs.filter((run) => !isBefore(to, run.id))
      yield* report(page.undecodable, runs.length, (id) => !isBefore(to, id))
      if (!page.hasMore) return [[Stream.fromArray(runs)], Option.none()]
      // It says that there is more and does not lead on: `RunsClient.list` knows what that is.
      if (reached === undefined || (page.runs.length === 0 && reached === asked.from)) {
        return [[Stream.fromArray(runs), client.list<Q>(from(page.cursor))], Option.none()]
      }
      // Nothing that matches lies between them and the first run behind them.
      const behind = page.runs[runs.length]
      const known = behind === undefined ? reached : behind.id - sign
      const left = [
        { from: reached, to: asked.to },
        ...shares.map((share) =>
          share.page === undefined && isBefore(share.from, known) ? { from: known, to: share.to } : share
        )
      ].filter(isLeft)
      return [
        [Stream.fromArray(runs)],
        left.length === 0
          ? Option.none()
          : Option.some({ shares: left, density: observe(density, page, asked, rows) })
      ]
    })

    const first = Effect.gen(function*() {
      const limit = pageSize ?? 25
      const page = yield* pageFrom(start.value, limit)
      if (Option.isNone(page)) return [[], Option.none()] as const
      const to = page.value.cursor.value ?? end
      return yield* take(page.value, { from: start.value, to, limit }, {
        shares: [{ from: to, to: end }],
        density: { ids: 0, rows: 0, size: rows }
      })
    })

    const following = Effect.fnUntraced(function*({ density, shares }: State<A>) {
      const [share, ...rest] = yield* ask({ density, shares })
      if (share?.page === undefined) return [[], Option.none()] as const
      const page = yield* Fiber.join(share.page)
      const limit = Math.min(rows, Math.abs(share.to - share.from))
      return Option.isNone(page)
        ? [[], Option.none()] as const
        : yield* take(page.value, { from: share.from, to: share.to, limit }, { density, shares: rest })
    })

    return Stream.paginate<State<A> | undefined, Stream.Stream<A, RunsClient.ListError>, RunsClient.ListError>(
      undefined,
      (state): Effect.Effect<Step, RunsClient.ListError> => state === undefined ? first : following(state)
    ).pipe(Stream.flatten())
  }))

const refuse = (field: string, reason: string) => Effect.fail(new InvalidQuery({ violations: [{ field, reason }] }))

/** How many ids to read as one page. Where few of them match, a little less than would fill it: what spills over costs a page. */
const widthOf = ({ ids, rows, size }: Density): number => {
  const each = rows === 0 ? 1 : Math.max(1, ids / rows)
  const spread = 3 * Math.sqrt(size * (1 - 1 / each))
  return Math.max(1, Math.floor(each * Math.max(size - spread, size / 2)))
}

const observe = (
  { ids, rows, size }: Density,
  { runs }: RunsClient.RunPage,
  asked: { readonly from: number | undefined; readonly limit: number },
  most: number
): Density => {
  const [first] = runs
  const last = runs.at(-1)
  if (first === undefined || last === undefined) return { ids, rows, size }
  // A gap before many runs says little of those to come, one before a single run is all that is known.
  const span = runs.length > 1 ? Math.abs(last.id - first.id) + 1 : Math.abs(last.id - (asked.from ?? last.id + 1))
  return {
    ids: ids / 2 + span,
    rows: rows / 2 + runs.length,
    size: runs.length < asked.limit ? runs.length : Math.min(most, 2 * size)
  }
}

/** Undecodable rows that lie in the share that their page was read for; others are read again. */
const report = (
  undecodable: ReadonlyArray<RunsClient.UndecodableRow>,
  taken: number,
  isIn: (id: number) => boolean
): Effect.Effect<void> =>
  logSkipped(undecodable.filter(({ id, index }, before) => id === undefined ? index - before <= taken : isIn(id)))
