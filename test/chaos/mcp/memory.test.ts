// The server holds no more after many requests of all kinds than before them: measured in its process, behind a collection.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { setTimeout as pause } from "node:timers/promises"
import { scale } from "../lanes.ts"
import { type ChaosServer, start } from "../server/server.ts"
import type { Bin } from "./bin.ts"
import { draw, hung, openSession } from "./calls.ts"
import { garbage } from "./garbage.ts"
import { connect, disconnect } from "./lines.ts"
import { random } from "./random.ts"
import { call, isServed, serve, stop } from "./served.ts"
import { quiet } from "./upstream.ts"
import { body, open, post, received } from "./wire.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

const count = 120 * scale

/** Makes requests ten at a time. */
const many = async (from: number, play: (index: number) => Promise<unknown>): Promise<void> => {
  let next = from
  await Promise.all(Array.from({ length: 10 }, async () => {
    while (next < from + count) await play(next++)
  }))
}

/**
 * Fails where the second half of the requests leaves more than noise behind. One object kept of each request is more than that in full, and so
 * are 500 bytes of the heap, or 5 kB beside it.
 */
const isFlat = async (bin: Bin, play: (index: number) => Promise<unknown>, settled: () => Promise<void>) => {
  await many(0, play)
  await settled()
  const before = await bin.memory()
  await many(count, play)
  await settled()
  const after = await bin.memory()
  const grown = {
    objects: after.objects - before.objects,
    heapMB: after.heapMB - before.heapMB,
    rssMB: after.rssMB - before.rssMB
  }
  console.log(`${count} requests after as many: ${JSON.stringify({ before, after, grown })}`)
  assert.isBelow(grown.objects, 2500)
  assert.isBelow(grown.heapMB, 1.5)
  assert.isBelow(grown.rssMB, 15)
}

describe(`${2 * count} mixed requests leave flat memory`, () => {
  it("over HTTP, with canceled calls, clients that vanish and garbage", async () => {
    const session = openSession(server)
    const served = await serve(server)
    const draws = random(21)
    await isFlat(served.bin, async (index) => {
      if (index % 10 < 7) return isServed(served.url, index, draw(draws))
      const socket = await open(served.url)
      if (index % 10 === 7) {
        socket.end(body(garbage(draws, "odd").line))
        return received(socket)
      }
      socket.write(post(call(index, index % 10 === 8 ? hung(draws) : draw(draws))))
      await pause(draws.below(60))
      socket.destroy()
    }, () => quiet(session))
    await stop(served)
  }, 60_000 + 60_000 * scale)

  it("over stdio, with canceled calls and garbage", async () => {
    const session = openSession(server)
    const client = await connect(server)
    const draws = random(22)
    await isFlat(client.bin, async (id) => {
      const { method, params } = id % 10 === 8 ? hung(draws) : draw(draws)
      if (id % 10 === 9) return client.write(`${String(garbage(draws, "odd").line)}\n`)
      client.send({ id, method, params })
      if (id % 10 !== 8) return client.responded([id])
      await pause(draws.below(60))
      client.send({ method: "notifications/cancelled", params: { requestId: id } })
    }, () => quiet(session))
    await disconnect(client)
  }, 60_000 + 60_000 * scale)
})
