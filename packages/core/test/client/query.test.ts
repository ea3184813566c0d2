import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { startingFromOf, urlParams, validate, validateStream } from "../../src/client/query.ts"
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

describe("what a query says where a parameter is not set", () => {
  it("is the API's default order, and the stricter choice", () => {
    const start = { orderBy: "id", orderByDirection: "desc", seen: [] } as const
    assert.deepStrictEqual(
      validate({ limit: 7, runType: undefined }),
      Result.succeed({
        limit: 7,
        orderBy: "id",
        orderByDirection: "desc",
        pageSize: 7,
        start,
        detail: false,
        failureReasons: false,
        undecodableRows: "fail",
        prefetch: true
      })
    )
    const set = { detail: true, failureReasons: true, undecodableRows: "skip", prefetch: false, pageSize: 9 } as const
    assert.deepStrictEqual(
      validateStream(set),
      Result.succeed({ ...set, orderBy: "id", orderByDirection: "desc", start })
    )
  })
})

describe("the startingFrom of a cursor", () => {
  const value = Date.UTC(2026, 7, 24)
  it.each(
    [
      [{ orderBy: "id", orderByDirection: "asc", seen: [] }, undefined],
      [{ orderBy: "id", orderByDirection: "asc", value: 7, seen: [] }, "7"],
      [{ orderBy: "runEndTime", orderByDirection: "desc", value, seen: [] }, "2026-08-24T00:00:00.001Z"],
      [{ orderBy: "runEndTime", orderByDirection: "asc", value, seen: [] }, "2026-08-23T23:59:59.999Z"]
    ] satisfies ReadonlyArray<readonly [RunCursor.RunCursor, string | undefined]>
  )("%j is %s", (cursor, expected) => {
    assert.strictEqual(startingFromOf(cursor), expected)
  })
})

describe("what is wrong with a query is said in a sentence", () => {
  const size = "Expected an integer from 1 to 1000"
  const byId = "Expected the id of a run, because orderBy is id"
  const tooFine = "Expected a time no finer than a millisecond"
  const byTime = { orderBy: "runStartTime" } as const

  /** Each wrong field and why. A caller without types: the check is there for that. */
  const wrong = (check: typeof validate | typeof validateStream, query: unknown): object => {
    const checked: Result.Result<unknown, RunsError.InvalidQuery> = Reflect.apply(check, undefined, [query])
    return Result.isSuccess(checked)
      ? {}
      : Object.fromEntries(checked.failure.violations.map(({ field, reason }) => [field, reason]))
  }

  it.each<readonly [query: unknown, wrong: object]>([
    [null, { query: "Expected object" }],
    [{ limit: 0 }, { limit: size }],
    [{ environmentID: "", projectID: "" }, {
      environmentID: "Expected a non-empty string",
      projectID: "Expected a non-empty string"
    }],
    [{ startingFrom: null }, { startingFrom: "Expected the id of a run, a time, or a cursor" }],
    [{ detail: 1, failureReasons: 1 }, { detail: "Expected true or false", failureReasons: "Expected true or false" }],
    [{ limt: 5 }, {
      limt:
        "No such parameter; there are limit, startingFrom, orderBy, orderByDirection, runType, runStatus, environmentID, projectID, detail, failureReasons, undecodableRows"
    }],
    [{ limt: undefined }, {}],
    [{ failureReasons: true, detail: false }, {
      failureReasons: "Requires detail: true; rows without detail have their reason already"
    }],
    [{ orderBy: "id", startingFrom: "c1.id.desc.8", orderByDirection: "asc" }, {
      startingFrom: "The cursor reads by id desc, the query by id asc"
    }],
    [{ startingFrom: "x17" }, { startingFrom: byId }],
    [{ startingFrom: "17x" }, { startingFrom: byId }],
    [{ startingFrom: "1e3" }, { startingFrom: byId }],
    [{ startingFrom: "0x11" }, { startingFrom: byId }],
    [{ startingFrom: -1 }, { startingFrom: byId }],
    [{ startingFrom: 0 }, {}],
    [{ ...byTime, startingFrom: 17 }, {
      startingFrom: "Expected an ISO 8601 date-time with an offset, because orderBy is runStartTime"
    }],
    [{ ...byTime, startingFrom: "2026-02-28T00:00:00.1223Z" }, { startingFrom: tooFine }],
    [{ ...byTime, startingFrom: "2026-02-28T00:00:00.122003Z" }, { startingFrom: tooFine }],
    [{ ...byTime, startingFrom: "2026-02-28T00:00:00.1220Z" }, {}],
    [{ ...byTime, startingFrom: "2026-02-28T00:00:00.12Z" }, {}]
  ])("%j", (query, expected) => {
    assert.deepStrictEqual(wrong(validate, query), expected)
  })

  it.each<readonly [query: unknown, fields: ReadonlyArray<string>]>([
    [{ orderBy: "date", failureReasons: true }, ["orderBy", "failureReasons"]],
    [{ limit: 0, environmentID: "", failureReasons: true }, ["limit", "environmentID", "failureReasons"]],
    [{ orderByDirection: "up", startingFrom: "abc" }, ["orderByDirection"]]
  ])("names each wrong parameter, and no starting point without an order: %j", (query, fields) => {
    assert.deepStrictEqual(Object.keys(wrong(validate, query)), fields)
  })

  it("of a stream, which has pageSize instead of limit", () => {
    assert.deepStrictEqual(wrong(validateStream, { limit: 5, pageSize: 0 }), {
      limit: "Belongs to listPage; use Stream.take, or pageSize for the size of a request",
      pageSize: size
    })
    assert.match(Object.values(wrong(validateStream, { limt: 5 })).join(), /^No such parameter; there are .*pageSize/)
  })
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
