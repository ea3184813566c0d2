/** The time-out of an attempt, as options give it. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { InvalidConnection } from "../RunsError.ts"

export const checkTimeout = (
  input: Duration.Input | undefined
): Effect.Effect<Duration.Duration | undefined, InvalidConnection> => {
  if (input === undefined) return Effect.succeed(undefined)
  const timeout = Option.getOrUndefined(Duration.fromInput(input))
  return timeout !== undefined && Duration.isGreaterThan(timeout, Duration.zero)
    ? Effect.succeed(timeout)
    : Effect.fail(new InvalidConnection({ field: "timeout", reason: "Expected a duration above zero" }))
}
