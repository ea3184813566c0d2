import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"

/** Logs a fault of this package in a tool: the result shows only that it happened. */
export const logFault = (tool: string) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.tapCause(
    effect,
    (cause) => Cause.hasDies(cause) ? Effect.logError(`${tool} failed`, cause) : Effect.void
  )
