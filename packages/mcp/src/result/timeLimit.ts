/** Bounds the time of a call. */
import { Bounds } from "@coalesce-runs/core/RunList"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { ExplainedFailure } from "./failure.ts"

/** Fails with an error that says what could not be read in time, and what to try instead. */
export const withinCallTime =
  (what: string, instead: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | ExplainedFailure, R> =>
    Effect.flatMap(Bounds, ({ time }) =>
      Effect.timeoutOrElse(effect, {
        duration: time,
        orElse: () =>
          Effect.fail(
            new ExplainedFailure({
              failure: {
                what: `Coalesce did not return ${what} within ${Duration.format(time)}, so there is no result.`,
                retry: "yes: Coalesce may be slow for a moment.",
                next: `make the same call again, ${instead}.`
              }
            })
          )
      }))
