/** Counts the requests of a history that are in flight at the same time. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as FastCheck from "fast-check"
import { RunHistory, RunsClient } from "../../src/index.ts"
import { down, paramsOf, respond, runs, select, type Server, still, type WireRun } from "../support/server.ts"

interface Slow extends Server {
  /** The runs whose rows have no readable id. */
  readonly unnamed?: (id: number) => boolean
  /** How many turns of the event loop a response takes. Default: 1. */
  readonly turns?: (request: URLSearchParams) => number
  /** The server refuses more requests at once. Default: it refuses none. */
  readonly most?: number
}

const spoil = (body: unknown, unnamed: (id: number) => boolean): unknown =>
  JSON.parse(
    JSON.stringify(body),
    (key, value: unknown) => key === "id" && typeof value === "number" && unnamed(value) ? "?" : value
  )

/** Reads a history from a server that takes a while, and counts its requests. */
const read = (
  server: Slow,
  query: RunHistory.HistoryQuery,
  concurrency?: number,
  budget: Pick<RunsClient.Options, "maxConcurrency" | "rateLimit"> = {}
) =>
  Effect.gen(function*() {
    const inFlight: Array<number> = []
    const times: Array<number> = []
    let now = 0
    let requests = 0
    let refused = 0
    const http = HttpClient.make((request, url) =>
      Effect.acquireUseRelease(
        Effect.sync(() => inFlight.push(++now)),
        () =>
          Effect.gen(function*() {
            const index = requests++
            times.push(performance.now())
            const params = new URLSearchParams(url.searchParams)
            if (now > (server.most ?? Infinity)) {
              refused++
              return HttpClientResponse.fromWeb(request, new Response("too many", { status: 429 }))
            }
            for (let turn = server.turns?.(params) ?? 1; turn > 0; turn--) {
              yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
            }
            const body = spoil(respond(server, params), server.unnamed ?? (() => false))
            return HttpClientResponse.fromWeb(
              request,
              Response.json(
                server.spoil === undefined ? body : server.spoil(body as Record<string, unknown>, params, index)
              )
            )
          }),
        () => Effect.sync(() => now--)
      )
    )
    const retry = Schedule.spaced("5 millis")
    const layer = RunsClient.layer({ accessToken: "a-token-for-tests", retry, ...budget }).pipe(
      Layer.provide(Layer.succeed(HttpClient.HttpClient, http))
    )
    const ids: Array<number> = []
    const result = yield* RunHistory.list(query, concurrency === undefined ? {} : { concurrency }).pipe(
      Stream.runForEach((run) => Effect.sync(() => ids.push(run.id))),
      Effect.result,
      Effect.provide(layer)
    )
    return {
      ids,
      most: Math.max(0, ...inFlight),
      inFlight,
      times,
      requests,
      refused,
      error: Result.isFailure(result) ? result.failure : undefined
    }
  })

const history = FastCheck.record({
  gaps: FastCheck.array(FastCheck.constantFrom(1, 1, 1, 2, 9, 200), { maxLength: 120 }),
  failed: FastCheck.integer({ min: 1, max: 4 })
}).map(({ failed, gaps }): ReadonlyArray<WireRun> => {
  let id = 0
  return gaps.map((gap, index) => ({
    id: id += gap,
    runType: "refresh",
    runStatus: index % failed === 0 ? "failed" : "completed",
    environmentID: "1"
  }))
})

const query = FastCheck.record({
  pageSize: FastCheck.integer({ min: 1, max: 20 }),
  orderByDirection: FastCheck.constantFrom("asc" as const, "desc" as const),
  runStatus: FastCheck.constantFrom("failed" as const, undefined),
  failureReasons: FastCheck.boolean()
})

const server = FastCheck.record({
  next: FastCheck.constantFrom("absent" as const, "last" as const, "always" as const),
  maxLimit: FastCheck.constantFrom(1000, 7)
})

const unnamedIn = FastCheck.constantFrom(0, 3, 10)

describe("RunHistory.list", () => {
  it.live(
    "makes up to 16 requests at once, and fewer where the server refuses some, without losing a run",
    () =>
      Effect.gen(function*() {
        const all = runs(1_500)
        const server = { history: still(all), turns: () => 20 }
        const free = yield* read(server, { pageSize: 20 })
        // How many there are depends on how long this machine takes for a page; the table of the machine has the numbers.
        assert.isAbove(free.most, 8)
        assert.isAtMost(free.most, 16)
        const strict = { ...server, most: 4 }
        const adapting = yield* read(strict, { pageSize: 20 })
        const fixed = yield* read(strict, { pageSize: 20 }, 16)
        const wanted = down(1_500, 1)
        for (const { ids } of [free, adapting, fixed]) assert.deepStrictEqual(ids, wanted)
        assert.isAbove(adapting.refused, 0)
        assert.isBelow(adapting.refused, fixed.refused / 2)
      }),
    20_000
  )

  it.live(
    "never makes more requests at once than its concurrency, whatever the history and its undecodable rows",
    () =>
      Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(
            history,
            query,
            server,
            unnamedIn,
            FastCheck.integer({ min: 1, max: 5 }),
            async (all, query, style, every, concurrency) => {
              const unnamed = (id: number) => every > 0 && id % every === 1
              const { error, ids, most } = await Effect.runPromise(
                read({ ...style, history: still(all), unnamed }, {
                  ...query,
                  detail: true,
                  undecodableRows: "skip"
                }, concurrency)
              )
              assert.isAtMost(most, concurrency)
              assert.isUndefined(error)
              const wanted = select(all, paramsOf(query)).filter(({ id }) => !unnamed(id)).map(({ id }) => id)
              assert.deepStrictEqual(ids, wanted)
            }
          ),
          { numRuns: 300 }
        )
      ),
    60_000
  )

  it.live("at its default makes no more requests at once than the maxConcurrency of its client", () =>
    Effect.gen(function*() {
      const { ids, most } = yield* read({ history: still(runs(600)), turns: () => 5 }, { pageSize: 10 }, undefined, {
        maxConcurrency: 3
      })
      assert.strictEqual(most, 3)
      assert.deepStrictEqual(ids, down(600, 1))
    }))

  it.live("at its default makes no more requests in a time than the rateLimit of its client", () =>
    Effect.gen(function*() {
      const { ids, times } = yield* read({ history: still(runs(150)) }, { pageSize: 10 }, undefined, {
        rateLimit: { requests: 6, per: "200 millis" }
      })
      assert.isAbove(times.length, 15)
      // Clocks count whole milliseconds.
      const isClose = times.some((time, index) => time - (times[index - 6] ?? -Infinity) < 198)
      assert.isFalse(isClose, times.map(Math.round).join(", "))
      assert.deepStrictEqual(ids, down(150, 1))
    }))

  it.live.each([1, 2, 3, 8])(
    "counts the two requests of a page of failed runs with their reasons (concurrency %s)",
    (concurrency) =>
      Effect.gen(function*() {
        const query = { runStatus: "failed", detail: true, failureReasons: true, pageSize: 10 } as const
        const all = runs(2000)
        const { ids, most } = yield* read({ history: still(all) }, query, concurrency)
        assert.deepStrictEqual(ids, down(2000, 1).filter((id) => id % 7 === 0))
        assert.strictEqual(most, concurrency - (concurrency > 1 ? concurrency % 2 : 0))
      })
  )

  it.live("reads on with as many requests behind rows without an id as before", () =>
    Effect.gen(function*() {
      const query = { pageSize: 10, undecodableRows: "skip" } as const
      const all = { history: still(runs(1000)) }
      const healthy = yield* read(all, query, 4)
      // Pages of nothing but such rows too, the newest among them.
      const unnamed = (id: number) => id === 777 || (id > 500 && id <= 540) || id > 995
      const spoiled = yield* read({ ...all, unnamed }, query, 4)
      assert.deepStrictEqual(spoiled.ids, down(995, 1).filter((id) => !unnamed(id)))
      assert.isAtMost(spoiled.requests, healthy.requests + 20)
      const busy = (inFlight: ReadonlyArray<number>) => inFlight.filter((count) => count === 4).length
      assert.isAtLeast(busy(spoiled.inFlight), busy(healthy.inFlight) - 10)
    }))

  it.live("makes no more requests at once where it has to read on one page at a time", () =>
    Effect.gen(function*() {
      let edge = 0
      const from = (request: URLSearchParams) => Number(request.get("startingFrom") ?? 401)
      const { error, ids, most } = yield* read(
        {
          history: still(runs(400).map((run) => ({ ...run, runStatus: "failed" }))),
          turns: (request) => {
            if (edge === 0 && from(request) <= 340) edge = from(request)
            return from(request) < edge ? 50 : 1
          },
          spoil: (body, request) =>
            from(request) === edge || Number.isNaN(from(request)) ? { ...body, data: [], next: "again" } : body
        },
        { pageSize: 10, detail: true, runStatus: "failed", failureReasons: true },
        3
      )
      assert.strictEqual(error?._tag, "PaginationError")
      assert.deepStrictEqual(ids, down(400, edge))
      assert.isAtMost(most, 3)
    }))
})
