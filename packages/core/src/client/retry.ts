import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { RunsError } from "../RunsError.ts"

/** The most milliseconds of all attempts of one request and the waits between them, unless one attempt has more. */
export const totalTime = 30_000

/**
 * The default policy: up to 4 retries, exponential with jitter, `Retry-After` obeyed. A wait that would end after `total` is
 * not begun, so the error comes at once and says how long the server asks to wait.
 *
 * @param spent returns how many milliseconds all attempts and waits between them took until a time.
 */
export const defaultRetry = (
  spent: (now: number) => number,
  total: number
): Schedule.Schedule<unknown, RunsError> =>
  Schedule.exponential("250 millis").pipe(
    Schedule.setInputType<RunsError>(),
    Schedule.jittered,
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.succeed(Math.max(Duration.toMillis(duration), Duration.toMillis(input.retryAfter ?? 0)))
    ),
    Schedule.while(({ duration, now }) => Effect.succeed(spent(now) + Duration.toMillis(duration) < total)),
    Schedule.upTo({ times: 4 })
  )
