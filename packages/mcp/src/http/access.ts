/** Who may ask: the `Host` and `Origin` of a request, what a browser needs to hear about them, and the bearer token. */
import { validateHostHeader, validateOriginHeader } from "@modelcontextprotocol/server"
import { createHash, timingSafeEqual } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { clean, quote } from "../result/untrustedText.ts"

const maxNamesLogged = 20

/** Checks whether only this machine can reach an address. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host)

export const bracketed = (host: string): string => host.includes(":") && !host.startsWith("[") ? `[${host}]` : host

/** Says something once for each name. Scanners try many, so it stops at some number of them. */
const oncePerName = (say: (name: string) => void) => {
  const said = new Set<string>()
  return (name: string): void => {
    if (said.has(name) || said.size >= maxNamesLogged) return
    said.add(name)
    say(name)
  }
}

const printable = (name: string): string => quote(clean(name, 100))

/** Returns a check that says why a request is refused, if it is. */
export const guard = (names: ReadonlyArray<string>, log: (line: string) => void) => {
  const allowed = [...names]
  const logHost = oncePerName((name) =>
    log(
      `coalesce-runs-mcp refused a request for the host ${printable(name)}. To accept it, add --allowed-hosts ${name}`
    )
  )
  const logOrigin = oncePerName((name) =>
    log(`coalesce-runs-mcp refused a request of the site ${printable(name)}. To accept it, add --allowed-hosts ${name}`)
  )
  return ({ headers, headersDistinct }: IncomingMessage): string | undefined => {
    // Of several, a proxy may have checked another than the one that is read here.
    const isOne = headersDistinct["host"]?.length === 1
    // An URL parser would take what precedes an @ for credentials, and read the name behind it.
    const host = !isOne || /[@/\\?#\s]/.test(headers.host ?? "") ? undefined : validateHostHeader(headers.host, allowed)
    if (host === undefined) return "Invalid Host header"
    if (!host.ok) {
      if (host.hostname !== undefined) logHost(host.hostname)
      return host.message
    }
    const origin = validateOriginHeader(headers.origin, allowed)
    if (origin.ok) return undefined
    if (origin.hostname !== undefined) logOrigin(origin.hostname)
    return origin.message
  }
}

/** Lets the site of a request read the response. The guard has accepted its `Origin` already. */
export const allowOrigin = ({ headers }: IncomingMessage, response: ServerResponse): void => {
  response.setHeader("vary", "origin")
  if (headers.origin === undefined) return
  response.setHeader("access-control-allow-origin", headers.origin)
  response.setHeader("access-control-expose-headers", "mcp-session-id, www-authenticate")
}

/** Answers the question that a browser asks before the request itself. */
export const preflight = ({ headers }: IncomingMessage, response: ServerResponse, allow: string): void => {
  response.setHeader("access-control-allow-methods", allow)
  response.setHeader(
    "access-control-allow-headers",
    headers["access-control-request-headers"] ?? "authorization, content-type"
  )
  response.setHeader("access-control-max-age", "86400")
  if (headers["access-control-request-private-network"] === "true") {
    response.setHeader("access-control-allow-private-network", "true")
  }
  response.writeHead(204).end()
}

const hash = (text: string): Buffer => createHash("sha256").update(text).digest()

/** Returns a check of the bearer token. It compares hashes, which have one length, in constant time. */
export const bearer = (token: string | undefined): (request: IncomingMessage) => boolean => {
  if (token === undefined) return () => true
  const expected = hash(token)
  return (request) => {
    const [, given] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "") ?? []
    return timingSafeEqual(hash(given ?? ""), expected) && given !== undefined
  }
}
