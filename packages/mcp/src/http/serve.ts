/** Serves Streamable HTTP on `node:http`. Loaded only for `--http`. */
import { hostHeaderValidation, originValidation, toNodeHandler } from "@modelcontextprotocol/node"
import { createMcpHandler } from "@modelcontextprotocol/server"
import { createHash, timingSafeEqual } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer } from "node:http"
import * as callTool from "../callTool.ts"
import { newServer } from "../newServer.ts"
import * as runtime from "../runtime.ts"
import * as cancellation from "./cancellation.ts"

export interface Options {
  readonly port: number
  readonly host: string
  /** Names to accept in `Host` and `Origin`, besides those of loopback and `host` itself. */
  readonly allowedHosts: ReadonlyArray<string>
  /** The bearer token that clients must send. On loopback it may be absent. */
  readonly token: string | undefined
  /** Whether results have structured content. */
  readonly isStructured: boolean
  readonly connection: runtime.Connection | undefined
  readonly log: (line: string) => void
}

export interface Served {
  /** The address that clients connect to, with its path. */
  readonly url: string
  readonly close: () => Promise<void>
}

const maxBody = 1024 * 1024

/** Checks whether only this machine can reach an address. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host)

const bracketed = (host: string): string => host.includes(":") && !host.startsWith("[") ? `[${host}]` : host

const hash = (text: string): Buffer => createHash("sha256").update(text).digest()

/** Compares hashes, which have one length, in constant time. */
const hasToken = (request: IncomingMessage, token: Buffer): boolean => {
  const [, given] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "") ?? []
  return timingSafeEqual(hash(given ?? ""), token) && given !== undefined
}

const respond = (
  response: ServerResponse,
  status: number,
  body: Record<string, unknown>,
  headers: Record<string, string> = {}
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body))
}

const rpcError = (message: string) => ({ jsonrpc: "2.0", error: { code: -32000, message }, id: null })

/** Starts to listen. Rejects if it cannot. */
export const serve = async (options: Options): Promise<Served> => {
  const live = runtime.make(options.connection)
  const sessions = cancellation.make()
  const call = sessions.cancellable(callTool.make(live, options.isStructured))
  const factory = sessions.cancelling(newServer(call, options.isStructured))
  const handler = createMcpHandler(factory, {
    maxRequestBodySize: maxBody,
    onerror: (error) => options.log(`coalesce-runs-mcp: ${error.message}`)
  })
  const mcp = toNodeHandler(handler, {
    maxRequestBodySize: maxBody,
    onerror: (error) => options.log(`coalesce-runs-mcp: ${error.message}`)
  })
  const isWildcard = options.host === "0.0.0.0" || bracketed(options.host) === "[::]"
  const names = ["localhost", "127.0.0.1", "[::1]", ...(isWildcard ? [] : [options.host]), ...options.allowedHosts].map(
    bracketed
  )
  if (isWildcard && options.allowedHosts.length === 0) {
    options.log(
      "coalesce-runs-mcp refuses other machines until --allowed-hosts has the name by which they reach this one"
    )
  }
  const isKnownHost = hostHeaderValidation(names)
  const isKnownOrigin = originValidation(names)
  const token = options.token === undefined ? undefined : hash(options.token)

  const route = (request: IncomingMessage, response: ServerResponse): void => {
    if (!isKnownHost(request, response) || !isKnownOrigin(request, response)) return
    const path = (request.url ?? "").split("?")[0]
    if (path === "/health") {
      if (request.method === "GET" || request.method === "HEAD") respond(response, 200, { status: "ok" })
      else respond(response, 405, rpcError("Method not allowed"), { allow: "GET, HEAD" })
      return
    }
    if (path !== "/mcp") return respond(response, 404, rpcError("Not found: the MCP endpoint is /mcp"))
    if (token !== undefined && !hasToken(request, token)) {
      return respond(response, 401, rpcError("Unauthorized: send the bearer token of this server"), {
        "www-authenticate": "Bearer"
      })
    }
    if (Number(request.headers["content-length"] ?? 0) > maxBody) {
      // The rest of the body is not read.
      return respond(response, 413, rpcError("The body is larger than 1 MiB"), { connection: "close" })
    }
    cancellation.begin(request, response)
    mcp(Object.assign(request, { method: request.method ?? "", url: request.url ?? "" }), response).catch(
      (error: unknown) => {
        options.log(`coalesce-runs-mcp: ${error instanceof Error ? error.message : String(error)}`)
        response.destroy()
      }
    )
  }

  const server = createServer(route)
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
  return {
    url: `http://${bracketed(options.host)}:${port}/mcp`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await handler.close()
      await live.dispose()
      server.closeAllConnections()
      await closed
    }
  }
}
