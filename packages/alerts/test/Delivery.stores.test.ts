// The outbox over a real Postgres.
import { Delivery } from "@coalesce-runs/alerts"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as TestClock from "effect/testing/TestClock"
import * as postgres from "../../core/test/support/postgres.ts"
import { messagesOf, recorder } from "./support/recorder.ts"

const unused = Layer.succeed(HttpClient.HttpClient, HttpClient.make(() => Effect.die("no HTTP here")))

/** The stores of a process. */
const Stores = Layer.merge(
  KeyValueStore.layerSql(),
  PersistedQueue.layer.pipe(Layer.provide(PersistedQueue.layerStoreSql({ pollInterval: "50 millis" })))
)

const until = (isDone: () => boolean) =>
  Effect.sleep("20 millis").pipe(Effect.repeat({ until: () => Effect.sync(isDone) }), Effect.timeout("15 seconds"))

it.live(
  "over Postgres, the next process sends what the one before it had stored, in order, and nothing that was taken",
  () =>
    Effect.gen(function*() {
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
    }).pipe(Effect.provide([postgres.layer, unused]), Effect.scoped),
  60_000
)
