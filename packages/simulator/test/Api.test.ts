import * as Run from "@coalesce-runs/core/Run"
import * as RunResult from "@coalesce-runs/core/RunResult"
import { Api, Scenario, Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { ask, authorized, errorOf, ids, page, run, runsTo, serving } from "./support.ts"

const lastNight = Scenario.lastNight({ now: "2026-03-10T09:00:00Z" })

const decode = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, text: string): S["Type"] =>
  Schema.decodeUnknownSync(schema)(JSON.parse(text))

describe("what is served fits what is declared", () => {
  it.effect("pages, runs, results and statuses of every run of last night", () =>
    Effect.gen(function*() {
      const runs = Scenario.runs(lastNight)
      const summaries = decode(Api.SummaryPage, (yield* ask("/api/v1/runs?limit=1000")).text)
      const detailed = decode(Api.DetailedPage, (yield* ask("/api/v1/runs?limit=1000&detail=true")).text)
      expect(summaries.data.length).toBe(runs.length)
      expect(detailed.data.length).toBe(runs.length)
      for (const { id, runStatus, runType } of runs.slice(-20)) {
        expect(decode(Run.Run, (yield* ask(`/api/v1/runs/${id}`)).text).runStatus).toBe(runStatus)
        decode(RunResult.RunResults, (yield* ask(`/api/v1/runs/${id}/results`)).text)
        const simulator = yield* Simulator.Simulator
        expect(decode(Api.RunStatusAnswer, (yield* ask(`/scheduler/runStatus?runCounter=${id}`)).text)).toEqual({
          runStatus,
          runType,
          runLink: `${simulator.url}/runs/${id}`
        })
      }
    }).pipe(serving({ scenario: lastNight })))

  const failures: ReadonlyArray<[number, string, RequestInit]> = [
    [400, "/api/v1/runs?limit=0", { headers: authorized }],
    [400, "/api/v1/runs/7b962179-39d0-46fe-a22f-219c571ff618", { headers: authorized }],
    [400, "/api/v1/runs/1.5", { headers: authorized }],
    [400, "/api/v1/runs/0x1", { headers: authorized }],
    [400, "/scheduler/runStatus?runCounter=", { headers: authorized }],
    [400, "/scheduler/runStatus", { headers: authorized }],
    [401, "/api/v1/runs", {}],
    [401, "/api/v1/runs", { headers: { authorization: "Bearer other" } }],
    [401, "/api/v1/runs", { headers: { authorization: "Basic c2ltdWxhdGVkLXRva2Vu" } }],
    [401, "/api/v1/runs/1", {}],
    [401, "/api/v1/runs?limit=0", {}],
    [403, "/api/v1/runs?environmentID=5", { headers: authorized }],
    [403, "/api/v1/runs/2", { headers: authorized }],
    [403, "/api/v1/runs/2/results", { headers: authorized }],
    [403, "/api/v1/runs/3/results", { headers: authorized }],
    [403, "/api/v1/runs/4/results", { headers: authorized }],
    [403, "/scheduler/runStatus?runCounter=2", { headers: authorized }],
    [404, "/api/v1/runs/99", { headers: authorized }],
    [404, "/api/v1/runs/99/results", { headers: authorized }],
    [404, "/scheduler/runStatus?runCounter=99", { headers: authorized }],
    [404, "/api/v2/runs", { headers: authorized }],
    [404, "/api/v1/runs/", { headers: authorized }],
    [404, "/api/v1/runs/%zz", { headers: authorized }],
    [404, "//", { headers: authorized }],
    [404, "/api/v1/runs", { headers: authorized, method: "POST", body: "{}" }]
  ]
  for (const [status, path, init] of failures) {
    it.effect(`${status} for ${init.method ?? "GET"} ${path} ${init.headers === undefined ? "without a token" : ""}`, () =>
      Effect.gen(function*() {
        const answer = yield* ask(path, init)
        expect(answer.status).toBe(status)
        expect(decode(Api.ErrorBody, answer.text).error.errorString).toMatch(new RegExp(`^${status}: `))
      }).pipe(serving({
        runs: [
          run(1),
          run(2, { environmentID: "5" }),
          run(3),
          run(4, { results: "forbidden" })
        ],
        forbidden: { environments: ["5"], results: [3] }
      })))
  }

  it.effect("takes a path that ends before the id for no path", () =>
    Effect.gen(function*() {
      expect(errorOf(yield* ask("/api/v1/runs/"))).toEqual({ errorString: "404: There is no such path." })
    }).pipe(serving({ runs: [run(0)] })))

  it.effect("says a wrong token in the API's own words", () =>
    Effect.gen(function*() {
      expect(errorOf(yield* ask("/api/v1/runs", {}))).toEqual({
        errorString: "401: Unable to authenticate, please ensure your token is valid."
      })
    }).pipe(serving({ runs: [] })))
})

describe("OpenAPI", () => {
  const statuses = ["200", "400", "401", "403", "404", "429", "500", "502", "503", "504"]

  it.effect("has every endpoint with every status, and needs no token", () =>
    Effect.gen(function*() {
      const answer = yield* ask("/openapi.json", {})
      expect(answer.status).toBe(200)
      const document: OpenApi.OpenAPISpec = JSON.parse(answer.text)
      expect(document).toEqual(JSON.parse(JSON.stringify(OpenApi.fromApi(Api.Api))))
      expect(Object.keys(document.paths)).toEqual([
        "/api/v1/runs",
        "/api/v1/runs/{runID}",
        "/api/v1/runs/{runID}/results",
        "/scheduler/runStatus"
      ])
      for (const item of Object.values(document.paths)) {
        expect(Object.keys(item.get?.responses ?? {})).toEqual(statuses)
        expect(item.get?.security).toEqual([{ bearer: [] }])
        expect(item.get?.description).toMatch(/\w/)
      }
      expect(yield* (yield* Simulator.Simulator).requests).toEqual([])
    }).pipe(serving({ runs: [] })))

  it("says that next may be a number, text or null", () => {
    const { SummaryPage, DetailedPage } = OpenApi.fromApi(Api.Api).components.schemas
    const next = { anyOf: [{ type: "number" }, { type: "string" }, { type: "null" }] }
    expect(SummaryPage).toMatchObject({ properties: { next } })
    expect(DetailedPage).toMatchObject({ properties: { next } })
  })

  it("reads well: the query's own kinds, and no null or blank for what is absent", () => {
    const document = OpenApi.fromApi(Api.Api)
    const parameters = document.paths["/api/v1/runs"]?.get?.parameters ?? []
    const schemas = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]))
    expect(Object.keys(schemas)).toEqual([
      "limit",
      "startingFrom",
      "orderBy",
      "orderByDirection",
      "runType",
      "runStatus",
      "environmentID",
      "detail"
    ])
    expect(schemas.limit).toMatchObject({ type: "integer", minimum: 1, maximum: 1000, default: 25 })
    expect(schemas.detail).toMatchObject({ type: "boolean", default: false })
    expect(document.components.schemas.RunSummary).toMatchObject({
      type: "object",
      required: ["id", "runType", "runStatus"],
      properties: { runStartTime: { type: "string", format: "date-time" }, runFailureReason: { type: "string" } }
    })
    expect(JSON.stringify(document)).not.toMatch(/"enum":\[""\]|9007199254740991/)
  })
})

describe("results", () => {
  const node = { nodeID: "n", name: "STG_ORDERS", isRunning: false, queryResults: [] }

  it.effect("are a list, made when asked for, of another shape, forbidden, or none", () =>
    Effect.gen(function*() {
      const results = (id: number) => Effect.map(ask(`/api/v1/runs/${id}/results`), ({ text }) => JSON.parse(text))
      expect(yield* results(1)).toEqual({ data: [node] })
      expect(yield* results(2)).toEqual({ data: [node] })
      expect(yield* results(3)).toEqual({ nodes: {} })
      expect(yield* results(4)).toEqual({ data: [] })
    }).pipe(serving({
      runs: [
        run(1, { results: [node] }),
        run(2, { results: () => [node] }),
        run(3, { results: { body: { nodes: {} } } }),
        run(4)
      ]
    })))

  it.effect("may all be forbidden", () =>
    Effect.gen(function*() {
      expect((yield* ask("/api/v1/runs/1/results")).status).toBe(403)
      expect((yield* ask("/api/v1/runs/1")).status).toBe(200)
    }).pipe(serving({ runs: runsTo(1), forbidden: { results: "all" } })))
})

describe("the simulator", () => {
  it.effect("leaves the runs of a forbidden environment out of a list", () =>
    Effect.gen(function*() {
      expect(ids(yield* page())).toEqual([3, 1])
    }).pipe(serving({ runs: [run(1), run(2, { environmentID: "5" }), run(3)], forbidden: { environments: ["5"] } })))

  it.effect("takes the token that it was given", () =>
    Effect.gen(function*() {
      const { token } = yield* Simulator.Simulator
      expect(Redacted.value(token)).toBe("secret")
      expect((yield* ask("/api/v1/runs")).status).toBe(401)
      expect((yield* ask("/api/v1/runs", { headers: { authorization: "Bearer secret" } })).status).toBe(200)
    }).pipe(serving({ runs: [], token: Redacted.make("secret") })))

  it.effect("serves last night at the clock's time, unless it is given runs", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-03-10T09:00:00Z"))
      const { data } = yield* page({ runStatus: "failed", limit: 1, orderBy: "runStartTime" }).pipe(serving())
      expect(data[0]?.id).toBe(Scenario.find(lastNight, "Daily sales").id)
    }))

  it.effect("limits the rate by the clock, with Retry-After in seconds, as a date, or not at all", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-03-10T09:00:00.250Z"))
      const limited = (retryAfter?: "seconds" | "date" | "none") =>
        Effect.gen(function*() {
          const answers = yield* Effect.forEach([1, 2, 3], () => ask("/api/v1/runs"))
          expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
          yield* TestClock.adjust("9 seconds")
          const limited = yield* ask("/api/v1/runs")
          yield* TestClock.adjust("1 seconds")
          expect((yield* ask("/api/v1/runs")).status).toBe(200)
          return [answers[2]?.headers.get("retry-after"), limited.headers.get("retry-after")]
        }).pipe(serving({
          runs: [],
          rateLimit: { requests: 2, per: "10 seconds", ...(retryAfter === undefined ? {} : { retryAfter }) }
        }))
      expect(yield* limited()).toEqual(["10", "1"])
      expect(yield* limited("date")).toEqual(["Tue, 10 Mar 2026 09:00:21 GMT", "Tue, 10 Mar 2026 09:00:21 GMT"])
      expect(yield* limited("none")).toEqual([null, null])
    }))

  it.effect("waits before each answer, in real time whatever the clock says", () =>
    Effect.gen(function*() {
      const began = performance.now()
      yield* ask("/api/v1/runs")
      // A timer may fire a millisecond early.
      expect(performance.now() - began).toBeGreaterThan(118)
    }).pipe(serving({ runs: [], latency: "120 millis" })))

  it.effect("cannot listen on a port that is taken, and says so", () =>
    Effect.gen(function*() {
      const { url } = yield* Simulator.Simulator
      const port = Number(new URL(url).port)
      const error = yield* Effect.flip(Effect.scoped(Simulator.make({ runs: [], port })))
      expect(error).toBeInstanceOf(Simulator.ListenError)
      expect(error.message).toMatch(`Could not listen on 127.0.0.1:${port}: `)
    }).pipe(serving({ runs: [] })))

  it.effect("brackets an IPv6 address, and gives one to reach it by where it listens on all", () =>
    Effect.gen(function*() {
      const error = new Simulator.ListenError({ host: "::1", port: 80, reason: "in use" })
      expect(error.message).toBe("Could not listen on [::1]:80: in use")
      expect((yield* Simulator.Simulator).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      expect((yield* ask("/api/v1/runs")).status).toBe(200)
    }).pipe(serving({ runs: [], host: "0.0.0.0" })))

  it.live("is gone when its scope closes, with a request still open", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const simulator = yield* Simulator.make({ runs: [], latency: "1 hour" }).pipe(Scope.provide(scope))
      const open = yield* Effect.forkChild(
        Effect.exit(Effect.provideService(ask("/api/v1/runs"), Simulator.Simulator, simulator))
      )
      yield* simulator.waitForRequest(() => true)
      yield* Scope.close(scope, Exit.void)
      const exit = yield* Fiber.join(open)
      expect(Exit.isFailure(exit) && Cause.pretty(exit.cause)).toMatch("fetch failed")
      const refused = yield* Effect.exit(
        Effect.provideService(ask("/api/v1/runs"), Simulator.Simulator, simulator)
      )
      expect(Exit.isFailure(refused)).toBe(true)
    }))
})

describe("the request log", () => {
  it.effect("tells each request, without its token", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-03-10T09:00:00Z"))
      const simulator = yield* Simulator.Simulator
      yield* ask("/api/v1/runs?limit=2&runStatus=failed", { headers: { ...authorized, "user-agent": "me/1" } })
      yield* ask("/api/v1/runs", { headers: { authorization: "Bearer wrong-secret" } })
      yield* ask("/nowhere", {})
      yield* simulator.waitForRequest(({ number, endedAt }) => number === 3 && endedAt !== undefined)
      const requests = yield* simulator.requests
      expect(requests.map(({ headers: _, ...rest }) => rest)).toEqual([
        {
          number: 1,
          method: "GET",
          path: "/api/v1/runs",
          query: { limit: "2", runStatus: "failed" },
          authorization: "valid",
          status: 200,
          receivedAt: DateTime.makeUnsafe("2026-03-10T09:00:00Z"),
          endedAt: DateTime.makeUnsafe("2026-03-10T09:00:00Z"),
          closedEarly: false
        },
        expect.objectContaining({ number: 2, authorization: "wrong", status: 401 }),
        expect.objectContaining({ number: 3, authorization: "missing", status: 404, path: "/nowhere", query: {} })
      ])
      expect(requests[0]?.headers["user-agent"]).toBe("me/1")
      expect(JSON.stringify(requests)).not.toMatch(/simulated-token|wrong-secret/)
      yield* simulator.clearRequests
      expect(yield* simulator.requests).toEqual([])
      yield* ask("/api/v1/runs")
      expect((yield* simulator.requests).map(({ number }) => number)).toEqual([4])
    }).pipe(serving({ runs: runsTo(3) })))

  it.effect("knows a token by what is served for it, however its scheme is written", () =>
    Effect.gen(function*() {
      for (const scheme of ["Bearer", "bearer", "BEARER ", "Basic"]) {
        yield* ask("/api/v1/runs", { headers: { authorization: `${scheme} simulated-token` } })
      }
      const requests = yield* (yield* Simulator.Simulator).requests
      expect(requests.map(({ status, authorization }) => [status, authorization])).toEqual([
        [200, "valid"],
        [200, "valid"],
        [200, "valid"],
        [401, "wrong"]
      ])
    }).pipe(serving({ runs: [] })))

  it.live("knows a client that left before its answer", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const open = yield* Effect.forkChild(ask("/api/v1/runs"))
      yield* simulator.waitForRequest(() => true)
      yield* Fiber.interrupt(open)
      expect((yield* simulator.waitForRequest(({ endedAt }) => endedAt !== undefined)).closedEarly).toBe(true)
      // Nothing is answered any more.
      yield* Effect.sleep("150 millis")
      expect((yield* simulator.requests).map(({ status }) => status)).toEqual([undefined])
    }).pipe(serving({ runs: [], latency: "100 millis" })))
})
