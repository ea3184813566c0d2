// Plays replies of a server, which it reads as JSON, again and again over the built package, and prints how much its heap grew.
// `decoder.test.ts` runs it. Argument: how many times, behind 3 times in which the code warms up.
import { RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Schedule from "effect/Schedule"
import { text } from "node:stream/consumers"
import { setTimeout as pause } from "node:timers/promises"

const [, , times = "4"] = process.argv
const replies = JSON.parse(await text(process.stdin))

const read = {
  runs: (client, { detail, skips }) => client.listPage({ detail, undecodableRows: skips ? "skip" : "fail" }),
  run: (client) => client.get(9),
  results: (client) => client.results(9),
  schedulerStatus: (client) => client.schedulerStatus(9)
}

let reply = replies[0]
const fetch = () =>
  Promise.resolve(
    new Response(Buffer.from(reply.body, "base64"), {
      status: reply.status,
      headers: { "content-type": "application/json" }
    })
  )
const client = await RunsClient.make({ accessToken: "a-token-of-tests", retry: Schedule.recurs(0) }).pipe(
  Effect.provide(FetchHttpClient.layer),
  Effect.runPromise
)

let decoded = 0
const playAll = async () => {
  for (reply of replies) {
    const exit = await read[reply.endpoint](client, reply).pipe(
      Effect.provideService(FetchHttpClient.Fetch, fetch),
      Effect.runPromiseExit
    )
    if (exit._tag === "Success") decoded++
  }
}

const heap = async () => {
  let least = Infinity
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.()
    await pause(20)
    const { external, heapUsed } = process.memoryUsage()
    least = Math.min(least, heapUsed + external)
  }
  return least
}

for (let time = 0; time < 3; time++) await playAll()
const before = await heap()
for (let time = 0; time < Number(times); time++) await playAll()
const after = await heap()
console.log(JSON.stringify({ decoded, grownMB: (after - before) / 1e6 }))
process.exit(0)
