// The server over Streamable HTTP, as a process of its own, under many clients at once and under those that know no HTTP.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { setTimeout as pause } from "node:timers/promises"
import { scale } from "../lanes.ts"
import { type ChaosServer, start } from "../server/server.ts"
import { bearer, type Bin, isClean, startBin } from "./bin.ts"
import { type Asked, draw, hung, openSession } from "./calls.ts"
import { garbage } from "./garbage.ts"
import { random } from "./random.ts"
import { connect } from "./sdk.ts"
import { quiet } from "./upstream.ts"
import { head, open, post, received, statusOf, usual } from "./wire.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

const serve = async (): Promise<{ readonly bin: Bin; readonly url: string }> => {
  const bin = startBin(server, ["--http", "--port", "0", "--structured"])
  const [, url = ""] = await bin.says(/serves (http:\S+)/)
  return { bin, url }
}

/** Ends it, and fails where it waits for a client that is gone, or where its probes tell a secret. */
const stop = async ({ bin, url }: { readonly bin: Bin; readonly url: string }): Promise<void> => {
  for (const path of ["/health", "/ready", "/metrics"]) {
    const response = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${bearer}` } })
    assert.strictEqual(response.status, 200)
    isClean(await response.text())
  }
  const { code, millis } = await bin.end((process) => process.kill("SIGTERM"))
  assert.strictEqual(code, 0, bin.written.stderr)
  assert.isBelow(millis, 3000)
}

const call = (id: number, { method, params }: Asked) => ({ id: `call${id}`, method, params })

/** Makes a request on a connection of its own, and fails where it does not get the right response. */
const isServed = async (url: string, id: number, asked: Asked): Promise<void> => {
  const socket = await open(url)
  socket.write(post(call(id, asked)))
  const text = await received(socket)
  isClean(text)
  assert.strictEqual(statusOf(text), 200, text.slice(0, 500))
  assert.strictEqual(text.split(`"id":"call${id}"`).length, 2)
  assert.isTrue(asked.isRight(text), `${JSON.stringify(asked.params)}: ${text.slice(0, 2000)}`)
}

describe("the server over HTTP", () => {
  it(
    `responds rightly to each of 200 calls of 20 clients at once, ${
      1 + Math.floor(scale / 5)
    } times, but to those that are canceled`,
    async () => {
      const session = openSession(server)
      const served = await serve()
      const draws = random(11)
      for (let round = 0; round <= scale / 5; round++) {
        const clients = await Promise.all(
          Array.from({ length: 20 }, (_, index) => connect(served.url, index % 2 === 0 ? "legacy" : "modern"))
        )
        await Promise.all(
          Array.from({ length: 200 }, async (_, index) => {
            const isHung = draws.next() < 0.1
            const asked = isHung ? hung(draws) : draw(draws)
            const controller = new AbortController()
            const canceledAfter = isHung || draws.next() < 0.4 ? draws.below(800) : undefined
            if (canceledAfter !== undefined) setTimeout(() => controller.abort(), canceledAfter)
            const text = await clients[index % clients.length]?.ask(asked, controller.signal)
            if (text === undefined) return assert.isDefined(canceledAfter, JSON.stringify(asked.params))
            isClean(text)
            assert.isTrue(asked.isRight(text), `${JSON.stringify(asked.params)}: ${text.slice(0, 2000)}`)
          })
        )
        await quiet(session)
        for (const client of clients) await client.close()
      }
      assert.deepStrictEqual(session.violations, [])
      await stop(served)
    },
    60_000 + 10_000 * scale
  )

  it(
    "ends the requests of clients that vanish at any moment, and waits for none of them when it ends",
    async () => {
      const session = openSession(server)
      const served = await serve()
      const draws = random(12)
      await Promise.all(
        Array.from({ length: 60 * Math.ceil(scale / 5) }, async (_, index) => {
          const socket = await open(served.url)
          const bytes = post(call(index, draws.next() < 0.5 ? hung(draws) : draw(draws)))
          const isWhole = draws.next() < 0.7
          socket.write(isWhole ? bytes : bytes.slice(0, 1 + draws.below(bytes.length - 1)))
          await pause(draws.below(150))
          if (draws.next() < 0.5) socket.resetAndDestroy()
          else socket.destroy()
        })
      )
      await quiet(session)
      await stop(served)
    },
    60_000
  )

  it("lets a call that hangs delay no other", async () => {
    const session = openSession(server)
    const served = await serve()
    const draws = random(13)
    const hanging = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const socket = await open(served.url)
        socket.write(post(call(index, hung(draws))))
        return socket
      })
    )
    while (session.underWay.size < hanging.length) await pause(10)
    const began = performance.now()
    await Promise.all(Array.from({ length: 30 }, (_, index) => isServed(served.url, 100 + index, draw(draws))))
    // No request is given up before 30 s.
    assert.isBelow(performance.now() - began, 15_000)
    for (const socket of hanging) socket.destroy()
    await quiet(session)
    await stop(served)
  }, 60_000)

  it("is not held by clients that send slowly, or that read nothing", async () => {
    openSession(server)
    const served = await serve()
    const draws = random(14)
    const bytes = post(call(1, draw(draws)))
    const slow = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const socket = await open(served.url)
        let sent = 0
        const timer = setInterval(() => {
          socket.write(bytes.slice(sent, ++sent))
          // Some send all but the end of the body, some are still in the headers.
          if (sent >= bytes.length - 1) clearInterval(timer)
        }, 1 + index)
        return { socket, timer }
      })
    )
    const deaf = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const socket = await open(served.url)
        socket.pause()
        for (let index = 0; index < 8; index++) {
          socket.write(post(call(index, draw(draws)), { connection: "keep-alive" }))
        }
        return socket
      })
    )
    await Promise.all(Array.from({ length: 30 }, (_, index) => isServed(served.url, 100 + index, draw(draws))))
    for (const socket of deaf) socket.destroy()
    for (const { socket, timer } of slow) {
      clearInterval(timer)
      socket.destroy()
    }
    await pause(200)
    await stop(served)
  }, 60_000)
})

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
    const served = await serve()
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
      const served = await serve()
      const draws = random(16)
      const whole = (): string => post(call(1, draw(draws)))
      const body = (bytes: string | Buffer, headers = {}) =>
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
      const kinds: readonly [() => string | Buffer, ...ReadonlyArray<() => string | Buffer>] = [
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
    60_000 + 10_000 * scale
  )
})
