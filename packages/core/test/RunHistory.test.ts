import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as FastCheck from "fast-check"
import { RunCursor, RunHistory, type RunsClient } from "../src/index.ts"
import {
  clientOver,
  collect,
  down,
  type NextStyle,
  paramsOf,
  runs,
  select,
  type Server,
  still,
  type WireRun
} from "./support/server.ts"
import { pass, slowClient } from "./support/slowClient.ts"

const read = (server: Server, query: RunHistory.HistoryQuery = {}, options?: RunHistory.Options, take = Infinity) =>
  collect(clientOver(server), Stream.take(RunHistory.list(query, options), take))

const resumeFrom = (error: RunsClient.ListError | undefined) =>
  error !== undefined && "resumeFrom" in error ? error.resumeFrom : undefined

/** Stretches of ids with different gaps: dense, thin, a hole. */
const history = FastCheck.record({
  first: FastCheck.constantFrom(0, 1, 1, 7, 5_000),
  stretches: FastCheck.array(
    FastCheck.record({
      count: FastCheck.integer({ min: 1, max: 60 }),
      gap: FastCheck.constantFrom(1, 1, 2, 7, 300),
      runType: FastCheck.constantFrom("deploy" as const, "refresh" as const),
      every: FastCheck.integer({ min: 1, max: 9 })
    }),
    { maxLength: 6 }
  )
}).map(({ first, stretches }): ReadonlyArray<WireRun> => {
  let id = first
  return stretches.flatMap(({ count, every, gap, runType }) =>
    Array.from({ length: count }, (_, index) => ({
      id: id += gap,
      runType: index % 4 === 0 ? "deploy" : runType,
      runStatus: index % every === 0 ? "failed" : "completed",
      environmentID: String(index % 2)
    }))
  )
})

const query = FastCheck.record({
  pageSize: FastCheck.integer({ min: 1, max: 40 }),
  orderByDirection: FastCheck.constantFrom("asc", "desc"),
  runType: FastCheck.option(FastCheck.constantFrom("deploy", "refresh"), { nil: undefined }),
  runStatus: FastCheck.option(FastCheck.constantFrom("completed", "failed"), { nil: undefined }),
  environmentID: FastCheck.option(FastCheck.constantFrom("0", "1"), { nil: undefined }),
  detail: FastCheck.boolean()
})

const server = FastCheck.record({
  next: FastCheck.constantFrom<NextStyle>("absent", "null", "blank", "last", "lastAsString", "always"),
  maxLimit: FastCheck.constantFrom(1000, 7, 3)
})

describe("RunHistory.list", () => {
  it.live(
    "lists the filtered, sorted history, each run once, with few requests, also when cut and resumed anywhere",
    () =>
      Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(
            history,
            query,
            server,
            FastCheck.integer({ min: 1, max: 6 }),
            FastCheck.nat({ max: 400 }),
            async (runs, query, style, concurrency, cut) => {
              const wanted = select(runs, paramsOf(query))
              const server = { ...style, history: still(runs) }
              const whole = await Effect.runPromise(read(server, query, { concurrency }))
              assert.deepStrictEqual(whole.ids, wanted.map((run) => run.id))
              assert.isUndefined(whole.error)

              const size = Math.min(query.pageSize, style.maxLimit)
              // Pages of a run or two cannot be foreseen where ids have gaps: there what is read ahead may be read in vain.
              const factor = size < 10 ? concurrency + 2 : 3
              assert.isAtMost(whole.requests.length, factor * wanted.length / size + 2 * concurrency + 14)

              const maxRows = cut + 1
              const bounded = await Effect.runPromise(read(server, query, { concurrency, maxRows }))
              assert.deepStrictEqual(bounded.ids, wanted.slice(0, maxRows).map((run) => run.id))
              assert.isUndefined(bounded.error)

              const last = wanted.slice(0, cut).at(-1)
              const beginning = RunCursor.start({ orderBy: "id", orderByDirection: query.orderByDirection })
              const startingFrom = RunCursor.encode(last === undefined ? beginning : { ...beginning, value: last.id })
              const rest = await Effect.runPromise(read(server, { ...query, startingFrom }, { concurrency }))
              assert.deepStrictEqual(rest.ids, wanted.slice(cut).map((run) => run.id))
            }
          ),
          { numRuns: 300 }
        )
      ),
    60_000
  )

  it.effect("makes one request for the runs of the first page, and then at most concurrency requests ahead of a pull", () =>
    Effect.gen(function*() {
      const server = { history: still(runs(20_000)) }
      assert.strictEqual((yield* read(server, {}, {}, 5)).requests.length, 1)
      assert.strictEqual((yield* read(server, {}, {}, 25)).requests.length, 1)
      assert.strictEqual((yield* read(server, {}, { concurrency: 3 }, 26)).requests.length, 4)
      assert.isAtMost((yield* read(server, {}, { concurrency: 3 }, 1026)).requests.length, 5)
    }))

  it.effect("makes no request behind the runs of maxRows, whatever its concurrency", () =>
    Effect.gen(function*() {
      const server = { history: still(runs(20_000)) }
      for (const concurrency of [undefined, 1, 3, 16]) {
        const { ids, requests } = yield* read(server, {}, { concurrency, maxRows: 5025 })
        assert.deepStrictEqual(ids, down(20_000, 14_976))
        assert.strictEqual(requests.length, 6)
      }
    }))

  it.effect("aborts all its requests when the reader is interrupted", () =>
    Effect.gen(function*() {
      const { layer, log } = slowClient({ history: still(runs(5000)) })
      const reading = yield* RunHistory.list({}, { concurrency: 3 }).pipe(
        Stream.runDrain,
        Effect.provide(layer),
        Effect.forkChild
      )
      while (log.sent < 4) yield* pass(5)
      yield* Fiber.interrupt(reading)
      assert.strictEqual(log.aborted, 3)
      yield* pass(500)
      assert.strictEqual(log.sent, 4)
    }))

  it.live("reads no further ahead than its concurrency while a run is handled", () =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({ history: still(runs(20_000)) })
      let handled = 0
      yield* RunHistory.list({ pageSize: 50 }, { concurrency: 3 }).pipe(
        Stream.tap(() => (handled += 1) % 50 === 1 ? Effect.sleep("20 millis") : Effect.void),
        Stream.take(151),
        Stream.runDrain,
        Effect.provide(layer)
      )
      // Four pages that were begun, and two beyond.
      assert.strictEqual(log.requests.length, 6)
    }))

  it.effect("requests dense ids in whole pages, each once", () =>
    Effect.gen(function*() {
      const { ids, requests } = yield* read({ history: still(runs(10_025)) }, {}, { concurrency: 4 })
      assert.deepStrictEqual(ids, down(10_025, 1))
      assert.deepStrictEqual(
        requests.map((request) => [request.get("startingFrom"), request.get("limit")]),
        [
          [null, "25"],
          ...Array.from({ length: 10 }, (_, page) => [String(10_001 - 1000 * page), "1000"]),
          ["1", "1"] // whether there is a run 0
        ]
      )
    }))

  it.effect("requests wider ranges where few runs match, and passes over a gap", () =>
    Effect.gen(function*() {
      const all = runs(30_000)
      const query = { runType: "deploy", runStatus: "failed", pageSize: 100 } as const
      const sparse = yield* read({ history: still(all) }, query, { concurrency: 4 })
      assert.deepStrictEqual(sparse.ids, all.filter((run) => run.id % 35 === 0).map((run) => run.id).reverse())
      assert.isAtMost(sparse.requests.length, 18) // 857 runs are nine pages

      const old = all.slice(0, 500)
      const hole = [...old, ...old.map((run) => ({ ...run, id: run.id + 50_000_000 }))]
      const around = yield* read({ history: still(hole) }, { pageSize: 100 }, { concurrency: 4 })
      assert.deepStrictEqual(around.ids, [...down(50_000_500, 50_000_001), ...down(500, 1)])
      assert.isAtMost(around.requests.length, 20) // ten pages
      const adapting = yield* read({ history: still(hole) }, { pageSize: 100 })
      assert.deepStrictEqual(adapting.ids, around.ids)
      assert.isAtMost(adapting.requests.length, 24)
    }))

  it.effect("loses and repeats no run when another starts or is deleted meanwhile", () =>
    Effect.gen(function*() {
      for (const orderByDirection of ["asc", "desc"] as const) {
        let all = runs(300)
        const { layer } = clientOver({ history: () => all })
        const ids: Array<number> = []
        yield* RunHistory.list({ orderByDirection, pageSize: 10 }).pipe(
          Stream.runForEach(({ id }) =>
            Effect.sync(() => {
              ids.push(id)
              // The runs at the edges of the pages go when they are out.
              if (id % 10 < 2) all = all.filter((run) => run.id !== id)
              if (ids.length % 100 === 0) all = [...all, ...runs(1).map((run) => ({ ...run, id: 301 + ids.length }))]
            })
          ),
          Effect.provide(layer)
        )
        const wanted = orderByDirection === "desc" ? down(300, 1) : down(300, 1).toReversed()
        assert.deepStrictEqual(ids.filter((id) => id <= 300), wanted)
        assert.strictEqual(new Set(ids).size, ids.length)
      }
    }))

  it.effect("fails after the runs before the error in order, and resumes with the rest", () =>
    Effect.gen(function*() {
      const history = still(runs(200))
      const refused = yield* read({
        history,
        spoil: (body, request) =>
          Number(request.get("startingFrom") ?? 201) <= 150 && Number(request.get("startingFrom")) > 140
            ? new Response("", { status: 403 })
            : body
      }, { pageSize: 10 })
      assert.deepStrictEqual(refused.ids, down(200, refused.ids.at(-1) ?? 0))
      assert.strictEqual(refused.error?._tag, "Forbidden")
      const startingFrom = resumeFrom(refused.error)
      assert.isDefined(startingFrom)
      const rest = yield* read({ history }, { startingFrom, pageSize: 10 })
      assert.deepStrictEqual([...refused.ids, ...rest.ids], down(200, 1))
    }))

  it.effect("fails behind the runs before an undecodable row, or skips the row", () =>
    Effect.gen(function*() {
      const spoil: Server["spoil"] = (body) => ({
        ...body,
        data: (body["data"] as ReadonlyArray<{ readonly id: number }>).map((row) =>
          row.id === 77 ? { ...row, runStatus: 7 } : row
        )
      })
      const server = { history: still(runs(100)), spoil }
      const failed = yield* read(server, { pageSize: 10 })
      assert.deepStrictEqual(failed.ids, down(100, 78))
      assert.strictEqual(failed.error?._tag, "DecodeError")
      assert.strictEqual(resumeFrom(failed.error)?.value, 78)

      const skipped = yield* read(server, { pageSize: 10, undecodableRows: "skip" })
      assert.deepStrictEqual(skipped.ids, down(100, 1).filter((id) => id !== 77))
      assert.isUndefined(skipped.error)
    }))

  it.effect("fails with a PaginationError behind the runs before a page that does not advance", () =>
    Effect.gen(function*() {
      const { error, ids } = yield* read({
        history: still(runs(100)),
        spoil: (body, request) =>
          request.get("startingFrom") !== null && !(Number(request.get("startingFrom")) > 50)
            ? { ...body, data: [], next: "again" }
            : body
      }, { pageSize: 10 })
      assert.deepStrictEqual(ids, down(100, ids.at(-1) ?? 0))
      assert.isAtLeast(ids.length, 40)
      assert.strictEqual(error?._tag, "PaginationError")
    }))

  it.effect("refuses another order, a limit and a wrong concurrency before any request", () =>
    Effect.gen(function*() {
      const byTime = { orderBy: "runStartTime", detail: false } as const
      const limited = { limit: 5, detail: false } as const
      for (
        const [query, options, field] of [
          [byTime, {}, "orderBy"],
          [limited, {}, "limit"],
          [{}, { concurrency: 0 }, "concurrency"],
          [{}, { concurrency: 1.5 }, "concurrency"],
          [{}, { concurrency: 33 }, "concurrency"],
          [{}, { maxRows: 0 }, "maxRows"]
        ] as const
      ) {
        const { error, requests } = yield* read({ history: still(runs(3)) }, query, options)
        assert.strictEqual(error?._tag === "InvalidQuery" ? error.violations[0]?.field : undefined, field)
        assert.strictEqual(requests.length, 0)
      }
    }))
})
