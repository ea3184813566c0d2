/**
 * The MCP server: one factory for any transport and both eras of the protocol. `serveStdio` and `createMcpHandler` of
 * `@modelcontextprotocol/server` take it as it is, so a team can mount the tools in a server of its own.
 *
 * @since 0.1.0
 */
import type { McpServerFactory } from "@modelcontextprotocol/server"
import * as call from "./callTool.ts"
import { definitions } from "./definitions.ts"
import { mount } from "./registerTools.ts"

/**
 * What runs the tools: a runtime that has a `RunsClient`, or fails to have one, which each call then says.
 *
 * @category models
 * @since 0.1.0
 */
export type Runtime = call.Runtime

/**
 * A factory of servers over a runtime.
 *
 * **Example** (The tools in a handler of one's own)
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
 *
 * @category constructors
 * @since 0.1.0
 */
export const factory = (runtime: Runtime): McpServerFactory => mount(definitions, call.make(runtime))
