/** Reads what an inspection compares with, as a tool or a command line gets it. Public: `RunInspection` exports it. */
import * as Effect from "effect/Effect"
import { InvalidQuery } from "../RunsError.ts"

/**
 * Reads the text of `compareWith`: `last_success`, `none`, or the id of a run. It fails with an `InvalidQuery` for any other
 * text. Without a text it is `undefined`, the default.
 */
export const readCompareWith = (
  text: string | undefined
): Effect.Effect<"last_success" | "none" | number | undefined, InvalidQuery> =>
  text === undefined || text === "last_success" || text === "none"
    ? Effect.succeed(text)
    : /^\d{1,15}$/.test(text)
    ? Effect.succeed(Number(text))
    : Effect.fail(
      new InvalidQuery({ violations: [{ field: "compareWith", reason: "Expected last_success, none, or a run's id" }] })
    )
