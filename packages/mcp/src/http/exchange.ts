/**
 * Carries one exchange between `node:http` and the SDK, and tells whoever works for it when its client is gone.
 *
 * A `Request` follows its signal weakly: after a garbage collection nobody hears it. So the signal of each request is also
 * kept here, tied to the response's close.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import { readAll } from "../message.ts"

/** Bytes of a body. */
export const maxBody = 1024 * 1024

export const tooLarge = `The body is larger than ${maxBody / 1024 / 1024} MiB`

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

type Fetch = (request: Request, options: { readonly parsedBody?: unknown }) => Promise<Response>

/** Serves an exchange, until its response is complete or its client is gone. */
export const serve = async (
  fetch: Fetch,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { parsed, text }: { readonly text: string; readonly parsed: unknown }
): Promise<void> => {
  const client = new AbortController()
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) client.abort()
  })
  if (outgoing.destroyed) client.abort()
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
    if (!outgoing.write(part.value)) await drained(outgoing)
  }
  outgoing.end()
}

/** Resolves when the client has read what was written, or is gone. */
const drained = (outgoing: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done).off("close", done)
      resolve()
    }
    outgoing.once("drain", done).once("close", done)
    if (outgoing.destroyed) done()
  })
