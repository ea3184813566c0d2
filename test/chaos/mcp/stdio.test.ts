// The server over stdio, as a process of its own, under many calls at once and under clients that know no protocol.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { setTimeout as pause } from "node:timers/promises"
import { scale } from "../lanes.ts"
import { type ChaosServer, start } from "../server/server.ts"
import { type Asked, draw, hung, openSession } from "./calls.ts"
import { garbage } from "./garbage.ts"
import { connect, disconnect, type Lines } from "./lines.ts"
import { random } from "./random.ts"
import { quiet } from "./upstream.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

const isRightOnce = ({ responses }: Lines, id: number, { isRight, method, params }: Asked): void => {
  const texts = responses.get(id) ?? []
  assert.strictEqual(texts.length, 1, `${id}: ${JSON.stringify(params)}`)
  assert.isTrue(isRight(texts[0] ?? ""), `${method} ${JSON.stringify(params)}: ${texts[0]?.slice(0, 2000)}`)
}

describe("the server over stdio", () => {
  it(
    `responds once and rightly to each of 200 calls at once, ${
      1 + Math.floor(scale / 5)
    } times, but to those that are canceled`,
    async () => {
      const session = openSession(server)
      const client = await connect(server)
      const draws = random(1)
      for (let round = 0; round <= scale / 5; round++) {
        const calls = Array.from({ length: 200 }, (_, index) => {
          const isHung = draws.next() < 0.1
          return {
            id: round * 1000 + index,
            asked: isHung ? hung(draws) : draw(draws),
            isHung,
            canceledAfter: isHung || draws.next() < 0.4 ? draws.below(800) : undefined
          }
        })
        for (const { asked: { method, params }, id } of calls) client.send({ id, method, params })
        await Promise.all(
          calls.map(async ({ canceledAfter, id }) => {
            if (canceledAfter === undefined) return client.responded([id])
            await pause(canceledAfter)
            client.send({ method: "notifications/cancelled", params: { requestId: id, reason: "chaos" } })
          })
        )
        await quiet(session)
        // What a canceled call might still say has been said before this.
        client.send({ id: `last${round}`, method: "ping" })
        await client.responded([`last${round}`])
        for (const { asked, canceledAfter, id, isHung } of calls) {
          if (canceledAfter === undefined) isRightOnce(client, id, asked)
          else if (client.responses.has(id)) {
            assert.isFalse(isHung)
            isRightOnce(client, id, asked)
          }
        }
      }
      assert.deepStrictEqual(session.violations, [])
      assert.strictEqual(client.bin.written.stderr, "")
      await disconnect(client)
    },
    60_000 + 60_000 * scale
  )

  it("lets a call that hangs delay no other", async () => {
    const session = openSession(server)
    const client = await connect(server)
    const draws = random(2)
    const hangs = Array.from({ length: 30 }, (_, index) => ({ id: index, asked: hung(draws) }))
    for (const { asked: { method, params }, id } of hangs) client.send({ id, method, params })
    while ([...session.underWay.values()].length < hangs.length) await pause(10)
    const good = Array.from({ length: 30 }, (_, index) => ({ id: 100 + index, asked: draw(draws) }))
    const began = performance.now()
    for (const { asked: { method, params }, id } of good) client.send({ id, method, params })
    await client.responded(good.map(({ id }) => id))
    // No request is given up before 30 s.
    assert.isBelow(performance.now() - began, 15_000)
    for (const { asked, id } of good) isRightOnce(client, id, asked)
    for (const { id } of hangs) assert.isFalse(client.responses.has(id))
    // A client that is gone is waited for by nobody.
    await disconnect(client)
    await quiet(session)
  }, 60_000)

  const count = Math.max(200, 80 * scale)

  it(`responds to each request among ${count} lines of garbage`, async () => {
    openSession(server)
    const client = await connect(server)
    const draws = random(3)
    const ids: Array<string | number> = []
    for (let index = 0; index < count; index++) {
      const { id, line } = garbage(draws, `odd${index}`)
      client.write(line)
      client.write(draws.pick(["\n", "\r\n", "\n\n"]))
      if (id !== undefined) ids.push(id)
      if (index % 5 > 0) continue
      const asked = draw(draws)
      client.send({ id: 1_000_000 + index, method: asked.method, params: asked.params })
      ids.push(1_000_000 + index)
      await client.responded([1_000_000 + index])
      isRightOnce(client, 1_000_000 + index, asked)
    }
    await client.responded(ids)
    for (const id of ids) assert.strictEqual(client.responses.get(id)?.length, 1)
    // What is no message is refused without an id.
    assert.isAbove(client.responses.get(null)?.length ?? 0, count / 10)
    await disconnect(client)
  }, 60_000 + 60_000 * scale)
})
