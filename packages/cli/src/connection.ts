/** The client of a command: of the account in the environment or the profile, or of a simulator for `--demo`. */
import { layerConfigProvider } from "@coalesce-runs/core/node"
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { version } from "./version.ts"

const userAgent = `coalesce-runs/${version}`

const account = RunsClient.layerConfig({ userAgent: Config.succeed(userAgent) })

const configured = layerConfigProvider()

const layers = {
  account: Layer.provideMerge(account, configured).pipe(Layer.provide(FetchHttpClient.layer)),
  // The simulator is large, so only --demo loads it.
  demo: Layer.merge(Layer.unwrap(Effect.promise(async () => (await import("./demo.ts")).layer)), configured)
}

/** Provides a command with its client. */
export const provided = (isDemo: boolean) =>
<A, E, R>(
  command: Effect.Effect<A, E, R>
): Effect.Effect<A, unknown, Exclude<R, RunsClient.RunsClient>> =>
  isDemo ? Effect.provide(command, layers.demo) : Effect.provide(command, layers.account)
