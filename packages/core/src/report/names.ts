/** Names of environments and users, which the API knows by their ids alone: from configuration. Public: `Report` exports it. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { isUnset } from "../wire/unset.ts"
import type { Names } from "./model.ts"

/** Reads `3=production,2=QA`. An entry without an id or a name is left out, and logged. */
const namesIn = (variable: string) =>
  Config.withDefault(Config.String(variable), "").pipe(
    Effect.flatMap((text) => {
      const entries = isUnset(text)
        ? []
        : text.split(/[,;\n]/).map((entry) => entry.trim()).filter((entry) => entry !== "")
      const names = new Map<string, string>()
      for (const entry of entries) {
        const [, id, name] = /^([^=]*[^=\s])\s*=\s*(\S.*)$/.exec(entry) ?? []
        if (id !== undefined && name !== undefined) names.set(id, name)
      }
      return Effect.as(
        names.size === entries.length
          ? Effect.void
          : Effect.logWarning(`${variable}: an entry is not of the form id=name, or names an id twice`),
        Object.fromEntries(names)
      )
    })
  )

/**
 * Reads the names of environments and users from `COALESCE_ENVIRONMENTS` and `COALESCE_USERS`, such as `3=production,2=QA`.
 * They are the `names` of a report.
 */
export const configuredNames: Effect.Effect<Names, Config.ConfigError> = Effect.all({
  environments: namesIn("COALESCE_ENVIRONMENTS"),
  users: namesIn("COALESCE_USERS")
})
