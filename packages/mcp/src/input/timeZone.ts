/** The time zone of a call: its own, or that of the server's configuration. Names that Windows has are read too. */
import { isUnset } from "@coalesce-runs/core/Connection"
import { InvalidQuery, type RunsError } from "@coalesce-runs/core/RunsError"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { toIana } from "./windowsZones.ts"

const variable = "COALESCE_TIME_ZONE"

const configured = Config.option(Config.String(variable)).pipe(
  Effect.map((name) => Option.getOrUndefined(Option.filter(name, (name) => !isUnset(name))))
)

const nameVariable = (error: InvalidQuery) =>
  new InvalidQuery({
    violations: error.violations.map(({ field, reason }) =>
      field === "timeZone"
        ? { field: variable, reason: `${reason}. Pass timeZone until the variable is corrected` }
        : { field, reason }
    )
  })

interface Input {
  readonly window?: string
  readonly since?: string
  readonly until?: string
  readonly timeZone?: string
}

/** Checks for an end that is the same instant in every zone: a duration ago, or a time with an offset. */
const isAbsolute = (end: string | undefined): boolean =>
  end === undefined || !/^(?:[+-]?\d{4,}-|today|yesterday)/.test(end) ||
  /\d(Z|[+-]\d\d(:?\d\d)?)$/i.test(end.replace(/^[^T ]*/, ""))

/**
 * Runs a call in its time zone, or in that of `COALESCE_TIME_ZONE`. Where no such zone exists, the error names the
 * variable; a call that needs no zone runs in the machine's instead. `hasWindow` says whether the call has a window that
 * nobody named.
 */
export const withTimeZone = <I extends Input, A, E extends RunsError, R>(
  input: I,
  call: (input: I) => Effect.Effect<A, E, R>,
  hasWindow: boolean
): Effect.Effect<A, E | InvalidQuery | Config.ConfigError, R> =>
  input.timeZone !== undefined
    ? call({ ...input, timeZone: toIana(input.timeZone) })
    : Effect.flatMap(configured, (timeZone) => {
      if (timeZone === undefined) return call(input)
      const isZoneless = input.window === undefined && isAbsolute(input.since) && isAbsolute(input.until) &&
        (input.since !== undefined || !hasWindow)
      return call({ ...input, timeZone: toIana(timeZone) }).pipe(
        Effect.catch((error): Effect.Effect<A, E | InvalidQuery, R> =>
          error._tag !== "InvalidQuery" || !error.violations.some(({ field }) => field === "timeZone")
            ? Effect.fail(error)
            : isZoneless
            ? Effect.andThen(Effect.logWarning(`${variable} is not a time zone: the machine's is used`), call(input))
            : Effect.fail(nameVariable(error))
        )
      )
    })
