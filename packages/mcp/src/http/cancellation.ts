/**
 * Cancels a call over HTTP: when its client is gone and, in the older era, when a notification says so, which is a request
 * of its own and reaches another server than the call. Each client counts its calls from one, so the id of a session, which clients get when they begin and
 * then repeat, says whose call is meant. Nothing else is stored of a session.
 */
import type { McpServerFactory, ServerContext } from "@modelcontextprotocol/server"
import { randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { CallTool } from "../registerTools.ts"
import { goneOf } from "./exchange.ts"

const header = "mcp-session-id"

// How many cancellations without a call are kept, of which length, and for how many milliseconds.
const early = { count: 1000, length: 200, millis: 10_000 }

/** Gives a client of the older era the id of a session when it begins: it has neither one nor a protocol version yet. */
export const begin = (request: IncomingMessage, response: ServerResponse): void => {
  const { "mcp-protocol-version": version, [header]: session } = request.headers
  if (request.method === "POST" && version === undefined && session === undefined) {
    response.setHeader(header, randomUUID())
  }
}

export const make = () => {
  const running = new Map<string, AbortController>()
  /** Cancellations that came before their calls: both are requests of their own, and one may overtake the other. */
  const waiting = new Set<string>()
  const keyOf = (session: string, id: string | number) => JSON.stringify([session, id])

  const cancel = (key: string, reason: string | undefined): void => {
    const controller = running.get(key)
    if (controller !== undefined) return controller.abort(reason)
    if (key.length > early.length || waiting.size >= early.count) return
    waiting.add(key)
    setTimeout(() => waiting.delete(key), early.millis).unref()
  }

  /** Returns a call that ends when its session cancels it, or when its client is gone. */
  const cancellable = (call: CallTool): CallTool => async (name, args, context) => {
    const request = context.http?.req
    const controller = new AbortController()
    // Not AbortSignal.any, which follows its sources weakly.
    for (const signal of [context.mcpReq.signal, goneOf(request)]) {
      if (signal?.aborted === true) controller.abort(signal.reason)
      else signal?.addEventListener("abort", () => controller.abort(signal.reason), { once: true })
    }
    const session = request?.headers.get(header)
    const key = session === undefined || session === null ? undefined : keyOf(session, context.mcpReq.id)
    if (key !== undefined) running.set(key, controller)
    if (key !== undefined && waiting.delete(key)) controller.abort()
    const cancelled: ServerContext = { ...context, mcpReq: { ...context.mcpReq, signal: controller.signal } }
    try {
      return await call(name, args, cancelled)
    } finally {
      if (key !== undefined && running.get(key) === controller) running.delete(key)
    }
  }

  /** Returns a factory of servers that cancel the calls of their session. */
  const cancelling = (factory: McpServerFactory): McpServerFactory => async (context) => {
    const made = await factory(context)
    const session = context.requestInfo?.headers.get(header)
    if (context.era === "legacy" && session !== undefined && session !== null) {
      const server = "server" in made ? made.server : made
      server.setNotificationHandler("notifications/cancelled", ({ params }) => {
        if (params.requestId !== undefined) cancel(keyOf(session, params.requestId), params.reason)
      })
    }
    return made
  }

  return { cancellable, cancelling }
}
