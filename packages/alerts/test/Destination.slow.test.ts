// Destinations that hang, that send their response in drips, and that send it without end.
import { Delivery, type Destination, PagerDuty, Slack, Teams, Webhook } from "@coalesce-runs/alerts"
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { inspect } from "node:util"
import { beat } from "../src/alerter/heartbeat.ts"
import { messagesOf, recorder } from "./support/recorder.ts"

const url = Redacted.make("https://hooks.example/secret-of-the-address")
const token = Redacted.make("xoxb-secret-of-the-bot")
const secret = Redacted.make("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
const routingKey = Redacted.make("R0UT1NGKEY0000000000000000000000")

type Maker = Effect.Effect<Destination.Destination, Destination.InvalidDestination>

/** Those whose status says that they took a message. */
const byStatus: ReadonlyArray<readonly [string, Maker]> = [
  ["slack", Slack.webhook({ url })],
  ["teams", Teams.webhook({ url })],
  ["pagerDuty", PagerDuty.events({ url, routingKey })],
  ["webhook", Webhook.signed({ url, secret })]
]
const bot: Maker = Slack.bot({ url, token, channel: "C024BE7LR" })

const ofEach = new TextEncoder()

/** A body that begins with a text and never ends: it has no more, or always more. It counts what was read, and how often it was let go. */
const body = (begin: string, isEndless: boolean) => {
  const seen = { bytes: 0, canceled: 0 }
  const next = (bytes: Uint8Array, controller: ReadableStreamDefaultController<Uint8Array>) => {
    seen.bytes += bytes.byteLength
    controller.enqueue(bytes)
  }
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => next(ofEach.encode(begin), controller),
    pull: (controller) => isEndless ? next(new Uint8Array(65_536), controller) : new Promise(() => {}),
    cancel: () => void seen.canceled++
  })
  return { seen, stream }
}

const responding = (respond: () => Response | "hangs") =>
  Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request) => {
      const response = respond()
      return response === "hangs" ? Effect.never : Effect.succeed(HttpClientResponse.fromWeb(request, response))
    })
  )

const message = Effect.map(messagesOf("a", 1), ([first]) => first ?? expect.unreachable("no message"))

/** Lets everybody go on. What is read of a stream is read in microtasks. */
const settled = Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))

/** Returns what comes of an effect, and in how many seconds of the test's clock. */
const timed = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(Effect.exit(effect))
  for (let seconds = 0; seconds < 60; seconds++) {
    yield* settled
    const exit = fiber.pollUnsafe()
    if (exit !== undefined) return { seconds, exit: yield* Fiber.join(fiber) }
    yield* TestClock.adjust("1 second")
  }
  return yield* Effect.die("it does not end")
})

describe("a destination that hangs", () => {
  for (const [name, make] of [...byStatus, ["bot", bot] as const]) {
    it.effect(`${name} fails after 20 seconds, may be tried again, and tells no secret`, () =>
      Effect.gen(function*() {
        const { exit, seconds } = yield* timed(Effect.flip((yield* make).send(yield* message)))
        expect({ exit, seconds }).toMatchObject({
          seconds: 20,
          exit: { value: { _tag: "DeliveryFailed", isRetryable: true, reason: "no response in 20 seconds" } }
        })
        expect(inspect(exit, { depth: 12 })).not.toMatch(/secret-of|hooks\.example|R0UT/)
      }).pipe(Effect.provide(responding(() => "hangs"))))
  }

  it.effect("delays no other", () => {
    const hanging: string[] = []
    const client = Layer.succeed(
      HttpClient.HttpClient,
      HttpClient.make((request) => Effect.andThen(Effect.sync(() => hanging.push(request.url)), Effect.never))
    )
    const stores = Layer.merge(
      KeyValueStore.layerMemory,
      PersistedQueue.layer.pipe(Layer.provide(PersistedQueue.layerStoreMemory))
    )
    return Effect.gen(function*() {
      const slow = yield* Slack.webhook({ url })
      const good = recorder("good", () => Effect.undefined)
      const delivery = yield* Delivery.make({ destinations: [slow, good.destination] })
      yield* delivery.enqueue(yield* messagesOf("a", 4))
      const fiber = yield* Effect.forkChild(delivery.run)
      for (let turn = 0; turn < 50 && good.taken.length < 4; turn++) yield* settled
      expect(hanging).toHaveLength(1)
      expect(good.taken).toEqual(["a-1", "a-2", "a-3", "a-4"])
      yield* Fiber.interrupt(fiber)
    }).pipe(Effect.provide([client, stores]))
  })
})

describe.each([["does not end", false], ["is endless", true]] as const)(
  "a destination whose response %s",
  (_, isEndless) => {
    for (const [name, make] of byStatus) {
      it.effect(`${name} has taken the message, and is let go`, () => {
        const { seen, stream } = body("ok", isEndless)
        return Effect.gen(function*() {
          const { exit, seconds } = yield* timed((yield* make).send(yield* message))
          expect({ exit: exit._tag, seconds }).toEqual({ exit: "Success", seconds: isEndless ? 0 : 5 })
          expect(seen.canceled).toBe(1)
          expect(seen.bytes).toBeLessThan(500_000)
        }).pipe(Effect.provide(responding(() => new Response(stream))))
      })
    }

    it.effect("a bot's, is no response of Slack, and may be tried again", () => {
      const { seen, stream } = body("{\"ok\":true,\"ts\":\"", isEndless)
      return Effect.gen(function*() {
        const { exit } = yield* timed(Effect.flip((yield* bot).send(yield* message)))
        expect(exit).toMatchObject({ value: { isRetryable: true, reason: "its response is not Slack's" } })
        expect(seen).toMatchObject({ canceled: 1 })
      }).pipe(Effect.provide(responding(() => new Response(stream))))
    })

    it.effect("a refusal, is refused by its status", () => {
      const { stream } = body("no", isEndless)
      return Effect.gen(function*() {
        const { exit } = yield* timed(Effect.flip((yield* Slack.webhook({ url })).send(yield* message)))
        expect(exit).toMatchObject({ value: { isRetryable: false, status: 404 } })
      }).pipe(Effect.provide(responding(() => new Response(stream, { status: 404 }))))
    })

    it.effect("a heartbeat's, is let go", () => {
      const { seen, stream } = body("ok", isEndless)
      return Effect.gen(function*() {
        const { exit, seconds } = yield* timed(beat(url))
        expect({ exit: exit._tag, seconds }).toEqual({ exit: "Success", seconds: isEndless ? 0 : 5 })
        expect(seen.canceled).toBe(1)
      }).pipe(Effect.provide(responding(() => new Response(stream))))
    })
  }
)

it.effect("a heartbeat that hangs is given up after 5 seconds", () =>
  Effect.gen(function*() {
    const { exit, seconds } = yield* timed(beat(url))
    expect({ exit: exit._tag, seconds }).toEqual({ exit: "Success", seconds: Duration.toSeconds("5 seconds") })
  }).pipe(Effect.provide(responding(() => "hangs"))))
