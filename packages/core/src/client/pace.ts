/** Paces the requests of a client: at most so many at once and in a time, and none while the server asks to wait. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { RateLimiter } from "effect/persistence/RateLimiter"
import * as Semaphore from "effect/Semaphore"
import type { GetError, RequestOptions } from "./model.ts"

/** The service of effect/persistence, by its key: an import of its value would bring Redis into every bundle. */
export const SharedLimiter = /*#__PURE__*/ Context.Service<RateLimiter>("~effect/persistence/RateLimiter")

/**
 * Sends when it is time to. Where the server asked to wait for longer than `longestWait`, nothing is sent, and `refuse` makes
 * the error of what is left of that wait.
 */
export type Pace = <A>(
  send: Effect.Effect<A, GetError>,
  refuse: (retryAfter: Duration.Duration) => GetError
) => Effect.Effect<A, GetError>

interface Sent {
  readonly at: number
  endedAt?: number
}

export const make = Effect.fnUntraced(function*(
  origin: string,
  { maxConcurrency = Infinity, rateLimit }: Pick<RequestOptions, "maxConcurrency" | "rateLimit">,
  longestWait: number
): Effect.fn.Return<Pace> {
  const { requests, per } = rateLimit ?? { requests: Infinity, per: 0 }
  const window = Duration.fromInputUnsafe(per)
  const millis = Duration.toMillis(window)
  const shared = rateLimit === undefined ? Option.none() : yield* Effect.serviceOption(SharedLimiter)
  const room = yield* Semaphore.make(maxConcurrency)
  // One at a time, in the order in which they came.
  const gate = yield* Semaphore.make(1)
  const sent: Array<Sent> = []
  let pausedUntil = 0

  // A request arrives later than it is sent, and the next one may be faster. So its place is taken until a response came,
  // for at most a quarter longer, and servers that count what arrives count no more than the limit.
  const freeAt = ({ at, endedAt }: Sent, now: number) => at + millis + Math.min((endedAt ?? now) - at, millis / 4)

  const turn = Effect.fnUntraced(function*(refuse: (retryAfter: Duration.Duration) => GetError) {
    for (;;) {
      const now = yield* Clock.currentTimeMillis
      const pause = pausedUntil - now
      if (pause > longestWait) return yield* Effect.fail(refuse(Duration.millis(pause)))
      const [first] = sent
      const opensAt = Math.max(pausedUntil, first !== undefined && sent.length >= requests ? freeAt(first, now) : 0)
      if (opensAt <= now) {
        const own: Sent = { at: now }
        if (rateLimit !== undefined && sent.push(own) > requests) sent.shift()
        return own
      }
      yield* Effect.sleep(Duration.millis(opensAt - now))
    }
  })

  // Where the store of the shared limiter fails, the limit holds for this client alone.
  const sharedTurn = Option.match(shared, {
    onNone: () => Effect.void,
    onSome: (limiter) =>
      limiter.consume({ key: `coalesce-runs ${origin}`, limit: requests, window, onExceeded: "delay" }).pipe(
        Effect.matchEffect({ onFailure: () => Effect.void, onSuccess: ({ delay }) => Effect.sleep(delay) })
      )
  })

  return (send, refuse) =>
    room.withPermit(
      Effect.flatMap(Effect.andThen(sharedTurn, gate.withPermit(turn(refuse))), (own) =>
        Effect.onExit(send, (exit) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            own.endedAt = now
            const error = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
            if (error?._tag === "TooManyRequests" && error.retryAfter !== undefined) {
              pausedUntil = Math.max(pausedUntil, now + Duration.toMillis(error.retryAfter))
            }
          })))
    )
})
