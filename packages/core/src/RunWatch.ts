/**
 * Watches runs: reports each one that appears, changes its status or ends. The API does not announce changes, so a watch
 * polls: it requests the newest runs, and older ones that had not ended.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { check, checkOptions, duration, type Shape, unchecked } from "./error/check.ts"
import type { RunsQuery } from "./ListRunsQuery.ts"
import * as RunsClient from "./RunsClient.ts"
import type { InvalidQuery } from "./RunsError.ts"
import type { Event } from "./watch/event.ts"
import * as poll from "./watch/poll.ts"

export type { Event } from "./watch/event.ts"

/**
 * Which runs are watched. There is no `runStatus`: a run would leave the list by the change that the watch waits for.
 */
export interface WatchQuery extends RunsQuery {
  /** What happens at an undecodable row. `skip` leaves it out; `fail` ends the watch with a `DecodeError`. Default: `skip`. */
  readonly undecodableRows?: "fail" | "skip" | undefined
}

/** How runs are watched. */
export interface Options {
  /** How long to wait from the end of one poll to the next. Default: 30 seconds. */
  readonly every?: Duration.Input | undefined
  /** The id of a run. Runs with a greater id are reported as `Appeared` at once. Default: only runs from now on. */
  readonly since?: number | undefined
  /** How many runs that have not ended are tracked. Beyond it the oldest become `Untracked`. Default: 1000. */
  readonly maxWatched?: number | undefined
}

/**
 * Reports what happens to all matching runs, without end.
 *
 * **Details**
 *
 * The first poll only learns which runs exist. Each following poll is one request for the newest 100 runs, and a few more
 * if runs that have not ended are older than those. It cannot see a status that began and ended since the last poll.
 *
 * A retryable error becomes a `PollFailed` event; any other, such as `Unauthorized`, fails the stream. Interrupting the
 * stream aborts the request in flight.
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
 */
export const watch = <const Q extends WatchQuery = {}>(
  query?: Q & WatchQuery,
  options: Options = {}
): Stream.Stream<Event<RunsClient.Element<Q>>, RunsClient.ListError, RunsClient.RunsClient> =>
  Stream.unwrap(Effect.gen(function*() {
    type A = RunsClient.Element<Q>
    const client = yield* RunsClient.client
    const state = poll.begin(yield* optionsOf(query ?? {}, options))

    // Not a spread, which would forget that the result is still a `Q`.
    const fetch = (request: poll.PollRequest) =>
      client.listPage<Q>(Object.assign({ undecodableRows: "skip" }, query, request, { orderBy: "id" }))

    return Stream.paginate<Pick<poll.Step<A>, "state" | "wait">, Event<A>, RunsClient.ListError>(
      { state, wait: Duration.zero },
      Effect.fnUntraced(function*({ state, wait }) {
        yield* Effect.sleep(wait)
        const request = poll.request(state)
        const step = yield* fetch(request).pipe(
          Effect.map((page) => poll.advance(state, request, page)),
          Effect.catchIf((error) => error.isRetryable, (error) => Effect.succeed(poll.fail<A>(state, error)))
        )
        return [step.events, Option.some(step)] as const
      })
    )
  }))

const shape: Shape<Options> = { every: duration, since: unchecked, maxWatched: unchecked }

const names = ["runType", "environmentID", "detail", "failureReasons", "undecodableRows"]

const optionsOf = Effect.fnUntraced(function*(
  query: object,
  options: Options
): Effect.fn.Return<poll.Options, InvalidQuery> {
  yield* checkOptions(options, shape)
  const { every = "30 seconds", maxWatched = 1000, since } = options
  const wait = Option.getOrElse(Duration.fromInput(every), () => Duration.zero)
  const isIn = (value: number, least: number) => Number.isSafeInteger(value) && value >= least
  yield* check<Record<string, unknown>>([
    ...Object.keys(query).map((name) =>
      [!names.includes(name), name, `No such parameter of a watch; there are ${names.join(", ")}`] as const
    ),
    [!(Duration.isFinite(wait) && Duration.isPositive(wait)), "every", "Expected a duration above zero"],
    [!isIn(maxWatched, 1), "maxWatched", "Expected a positive integer"],
    [!isIn(since ?? 0, 0), "since", "Expected the id of a run"]
  ])
  return { every: wait, maxWatched, since }
})
