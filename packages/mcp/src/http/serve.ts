/** Serves Streamable HTTP on `node:http`. Loaded only for `--http`. */
import { createMcpHandler } from "@modelcontextprotocol/server"
import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer } from "node:http"
import * as callTool from "../callTool.ts"
import { newServer } from "../newServer.ts"
import * as runtime from "../runtime.ts"
import * as access from "./access.ts"
import * as cancellation from "./cancellation.ts"
import * as exchange from "./exchange.ts"
import * as observe from "./observe.ts"
import * as probes from "./probes.ts"
import { error, respond } from "./respond.ts"

export { isPlaceholder } from "@coalesce-runs/core/Connection"
export { isLoopback } from "./access.ts"

export interface Options {
  readonly port: number
  readonly host: string
  /** The path of the MCP endpoint. */
  readonly path: string
  /** Names to accept in `Host` and `Origin`, besides those of loopback and `host` itself. */
  readonly allowedHosts: ReadonlyArray<string>
  /** The bearer token that clients must send. On loopback it may be absent. */
  readonly token: string | undefined
  /** Whether results have structured content. */
  readonly isStructured: boolean
  readonly connection: runtime.Connection | undefined
  readonly log: (line: string) => void
  /** How long the calls that run may take to end when the server closes, in milliseconds. */
  readonly drainMillis: number
  /** How long a client may take to send a request, and to read on in a response that waits for it, in milliseconds. */
  readonly requestMillis: number
}

export interface Served {
  /** The address that clients connect to, with its path. */
  readonly url: string
  /** Takes no more connections, lets the calls that run end, and interrupts those that do not. */
  readonly close: () => Promise<void>
}

const methods = "POST, OPTIONS"

// Longer than the proxies before it keep idle connections, up to the 600 s of Google's load balancer: a proxy that sends a
// request on a connection which this side closes at that moment has to report a bad gateway.
const keepAliveTimeout = 620_000

const noOAuth = (hasToken: boolean): string =>
  hasToken
    ? "This server has no OAuth. Send its token in the header `Authorization: Bearer …`"
    : "This server has no OAuth. It asks for no token; a bearer header is wanted only if COALESCE_MCP_HTTP_TOKEN is set"

/** Paths that clients of OAuth try when they have no bearer header. */
const isOAuth = (path: string): boolean =>
  /^\/\.well-known\/(oauth|openid)/.test(path) || path.endsWith("/.well-known/openid-configuration") ||
  ["/register", "/authorize", "/token"].includes(path)

/** A subscription ends only with its client, so nothing waits for its end. */
const isSubscription = (message: unknown): boolean =>
  typeof message === "object" && message !== null && "method" in message && message.method === "subscriptions/listen"

/** Starts to listen. Rejects if it cannot. */
export const serve = async (options: Options): Promise<Served> => {
  const { log } = options
  const status = { lastRequest: "none", isClosing: false }
  const live = runtime.make(options.connection, (outcome) => status.lastRequest = outcome)
  const sessions = cancellation.make()
  const call = sessions.cancellable(callTool.make(live, options.isStructured, observe.ended(log)))
  const factory = sessions.cancelling(newServer(call, options.isStructured))
  const handler = createMcpHandler(factory, {
    maxRequestBodySize: exchange.maxBody,
    onerror: (error) => log(`coalesce-runs-mcp: ${error.message}`)
  })
  const isWildcard = options.host === "0.0.0.0" || access.bracketed(options.host) === "[::]"
  const names = ["localhost", "127.0.0.1", "[::1]", ...(isWildcard ? [] : [options.host]), ...options.allowedHosts].map(
    access.bracketed
  )
  if (isWildcard && options.allowedHosts.length === 0) {
    log("coalesce-runs-mcp refuses other machines until --allowed-hosts has the name by which they reach this one")
  }
  const refusedBy = access.guard(names, log)
  const hasToken = access.bearer(options.token)
  const running = new Set<ServerResponse>()
  const onIdle = new Set<() => void>()

  const unauthorized = (response: ServerResponse): void =>
    respond(
      response,
      401,
      error("Unauthorized: send the token of this server in the header `Authorization: Bearer …`"),
      {
        "www-authenticate": "Bearer"
      }
    )

  const serveExchange = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = request.method === "POST" ? await exchange.bodyOf(request) : { text: "", parsed: undefined }
    if ("refused" in body) {
      return body.status === 413
        ? respond(response, 413, error(exchange.tooLarge), { connection: "close" })
        : respond(response, body.status, body.refused)
    }
    cancellation.begin(request, response)
    if (!isSubscription(body.parsed)) running.add(response)
    exchange.onceEnded(request, response, () => {
      running.delete(response)
      if (running.size === 0) { for (const resolve of onIdle) resolve() }
    })
    const fetch: exchange.Fetch = (request, options) => handler.fetch(request, options)
    await exchange.serve(fetch, request, response, body, options.requestMillis)
  }

  const route = (request: IncomingMessage, response: ServerResponse): void => {
    if (status.isClosing) response.setHeader("connection", "close")
    const path = (request.url ?? "").split("?")[0]?.replace(/(?<=.)\/+$/, "") ?? ""
    const isProbe = probes.serve(path, request, response, { live, status, isAllowed: hasToken(request) })
    if (isProbe) return
    const refused = refusedBy(request)
    if (refused !== undefined) return respond(response, 403, error(refused))
    access.allowOrigin(request, response)
    if (isOAuth(path)) {
      const description = noOAuth(options.token !== undefined)
      return respond(response, 404, { error: "invalid_request", error_description: description })
    }
    if (path !== options.path) {
      return respond(response, 404, error(`Not found: the MCP endpoint is ${options.path}`))
    }
    if (request.method === "OPTIONS") return access.preflight(request, response, methods)
    if (!hasToken(request)) return unauthorized(response)
    if (request.method !== "POST") return respond(response, 405, error("Method not allowed"), { allow: methods })
    serveExchange(request, response).catch((error: unknown) => {
      if (!response.destroyed) log(`coalesce-runs-mcp: ${error instanceof Error ? error.message : String(error)}`)
      response.destroy()
    })
  }

  const server = createServer({
    keepAliveTimeout,
    headersTimeout: options.requestMillis,
    requestTimeout: options.requestMillis,
    // Both are noticed at the next check.
    connectionsCheckingInterval: options.requestMillis / 10
  }, route)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject)
      server.listen(options.port, options.host.replace(/^\[|\]$/g, ""), resolve)
    })
  } catch (error) {
    await live.dispose()
    throw error
  }
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : options.port

  /** Resolves when nothing runs, or at the end of its time. */
  const drained = () =>
    new Promise<void>((resolve) => {
      if (running.size === 0) return resolve()
      const timer = setTimeout(resolve, options.drainMillis)
      onIdle.add(() => {
        clearTimeout(timer)
        resolve()
      })
    })

  return {
    url: `http://${access.bracketed(options.host)}:${port}${options.path}`,
    close: async () => {
      status.isClosing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await drained()
      await handler.close()
      await live.dispose()
      server.closeAllConnections()
      await closed
    }
  }
}
