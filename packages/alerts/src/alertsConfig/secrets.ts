/** Reads what the file refers to from the environment, and makes the destinations. */
import * as Config_ from "effect/Config"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Destination, InvalidDestination } from "../Destination.ts"
import { checkUrl } from "../destination/post.ts"
import * as PagerDuty from "../PagerDuty.ts"
import * as Slack from "../Slack.ts"
import * as Stdout from "../Stdout.ts"
import * as Teams from "../Teams.ts"
import * as Webhook from "../Webhook.ts"
import { InvalidAlertsConfig, type Problem } from "./InvalidAlertsConfig.ts"
import type { Config, Destination as Entry } from "./model.ts"

/** Reads `${NAME}`. White space around a secret is a mistake of whoever set it. */
const read = Effect.fnUntraced(function*(destination: string, setting: string, reference: string) {
  const variable = reference.slice(2, -1)
  const invalid = new InvalidDestination({
    destination,
    setting,
    reason: `The environment variable ${variable} is not set`
  })
  const value = yield* Effect.mapError(Config_.Redacted(variable), () => invalid)
  const text = Redacted.value(value).trim()
  return text === "" ? yield* invalid : Redacted.make(text)
})

const destinationOf = Effect.fnUntraced(function*(
  name: string,
  entry: Entry
): Effect.fn.Return<Destination, InvalidDestination> {
  const secret = (setting: string, reference: string) => read(name, setting, reference)
  const url = "url" in entry && entry.url !== undefined ? { url: yield* secret("url", entry.url) } : {}
  switch (entry.type) {
    case "slackWebhook":
      return yield* Slack.webhook({ name, url: yield* secret("url", entry.url) })
    case "slackBot":
      return yield* Slack.bot({ name, channel: entry.channel, token: yield* secret("token", entry.token), ...url })
    case "teams":
      return yield* Teams.webhook({ name, url: yield* secret("url", entry.url) })
    case "pagerDuty":
      return yield* PagerDuty.events({
        name,
        source: entry.source,
        routingKey: yield* secret("routingKey", entry.routingKey),
        ...url
      })
    case "webhook":
      return yield* Webhook.signed({
        name,
        url: yield* secret("url", entry.url),
        secret: yield* secret("secret", entry.secret)
      })
    case "stdout":
      return Stdout.stdout({ name })
  }
})

const file = "alerts.yml"

const problemOf = (path: string) => ({ reason, setting }: InvalidDestination): Problem => ({
  path: `${path}.${setting}`,
  message: `${reason}.`
})

/** Makes the destinations, in the order of the file. */
export const destinations = (
  config: Config
): Effect.Effect<ReadonlyArray<Destination>, InvalidAlertsConfig> =>
  Effect.validate(
    Object.entries(config.destinations),
    ([name, entry]) => Effect.mapError(destinationOf(name, entry), problemOf(`destinations.${name}`))
  ).pipe(Effect.mapError((problems) => new InvalidAlertsConfig({ file, problems })))

/** Reads the address of the heartbeat. */
export const heartbeat = (
  { heartbeat: reference }: Config
): Effect.Effect<Redacted.Redacted<string> | undefined, InvalidAlertsConfig> =>
  reference === undefined
    ? Effect.undefined
    : read("heartbeat", "url", reference).pipe(
      Effect.tap((url) => checkUrl("heartbeat", url)),
      Effect.mapError(({ reason }) =>
        new InvalidAlertsConfig({ file, problems: [{ path: "heartbeat", message: `${reason}.` }] })
      )
    )
