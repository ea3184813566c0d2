// The simulator in memory: the responses of the one over HTTP, with no socket, on Effect's clock.
import { RunsClient, RunWatch } from "@coalesce-runs/core"
import { Faults, Scenario, Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { run, runsTo } from "./support.ts"

const lastNight = Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" })

const get = (path: string, token = "simulated-token") =>
  Effect.gen(function*() {
    const { url } = yield* Simulator.Simulator
    const client = yield* HttpClient.HttpClient
    const response = yield* client.execute(
      HttpClientRequest.get(`${url}${path}`).pipe(HttpClientRequest.bearerToken(token))
    )
    const text = yield* response.text
    return { status: response.status, type: response.headers["content-type"], text: text.replaceAll(url, "<url>") }
  })

const inMemory = (options?: Simulator.MemoryOptions) => Effect.provide(Simulator.layerHttpClient(options))

const overHttp = (options?: Simulator.Options) =>
  Effect.provide(Layer.mergeAll(Simulator.layer(options), FetchHttpClient.layer))

const ids = Effect.map(Stream.runCollect(RunsClient.list()), (runs) => runs.map(({ id }): number => id))

const noRetry = { retry: Schedule.recurs(0) }

describe("a simulator in memory", () => {
  const paths = [
    "/api/v1/runs?limit=3&runStatus=failed",
    "/api/v1/runs?limit=3&orderBy=runStartTime&startingFrom=2026-03-10T00:00:00Z&detail=true",
    "/api/v1/runs?limit=0",
    "/api/v1/runs/1202",
    "/api/v1/runs/1202/results",
    "/api/v1/runs/9",
    "/scheduler/runStatus?runCounter=1202",
    "/api/v1/nodes",
    "/api/v1/runs/%",
    "/openapi.json"
  ]
  for (const path of paths) {
    it.live(`responds as one over HTTP does: ${path}`, () =>
      Effect.gen(function*() {
        const memory = yield* get(path).pipe(inMemory({ scenario: lastNight }))
        expect(memory).toEqual(yield* get(path).pipe(overHttp({ scenario: lastNight })))
        expect(memory.text).not.toBe("")
      }))
  }

  it.effect("refuses a wrong token, and keeps the token out of its log", () =>
    Effect.gen(function*() {
      expect((yield* get("/api/v1/runs", "wrong-token")).status).toBe(401)
      yield* get("/api/v1/runs?limit=1")
      const { requests } = yield* Simulator.Simulator
      const log = yield* requests
      expect(log.map(({ authorization, query, status }) => ({ authorization, query, status }))).toEqual([
        { authorization: "wrong", query: {}, status: 401 },
        { authorization: "valid", query: { limit: "1" }, status: 200 }
      ])
      expect(JSON.stringify(log)).not.toMatch(/wrong-token|simulated-token/)
    }).pipe(inMemory()))
})

describe("a simulator in memory, on the test's clock", () => {
  it.effect("lets a response wait for its latency", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(ids)
      yield* TestClock.adjust("59 seconds")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(fiber)).toEqual([2, 1])
    }).pipe(
      Effect.provide(Simulator.layerClient({ runs: runsTo(2), latency: "1 minute" }, { timeout: "2 minutes" }))
    ))

  it.effect("makes the client wait for a Retry-After", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(ids)
      yield* TestClock.adjust("9 seconds")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(fiber)).toEqual([2, 1])
    }).pipe(
      Effect.provide(
        Simulator.layerClient({ runs: runsTo(2), faults: [Faults.first(1, Faults.status(429, { retryAfter: 10 }))] })
      )
    ))

  it.effect("opens a window of the rate limit again", () =>
    Effect.gen(function*() {
      const status = Effect.map(get("/api/v1/runs"), ({ status }) => status)
      expect([yield* status, yield* status]).toEqual([200, 429])
      yield* TestClock.adjust("1 minute")
      expect(yield* status).toBe(200)
    }).pipe(inMemory({ rateLimit: { requests: 1, per: "1 minute" } })))

  it.effect("lets a body drip, one piece after each pause", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(ids)
      yield* TestClock.adjust("3 seconds")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(fiber)).toEqual([2, 1])
    }).pipe(
      Effect.provide(
        Simulator.layerClient({
          runs: runsTo(2),
          faults: [Faults.always(Faults.drip({ pieces: 4, pause: "1 second" }))]
        })
      )
    ))

  for (const after of ["request", "headers"] as const) {
    it.effect(`hangs after the ${after} until the client gives up, and notes that it left early`, () =>
      Effect.gen(function*() {
        const fiber = yield* Effect.forkChild(Effect.flip(ids))
        yield* TestClock.adjust("20 seconds")
        expect((yield* Fiber.join(fiber))._tag).toBe("RequestTimeout")
        const { requests } = yield* Simulator.Simulator
        const [request] = yield* requests
        expect(request).toMatchObject({ fault: "Hang", closedEarly: true })
        expect(Option.map(Option.fromUndefinedOr(request?.endedAt), DateTime.toEpochMillis)).toEqual(
          Option.some(20_000)
        )
      }).pipe(
        Effect.provide(Simulator.layerClient({ runs: runsTo(2), faults: [Faults.always(Faults.hang(after))] }, noRetry))
      ))
  }

  it.effect("is watched from poll to poll", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const fiber = yield* RunWatch.watch({ runType: "refresh" }).pipe(
        Stream.filter(({ _tag }) => _tag === "Appeared" || _tag === "Ended"),
        Stream.take(2),
        Stream.map((event) => event._tag),
        Stream.runCollect,
        Effect.forkChild
      )
      yield* TestClock.adjust("1 second")
      yield* simulator.append({ id: 3, runType: "refresh", runStatus: "running", runStartTime: "1970-01-01T00:00:01Z" })
      yield* TestClock.adjust("1 minute")
      yield* simulator.update((runs) =>
        runs.map((run) => run.id === 3 ? { ...run, runStatus: "failed", runEndTime: "1970-01-01T00:01:00Z" } : run)
      )
      yield* TestClock.adjust("2 minutes")
      expect(yield* Fiber.join(fiber)).toEqual(["Appeared", "Ended"])
    }).pipe(Effect.provide(Simulator.layerClient({ runs: [run(1), run(2)] }))))
})

describe("faults in memory", () => {
  const cases: ReadonlyArray<readonly [string, Faults.Fault, string]> = [
    ["a reset connection", Faults.reset, "TransportError"],
    ["a body that stops in the middle", Faults.truncated(), "TransportError"],
    ["a 503 with a page of HTML", Faults.status(503, { body: "html" }), "ServiceUnavailable"],
    ["an empty 200", Faults.emptyBody, "DecodeError"],
    ["a redirect, which is not followed", Faults.redirect("https://example.invalid/"), "UnexpectedStatus"],
    ["a row that cannot be decoded", Faults.malformedRow(() => ({ id: "seven" })), "DecodeError"]
  ]
  for (const [name, fault, tag] of cases) {
    it.effect(`${name} is a ${tag}`, () =>
      Effect.gen(function*() {
        expect((yield* Effect.flip(ids))._tag).toBe(tag)
        const { requests } = yield* Simulator.Simulator
        expect(yield* requests).toMatchObject([{ number: 1, fault: fault._tag, closedEarly: false }])
      }).pipe(Effect.provide(Simulator.layerClient({ runs: runsTo(2), faults: [Faults.always(fault)] }, noRetry))))
  }

  it.effect("a rule that throws is a 500 that names what was thrown", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(ids)
      expect([error._tag, error.message]).toEqual([
        "InternalServerError",
        expect.stringContaining("The simulator failed: Error: no such row")
      ])
    }).pipe(Effect.provide(Simulator.layerClient({
      faults: [Faults.always(Faults.page(() => {
        throw new Error("no such row")
      }))]
    }, noRetry))))
})
