// What is not for the server over HTTP, or no HTTP: forged hosts and origins, and garbage.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { scale } from "../lanes.ts"
import { type ChaosServer, start } from "../server/server.ts"
import { isClean } from "./bin.ts"
import { draw, openSession } from "./calls.ts"
import { garbage } from "./garbage.ts"
import { random } from "./random.ts"
import { call, isServed, serve, stop } from "./served.ts"
import { body, head, open, post, received, statusOf, usual } from "./wire.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

const forged: ReadonlyArray<readonly [what: string, headers: Readonly<Record<string, string | undefined>>]> = [
  ...[
    "evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "evil.example/localhost",
    "evil.example\\localhost",
    "evil.example?localhost",
    "evil.example#localhost",
    "0.0.0.0",
    "[::]",
    "[::ffff:7f00:2]",
    "169.254.169.254",
    "",
    " ",
    "localhost:port",
    "xn--localhst-13a",
    "lo\u00e7alhost",
    "localhost,evil.example"
  ].map((host) => [`Host: ${host}`, { host }] as const),
  ...[
    "https://evil.example",
    "null",
    "file://",
    "http://localhost.evil.example",
    "http://evil.example/localhost",
    "http://localhost@evil.example",
    "http://evil.example#@localhost",
    "chrome-extension://abcdefghijklmnop",
    "http://localhost, https://evil.example",
    "javascript:alert(1)",
    "//localhost",
    "http://",
    "*"
  ].map((origin) => [`Origin: ${origin}`, { origin }] as const)
]

describe("a request whose Host or Origin is forged", () => {
  it("is refused before its body is there, with the right token too, and reaches no tool", async () => {
    const session = openSession(server)
    const served = await serve(server)
    for (const [what, headers] of forged) {
      for (const method of ["POST", "GET", "OPTIONS", "DELETE"]) {
        const socket = await open(served.url)
        // Nothing follows the headers: a server that reads the body first does not respond.
        socket.write(head(`${method} /mcp HTTP/1.1`, { ...usual, "content-length": 500_000, ...headers }))
        const text = await received(socket, /\r\n\r\n.*\}/s, 3000)
        assert.include([400, 403], statusOf(text), `${method} with ${what}: ${text}`)
        assert.notInclude(text.toLowerCase(), "access-control-allow")
        socket.destroy()
      }
    }
    // Two of them, of which a proxy may have read the other.
    for (const name of ["host", "origin"]) {
      const socket = await open(served.url)
      const good = name === "host" ? "" : "origin: http://localhost\r\n"
      const bytes = post({ id: 1, method: "ping" })
      socket.write(bytes.replace("\r\n", `\r\n${good}`).replace("\r\n\r\n", `\r\n${name}: http://evil.example\r\n\r\n`))
      const text = await received(socket)
      assert.include([400, 403], statusOf(text), `two headers ${name}: ${text}`)
    }
    assert.deepStrictEqual(session.served, [])
    await isServed(served.url, 1, draw(random(15)))
    await stop(served)
  }, 60_000)
})

describe("garbage over HTTP", () => {
  const count = Math.max(200, 80 * scale)

  it(
    `gets an error of the client or the end of the connection, ${count} times, and no other request notices`,
    async () => {
      openSession(server)
      const served = await serve(server)
      const draws = random(16)
      const whole = (): string => post(call(1, draw(draws)))
      const kinds: readonly [() => string | Uint8Array, ...ReadonlyArray<() => string | Uint8Array>] = [
        () => garbage(draws, "odd").line,
        () => body(garbage(draws, "odd").line),
        () => body(garbage(draws, "odd").line),
        () =>
          body(garbage(draws, "odd").line, {
            "content-type": draws.pick(["text/plain", "application/json;charset=x", ""])
          }),
        () => body(garbage(draws, "odd").line, { "content-encoding": "gzip" }),
        () => body("{}", { accept: draws.pick(["text/html", "", "*/*"]) }),
        () => body("{}", { "mcp-protocol-version": draws.pick(["1", "2026-07-28", "2025-06-18", "x".repeat(5000)]) }),
        () => body("{}", { "mcp-session-id": "x".repeat(draws.below(5000)), "last-event-id": "7" }),
        () => body("{}", { "content-length": draws.pick(["-1", "1e9", "0x5", "999999999999999999999", "2, 2"]) }),
        () => body("zz\r\n{}", { "content-length": undefined, "transfer-encoding": "chunked" }),
        () => body("2\r\n{}\r\n0\r\n\r\n", { "transfer-encoding": draws.pick(["chunked", "gzip, chunked", "x"]) }),
        () => body("{}", { "x-long": "x".repeat(draws.below(40_000)) }),
        () => body("{}", { expect: draws.pick(["100-continue", "nothing"]) }),
        () => body("{}", { upgrade: draws.pick(["websocket", "h2c"]), connection: "upgrade" }),
        // A bit of a request is another one.
        () => {
          const bytes = Buffer.from(whole())
          const at = draws.below(bytes.length)
          bytes[at] = (bytes[at] ?? 0) ^ (1 << draws.below(8))
          return bytes
        },
        () => whole().slice(0, draws.below(400)),
        () =>
          head(
            `${draws.pick(["GET", "PUT", "DELETE", "TRACE", "CONNECT", "PRI", "PATCH", "HEAD"])} ${
              draws.pick([
                "/mcp",
                "/",
                "*",
                "//mcp",
                "/mcp/../metrics",
                "/%00",
                "http://evil.example/mcp",
                "/metrics",
                "/ready"
              ])
            } HTTP/1.1`,
            { ...usual, connection: "close" }
          )
      ]
      let refused = 0
      for (let index = 0; index < count; index++) {
        const socket = await open(served.url)
        // What the server does not understand it may wait for: this client writes no more.
        socket.end(draws.pick(kinds)())
        const text = await received(socket)
        isClean(text)
        const status = statusOf(text)
        if (status !== undefined) {
          assert.isBelow(status, 500, text.slice(0, 2000))
          if (status >= 400) refused++
        }
        if (index % 10 === 0) await isServed(served.url, index, draw(draws))
      }
      assert.isAbove(refused, count / 4)
      await stop(served)
    },
    60_000 + 60_000 * scale
  )
})
