/**
 * Watches runs: reports each one that appears, changes its status or ends. The API does not announce changes, so a watch
 * polls: it requests the newest runs, and older ones that had not ended.
 *
 * **Details**
 *
 * Every event carries a checkpoint. A watch that resumes from it reports all that followed: no end of a run is lost,
 * whatever happened to the process meanwhile.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { End } from "./client/references.ts"
import { checkOptions } from "./error/check.ts"
import type { RunsQuery } from "./ListRunsQuery.ts"
import type * as RunCheckpoint from "./RunCheckpoint.ts"
import * as RunsClient from "./RunsClient.ts"
import type { Checkpoint } from "./watch/checkpoint.ts"
import { conclude, type Poll } from "./watch/conclude.ts"
import type * as event from "./watch/event.ts"
import { checked, pollForEachShape, type PollOptions, pollShape, runForEachShape } from "./watch/options.ts"
import * as pollOf from "./watch/poll.ts"
import { handleAndSave, load } from "./watch/store.ts"
import { withPollSpan } from "./watch/telemetry.ts"

export { Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./watch/checkpoint.ts"
export type { Poll } from "./watch/conclude.ts"
export type { Ended, Event } from "./watch/event.ts"
export type { PollOptions } from "./watch/options.ts"

/**
 * Which runs are watched. There is no `runStatus`: a run would leave the list by the change that the watch waits for.
 */
export interface WatchQuery extends RunsQuery {
  /** What happens at an undecodable row. `skip` leaves it out; `fail` ends the watch with a `DecodeError`. Default: `skip`. */
  readonly undecodableRows?: "fail" | "skip" | undefined
}

/** How runs are watched. */
export interface Options extends PollOptions {
  /** Where an earlier watch of the same runs stopped: the checkpoint of an event, or the string that it encodes to. */
  readonly resume?: Checkpoint | string | undefined
  /** How long to wait from the end of one poll to the next while a run has not ended. Default: 30 seconds. */
  readonly every?: Duration.Input | undefined
  /** The same while all runs have ended. Default: four times `every`. */
  readonly idleEvery?: Duration.Input | undefined
}

/** How runs are watched under the key of a store. */
export interface RunForEachOptions extends Omit<Options, "resume"> {
  /** The key of the checkpoint in the store. Watches with the same key share it. */
  readonly key: string
}

/** How runs are polled once under the key of a store. */
export interface PollForEachOptions extends PollOptions, Pick<RunForEachOptions, "key"> {}

/** The errors of a watch over a store. Conflicts between watches are resolved and are not among them. */
export type RunForEachError = RunsClient.ListError | RunCheckpoint.CheckpointStoreError

/** Failed polls double the wait, up to this many times `every`. */
const longestWait = 10

/**
 * Polls once: reports what happened since a checkpoint, and returns the next checkpoint.
 *
 * **When to use**
 *
 * In a cron job, a serverless function or a workflow engine, which call it on a schedule and store the checkpoint between
 * two calls. Handle the events first and store the checkpoint then: a crash in between reports the events again, each end
 * under the same `id`.
 *
 * **Details**
 *
 * Without a checkpoint it learns which runs exist and reports `Watching`. Events come in ascending order of ids. `hasMore`
 * says that more than 10,000 runs are new: poll again at once.
 *
 * It makes one request where all runs that have not ended, and those that may appear late, are among the newest 100, and
 * at most 24 otherwise. It fails with the error of the first request that fails, and reports nothing of that poll.
 *
 * **Example** (A cron job)
 *
 * ```ts
 * import { RunWatch } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const job = (stored: string | undefined) =>
 *   Effect.gen(function*() {
 *     const { checkpoint, events } = yield* RunWatch.poll(stored, { runType: "refresh" })
 *     for (const event of events) if (event._tag === "Ended") yield* Effect.log(event.id)
 *     return RunWatch.encodeCheckpoint(checkpoint)
 *   })
 * ```
 */
export const poll = Effect.fnUntraced(function*<const Q extends WatchQuery = {}>(
  checkpoint?: Checkpoint | string,
  query?: Q & WatchQuery,
  options: PollOptions = {}
): Effect.fn.Return<Poll<RunsClient.Element<Q>>, RunsClient.ListError, RunsClient.RunsClient> {
  yield* checkOptions(options, pollShape)
  const { begin } = yield* checked(query === undefined ? {} : query, { ...options, resume: checkpoint })
  return yield* pollFrom<Q>(begin.options, query, begin.checkpoint)
})

// One generator function for all polls: V8 keeps what one that is made for a poll can see until it collects its whole heap.
const pollFrom = Effect.fnUntraced(function*<Q extends WatchQuery>(
  options: pollOf.Options,
  query: (Q & WatchQuery) | undefined,
  checkpoint: Checkpoint | undefined
) {
  const client = yield* RunsClient.client
  let state = pollOf.begin<RunsClient.Element<Q>>(options, checkpoint)
  let requests = 0
  while (state.next !== undefined) {
    const { next } = state
    const request = pollOf.request(state, next)
    // Not a spread, which would forget that the result is still a `Q`.
    const page = yield* Effect.provideService(
      client.listPage<Q>(Object.assign({ undecodableRows: "skip" }, query, request, { orderBy: "id" })),
      End,
      "open"
    )
    requests++
    state = pollOf.advance(state, next, page)
  }
  return { poll: conclude(state, yield* DateTime.now), requests }
}, (polling, { origin }) => withPollSpan(origin)(polling))

/**
 * Reports what happens to all matching runs, without end: it polls, again and again.
 *
 * **Details**
 *
 * The first event of a new watch is `Watching`. A watch that resumes reports what happened since its checkpoint. A poll
 * cannot see a status that began and ended since the last one.
 *
 * A retryable error becomes a `PollFailed` event, and the watch waits longer; any other, such as `Unauthorized`, fails the
 * stream. Interrupting the stream aborts the request in flight.
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
): Stream.Stream<event.Event<RunsClient.Element<Q>>, RunsClient.ListError, RunsClient.RunsClient> =>
  Stream.unwrap(
    Effect.map(checked(query === undefined ? {} : query, options), (watching) => watchFrom<Q>(watching, query))
  )

const watchFrom = <Q extends WatchQuery>(
  { begin, every, idleEvery }: Effect.Success<ReturnType<typeof checked>>,
  query: (Q & WatchQuery) | undefined
) => {
  interface Position {
    readonly checkpoint: Checkpoint | undefined
    readonly wait: Duration.Duration
    /** Polls that failed in succession. */
    readonly failures: number
  }
  type Event = event.Event<RunsClient.Element<Q>>

  const next = (checkpoint: Checkpoint, hasMore: boolean): Position => ({
    checkpoint,
    wait: hasMore ? Duration.zero : checkpoint.unfinished.length > 0 ? every : idleEvery,
    failures: 0
  })
  const failed = ({ checkpoint, failures }: Position, error: RunsClient.ListError) => {
    const backOff = Duration.times(every, Math.min(2 ** failures, longestWait))
    const retryAfter = "retryAfter" in error ? error.retryAfter : undefined
    const retryIn = retryAfter === undefined ? backOff : Duration.max(backOff, retryAfter)
    const event: Event = { _tag: "PollFailed", error, retryIn, ...(checkpoint === undefined ? {} : { checkpoint }) }
    return [[event], Option.some({ checkpoint, wait: retryIn, failures: failures + 1 })] as const
  }

  return Stream.paginate<Position, Event, RunsClient.ListError, RunsClient.RunsClient>(
    { checkpoint: begin.checkpoint, wait: Duration.zero, failures: 0 },
    Effect.fnUntraced(function*(position) {
      yield* Effect.sleep(position.wait)
      return yield* pollFrom<Q>(begin.options, query, position.checkpoint).pipe(
        Effect.map(({ checkpoint, events, hasMore }) => [events, Option.some(next(checkpoint, hasMore))] as const),
        Effect.catchIf((error) => error.isRetryable, (error) => Effect.succeed(failed(position, error)))
      )
    })
  )
}

/**
 * Reports the ends of runs alone: {@link watch} without the other events.
 */
export const ended = <const Q extends WatchQuery = {}>(
  query?: Q & WatchQuery,
  options: Options = {}
): Stream.Stream<event.Ended<RunsClient.Element<Q>>, RunsClient.ListError, RunsClient.RunsClient> =>
  Stream.filter(watch<Q>(query, options), (event) => event._tag === "Ended")

/**
 * Handles each event, then saves its checkpoint in the store of {@link RunCheckpoint.RunCheckpoint}, without end. It goes
 * on from what the store has.
 *
 * **Details**
 *
 * Every event is handled at least once, whatever happens to the process: after a crash between handling and saving it is
 * handled again, and an end has the same `id` then. Several watches may share a key, on one machine or on several: where
 * another was faster to save, this one goes on from what the other saved.
 *
 * Interrupted, it ends after the event in hand: `handler` is not interrupted. It fails with the error of `handler`, without saving, and with the errors of {@link watch} and of the store.
 *
 * **Example** (Ends, each at least once)
 *
 * ```ts
 * import { RunCheckpoint, RunWatch } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const service = RunWatch.runForEach({ runType: "refresh" }, { key: "nightly" }, (event) =>
 *   event._tag === "Ended" ? Effect.log(event.id) : Effect.void
 * ).pipe(Effect.provide(RunCheckpoint.layerMemory))
 * ```
 */
export const runForEach = Effect.fnUntraced(function*<const Q extends WatchQuery, E, R>(
  query: Q & WatchQuery,
  options: RunForEachOptions,
  handler: (event: event.Event<RunsClient.Element<Q>>) => Effect.Effect<unknown, E, R>
): Effect.fn.Return<never, E | RunForEachError, R | RunCheckpoint.RunCheckpoint | RunsClient.RunsClient> {
  yield* checkOptions(options, runForEachShape)
  const { key, since, ...others } = options
  while (true) {
    const { resume, save } = yield* load(key)
    yield* watch<Q>(query, { ...others, ...(resume === undefined ? { since } : { resume }) }).pipe(
      Stream.mapEffect((event) => handleAndSave(event, handler, save)),
      Stream.takeWhile((isSaved) => isSaved),
      Stream.runDrain
    )
  }
})

/**
 * Polls once over the store of {@link RunCheckpoint.RunCheckpoint}: handles each event, then saves its checkpoint. Returns
 * the last checkpoint. For a cron job.
 *
 * **Details**
 *
 * It is {@link runForEach} for one {@link poll}, with the same promises, and polls again only while more than 10,000 runs are
 * new or where another watch was faster to save. It fails with the error of the first request that fails.
 *
 * **Example** (A cron job with a store)
 *
 * ```ts
 * import { RunCheckpoint, RunWatch } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const job = RunWatch.pollForEach({ runType: "refresh" }, { key: "nightly" }, (event) =>
 *   event._tag === "Ended" ? Effect.log(event.id) : Effect.void
 * ).pipe(Effect.provide(RunCheckpoint.layerMemory))
 * ```
 */
export const pollForEach = Effect.fnUntraced(function*<const Q extends WatchQuery, E, R>(
  query: Q & WatchQuery,
  options: PollForEachOptions,
  handler: (event: event.Event<RunsClient.Element<Q>>) => Effect.Effect<unknown, E, R>
): Effect.fn.Return<Checkpoint, E | RunForEachError, R | RunCheckpoint.RunCheckpoint | RunsClient.RunsClient> {
  yield* checkOptions(options, pollForEachShape)
  const { key, since, ...others } = options
  while (true) {
    const { resume, save } = yield* load(key)
    const { checkpoint, events, hasMore } = yield* poll<Q>(
      resume,
      query,
      resume === undefined ? { ...others, since } : others
    )
    let isSaved = true
    for (const event of events) {
      isSaved = yield* handleAndSave(event, handler, save)
      if (!isSaved) break
    }
    // A poll without events counts too: towards a deleted run, and towards the end of `lag`.
    if (events.length === 0) isSaved = yield* save(checkpoint)
    if (isSaved && !hasMore) return checkpoint
  }
})
