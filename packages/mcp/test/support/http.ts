/** Plain HTTP, as others than MCP clients speak it, and a server to speak it to. */
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { request, type RequestOptions } from "node:http"
import { afterAll, afterEach, beforeAll } from "vitest"
import { type Options, serve, type Served } from "../../src/http/serve.ts"
import * as History from "./history.ts"
import { type Era, newClient } from "./server.ts"

/** A plain request, whose `Host` may say anything. */
export const ask = (url: string, options: RequestOptions = {}, body?: string | ReadonlyArray<string>) =>
  new Promise<
    { readonly status: number | undefined; readonly body: string; readonly headers: NodeJS.Dict<string | string[]> }
  >(
    (resolve, reject) => {
      const sent = request(url, { method: body === undefined ? "GET" : "POST", ...options }, (response) => {
        let text = ""
        response.setEncoding("utf8").on("data", (chunk: string) => text += chunk)
        response.on("end", () => resolve({ status: response.statusCode, body: text, headers: response.headers }))
      })
      sent.on("error", reject)
      for (const part of typeof body === "string" ? [body] : body ?? []) sent.write(part)
      sent.end()
    }
  )

export const json = { "content-type": "application/json", accept: "application/json, text/event-stream" }

const open: Array<Served> = []

/** The simulator of four runs that every server here asks. Its address is known before the first test. */
export let simulator: Simulator.Simulator["Service"]

/** Starts the simulator before the tests of a file, and ends it and the servers after them. */
export const useSimulator = (): void => {
  // Of this file: a worker runs several files, and a scope that was closed closes at once what is opened in it.
  const scope = Scope.makeUnsafe()

  beforeAll(async () => {
    const services = await Effect.runPromise(
      Layer.buildWithScope(Simulator.layer({ runs: History.runs({ count: 4, isFailed: () => false }) }), scope)
    )
    simulator = Context.get(services, Simulator.Simulator)
  })

  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

  afterEach(async () => {
    for (const served of open.splice(0)) await served.close()
    await Effect.runPromise(Effect.andThen(simulator.setFaults([]), simulator.clearRequests))
  })
}

export const serving = async (options: Partial<Options> = {}) => {
  const lines: Array<string> = []
  const served = await serve({
    port: 0,
    host: "127.0.0.1",
    path: "/mcp",
    allowedHosts: [],
    isStructured: false,
    token: undefined,
    connection: { accessToken: Redacted.value(simulator.token), baseUrl: simulator.url },
    log: (line) => lines.push(line),
    drainMillis: 0,
    requestMillis: 60_000,
    ...options
  })
  open.push(served)
  return { ...served, lines, at: (path: string) => new URL(path, served.url).href }
}

export const connected = async (url: string, era: Era = "modern", headers: Readonly<Record<string, string>> = {}) => {
  const client = newClient(era)
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }))
  return client
}
