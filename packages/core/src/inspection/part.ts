/** The parts of an inspection or a diagnosis as values: what a request returned, or why it did not. */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { Progress } from "../list/readRuns.ts"
import { plural } from "../report/time.ts"
import type { AnyRun, RunId } from "../Run.ts"
import type { ListError, RunPage } from "../RunsClient.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Unavailable } from "./unavailable.ts"

/** How far the last success is searched for, and how long each part may take, as the options of the two modules say. */
export interface Limits {
  readonly historyLimit: number
  readonly partTimeout: Duration.Duration
}

export const defaultLimits: Limits = { historyLimit: 1000, partTimeout: Duration.seconds(20) }

/** The most that `historyLimit` may be. */
export const maxHistoryLimit = 1250

export const Limits = Context.Reference<Limits>("@coalesce-runs/core/RunInspection/Limits", {
  defaultValue: () => defaultLimits
})

class TimedOut extends Data.TaggedError("TimedOut")<{ readonly message: string }> {
  readonly isRetryable = true
}

export type Part<A> = Result.Result<A, ListError | TimedOut>

const Requests = Context.Reference<{ begun: number; ended: number } | undefined>(
  "@coalesce-runs/core/RunInspection/Requests",
  { defaultValue: () => undefined }
)

/** Counts the requests of a call from here on, so that `Progress` receives how far it is. */
export const countRequests = <A, E, R>(call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => Effect.provideService(call, Requests, { begun: 0, ended: 0 }))

/** Tells, once a request has ended, how many have, and how many were begun by then. It never fails. */
export const counted = Effect.fnUntraced(
  function*<A, E, R>(request: Effect.Effect<A, E, R>): Effect.fn.Return<Result.Result<A, E>, never, R> {
    const requests = yield* Requests
    const progress = yield* Progress
    if (requests === undefined) return yield* Effect.result(request)
    requests.begun++
    const result = yield* Effect.result(request)
    yield* progress(++requests.ended, requests.begun)
    return result
  }
)

/** Asks for a part within its time. It never fails. */
export const attempt = <A, R>(effect: Effect.Effect<A, ListError, R>): Effect.Effect<Part<A>, never, R> =>
  Effect.flatMap(Limits, ({ partTimeout }) =>
    effect.pipe(
      Effect.timeoutOrElse({
        duration: partTimeout,
        orElse: () =>
          Effect.fail(new TimedOut({ message: `There was no response within ${Duration.format(partTimeout)}.` }))
      }),
      counted
    ))

export const valueOf = <A>(part: Part<A> | undefined): A | undefined =>
  part === undefined ? undefined : Result.getOrUndefined(part)

/** Says why a part is unavailable, for a reason other than its request. */
export const missing = <Name extends string>(
  part: Name,
  error: string,
  message: string,
  runID?: RunId
): ReadonlyArray<Unavailable<Name>> => [{ part, ...omitUndefined({ runID }), error, message, isRetryable: false }]

/** Says why a part is unavailable; nothing if it is there or was never asked for. */
export const unavailable = <Name extends string>(
  name: Name,
  part: Part<unknown> | undefined,
  runID?: RunId
): ReadonlyArray<Unavailable<Name>> => {
  if (part === undefined || Result.isSuccess(part)) return []
  const { _tag: error, isRetryable, message } = part.failure
  const status = "status" in part.failure ? part.failure.status : undefined
  return [{ part: name, ...omitUndefined({ runID, status }), error, message, isRetryable }]
}

/** The same for pages, and for rows of them that could not be decoded. */
export const unavailablePages = <Name extends string>(
  name: Name,
  pages: ReadonlyArray<Part<RunPage> | undefined>,
  runID?: RunId
): ReadonlyArray<Unavailable<Name>> =>
  pages.flatMap((page) => [...unavailable(name, page, runID), ...undecodable(name, valueOf(page))])

const undecodable = <Name extends string>(
  name: Name,
  page: RunPage | undefined
): ReadonlyArray<Unavailable<Name>> => {
  const { length, 0: first } = page?.undecodable ?? []
  if (first === undefined) return []
  const which = first.id === undefined ? `row ${first.index}` : `run ${first.id}`
  const skipped = `Skipped ${plural(length, "undecodable row")}: ${which}: ${first.path}: ${first.issue}`
  return missing(name, "DecodeError", skipped)
}

/** Rows of one page or two, and why there are no more. */
export interface PagesBack<A extends AnyRun> {
  readonly rows: ReadonlyArray<A>
  readonly ended: "all" | "enough" | "limit" | "unavailable"
  readonly pages: ReadonlyArray<Part<RunPage<A>>>
}

const maxPage = 1000

/** Reads one more page, as large as the limit allows, if the first does not hold what is searched for. */
export const readBack = <A extends AnyRun, R>(
  first: RunPage<A>,
  limit: number,
  page: (limit: number, after: RunPage<A>) => Effect.Effect<RunPage<A>, ListError, R>,
  isEnough: (rows: ReadonlyArray<A>) => boolean
): Effect.Effect<PagesBack<A>, never, R> => {
  const left = limit - first.runs.length - first.undecodable.length
  const ended = !first.hasMore ? "all" : isEnough(first.runs) ? "enough" : left <= 0 ? "limit" : undefined
  const read = { rows: first.runs, pages: [Result.succeed(first)] }
  if (ended !== undefined) return Effect.succeed({ ...read, ended })
  return Effect.map(attempt(page(Math.min(maxPage, left), first)), (second): PagesBack<A> => {
    const pages = [...read.pages, second]
    if (Result.isFailure(second)) return { rows: first.runs, ended: "unavailable", pages }
    const rows = [...first.runs, ...second.success.runs]
    return { rows, ended: !second.success.hasMore ? "all" : isEnough(rows) ? "enough" : "limit", pages }
  })
}
