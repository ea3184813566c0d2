/**
 * Carries one exchange between `node:http` and the SDK, and tells whoever works for it when its client is gone.
 *
 * A `Request` follows its signal weakly: after a garbage collection nobody hears it. So the signal of each request is also
 * kept here, tied to the response's close.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { readAll } from "../message.ts"

/** Bytes of a body. */
export const maxBody = 1024 * 1024

export const tooLarge = `The body is larger than ${maxBody / 1024 / 1024} MiB`

/** Bytes that are written at once: a client has its time for so many. */
const maxPart = 64 * 1024

const endings = new WeakMap<Socket, Set<() => void>>()

/**
 * Calls back once, when a response is complete or its connection is gone. `node:http` tells a lost connection only to the
 * response whose turn it is, and not to those of the requests behind it.
 */
export const onceEnded = ({ socket }: IncomingMessage, response: ServerResponse, ended: () => void): void => {
  const known = endings.get(socket)
  const all = known ?? new Set()
  if (known === undefined) {
    endings.set(socket, all)
    socket.once("close", () => {
      for (const end of all) end()
    })
  }
  const end = () => {
    if (all.delete(end)) ended()
  }
  all.add(end)
  response.once("close", end)
  if (socket.destroyed) end()
}

/** Aborts when the client of a request is gone before its response is complete. */
const gone = new WeakMap<Request, AbortSignal>()

export const goneOf = (request: Request | undefined): AbortSignal | undefined =>
  request === undefined ? undefined : gone.get(request)

/** Returns the body as text, or nothing if it is too large: the rest is not read then. */
const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  if (Number(request.headers["content-length"] ?? 0) > maxBody) return undefined
  const parts: Array<Buffer> = []
  let length = 0
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue
    length += part.length
    if (length > maxBody) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts, length).toString("utf8").replace(/^\uFEFF/, "")
}

const headersOf = (request: IncomingMessage): Headers => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value]) headers.append(name, one)
  }
  return headers
}

export type Body =
  | { readonly refused: unknown; readonly status: 400 | 413 }
  /** What the SDK gets as the parsed body; where it is absent, the SDK says what is wrong with the text. */
  | { readonly text: string; readonly parsed: unknown }

/** Reads and checks the messages of a body. */
export const bodyOf = async (request: IncomingMessage): Promise<Body> => {
  const text = await readBody(request)
  if (text === undefined) return { status: 413, refused: tooLarge }
  if (!/\bjson\b/i.test(request.headers["content-type"] ?? "") || text.trim() === "") return { text, parsed: undefined }
  const messages: Array<unknown> = []
  for (const read of readAll(text)) {
    if ("refused" in read) return { status: 400, refused: read.refused }
    messages.push(read.message)
  }
  return { text, parsed: text.trimStart().startsWith("[") ? messages : messages[0] }
}

export type Fetch = (request: Request, options: { readonly parsedBody?: unknown }) => Promise<Response>

/** Serves an exchange, until its response is complete, its client is gone, or it has read nothing for `millis`. */
export const serve = async (
  fetch: Fetch,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { parsed, text }: { readonly text: string; readonly parsed: unknown },
  millis: number
): Promise<void> => {
  const client = new AbortController()
  onceEnded(incoming, outgoing, () => {
    if (!outgoing.writableFinished) client.abort()
  })
  const method = incoming.method ?? "GET"
  const request = new Request("http://localhost/mcp", {
    method,
    headers: headersOf(incoming),
    signal: client.signal,
    ...(method === "POST" && parsed === undefined ? { body: text } : {})
  })
  gone.set(request, client.signal)
  const response = await fetch(request, parsed === undefined ? {} : { parsedBody: parsed })
  // Whether the connection is kept is between node:http and the client, which may have asked for its end.
  response.headers.delete("connection")
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  const reader = response.body?.getReader()
  if (reader === undefined) {
    outgoing.end()
    return
  }
  const cancel = () => void reader.cancel().catch(() => {})
  if (client.signal.aborted) cancel()
  else client.signal.addEventListener("abort", cancel, { once: true })
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    for (let at = 0; at < part.value.length && !client.signal.aborted; at += maxPart) {
      if (!outgoing.write(part.value.subarray(at, at + maxPart))) await isRead(outgoing, "drain", client.signal, millis)
    }
  }
  outgoing.end()
  await isRead(outgoing, "finish", client.signal, millis)
}

/** Resolves when the client has read what was written, or is gone. One that does not read in time is sent away. */
const isRead = (
  outgoing: ServerResponse,
  event: "drain" | "finish",
  gone: AbortSignal,
  millis: number
): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => {
      // Until its turn comes on the connection, the client cannot read it.
      if (outgoing.socket === null) timer.refresh()
      else outgoing.destroy()
    }, millis)
    const done = () => {
      clearTimeout(timer)
      outgoing.off(event, done)
      gone.removeEventListener("abort", done)
      resolve()
    }
    outgoing.once(event, done)
    gone.addEventListener("abort", done)
    if (gone.aborted || outgoing.writableFinished) done()
  })
