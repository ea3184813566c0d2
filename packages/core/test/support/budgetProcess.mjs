// Lists runs of a server so many times at once when it is told to, as one client of several that share a rate budget. It runs
// the built package.
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"
import { RunsClient } from "../../dist/index.js"

const [, , redis = "", prefix = "", baseUrl = "", count = "0"] = process.argv

const Budget = RateLimiter.layer.pipe(
  Layer.provide(RateLimiter.layerStoreRedis({ prefix })),
  Layer.provide(NodeRedis.layer({ url: redis }))
)

await Effect.runPromise(
  Effect.gen(function*() {
    const client = yield* RunsClient.make({
      accessToken: "a-token-for-tests",
      baseUrl,
      rateLimit: { requests: 4, per: "1500 millis" }
    })
    process.send?.("ready")
    yield* Effect.promise(() => new Promise((resolve) => process.once("message", resolve)))
    yield* Effect.forEach(Array.from({ length: Number(count) }), () => client.listPage(), { concurrency: "unbounded" })
  }).pipe(Effect.provide([Budget, FetchHttpClient.layer]), Effect.scoped)
)
process.disconnect()
