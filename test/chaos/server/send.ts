/** Puts a response on the wire, whole or with a fault. */
import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from "node:zlib"
import { retryAfterText, statusBody, wrongBody } from "./bodies.ts"
import type { Encoding, Fault } from "./fault.ts"

const compress: Readonly<Record<Encoding, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes, { level: 1 }),
  br: (bytes) => brotliCompressSync(bytes, { params: { 1: 1 } }),
  deflate: (bytes) => deflateSync(bytes, { level: 1 })
}

export interface Whole {
  readonly page: string
  readonly encoding: Encoding | undefined
  readonly token: string
  readonly origin: string
  readonly path: string
}

type Headers = Record<string, string | number>

const json: Headers = { "content-type": "application/json; charset=utf-8" }

const sendWhole = (response: ServerResponse, status: number, headers: Headers, body: Buffer): void => {
  response.writeHead(status, { ...headers, "content-length": body.byteLength })
  response.end(body)
}

/** The bytes of a response as HTTP/1.1 frames them. */
const framed = (status: number, headers: Headers, body: Buffer, framing: "length" | "chunked" | "close"): Buffer => {
  // No client may take the connection for one that can be used again.
  const length: Headers = framing === "length"
    ? { "content-length": body.byteLength }
    : framing === "chunked"
    ? { "transfer-encoding": "chunked" }
    : {}
  const lines = Object.entries({ ...headers, ...length, connection: "close" }).map(([name, value]) =>
    `${name}: ${value}\r\n`
  )
  const head = Buffer.from(`HTTP/1.1 ${status} Status\r\n${lines.join("")}\r\n`)
  if (framing !== "chunked") return Buffer.concat([head, body])
  const half = body.byteLength >> 1
  const chunks = [body.subarray(0, half), body.subarray(half)].filter(({ byteLength }) => byteLength > 0)
  return Buffer.concat([
    head,
    ...chunks.flatMap((chunk) => [Buffer.from(`${chunk.byteLength.toString(16)}\r\n`), chunk, Buffer.from("\r\n")]),
    Buffer.from("0\r\n\r\n")
  ])
}

/** Sends the first bytes, and ends the connection: in order, or with a reset. */
const sendPart = (socket: Socket, bytes: Buffer, how: "end" | "reset"): void => {
  if (bytes.byteLength === 0) {
    if (how === "reset") socket.resetAndDestroy()
    else socket.end()
    return
  }
  socket.write(bytes, () => {
    if (how === "reset") socket.resetAndDestroy()
    else socket.end()
  })
}

/** Returns how many bytes of so many a fraction is: fewer than all. */
const part = (bytes: Buffer, at: number): Buffer => bytes.subarray(0, Math.floor(bytes.byteLength * at * 0.999))

const damaged = (bytes: Buffer, damage: "cut" | "flip", at: number): Buffer => {
  if (damage === "cut") return part(bytes, at)
  const copy = Buffer.from(bytes)
  const index = Math.floor((copy.byteLength - 1) * at)
  copy[index] = (copy[index] ?? 0) ^ (1 << (index % 8))
  return copy
}

const endless = async (response: ServerResponse, encoding: "gzip" | undefined): Promise<void> => {
  const chunk = Buffer.from(`{"data":[${" ".repeat(65_536)}`)
  response.writeHead(200, { ...json, ...(encoding === undefined ? {} : { "content-encoding": encoding }) })
  const gzip = encoding === undefined ? undefined : createGzip({ level: 1 })
  const target = gzip ?? response
  gzip?.pipe(response)
  while (!response.destroyed && response.socket?.destroyed === false) {
    if (!target.write(chunk)) {
      await Promise.race([new Promise((resolve) => target.once("drain", resolve)), pause(20)])
    }
    await pause(0)
  }
  gzip?.destroy()
}

const drip = async (response: ServerResponse, body: Buffer, pieces: number): Promise<void> => {
  response.writeHead(200, { ...json, "content-length": body.byteLength })
  const size = Math.ceil(body.byteLength / pieces)
  for (let at = 0; at < body.byteLength && !response.destroyed; at += size) {
    response.write(body.subarray(at, at + size))
    await pause(1)
  }
  response.end()
}

/** Sends the page of a request, with what its fault does to it. */
export const send = (response: ServerResponse, fault: Fault | undefined, whole: Whole): void => {
  const body = Buffer.from(whole.page)
  const socket = response.socket
  if (socket === null) return
  const encoded = whole.encoding === undefined ? body : compress[whole.encoding](body)
  const encodedHeaders = whole.encoding === undefined ? json : { ...json, "content-encoding": whole.encoding }
  switch (fault?.kind) {
    case undefined:
    case "lie":
      return sendWhole(response, 200, encodedHeaders, encoded)
    case "status":
      return sendStatus(response, socket, fault, whole)
    case "redirect": {
      const location =
        { trap: `${whole.origin}/trap?from=a`, self: whole.path, nowhere: "http://127.0.0.1:1/" }[fault.to]
      return sendWhole(response, fault.status, { location }, Buffer.alloc(0))
    }
    case "reset":
      return sendPart(socket, part(framed(200, encodedHeaders, encoded, "length"), fault.at), "reset")
    case "cut":
      return sendPart(socket, part(framed(200, json, body, fault.framing), fault.at), "end")
    case "hang":
      // A hang before the first byte says nothing; one within the response stops there.
      socket.write(part(framed(200, encodedHeaders, encoded, "length"), fault.at))
      return
    case "garbage":
      return sendPart(socket, Buffer.from("\u0016\u0003\u0001 no HTTP\r\n\r\n"), "end")
    case "early":
      response.writeEarlyHints({ link: "</style.css>; rel=preload" })
      return sendWhole(response, 200, json, body)
    case "body":
      return sendWhole(response, 200, json, Buffer.from(wrongBody(fault.body, whole.page, whole.token)))
    case "encoding": {
      const bytes = compress[fault.encoding](body)
      const sent = fault.damage === "none"
        ? bytes
        : fault.damage === "label"
        ? body
        : damaged(bytes, fault.damage, fault.at)
      return sendWhole(response, 200, { ...json, "content-encoding": fault.encoding }, sent)
    }
    case "endless":
      void endless(response, fault.encoding)
      return
    case "drip":
      void drip(response, body, fault.pieces)
      return
  }
}

const sendStatus = (
  response: ServerResponse,
  socket: Socket,
  { body, ending, retryAfter, status }: Extract<Fault, { kind: "status" }>,
  { page, token }: Whole
): void => {
  const { bytes, encoding } = statusBody(body, page, token)
  const headers = {
    "content-type": body === "html" ? "text/html" : "application/json",
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    ...(retryAfter === undefined ? {} : { "retry-after": retryAfterText(retryAfter, Date.now()) })
  }
  const isBodiless = status === 204 || status === 304
  if (ending === "whole" || isBodiless) {
    return isBodiless
      ? void response.writeHead(status, headers).end()
      : sendWhole(response, status, headers, bytes)
  }
  const all = framed(status, headers, bytes, "length")
  // The head is whole: only the body breaks off.
  const kept = all.subarray(0, all.byteLength - Math.ceil(bytes.byteLength / 2))
  if (ending === "hang") socket.write(kept)
  else sendPart(socket, kept, ending === "cut" ? "end" : "reset")
}
