import * as Faults from "@coalesce-runs/simulator/Faults"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js"
import { StdioClientTransport as OldStdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { mkdtempSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { scenarioOf } from "../../../test/over-http/expectedFacts/scenarios.ts"
import { version } from "../src/version.ts"
import { textOf, tokens } from "./support/asked.ts"
import * as History from "./support/history.ts"
import { copyOfBin, run, start } from "./support/process.ts"
import { type Era, newClient } from "./support/server.ts"

// One simulator and one copy of the bin with its chunks, without node_modules, for all tests.
const scope = Scope.makeUnsafe()
let simulator: Simulator.Simulator["Service"]
let bin: string
let env: Record<string, string>

beforeAll(async () => {
  const services = await Effect.runPromise(
    Layer.buildWithScope(
      Simulator.layer({ runs: History.runs({ count: 40, isFailed: (index) => index % 9 === 2 }) }),
      scope
    )
  )
  simulator = Context.get(services, Simulator.Simulator)
  bin = copyOfBin()
  env = { COALESCE_ACCESS_TOKEN: Redacted.value(simulator.token), COALESCE_BASE_URL: simulator.url }
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const request = (method: string, params: object, id?: number): string =>
  `${JSON.stringify({ jsonrpc: "2.0", method, params, ...(id === undefined ? {} : { id }) })}\n`

const initialize = request("initialize", {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "test", version: "1" }
}, 1) + request("notifications/initialized", {})

const callListRuns = (id: number): string => request("tools/call", { name: "list_runs", arguments: {} }, id)

describe("the bin over stdio, its files alone in a folder", () => {
  it.each<Era>(["legacy", "modern"])("serves a client of the %s era", async (era) => {
    const client = newClient(era)
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [bin], env, stderr: "ignore" }))
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("list_runs")
    const result = await client.callTool({ name: "list_runs", arguments: { runStatus: "failed", limit: 2 } })
    expect(textOf(result)).toContain("\"startingFrom\":\"4030\"")
    expect(result).not.toHaveProperty("structuredContent")
    await client.close()
  })

  it.each<[how: string, args: ReadonlyArray<string>, variables: Record<string, string>]>([
    ["--structured", ["--structured"], {}],
    ["COALESCE_MCP_STRUCTURED=1", [], { COALESCE_MCP_STRUCTURED: "1" }]
  ])("with %s returns structured content of the schema that it advertises", async (_, args, variables) => {
    const client = newClient("modern")
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [bin, ...args],
        env: { ...env, ...variables },
        stderr: "ignore"
      })
    )
    // The client checks structured content against the schemas of the list.
    const { tools } = await client.listTools()
    expect(tools.map(({ outputSchema }) => outputSchema?.type)).toEqual(
      tools.map(() => "object")
    )
    const result = await client.callTool({ name: "list_runs", arguments: { runStatus: "failed", limit: 2 } })
    expect(result.structuredContent).toMatchObject({ runs: [{ id: 4039 }, { id: 4030 }] })
    await client.close()
  })

  it("serves a client of the older generation", async () => {
    const client = new OldClient({ name: "test", version: "1" })
    await client.connect(new OldStdioClientTransport({ command: process.execPath, args: [bin], env, stderr: "ignore" }))
    expect((await client.listTools()).tools[0]?.annotations).toEqual({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: true
    })
    const result = await client.callTool({ name: "list_runs", arguments: { limit: "2", runStatus: null } })
    expect(JSON.stringify(result.content)).toContain("\"2 runs")
    await client.close()
  })

  it("starts without a token, says at the first call how to set one, and writes only the protocol to stdout", async () => {
    const server = start([bin])
    server.process.stdin?.write(initialize + callListRuns(2))
    await new Promise<void>((resolve) => {
      server.process.stdout?.on("data", (text: string) => text.includes("\"id\":2") ? resolve() : undefined)
    })
    server.process.stdin?.end()
    const { code, stdout } = await server.ended
    expect(code).toBe(0)
    const messages = stdout.trimEnd().split("\n").map((line) => JSON.parse(line))
    expect(messages.map(({ id }) => id)).toEqual([1, 2])
    expect(messages[1].result).toMatchObject({ isError: true })
    expect(messages[1].result.content[0].text).toContain("set it as COALESCE_ACCESS_TOKEN")
  })

  it.each<[what: string, end: (server: ReturnType<typeof start>) => unknown]>([
    ["SIGTERM", (server) => server.process.kill("SIGTERM")],
    ["SIGINT", (server) => server.process.kill("SIGINT")],
    ["the end of input", (server) => server.process.stdin?.end()]
  ])("on %s ends, and its requests with it", async (_, end) => {
    await Effect.runPromise(
      Effect.andThen(simulator.clearRequests, simulator.setFaults([Faults.always(Faults.hang())]))
    )
    const server = start([bin], env)
    server.process.stdin?.write(initialize + callListRuns(2))
    await Effect.runPromise(simulator.waitForRequest(({ fault }) => fault !== undefined))
    end(server)
    const { code, stderr } = await server.ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const request = await Effect.runPromise(simulator.waitForRequest(({ closedEarly }) => closedEarly))
    expect(request.path).toBe("/api/v1/runs")
    await Effect.runPromise(simulator.setFaults([]))
  })

  it("interrupts the request of a call that is cancelled", async () => {
    await Effect.runPromise(
      Effect.andThen(simulator.clearRequests, simulator.setFaults([Faults.always(Faults.hang())]))
    )
    const server = start([bin], env)
    server.process.stdin?.write(initialize + callListRuns(2))
    await Effect.runPromise(simulator.waitForRequest(({ fault }) => fault !== undefined))
    server.process.stdin?.write(request("notifications/cancelled", { requestId: 2 }))
    await Effect.runPromise(simulator.waitForRequest(({ closedEarly }) => closedEarly))
    server.process.stdin?.end()
    expect((await server.ended).code).toBe(0)
    await Effect.runPromise(simulator.setFaults([]))
  })

  it.each<[args: ReadonlyArray<string>, code: number, stream: "stdout" | "stderr", said: string]>([
    [["--version"], 0, "stdout", `${version}\n`],
    [["--help"], 0, "stdout", "Usage: coalesce-runs-mcp"],
    [["--htp"], 2, "stderr", "Unknown option '--htp'"],
    [["--port", "3000"], 2, "stderr", "--port requires --http"],
    [["--http", "--port", "70000"], 2, "stderr", "--port must be a number"],
    [["stdio"], 2, "stderr", "Unexpected argument"]
  ])("with %o ends with %i", async (args, code, stream, said) => {
    const ended = await run([bin, ...args])
    expect(ended.code).toBe(code)
    expect(ended[stream]).toContain(said)
    expect(ended[stream === "stdout" ? "stderr" : "stdout"]).toBe("")
  })
})

describe("the bin with its flags", () => {
  it("serves sample data with --demo", async () => {
    const client = newClient("modern")
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [copyOfBin(), "--demo"],
        stderr: "ignore"
      })
    )
    const result = await client.callTool({
      name: "list_runs",
      arguments: { window: "last_night", runStatus: "failed" }
    })
    expect(textOf(result)).toContain("invalid identifier '\\\"SRC\\\".\\\"ORDER_ID\\\"'")
    await client.close()
  })

  it("refuses a host beyond loopback without a token", async () => {
    const { code, stderr } = await run([copyOfBin(), "--http", "--port", "0", "--host", "0.0.0.0"])
    expect(code).toBe(2)
    expect(stderr).toContain("COALESCE_MCP_HTTP_TOKEN")
  })
})

it("the bin refuses a bearer token that no client can send", async () => {
  const { code, stderr } = await run([copyOfBin(), "--http", "--port", "0"], {
    COALESCE_MCP_HTTP_TOKEN: "two words-secret"
  })
  expect(code).toBe(2)
  expect(stderr).toContain("COALESCE_MCP_HTTP_TOKEN contains a space")
  expect(stderr).not.toContain("secret")
})

type Mode = keyof typeof modes
const modes = { text: [], structured: ["--structured"] }

// The inspector writes files to its home, so it gets one of its own.
describe("the inspector", () => {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve("@modelcontextprotocol/inspector/package.json")
  const inspector = join(dirname(manifest), String(Object.values(require(manifest).bin)[0]))
  const home = mkdtempSync(join(tmpdir(), "home-"))
  const inspect = (mode: Mode, ...args: ReadonlyArray<string>) =>
    run([inspector, "--cli", process.execPath, bin, ...modes[mode], ...args], { ...env, HOME: home })

  it.each<[Era, Mode]>([
    ["legacy", "text"],
    ["modern", "text"],
    ["legacy", "structured"],
    ["modern", "structured"]
  ])("finds nothing wrong in the %s era in %s mode", async (era, mode) => {
    const { code, stdout, stderr } = await inspect(mode, "--method", "tools/list", "--strict", "--protocol-era", era)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(JSON.parse(stdout).tools[0].name).toBe("check_runs")
  })

  it.each<Mode>(["text", "structured"])("calls a tool in %s mode, and takes its errors for errors", async (mode) => {
    const call = (...args: ReadonlyArray<string>) =>
      inspect(
        mode,
        "-e",
        `COALESCE_ACCESS_TOKEN=${env["COALESCE_ACCESS_TOKEN"]}`,
        "-e",
        `COALESCE_BASE_URL=${env["COALESCE_BASE_URL"]}`,
        "--method",
        "tools/call",
        "--tool-name",
        "list_runs",
        ...args
      )
    const [called, refused] = await Promise.all([
      call("--tool-arg", "limit=2", "runStatus=failed"),
      call("--tool-arg", "limt=2")
    ])
    expect(called.code).toBe(0)
    const result = JSON.parse(called.stdout)
    expect(textOf(result)).toMatch(/^2 runs/)
    expect("structuredContent" in result).toBe(mode === "structured")
    expect(refused.code).toBe(5)
  })
})

describe.each<Era>(["legacy", "modern"])("the bin asked about a run of 2,000 nodes, in the %s era", (era) => {
  const { expected, history } = scenarioOf("a run of 2,000 nodes")

  it("diagnoses it, summarizes its week, and offers the prompt", async () => {
    const services = await Effect.runPromise(Layer.buildWithScope(Simulator.layer({ scenario: history }), scope))
    const { token, url } = Context.get(services, Simulator.Simulator)
    const client = newClient(era)
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [bin],
        env: { COALESCE_ACCESS_TOKEN: Redacted.value(token), COALESCE_BASE_URL: url },
        stderr: "ignore"
      })
    )
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      "check_runs",
      "list_runs",
      "diagnose_run",
      "inspect_run",
      "summarize_runs"
    ])
    const diagnosis = textOf(await client.callTool({ name: "diagnose_run", arguments: { runID: expected.run ?? 0 } }))
    expect(diagnosis).toMatch(new RegExp(`^Run ${expected.run} failed: refresh "Everything"`))
    expect(diagnosis).toContain("447 of 2000 nodes failed for 7 causes, 900 blocked by them did not run")
    expect(tokens(diagnosis)).toBeLessThanOrEqual(1200)

    const summary = await client.callTool({
      name: "summarize_runs",
      arguments: { since: "2026-03-03", until: "2026-03-10", timeZone: "Europe/London", groupBy: "job" }
    })
    expect(textOf(summary)).toMatch(/^8 runs: 7 completed, 1 failed/)

    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual([
      "why_did_it_fail",
      "what_needs_attention"
    ])
    await client.close()
  })
})
