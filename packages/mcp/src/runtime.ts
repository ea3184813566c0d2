/** Makes the one runtime of the process: a client of the runs API from the environment, with logs on stderr. */
import { layerConfigProvider } from "@coalesce-runs/core/node"
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { Requests, type Runtime } from "./callTool.ts"
import { version } from "./version.ts"

/** A connection that replaces the one of the environment. */
export interface Connection {
  readonly accessToken: string
  readonly baseUrl: string
}

const userAgent = `coalesce-runs-mcp/${version}`

/** Counts each request for the call that sends it, and says how it went. */
const counting = (onRequest: (outcome: string) => void) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      HttpClient.HttpClient,
      HttpClient.transform((send) =>
        Effect.flatMap(Requests, (requests) => {
          requests.count++
          return Effect.onExit(
            send,
            // What was given up says nothing of Coalesce.
            (exit) =>
              Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)
                ? Effect.void
                : Effect.sync(() => onRequest(Exit.isSuccess(exit) ? `HTTP ${exit.value.status}` : "no response"))
          )
        })
      )
    )
  )

/** Reads nothing before the first call: a server without a token starts, and each call says that it is missing. */
export const make = (connection: Connection | undefined, onRequest: (outcome: string) => void = () => {}): Runtime => {
  const client = connection === undefined
    ? RunsClient.layerConfig({ userAgent: Config.succeed(userAgent) }).pipe(Layer.provideMerge(layerConfigProvider()))
    : RunsClient.layer({ accessToken: connection.accessToken, baseUrl: connection.baseUrl, userAgent })
  return ManagedRuntime.make(client.pipe(
    Layer.provide(Layer.provide(counting(onRequest), FetchHttpClient.layer)),
    // stdout belongs to the protocol.
    Layer.provideMerge(Layer.succeed(Logger.LogToStderr, true))
  ))
}
