/**
 * Reads `alerts.yml`: which runs are watched, where their incidents are told, and when. `Routes` decides by it.
 *
 * **What it guarantees**
 *
 * - A file that is not valid is refused as a whole, and the error names the line of each problem and what to do.
 * - The file has no secrets: it names the environment variables that have them. No error contains one.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as JsonSchema from "effect/JsonSchema"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { InvalidAlertsConfig } from "./alertsConfig/InvalidAlertsConfig.ts"
import { environmentIDsOf } from "./alertsConfig/match.ts"
import { Config } from "./alertsConfig/model.ts"
import * as parsing from "./alertsConfig/parse.ts"
import * as secrets from "./alertsConfig/secrets.ts"
import type { Destination } from "./Destination.ts"
import type * as Incident from "./Incident.ts"

export { InvalidAlertsConfig, Problem } from "./alertsConfig/InvalidAlertsConfig.ts"
export { Config, Mute, QuietHours, Route } from "./alertsConfig/model.ts"

/** How a file is read. */
export interface Options {
  /** The name of the file in errors. Default: `alerts.yml`. */
  readonly file?: string | undefined
}

/**
 * Reads the text of a file.
 *
 * **Details**
 *
 * It fails with an {@link InvalidAlertsConfig} that has the line, the column and the path of each problem, and says what to do.
 * A key that does not exist is a problem. A value that may be a secret is never repeated.
 *
 * **Example** (A file with a mistake)
 *
 * ```ts
 * import { AlertsConfig } from "@coalesce-runs/alerts"
 * import * as Effect from "effect/Effect"
 *
 * const text = `
 * version: 1
 * timeZone: Europe/London
 * destinations:
 *   dataTeam:
 *     type: slackWebhok
 * `
 * const message = AlertsConfig.parse(text).pipe(
 *   Effect.flip,
 *   Effect.map((error) => error.message)
 * )
 *
 * await Effect.runPromise(message) // => 'alerts.yml:6:11: destinations.dataTeam.type: There is no type "slackWebhok". Did you mean "slackWebhook"?'
 * ```
 */
export const parse: (text: string, options?: Options) => Effect.Effect<Config, InvalidAlertsConfig> = parsing.parse

/**
 * Makes the destinations of a file, in its order. Their secrets are read from the environment.
 *
 * **Details**
 *
 * It fails with one {@link InvalidAlertsConfig} that names every variable that is not set, or has no secret of its kind. The error
 * has no secret.
 */
export const destinations: (config: Config) => Effect.Effect<ReadonlyArray<Destination>, InvalidAlertsConfig> =
  secrets.destinations

/** Reads the address of `heartbeat` from the environment. Returns nothing if the file names none. */
export const heartbeat: (
  config: Config
) => Effect.Effect<Redacted.Redacted<string> | undefined, InvalidAlertsConfig> = secrets.heartbeat

/** Returns the options of `Incident.observe` of a file. */
export const incidentOptions = (
  { details, quiet, remindEvery, report, resolveAfter, timeZone, updateEvery }: Config
): Incident.Options => ({
  details,
  quiet,
  remindEvery,
  resolveAfter,
  updateEvery,
  report: { timeZone, names: report?.names }
})

/** Returns which runs a file is about, as the queries of core name it. */
export const selection = (config: Config): {
  readonly environmentID?: string
  readonly projectID?: string
  readonly jobID?: number | string
} => {
  const { environment, job, project } = config
  const [environmentID] = environment === undefined ? [] : environmentIDsOf(config, [environment])
  return {
    ...(environmentID === undefined ? {} : { environmentID }),
    ...(project === undefined ? {} : { projectID: project }),
    ...(job === undefined ? {} : { jobID: /^\d+$/.test(job) ? Number(job) : job })
  }
}

/**
 * Returns the JSON Schema of the file, for editors: the package has it as `alerts.schema.json`. {@link parse} checks more, such as that a
 * route leads to a destination of the file.
 */
export const jsonSchema = (): JsonSchema.JsonSchema => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(Config, { onExcessProperty: "error" })
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions })
  }
}
