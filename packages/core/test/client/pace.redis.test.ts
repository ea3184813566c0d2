// Checks one rate budget of several processes, which effect's RateLimiter keeps in Redis, by what arrives at a server.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fork } from "node:child_process"
import { once } from "node:events"
import * as http from "node:http"
import { fileURLToPath } from "node:url"
import * as redis from "../support/redis.ts"

const program = fileURLToPath(new URL("../support/budgetProcess.mjs", import.meta.url))

/** A server of no runs, and when a request arrived at it and from where. */
const counter = Effect.acquireRelease(
  Effect.promise(() =>
    new Promise<{ readonly url: string; readonly arrivals: Array<number>; readonly server: http.Server }>((resolve) => {
      const arrivals: Array<number> = []
      const server = http.createServer((_, response) => {
        arrivals.push(performance.now())
        response.setHeader("content-type", "application/json").end("{\"data\":[]}")
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resolve({ url: `http://127.0.0.1:${port}`, arrivals, server })
      })
    })
  ),
  ({ server }) => Effect.sync(() => server.close())
)

/** A process that is connected and waits, and lists runs four times at once when it gets a message. */
const clientOf = (...addresses: ReadonlyArray<string>) =>
  Effect.promise(async () => {
    const client = fork(program, [...addresses, "4"], { env: { PATH: process.env["PATH"] }, execArgv: [] })
    await once(client, "message")
    return client
  })

describe.each(redis.servers)("a rate budget of two processes in Redis (%s)", (_, start) => {
  it.live("lets them send no more together than one may", () =>
    Effect.gen(function*() {
      const { url, prefix } = yield* start
      const { arrivals, url: baseUrl } = yield* counter
      const clients = yield* Effect.all([0, 1].map(() => clientOf(url, prefix, baseUrl)), { concurrency: "unbounded" })
      const began = performance.now()
      for (const client of clients) client.send("list")
      const codes = yield* Effect.promise(() => Promise.all(clients.map((client) => once(client, "exit"))))
      assert.deepStrictEqual(codes.map(([code]) => code), [0, 0])
      assert.lengthOf(arrivals, 8)
      // Four may come at once, the others 1.5 seconds later. Redis counts from its first request, which is later than `began`,
      // and a timer may be a few milliseconds early.
      const early = arrivals.slice(4).filter((at) => at - began < 1490)
      assert.deepStrictEqual(early, [])
    }).pipe(Effect.scoped), 30_000)
})
