import * as Faults from "@coalesce-runs/simulator/Faults"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import type { RequestOptions } from "node:http"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { isLoopback, type Options, serve, type Served } from "../../src/http/serve.ts"
import { textOf } from "../support/asked.ts"
import * as History from "../support/history.ts"
import { ask, json } from "../support/http.ts"
import { copyOfBin, start } from "../support/process.ts"
import { type Era, newClient } from "../support/server.ts"

const scope = Scope.makeUnsafe()
let simulator: Simulator.Simulator["Service"]

beforeAll(async () => {
  const services = await Effect.runPromise(
    Layer.buildWithScope(
      Simulator.layer({ runs: History.runs({ count: 40, isFailed: (index) => index % 9 === 2 }) }),
      scope
    )
  )
  simulator = Context.get(services, Simulator.Simulator)
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const open: Array<Served> = []

afterEach(async () => {
  for (const served of open.splice(0)) await served.close()
  await Effect.runPromise(simulator.setFaults([]))
})

const serving = async (options: Partial<Options> = {}): Promise<Served> => {
  const served = await serve({
    port: 0,
    host: "127.0.0.1",
    path: "/mcp",
    drainMillis: 0,
    requestMillis: 60_000,
    allowedHosts: [],
    isStructured: false,
    token: undefined,
    connection: { accessToken: Redacted.value(simulator.token), baseUrl: simulator.url },
    log: () => {},
    ...options
  })
  open.push(served)
  return served
}

const ping = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })

it("over HTTP, structured mode returns structured content", async () => {
  const { url } = await serving({ isStructured: true })
  const client = newClient("modern")
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  expect((await client.listTools()).tools[0]?.outputSchema).toBeDefined()
  const result = await client.callTool({ name: "list_runs", arguments: { limit: 3 } })
  expect(result.structuredContent).toHaveProperty(["runs", 2, "id"])
  await client.close()
})

describe.each<Era>(["legacy", "modern"])("over HTTP, a client of the %s era", (era) => {
  it("lists and calls tools", async () => {
    const { url } = await serving()
    const client = newClient(era)
    await client.connect(new StreamableHTTPClientTransport(new URL(url)))
    expect((await client.listTools()).tools[0]?.name).toBe("check_runs")
    const result = await client.callTool({ name: "list_runs", arguments: { limit: 3 } })
    expect(textOf(result)).toMatch(/^3 runs/)
    expect(result).not.toHaveProperty("structuredContent")
    await client.close()
  })

  it("interrupts the requests of the call that it cancels, and of no other client", async () => {
    await Effect.runPromise(
      Effect.andThen(simulator.clearRequests, simulator.setFaults([Faults.always(Faults.hang())]))
    )
    const { url } = await serving()
    const calls = await Promise.all([0, 1].map(async () => {
      const client = newClient(era)
      await client.connect(new StreamableHTTPClientTransport(new URL(url)))
      const controller = new AbortController()
      const calling = client.callTool({ name: "list_runs", arguments: {} }, { signal: controller.signal })
        .then(() => "returned", () => "failed")
      return { client, calling, cancel: () => controller.abort() }
    }))
    const requests = async () => (await Effect.runPromise(simulator.requests)).map(({ closedEarly }) => closedEarly)
    // Each call asks for both forms of its page.
    await expect.poll(requests).toEqual([false, false, false, false])
    calls[0]?.cancel()
    await expect.poll(async () => (await requests()).filter(Boolean)).toEqual([true, true])
    // The other one has the same id, and goes on until its own client cancels it.
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await requests()).filter(Boolean)).toEqual([true, true])
    calls[1]?.cancel()
    await expect.poll(requests).toEqual([true, true, true, true])
    for (const { calling, client } of calls) {
      expect(await calling).toBe("failed")
      await client.close()
    }
  })

  it("sends the token that the server asks for", async () => {
    const { url } = await serving({ token: "of-this-server" })
    const client = newClient(era)
    await client.connect(
      new StreamableHTTPClientTransport(new URL(url), {
        requestInit: { headers: { authorization: "Bearer of-this-server" } }
      })
    )
    expect((await client.listTools()).tools).not.toEqual([])
    await client.close()
  })
})

describe("an HTTP request", () => {
  it.each<[what: string, options: RequestOptions, status: number]>([
    ["with the Host of another site", { headers: { ...json, host: "evil.example" } }, 403],
    [
      "with a second Host",
      { headers: ["host", "localhost", "host", "evil.example", ...Object.entries(json).flat()] },
      403
    ],
    ["with the Origin of another site", { headers: { ...json, origin: "https://evil.example" } }, 403],
    ["with an Origin that is none", { headers: { ...json, origin: "null" } }, 403],
    ["from this machine", { headers: { ...json, origin: "http://localhost:5173" } }, 200],
    ["without an Origin", { headers: json }, 200],
    ["by a name that is allowed", { headers: { ...json, host: "runs.example:8080" } }, 200]
  ])("%s", async (_, options, status) => {
    const { url } = await serving({ allowedHosts: ["runs.example"] })
    expect((await ask(url, options, ping)).status).toBe(status)
  })

  it.each<[what: string, authorization: string | undefined, status: number]>([
    ["no token", undefined, 401],
    ["another", "Bearer of-that-server", 401],
    ["a part of it", "Bearer of-this", 401],
    ["none after the word", "Bearer ", 401],
    ["another scheme", "Basic of-this-server", 401],
    ["the token", "Bearer of-this-server", 200],
    ["the token, the word in small letters", "bearer of-this-server", 200]
  ])("with %s", async (_, authorization, status) => {
    const { url } = await serving({ token: "of-this-server" })
    const response = await ask(
      url,
      { headers: { ...json, ...(authorization === undefined ? {} : { authorization }) } },
      ping
    )
    expect(response.status).toBe(status)
    if (status === 401) expect(response.headers["www-authenticate"]).toBe("Bearer")
  })

  it("may have a body of 1 MiB, announced or in pieces, and no more", async () => {
    const { url } = await serving()
    const body = (size: number) => ping + " ".repeat(size - ping.length)
    const piece = " ".repeat(64 * 1024)
    expect((await ask(url, { headers: json }, body(1024 * 1024))).status).toBe(200)
    expect((await ask(url, { headers: { ...json, "content-length": 1024 * 1024 + 1 } }, body(1024 * 1024 + 1))).status)
      .toBe(413)
    expect((await ask(url, { headers: json }, [ping, ...Array.from({ length: 17 }, () => piece)])).status).toBe(413)
  })

  it("for /health needs no token, and learns nothing", async () => {
    const health = new URL("/health", (await serving({ token: "of-this-server" })).url).href
    expect(await ask(health)).toMatchObject({ status: 200, body: "{\"status\":\"ok\"}" })
    expect((await ask(health, { headers: { host: "evil.example" } })).status).toBe(200)
    expect((await ask(health, {}, "x")).status).toBe(405)
    expect((await ask(new URL("/", health).href)).status).toBe(404)
  })
})

it("the HTTP server ends its calls when it is closed", async () => {
  await Effect.runPromise(Effect.andThen(simulator.clearRequests, simulator.setFaults([Faults.always(Faults.hang())])))
  const served = await serving()
  const client = newClient("modern")
  await client.connect(new StreamableHTTPClientTransport(new URL(served.url)))
  const calling = client.callTool({ name: "list_runs", arguments: {} }).then(() => "returned", () => "failed")
  await Effect.runPromise(simulator.waitForRequest(() => true))
  await served.close()
  await Effect.runPromise(simulator.waitForRequest(({ closedEarly }) => closedEarly))
  expect(await calling).toBe("failed")
})

it("the bin serves HTTP until a signal", async () => {
  const server = start([copyOfBin(), "--http", "--port", "0", "--demo"])
  const [, url = ""] = await server.says(/serves (http:\S+)/)
  const client = newClient("modern")
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  const result = await client.callTool({ name: "list_runs", arguments: { window: "last_night", runStatus: "failed" } })
  expect(result.isError).toBeUndefined()
  await client.close()
  server.process.kill("SIGTERM")
  expect(await server.ended).toMatchObject({ code: 0, stdout: "" })
})

it("the HTTP server rejects a port that is in use", async () => {
  const { url } = await serving()
  await expect(serving({ port: Number(new URL(url).port) })).rejects.toThrow("EADDRINUSE")
})

it.each([["127.0.0.1", true], ["127.8.8.8", true], ["::1", true], ["localhost", true], ["0.0.0.0", false], [
  "::",
  false
], [
  "127.0.0.1.example",
  false
], ["10.0.0.1", false]])("knows whether %s is loopback", (host, is) => {
  expect(isLoopback(host)).toBe(is)
})
