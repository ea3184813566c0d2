/** A client of the server over HTTP that writes bytes to a socket, whatever they are. */
import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { bearer } from "./bin.ts"

export const open = async (url: string): Promise<Socket> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  // The server may end a connection at any moment.
  socket.on("error", () => {})
  await once(socket, "connect")
  return socket
}

/** Returns all that the server sends on a socket until it ends it, or until `enough` matches. Fails after some seconds. */
export const received = async (socket: Socket, enough = /^$/, millis = 20_000): Promise<string> => {
  let text = ""
  const late = setTimeout(() => socket.destroy(new Error("late")), millis)
  socket.setEncoding("utf8")
  await new Promise<void>((resolve) => {
    socket.on("data", (part: string) => {
      text += part
      if (enough.test(text)) resolve()
    })
    socket.once("close", () => resolve())
    socket.once("end", () => resolve())
  })
  clearTimeout(late)
  return text
}

/** The lines of a header. */
export type Headers = Readonly<Record<string, string | number | undefined>>

export const usual: Headers = {
  host: "127.0.0.1",
  authorization: `Bearer ${bearer}`,
  "content-type": "application/json",
  accept: "application/json, text/event-stream"
}

export const head = (first: string, headers: Headers): string =>
  `${first}\r\n${
    Object.entries(headers).map(([name, value]) => value === undefined ? "" : `${name}: ${value}\r\n`).join("")
  }\r\n`

/** The bytes of a request with a message. */
export const post = (message: object, headers: Headers = {}): string => {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message })
  const length = { "content-length": Buffer.byteLength(body) }
  return head("POST /mcp HTTP/1.1", { ...usual, ...length, connection: "close", ...headers }) + body
}

/** The bytes of a request with any body. */
export const body = (bytes: string | Buffer, headers: Headers = {}): Buffer =>
  Buffer.concat([
    Buffer.from(
      head("POST /mcp HTTP/1.1", {
        ...usual,
        connection: "close",
        "content-length": Buffer.byteLength(bytes),
        ...headers
      })
    ),
    Buffer.from(bytes)
  ])

/** The status of a response, if it has one. */
export const statusOf = (text: string): number | undefined => {
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? []
  return status === undefined ? undefined : Number(status)
}
