/** Checks the options of a connection and of a client before anything is sent. */
import * as Effect from "effect/Effect"
import { misfits, type Shape, text, unchecked } from "../error/check.ts"
import { InvalidConnection } from "../RunsError.ts"

/** What each setting of a connection must be. */
export const connectionShape = {
  accessToken: unchecked,
  baseUrl: text,
  region: text,
  allowInsecureHost: text,
  projectID: text
}

/** Fails where an option does not exist or is of a wrong type: a misspelt `baseUrl` would send the token elsewhere. */
export const checkSettings = <O>(
  options: O,
  shape: Shape<O>
): Effect.Effect<O, InvalidConnection> =>
  Effect.suspend(() => {
    const [wrong] = misfits(options, shape)
    return wrong === undefined ? Effect.succeed(options) : Effect.fail(new InvalidConnection(wrong))
  })
