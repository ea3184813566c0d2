/** Makes a destination of a webhook whose address is the whole secret, and that takes a payload as JSON. */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Destination, InvalidDestination } from "../Destination.ts"
import type { Message } from "../Incident.ts"
import { checkUrl, post } from "./post.ts"

/** Without threads: each message stands alone. */
export const webhookOf = Effect.fnUntraced(function*(
  name: string,
  url: Redacted.Redacted<string>,
  payload: (message: Message) => object
): Effect.fn.Return<Destination, InvalidDestination> {
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
