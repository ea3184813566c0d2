// What an outbox keeps: over memory, and over the files of a directory.
import { Delivery } from "@coalesce-runs/alerts"
import { layerFiles } from "@coalesce-runs/alerts/node"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as TestClock from "effect/testing/TestClock"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Behavior, messagesOf, recorder } from "./support/recorder.ts"

const start = DateTime.toUtc(DateTime.makeUnsafe("2026-11-03T02:00Z"))
const takes: Behavior = () => Effect.undefined
const refuses: Behavior = () => Effect.succeed({ reason: "it refused the message", status: 400, isRetryable: false })

const unused = Layer.succeed(HttpClient.HttpClient, HttpClient.make(() => Effect.die("no HTTP here")))

type Stores = KeyValueStore.KeyValueStore | PersistedQueue.PersistedQueueFactory

const memory: Layer.Layer<Stores> = Layer.merge(
  KeyValueStore.layerMemory,
  PersistedQueue.layer.pipe(Layer.provide(PersistedQueue.layerStoreMemory))
)

const files: Layer.Layer<Stores> = Layer.unwrap(Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-runs-outbox-"))),
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
  ),
  (directory) => layerFiles({ directory })
))

const realPause = (millis: number) => Effect.promise(() => new Promise((resolve) => setTimeout(resolve, millis)))

/** Lets time pass in steps, and everybody finish what they do on a disk meanwhile. */
const pass = (duration: Duration.Input) =>
  Effect.gen(function*() {
    const millis = Duration.toMillis(Duration.fromInputUnsafe(duration))
    yield* realPause(30)
    for (let step = 0; step < 4; step++) {
      yield* TestClock.adjust(Duration.millis(millis / 4))
      yield* realPause(30)
    }
  })

/** Lets time pass until it is as expected, and then for longer: a disk takes its own time. */
const becomes = <A, E, R>(read: Effect.Effect<A, E, R>, expected: A, step: Duration.Input = "1 minute") =>
  Effect.gen(function*() {
    const now = JSON.stringify(expected)
    for (let times = 0; times < 200 && JSON.stringify(yield* read) !== now; times++) yield* pass(step)
    yield* pass("1 hour")
    assert.deepStrictEqual(yield* read, expected)
  })

const running = <A, E, R>(delivery: Delivery.Delivery, effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(delivery.run)
    const result = yield* effect
    yield* Fiber.interrupt(fiber)
    return result
  })

for (const [name, stores] of [["memory", memory], ["files", files]] as const) {
  const over = <A, E>(effect: Effect.Effect<A, E, HttpClient.HttpClient | Stores>) =>
    Effect.andThen(TestClock.setTime(DateTime.toEpochMillis(start)), effect).pipe(Effect.provide([stores, unused]))

  describe(`an outbox over ${name}`, () => {
    it.effect("sends dead letters again when it is asked to, once, and keeps those that are refused again", () =>
      Effect.gen(function*() {
        const [a, b] = yield* Effect.all([messagesOf("a", 2), messagesOf("b", 1)])
        yield* TestClock.setTime(DateTime.toEpochMillis(start))
        let isRefused = true
        const slack = recorder("slack", (message, attempt) => isRefused ? refuses(message, attempt) : Effect.undefined)
        const teams = recorder("teams", refuses)
        const delivery = yield* Delivery.make({ destinations: [slack.destination, teams.destination] })
        const letters = Effect.map(
          delivery.deadLetters,
          (all) => all.map(({ destination, message }) => `${destination} ${message.id}`).sort()
        )
        yield* delivery.enqueue([...a, ...b])
        yield* running(
          delivery,
          Effect.gen(function*() {
            const all = ["slack a-1", "slack a-2", "slack b-1", "teams a-1", "teams a-2", "teams b-1"]
            yield* becomes(letters, all)
            isRefused = false
            // Past `giveUpAfter`: a dead letter is tried for once all the same.
            yield* pass("8 days")
            assert.strictEqual(yield* delivery.resend(["slack"]), 3)
            assert.strictEqual(yield* delivery.resend(["slack"]), 0)
            yield* becomes(Effect.sync(() => [...slack.taken].sort()), ["a-1", "a-2", "b-1"])
            assert.deepStrictEqual(yield* letters, all.slice(3))
            assert.strictEqual(yield* delivery.resend(), 3)
            yield* becomes(letters, all.slice(3))
          })
        )
      }).pipe(over))

    it.effect("settles: sends what is due and ends, and the next call goes on", () =>
      Effect.gen(function*() {
        const [a, b] = yield* Effect.all([messagesOf("a", 3), messagesOf("b", 1)])
        yield* TestClock.setTime(DateTime.toEpochMillis(start))
        const slack = recorder("slack", (message, attempt) =>
          Effect.succeed(
            message.id === "a-2" && attempt === 2 ? { reason: "it cannot be reached", isRetryable: true } : undefined
          ))
        const delivery = yield* Delivery.make({ destinations: [slack.destination] })
        yield* delivery.enqueue([...a, ...b])
        const settle = Effect.gen(function*() {
          const fiber = yield* Effect.forkChild(delivery.settle)
          // In small steps: a queue that brings nothing for a second counts as one where nothing is due.
          for (let step = 0; step < 600 && fiber.pollUnsafe() === undefined; step++) {
            yield* realPause(5)
            yield* pass("100 millis")
          }
          yield* Fiber.join(fiber)
        })
        yield* settle
        assert.deepStrictEqual(slack.taken, ["a-1", "b-1"])
        yield* pass("10 minutes")
        yield* settle
        assert.deepStrictEqual(slack.taken, ["a-1", "b-1", "a-2", "a-3"])
      }).pipe(over))

    it.effect("forgets an incident half a day after its end, and not before", () =>
      Effect.gen(function*() {
        const [opened, updated] = yield* messagesOf("a", 2)
        const [other] = yield* messagesOf("b", 1)
        if (opened === undefined || updated === undefined || other === undefined) return assert.fail("three messages")
        yield* TestClock.setTime(DateTime.toEpochMillis(start))
        const slack = recorder("slack", takes)
        const delivery = yield* Delivery.make({ destinations: [slack.destination] })
        yield* delivery.enqueue([opened, { ...updated, status: "resolved" }, other])
        const keyValues = yield* KeyValueStore.KeyValueStore
        const keys = Effect.map(keyValues.keys, (keys) => [...keys].sort())
        yield* running(
          delivery,
          Effect.gen(function*() {
            yield* becomes(Effect.sync(() => slack.taken), ["a-1", "a-2", "b-1"])
            yield* pass("9 hours")
            assert.deepStrictEqual(yield* keys, [
              "alerts/slack/position/a",
              "alerts/slack/position/b",
              "alerts/slack/stored/a",
              "alerts/slack/stored/b"
            ])
            yield* becomes(keys, ["alerts/slack/position/b", "alerts/slack/stored/b"], "1 hour")
          })
        )
      }).pipe(over))
  })
}
