/** Makes a destination of a webhook whose address is the whole secret, and that takes a payload as JSON. */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { required, secret } from "../check/options.ts"
import type { Destination, InvalidDestination } from "../Destination.ts"
import type { Message } from "../Incident.ts"
import { checkUrl, post } from "./post.ts"
import { checkSettings } from "./settings.ts"

interface Options {
  readonly name?: string | undefined
  readonly url: Redacted.Redacted<string>
}

/** Without threads: each message stands alone. */
export const webhookOf = Effect.fnUntraced(function*(
  standardName: string,
  options: Options,
  payload: (message: Message) => object
): Effect.fn.Return<Destination, InvalidDestination> {
  yield* checkSettings(standardName, options, { url: required(secret) })
  const { name = standardName, url } = options
  yield* checkUrl(name, url)
  return {
    name,
    send: (message) =>
      Effect.as(
        post({ destination: name, messageID: message.id, url, body: JSON.stringify(payload(message)) }),
        undefined
      )
  }
})
