/** Calls an address after a poll that went well, so that whoever watches the watch knows that it lives. */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import { beginningOf, discreet } from "../destination/post.ts"

/** Never fails: a heartbeat that does not arrive is what its receiver tells. The address is in no log. */
export const beat = (url: Redacted.Redacted<string>): Effect.Effect<void, never, HttpClient.HttpClient> =>
  HttpClient.get(Redacted.value(url)).pipe(
    Effect.timeout("5 seconds"),
    Effect.tap(beginningOf),
    discreet,
    Effect.matchEffect({
      onFailure: () => Effect.logWarning("The heartbeat was not taken: its address cannot be reached."),
      onSuccess: ({ status }) =>
        status >= 200 && status < 300
          ? Effect.void
          : Effect.logWarning(`The heartbeat was not taken: its address responded with status ${status}.`)
    })
  )
