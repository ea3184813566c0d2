/**
 * What happens to runs from now on: one appeared, its status changed, it ended.
 *
 * The API tells nobody of a change, so this asks again and again: for the newest runs, and for older ones that had not
 * ended yet.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RunsQuery } from "./ListRunsQuery.ts"
import { type AnyRun, isTerminal, type RunId, type RunStatus, type RunSummary } from "./Run.ts"
import * as RunsClient from "./RunsClient.ts"
import { InvalidQuery } from "./RunsError.ts"

/**
 * Which runs are watched. There is no `runStatus`: a run would leave the list by the change that is waited for.
 *
 * **Details**
 *
 * `undecodableRows` is `skip` where it is not given, so that one row that cannot be read does not end the watch.
 *
 * @category options
 * @since 0.1.0
 */
export interface WatchQuery extends RunsQuery {
  /**
   * What happens at a row that cannot be decoded. `skip` leaves it out; `fail` ends the watch with a `DecodeError`.
   * Default: `skip`.
   */
  readonly undecodableRows?: "fail" | "skip" | undefined
}

/**
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /** The time from the end of one look to the next. 30 seconds where it is not given. */
  readonly every?: Duration.Input | undefined
  /** The id of a run: those with a greater id are reported as appeared at once. Without it, those from now on. */
  readonly since?: number | undefined
  /** How many runs that have not ended are kept in mind; beyond it the oldest are let go. 1000 where it is not given. */
  readonly maxWatched?: number | undefined
}

/**
 * What happened. Each change is one event.
 *
 * **Details**
 *
 * - `Appeared`: a run that was not there, in whatever status it was found.
 * - `StatusChanged`: to one that is no end, also back from an end.
 * - `Ended`: completed, failed or canceled; `from` is absent where the run was never seen before that.
 * - `LetGo`: no more will be said of a run that had not ended: it was deleted, or there were too many.
 * - `LookFailed`: the API could not be asked; the watch goes on after `retryIn`, and what changed is seen then.
 *
 * @category models
 * @since 0.1.0
 */
export type Event<A extends AnyRun = RunSummary> =
  | { readonly _tag: "Appeared"; readonly run: A }
  | { readonly _tag: "StatusChanged"; readonly run: A; readonly from: RunStatus; readonly to: RunStatus }
  | {
    readonly _tag: "Ended"
    readonly run: A
    readonly from?: RunStatus
    readonly to: "canceled" | "completed" | "failed"
  }
  | {
    readonly _tag: "LetGo"
    readonly runID: RunId
    readonly lastStatus: RunStatus
    readonly reason: "Deleted" | "TooMany"
  }
  | { readonly _tag: "LookFailed"; readonly error: RunsClient.ListError; readonly retryIn: Duration.Duration }

/** The newest runs that every look reads. */
const recent = 100

/** Requests of one look for runs that are older than those; where they do not suffice, the next look goes on. */
const olderRequests = 10

/** Failed looks double the wait, up to this many times `every`. */
const longestWait = 10

/**
 * The events of all runs that match, without end.
 *
 * **Details**
 *
 * The first look only learns what there is. Each that follows is one request for the newest 100 runs, and where runs that
 * have not ended are older than those, a few more. A burst of new runs is read to its last.
 *
 * Errors that may pass are events; one that cannot, such as `Unauthorized` or `Forbidden`, ends the stream. A stream that is
 * interrupted ends the request in flight.
 *
 * **Gotchas**
 *
 * What begins and ends between two looks cannot be seen: a status that a run passed through is not reported.
 *
 * **Example** (The next refresh that fails)
 *
 * ```ts
 * import { RunWatch } from "@coalesce-runs/core"
 * import * as Stream from "effect/Stream"
 *
 * const nextFailure = RunWatch.watch({ runType: "refresh", environmentID: "3" }, { every: "1 minute" }).pipe(
 *   Stream.filter((event) => event._tag === "Ended" && event.to === "failed"),
 *   Stream.take(1)
 * )
 * ```
 *
 * @category accessors
 * @since 0.1.0
 */
export const watch = <const Q extends WatchQuery = {}>(
  query?: Q & WatchQuery,
  options: Options = {}
): Stream.Stream<Event<RunsClient.Element<Q>>, RunsClient.ListError, RunsClient.RunsClient> =>
  Stream.unwrap(Effect.gen(function*() {
    type A = RunsClient.Element<Q>
    const client = yield* RunsClient.RunsClient
    const { every, maxWatched, since } = yield* check(query, options)

    /** The last status of runs that have not ended, and of the newest that have. */
    const known = new Map<RunId, RunStatus>()
    /** Runs up to here that are not known are old, not new. */
    let floor = since ?? -1
    /** The greatest id so far. */
    let newest = floor
    let isBehind = since !== undefined
    let isFirst = true
    let failures = 0
    /** Where the last look left off among older runs. */
    let olderThan = Number.POSITIVE_INFINITY
    let events: Array<Event<A>> = []

    // Not a spread, which would forget that the result is still a `Q`.
    const page = (direction: "asc" | "desc", limit: number, startingFrom: number | undefined) =>
      client.listPage<Q>(Object.assign(
        { undecodableRows: "skip" },
        query,
        { orderBy: "id", orderByDirection: direction, limit },
        startingFrom === undefined || startingFrom < 0 ? {} : { startingFrom }
      ))

    const observe = (run: A): void => {
      const { id, runStatus: to } = run
      const from = known.get(id)
      if (from === to || (from === undefined && id <= floor)) return
      known.set(id, to)
      newest = Math.max(newest, id)
      if (from === undefined) events.push({ _tag: "Appeared", run })
      if (isTerminal(to)) events.push({ _tag: "Ended", run, to, ...(from === undefined ? {} : { from }) })
      else if (from !== undefined) events.push({ _tag: "StatusChanged", run, from, to })
    }

    const letGo = (runID: RunId, reason: "Deleted" | "TooMany"): void => {
      const lastStatus = known.get(runID)
      known.delete(runID)
      if (lastStatus !== undefined && !isTerminal(lastStatus)) {
        events.push({ _tag: "LetGo", runID, lastStatus, reason })
      }
    }

    /** What a page from the newest of its runs down says of those that are known; how far down it reaches. */
    const sweep = ({ cursor, hasMore, runs, undecodable }: RunsClient.RunPage<A>, from: number): number => {
      const lowest = hasMore ? cursor.value ?? from : Number.NEGATIVE_INFINITY
      const there = new Set([...runs, ...undecodable].map(({ id }) => id))
      for (const run of runs.toReversed()) observe(run)
      // A row without an id may be any of them.
      if (undecodable.some(({ id }) => id === undefined)) return lowest
      for (const id of known.keys()) if (id >= lowest && id <= from && !there.has(id)) letGo(id, "Deleted")
      return lowest
    }

    const unfinished = () => [...known].flatMap(([id, status]) => isTerminal(status) ? [] : [id]).sort((a, b) => b - a)

    const forget = (): void => {
      for (const [id, status] of known) if (id <= floor && isTerminal(status)) known.delete(id)
      for (const id of unfinished().slice(maxWatched)) {
        letGo(id, "TooMany")
        // Or the next look would find it new.
        floor = Math.max(floor, id)
      }
    }

    const first = Effect.gen(function*() {
      const { cursor, hasMore, runs } = yield* page("desc", recent, since === undefined ? undefined : since + 1)
      for (const run of runs) known.set(run.id, run.runStatus)
      newest = since ?? runs[0]?.id ?? newest
      floor = since ?? (hasMore ? cursor.value ?? newest : floor)
      isFirst = false
    })

    /** New runs, the oldest first, a page at a time: a history may have passed. */
    const catchUp = Effect.gen(function*() {
      const before = newest
      const { cursor, hasMore, runs } = yield* page("asc", 1000, before)
      for (const run of runs) observe(run)
      const reached = Math.max(newest, cursor.value ?? newest)
      // A page that does not lead on is asked for again, but not at once.
      isBehind = hasMore && reached > before
      newest = reached
      floor = reached
    })

    const older = Effect.fnUntraced(function*(lowest: number) {
      const all = unfinished().filter((id) => id < lowest)
      let rest = all.filter((id) => id < olderThan)
      if (rest.length === 0) rest = all
      for (let requests = 0; requests < olderRequests; requests++) {
        const [id] = rest
        const last = rest.at(-1)
        if (id === undefined || last === undefined) break
        const reached = sweep(yield* page("desc", Math.min(recent, id - last + 1), id + 1), id)
        rest = rest.filter((other) => other < reached && other < id)
      }
      olderThan = rest[0] === undefined ? Number.POSITIVE_INFINITY : rest[0] + 1
    })

    const look = Effect.gen(function*() {
      if (isFirst) yield* first
      else if (isBehind) yield* catchUp
      else {
        const found = yield* page("desc", recent, undefined)
        const lowest = found.hasMore ? found.cursor.value ?? newest : Number.NEGATIVE_INFINITY
        if (lowest > newest) {
          isBehind = true
          return
        }
        sweep(found, Number.POSITIVE_INFINITY)
        floor = Math.max(floor, lowest)
        yield* older(lowest)
      }
    })

    type Next = { readonly wait: Duration.Duration } | { readonly error: RunsClient.ListError }

    return Stream.paginate<Next, Event<A>, RunsClient.ListError>(
      { wait: Duration.zero },
      Effect.fnUntraced(function*(next) {
        if ("error" in next) return yield* Effect.fail(next.error)
        yield* Effect.sleep(next.wait)
        events = []
        const result = yield* Effect.result(look)
        forget()
        if (result._tag === "Success") {
          failures = 0
          return [events, Option.some<Next>({ wait: isBehind ? Duration.zero : every })] as const
        }
        const error = result.failure
        if (!error.isRetryable) return [events, Option.some<Next>({ error })] as const
        const backOff = Duration.times(every, Math.min(2 ** failures, longestWait))
        failures += 1
        const asked = "retryAfter" in error ? error.retryAfter : undefined
        const retryIn = asked === undefined ? backOff : Duration.max(backOff, asked)
        return [[...events, { _tag: "LookFailed", error, retryIn }], Option.some<Next>({ wait: retryIn })] as const
      })
    )
  }))

const check = (query: object | undefined, { every = "30 seconds", maxWatched = 1000, since }: Options) => {
  const given = Option.getOrElse(Duration.fromInput(every), () => Duration.zero)
  const isIn = (value: number, least: number) => Number.isSafeInteger(value) && value >= least
  const names = ["runType", "environmentID", "detail", "failureReasons", "undecodableRows"]
  const violations = [
    ...Object.keys(query ?? {}).filter((name) => !names.includes(name)).map((field) => ({
      field,
      reason: `No parameter of a watch; there are ${names.join(", ")}`
    })),
    ...(Duration.isFinite(given) && Duration.isGreaterThan(given, Duration.zero)
      ? []
      : [{ field: "every", reason: "Expected a duration above zero" }]),
    ...(isIn(maxWatched, 1) ? [] : [{ field: "maxWatched", reason: "Expected a positive integer" }]),
    ...(since === undefined || isIn(since, 0) ? [] : [{ field: "since", reason: "Expected the id of a run" }])
  ]
  return violations.length > 0
    ? Effect.fail(new InvalidQuery({ violations }))
    : Effect.succeed({ every: given, maxWatched, since })
}
