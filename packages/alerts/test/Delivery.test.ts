// The outbox: a destination that is down loses nothing and delays no other.
import { Delivery } from "@coalesce-runs/alerts"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as TestClock from "effect/testing/TestClock"
import { finished } from "./support/alerter.ts"
import { type Behavior, messagesOf, recorder } from "./support/recorder.ts"

const takes: Behavior = () => Effect.undefined

const down = { reason: "it cannot be reached", isRetryable: true }

/** Down from the start, for so long. */
const downFor = (duration: Duration.Input): Behavior => () =>
  Effect.map(
    DateTime.now,
    (now) =>
      DateTime.toEpochMillis(now) <
          DateTime.toEpochMillis(start) + Duration.toMillis(Duration.fromInputUnsafe(duration))
        ? down
        : undefined
  )

const start = DateTime.toUtc(DateTime.makeUnsafe("2026-11-03T02:00Z"))

const Stores = Layer.merge(
  KeyValueStore.layerMemory,
  PersistedQueue.layer.pipe(Layer.provide(PersistedQueue.layerStoreMemory))
)

const noSpace = Effect.fail(new KeyValueStore.KeyValueStoreError({ message: "no space left", method: "any" }))

const brokenStores = Layer.merge(
  Layer.succeed(
    KeyValueStore.KeyValueStore,
    KeyValueStore.makeStringOnly({
      get: () => noSpace,
      set: () => noSpace,
      remove: () => noSpace,
      clear: noSpace,
      size: noSpace,
      keys: noSpace
    })
  ),
  PersistedQueue.layer.pipe(Layer.provide(PersistedQueue.layerStoreMemory))
)

/** Lets time pass, and then everybody finish what needs no time. */
const pass = (duration: Duration.Input) =>
  Effect.andThen(TestClock.adjust(duration), Effect.replicateEffect(Effect.yieldNow, 500))

const unused = Layer.succeed(HttpClient.HttpClient, HttpClient.make(() => Effect.die("no HTTP here")))

const inMemory = <A, E>(
  effect: Effect.Effect<
    A,
    E,
    HttpClient.HttpClient | KeyValueStore.KeyValueStore | PersistedQueue.PersistedQueueFactory
  >
) => Effect.andThen(TestClock.setTime(DateTime.toEpochMillis(start)), effect).pipe(Effect.provide([Stores, unused]))

describe("Delivery", () => {
  it.effect("loses nothing of a destination that is down for a day, keeps the order, and delays no other", () =>
    Effect.gen(function*() {
      const [a, b] = yield* Effect.all([messagesOf("a", 3), messagesOf("b", 2)])
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const slack = recorder("slack", downFor("24 hours"))
      const teams = recorder("teams", takes)
      const delivery = yield* Delivery.make({ destinations: [slack.destination, teams.destination] })
      const fiber = yield* Effect.forkChild(delivery.run)
      for (const messages of [a.slice(0, 1), b, a.slice(1)]) {
        yield* delivery.enqueue(messages)
        yield* pass("1 hour")
      }
      expect(teams.taken).toEqual(["a-1", "b-1", "b-2", "a-2", "a-3"])
      yield* pass("20 hours")
      expect(slack.taken).toEqual([])
      yield* pass("90 minutes")
      expect([...slack.taken].sort()).toEqual(["a-1", "a-2", "a-3", "b-1", "b-2"])
      for (const incident of ["a", "b"]) {
        const taken = slack.taken.filter((id) => id.startsWith(incident))
        expect(taken).toEqual([...taken].sort())
      }
      expect(yield* delivery.deadLetters).toEqual([])
      yield* Fiber.interrupt(fiber)
    }).pipe(inMemory))

  it.effect("sends a message of an incident only after the one before it, and others meanwhile", () =>
    Effect.gen(function*() {
      const [a, b] = yield* Effect.all([messagesOf("a", 2), messagesOf("b", 1)])
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const slack = recorder(
        "slack",
        (message, attempt) => Effect.succeed(message.id === "a-1" && attempt < 4 ? down : undefined)
      )
      const delivery = yield* Delivery.make({ destinations: [slack.destination] })
      yield* delivery.enqueue([...a, ...b])
      const fiber = yield* Effect.forkChild(delivery.run)
      yield* pass("1 second")
      expect(slack.taken).toEqual(["b-1"])
      yield* pass("1 hour")
      expect(slack.taken).toEqual(["b-1", "a-1", "a-2"])
      expect(slack.threads).toEqual([undefined, undefined, "thread of a"])
      yield* Fiber.interrupt(fiber)
    }).pipe(inMemory))

  it.effect("delivers what was stored before the process ended, and nothing twice that is stored twice", () =>
    Effect.gen(function*() {
      const messages = yield* messagesOf("a", 3)
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const before = recorder("slack", (message) => message.sequence === 2 ? Effect.never : Effect.undefined)
      const first = yield* Delivery.make({ destinations: [before.destination] })
      yield* first.enqueue(messages)
      yield* first.enqueue(messages)
      const fiber = yield* Effect.forkChild(first.run)
      yield* pass("1 minute")
      expect(before.taken).toEqual(["a-1"])
      yield* Fiber.interrupt(fiber)

      const after = recorder("slack", takes)
      const second = yield* Delivery.make({ destinations: [after.destination] })
      yield* second.enqueue(messages)
      const again = yield* Effect.forkChild(second.run)
      yield* pass("1 hour")
      expect(after.taken).toEqual(["a-2", "a-3"])
      expect(after.threads).toEqual(["thread of a", "thread of a"])
      yield* Fiber.interrupt(again)
    }).pipe(inMemory))

  it.effect("keeps what is refused for good as a dead letter, and goes on", () =>
    Effect.gen(function*() {
      const messages = yield* messagesOf("a", 2)
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const slack = recorder("slack", (message) =>
        Effect.succeed(
          message.sequence === 1 ? { reason: "it refused the message", status: 400, isRetryable: false } : undefined
        ))
      const delivery = yield* Delivery.make({ destinations: [slack.destination] })
      yield* delivery.enqueue(messages)
      const fiber = yield* Effect.forkChild(delivery.run)
      yield* pass("1 minute")
      expect(slack.taken).toEqual(["a-2"])
      expect((yield* delivery.deadLetters).map(({ destination, message, reason }) => [destination, message.id, reason]))
        .toEqual([
          ["slack", "a-1", "slack did not take message a-1 (status 400): it refused the message."]
        ])
      expect(slack.attempts()).toBe(2)
      yield* Fiber.interrupt(fiber)
    }).pipe(inMemory))

  it.effect("gives a message up after the time that was set", () =>
    Effect.gen(function*() {
      const messages = yield* messagesOf("a", 1)
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const slack = recorder("slack", () => Effect.succeed(down))
      const delivery = yield* Delivery.make({ destinations: [slack.destination], giveUpAfter: "2 hours" })
      yield* delivery.enqueue(messages)
      const fiber = yield* Effect.forkChild(delivery.run)
      yield* pass("119 minutes")
      expect(yield* delivery.deadLetters).toEqual([])
      yield* pass("7 minutes")
      expect((yield* delivery.deadLetters).map(({ message }) => message.id)).toEqual(["a-1"])
      yield* Fiber.interrupt(fiber)
    }).pipe(inMemory))

  it.effect("waits as long as a destination asks, with all its messages", () =>
    Effect.gen(function*() {
      const [a, b] = yield* Effect.all([messagesOf("a", 1), messagesOf("b", 1)])
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const slack = recorder("slack", (_, attempt) =>
        Effect.succeed(
          attempt === 1
            ? { reason: "too many messages", status: 429, isRetryable: true, retryAfterMillis: 60_000 }
            : undefined
        ))
      const delivery = yield* Delivery.make({ destinations: [slack.destination] })
      yield* delivery.enqueue([...a, ...b])
      const fiber = yield* Effect.forkChild(delivery.run)
      yield* pass("59 seconds")
      expect(slack.attempts()).toBe(1)
      yield* pass("10 seconds")
      expect(slack.taken).toEqual(["b-1", "a-1"])
      yield* Fiber.interrupt(fiber)
    }).pipe(inMemory))

  it.effect("settles all destinations at once: one that hangs delays no other", () =>
    Effect.gen(function*() {
      const messages = yield* messagesOf("a", 1)
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const [slack, teams] = [recorder("slack", () => Effect.never), recorder("teams", takes)]
      const delivery = yield* Delivery.make({ destinations: [slack.destination, teams.destination] })
      yield* delivery.enqueue(messages)
      const fiber = yield* Effect.forkChild(delivery.settle)
      yield* pass("1 second")
      expect(teams.taken).toEqual(["a-1"])
      yield* Fiber.interrupt(fiber)
    }).pipe(inMemory))

  it.effect("leaves the rest for the next time where a destination gives no response to three messages in succession", () =>
    Effect.gen(function*() {
      const messages = (yield* Effect.forEach(["a", "b", "c", "d", "e"], (id) => messagesOf(id, 1))).flat()
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const slack = recorder("slack", downFor("1 minute"))
      const delivery = yield* Delivery.make({ destinations: [slack.destination] })
      yield* delivery.enqueue(messages)
      yield* finished(delivery.settle)
      expect(slack.attempts()).toBe(3)
      yield* pass("5 minutes")
      yield* finished(delivery.settle)
      expect([...slack.taken].sort()).toEqual(["a-1", "b-1", "c-1", "d-1", "e-1"])
    }).pipe(inMemory))

  it.effect("says whose outbox could not be read or written", () =>
    Effect.gen(function*() {
      const messages = yield* messagesOf("a", 1)
      const delivery = yield* Delivery.make({ destinations: [recorder("slack", takes).destination] })
      const failed = yield* Effect.flip(delivery.enqueue(messages))
      expect(failed).toMatchObject({ _tag: "DeliveryStoreError", destination: "slack", cause: expect.anything() })
      expect(failed.message).toBe("The outbox of slack could not be read or written")
    }).pipe(Effect.provide([brokenStores, unused])))

  it.effect("sends to the destinations that are named alone", () =>
    Effect.gen(function*() {
      const messages = yield* messagesOf("a", 3)
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const [slack, teams] = [recorder("slack", takes), recorder("teams", takes)]
      const delivery = yield* Delivery.make({ destinations: [slack.destination, teams.destination] })
      yield* delivery.enqueue(messages.slice(0, 2), ["slack"])
      yield* delivery.enqueue(messages.slice(2))
      const fiber = yield* Effect.forkChild(delivery.run)
      yield* pass("1 minute")
      expect(slack.taken).toEqual(["a-1", "a-2", "a-3"])
      expect(teams.taken).toEqual(["a-3"])
      yield* Fiber.interrupt(fiber)
    }).pipe(inMemory))
})
