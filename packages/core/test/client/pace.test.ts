/** How requests wait for their turn, on a test's clock. Against the simulator: test/over-http/RunsClient.rateLimit.test.ts. */
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as TestClock from "effect/testing/TestClock"
import { SharedLimiter } from "../../src/client/pace.ts"
import { RunsClient, RunsError } from "../../src/index.ts"
import { clientOf } from "../support/responses.ts"

const empty = () => Response.json({ data: [] })
const tooMany = (retryAfter: string) => new Response(null, { status: 429, headers: { "retry-after": retryAfter } })

/** Lets promises of the fake transport settle, and moves the clock a second at a time. */
const seconds = (count: number) =>
  Effect.forEach(Array.from({ length: count }), () =>
    Effect.andThen(
      Effect.promise(() => new Promise((resolve) => setImmediate(resolve))),
      TestClock.adjust("1 second")
    ), { discard: true })

/** Sends so many requests at once, and returns how each ended. */
const atOnce = (count: number) =>
  Effect.forEach(Array.from({ length: count }), () => Effect.result(RunsClient.listPage()), {
    concurrency: "unbounded"
  })

describe("a rate budget outside the time-out: rateLimit", () => {
  it.effect("spaces calls, and their waiting is no part of the time-out and of the 30 seconds", () => {
    const { layer, times } = clientOf(empty, {
      rateLimit: { requests: 2, per: "10 seconds" },
      timeout: "1 second",
      retry: undefined
    })
    return Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(atOnce(8))
      yield* seconds(40)
      const results = yield* Fiber.join(fiber)
      assert.isTrue(results.every((result) => result._tag === "Success"))
      assert.deepStrictEqual(times, [0, 0, 10_000, 10_000, 20_000, 20_000, 30_000, 30_000])
    }).pipe(Effect.provide(layer))
  })

  it.effect("counts a request until its response, for at most a quarter longer", () => {
    const { layer, times } = clientOf((index) => index === 0 ? new Promise(() => {}) : empty(), {
      rateLimit: { requests: 1, per: "8 seconds" },
      timeout: "20 seconds"
    })
    return Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(atOnce(3))
      yield* seconds(30)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(times, [0, 10_000, 18_000])
    }).pipe(Effect.provide(layer))
  })

  it.effect("counts retries", () => {
    const { layer, times } = clientOf((index) => index < 2 ? new Response(null, { status: 503 }) : empty(), {
      rateLimit: { requests: 1, per: "5 seconds" },
      retry: undefined
    })
    return Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(atOnce(1))
      yield* seconds(20)
      assert.strictEqual((yield* Fiber.join(fiber))[0]?._tag, "Success")
      assert.deepStrictEqual(times, [0, 5000, 10_000])
    }).pipe(Effect.provide(layer))
  })

  it.effect("an interrupted call gives its turn to the next", () => {
    const { layer, times } = clientOf(empty, { rateLimit: { requests: 1, per: "10 seconds" } })
    return Effect.gen(function*() {
      yield* RunsClient.listPage()
      const waiting = yield* Effect.forkChild(RunsClient.listPage())
      yield* seconds(3)
      const next = yield* Effect.forkChild(RunsClient.listPage())
      yield* seconds(1)
      yield* Fiber.interrupt(waiting)
      yield* seconds(10)
      yield* Fiber.join(next)
      assert.deepStrictEqual(times, [0, 10_000])
    }).pipe(Effect.provide(layer))
  })

  it.effect("is shared by clients that were made with one RateLimiter of effect", () => {
    assert.strictEqual(SharedLimiter.key, RateLimiter.RateLimiter.key)
    return Effect.gen(function*() {
      const limiter = yield* RateLimiter.make
      const clients = Array.from(
        { length: 2 },
        () => clientOf(empty, { rateLimit: { requests: 2, per: "10 seconds" } })
      )
      const fibers = yield* Effect.forEach(
        clients,
        ({ layer }) =>
          Effect.forkChild(
            Effect.provide(atOnce(2), layer).pipe(
              Effect.provideService(RateLimiter.RateLimiter, limiter)
            )
          )
      )
      yield* seconds(15)
      yield* Effect.forEach(fibers, Fiber.join)
      assert.deepStrictEqual(clients.flatMap(({ times }) => times).sort((a, b) => a - b), [0, 0, 10_000, 10_000])
    }).pipe(Effect.provide(RateLimiter.layerStoreMemory))
  })

  it.effect("asks the shared limiter to wait, by the origin, and not without a rateLimit", () => {
    const asked: Array<unknown> = []
    return Effect.gen(function*() {
      const limiter = yield* RateLimiter.make
      const spy: RateLimiter.RateLimiter = {
        ...limiter,
        consume: (options) => {
          asked.push({ ...options, window: Duration.toSeconds(Duration.fromInputUnsafe(options.window)) })
          return limiter.consume(options)
        }
      }
      for (const options of [{}, { rateLimit: { requests: 2, per: "10 seconds" } }] as const) {
        yield* RunsClient.listPage().pipe(
          Effect.provide(clientOf(empty, options).layer),
          Effect.provideService(RateLimiter.RateLimiter, spy)
        )
      }
      const key = "coalesce-runs https://app.coalescesoftware.io"
      assert.deepStrictEqual(asked, [{ key, limit: 2, window: 10, onExceeded: "delay" }])
    }).pipe(Effect.provide(RateLimiter.layerStoreMemory))
  })

  it.effect("holds for the client alone where the shared limiter fails", () => {
    const { layer, times } = clientOf(empty, { rateLimit: { requests: 1, per: "10 seconds" } })
    const failure = new RateLimiter.RateLimiterError({
      reason: new RateLimiter.RateLimitStoreError({ message: "Redis is away" })
    })
    return Effect.gen(function*() {
      const limiter = yield* RateLimiter.make
      const fiber = yield* Effect.forkChild(
        atOnce(2).pipe(
          Effect.provide(layer),
          Effect.provideService(RateLimiter.RateLimiter, { ...limiter, consume: () => Effect.fail(failure) })
        )
      )
      yield* seconds(15)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(times, [0, 10_000])
    }).pipe(Effect.provide(RateLimiter.layerStoreMemory))
  })
})

describe("a rate budget outside the time-out: maxConcurrency", () => {
  it.effect("sends no more requests at once, and the others wait outside their time-out", () => {
    const { layer, times } = clientOf(
      () =>
        new Promise((resolve) => {
          waiting.push(() => resolve(empty()))
        }),
      { maxConcurrency: 2, timeout: "10 seconds" }
    )
    const waiting: Array<() => void> = []
    return Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(atOnce(5))
      for (let step = 0; step < 3; step++) {
        yield* seconds(8)
        assert.isAtMost(waiting.length, 2)
        for (const respond of waiting.splice(0)) respond()
      }
      yield* seconds(1)
      const results = yield* Fiber.join(fiber)
      assert.isTrue(results.every((result) => result._tag === "Success"))
      assert.deepStrictEqual(times, [0, 0, 8000, 8000, 16_000])
    }).pipe(Effect.provide(layer))
  })
})

describe("a rate budget outside the time-out: a 429", () => {
  it.effect("holds up every request of the client until its Retry-After has passed", () => {
    const { layer, times } = clientOf((index) => index === 0 ? tooMany("10") : empty())
    return Effect.gen(function*() {
      yield* Effect.flip(RunsClient.listPage())
      yield* TestClock.adjust("3 seconds")
      const fiber = yield* Effect.forkChild(atOnce(3))
      yield* seconds(8)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(times, [0, 10_000, 10_000, 10_000])
    }).pipe(Effect.provide(layer))
  })

  it.effect("that asks to wait for as long as a request may take holds up the others", () => {
    const { layer, times } = clientOf((index) => index === 0 ? tooMany("30") : empty(), { retry: undefined })
    return Effect.gen(function*() {
      yield* Effect.flip(RunsClient.listPage())
      const fiber = yield* Effect.forkChild(atOnce(1))
      yield* seconds(31)
      assert.strictEqual((yield* Fiber.join(fiber))[0]?._tag, "Success")
      assert.deepStrictEqual(times, [0, 30_000])
    }).pipe(Effect.provide(layer))
  })

  it.effect("without a Retry-After holds up nothing", () => {
    const { layer, times } = clientOf((index) => index === 0 ? new Response(null, { status: 429 }) : empty())
    return Effect.gen(function*() {
      assert.instanceOf(yield* Effect.flip(RunsClient.listPage()), RunsError.TooManyRequests)
      yield* RunsClient.listPage()
      assert.deepStrictEqual(times, [0, 0])
    }).pipe(Effect.provide(layer))
  })

  it.effect("that asks to wait for longer than a request may take fails the others at once, with what is left", () => {
    const { layer, times } = clientOf((index) => index === 0 ? tooMany("600") : empty(), { retry: undefined })
    return Effect.gen(function*() {
      yield* Effect.flip(RunsClient.listPage())
      yield* TestClock.adjust("5 minutes")
      const error = yield* Effect.flip(RunsClient.listPage())
      assert.instanceOf(error, RunsError.TooManyRequests)
      assert.strictEqual(Duration.toSeconds(error.retryAfter ?? 0), 300)
      assert.strictEqual(error.attempts, 0)
      assert.lengthOf(times, 1)
      yield* TestClock.adjust("5 minutes")
      yield* RunsClient.listPage()
      assert.lengthOf(times, 2)
    }).pipe(Effect.provide(layer))
  })
})
