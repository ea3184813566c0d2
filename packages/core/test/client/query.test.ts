import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { startingFromOf, urlParams, validate } from "../../src/client/query.ts"
import { type ListRunsQuery, RunCursor, RunsClient, RunsError } from "../../src/index.ts"
import { clientOf, row } from "../support/responses.ts"

const paramsOf = (query: ListRunsQuery.ListRunsQuery) =>
  Result.map(
    validate(query),
    (valid) =>
      Object.fromEntries(urlParams(valid, { limit: valid.pageSize, startingFrom: startingFromOf(valid.start) }))
  )

describe("the parameters of a request", () => {
  it.each(
    [
      {},
      { limit: 1000, orderBy: "runEndTime", orderByDirection: "asc", startingFrom: "2026-08-24T14:15:22.000Z" },
      { limit: 1, startingFrom: 17, runType: "deploy", runStatus: "waitingToRun", environmentID: "3 & 4", detail: true }
    ] satisfies ReadonlyArray<ListRunsQuery.ListRunsQuery>
  )("are those of the query %s, and its order", (query) =>
    assert.deepStrictEqual(
      paramsOf(query),
      Result.succeed(Object.fromEntries(
        Object.entries({ orderBy: "id", orderByDirection: "desc", ...query }).map((
          [name, value]
        ) => [name, String(value)])
      ))
    ))

  it("stand in the documentation's order", () => {
    const query = {
      detail: true,
      environmentID: "3",
      runStatus: "failed",
      runType: "refresh",
      startingFrom: 1,
      limit: 5
    }
    assert.deepStrictEqual(
      Result.map(validate(query), (valid) => Array.from(urlParams(valid, { limit: 5, startingFrom: "1" }).keys())),
      Result.succeed([
        "limit",
        "startingFrom",
        "orderBy",
        "orderByDirection",
        "runType",
        "runStatus",
        "environmentID",
        "detail"
      ])
    )
  })
})

describe("the cursor that a query starts at", () => {
  const time = Date.UTC(2026, 7, 24, 14, 15, 22)
  interface Case {
    readonly query: ListRunsQuery.StreamRunsQuery
    readonly start: RunCursor.RunCursor
  }

  const cursor = { orderBy: "runEndTime", orderByDirection: "asc", value: time, seen: [4, 5] } as const

  it.effect.each(
    [
      { query: {}, start: { orderBy: "id", orderByDirection: "desc", seen: [] } },
      { query: { startingFrom: "17" }, start: { orderBy: "id", orderByDirection: "desc", value: 17, seen: [] } },
      {
        query: { orderBy: "runStartTime", startingFrom: "2026-08-24T14:15:22Z" },
        start: { orderBy: "runStartTime", orderByDirection: "desc", value: time - 1, seen: [] }
      },
      {
        query: { orderBy: "runStartTime", orderByDirection: "asc", startingFrom: new Date(time) },
        start: { orderBy: "runStartTime", orderByDirection: "asc", value: time + 1, seen: [] }
      },
      {
        query: { orderBy: "runStartTime", startingFrom: DateTime.makeUnsafe(time) },
        start: { orderBy: "runStartTime", orderByDirection: "desc", value: time - 1, seen: [] }
      },
      { query: { startingFrom: cursor }, start: cursor },
      { query: { startingFrom: RunCursor.encode(cursor) }, start: cursor }
    ] satisfies ReadonlyArray<Case>
  )("of $query is $start", ({ query, start }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* RunsClient.startCursor(query), start)
    }))

  it.effect.each(
    [
      { orderBy: "runStartTime", startingFrom: new Date(Number.NaN) },
      { orderBy: "id", startingFrom: new Date(time) }
    ] satisfies ReadonlyArray<ListRunsQuery.StreamRunsQuery>
  )("does not exist for a Date that is not valid there: %o", (query) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(RunsClient.startCursor(query))
      assert.deepStrictEqual(error.violations.map(({ field }) => field), ["startingFrom"])
    }))

  it.effect("does not exist for an invalid query", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(RunsClient.startCursor({ pageSize: 0, startingFrom: "yesterday" }))
      assert.deepStrictEqual(error.violations.map(({ field }) => field), ["pageSize", "startingFrom"])
    }))
})

describe("an invalid query sends no request", () => {
  it.effect.each([
    { query: { limit: 0 }, fields: ["limit"] },
    { query: { limit: 1001, orderBy: "date", runStatus: "broken" }, fields: ["limit", "orderBy", "runStatus"] },
    { query: { limt: 5 }, fields: ["limt"] },
    {
      query: { limit: 0, startingFrom: "abc", failureReasons: true },
      fields: ["failureReasons", "limit", "startingFrom"]
    },
    { query: { orderBy: "date", startingFrom: "abc" }, fields: ["orderBy"] },
    { query: { limit: "25", detail: "yes", startingFrom: null }, fields: ["detail", "limit", "startingFrom"] },
    { query: { orderBy: "runStartTime", startingFrom: "2026-02-30T00:00:00Z" }, fields: ["startingFrom"] },
    { query: { orderBy: "runStartTime", startingFrom: "2026-02-28T00:00:00.122350Z" }, fields: ["startingFrom"] },
    { query: { startingFrom: "c1.runStartTime.desc.2gm8ex6vwg0" }, fields: ["startingFrom"] },
    { query: { startingFrom: "c1.id.desc.-5" }, fields: ["startingFrom"] },
    { query: { startingFrom: "2026-01-01T00:00:00Z" }, fields: ["startingFrom"] },
    { query: { orderBy: "runStartTime", startingFrom: 17 }, fields: ["startingFrom"] },
    { query: { orderBy: "runStartTime", startingFrom: "Fri Oct 30 2026" }, fields: ["startingFrom"] },
    { query: { orderBy: "runStartTime", startingFrom: "c1.id.desc.8" }, fields: ["startingFrom"] },
    { query: { failureReasons: true }, fields: ["failureReasons"] },
    { query: { environmentID: "" }, fields: ["environmentID"] }
  ])("$query", ({ fields, query }) =>
    Effect.gen(function*() {
      const { layer, times } = clientOf(() => Response.json({ data: [] }))
      // A caller without types: the check is there for that.
      const error = yield* RunsClient.listPage(query as {}).pipe(Effect.provide(layer), Effect.flip)
      assert.instanceOf(error, RunsError.InvalidQuery)
      assert.deepStrictEqual(error.violations.map((violation) => violation.field).sort(), fields.sort())
      assert.strictEqual(times.length, 0)
    }))

  it.effect("a stream with a limit is invalid: limit belongs to listPage", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOf(() => Response.json({ data: [] }))
      // A caller without types: with them it does not compile.
      const error = yield* RunsClient.list(JSON.parse("{\"limit\": 5, \"pageSize\": 0}")).pipe(
        Stream.runCollect,
        Effect.provide(layer),
        Effect.flip
      )
      assert.instanceOf(error, RunsError.InvalidQuery)
      assert.include(error.message, "Stream.take")
      assert.sameMembers(error.violations.map((violation) => violation.field), ["limit", "pageSize"])
      assert.strictEqual(times.length, 0)
    }))

  it.effect.each([-1, 1.5, Number.NaN])("the id %s", (id) =>
    Effect.gen(function*() {
      const { layer, times } = clientOf(() => Response.json(row))
      assert.instanceOf(yield* RunsClient.get(id).pipe(Effect.provide(layer), Effect.flip), RunsError.InvalidQuery)
      assert.instanceOf(yield* RunsClient.results(id).pipe(Effect.provide(layer), Effect.flip), RunsError.InvalidQuery)
      assert.strictEqual(times.length, 0)
    }))
})
