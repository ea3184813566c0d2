/** Checks the options of a call before any request. */
import * as Effect from "effect/Effect"
import { InvalidQuery } from "../RunsError.ts"

/** Whether an option is wrong, its name, and what is wrong with it. */
export type Rule<Options> = readonly [isWrong: boolean, field: keyof Options & string, reason: string]

/** Fails with an `InvalidQuery` that names each wrong option. */
export const check = <Options>(rules: ReadonlyArray<Rule<Options>>): Effect.Effect<void, InvalidQuery> => {
  const violations = rules.flatMap(([isWrong, field, reason]) => isWrong ? [{ field, reason }] : [])
  return violations.length > 0 ? Effect.fail(new InvalidQuery({ violations })) : Effect.void
}
