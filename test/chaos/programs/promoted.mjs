// Reads pages over the built package, and prints by how many bytes a page the old generation of V8 grew. `leaks.test.ts` runs it.
// Old objects are those that outlive two minor collections, and are freed by a major one alone. Argument: how to read.
import { RunHistory, RunsClient, RunWatch } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Stream from "effect/Stream"
import { getHeapSpaceStatistics } from "node:v8"

const [, , how = ""] = process.argv
const newest = 1_000_000
const rows = Array.from({ length: 1000 }, (_, index) => ({
  id: newest - index,
  runType: "refresh",
  runStatus: "completed",
  runStartTime: "2026-11-26T01:02:03.456Z",
  runEndTime: "2026-11-26T01:02:04.567Z",
  environmentID: "1"
}))

let pages = 0
const fetch = (url) => {
  pages++
  const { searchParams } = new URL(url)
  const [limit, from] = [Number(searchParams.get("limit")), searchParams.get("startingFrom")]
  const start = from === null ? newest : Number(from) - 1
  // Nothing is newer than the newest, and all have completed.
  const data = searchParams.get("orderByDirection") === "asc" || searchParams.has("runStatus")
    ? []
    : rows.slice(0, limit).map((row, index) => ({ ...row, id: start - index }))
  const body = new TextEncoder().encode(JSON.stringify({ limit, orderBy: "id", data }))
  const stream = new ReadableStream({
    start: (controller) => {
      controller.enqueue(body)
      controller.close()
    }
  })
  return Promise.resolve(new Response(stream, { headers: { "content-type": "application/json" } }))
}

// As many rows as so many pages have.
const list = (count, options) =>
  RunsClient.list({ orderBy: "id", pageSize: 1000, ...options }).pipe(Stream.take(count * 1000))
const ways = {
  list: (count) => Stream.runDrain(list(count, {})),
  listOneByOne: (count) => Stream.runDrain(list(count, { prefetch: false })),
  listPage: (count) => Effect.repeat(RunsClient.listPage({ orderBy: "id", limit: 1000 }), { times: count - 1 }),
  history: (count) =>
    Stream.runDrain(RunHistory.list({ pageSize: 1000 }, { concurrency: 2 }).pipe(Stream.take(count * 1000))),
  watch: Effect.fnUntraced(function*(count) {
    let checkpoint
    for (let poll = 0; poll < 10 * count; poll++) {
      checkpoint = (yield* RunWatch.poll(checkpoint)).checkpoint
    }
  })
}

const old = () =>
  getHeapSpaceStatistics().reduce(
    (sum, { space_name, space_used_size }) =>
      /^(?:old|large_object)_space/.test(space_name) ? sum + space_used_size : sum,
    0
  )

const layer = RunsClient.layer({ accessToken: "a-token-of-tests", baseUrl: "https://api.test" })
await Effect.runPromise(
  Effect.gen(function*() {
    yield* ways[how](20)
    globalThis.gc?.()
    const [before, first] = [old(), pages]
    yield* ways[how](20)
    console.log(JSON.stringify({ perPage: (old() - before) / (pages - first), pages: pages - first }))
  }).pipe(
    Effect.provide(layer),
    Effect.provide(FetchHttpClient.layer),
    Effect.provideService(FetchHttpClient.Fetch, fetch)
  )
)
process.exit(0)
