/** The whole server without a process: a client of the SDK, in either era, over its HTTP handler's `fetch`. */
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { createMcpHandler } from "@modelcontextprotocol/server"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { factory, type Options } from "../../src/server.ts"

export const eras = { legacy: "legacy", modern: { pin: "2026-07-28" } } as const

export type Era = keyof typeof eras

export const newClient = (era: Era): Client =>
  new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode: eras[era] } })

/** A connected client for as long as the scope is open. */
export const connected = <R, E>(
  layer: Layer.Layer<RunsClient.RunsClient | R, E>,
  era: Era = "modern",
  options: Options = {}
) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const runtime = ManagedRuntime.make(layer)
      const handler = createMcpHandler(factory(runtime, options))
      const client = newClient(era)
      await client.connect(
        new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
          fetch: (url, init) => handler.fetch(new Request(url, init))
        })
      )
      return { client, handler, runtime }
    }),
    ({ client, handler, runtime }) =>
      Effect.promise(async () => {
        await client.close()
        await handler.close()
        await runtime.dispose()
      })
  )
