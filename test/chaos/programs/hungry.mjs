// Reads responses without an end over the built package, and prints the most memory that they took. `leaks.test.ts` runs it.
// Arguments: the origin of the server, a token, how many requests. Each ends in an error.
import { RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Schedule from "effect/Schedule"

const [, , baseUrl = "", accessToken = "", times = "4"] = process.argv
const client = await RunsClient.make({ accessToken, baseUrl, retry: Schedule.recurs(0), maxResponseBytes: 4_000_000 })
  .pipe(
    Effect.provide(FetchHttpClient.layer),
    Effect.runPromise
  )
globalThis.gc?.()
const before = process.memoryUsage().rss
let most = before
const watching = setInterval(() => {
  most = Math.max(most, process.memoryUsage().rss)
}, 5)
const tags = []
for (let index = 0; index < Number(times); index++) {
  tags.push(
    await Effect.runPromise(Effect.match(client.listPage(), { onFailure: ({ _tag }) => _tag, onSuccess: () => "none" }))
  )
}
clearInterval(watching)
console.log(JSON.stringify({ tags, grownMB: Math.round((most - before) / 1e6) }))
process.exit(0)
