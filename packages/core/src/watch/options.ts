/** Checks the options of a watch before any request. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import {
  check,
  checkOptions,
  duration,
  isPlain,
  required,
  type Rule,
  type Shape,
  text,
  unchecked
} from "../error/check.ts"
import * as RunsClient from "../RunsClient.ts"
import { InvalidQuery } from "../RunsError.ts"
import { Checkpoint, readCheckpoint } from "./checkpoint.ts"
import * as poll from "./poll.ts"

/** How a poll reports runs. */
export interface PollOptions {
  /**
   * The id of a run, for a new watch: runs with a greater id are reported as `Appeared` at once. Default: only runs from
   * now on. A checkpoint says where to continue instead.
   */
  readonly since?: number | undefined
  /** How many runs that have not ended are tracked. Beyond it the oldest become `Untracked`. Default: 1000. */
  readonly maxWatched?: number | undefined
  /**
   * How long after a run with a greater id another may still become visible. A run that becomes visible later is not
   * reported. Default: 10 minutes.
   */
  readonly lag?: Duration.Input | undefined
}

interface Key {
  readonly key: string
}

interface WatchOptions extends PollOptions {
  readonly resume?: Checkpoint | string | undefined
  readonly every?: Duration.Input | undefined
  readonly idleEvery?: Duration.Input | undefined
}

/** What each option must be. A call refuses those that it does not have: `every` would do nothing in one poll. */
export const pollShape: Shape<PollOptions> = { since: unchecked, maxWatched: unchecked, lag: duration }
export const pollForEachShape: Shape<PollOptions & Key> = { key: required(text), ...pollShape }
const waits = { every: duration, idleEvery: duration }
export const runForEachShape: Shape<Omit<WatchOptions, "resume"> & Key> = { ...pollForEachShape, ...waits }
const shape: Shape<WatchOptions> = {
  ...pollShape,
  resume: ["Expected a checkpoint or its string", (value) => Predicate.isString(value) || Predicate.isObject(value)],
  ...waits
}

const filters = ["runType", "environmentID", "projectID"] as const
const names = [...filters, "detail", "failureReasons", "undecodableRows"]

const isIn = (value: number, least: number) => Number.isSafeInteger(value) && value >= least

const millisOf = (input: Duration.Input): Duration.Duration =>
  Option.getOrElse(Duration.fromInput(input), () => Duration.millis(-1))

/** Returns the options of a watch with their defaults, and where it begins. */
export const checked = Effect.fnUntraced(function*(
  query: object,
  options: WatchOptions
): Effect.fn.Return<
  {
    readonly begin: { readonly options: poll.Options; readonly checkpoint: Checkpoint | undefined }
    readonly every: Duration.Duration
    readonly idleEvery: Duration.Duration
  },
  InvalidQuery,
  RunsClient.RunsClient
> {
  yield* check([[!isPlain(query), "query", "Expected an object of parameters"]])
  yield* checkOptions(options, shape)
  const { every = "30 seconds", lag = "10 minutes", maxWatched = 1000, resume, since } = options
  const wait = millisOf(every)
  const idle = millisOf(options.idleEvery ?? Duration.times(wait, 4))
  const late = millisOf(lag)
  const isWait = (duration: Duration.Duration) => Duration.isFinite(duration) && Duration.isPositive(duration)
  const { origin, projectID } = yield* RunsClient.client
  const set = new Map<string, unknown>(Object.entries(query))
  // What the client lists without a query's word is what the watch sees.
  const watched = new Map<string, unknown>([
    ["projectID", projectID],
    ...[...set].filter(([, value]) => value !== undefined)
  ])
  const watches = Object.fromEntries([
    ["origin", origin],
    ...filters.flatMap((name) => Predicate.isString(watched.get(name)) ? [[name, watched.get(name)]] : [])
  ])
  const checkpoint = resume === undefined ? undefined : readCheckpoint(resume, watches)
  yield* check<Record<string, unknown>>([
    ...[...set.keys()].map((
      name
    ): Rule<Record<string, unknown>> => [
      !names.includes(name),
      name,
      `No such parameter of a watch; there are ${names.join(", ")}`
    ]),
    [!isWait(wait), "every", "Expected a duration above zero"],
    // Unset, it follows `every`, which is named already.
    [(isWait(wait) || options.idleEvery !== undefined) && !isWait(idle), "idleEvery", "Expected a duration above zero"],
    [!(Duration.isFinite(late) && Duration.toMillis(late) >= 0), "lag", "Expected a duration"],
    [!isIn(maxWatched, 1), "maxWatched", "Expected a positive integer"],
    [!isIn(since ?? 0, 0), "since", "Expected the id of a run"],
    [
      since !== undefined && resume !== undefined,
      "since",
      "Belongs to a new watch; this one continues where its checkpoint says"
    ],
    ...(checkpoint !== undefined && Result.isFailure(checkpoint)
      ? [[true, "resume", checkpoint.failure] as const]
      : [])
  ])
  return {
    begin: {
      options: { origin, watches, maxWatched, lag: late, since, limits: poll.limits },
      checkpoint: checkpoint && Result.getOrUndefined(checkpoint)
    },
    every: wait,
    idleEvery: idle
  }
})
