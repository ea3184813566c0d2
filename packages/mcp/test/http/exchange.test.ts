import * as Faults from "@coalesce-runs/simulator/Faults"
import * as Effect from "effect/Effect"
import { request } from "node:http"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { describe, expect, it } from "vitest"
import { textOf } from "../support/asked.ts"
import { ask, connected, json, serving, simulator, useSimulator } from "../support/http.ts"
import type { Era } from "../support/server.ts"

useSimulator()

const listRuns = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "list_runs", arguments: {} }
})
const ping = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })

const requests = async () => (await Effect.runPromise(simulator.requests)).map(({ closedEarly }) => closedEarly)

const hang = () => Effect.runPromise(simulator.setFaults([Faults.always(Faults.hang())]))

describe("every request gets a response over HTTP", () => {
  it.each<[what: string, method: string, params: unknown]>([
    ["params: null", "tools/list", null],
    ["_meta: null", "tools/list", { _meta: null }],
    ["cursor: null", "tools/list", { cursor: null }],
    ["arguments: null", "tools/call", { name: "list_runs", arguments: null }],
    ["arguments: \"\"", "tools/call", { name: "list_runs", arguments: "" }],
    ["arguments that are the JSON text of null", "tools/call", { name: "list_runs", arguments: "null" }],
    ["arguments of a prompt: null", "prompts/get", { name: "why_did_it_fail", arguments: null }]
  ])("with %s it counts as left out", async (_, method, params) => {
    const { url } = await serving()
    const { body, status } = await ask(
      url,
      { headers: json },
      JSON.stringify({ jsonrpc: "2.0", id: 2, method, params })
    )
    expect({ status, hasResult: /"result":\{/.test(body) }).toEqual({ status: 200, hasResult: true })
  })

  it("with arguments as the JSON text of an object they are taken as meant, and other text is refused", async () => {
    const { url } = await serving()
    const call = (args: string) =>
      ask(
        url,
        { headers: json },
        JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "list_runs", arguments: args } })
      )
    expect((await call("{\"surprise\":1}")).body).toContain("- surprise: There is no such argument")
    expect(await call("the failed ones")).toMatchObject({ status: 400 })
  })

  it.each<[what: string, body: string, code: number, id: unknown]>([
    ["a byte order mark it is read", `\uFEFF${ping}`, 200, 1],
    [
      "params that are text it is refused",
      "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\",\"params\":\"x\"}",
      400,
      2
    ],
    ["no JSON it is refused", "{not json", 400, null]
  ])("with %s", async (_, text, code, id) => {
    const { url } = await serving()
    const { body, status } = await ask(url, { headers: json }, text)
    expect(status).toBe(code)
    expect(JSON.parse(body.replace(/^event: message\ndata: /, "")).id).toBe(id)
  })
})

it("the connection of a request with Connection: close ends behind its response", async () => {
  const { url } = await serving()
  const { body, headers, status } = await ask(url, { headers: { ...json, connection: "close" } }, ping)
  expect({ status, hasResult: body.includes("\"result\":{}") }).toEqual({ status: 200, hasResult: true })
  expect(headers["connection"]).toBe("close")
})

it("a call whose cancellation came before it ends at once, and no call of another session does", async () => {
  await hang()
  const { lines, url } = await serving()
  const headersOf = (session: string) => ({
    headers: { ...json, "mcp-session-id": session, "mcp-protocol-version": "2025-06-18" }
  })
  const cancel = JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } })
  expect((await ask(url, headersOf("one"), cancel)).status).toBe(202)
  const other = ask(url, headersOf("other"), listRuns).catch(() => "ended with the server")
  await ask(url, headersOf("one"), listRuns)
  expect(lines).toEqual([expect.stringContaining(", canceled")])
  // Those of the other session go on.
  await expect.poll(async () => (await requests()).filter((isEnded) => !isEnded)).toEqual([false, false])
  void other
})

describe("a vanished client", () => {
  // What the garbage collector takes must not be what tells that a client is gone.
  setFlagsFromString("--expose_gc")
  const collect: () => void = runInNewContext("gc")

  it.each([0, 1, 2])("ends its upstream requests at once, also after a garbage collection (%i)", async () => {
    await hang()
    const { lines, url } = await serving()
    const sent = request(url, { method: "POST", headers: json })
    sent.on("error", () => {})
    sent.end(listRuns)
    await expect.poll(requests).toEqual([false, false])
    for (let i = 0; i < 10; i++) {
      collect()
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    sent.destroy()
    await expect.poll(requests, { timeout: 5000 }).toEqual([true, true])
    await expect.poll(() => lines).toEqual([
      expect.stringMatching(/^coalesce-runs-mcp: list_runs, \d\.\d\d s, 2 requests, canceled$/)
    ])
  })

  it.each<Era>(["legacy", "modern"])("of the %s era is not told as a fault", async (era) => {
    await hang()
    const { at, lines, url } = await serving()
    const client = await connected(url, era)
    const controller = new AbortController()
    const calling = client.callTool({ name: "list_runs", arguments: {} }, { signal: controller.signal })
      .then(textOf, () => "canceled")
    await expect.poll(requests).toEqual([false, false])
    controller.abort()
    await expect.poll(requests).toEqual([true, true])
    expect(await calling).toBe("canceled")
    await expect.poll(() => lines).toEqual([expect.stringContaining(", canceled")])
    expect((await ask(at("/metrics"))).body).toMatch(/error_type="canceled"/)
    await client.close()
  })
})
