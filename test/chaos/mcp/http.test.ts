// The server over Streamable HTTP, as a process of its own, under many clients at once, and under those that vanish or are slow.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { setTimeout as pause } from "node:timers/promises"
import { scale } from "../lanes.ts"
import { type ChaosServer, start } from "../server/server.ts"
import { isClean } from "./bin.ts"
import { draw, hung, openSession } from "./calls.ts"
import { random } from "./random.ts"
import { connect } from "./sdk.ts"
import { call, isServed, serve, stop } from "./served.ts"
import { quiet } from "./upstream.ts"
import { open, post } from "./wire.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

describe("the server over HTTP", () => {
  it(
    `responds rightly to each of 200 calls of 20 clients at once, ${
      1 + Math.floor(scale / 5)
    } times, but to those that are canceled`,
    async () => {
      const session = openSession(server)
      const served = await serve(server)
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
    60_000 + 60_000 * scale
  )

  it(
    "ends the requests of clients that vanish at any moment, and waits for none of them when it ends",
    async () => {
      const session = openSession(server)
      const served = await serve(server)
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
    const served = await serve(server)
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
    const served = await serve(server)
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
