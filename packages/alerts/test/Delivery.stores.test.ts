// The outbox over a real Postgres and over Redis.
import { Delivery } from "@coalesce-runs/alerts"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as postgres from "../../core/test/support/postgres.ts"
import * as redis from "../../core/test/support/redis.ts"
import { messagesOf, recorder } from "./support/recorder.ts"

const unused = Layer.succeed(HttpClient.HttpClient, HttpClient.make(() => Effect.die("no HTTP here")))

/** Starts a server, and returns the stores of a process: each build has connections of its own. */
type Start = Effect.Effect<
  Layer.Layer<KeyValueStore.KeyValueStore | PersistedQueue.PersistedQueueFactory, unknown>,
  unknown,
  Scope.Scope
>

const overPostgres: Start = Effect.map(postgres.start, (url) =>
  Layer.merge(
    KeyValueStore.layerSql(),
    PersistedQueue.layer.pipe(Layer.provide(PersistedQueue.layerStoreSql({ pollInterval: "50 millis" })))
  ).pipe(Layer.provide(postgres.client(url))))

const stores: ReadonlyArray<readonly [name: string, start: Start]> = [
  ["Postgres", overPostgres],
  ...redis.servers.map(([name, start]): readonly [string, Start] => [
    `Redis (${name})`,
    Effect.gen(function*() {
      const { url, prefix } = yield* start
      // Effect has no KeyValueStore over Redis: threads and positions are in one that both processes know.
      const context = yield* Layer.build(KeyValueStore.layerMemory)
      const queues = PersistedQueue.layer.pipe(
        Layer.provide(PersistedQueue.layerStoreRedis({ prefix, pollInterval: "50 millis" })),
        Layer.provide(redis.client(url))
      )
      return Layer.merge(Layer.succeedContext(context), queues)
    })
  ])
]

const until = (isDone: () => boolean) =>
  Effect.sleep("20 millis").pipe(Effect.repeat({ until: () => Effect.sync(isDone) }), Effect.timeout("15 seconds"))

describe.each(stores)("an outbox over %s", (_, start) => {
  it.live(
    "the next process sends what the one before it had stored, in order, and nothing that was taken",
    () =>
      Effect.gen(function*() {
        const Stores = yield* start
        const messages = yield* Effect.provide(messagesOf("a", 3), TestClock.layer())
        const before = recorder("slack", (message) => message.sequence === 2 ? Effect.never : Effect.undefined)
        const first = Effect.gen(function*() {
          const delivery = yield* Delivery.make({ destinations: [before.destination] })
          yield* delivery.enqueue(messages)
          const fiber = yield* Effect.forkChild(delivery.run)
          yield* until(() => before.attempts() === 2)
          yield* Fiber.interrupt(fiber)
        })
        yield* Effect.provide(first, Layer.fresh(Stores))
        expect(before.taken).toEqual(["a-1"])

        const after = recorder("slack", () => Effect.undefined)
        const second = Effect.gen(function*() {
          const delivery = yield* Delivery.make({ destinations: [after.destination] })
          yield* delivery.enqueue(messages)
          const fiber = yield* Effect.forkChild(delivery.run)
          yield* until(() => after.taken.length === 2)
          yield* Fiber.interrupt(fiber)
          return yield* delivery.deadLetters
        })
        expect(yield* Effect.provide(second, Layer.fresh(Stores))).toEqual([])
        expect(after.taken).toEqual(["a-2", "a-3"])
        expect(after.threads).toEqual(["thread of a", "thread of a"])
      }).pipe(Effect.provide(unused), Effect.scoped),
    60_000
  )
})
