/** The time zone of a call: its own, or that of the server's configuration. */
import { InvalidQuery, type RunsError } from "@coalesce-runs/core/RunsError"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

const variable = "COALESCE_TIME_ZONE"

const configured = Config.option(Config.String(variable)).pipe(
  Effect.map((name) => Option.getOrUndefined(Option.filter(name, (name) => name.trim() !== "")))
)

const nameVariable = (error: InvalidQuery) =>
  new InvalidQuery({
    violations: error.violations.map(({ field, reason }) =>
      field === "timeZone"
        ? { field: variable, reason: `${reason}. Pass timeZone until the variable is corrected` }
        : { field, reason }
    )
  })

/**
 * Runs a call in its time zone, or in that of `COALESCE_TIME_ZONE`. Where no such zone exists, the error names the
 * variable.
 */
export const withTimeZone = <Input extends { readonly timeZone?: string }, A, E extends RunsError, R>(
  input: Input,
  call: (input: Input) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | InvalidQuery | Config.ConfigError, R> =>
  input.timeZone !== undefined
    ? call(input)
    : Effect.flatMap(configured, (timeZone) =>
      timeZone === undefined
        ? call(input)
        : Effect.mapError(
          call({ ...input, timeZone }),
          (error) => error._tag === "InvalidQuery" ? nameVariable(error) : error
        ))
