import * as RunsClient from "@coalesce-runs/core/RunsClient"
import type * as RunsError from "@coalesce-runs/core/RunsError"
import * as Faults from "@coalesce-runs/simulator/Faults"
import * as Scenario from "@coalesce-runs/simulator/Scenario"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import { describe, expect, it } from "@effect/vitest"
import type { Progress } from "@modelcontextprotocol/client"
import { McpServer } from "@modelcontextprotocol/server"
import type { ConfigError } from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { encode } from "gpt-tokenizer/encoding/o200k_base"
import { type Options, registerTools } from "../src/server.ts"
import { tools } from "../src/tools/all.ts"
import { version } from "../src/version.ts"
import { layerOf } from "./support/asked.ts"
import { broken } from "./support/broken.ts"
import { clientOf } from "./support/call.ts"
import * as History from "./support/history.ts"
import { connected, connectedTo, type Era } from "./support/server.ts"

const tokens = (text: string): number => encode(text).length

const textOf = (result: { readonly content?: unknown }): string => {
  const [first] = Array.isArray(result.content) ? result.content : []
  return String(first?.text)
}

/** Three of the first 25 runs fail; and a history in which all of them do. */
const threeFailed = History.runs({ count: 60, isFailed: (index) => index % 9 === 4 && index > 35 })
const allFailed = History.runs({
  count: 25,
  isFailed: () => true,
  reason: (index) =>
    `002003 (42S02): SQL compilation error:\nObject 'RAW.SOURCE_${index}.TABLE_${index * 7}' does not exist or not ` +
    `authorized, as said by node STG_TABLE_${index} of the job while it was loading its rows from the stage of the day before.`
})

const window = { since: "2026-11-02T18:00:00Z", until: "2026-11-04T00:00:00Z", timeZone: "Europe/London" }

const over = (runs: Simulator.Options["runs"] = threeFailed, era: Era = "modern", options: Options = {}) =>
  Effect.map(connected(clientOf({ runs: runs ?? [] }), era, options), ({ client }) => client)

describe.each<Era>(["legacy", "modern"])("in the %s era", (era) => {
  it.effect("names itself, and lists its tools", () =>
    Effect.gen(function*() {
      const client = yield* over(threeFailed, era)
      expect(client.getServerVersion()).toMatchObject({ name: "coalesce-runs", version })
      const listed = yield* Effect.promise(() => client.listTools())
      expect(listed.tools).toMatchSnapshot("tools")
      expect(listed.tools.filter((tool) => "outputSchema" in tool)).toEqual([])
      expect(client.getInstructions()).toMatchSnapshot("instructions")
    }))

  const fourFailed = { name: "list_runs", arguments: { ...window, limit: 4, runStatus: ["failed", "canceled"] } }

  it.effect("returns text, and nothing structured unless it is asked for", () =>
    Effect.gen(function*() {
      const client = yield* over(threeFailed, era)
      const result = yield* Effect.promise(() => client.callTool(fourFailed))
      expect(textOf(result)).toMatchSnapshot("text")
      expect(result).not.toHaveProperty("structuredContent")
    }))

  it.effect("in structured mode advertises schemas and returns the same text with structured content", () =>
    Effect.gen(function*() {
      const client = yield* over(threeFailed, era, { structured: true })
      // The client checks structured content against the schema that the list advertises.
      const { tools } = yield* Effect.promise(() => client.listTools())
      expect(tools.filter((tool) => !("outputSchema" in tool))).toEqual([])
      const result = yield* Effect.promise(() => client.callTool(fourFailed))
      expect(result.structuredContent).toMatchSnapshot("structured")
      const plain = yield* over(threeFailed, era)
      expect(textOf(result)).toBe(textOf(yield* Effect.promise(() => plain.callTool(fourFailed))))
    }))

  it.effect("says wrong arguments as the tool's error, and an unknown tool as the protocol's", () =>
    Effect.gen(function*() {
      const client = yield* over(threeFailed, era)
      const wrong = yield* Effect.promise(() =>
        client.callTool({ name: "list_runs", arguments: { limt: 1, runStatus: "broken" } })
      )
      expect(wrong.isError).toBe(true)
      expect(textOf(wrong)).toMatch(/^list_runs was not run: 2 arguments are wrong\.\n- limt: .*\n- runStatus: /)
      const unknown = yield* Effect.promise(() =>
        client.callTool({ name: "list_run", arguments: {} }).catch((error: unknown) => error)
      )
      expect(unknown).toMatchObject({ code: -32602 })
    }))

  it.effect("reports its progress to a client that asks", () =>
    Effect.gen(function*() {
      const client = yield* Effect.map(connected(clientOf({ runs: threeFailed, maxLimit: 10 }), era), ({ client }) =>
        client)
      const seen: Array<number> = []
      yield* Effect.promise(() =>
        client.callTool({ name: "list_runs", arguments: { jobID: "nothing" } }, {
          onprogress: ({ progress }) =>
            seen.push(progress)
        })
      )
      expect(seen).toEqual([10, 20, 30, 40, 50])
    }))

  it.effect.each<[tool: string, args: object, unit: "requests" | "rows"]>([
    ["diagnose_run", {}, "requests"],
    ["diagnose_run", { runID: 1202 }, "requests"],
    ["inspect_run", { runID: 1202 }, "requests"],
    ["inspect_run", { jobID: "15" }, "requests"],
    ["summarize_runs", {}, "rows"]
  ])(
    "%s %j reports its progress, each notification ahead of the one before",
    ([tool, args, unit]) =>
      Effect.gen(function*() {
        const services = yield* Layer.build(layerOf(Scenario.lastNight({ now: "2026-03-10T08:00:00Z" })))
        const simulator = Context.get(services, Simulator.Simulator)
        const { client } = yield* connected(Layer.succeedContext(services), era)
        const seen: Array<Progress> = []
        yield* Effect.promise(() =>
          client.callTool({ name: tool, arguments: { ...args } }, { onprogress: (progress) => seen.push(progress) })
        )
        const requests = (yield* simulator.requests).length
        const last = seen.at(-1)
        expect(requests).toBeGreaterThan(2)
        if (unit === "rows") {
          expect(seen).toHaveLength(2)
          expect(last).toEqual({ progress: expect.any(Number), message: `${last?.progress} rows read` })
        } else {
          expect(seen).toHaveLength(requests)
          expect(last).toEqual({
            progress: requests,
            total: requests,
            message: `${requests} of ${requests} requests made`
          })
        }
        const done = seen.map(({ progress }) => progress)
        expect(done.every((one, index) => index === 0 || one > (done[index - 1] ?? 0))).toBe(true)
      })
  )

  it.effect("asks clients to have each tool at hand without a search", () =>
    Effect.gen(function*() {
      const client = yield* over(threeFailed, era)
      const listed = yield* Effect.promise(() => client.listTools())
      expect(listed.tools.map(({ _meta }) => _meta?.["anthropic/alwaysLoad"])).toEqual(tools.map(() => true))
    }))
})

it.effect("registerTools adds the tools to a server of one's own, beside its own tools", () =>
  Effect.gen(function*() {
    const runtime = ManagedRuntime.make(clientOf({ runs: threeFailed }))
    const newServer = () => {
      const server = new McpServer({ name: "data-team", version: "1.0.0" })
      server.registerTool("say_hello", { description: "Says hello." }, () => ({ content: [] }))
      registerTools(server, { runtime, structured: true })
      return server
    }
    const client = yield* connectedTo(newServer, () => runtime.dispose())
    const { tools } = yield* Effect.promise(() => client.listTools())
    expect(tools.map(({ name, outputSchema }) => [name, outputSchema?.type])).toEqual([
      ["say_hello", undefined],
      ["check_runs", "object"],
      ["list_runs", "object"],
      ["diagnose_run", "object"],
      ["inspect_run", "object"],
      ["summarize_runs", "object"]
    ])
    const result = yield* Effect.promise(() => client.callTool({ name: "list_runs", arguments: { limit: 2 } }))
    expect(result.structuredContent).toHaveProperty(["runs", 1, "id"])
  }))

it.effect("no input schema has a union or a type that is more than one", () =>
  Effect.gen(function*() {
    const { tools } = yield* Effect.flatMap(over(), (client) => Effect.promise(() => client.listTools()))
    const schemas = tools.map(({ inputSchema }) => JSON.stringify(inputSchema))
    expect(schemas.filter((schema) => /"(anyOf|oneOf|allOf)":|"type":\[/.test(schema))).toEqual([])
    expect(schemas.find((schema) => schema.includes("runStatus"))).toContain(
      "\"runStatus\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":["
    )
  }))

describe("what it costs to read", () => {
  it.effect("the definitions and the instructions", () =>
    Effect.gen(function*() {
      const client = yield* over()
      const listed = yield* Effect.promise(() => client.listTools())
      const instructions = client.getInstructions() ?? ""
      expect(listed.tools.map(({ name }) => name).sort()).toEqual([
        "check_runs",
        "diagnose_run",
        "inspect_run",
        "list_runs",
        "summarize_runs"
      ])
      expect(tokens(JSON.stringify(listed) + instructions)).toBeLessThanOrEqual(2200)
      for (const text of [instructions, ...listed.tools.map(({ description }) => description ?? "")]) {
        expect(text.length).toBeLessThan(2048)
        expect(text.length).toBeGreaterThan(100)
      }
    }))

  it.effect("the definitions with an outline of the structured content", () =>
    Effect.gen(function*() {
      const client = yield* over(threeFailed, "modern", { structured: true })
      const listed = yield* Effect.promise(() => client.listTools())
      expect(listed.tools.map(({ outputSchema }) => Object.keys(outputSchema?.properties ?? {}).length > 3)).toEqual(
        tools.map(() => true)
      )
      expect(tokens(JSON.stringify(listed) + (client.getInstructions() ?? ""))).toBeLessThanOrEqual(6000)
    }))

  it.effect.each<
    [what: string, runs: typeof allFailed, args: object, failed: number, text: number, structured: number]
  >([
    ["25 rows of which 3 failed", threeFailed, { ...window, limit: 25 }, 3, 850, 2000],
    ["the same with detail", threeFailed, { ...window, limit: 25, detail: true }, 3, 1300, 2600],
    ["25 failed rows", allFailed, { runStatus: "failed" }, 25, 1800, 5000]
  ])("%s", ([, runs, args, failed, text, structured]) =>
    Effect.gen(function*() {
      const client = yield* over(runs, "modern", { structured: true })
      const result = yield* Effect.promise(() => client.callTool({ name: "list_runs", arguments: { ...args } }))
      expect(result.structuredContent).toMatchObject({ runs: Array.from({ length: 25 }, () => ({})) })
      expect(textOf(result).match(/^\d+ .* reason (as|")/gm)).toHaveLength(failed)
      expect(tokens(textOf(result))).toBeLessThanOrEqual(text)
      expect(tokens(JSON.stringify(result.structuredContent))).toBeLessThanOrEqual(structured)
      expect(textOf(result)).toMatchSnapshot()
    }))
})

describe("a connection that is not set up", () => {
  const configured = (env: Record<string, string>) =>
    RunsClient.layerConfig().pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord(env)))
    )

  it.effect.each<
    [what: string, layer: Layer.Layer<RunsClient.RunsClient, ConfigError | RunsError.InvalidConnection>, said: string]
  >([
    ["no token", configured({}), "accessToken is invalid, so no request was sent: it is missing or empty"],
    [
      "a token that cannot be one",
      configured({ COALESCE_ACCESS_TOKEN: "two words-secret" }),
      "accessToken is invalid, so no request was sent: it contains a space"
    ],
    [
      "no host",
      configured({ COALESCE_ACCESS_TOKEN: "t", COALESCE_BASE_URL: "http://example.com" }),
      "baseUrl is invalid, so no request was sent: `http:` would send the token unencrypted"
    ]
  ])("%s is said at the first call, with what to do", ([, layer, said]) =>
    Effect.gen(function*() {
      const { client } = yield* connected(layer)
      expect((yield* Effect.promise(() => client.listTools())).tools).toHaveLength(tools.length)
      const result = yield* Effect.promise(() => client.callTool({ name: "list_runs", arguments: {} }))
      expect(result.isError).toBe(true)
      expect(textOf(result)).toContain(said)
      expect(textOf(result)).toMatchSnapshot()
      expect(textOf(result)).not.toContain("secret")
    }))
})

describe("a call", () => {
  it.effect("that is cancelled interrupts its request", () =>
    Effect.gen(function*() {
      const services = yield* Layer.build(clientOf({ runs: threeFailed, faults: [Faults.always(Faults.hang())] }))
      const simulator = Context.get(services, Simulator.Simulator)
      const { client } = yield* connected(Layer.succeedContext(services))
      const controller = new AbortController()
      const calling = client.callTool({ name: "list_runs", arguments: {} }, { signal: controller.signal })
        .then(() => "returned", () => "cancelled")
      yield* simulator.waitForRequest(() => true)
      controller.abort()
      expect(yield* Effect.promise(() => calling)).toBe("cancelled")
      const closed = yield* simulator.waitForRequest(({ closedEarly }) => closedEarly)
      expect(closed.path).toBe("/api/v1/runs")
    }))

  it.effect("that meets a fault of this server says no more than that", () =>
    Effect.gen(function*() {
      const { client } = yield* connected(broken)
      const result = yield* Effect.promise(() => client.callTool({ name: "list_runs", arguments: {} }))
      expect(result.isError).toBe(true)
      expect(textOf(result)).toContain("list_runs failed inside this server")
      expect(textOf(result)).not.toContain("secret")
    }))
})
