/**
 * Tells incidents to a program of yours: the message as core's JSON, signed by the rules of Standard Webhooks.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Webhook } from "standardwebhooks"
import * as check from "./check/options.ts"
import { type Destination, InvalidDestination } from "./Destination.ts"
import { checkUrl, post } from "./destination/post.ts"
import { checkSettings } from "./destination/settings.ts"
import { Message } from "./Incident.ts"

const encode = Schema.encodeSync(Schema.toCodecJson(Message))

/** What a program is sent. `type` is `incident.opened`, `incident.updated` or `incident.resolved`. */
export interface Payload {
  readonly type: `incident.${Message["status"]}`
  /** When the message was made, in ISO 8601. */
  readonly timestamp: string
  /** The message: `Incident.Message` decodes it. */
  readonly data: Schema.Json
}

/** Returns the payload of a message. */
export const payload = (message: Message): Payload => ({
  type: `incident.${message.status}`,
  timestamp: DateTime.formatIso(message.at),
  data: encode(message)
})

/** How the program is reached. */
export interface Options {
  /** Names the destination. Default: `webhook`. */
  readonly name?: string | undefined
  /** Its address: a secret. */
  readonly url: Redacted.Redacted<string>
  /** The key of the signature, which both sides know: `whsec_` and base64. */
  readonly secret: Redacted.Redacted<string>
}

const maxMessageID = 256

/**
 * Makes a destination of an address. Each request has the headers `webhook-id` (the id of the message, the same at each attempt),
 * `webhook-timestamp` and `webhook-signature`; the packages of Standard Webhooks verify them.
 */
export const signed = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<Destination, InvalidDestination> {
  yield* checkSettings("webhook", options, { url: check.required(check.secret), secret: check.required(check.secret) })
  const { name = "webhook", secret, url } = options
  yield* checkUrl(name, url)
  const signer = yield* Effect.try({
    try: () => new Webhook(Redacted.value(secret)),
    catch: () => new InvalidDestination({ destination: name, setting: "secret", reason: "Expected whsec_ and base64" })
  })
  return {
    name,
    send: Effect.fnUntraced(function*(message) {
      const body = JSON.stringify(payload(message))
      const sentAt = DateTime.toDate(yield* DateTime.now)
      const id = message.id.slice(0, maxMessageID)
      yield* post({
        destination: name,
        messageID: message.id,
        url,
        body,
        headers: {
          "webhook-id": id,
          "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
          "webhook-signature": signer.sign(id, sentAt, body)
        }
      })
      return undefined
    })
  }
})
