/**
 * The MCP server: for any transport and both eras of the protocol. `serveStdio` and `createMcpHandler` of
 * `@modelcontextprotocol/server` take {@link factory} as it is; {@link registerTools} adds the tools to a server of your
 * own.
 *
 * @since 0.1.0
 */
import type { McpServer, McpServerFactory } from "@modelcontextprotocol/server"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Predicate from "effect/Predicate"
import * as callTool from "./callTool.ts"
import { newServer } from "./newServer.ts"
import * as tools from "./registerTools.ts"

/**
 * Runs the tools: a runtime that has a `RunsClient`. Where it fails to have one, each call returns that error in words.
 */
export type Runtime = callTool.Runtime

export interface Options {
  /**
   * Whether each tool also has an `outputSchema`, and its results a `structuredContent`: the facts as the core library
   * encodes them. Clients such as Claude Code and Codex give a model the structured content alone, at about twice the
   * tokens of the text. Default: false.
   */
  readonly structured?: boolean | undefined
}

const refuse = (call: string, what: string): never => {
  throw new Error(`Server.${call}: ${what}`)
}

/** Throws where an option does not exist or has a wrong type: a misspelt one would silently do nothing. */
const assertOptions = (call: string, options: Options, names: ReadonlyArray<string>): void => {
  if (!Predicate.isObject(options) || Symbol.iterator in options) {
    return refuse(call, `expected an object of options, got ${Object.prototype.toString.call(options).slice(8, -1)}`)
  }
  const [unknown] = Object.keys(options).filter((name) => !names.includes(name))
  if (unknown !== undefined) {
    return refuse(call, `\`${unknown.slice(0, 60)}\`: no such option; there are ${names.join(", ")}`)
  }
  if (options.structured !== undefined && !Predicate.isBoolean(options.structured)) {
    return refuse(call, "`structured`: expected true or false")
  }
}

const assertRuntime = (call: string, runtime: unknown): void => {
  if (!ManagedRuntime.isManagedRuntime(runtime)) refuse(call, "`runtime`: expected a ManagedRuntime")
}

/**
 * Returns a factory of servers with the tools, the instructions and the prompt.
 *
 * **Example** (The tools in a handler of your own)
 *
 * ```ts
 * import { RunsClient } from "@coalesce-runs/core"
 * import { Server } from "@coalesce-runs/mcp"
 * import { createMcpHandler } from "@modelcontextprotocol/server"
 * import * as Layer from "effect/Layer"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as ManagedRuntime from "effect/ManagedRuntime"
 *
 * const runtime = ManagedRuntime.make(
 *   RunsClient.layer({ accessToken: "a-token", region: "eu" }).pipe(Layer.provide(FetchHttpClient.layer))
 * )
 * const handler = createMcpHandler(Server.factory(runtime))
 *
 * typeof handler.fetch // => "function"
 * await handler.close()
 * await runtime.dispose()
 * ```
 */
export const factory = (runtime: Runtime, options: Options = {}): McpServerFactory => {
  assertOptions("factory", options, ["structured"])
  assertRuntime("factory", runtime)
  const isStructured = options.structured ?? false
  return newServer(callTool.make(runtime, isStructured), isStructured)
}

/**
 * Registers the tools on a server of your own, beside its own tools.
 *
 * **Example** (The tools beside your own)
 *
 * ```ts
 * import { RunsClient } from "@coalesce-runs/core"
 * import { Server } from "@coalesce-runs/mcp"
 * import { McpServer } from "@modelcontextprotocol/server"
 * import * as Layer from "effect/Layer"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as ManagedRuntime from "effect/ManagedRuntime"
 *
 * const runtime = ManagedRuntime.make(
 *   RunsClient.layer({ accessToken: "a-token", region: "eu" }).pipe(Layer.provide(FetchHttpClient.layer))
 * )
 * const server = new McpServer({ name: "data-team", version: "1.0.0" })
 * Server.registerTools(server, { runtime, structured: true })
 *
 * await server.close()
 * await runtime.dispose()
 * ```
 */
export const registerTools = (
  server: McpServer,
  options: Options & { readonly runtime: Runtime }
): void => {
  assertOptions("registerTools", options, ["runtime", "structured"])
  const { runtime, structured = false } = options
  assertRuntime("registerTools", runtime)
  tools.registerTools(server, callTool.make(runtime, structured), structured)
}
