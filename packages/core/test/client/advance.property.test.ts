import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as FastCheck from "fast-check"
import { RunCursor, RunsClient, RunsError } from "../../src/index.ts"
import { clientOver, collect, type NextStyle, paramsOf, select, type WireRun } from "../support/server.ts"

const history = FastCheck.array(
  FastCheck.record({
    gap: FastCheck.integer({ min: 1, max: 3 }),
    start: FastCheck.integer({ min: 0, max: 12 }),
    length: FastCheck.integer({ min: 0, max: 4 }),
    runType: FastCheck.constantFrom("deploy" as const, "refresh" as const),
    runStatus: FastCheck.constantFrom("completed", "failed", "running"),
    environmentID: FastCheck.constantFrom("1", "2")
  }),
  { maxLength: 60 }
).map((shapes): ReadonlyArray<WireRun> => {
  let id = 0
  return shapes.map(({ gap, length, start, ...run }) => {
    id += gap
    return {
      ...run,
      id,
      runStartTime: new Date(Date.UTC(2026, 0, 1) + start).toISOString(),
      runEndTime: new Date(Date.UTC(2026, 0, 1) + start + length).toISOString()
    }
  })
})

const query = FastCheck.record({
  pageSize: FastCheck.integer({ min: 1, max: 20 }),
  orderBy: FastCheck.constantFrom("id" as const, "runStartTime" as const, "runEndTime" as const),
  orderByDirection: FastCheck.constantFrom("asc" as const, "desc" as const),
  runType: FastCheck.option(FastCheck.constantFrom("deploy" as const, "refresh" as const), { nil: undefined }),
  runStatus: FastCheck.option(FastCheck.constantFrom("completed" as const, "failed" as const), { nil: undefined }),
  environmentID: FastCheck.option(FastCheck.constantFrom("1", "2"), { nil: undefined }),
  detail: FastCheck.boolean()
})

const nextStyle = FastCheck.constantFrom<NextStyle>("absent", "null", "blank", "last", "lastAsString", "always")

/** A limit of the server's own, of any size, and what its responses say of it. */
const clamp = FastCheck.record({
  maxLimit: FastCheck.integer({ min: 1, max: 20 }),
  states: FastCheck.constantFrom("used" as const, "requested" as const, "nothing" as const),
  next: FastCheck.constantFrom<NextStyle>("absent", "last", "lastAsString", "always")
})

/** The most runs that share what they are ordered by. */
const ties = (history: ReadonlyArray<WireRun>, orderBy: "id" | "runStartTime" | "runEndTime") =>
  Math.max(0, ...history.map((run) => history.filter((other) => other[orderBy] === run[orderBy]).length))

const expected = (history: ReadonlyArray<WireRun>, query: Record<string, unknown>): ReadonlyArray<number> =>
  select(history, paramsOf(query)).map((run) => run.id)

describe("paging of any history, with any page size, order, filter and kind of next", () => {
  it.effect("lists the filtered, sorted history, each run once", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(history, query, nextStyle, async (history, query, next) => {
          const { error, ids } = await Effect.runPromise(
            collect(clientOver({ history: () => history, next }), RunsClient.list(query))
          )
          assert.isUndefined(error)
          assert.deepStrictEqual(ids, [...expected(history, query)])
        }),
        { numRuns: 400 }
      )
    ))

  it.effect("resumes a stream that was cut anywhere from the encoded cursor of the runs that were used", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(
          history,
          query,
          nextStyle,
          FastCheck.nat({ max: 60 }),
          async (history, query, next, cut) => {
            const { layer } = clientOver({ history: () => history, next })
            const first = await Effect.runPromise(
              RunsClient.list(query).pipe(Stream.take(cut), Stream.runCollect, Effect.provide(layer))
            )
            const cursor = RunCursor.encode([...first].reduce(RunCursor.after, RunCursor.start(query)))
            const rest = await Effect.runPromise(
              RunsClient.list({ ...query, startingFrom: cursor }).pipe(Stream.runCollect, Effect.provide(layer))
            )
            assert.deepStrictEqual([...first, ...rest].map((run) => run.id), [...expected(history, query)])
          }
        ),
        { numRuns: 400 }
      )
    ))

  it.effect("lists the same runs with listPage and its cursor", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(history, query, nextStyle, async (history, { pageSize, ...query }, next) => {
          const { layer } = clientOver({ history: () => history, next })
          const ids: Array<number> = []
          let startingFrom: RunCursor.RunCursor | undefined
          for (let hasMore = true; hasMore;) {
            const page: RunsClient.RunPage = await Effect.runPromise(
              RunsClient.listPage({ ...query, limit: pageSize, startingFrom }).pipe(Effect.provide(layer))
            )
            assert.isAtMost(page.runs.length, pageSize)
            ids.push(...page.runs.map((run) => run.id))
            startingFrom = page.cursor
            hasMore = page.hasMore
          }
          assert.deepStrictEqual(ids, [...expected(history, query)])
        }),
        { numRuns: 200 }
      )
    ))

  it.effect("ends no stream in silence where a server clamps its pages, whatever it says of that", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(history, query, clamp, async (history, query, clamp) => {
          const { error, ids } = await Effect.runPromise(
            collect(clientOver({ history: () => history, ...clamp }), RunsClient.list(query))
          )
          const all = expected(history, query)
          if (error === undefined) return assert.deepStrictEqual(ids, [...all])
          // Runs of one time, of which the server returns some, cannot be told apart by it.
          assert.instanceOf(error, RunsError.PaginationError)
          assert.isAtLeast(ties(history, query.orderBy), clamp.maxLimit)
          assert.deepStrictEqual(ids, all.slice(0, ids.length))
        }),
        { numRuns: 600 }
      )
    ))

  it.effect("loses no run through the cursors of listPage where a server clamps its pages", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(history, query, clamp, async (history, { pageSize, ...query }, clamp) => {
          const { layer } = clientOver({ history: () => history, ...clamp })
          const ids: Array<number> = []
          let startingFrom: RunCursor.RunCursor | undefined
          for (let hasMore = true; hasMore;) {
            const page = await Effect.runPromise(Effect.provide(
              Effect.result(RunsClient.listPage({ ...query, limit: pageSize, startingFrom })),
              layer
            ))
            if (Result.isFailure(page)) {
              assert.instanceOf(page.failure, RunsError.PaginationError)
              return assert.isAtLeast(ties(history, query.orderBy), clamp.maxLimit)
            }
            ids.push(...page.success.runs.map((run) => run.id))
            startingFrom = page.success.cursor
            hasMore = page.success.hasMore
          }
          assert.deepStrictEqual(ids, [...expected(history, query)])
        }),
        { numRuns: 400 }
      )
    ))
})
