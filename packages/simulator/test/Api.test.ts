import * as Run from "@coalesce-runs/core/Run"
import * as RunResult from "@coalesce-runs/core/RunResult"
import { Api, Scenario, Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { ask, authorized, errorOf, run, runsTo, serving } from "./support.ts"

const lastNight = Scenario.lastNight({ now: "2026-03-10T09:00:00Z" })

const decode = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, text: string): S["Type"] =>
  Schema.decodeUnknownSync(schema)(JSON.parse(text))

describe("the responses of the simulator", () => {
  it.effect("decode with the declared schemas: pages, runs, results and statuses of every run of last night", () =>
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
        expect(decode(Api.SchedulerStatus, (yield* ask(`/scheduler/runStatus?runCounter=${id}`)).text)).toEqual({
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
    it.effect(`are a ${status} for ${init.method ?? "GET"} ${path} ${init.headers === undefined ? "without a token" : ""}`, () =>
      Effect.gen(function*() {
        const response = yield* ask(path, init)
        expect(response.status).toBe(status)
        expect(decode(Api.ErrorBody, response.text).error.errorString).toMatch(new RegExp(`^${status}: `))
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

  it.effect("are a 404 for a path that ends before the id", () =>
    Effect.gen(function*() {
      expect(errorOf(yield* ask("/api/v1/runs/"))).toEqual({ errorString: "404: There is no such path." })
    }).pipe(serving({ runs: [run(0)] })))

  it.effect("refuse a wrong token in the API's own words", () =>
    Effect.gen(function*() {
      expect(errorOf(yield* ask("/api/v1/runs", {}))).toEqual({
        errorString: "401: Unable to authenticate, please ensure your token is valid."
      })
    }).pipe(serving({ runs: [] })))
})

describe("the OpenAPI document", () => {
  const statuses = ["200", "400", "401", "403", "404", "429", "500", "502", "503", "504"]

  it.effect("describes every endpoint with every status, and needs no token", () =>
    Effect.gen(function*() {
      const response = yield* ask("/openapi.json", {})
      expect(response.status).toBe(200)
      const document: OpenApi.OpenAPISpec = JSON.parse(response.text)
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

  it("shows the types of the query, and no null or blank for an absent field", () => {
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
      "projectID",
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

describe("the results of a run", () => {
  const node = { nodeID: "n", name: "STG_ORDERS", isRunning: false, queryResults: [] }

  it.effect("can be a list, a list made when requested, a body of another shape, forbidden, or none", () =>
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

  it.effect("can all be forbidden", () =>
    Effect.gen(function*() {
      expect((yield* ask("/api/v1/runs/1/results")).status).toBe(403)
      expect((yield* ask("/api/v1/runs/1")).status).toBe(200)
    }).pipe(serving({ runs: runsTo(1), forbidden: { results: "all" } })))
})

describe("an invalid query", () => {
  const cases: ReadonlyArray<[string, RegExp]> = [
    ["limit=0", /^limit: /],
    ["limit=1001", /^limit: .*1000/],
    ["limit=", /^limit: .*an integer/],
    ["limit=1e2", /^limit: .*an integer/],
    ["limit=0x10", /^limit: .*an integer/],
    ["limit=%205", /^limit: .*an integer/],
    ["limit=2.5", /^limit: .*integer/],
    ["limit=many", /^limit: /],
    ["orderBy=runStatus", /^orderBy: /],
    ["orderByDirection=up", /^orderByDirection: /],
    ["runType=restart", /^runType: /],
    ["runStatus=paused", /^runStatus: /],
    ["detail=yes", /^detail: /],
    ["startingFrom=", /^startingFrom: /],
    ["startingFrom=2026-03-01T02:00:00Z", /^startingFrom: .*run id.*orderBy is id/],
    ["startingFrom=-1", /^startingFrom: /],
    ["startingFrom=1.5", /^startingFrom: /],
    ["orderBy=runStartTime&startingFrom=12", /^startingFrom: .*date-time.*orderBy is runStartTime/],
    ["orderBy=runEndTime&startingFrom=2026-03-01", /^startingFrom: .*date-time.*orderBy is runEndTime/],
    ["orderBy=runEndTime&startingFrom=2026-03-01T02:00:00", /^startingFrom: /]
  ]
  for (const [search, detail] of cases) {
    it.effect(`is a 400 that names the parameter: ${search}`, () =>
      Effect.gen(function*() {
        const response = yield* ask(`/api/v1/runs?${search}`)
        expect(response.status).toBe(400)
        expect(response.headers.get("content-type")).toMatch("application/json")
        expect(errorOf(response)).toEqual({
          errorString: "400: The request was invalid.",
          errorDetail: expect.stringMatching(detail)
        })
      }).pipe(serving({ runs: [] })))
  }

  it.effect("is not one with an unknown parameter, which is ignored", () =>
    Effect.gen(function*() {
      expect((yield* ask("/api/v1/runs?projectID=4")).status).toBe(200)
    }).pipe(serving({ runs: [] })))
})
