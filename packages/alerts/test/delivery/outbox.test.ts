// What an outbox makes of crashes, of age, and of what is sent again. Over memory.
import { Delivery } from "@coalesce-runs/alerts"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as TestClock from "effect/testing/TestClock"
import { type Behavior, messagesOf, recorder } from "../support/recorder.ts"

const start = DateTime.toEpochMillis(DateTime.makeUnsafe("2026-11-03T02:00Z"))

const Stores = Layer.mergeAll(
  KeyValueStore.layerMemory,
  PersistedQueue.layer.pipe(Layer.provide(PersistedQueue.layerStoreMemory)),
  Layer.succeed(HttpClient.HttpClient, HttpClient.make(() => Effect.die("no HTTP here")))
)

const inMemory = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof Stores>>) =>
  Effect.andThen(TestClock.setTime(start), effect).pipe(Effect.provide(Stores))

/** Lets time pass, and then everybody finish what needs no time. */
const pass = (duration: Duration.Input) =>
  Effect.andThen(TestClock.adjust(duration), Effect.replicateEffect(Effect.yieldNow, 500))

/** The messages of an incident, whose beginning was the start. */
const messages = (incidentID: string, count: number) =>
  Effect.tap(messagesOf(incidentID, count), TestClock.setTime(start))

const down = { reason: "it cannot be reached", isRetryable: true }
const refused = { reason: "it refused the message", status: 400, isRetryable: false }

/** Down until so long after the start. */
const downUntil = (duration: Duration.Input): Behavior => () =>
  Effect.map(
    DateTime.now,
    (now) =>
      DateTime.toEpochMillis(now) < start + Duration.toMillis(Duration.fromInputUnsafe(duration)) ? down : undefined
  )

const begin = (behavior: Behavior, giveUpAfter: Duration.Input = "7 days") =>
  Effect.gen(function*() {
    const slack = recorder("slack", behavior)
    const delivery = yield* Delivery.make({ destinations: [slack.destination], giveUpAfter })
    const fiber = yield* Effect.forkChild(delivery.run)
    const store = yield* KeyValueStore.KeyValueStore
    const letters = Effect.map(delivery.deadLetters, (all) => all.map(({ message }) => message.id))
    const keys = (kind: string) =>
      Effect.map(store.keys, (all) => all.filter((key) => key.startsWith(`alerts/slack/${kind}/`)))
    return { slack, delivery, letters, store, keys, end: Fiber.interrupt(fiber) }
  })

describe("an outbox", () => {
  it.effect("sends in order what a crash stored without offering it", () =>
    Effect.gen(function*() {
      const all = yield* messages("a", 3)
      const { delivery, end, slack, store } = yield* begin(() => Effect.undefined)
      yield* store.set("alerts/slack/stored/a", "[1,2,3]")
      yield* delivery.enqueue([...all].reverse())
      yield* delivery.enqueue(all)
      for (let minute = 0; minute < 3; minute++) yield* pass("1 minute")
      expect(slack.taken).toEqual(["a-1", "a-2", "a-3"])
      expect(yield* store.get("alerts/slack/stored/a")).toBe("[1,2,3]")
      yield* end
    }).pipe(inMemory))

  it.effect("sends nothing that was taken before a crash, and goes on behind it", () =>
    Effect.gen(function*() {
      const all = yield* messages("a", 3)
      const { delivery, end, slack, store } = yield* begin(() => Effect.undefined)
      const position = { done: 2, thread: "kept", at: "2026-11-03T02:00:00.000Z", isOver: false }
      yield* store.set("alerts/slack/position/a", JSON.stringify(position))
      yield* delivery.enqueue(all)
      yield* pass("1 minute")
      expect(slack.taken).toEqual(["a-3"])
      expect(slack.threads).toEqual(["kept"])
      yield* end
    }).pipe(inMemory))

  it.effect("gives a message up at its first attempt if it is old by then", () =>
    Effect.gen(function*() {
      const all = yield* messages("a", 1)
      yield* TestClock.adjust("3 hours")
      const { delivery, end, letters, slack } = yield* begin(() => Effect.succeed(down), "2 hours")
      yield* delivery.enqueue(all)
      yield* pass("1 minute")
      expect(yield* letters).toEqual(["a-1"])
      expect(slack.attempts()).toBe(1)
      yield* end
    }).pipe(inMemory))

  it.effect("tries a dead letter that is old once more, then gives it up again, and it can be sent again", () =>
    Effect.gen(function*() {
      const all = yield* messages("a", 1)
      const { delivery, end, letters, slack } = yield* begin(downUntil("4 hours"), "2 hours")
      yield* delivery.enqueue(all)
      yield* pass("150 minutes")
      expect(yield* letters).toEqual(["a-1"])
      const before = slack.attempts()
      expect(yield* delivery.resend()).toBe(1)
      yield* pass("1 second")
      expect(slack.attempts()).toBe(before + 1)
      expect(yield* letters).toEqual([])
      yield* pass("10 minutes")
      expect(slack.attempts()).toBe(before + 2)
      expect(yield* letters).toEqual(["a-1"])
      yield* pass("2 hours")
      expect(yield* delivery.resend()).toBe(1)
      yield* pass("1 minute")
      expect(slack.taken).toEqual(["a-1"])
      expect(yield* letters).toEqual([])
      yield* end
    }).pipe(inMemory))

  it.effect("sends a dead letter once, if a crash kept it after it was put back", () =>
    Effect.gen(function*() {
      const all = yield* messages("a", 1)
      const { delivery, end, keys, slack, store } = yield* begin((_, attempt) =>
        Effect.succeed(attempt === 1 ? refused : undefined)
      )
      yield* delivery.enqueue(all)
      yield* pass("1 minute")
      const [key = ""] = yield* keys("dead")
      const letter = yield* store.get(key)
      yield* delivery.resend()
      yield* store.set(key, letter ?? "")
      yield* delivery.resend()
      yield* pass("1 hour")
      expect(slack.taken).toEqual(["a-1"])
      yield* end
    }).pipe(inMemory))

  it.effect("keeps a dead letter once, by its last time", () =>
    Effect.gen(function*() {
      const all = yield* messages("a", 1)
      const { delivery, end, keys, store } = yield* begin(() => Effect.succeed(refused))
      // It was given up a day before, and a crash kept it. So is another of a like name.
      yield* store.set("alerts/slack/dead/2026-11-02T02:00:00.000Z/a-1", "{}")
      yield* store.set("alerts/slack/dead/2026-11-02T02:00:00.000Z/a-10", "{}")
      yield* delivery.enqueue(all)
      yield* pass("0 seconds")
      expect((yield* keys("dead")).toSorted()).toEqual([
        "alerts/slack/dead/2026-11-02T02:00:00.000Z/a-10",
        "alerts/slack/dead/2026-11-03T02:00:00.000Z/a-1"
      ])
      yield* end
    }).pipe(inMemory))

  it.effect("keeps a dead letter once, and the last 1,000 in order", () =>
    Effect.gen(function*() {
      const [all, others] = yield* Effect.all([messages("a", 1), messages("c", 1)])
      const { delivery, end, keys, letters, store } = yield* begin(() => Effect.succeed(refused))
      yield* delivery.enqueue(all)
      yield* pass("1 minute")
      const [key = ""] = yield* keys("dead")
      const letter = (yield* store.get(key)) ?? ""
      // The same message was given up a day before, and a crash kept it.
      yield* store.set("alerts/slack/dead/2026-11-02T02:00:00.000Z/a-1", letter)
      yield* delivery.resend()
      yield* pass("1 minute")
      expect(yield* letters).toEqual(["a-1"])
      const older = Array.from({ length: 1000 }, (_, index) =>
        `alerts/slack/dead/2026-10-01T02:00:00.${String(index).padStart(3, "0")}Z/b-1`)
      for (const [index, other] of [...older].reverse().entries()) {
        yield* store.set(other.replace("b-1", `b${999 - index}-1`), letter)
      }
      yield* delivery.enqueue(others)
      yield* pass("1 minute")
      const kept = (yield* keys("dead")).sort()
      expect(kept).toHaveLength(1000)
      expect(kept[0]).toContain("02:00:00.002Z/b2-1")
      expect(kept.at(-1)).toContain("/c-1")
      expect((yield* letters).at(-1)).toBe("c-1")
      yield* end
    }).pipe(inMemory))

  it.effect("remembers that an incident is over while an older message is sent again, and forgets it after 12 hours", () =>
    Effect.gen(function*() {
      const [opened, updated] = yield* messages("a", 2)
      const [other, another] = yield* messages("b", 2)
      if (opened === undefined || updated === undefined || other === undefined || another === undefined) {
        return expect.fail("four messages")
      }
      const refusesOnce = new Set(["a-1", "b-1"])
      const { delivery, end, keys, slack } = yield* begin((message) =>
        Effect.sync(() => refusesOnce.delete(message.id) ? refused : undefined)
      )
      yield* delivery.enqueue([opened, { ...updated, status: "resolved" }, other, another])
      yield* pass("1 minute")
      expect(yield* delivery.resend()).toBe(2)
      yield* pass("1 minute")
      expect([...slack.taken].sort()).toEqual(["a-1", "a-2", "b-1", "b-2"])
      yield* pass("11 hours")
      expect(yield* keys("position")).toHaveLength(2)
      yield* pass("2 hours")
      expect(yield* keys("position")).toEqual(["alerts/slack/position/b"])
      yield* end
    }).pipe(inMemory))

  it.effect("keeps the thread of an incident that is over while a message of it is on its way", () =>
    Effect.gen(function*() {
      const [opened, updated] = yield* messages("a", 2)
      if (opened === undefined || updated === undefined) return expect.fail("two messages")
      const later = downUntil("13 hours")
      const { delivery, end, slack } = yield* begin((message, attempt) =>
        message.sequence === 1 ? Effect.undefined : later(message, attempt)
      )
      yield* delivery.enqueue([{ ...opened, status: "resolved" }, updated])
      yield* pass("14 hours")
      expect(slack.taken).toEqual(["a-1", "a-2"])
      expect(slack.threads).toEqual([undefined, "thread of a"])
      yield* end
    }).pipe(inMemory))

  it.effect("settles only when a wait that a destination asked for is over", () =>
    Effect.gen(function*() {
      const all = yield* messages("a", 1)
      const slack = recorder("slack", (_, attempt) =>
        Effect.succeed(attempt === 1 ? { ...down, status: 429, retryAfterMillis: 7_200_000 } : undefined))
      const delivery = yield* Delivery.make({ destinations: [slack.destination] })
      yield* delivery.enqueue(all)
      const settle = Effect.gen(function*() {
        const fiber = yield* Effect.forkChild(delivery.settle)
        for (let step = 0; step < 3; step++) {
          yield* pass("1 second")
        }
        yield* Fiber.join(fiber)
      })
      yield* settle
      yield* pass("59 minutes")
      yield* settle
      expect(slack.attempts()).toBe(1)
      // It asked for two hours: one is the most.
      yield* pass("1 minute")
      yield* settle
      expect(slack.taken).toEqual(["a-1"])
    }).pipe(inMemory))

  it.effect("logs the first failed attempt of a message and that it became a dead letter, and no other attempt", () =>
    Effect.gen(function*() {
      const logged: Array<string> = []
      const all = yield* messages("a", 1)
      yield* Effect.gen(function*() {
        const { delivery, end } = yield* begin(() => Effect.succeed(down), "1 hour")
        yield* delivery.enqueue(all)
        yield* pass("2 hours")
        yield* end
      }).pipe(Effect.provide(Logger.layer([
        Logger.make(({ logLevel, message }) => {
          logged.push(`${logLevel}: ${String(message)}`)
        })
      ])))
      const said = "slack did not take message a-1: it cannot be reached."
      expect(logged).toEqual([`Warn: ${said} It is tried again.`, `Error: ${said} It is a dead letter now.`])
    }).pipe(inMemory))
})
