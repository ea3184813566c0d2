/**
 * Cancelling a call over HTTP in the older era, where the notification is a request of its own and reaches another
 * server than the call. The name of a session, which clients are given when they begin and repeat, tells whose call is
 * meant, since each client counts its calls from one. Nothing else is kept of a session.
 */
import type { McpServerFactory, ServerContext } from "@modelcontextprotocol/server"
import { randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { CallTool } from "../registerTools.ts"

const header = "mcp-session-id"

/** Names a session where a client of the older era begins: it has neither a session nor a version of the protocol yet. */
export const begin = (request: IncomingMessage, response: ServerResponse): void => {
  const { "mcp-protocol-version": version, [header]: session } = request.headers
  if (request.method === "POST" && version === undefined && session === undefined) {
    response.setHeader(header, randomUUID())
  }
}

export const make = () => {
  const running = new Map<string, AbortController>()
  const keyOf = (session: string, id: string | number) => JSON.stringify([session, id])

  /** A call that its session can cancel. */
  const cancellable = (call: CallTool): CallTool => async (name, args, context) => {
    const session = context.http?.req?.headers.get(header)
    if (session === undefined || session === null) return call(name, args, context)
    const key = keyOf(session, context.mcpReq.id)
    const controller = new AbortController()
    running.set(key, controller)
    const signal = AbortSignal.any([context.mcpReq.signal, controller.signal])
    const cancelled: ServerContext = { ...context, mcpReq: { ...context.mcpReq, signal } }
    try {
      return await call(name, args, cancelled)
    } finally {
      if (running.get(key) === controller) running.delete(key)
    }
  }

  /** Servers that cancel the calls of the session which they serve. */
  const cancelling = (factory: McpServerFactory): McpServerFactory => async (context) => {
    const made = await factory(context)
    const session = context.requestInfo?.headers.get(header)
    if (context.era === "legacy" && session !== undefined && session !== null) {
      const server = "server" in made ? made.server : made
      server.setNotificationHandler("notifications/cancelled", ({ params }) => {
        if (params.requestId !== undefined) running.get(keyOf(session, params.requestId))?.abort(params.reason)
      })
    }
    return made
  }

  return { cancellable, cancelling }
}
