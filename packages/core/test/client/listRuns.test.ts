import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { RunsClient } from "../../src/index.ts"
import { clientOver, down, runs, still } from "../support/server.ts"

describe("lazy requests", () => {
  it.effect.each([
    { take: 0, requests: 0 },
    { take: 1, requests: 1 },
    { take: 25, requests: 1 },
    { take: 26, requests: 2 },
    { take: 125, requests: 2 },
    // The reader goes on behind the first tenth of the second page.
    { take: 126, requests: 3 },
    { take: 1025, requests: 3 },
    { take: 1025, requests: 2, query: { prefetch: false } },
    { take: 1026, requests: 3, query: { prefetch: false } }
  ])(
    "makes $requests requests for Stream.take($take) of $query",
    ({ query, requests, take }) =>
      Effect.gen(function*() {
        const { layer, log } = clientOver({ history: still(runs(2000)) })
        const ids = yield* RunsClient.list(query).pipe(
          Stream.take(take),
          Stream.map((run) => run.id),
          Stream.runCollect,
          Effect.provide(layer)
        )
        assert.deepStrictEqual([...ids], [...down(2000, 1)].slice(0, take))
        assert.strictEqual(log.requests.length, requests)
      })
  )

  it.effect("makes no request before a pull", () =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({ history: still(runs(100)) })
      yield* Effect.gen(function*() {
        const client = yield* RunsClient.client
        client.list()
        client.pages()
        assert.strictEqual(log.requests.length, 0)
      }).pipe(Effect.provide(layer))
    }))
})
