/** The server over HTTP: started, asked once, and ended as operators end it. */
import { assert } from "@effect/vitest"
import type { ChaosServer } from "../server/server.ts"
import { bearer, type Bin, isClean, startBin } from "./bin.ts"
import type { Asked } from "./calls.ts"
import { open, post, received, statusOf } from "./wire.ts"

export interface Served {
  readonly bin: Bin
  readonly url: string
}

export const serve = async (upstream: ChaosServer): Promise<Served> => {
  const bin = startBin(upstream, ["--http", "--port", "0", "--structured"])
  const [, url = ""] = await bin.says(/serves (http:\S+)/)
  return { bin, url }
}

/** Ends it, and fails where it waits for a client that is gone, or where its probes tell a secret. */
export const stop = async ({ bin, url }: Served): Promise<void> => {
  for (const path of ["/health", "/ready", "/metrics"]) {
    const response = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${bearer}` } })
    assert.strictEqual(response.status, 200)
    isClean(await response.text())
  }
  const { code, millis } = await bin.end((process) => process.kill("SIGTERM"))
  assert.strictEqual(code, 0, bin.written.stderr)
  assert.isBelow(millis, 3000)
}

export const call = (id: number, { method, params }: Asked) => ({ id: `call${id}`, method, params })

/** Makes a request on a connection of its own, and fails where it does not get the right response. */
export const isServed = async (url: string, id: number, asked: Asked): Promise<void> => {
  const socket = await open(url)
  socket.write(post(call(id, asked)))
  const text = await received(socket)
  isClean(text)
  assert.strictEqual(statusOf(text), 200, text.slice(0, 500))
  assert.strictEqual(text.split(`"id":"call${id}"`).length, 2)
  assert.isTrue(asked.isRight(text), `${JSON.stringify(asked.params)}: ${text.slice(0, 2000)}`)
}
