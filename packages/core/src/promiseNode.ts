/**
 * Makes the client of `@coalesce-runs/core/promise` on a machine with Node, from the environment and a profile of
 * `~/.coa/config`. Import it as `@coalesce-runs/core/promise-node`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { layerConfigProvider } from "./node.ts"
import { makeClient } from "./promise/makeClient.ts"
import type { Client, ClientOptions } from "./promise/model.ts"

/** Where settings are read from that {@link ClientOptions} leaves out. */
export interface ProfileOptions {
  /** The name of the profile. Default: `COALESCE_PROFILE`, or `default`. */
  readonly profile?: string | undefined
  /** The profile file. Default: `.coa/config` in the home directory. */
  readonly file?: string | undefined
}

/**
 * Makes a client. Each setting that `options` leaves out is read from the environment, then from the profile.
 *
 * **Details**
 *
 * It rejects with an `InvalidConnection` where a setting is wrong, or a named profile or its file cannot be read.
 *
 * **Example** (The token and the host of a profile)
 *
 * ```ts no-run
 * import { createClient } from "@coalesce-runs/core/promise-node"
 *
 * const client = await createClient({}, { profile: "eu" })
 * const { text } = await client.check({ timeZone: "Europe/Berlin" })
 * console.log(text)
 * ```
 */
export const createClient = (options: ClientOptions = {}, profile: ProfileOptions = {}): Promise<Client> =>
  Effect.runPromise(Effect.provide(makeClient(options), layerConfigProvider(profile)))
