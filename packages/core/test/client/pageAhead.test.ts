/** What a stream requests while its reader works: the page behind the one that is read, and no other. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { RunsClient, RunsError } from "../../src/index.ts"
import { clientOver, collect, down, respond, runs, type Server, still } from "../support/server.ts"
import { pass, slowClient } from "../support/slowClient.ts"

const pageSize = 20
const count = 90
const server: Server = { history: still(runs(count)), next: "last" }

const slow = (spoil?: (index: number) => Response | undefined, retry = Schedule.recurs(0)) =>
  slowClient(server, spoil, retry)

/** Reads a stream from the server, and returns the requests that it received. */
const read = <A, E>(stream: Stream.Stream<A, E, RunsClient.RunsClient>) =>
  Effect.gen(function*() {
    const { layer, log } = clientOver(server)
    const found = yield* Effect.provide(Stream.runCollect(stream), layer)
    return { found, requests: log.requests }
  })

/** Reads runs from a slow server, and works on the first run of the second page for ever. */
const readAndStay = (layer: ReturnType<typeof slow>["layer"]) =>
  RunsClient.list({ pageSize }).pipe(
    Stream.runForEach((run) => run.id === 60 ? Effect.never : Effect.void),
    Effect.provide(layer),
    Effect.forkChild
  )

/** Runs an effect while so many milliseconds of virtual time pass, and returns what it ends with. */
const during = <A, E>(millis: number, effect: Effect.Effect<A, E>) =>
  Effect.gen(function*() {
    const running = yield* Effect.forkChild(effect)
    yield* pass(millis)
    return yield* Fiber.join(running)
  })

const idsOf = (runs: ReadonlyArray<{ readonly id: number }>) => runs.map(({ id }) => Number(id))

describe("the requests of RunsClient.list", () => {
  it.effect.each([
    { taken: 1, ahead: 1, exact: 1 },
    { taken: 5, ahead: 1, exact: 1 },
    { taken: 20, ahead: 1, exact: 1 },
    { taken: 21, ahead: 2, exact: 2 },
    // The first tenth of the second page.
    { taken: 22, ahead: 2, exact: 2 },
    { taken: 23, ahead: 3, exact: 2 },
    { taken: 40, ahead: 3, exact: 2 },
    // The reader waits for the third page, so that the fourth is requested as soon as that one is there.
    { taken: 41, ahead: 4, exact: 3 },
    { taken: 60, ahead: 4, exact: 3 },
    // That came before the reader waited for it.
    { taken: 61, ahead: 4, exact: 4 },
    { taken: 63, ahead: 5, exact: 4 },
    { taken: 90, ahead: 5, exact: 5 }
  ])(
    "are $ahead for the first $taken runs, $exact with prefetch: false",
    ({ ahead, exact, taken }) =>
      Effect.gen(function*() {
        for (
          const [query, requests] of [[{}, ahead], [{ prefetch: true }, ahead], [{ prefetch: false }, exact]] as const
        ) {
          const { found, requests: sent } = yield* read(Stream.take(RunsClient.list({ pageSize, ...query }), taken))
          assert.deepStrictEqual(found.map(({ id }) => Number(id)), down(count, count - taken + 1))
          assert.strictEqual(sent.length, requests)
          assert.isFalse(sent.some((request) => request.has("prefetch")))
        }
      })
  )

  it.effect("are the pages of the whole history, each once and in order", () =>
    Effect.gen(function*() {
      const requestsOf = (prefetch: boolean) =>
        Effect.map(read(RunsClient.list({ pageSize, prefetch })), ({ requests }) => requests.map(String))
      assert.deepStrictEqual(yield* requestsOf(true), yield* requestsOf(false))
    }))
})

describe("the requests of RunsClient.pages", () => {
  it.effect.each([
    { taken: 1, ahead: 1, exact: 1 },
    { taken: 2, ahead: 3, exact: 2 },
    { taken: 5, ahead: 5, exact: 5 }
  ])(
    "are $ahead for the first $taken pages, $exact with prefetch: false",
    ({ ahead, exact, taken }) =>
      Effect.gen(function*() {
        for (const [prefetch, requests] of [[true, ahead], [false, exact]] as const) {
          const { found, requests: sent } = yield* read(Stream.take(RunsClient.pages({ pageSize, prefetch }), taken))
          assert.strictEqual(found.length, taken)
          assert.strictEqual(sent.length, requests)
        }
      })
  )
})

describe("the page ahead", () => {
  it.effect("is on its way while the reader works", () =>
    Effect.gen(function*() {
      const millisOf = (prefetch: boolean) =>
        Effect.gen(function*() {
          const { layer, log } = slow()
          const started = yield* Clock.currentTimeMillis
          const reading = yield* RunsClient.pages({ pageSize, prefetch }).pipe(
            Stream.runForEach(() => Effect.sleep("100 millis")),
            Effect.andThen(Clock.currentTimeMillis),
            Effect.provide(layer),
            Effect.forkChild
          )
          yield* pass(2000)
          assert.strictEqual(log.mostAtOnce, 1)
          assert.strictEqual(log.sent, 5)
          return (yield* Fiber.join(reading)) - started
        })
      // 5 requests and 5 pages of work, one after another. Ahead, the last 3 requests cost no time.
      assert.isAtLeast(yield* millisOf(false), 1000)
      assert.isAtMost(yield* millisOf(true), 1000 - 3 * 80)
    }))

  it.effect("is the only one, however long the reader takes", () =>
    Effect.gen(function*() {
      const { layer, log } = slow()
      const reading = yield* readAndStay(layer)
      yield* pass(2000)
      assert.strictEqual(log.sent, 3)
      yield* Fiber.interrupt(reading)
      yield* pass(500)
      assert.deepStrictEqual(log, { sent: 3, aborted: 0, mostAtOnce: 1 })
    }))

  it.effect("is aborted when the reader is interrupted, and nothing is requested after that", () =>
    Effect.gen(function*() {
      const { layer, log } = slow()
      const reading = yield* readAndStay(layer)
      while (log.sent < 3) yield* pass(5)
      yield* Fiber.interrupt(reading)
      assert.strictEqual(log.aborted, 1)
      yield* pass(1000)
      assert.strictEqual(log.sent, 3)
    }))

  it.effect("is aborted when the reader has enough", () =>
    Effect.gen(function*() {
      const { layer, log } = slow()
      const reading = Stream.runCollect(Stream.take(RunsClient.list({ pageSize }), 30))
      assert.strictEqual((yield* during(500, Effect.provide(reading, layer))).length, 30)
      assert.deepStrictEqual(log, { sent: 3, aborted: 1, mostAtOnce: 1 })
    }))

  it.effect("fails after the runs of the page before it, with the cursor that continues there", () =>
    Effect.gen(function*() {
      const { layer, log } = slow((index) => index === 2 ? new Response("down", { status: 503 }) : undefined)
      const ids: Array<number> = []
      const reading = RunsClient.list({ pageSize }).pipe(
        // The error is there before the last runs of the second page are read.
        Stream.runForEach((run) => Effect.andThen(Effect.sync(() => ids.push(run.id)), Effect.sleep("10 millis"))),
        Effect.flip
      )
      const error = yield* during(2000, Effect.provide(reading, layer))
      assert.instanceOf(error, RunsError.ServiceUnavailable)
      assert.strictEqual(error.resumeFrom?.value, 51)
      assert.deepStrictEqual(ids, down(count, 51))
      assert.strictEqual(log.sent, 3)
    }))

  it.effect("does not fail a reader that never pulls it", () =>
    Effect.gen(function*() {
      const { layer } = slow((index) => index === 2 ? new Response("down", { status: 503 }) : undefined)
      const reading = RunsClient.list({ pageSize }).pipe(
        Stream.tap(() => Effect.sleep("10 millis")),
        Stream.take(40),
        Stream.runCollect
      )
      assert.strictEqual((yield* during(2000, Effect.provide(reading, layer))).length, 40)
    }))

  it.effect("is retried while the reader works", () =>
    Effect.gen(function*() {
      const { layer, log } = slow(
        (index) => index === 2 ? new Response("down", { status: 503 }) : undefined,
        Schedule.recurs(1)
      )
      const reading = RunsClient.list({ pageSize }).pipe(
        Stream.tap(() => Effect.sleep("10 millis")),
        Stream.runCollect
      )
      assert.deepStrictEqual(idsOf(yield* during(3000, Effect.provide(reading, layer))), down(count, 1))
      assert.deepStrictEqual(log, { sent: 6, aborted: 0, mostAtOnce: 1 })
    }))

  it.effect("is not requested behind an undecodable row, which ends the stream", () =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({
        ...server,
        spoil: (body, _, index) => index === 1 ? { ...body, data: [{ id: "none" }] } : body
      })
      const error = yield* Stream.runDrain(RunsClient.list({ pageSize })).pipe(Effect.provide(layer), Effect.flip)
      assert.instanceOf(error, RunsError.DecodeError)
      assert.strictEqual(log.requests.length, 2)
    }))
})

describe("the page that is requested by a guess", () => {
  /** Reads the whole history, and tells which ids came and what was requested behind which id. */
  const readAll = (server: Server, query: { readonly prefetch?: boolean } = {}) => {
    const over = clientOver(server)
    return Effect.map(
      collect(over, RunsClient.list({ pageSize, ...query })),
      ({ error, ids, requests }) => ({ error, ids, from: requests.map((request) => request.get("startingFrom")) })
    )
  }

  it.effect.each<NonNullable<Server["next"]>>(["absent", "null", "last", "lastAsString", "always"])(
    "is the one that would have been requested, where the next of responses is %s",
    (next) =>
      Effect.gen(function*() {
        const server: Server = { history: still(runs(count)), next }
        const exact = yield* readAll(server, { prefetch: false })
        assert.deepStrictEqual(yield* readAll(server), exact)
        assert.deepStrictEqual(exact.ids, down(count, 1))
      })
  )

  it.effect.each([
    { title: "a last row that is not the furthest", rows: (rows: ReadonlyArray<unknown>) => rows.toReversed() },
    { title: "a last row twice", rows: (rows: ReadonlyArray<unknown>) => [...rows.slice(1), rows[0]] }
  ])("gives way to the right one behind $title", ({ rows }) =>
    Effect.gen(function*() {
      const { layer, log } = slowClient({
        history: still(runs(count)),
        spoil: (body) => ({ ...body, data: rows(body["data"] as ReadonlyArray<unknown>) })
      })
      const reading = Stream.runCollect(RunsClient.list({ pageSize }))
      const ids = idsOf(yield* during(2000, Effect.provide(reading, layer)))
      assert.deepStrictEqual(ids.toSorted((a, b) => b - a), down(count, 1))
      // Pages 3 and 4 are full, and their last row leads elsewhere.
      assert.deepStrictEqual(log, { sent: 7, aborted: 2, mostAtOnce: 1 })
    }))

  it.effect("is followed by the next one, as long as the reader waits", () =>
    Effect.gen(function*() {
      const { layer, log } = slow()
      const reading = Stream.runDrain(Stream.take(RunsClient.list({ pageSize }), 61))
      yield* during(1000, Effect.provide(reading, layer))
      // The fifth page was requested before a run of the fourth came.
      assert.deepStrictEqual(log, { sent: 5, aborted: 1, mostAtOnce: 1 })
    }))

  it.effect("is requested again where the page before it broke off", () =>
    Effect.gen(function*() {
      const history = still(runs(count))
      // Its end can be read, but it is no whole JSON.
      const broken = () =>
        new Response(`[${JSON.stringify(respond(server, new URLSearchParams("startingFrom=51&limit=20")))}`)
      const { layer, log } = slowClient({ history }, (index) => index === 2 ? broken() : undefined, Schedule.recurs(1))
      const reading = Stream.runCollect(RunsClient.list({ pageSize }))
      assert.deepStrictEqual(idsOf(yield* during(3000, Effect.provide(reading, layer))), down(count, 1))
      assert.deepStrictEqual(log, { sent: 7, aborted: 0, mostAtOnce: 2 })
    }))

  it.effect("fails with the cursor that continues there", () =>
    Effect.gen(function*() {
      const { layer, log } = slowClient(
        server,
        (index) => index === 3 ? new Response("down", { status: 503 }) : undefined
      )
      const ids: Array<number> = []
      const reading = RunsClient.list({ pageSize }).pipe(
        Stream.runForEach((run) => Effect.sync(() => ids.push(run.id))),
        Effect.flip
      )
      const error = yield* during(2000, Effect.provide(reading, layer))
      assert.instanceOf(error, RunsError.ServiceUnavailable)
      assert.deepStrictEqual(error.resumeFrom, {
        orderBy: "id",
        orderByDirection: "desc",
        value: 31,
        seen: []
      })
      assert.deepStrictEqual(ids, down(count, 31))
      assert.strictEqual(log.sent, 4)
    }))
})
