import * as Faults from "@coalesce-runs/simulator/Faults"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { RequestOptions } from "node:http"
import { describe, expect, it } from "vitest"
import { textOf } from "../support/asked.ts"
import { ask, connected, json, serving, simulator, useSimulator } from "../support/http.ts"
import { copyOfBin, run, start } from "../support/process.ts"

useSimulator()

const ping = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })

describe("deployable: probes", () => {
  it("/health and /ready are answered whatever the Host is", async () => {
    const { at } = await serving({ token: "of-this-server" })
    const headers = { host: "10.1.2.3:3000" }
    expect(await ask(at("/health"), { headers })).toMatchObject({ status: 200, body: "{\"status\":\"ok\"}" })
    expect(await ask(at("/ready"), { headers })).toMatchObject({
      status: 200,
      body: "{\"status\":\"ready\",\"lastRequest\":\"none\"}"
    })
  })

  it("/ready says how the last request went", async () => {
    const { at, url } = await serving()
    const client = await connected(url)
    await client.callTool({ name: "list_runs", arguments: {} })
    expect(JSON.parse((await ask(at("/ready"))).body)).toEqual({ status: "ready", lastRequest: "HTTP 200" })
    await Effect.runPromise(simulator.setFaults([Faults.always(Faults.status(401))]))
    await client.callTool({ name: "list_runs", arguments: {} })
    expect(JSON.parse((await ask(at("/ready"))).body)).toEqual({ status: "ready", lastRequest: "HTTP 401" })
    await client.close()
  })

  it("/ready is 503 without a token, and names the setting", async () => {
    const { at } = await serving({ connection: { accessToken: "", baseUrl: simulator.url } })
    expect(await ask(at("/ready"))).toMatchObject({
      status: 503,
      body: "{\"status\":\"unavailable\",\"setting\":\"accessToken\",\"lastRequest\":\"none\"}"
    })
  })

  it("/metrics counts calls and requests, and needs the bearer token if there is one", async () => {
    const open = await serving()
    const client = await connected(open.url)
    await client.callTool({ name: "summarize_runs", arguments: {} })
    await client.close()
    const { body, headers, status } = await ask(open.at("/metrics"), { headers: { host: "10.1.2.3:3000" } })
    expect({ status, type: headers["content-type"] }).toEqual({
      status: 200,
      type: "text/plain; version=0.0.4; charset=utf-8"
    })
    expect(body).toMatch(
      /^mcp_server_operation_duration_seconds_count\{mcp_method_name="tools\/call",gen_ai_tool_name="summarize_runs"\} \d+$/m
    )
    expect(body).toContain("coalesce_runs_requests")
    const closed = await serving({ token: "of-this-server" })
    expect((await ask(closed.at("/metrics"))).status).toBe(401)
    const authorization = "Bearer of-this-server"
    expect((await ask(closed.at("/metrics"), { headers: { authorization } })).status).toBe(200)
  })
})

describe("deployable: what is logged", () => {
  it("one line a call, without arguments", async () => {
    const { lines, url } = await serving()
    const client = await connected(url)
    await client.callTool({ name: "list_runs", arguments: { environmentID: "3", limit: 2 } })
    await client.callTool({ name: "list_runs", arguments: { limt: 2 } })
    await client.close()
    expect(lines).toEqual([
      expect.stringMatching(/^coalesce-runs-mcp: list_runs, \d\.\d\d s, 4 requests, ok$/),
      expect.stringMatching(/^coalesce-runs-mcp: list_runs, \d\.\d\d s, 0 requests, InvalidQuery$/)
    ])
  })

  it("a refused Host once, with the flag that allows it", async () => {
    const { lines, url } = await serving()
    for (const host of ["runs.example:8080", "runs.example", "RUNS.example"]) {
      expect((await ask(url, { headers: { ...json, host } }, ping)).status).toBe(403)
    }
    await ask(url, { headers: { ...json, origin: "https://app.example" } }, ping)
    expect(lines).toEqual([
      "coalesce-runs-mcp refused a request for the host \"runs.example\". To accept it, add --allowed-hosts runs.example",
      "coalesce-runs-mcp refused a request of the site \"app.example\". To accept it, add --allowed-hosts app.example"
    ])
  })
})

describe("deployable: connections", () => {
  it("keeps idle connections longer than a proxy", async () => {
    const { at } = await serving()
    const { headers } = await ask(at("/health"), { headers: { connection: "keep-alive" } })
    expect(headers["keep-alive"]).toBe("timeout=620")
  })

  it("lets the calls that run end before it closes, and takes no more", async () => {
    const slow = await serving({ drainMillis: 5000 })
    await Effect.runPromise(simulator.setFaults([Faults.always(Faults.delay("500 millis"))]))
    const client = await connected(slow.url)
    const calling = client.callTool({ name: "list_runs", arguments: {} })
    await Effect.runPromise(simulator.waitForRequest(() => true))
    const closing = slow.close()
    await expect(ask(slow.at("/health"))).rejects.toThrow("ECONNREFUSED")
    expect(textOf(await calling)).toMatch(/^4 runs/)
    await closing
  })

  it("drains on SIGTERM", async () => {
    await Effect.runPromise(simulator.setFaults([Faults.always(Faults.delay("500 millis"))]))
    const server = start([copyOfBin(), "--http", "--port", "0"], {
      COALESCE_ACCESS_TOKEN: Redacted.value(simulator.token),
      COALESCE_BASE_URL: simulator.url
    })
    const [, url = ""] = await server.says(/serves (http:\S+)/)
    const client = await connected(url)
    const calling = client.callTool({ name: "list_runs", arguments: {} })
    await Effect.runPromise(simulator.waitForRequest(() => true))
    server.process.kill("SIGTERM")
    expect(textOf(await calling)).toMatch(/^4 runs/)
    expect((await server.ended).code).toBe(0)
  })
})

describe("deployable: paths, methods and browsers", () => {
  it("serves MCP at /mcp/ and at another path", async () => {
    const usual = await serving()
    expect((await ask(`${usual.url}/`, { headers: json }, ping)).status).toBe(200)
    const other = await serving({ path: "/coalesce/mcp" })
    expect(other.url).toMatch(/\/coalesce\/mcp$/)
    expect((await ask(other.url, { headers: json }, ping)).status).toBe(200)
    const lost = await ask(other.at("/mcp"), { headers: json }, ping)
    expect(lost).toMatchObject({ status: 404, body: expect.stringContaining("the MCP endpoint is /coalesce/mcp") })
  })

  it.each<[what: string, options: RequestOptions, status: number]>([
    ["TRACE", { method: "TRACE" }, 405],
    ["PUT", { method: "PUT" }, 405],
    ["GET", { method: "GET" }, 405],
    ["a Host with user info", { method: "POST", headers: { ...json, host: "user@localhost" } }, 403],
    ["a Host with user info and a password", { method: "POST", headers: { ...json, host: "u:p@127.0.0.1:3000" } }, 403],
    ["a Host with a path", { method: "POST", headers: { ...json, host: "localhost/x" } }, 403]
  ])("answers %s", async (_, options, status) => {
    const { lines, url } = await serving()
    expect((await ask(url, options)).status).toBe(status)
    expect(lines).toEqual([])
  })

  it("lets the pages of allowed sites read its responses", async () => {
    const { url } = await serving({ allowedHosts: ["app.example"], token: "of-this-server" })
    const origin = "https://app.example"
    const asked = await ask(url, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "mcp-method" }
    })
    expect(asked).toMatchObject({
      status: 204,
      headers: {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "POST, OPTIONS",
        "access-control-allow-headers": "mcp-method"
      }
    })
    for (const authorization of ["Bearer of-this-server", "Bearer of-that-server"]) {
      const { headers } = await ask(url, { headers: { ...json, origin, authorization } }, ping)
      expect(headers).toMatchObject({ "access-control-allow-origin": origin, "vary": "origin" })
    }
    const refused = await ask(url, { method: "OPTIONS", headers: { origin: "https://evil.example" } })
    expect(refused.status).toBe(403)
    expect(refused.headers).not.toHaveProperty("access-control-allow-origin")
  })

  it.each([
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/register"
  ])("says at %s that a bearer header is wanted", async (path) => {
    const { at } = await serving({ token: "of-this-server" })
    const { body, status } = await ask(at(path))
    expect(status).toBe(404)
    expect(JSON.parse(body).error_description).toContain("header `Authorization: Bearer …`")
  })
})

it.each([["--path", "/health"], ["--path", "/a b"], ["--path", "/"], ["--path", "?x"]])(
  "deployable: %s %s is refused",
  async (...args) => {
    const { code, stderr } = await run([copyOfBin(), "--http", "--port", "0", ...args])
    expect({ code, said: stderr.startsWith("coalesce-runs-mcp: --path") }).toEqual({ code: 2, said: true })
  }
)
