import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as RunCursor from "../../src/RunCursor.ts"
import * as RunsClient from "../../src/RunsClient.ts"
import * as RunWindow from "../../src/RunWindow.ts"
import { clientOver, still, type WireRun } from "../support/server.ts"

const minute = 60_000
const origin = Date.parse("2026-10-24T00:00:00Z")

/** Run `n` started `n` minutes into 24 October; of every ten, the last has the same time as the one before. */
const startOf = (id: number) => origin + (id % 10 === 9 ? id - 1 : id) * minute

const history = (count: number): ReadonlyArray<WireRun> =>
  Array.from({ length: count }, (_, id) => ({
    id,
    runType: "refresh",
    runStatus: id % 4 === 0 ? "failed" : "completed",
    environmentID: "1",
    runStartTime: new Date(startOf(id)).toISOString()
  }))

/** Whether the API lists runs without a time first or last is not known. */
const api = (rows: ReadonlyArray<WireRun>, untimed: "first" | "last" = "last") => {
  const { layer, log } = clientOver({ history: still(rows), untimed })
  return { layer, requests: log.requests }
}

/** From one run's start, inclusive, to another's, exclusive. */
const window = (from: number, to: number): RunWindow.RunWindow => ({
  since: DateTime.makeUnsafe(startOf(from)),
  until: DateTime.makeUnsafe(startOf(to)),
  timeZone: "UTC",
  timeZoneSource: "given"
})

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

describe("RunWindow.list", () => {
  it.effect("lists runs newest first, and requests only the pages that overlap the window", () =>
    Effect.gen(function*() {
      const { layer, requests } = api(history(5000))
      const runs = yield* RunWindow.list(window(4000, 4040), { pageSize: 25 }).pipe(
        Stream.runCollect,
        Effect.provide(layer)
      )
      assert.deepStrictEqual(runs.map((run) => run.id).toSorted((a, b) => a - b), ids(4000, 4040))
      const times = runs.map(({ runStartTime }) => runStartTime?.epochMilliseconds ?? 0)
      assert.deepStrictEqual(times, times.toSorted((a, b) => b - a))
      assert.strictEqual(requests.length, 2)
      assert.strictEqual(requests[0]?.get("startingFrom"), "2026-10-26T19:20:00.000Z")
      assert.strictEqual(requests[0]?.get("orderBy"), "runStartTime")
      assert.strictEqual(requests[0]?.get("orderByDirection"), "desc")
    }))

  it.effect("requests no page ahead that lies behind the window", () =>
    Effect.gen(function*() {
      for (const orderByDirection of ["asc", "desc"] as const) {
        for (const prefetch of [true, false]) {
          const { layer, requests } = api(history(5000))
          const query = { pageSize: 25, orderByDirection, prefetch }
          const runs = yield* RunWindow.list(window(1000, 1092), query).pipe(Stream.runCollect, Effect.provide(layer))
          assert.deepStrictEqual(runs.map((run) => run.id).toSorted((a, b) => a - b), ids(1000, 1092))
          assert.strictEqual(requests.length, 4)
        }
      }
    }))

  it.effect("lists runs oldest first with orderByDirection: asc", () =>
    Effect.gen(function*() {
      const { layer, requests } = api(history(5000))
      const query = { pageSize: 25, orderByDirection: "asc" } as const
      const runs = yield* RunWindow.list(window(1000, 1040), query).pipe(Stream.runCollect, Effect.provide(layer))
      assert.deepStrictEqual(runs.map((run) => run.id), ids(1000, 1040))
      assert.strictEqual(requests.length, 2)
      assert.strictEqual(requests[0]?.get("startingFrom"), "2026-10-24T16:39:59.999Z")
    }))

  it.effect("ends with the page that holds the first run outside the window", () =>
    Effect.gen(function*() {
      for (const [orderByDirection, from, to] of [["asc", 1000, 1024], ["desc", 1001, 1025]] as const) {
        const { layer, requests } = api(history(5000))
        const query = { pageSize: 25, orderByDirection }
        const runs = yield* RunWindow.list(window(from, to), query).pipe(Stream.runCollect, Effect.provide(layer))
        assert.strictEqual(runs.length, 24)
        assert.strictEqual(requests.length, 1)
      }
    }))

  it.effect("lists all runs of one time at the edges of the window", () =>
    Effect.gen(function*() {
      for (const orderByDirection of ["asc", "desc"] as const) {
        const { layer } = api(history(200))
        // Runs 8 and 9 share a time, and so do 18 and 19: in with the first two, out with the others.
        const runs = yield* RunWindow.list(window(8, 18), { orderByDirection, pageSize: 2 }).pipe(
          Stream.runCollect,
          Effect.provide(layer)
        )
        assert.deepStrictEqual(runs.map((run) => run.id).toSorted((a, b) => a - b), ids(8, 18))
      }
    }))

  it.effect("lists nothing, with one request, where no run started in the window", () =>
    Effect.gen(function*() {
      for (const [from, to] of [[-500, -400], [9000, 9100]] as const) {
        const { layer, requests } = api(history(200))
        assert.deepStrictEqual(
          yield* RunWindow.list(window(from, to)).pipe(Stream.runCollect, Effect.provide(layer)),
          []
        )
        assert.strictEqual(requests.length, 1)
      }
    }))

  it.effect("leaves out runs that have not started, wherever the API lists them", () =>
    Effect.gen(function*() {
      const waiting: ReadonlyArray<WireRun> = [
        { id: 900, runType: "refresh", runStatus: "waitingToRun", environmentID: "1" },
        { id: 901, runType: "refresh", runStatus: "waitingToRun", environmentID: "1" }
      ]
      for (const orderByDirection of ["asc", "desc"] as const) {
        for (const withoutTime of ["first", "last"] as const) {
          const { layer } = api([...waiting, ...history(20)], withoutTime)
          const runs = yield* RunWindow.list(window(2, 1000), { orderByDirection }).pipe(
            Stream.runCollect,
            Effect.provide(layer)
          )
          assert.deepStrictEqual(runs.map((run) => run.id).toSorted((a, b) => a - b), ids(2, 20))
        }
      }
    }))

  it.effect("applies the filters of the query", () =>
    Effect.gen(function*() {
      const { layer, requests } = api(history(200))
      const runs = yield* RunWindow.list(window(10, 20), { runStatus: "failed" }).pipe(
        Stream.runCollect,
        Effect.provide(layer)
      )
      assert.deepStrictEqual(runs.map((run) => run.id), [16, 12])
      assert.strictEqual(requests[0]?.get("runStatus"), "failed")
    }))

  it.effect("resumes from a cursor", () =>
    Effect.gen(function*() {
      const { layer } = api(history(200))
      const order = RunWindow.toQuery(window(10, 100))
      const page = yield* RunsClient.listPage({ ...order, limit: 30 }).pipe(Effect.provide(layer))
      const rest = yield* RunWindow.list(window(10, 100), { startingFrom: page.cursor }).pipe(
        Stream.runCollect,
        Effect.provide(layer)
      )
      const all = [...page.runs, ...rest].map((run) => run.id)
      assert.deepStrictEqual(all.toSorted((a, b) => a - b), ids(10, 100))
    }))

  it.effect("reads in the direction of the cursor that it resumes from", () =>
    Effect.gen(function*() {
      const { layer } = api(history(100))
      const all = yield* RunWindow.list(window(10, 100), { orderByDirection: "asc" }).pipe(
        Stream.runCollect,
        Effect.provide(layer)
      )
      const cursor = all.slice(0, 30).reduce(
        RunCursor.after,
        RunCursor.start({ orderBy: "runStartTime", orderByDirection: "asc" })
      )
      const rest = yield* RunWindow.list(window(10, 100), { startingFrom: RunCursor.encode(cursor) }).pipe(
        Stream.runCollect,
        Effect.provide(layer)
      )
      assert.deepStrictEqual(rest.map((run) => run.id), all.slice(30).map((run) => run.id))
    }))

  it.effect("refuses a wrong query before any request", () =>
    Effect.gen(function*() {
      const { layer, requests } = api(history(20))
      // What plain JavaScript may ask for, or a query that was made for another purpose.
      const queries: ReadonlyArray<readonly [field: string, query: RunWindow.WindowQuery]> = [
        ["orderBy", Object.assign({ detail: false }, { orderBy: "id" })],
        ["limit", Object.assign({ detail: false }, { limit: 5 })],
        ["startingFrom", { startingFrom: "2026-10-23T09:00:00Z" }]
      ]
      for (const [field, query] of queries) {
        const error = yield* RunWindow.list(window(2, 10), query).pipe(
          Stream.runCollect,
          Effect.flip,
          Effect.provide(layer)
        )
        assert.strictEqual(error._tag, "InvalidQuery")
        assert.include(error.message, field)
      }
      assert.strictEqual(requests.length, 0)
    }))
})
