/**
 * The library for programs that don't use Effect: a client of async iterables and promises, with `Date`s and `AbortSignal`s.
 *
 * **Details**
 *
 * It makes the promises of the modules that it stands on: lazy, complete, retried within a page. Import it as
 * `@coalesce-runs/core/promise`. `effect` stays a peer dependency, and none of its types are in this module.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { makeClient } from "./promise/makeClient.ts"
import type { Client, ClientOptions } from "./promise/model.ts"

export * from "./promise/errors.ts"
export type * from "./promise/model.ts"
export type { Plain, PlainError } from "./promise/plain.ts"
export { type Report, toMarkdown, toTerminal, toText } from "./Report.ts"

/**
 * Makes a client. Nothing is requested.
 *
 * **Details**
 *
 * Settings that you leave out are read from `COALESCE_ACCESS_TOKEN`, `COALESCE_BASE_URL` (Default: the US host),
 * `COALESCE_PROJECT_ID` (Default: every project) and `COALESCE_ALLOW_INSECURE_HOST` of the environment, where there is one.
 * `@coalesce-runs/core/promise-node` reads a profile of `~/.coa/config` as well.
 *
 * It throws an `InvalidConnection` that names the setting where one is wrong. Options of a call that are wrong reject with
 * an `InvalidQuery` that names each of them, before any request.
 */
export const createClient = (options: ClientOptions = {}): Client => Effect.runSync(makeClient(options))
