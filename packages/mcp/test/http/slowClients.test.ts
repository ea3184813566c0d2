// Clients that are slow: each of them is sent away in time, and costs no other client anything.
import * as Faults from "@coalesce-runs/simulator/Faults"
import * as Effect from "effect/Effect"
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { once } from "node:events"
import { connect, Socket } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { ask, json, serving, simulator, useSimulator } from "../support/http.ts"

useSimulator()

const requestMillis = 500

const ping = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })

const head = (...lines: ReadonlyArray<string>): string =>
  [
    "POST /mcp HTTP/1.1",
    "host: localhost",
    ...Object.entries(json).map(([name, value]) => `${name}: ${value}`),
    ...lines
  ]
    .join("\r\n") + "\r\n"

/** Writes to a socket, and a byte of `drips` every 50 ms. Returns what came until the server ended the connection. */
const dripped = async (url: string, first: string, drips: string) => {
  const socket: Socket = connect(Number(new URL(url).port), "127.0.0.1")
  let text = ""
  socket.setEncoding("utf8").on("data", (part: string) => text += part).on("error", () => {})
  await once(socket, "connect")
  const began = performance.now()
  socket.write(first)
  let sent = 0
  const timer = setInterval(() => socket.writable && socket.write(drips[sent++ % drips.length] ?? ""), 50)
  await once(socket, "close")
  clearInterval(timer)
  return { text, millis: performance.now() - began }
}

describe("a client over HTTP is sent away when it takes longer than --request-timeout", () => {
  it.each<[what: string, first: string, drips: string]>([
    ["to send a first byte", "", ""],
    ["to send its headers", head(), "x-more: a\r\n"],
    ["to send its body", `${head("content-length: 1000")}\r\n`, "{"]
  ])("%s", async (_, first, drips) => {
    const { lines, url } = await serving({ requestMillis })
    const { millis, text } = await dripped(url, first, drips)
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
    expect(millis).toBeGreaterThan(requestMillis - 50)
    expect(lines).toEqual([])
  })

  /** Asks for more than the buffers between the two sides hold. Returns the connection, as the client and as the server has it. */
  const asking = async (url: string) => {
    const body = JSON.stringify(Array.from({ length: 100 }, (_, id) => ({ jsonrpc: "2.0", id, method: "tools/list" })))
    const of = (connection: string) =>
      `${head(`connection: ${connection}`, `content-length: ${body.length}`)}\r\n${body}`
    const sockets: Array<Socket> = []
    const keep = (message: unknown) => {
      if (typeof message === "object" && message !== null && "socket" in message && message.socket instanceof Socket) {
        sockets.push(message.socket)
      }
    }
    subscribe("net.server.socket", keep)
    const client = connect(Number(new URL(url).port), "127.0.0.1")
    await once(client, "connect")
    client.write(of("keep-alive").repeat(5) + of("close"))
    const server = () => sockets.find(({ remotePort }) => remotePort === client.localPort)
    while (server() === undefined) await pause(10)
    unsubscribe("net.server.socket", keep)
    return { client, server: server() ?? client }
  }

  it("to read on in a response", async () => {
    const { url } = await serving({ requestMillis, isStructured: true })
    const { client, server } = await asking(url)
    await once(server, "close")
    client.destroy()
  })

  it("but not between two requests", async () => {
    const { url } = await serving({ requestMillis })
    const client = connect(Number(new URL(url).port), "127.0.0.1")
    await once(client, "connect")
    let text = ""
    client.setEncoding("utf8").on("data", (part: string) => text += part)
    const send = (connection: string) =>
      client.write(`${head(`connection: ${connection}`, `content-length: ${ping.length}`)}\r\n${ping}`)
    send("keep-alive")
    await pause(3 * requestMillis)
    send("close")
    if (!client.destroyed) await once(client, "close")
    expect(text.split("\"result\":")).toHaveLength(3)
  })
})

describe("clients that send several requests at once on one connection", () => {
  it("have all of them ended when they vanish, so that nothing waits for them", async () => {
    await Effect.runPromise(simulator.setFaults([Faults.always(Faults.hang())]))
    const { close, lines, url } = await serving({ drainMillis: 20_000 })
    const call = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "list_runs", arguments: {} }
    })
    const socket = connect(Number(new URL(url).port), "127.0.0.1")
    await once(socket, "connect")
    socket.write(`${head(`content-length: ${call.length}`)}\r\n${call}`.repeat(3))
    const requests = () => Effect.runPromise(simulator.requests)
    while ((await requests()).length < 3) await pause(10)
    socket.destroy()
    while (lines.length < 3) await pause(10)
    expect(lines).toEqual(Array(3).fill(expect.stringContaining(", canceled")))
    expect((await ask(url, { headers: json }, ping)).status).toBe(200)
    const began = performance.now()
    await close()
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})
