/** The whole server without a process: a client of the SDK, in either era, over its HTTP handler's `fetch`. */
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import { Client, type JsonSchemaType, StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/client/validators/ajv"
import { createMcpHandler, type McpServerFactory } from "@modelcontextprotocol/server"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { factory, type Options } from "../../src/server.ts"

export const eras = { legacy: "legacy", modern: { pin: "2026-07-28" } } as const

export type Era = keyof typeof eras

/** Compiles equal schemas once: a client compiles those of the tools that it calls, and nearly every test has a client of its own. */
class CompilesOnce extends AjvJsonSchemaValidator {
  readonly #schemas = new Map<string, JsonSchemaType>()
  override getValidator<T>(schema: JsonSchemaType) {
    const text = JSON.stringify(schema)
    const known = this.#schemas.get(text) ?? schema
    this.#schemas.set(text, known)
    return super.getValidator<T>(known)
  }
}

const jsonSchemaValidator = new CompilesOnce()

export const newClient = (era: Era): Client =>
  new Client({ name: "test", version: "1.0.0" }, { jsonSchemaValidator, versionNegotiation: { mode: eras[era] } })

/** A client that is connected to servers of this factory for as long as the scope is open. */
export const connectedTo = (factory: McpServerFactory, dispose: () => Promise<void>, era: Era = "modern") =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(async () => {
        const handler = createMcpHandler(factory)
        const client = newClient(era)
        await client.connect(
          new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
            fetch: (url, init) => handler.fetch(new Request(url, init))
          })
        )
        return { client, handler }
      }),
      ({ client, handler }) =>
        Effect.promise(async () => {
          await client.close()
          await handler.close()
          await dispose()
        })
    ),
    ({ client }) => client
  )

/** A client of the whole server over a layer. */
export const connected = <R, E>(
  layer: Layer.Layer<RunsClient.RunsClient | R, E>,
  era: Era = "modern",
  options: Options = {}
) => {
  const runtime = ManagedRuntime.make(layer)
  return Effect.map(connectedTo(factory(runtime, options), () => runtime.dispose(), era), (client) => ({ client }))
}
