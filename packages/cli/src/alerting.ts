/** What the commands about alerts share. Only they load it: it has the reader of YAML and the destinations. */
import * as Alerter from "@coalesce-runs/alerts/Alerter"
import * as AlertsConfig from "@coalesce-runs/alerts/AlertsConfig"
import type { Destination } from "@coalesce-runs/alerts/Destination"
import { layerFiles } from "@coalesce-runs/alerts/node"
import * as Webhook from "@coalesce-runs/alerts/Webhook"
import type * as RunWatch from "@coalesce-runs/core/RunWatch"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as fs from "node:fs/promises"
import { print } from "./answer.ts"
import { UsageError } from "./ended.ts"

/** Reads and checks the file. */
export const read = (file: string) =>
  Effect.tryPromise({
    try: () => fs.readFile(file, "utf8"),
    catch: (error) =>
      new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }).pipe(Effect.flatMap((text) => AlertsConfig.parse(text, { file })))

/** The destinations of a file. With `--json` a message on standard output is a line too: what a webhook is sent. */
const destinationsOf = (config: AlertsConfig.Config, json: boolean) =>
  Effect.map(AlertsConfig.destinations(config), (all) =>
    all.map((destination): Destination => {
      if (!json || config.destinations[destination.name]?.type !== "stdout") return destination
      return {
        name: destination.name,
        send: (message) => {
          const { data, timestamp, type } = Webhook.payload(message)
          return Effect.as(print(JSON.stringify({ at: timestamp, event: type, message: data })), undefined)
        }
      }
    }))

interface Input {
  readonly file: string
  readonly json: boolean
  readonly state: string
  readonly once: boolean
  readonly every: Duration.Duration | undefined
  readonly since: number | undefined
}

/** Watches and tells, as the file says. */
export const watch = (
  { every, file, json, once, since, state }: Input,
  onEvent: (event: RunWatch.Event) => Effect.Effect<void>
) =>
  Effect.gen(function*() {
    const written = yield* read(file)
    const config = every === undefined ? written : { ...written, every }
    const options = { destinations: yield* destinationsOf(config, json), since, onEvent }
    return yield* once ? Alerter.once(config, options) : Alerter.run(config, options)
  }).pipe(
    Effect.provide(layerFiles({ directory: state })),
    Effect.provide(FetchHttpClient.layer)
  )

/** Returns the names of all destinations of a file, or the one that is asked for. */
export const namesIn = (config: AlertsConfig.Config, destination: string | undefined) => {
  const names = Object.keys(config.destinations)
  return destination === undefined
    ? Effect.succeed(names)
    : names.includes(destination)
    ? Effect.succeed([destination])
    : Effect.fail(
      new UsageError(`There is no destination ${JSON.stringify(destination)}; there are ${names.join(", ")}`)
    )
}
