/** Makes the one runtime of the process: a client of the runs API from the environment, with logs on stderr. */
import { layerConfigProvider } from "@coalesce-runs/core/node"
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as Config from "effect/Config"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { Runtime } from "./callTool.ts"
import { version } from "./version.ts"

/** A connection that replaces the one of the environment. */
export interface Connection {
  readonly accessToken: string
  readonly baseUrl: string
}

const userAgent = `coalesce-runs-mcp/${version}`

/** Reads nothing before the first call: a server without a token starts, and each call says that it is missing. */
export const make = (connection: Connection | undefined): Runtime => {
  const client = connection === undefined
    ? RunsClient.layerConfig({ userAgent: Config.succeed(userAgent) }).pipe(Layer.provideMerge(layerConfigProvider()))
    : RunsClient.layer({ ...connection, userAgent })
  return ManagedRuntime.make(client.pipe(
    Layer.provide(FetchHttpClient.layer),
    // stdout belongs to the protocol.
    Layer.provideMerge(Layer.succeed(Logger.LogToStderr, true))
  ))
}
