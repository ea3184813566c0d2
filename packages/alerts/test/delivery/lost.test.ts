// What an outbox makes of a message that is lost: those behind it are told, and none that is alive is overtaken.
import { Delivery } from "@coalesce-runs/alerts"
import { layerFiles } from "@coalesce-runs/alerts/node"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as TestClock from "effect/testing/TestClock"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Behavior, messagesOf, recorder } from "../support/recorder.ts"
import { temporary } from "../support/temporary.ts"

const start = DateTime.toEpochMillis(DateTime.makeUnsafe("2026-11-03T02:00Z"))
const unused = Layer.succeed(HttpClient.HttpClient, HttpClient.make(() => Effect.die("no HTTP here")))
const takes: Behavior = () => Effect.undefined
const down = { reason: "it cannot be reached", isRetryable: true }

/** The messages of an incident, the last of which is its end. */
const messages = (incidentID: string, count: number) =>
  Effect.map(
    Effect.tap(messagesOf(incidentID, count), TestClock.setTime(start)),
    (all) => all.map((message, index) => index === count - 1 ? { ...message, status: "resolved" as const } : message)
  )

describe("an outbox in a directory", () => {
  const realPause = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 10)))

  /** Lets time pass until it is so, for less than three hours: a message is given up in seven days. A disk takes its own time meanwhile. */
  const until = (isSo: () => boolean) =>
    Effect.gen(function*() {
      for (let times = 0; times < 500 && !isSo(); times++) {
        yield* TestClock.adjust("20 seconds")
        yield* realPause
      }
    })

  /** Overwrites the file of a message. */
  const damage = (directory: string, id: string, text: string) => {
    const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ready"))
      .map((file) => join(directory, file))
      .filter((file) => readFileSync(file, "utf8").includes(`"${id}"`))
    expect(files).toHaveLength(1)
    for (const file of files) writeFileSync(file, text)
  }

  /** A process on the directory, while an effect runs. */
  const running = <A, E>(
    directory: string,
    behavior: Behavior,
    use: (delivery: Delivery.Delivery, taken: ReadonlyArray<string>) => Effect.Effect<A, E>
  ) =>
    Effect.gen(function*() {
      const slack = recorder("slack", behavior)
      const delivery = yield* Delivery.make({ destinations: [slack.destination] })
      const fiber = yield* Effect.forkChild(delivery.run)
      const result = yield* use(delivery, slack.taken)
      yield* Fiber.interrupt(fiber)
      return result
    }).pipe(Effect.provide([layerFiles({ directory }), unused]))

  const enqueue = (directory: string, id: string, count: number) =>
    Effect.gen(function*() {
      const all = yield* messages(id, count)
      const delivery = yield* Delivery.make({ destinations: [recorder("slack", takes).destination] })
      yield* delivery.enqueue(all)
    }).pipe(Effect.provide([layerFiles({ directory }), unused]))

  it.effect.each([
    { file: "that is empty", text: "" },
    { file: "that ends in the middle", text: `{"id":"a-1","elem` },
    { file: "of zeros", text: "\u0000".repeat(400) },
    { file: "that holds something else", text: `{"id":"a-1","element":{"after":0}}` }
  ])(
    "tells at once what comes after a message with a file $file, and the end of its incident",
    ({ text }) =>
      Effect.gen(function*() {
        const directory = yield* temporary
        yield* enqueue(directory, "a", 3)
        damage(directory, "a-1", text)
        yield* running(directory, takes, (delivery, taken) =>
          Effect.gen(function*() {
            yield* until(() => taken.length === 2)
            expect(taken).toEqual(["a-2", "a-3"])
            expect(yield* delivery.deadLetters).toEqual([])
          }))
      })
  )

  it.effect("sends nothing past a message that is on its way, where the one between is damaged", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      yield* enqueue(directory, "a", 4)
      for (const id of ["a-2", "a-3"]) damage(directory, id, "{")
      let isDown = true
      let others = 0
      const behavior: Behavior = (message) =>
        Effect.sync(() => {
          if (message.id !== "a-1") others++
          return isDown ? down : undefined
        })
      yield* running(directory, behavior, (_, taken) =>
        Effect.gen(function*() {
          const failed = () =>
            readdirSync(directory, { recursive: true }).filter((file) => /failed.\d+\./.test(String(file)))
          yield* until(() => failed().length === 2)
          for (let times = 0; times < 60; times++) {
            yield* TestClock.adjust("1 minute")
            yield* realPause
          }
          expect(others).toBe(0)
          isDown = false
          yield* until(() => taken.length === 2)
          expect(taken).toEqual(["a-1", "a-4"])
        }))
    }))

  it.effect("goes on behind what a process before it found to be damaged", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      yield* enqueue(directory, "a", 1)
      damage(directory, "a-1", "{")
      const failed = () => readdirSync(directory, { recursive: true }).some((file) => /failed.\d+\./.test(String(file)))
      yield* running(directory, takes, () => until(failed))
      yield* enqueue(directory, "a", 2)
      yield* running(directory, takes, (_, taken) =>
        Effect.gen(function*() {
          yield* until(() => taken.length === 1)
          expect(taken).toEqual(["a-2"])
        }))
    }))
})

describe("an outbox whose store has lost a message without a word", () => {
  const inMemory = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof Stores>>) => Effect.provide(effect, Stores)
  const Stores = Layer.mergeAll(
    KeyValueStore.layerMemory,
    PersistedQueue.layer.pipe(Layer.provide(PersistedQueue.layerStoreMemory)),
    unused
  )

  /** Lets time pass in small steps, and everybody finish in each. */
  const pass = (minutes: number) =>
    Effect.replicateEffect(
      Effect.andThen(TestClock.adjust("30 seconds"), Effect.replicateEffect(Effect.yieldNow, 50)),
      minutes * 2
    )

  const begin = (behavior: Behavior) =>
    Effect.gen(function*() {
      const slack = recorder("slack", behavior)
      const delivery = yield* Delivery.make({ destinations: [slack.destination], giveUpAfter: "2 hours" })
      const fiber = yield* Effect.forkChild(delivery.run)
      const letters = Effect.map(delivery.deadLetters, (all) => all.map(({ message }) => message.id))
      return { slack, delivery, letters, end: Fiber.interrupt(fiber) }
    })

  it.effect("goes on without it when it would have been given up, in order, and logs that", () =>
    Effect.gen(function*() {
      const logged: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => void logged.push(`${logLevel}: ${String(message)}`))
      const all = yield* messages("a", 3)
      const keyValues = yield* KeyValueStore.KeyValueStore
      yield* keyValues.set("alerts/slack/stored/a", "[1]")
      const { delivery, end, letters, slack } = yield* Effect.provide(begin(takes), Logger.layer([logger]))
      yield* delivery.enqueue(all.slice(1))
      yield* pass(120)
      expect(slack.taken).toEqual([])
      yield* pass(75)
      expect(slack.taken).toEqual(["a-2", "a-3"])
      expect(yield* letters).toEqual([])
      expect(logged).toEqual(["Error: Message a-2 no longer waits for what is lost of its incident: a-1."])
      yield* end
    }).pipe(inMemory))

  it.effect("keeps those that wait for it in order, whichever of them is brought first", () =>
    Effect.gen(function*() {
      const [, second, third] = yield* messages("a", 3)
      if (second === undefined || third === undefined) return expect.fail("three messages")
      const keyValues = yield* KeyValueStore.KeyValueStore
      yield* keyValues.set("alerts/slack/stored/a", "[1,2]")
      const { delivery, end, slack } = yield* begin(takes)
      yield* delivery.enqueue([third])
      yield* pass(2)
      yield* delivery.enqueue([second])
      yield* pass(240)
      expect(slack.taken).toEqual(["a-2", "a-3"])
      yield* end
    }).pipe(inMemory))

  it.effect("makes it a dead letter if it is not taken then", () =>
    Effect.gen(function*() {
      const all = yield* messages("a", 2)
      const keyValues = yield* KeyValueStore.KeyValueStore
      yield* keyValues.set("alerts/slack/stored/a", "[1]")
      const { delivery, end, letters } = yield* begin(() => Effect.succeed(down))
      yield* delivery.enqueue(all.slice(1))
      yield* pass(195)
      expect(yield* letters).toEqual(["a-2"])
      yield* end
    }).pipe(inMemory))

  it.effect("overtakes no message that is tried until it is given up", () =>
    Effect.gen(function*() {
      const all = yield* messages("a", 2)
      const { delivery, end, letters, slack } = yield* begin((message) =>
        Effect.succeed(message.sequence === 1 ? down : undefined)
      )
      yield* delivery.enqueue(all)
      yield* pass(119)
      expect([slack.taken, yield* letters]).toEqual([[], []])
      yield* pass(12)
      expect([slack.taken, yield* letters]).toEqual([["a-2"], ["a-1"]])
      yield* end
    }).pipe(inMemory))

  it.effect("overtakes no message because no process ran for days, and drops none", () =>
    Effect.gen(function*() {
      const [first, second] = yield* messages("a", 2)
      if (first === undefined || second === undefined) return expect.fail("two messages")
      const before = yield* begin(() => Effect.succeed(down))
      yield* before.delivery.enqueue([first])
      yield* pass(11)
      // Of both, the second is brought first after that: its last attempt is the earlier one.
      yield* before.delivery.enqueue([second])
      yield* pass(4.5)
      yield* before.end
      yield* pass(1)
      yield* TestClock.adjust("10 days")
      const after = yield* begin(takes)
      yield* pass(15)
      expect(after.slack.taken).toEqual(["a-1", "a-2"])
      expect(yield* after.letters).toEqual([])
      yield* after.end
    }).pipe(inMemory))
})
