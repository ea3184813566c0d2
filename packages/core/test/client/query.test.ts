import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { startingFromOf, urlParams, validate } from "../../src/client/query.ts"
import { type ListRunsQuery, RunCursor, RunsClient } from "../../src/index.ts"

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
