import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { RunsClient, RunsError } from "../../src/index.ts"
import { clientOf, row } from "../support/responses.ts"

/** Runs an effect to its end, however long it sleeps. */
const inTestTime = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    for (let minutes = 0; minutes < 90; minutes++) {
      // Promises of the fake transport settle in real time, between steps of the test's clock.
      for (let step = 0; step < 60; step++) {
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        if (fiber.pollUnsafe() !== undefined) return yield* Effect.flatten(Fiber.join(fiber))
        yield* TestClock.adjust("1 second")
      }
    }
    return yield* Effect.die("did not end within 90 minutes")
  })

describe("retries", () => {
  const fail = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers })

  it.effect.each([429, 500, 502, 503, 504])(
    "a %s is retried, and the page comes once",
    (status) =>
      Effect.gen(function*() {
        const { layer, times } = clientOf(
          (index) => index < 2 ? fail(status) : Response.json({ data: [row], next: null }),
          { retry: undefined }
        )
        const found = yield* inTestTime(RunsClient.list().pipe(Stream.runCollect, Effect.provide(layer)))
        assert.deepStrictEqual(found.map((run) => run.id as number), [7])
        assert.strictEqual(times.length, 3)
      })
  )

  it.effect.each([400, 401, 403, 404, 418])("a %s is not retried", (status) =>
    Effect.gen(function*() {
      const { layer, times } = clientOf(() => fail(status), { retry: undefined })
      yield* inTestTime(RunsClient.list().pipe(Stream.runCollect, Effect.provide(layer), Effect.flip))
      assert.strictEqual(times.length, 1)
    }))

  it.effect("end after four, with growing waits", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOf(() => fail(503), { retry: undefined })
      const error = yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      assert.instanceOf(error, RunsError.ServiceUnavailable)
      assert.strictEqual(times.length, 5)
      assert.strictEqual(error.attempts, 5)
      assert.include(error.message, "after 5 attempts")
    }))

  it.effect.each([
    { header: "3", wait: 3000 },
    { header: new Date(12_000).toUTCString(), wait: 12_000 }
  ])("Retry-After $header is obeyed", ({ header, wait }) =>
    Effect.gen(function*() {
      const { layer, times } = clientOf(
        (index) => index === 0 ? fail(429, { "retry-after": header }) : Response.json({ data: [] }),
        { retry: undefined }
      )
      yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer)))
      assert.strictEqual(times.length, 2)
      assert.isAtLeast((times[1] ?? 0) - (times[0] ?? 0), wait)
    }))

  const hour = 3600
  const headers: ReadonlyArray<readonly [header: string, seconds: number | undefined]> = [
    ["7", 7],
    [" 7 ", 7],
    ["\"7\"", 7],
    ["6.2", 6.2],
    ["7s", 7],
    ["7 seconds", 7],
    ["7, 7", 7],
    ["0", 0],
    ["3601", hour],
    ["86400", hour],
    ["999999999999999999999", hour],
    ["1767225607", 7],
    ["Thu, 01 Jan 2026 00:00:07 GMT", 7],
    ["Thursday, 01-Jan-26 00:00:07 GMT", 7],
    ["Thu Jan  1 00:00:07 2026", 7],
    ["2026-01-01T00:00:07Z", 7],
    ["2026-01-01T01:00:07+01:00", 7],
    ["Thu, 01 Jan 2099 00:00:00 GMT", hour],
    ["Thu, 01 Jan 2015 00:00:00 GMT", 0],
    ["-5", undefined],
    ["soon", undefined],
    ["", undefined]
  ]
  it.effect.each(headers)(
    "Retry-After %j is read as %s seconds, at most an hour",
    ([header, expected]) =>
      Effect.gen(function*() {
        yield* TestClock.setTime(Date.UTC(2026, 0, 1))
        const { layer } = clientOf(() => fail(429, { "retry-after": header }))
        const error = yield* RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip)
        assert.instanceOf(error, RunsError.TooManyRequests)
        assert.strictEqual(error.retryAfter && Duration.toSeconds(error.retryAfter), expected)
      })
  )

  it.effect.each([30, 3600])(
    "a Retry-After of %s seconds, which leaves nothing of the 30 seconds, fails at once",
    (wait) =>
      Effect.gen(function*() {
        const { layer, times } = clientOf(() => fail(429, { "retry-after": String(wait) }), { retry: undefined })
        const error = yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
        assert.instanceOf(error, RunsError.TooManyRequests)
        assert.strictEqual(Duration.toSeconds(error.retryAfter ?? 0), wait)
        assert.strictEqual(times.length, 1)
      })
  )

  it.effect("an attempt without a complete response ends after its time, all attempts after 30 seconds", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOf(() => new Promise<Response>(() => {}), { retry: undefined })
      const started = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
      const error = yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      const ended = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
      assert.instanceOf(error, RunsError.RequestTimeout)
      assert.isAtLeast(times.length, 2)
      assert.isAtMost(ended - started, 31_000)
    }))

  it.effect("the time of an attempt covers the body", () =>
    Effect.gen(function*() {
      const { layer } = clientOf(
        () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) })),
        { timeout: "5 seconds" }
      )
      const error = yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      assert.instanceOf(error, RunsError.RequestTimeout)
      assert.strictEqual(Duration.toSeconds(error.timeout), 5)
    }))

  it.effect("an attempt can take longer than the 30 seconds if its timeout is longer", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOf(() => new Promise<Response>(() => {}), {
        retry: undefined,
        timeout: "50 seconds"
      })
      const error = yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      assert.instanceOf(error, RunsError.RequestTimeout)
      assert.strictEqual(Duration.toSeconds(error.timeout), 50)
      assert.strictEqual(times.length, 1)
    }))

  it.effect.each([0, -5, Number.NaN])("a timeout of %s is invalid", (timeout) =>
    Effect.gen(function*() {
      const { layer } = clientOf(() => fail(500), { timeout })
      const error = yield* RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip)
      assert.deepInclude({ ...error }, { _tag: "InvalidConnection", field: "timeout" })
    }))

  it.effect("a schedule replaces the default policy", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOf(() => fail(503), { retry: Schedule.recurs(7) })
      yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      assert.strictEqual(times.length, 8)
    }))

  it.effect("a page that fails for good leaves the runs before it, and the cursor to continue from", () =>
    Effect.gen(function*() {
      const { layer } = clientOf((index) =>
        index === 0 ? Response.json({ data: [{ ...row, id: 9 }, { ...row, id: 8 }] }) : fail(500)
      )
      const ids: Array<number> = []
      const error = yield* RunsClient.list({ pageSize: 2 }).pipe(
        Stream.runForEach((run) => Effect.sync(() => ids.push(run.id))),
        Effect.provide(layer),
        Effect.flip
      )
      assert.deepStrictEqual(ids, [9, 8])
      assert.instanceOf(error, RunsError.InternalServerError)
      assert.strictEqual(error.resumeFrom?.value, 8)
      assert.include(error.message, "resumeFrom")
      assert.notInclude(error.message, "attempts")
    }))
})
