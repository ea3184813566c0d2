import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { RunHistory, RunsClient } from "../../src/index.ts"
import { clientOver, runs } from "../support/server.ts"
import * as spans from "../support/spans.ts"

/** Runs an effect, whatever it ends with, and returns the spans of the client. */
const spansOf = <A, E>(
  effect: Effect.Effect<A, E, RunsClient.RunsClient>,
  layer: ReturnType<typeof clientOver>["layer"]
) => spans.spansOf(effect, layer, "RunsClient.")

const request = { "server.address": "app.coalescesoftware.io", "http.request.method": "GET" }

describe("the spans of a client", () => {
  it.effect("are one for each page, of kind client, with its query and its outcome", () =>
    Effect.gen(function*() {
      const { layer } = clientOver({ history: () => runs(7) })
      const found = yield* spansOf(Stream.runDrain(RunsClient.list({ pageSize: 5, orderByDirection: "asc" })), layer)
      assert.deepStrictEqual(
        found,
        [1, 2].map((number) => ({
          name: "RunsClient.listPage",
          kind: "client",
          attributes: {
            ...request,
            "http.response.status_code": 200,
            "coalesce.page.number": number,
            "coalesce.query.order_by": "id",
            "coalesce.query.order_by_direction": "asc",
            "coalesce.query.detail": false,
            "coalesce.page.rows": number === 1 ? 5 : 2,
            "coalesce.page.runs": number === 1 ? 5 : 2,
            "coalesce.page.has_more": number === 1
          },
          events: []
        }))
      )
    }))

  it.effect("have the caller's as parent, also of a page that is requested while the one before is parsed", () =>
    Effect.gen(function*() {
      const { layer } = clientOver({ history: () => runs(28), next: "last" })
      const found = yield* spans.recorded(Stream.runDrain(RunsClient.list({ pageSize: 5 })), layer, "RunsClient.")
      assert.deepStrictEqual(found.map(({ parent }) => Option.getOrUndefined(parent)), found.map(() => undefined))
      assert.deepStrictEqual(found.map((span) => span.attributes.get("coalesce.page.number")), [1, 2, 3, 4, 5, 6])
    }))

  it.effect("name the filters of the query", () =>
    Effect.gen(function*() {
      const { layer } = clientOver({ history: () => runs(7) })
      const query = { runType: "refresh", runStatus: "failed", environmentID: "3", detail: true } as const
      const [span] = yield* spansOf(RunsClient.listPage(query), layer)
      assert.deepInclude(span?.attributes, {
        "coalesce.query.run_type": "refresh",
        "coalesce.query.run_status": "failed",
        "coalesce.query.environment_id": "3",
        "coalesce.query.detail": true
      })
      assert.notProperty(span?.attributes, "coalesce.page.number")
    }))

  it.effect("have an event for each failed attempt", () =>
    Effect.gen(function*() {
      const { layer } = clientOver(
        {
          history: () => runs(3),
          spoil: (response, _, index) => index < 2 ? new Response(null, { status: 503 - index }) : response
        },
        { retry: Schedule.recurs(2) }
      )
      const [span] = yield* spansOf(RunsClient.listPage(), layer)
      assert.deepStrictEqual(span?.events, [
        {
          "name": "coalesce.attempt.failed",
          "coalesce.attempt.number": 1,
          "error.type": "ServiceUnavailable",
          "http.response.status_code": 503
        },
        {
          "name": "coalesce.attempt.failed",
          "coalesce.attempt.number": 2,
          "error.type": "BadGateway",
          "http.response.status_code": 502
        }
      ])
      assert.strictEqual(span?.attributes["http.response.status_code"], 200)
      assert.notProperty(span?.attributes, "error.type")
    }))

  it.effect("say the type of the error that they end with", () =>
    Effect.gen(function*() {
      const { layer } = clientOver({ history: () => [], spoil: () => new Response(null, { status: 403 }) })
      const one = yield* spansOf(RunsClient.get(7), layer)
      assert.deepStrictEqual(one, [{
        name: "RunsClient.get",
        kind: "client",
        attributes: { ...request, "coalesce.run.id": 7, "http.response.status_code": 403, "error.type": "Forbidden" },
        events: [{
          "name": "coalesce.attempt.failed",
          "coalesce.attempt.number": 1,
          "error.type": "Forbidden",
          "http.response.status_code": 403
        }]
      }])
      const broken = clientOver({ history: () => [], spoil: () => new Response("<html>") })
      const [page] = yield* spansOf(RunsClient.listPage(), broken.layer)
      assert.deepInclude(page?.attributes, { "http.response.status_code": 200, "error.type": "DecodeError" })
    }))

  it.effect("are named after the method, and say which run it is about", () =>
    Effect.gen(function*() {
      const row = { id: 7, runType: "refresh", runStatus: "completed", runDetails: {}, data: [] }
      const { layer } = clientOver({ history: () => [], spoil: () => row })
      const all = [RunsClient.get(7), RunsClient.results(7), RunsClient.schedulerStatus(7)]
      const found = yield* spansOf(Effect.all(all), layer)
      assert.deepStrictEqual(found.map(({ attributes, name }) => [name, attributes["coalesce.run.id"]]), [
        ["RunsClient.get", 7],
        ["RunsClient.results", 7],
        ["RunsClient.schedulerStatus", 7]
      ])
    }))

  it.effect("number the pages of a history across its ranges", () =>
    Effect.gen(function*() {
      const { layer } = clientOver({ history: () => runs(400) })
      const found = yield* spansOf(Stream.runDrain(RunHistory.list({ pageSize: 50 })), layer)
      const numbers = found.map(({ attributes }) => Number(attributes["coalesce.page.number"])).sort((a, b) => a - b)
      assert.isAbove(numbers.length, 4)
      assert.deepStrictEqual(numbers, numbers.map((_, index) => index + 1))
    }))
})

describe("the metrics of a client", () => {
  it.effect("count requests, retries, rows and latency, by host", () =>
    Effect.gen(function*() {
      const { layer } = clientOver(
        {
          history: () => runs(7),
          spoil: (response, _, index) => index === 0 ? new Response(null, { status: 503 }) : response
        },
        { retry: Schedule.recurs(1) }
      )
      const metrics = yield* RunsClient.list({ pageSize: 5 }).pipe(
        Stream.runDrain,
        Effect.andThen(Metric.snapshot),
        Effect.provide(layer),
        // A registry of its own: other tests count too.
        Effect.provideService(Metric.MetricRegistry, new Map())
      )
      const found = metrics.filter((metric) => metric.id.startsWith("coalesce_runs_"))
      assert.sameDeepMembers(
        found.map((metric) => [
          metric.id,
          metric.attributes?.["outcome"],
          "count" in metric.state ? Number(metric.state.count) : undefined
        ]),
        [
          ["coalesce_runs_requests", "ServiceUnavailable", 1],
          ["coalesce_runs_requests", "Success", 2],
          ["coalesce_runs_request_latency", undefined, 3],
          ["coalesce_runs_retries", undefined, 1],
          ["coalesce_runs_rows", undefined, 7]
        ]
      )
      assert.deepStrictEqual(
        found.map((metric) => metric.attributes?.["server.address"]),
        found.map(() => "app.coalescesoftware.io")
      )
    }))

  it.effect("are described, and what counts only grows", () =>
    Effect.gen(function*() {
      const odd = { id: 7, runType: "refresh", runStatus: "failed", runDetails: { canceled: "no" } }
      const { layer } = clientOver(
        {
          history: () => [],
          spoil: (_, __, index) => index === 0 ? new Response(null, { status: 503 }) : { data: [odd], next: null }
        },
        { retry: Schedule.recurs(1) }
      )
      const metrics = yield* RunsClient.list({ detail: true }).pipe(
        Stream.runDrain,
        Effect.andThen(Metric.snapshot),
        Effect.provide(layer),
        Effect.provideService(Metric.MetricRegistry, new Map())
      )
      const found = metrics.filter(({ id }) => id.startsWith("coalesce_runs_"))
      assert.sameMembers([...new Set(found.map(({ id }) => id))], [
        "coalesce_runs_requests",
        "coalesce_runs_request_latency",
        "coalesce_runs_retries",
        "coalesce_runs_rows",
        "coalesce_runs_dropped_fields"
      ])
      for (const { description, id, state } of found) {
        assert.isNotEmpty(description, id)
        if (id !== "coalesce_runs_request_latency") assert.propertyVal(state, "incremental", true, id)
      }
    }))

  it.effect("count a request that is interrupted as such, and how long it took", () =>
    Effect.gen(function*() {
      const http = HttpClient.make(() => Effect.never)
      const layer = RunsClient.layer({ accessToken: "a-token-for-tests" }).pipe(
        Layer.provide(Layer.succeed(HttpClient.HttpClient, http))
      )
      yield* TestClock.adjust("1 second")
      const metrics = yield* Effect.gen(function*() {
        const fiber = yield* Effect.forkChild(RunsClient.listPage(), { startImmediately: true })
        yield* TestClock.adjust("250 millis")
        yield* Fiber.interrupt(fiber)
        return yield* Metric.snapshot
      }).pipe(Effect.provide(layer), Effect.provideService(Metric.MetricRegistry, new Map()))
      const of = (name: string) => metrics.find(({ id }) => id === `coalesce_runs_${name}`)
      assert.propertyVal(of("requests")?.attributes, "outcome", "Interrupted")
      assert.propertyVal(of("request_latency")?.state, "sum", 250)
    }))

  it.effect("count an optional field in an odd form, which never costs its row", () =>
    Effect.gen(function*() {
      const layer = clientOver({
        history: () => [],
        spoil: (_, request) => {
          const row = { id: 7, runType: "refresh", runStatus: "failed", runDetails: { canceled: "no" }, version: "v3" }
          return request.has("limit") ? { data: [row, { ...row, id: 6, reRunID: "string" }], next: null } : row
        }
      }).layer
      const metrics = yield* RunsClient.list({ detail: true }).pipe(
        Stream.runDrain,
        Effect.andThen(Metric.snapshot),
        Effect.provide(layer),
        Effect.provideService(Metric.MetricRegistry, new Map())
      )
      const counts = metrics.filter(({ id }) => id === "coalesce_runs_dropped_fields")
      assert.deepStrictEqual(
        counts.map(({ attributes, state }) => [attributes, "count" in state ? Number(state.count) : undefined]),
        [[{ "server.address": "app.coalescesoftware.io" }, 5]]
      )
    }))
})

describe("the log of a stream of runs", () => {
  it.effect("names each row that was skipped, by its id or its place in the page", () =>
    Effect.gen(function*() {
      const logged: Array<unknown> = []
      const logger = Logger.make(({ logLevel, message }) => {
        logged.push([logLevel, message])
      })
      const { layer } = clientOver({
        history: () => [],
        spoil: () => ({ data: [{ id: 9, runType: 5 }, { runType: "refresh", runStatus: "failed" }], next: null })
      })
      yield* RunsClient.list({ undecodableRows: "skip" }).pipe(
        Stream.runDrain,
        Effect.provide(Layer.merge(layer, Logger.layer([logger])))
      )
      assert.deepStrictEqual(logged, [
        ["Warn", ["Skipped 1 undecodable row, run 9: runType: Expected \"deploy\" | \"refresh\" | string"]],
        ["Warn", ["Skipped 1 undecodable row, number 1 of a page: id: Missing key"]]
      ])
    }))
})
