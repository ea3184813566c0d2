import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { PageRequest } from "../../src/client/advance.ts"
import { failureReason, listRuns } from "../../src/client/listRuns.ts"
import { validateStream } from "../../src/client/query.ts"
import { BothAtOnce, ReasonsAtOnce } from "../../src/client/references.ts"
import type { Transport } from "../../src/client/transport.ts"
import { type ListRunsQuery, Run, RunsError } from "../../src/index.ts"

const context = { request: { method: "GET", url: "https://coalesce.example/api/v1/runs" } } as const

/** A transport that answers by the parameters of a request, and the parameters that it got. */
const transportOf = (answer: (params: URLSearchParams) => unknown, projectID?: string) => {
  const asked: Array<Record<string, string>> = []
  const atOnce = { now: 0, most: 0 }
  const transport: Transport = {
    scrub: (text) => text,
    projectID,
    get: ({ endpoint, path }) =>
      Effect.gen(function*() {
        const [before, params = ""] = path.split("?")
        assert.deepStrictEqual([endpoint, before], ["runs", "/api/v1/runs"])
        asked.push(Object.fromEntries(new URLSearchParams(params)))
        atOnce.most = Math.max(atOnce.most, ++atOnce.now)
        yield* Effect.yieldNow
        atOnce.now--
        return { body: answer(new URLSearchParams(params)), context }
      })
  }
  return { asked, atOnce, transport }
}

const page: PageRequest = { limit: 5, startingFrom: "9", isOpaque: false }

const list = (transport: Transport, query: ListRunsQuery.StreamRunsQuery, request = page) =>
  listRuns(transport, Result.getOrThrow(validateStream(query)), request, undefined)

const detailed = { runType: "refresh", runDetails: {} }

/** Two runs, the first of which failed, and the reasons of runs in their other form. */
const answer = (params: URLSearchParams) => ({
  data: params.get("detail") === "true"
    ? [{ ...detailed, id: 8, runStatus: "failed" }, { ...detailed, id: 7, runStatus: "completed" }]
    : [{ id: 8, runFailureReason: "broken" }, { id: 6, runFailureReason: "of another" }]
})

const reasonsOf = Effect.map((response: { readonly rows: ReadonlyArray<Result.Result<object, unknown>> }) =>
  response.rows.map((row) => {
    const run = Result.isSuccess(row) ? row.success : {}
    return "runFailureReason" in run ? run.runFailureReason : "none"
  })
)

const order = { orderBy: "id", orderByDirection: "desc" }
const both = { detail: true, failureReasons: true } as const

describe("the requests of a page", () => {
  it.effect("name the project of the connection, unless the query names one", () =>
    Effect.gen(function*() {
      const { asked, transport } = transportOf(() => ({ data: [] }), "7")
      yield* list(transport, {})
      yield* list(transport, { projectID: "8" })
      const without = transportOf(() => ({ data: [] }))
      yield* list(without.transport, {})
      assert.deepStrictEqual([...asked, ...without.asked].map(({ projectID }) => projectID), ["7", "8", undefined])
    }))

  it.effect("are one without a failed run, and a second one for the reasons of those that failed", () =>
    Effect.gen(function*() {
      const { asked, transport } = transportOf(answer)
      assert.deepStrictEqual(yield* reasonsOf(list(transport, both)), ["broken", "none"])
      assert.deepStrictEqual(asked, [
        { limit: "5", startingFrom: "9", ...order, detail: "true" },
        { limit: "14", startingFrom: "9", ...order, runStatus: "failed" }
      ])
      const none = transportOf(() => ({ data: [{ ...detailed, id: 7, runStatus: "completed" }] }))
      yield* list(none.transport, both)
      assert.lengthOf(none.asked, 1)
    }))

  it.effect("are two where only failed runs are wanted, of 1000 rows at most", () =>
    Effect.gen(function*() {
      const { asked, transport } = transportOf(answer)
      const query = { ...both, runStatus: "failed" } as const
      assert.deepStrictEqual(yield* reasonsOf(list(transport, query, { ...page, limit: 995 })), ["broken", "none"])
      assert.deepStrictEqual(asked, [
        { limit: "995", startingFrom: "9", ...order, runStatus: "failed", detail: "true" },
        { limit: "1000", startingFrom: "9", ...order, runStatus: "failed" }
      ])
    }))

  it.effect("are two of any status where reasons are wanted at once, and not of one that has none", () =>
    Effect.gen(function*() {
      const { asked, transport } = transportOf(answer)
      const atOnce = Effect.provideService(ReasonsAtOnce, true)
      yield* list(transport, both).pipe(atOnce)
      yield* list(transport, { ...both, runStatus: "completed" }).pipe(atOnce)
      assert.deepStrictEqual(asked.map(({ limit, runStatus }) => [limit, runStatus]), [
        ["5", undefined],
        ["14", undefined],
        ["5", "completed"],
        ["14", "failed"]
      ])
    }))

  it.effect.each([["desc", "9"], ["asc", "7"]] as const)(
    "ask for reasons beside the first failed run behind an opaque cursor: %s",
    ([orderByDirection, startingFrom]) =>
      Effect.gen(function*() {
        for (const query of [both, { ...both, runStatus: "failed" as const }]) {
          const { asked, transport } = transportOf(answer)
          const opaque = { ...page, startingFrom: "page-two", isOpaque: true }
          yield* list(transport, { ...query, orderByDirection }, opaque)
          assert.deepStrictEqual(asked.map(({ startingFrom }) => startingFrom), ["page-two", startingFrom])
        }
      })
  )

  it.effect("are one where a list by a time asks by id, or no reasons are wanted", () =>
    Effect.gen(function*() {
      const { asked, transport } = transportOf(answer)
      yield* list(transport, { ...both, runStatus: "failed" }, { ...page, orderBy: "id" })
      yield* list(transport, { detail: true })
      assert.lengthOf(asked, 2)
    }))

  it.effect("are sent at the same time unless told otherwise, and reasons of any status follow", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual([yield* BothAtOnce, yield* ReasonsAtOnce], [true, false])
      const query = { ...both, runStatus: "failed" } as const
      const { asked, atOnce, transport } = transportOf(() => ({ data: [] }))
      yield* list(transport, query)
      assert.deepStrictEqual([asked.length, atOnce.most], [2, 2])
      const apart = transportOf(() => ({ data: [] }))
      yield* list(apart.transport, query).pipe(Effect.provideService(BothAtOnce, false))
      assert.deepStrictEqual([apart.asked.length, apart.atOnce.most], [2, 1])
    }))

  it.effect("ask for the reason of one run by the row at its id", () =>
    Effect.gen(function*() {
      const { asked, transport } = transportOf(answer)
      assert.strictEqual(yield* failureReason(transport, Run.RunId.make(8)), "broken")
      assert.isUndefined(yield* failureReason(transport, Run.RunId.make(7)))
      assert.deepStrictEqual(asked[0], { limit: "1", startingFrom: "9", ...order })
    }))
})

describe("the rows of a page", () => {
  const of = (rows: ReadonlyArray<unknown>, query: ListRunsQuery.StreamRunsQuery) =>
    Effect.map(list(transportOf(() => ({ data: rows })).transport, query), ({ rows }) => rows)

  it.effect("are refused where they are of another type than the query's", () =>
    Effect.gen(function*() {
      const time = "2026-11-03T02:00:00.000Z"
      const row = { id: 8, runStatus: "failed", runStartTime: time }
      const rows = yield* of([{ ...row, runType: "refresh" }, { ...row, runType: "deploy" }], { runType: "deploy" })
      assert.deepStrictEqual<unknown>(
        rows[0],
        Result.fail({
          id: 8,
          index: 0,
          runStartTime: DateTime.makeUnsafe(time),
          path: "runType",
          issue: "Expected \"deploy\" as requested, got \"refresh\""
        })
      )
      assert.isTrue(rows[1] !== undefined && Result.isSuccess(rows[1]))
    }))

  it.effect("are refused where the time that orders them cannot be read, and not where there is none", () =>
    Effect.gen(function*() {
      const row = { id: 8, runType: "refresh", runStatus: "failed" }
      const times = [{ runEndTime: "soon" }, { runEndTime: null }, { runEndTime: "" }, {}]
      const all = yield* of(times.map((time) => ({ ...row, ...time })), { orderBy: "runEndTime" })
      assert.deepStrictEqual<unknown>(
        all[0],
        Result.fail({
          id: 8,
          index: 0,
          path: "runEndTime",
          issue: "Expected an ISO 8601 date-time with an offset, because the query is ordered by it"
        })
      )
      assert.deepStrictEqual(all.map(Result.isSuccess), [false, true, true, true])
    }))

  it.effect("are an error where there are none", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(
        of([], {}).pipe(
          Effect.andThen(list(transportOf(() => ({})).transport, {}))
        )
      )
      assert.instanceOf(error, RunsError.DecodeError)
      assert.deepInclude(error, { ...context, path: "data", issue: "The response has no \"data\"" })
    }))
})
