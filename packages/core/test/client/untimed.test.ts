/** Runs without the time that orders them: each comes once, wherever a server lists them, and through every cursor. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as FastCheck from "fast-check"
import { type ListRunsQuery, RunCursor, RunsClient, RunsError, RunWindow } from "../../src/index.ts"
import { clientOver, collect, down, runs, type Server, still, type WireRun } from "../support/server.ts"

type Order = ListRunsQuery.StreamRunsQuery & RunCursor.Order

const started = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString()

const waiting = (id: number): WireRun => ({
  id,
  runType: "refresh",
  runStatus: "waitingToRun",
  environmentID: "1"
})

/** Some runs have no time, and those that have one share few. */
const history = FastCheck.array(FastCheck.option(FastCheck.integer({ min: 0, max: 8 })), { maxLength: 40 }).map(
  (minutes) =>
    minutes.map((minute, index): WireRun => ({
      ...waiting(index + 1),
      ...(minute === null ? {} : { runStartTime: started(minute), runEndTime: started(minute + 1) })
    }))
)

const query = FastCheck.record({
  orderBy: FastCheck.constantFrom("runStartTime" as const, "runEndTime" as const),
  orderByDirection: FastCheck.constantFrom("asc" as const, "desc" as const),
  pageSize: FastCheck.integer({ min: 1, max: 9 })
})

const place = FastCheck.constantFrom("first" as const, "last" as const)

const sorted = (ids: ReadonlyArray<number>) => [...ids].sort((a, b) => a - b)

const idsOf = (found: ReadonlyArray<{ readonly id: number }>) => sorted(found.map((run) => run.id))

describe("runs without the time that orders them", () => {
  it.effect("come once within a stream, and through the encoded cursor of the runs that were used", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(history, query, place, FastCheck.nat({ max: 40 }), async (all, query, untimed, cut) => {
          const { layer } = clientOver({ history: still(all), untimed })
          const read = (query: Order) =>
            Effect.runPromise(Effect.provide(Stream.runCollect(RunsClient.list(query)), layer))
          const whole = await read(query)
          assert.deepStrictEqual(idsOf(whole), all.map((run) => run.id))
          const used = whole.slice(0, cut)
          const startingFrom = RunCursor.encode(used.reduce(RunCursor.after, RunCursor.start(query)))
          assert.deepStrictEqual(idsOf([...used, ...await read({ ...query, startingFrom })]), all.map((run) => run.id))
        }),
        { numRuns: 300 }
      )
    ))

  it.effect("come once through the cursors of listPage", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(history, query, place, async (all, { pageSize, ...order }, untimed) => {
          const { layer } = clientOver({ history: still(all), untimed })
          const found: Array<{ readonly id: number }> = []
          let startingFrom: string | undefined
          for (let hasMore = true; hasMore;) {
            const page: RunsClient.RunPage = await Effect.runPromise(
              Effect.provide(RunsClient.listPage({ ...order, limit: pageSize, startingFrom }), layer)
            )
            found.push(...page.runs)
            startingFrom = RunCursor.encode(page.cursor)
            hasMore = page.hasMore
          }
          assert.deepStrictEqual(idsOf(found), all.map((run) => run.id))
        }),
        { numRuns: 200 }
      )
    ))

  it.effect("come once where a stream fails and resumes from the error's cursor", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(history, query, place, FastCheck.nat({ max: 6 }), async (all, query, untimed, bad) => {
          const server: Server = {
            history: still(all),
            untimed,
            spoil: (body, _, index) => index === bad ? new Response("", { status: 403 }) : body
          }
          const client = clientOver(server)
          const first = await Effect.runPromise(collect(client, RunsClient.list(query)))
          const { error } = first
          if (error === undefined) return assert.deepStrictEqual(sorted(first.ids), all.map((run) => run.id))
          const startingFrom = error._tag === "Forbidden" ? error.resumeFrom : assert.fail(error._tag)
          const rest = await Effect.runPromise(collect(client, RunsClient.list({ ...query, startingFrom })))
          assert.deepStrictEqual(sorted([...first.ids, ...rest.ids]), all.map((run) => run.id))
        }),
        { numRuns: 200 }
      )
    ))

  it.effect("come once where new runs fill the pages between two listings of them", () =>
    Effect.gen(function*() {
      const timed = (from: number, to: number) =>
        Array.from(
          { length: to - from + 1 },
          (_, n): WireRun => ({ ...waiting(from + n), runStartTime: started(from + n) })
        )
      let page = 0
      const { ids } = yield* collect(
        clientOver({ history: () => [waiting(90), ...timed(1, [7, 20, 22][page++] ?? 22)], untimed: "last" }),
        RunsClient.list({ orderBy: "runStartTime", orderByDirection: "asc", pageSize: 8 })
      )
      assert.deepStrictEqual(sorted(ids), [...down(22, 1).toReversed(), 90])
    }))

  it.effect.each(["first", "last"] as const)(
    "come once by runEndTime though they end while they are read (listed %s)",
    (untimed) =>
      Effect.gen(function*() {
        const ended = runs(30).map((run) => ({ ...run, runEndTime: started(run.id) }))
        const running = [31, 32, 33].map((id) => ({ ...waiting(id), runStatus: "running" }))
        let page = 0
        const { ids, requests } = yield* collect(
          clientOver({
            history: () => [
              ...ended,
              ...running.map((run) => page >= 4 ? { ...run, runEndTime: started(run.id) } : run)
            ],
            untimed,
            spoil: (body) => {
              page++
              return body
            }
          }),
          RunsClient.list({ orderBy: "runEndTime", orderByDirection: "asc", pageSize: 8 })
        )
        assert.deepStrictEqual(sorted(ids), down(33, 1).toReversed())
        assert.isAtLeast(requests.length, 5)
      })
  )

  it("leave a cursor when they have the time, so that it stays short", () =>
    Effect.runPromise(Effect.gen(function*() {
      let isRunning = true
      const run = { ...waiting(7), runStatus: "running" }
      const { layer } = clientOver({
        history: () => [isRunning ? run : { ...run, runEndTime: started(7) }],
        untimed: "last"
      })
      const order = { orderBy: "runEndTime", orderByDirection: "asc" } as const
      const before = yield* Effect.provide(RunsClient.listPage(order), layer)
      assert.deepStrictEqual(before.cursor, { ...order, seen: [], untimed: [7] })
      isRunning = false
      const after = yield* Effect.provide(RunsClient.listPage({ startingFrom: before.cursor }), layer)
      assert.deepStrictEqual(after.runs, [])
      assert.deepStrictEqual(after.cursor, { ...order, value: Date.parse(started(7)), seen: [7] })
    })))
})

describe("a run whose time cannot be read, in an order by that time", () => {
  const all = runs(9).map((run) => run.id === 5 ? { ...run, runStartTime: "1 January 2026, 00:05" } : run)
  const client = () =>
    clientOver({
      history: still(runs(9)),
      // The server knows when it started: it keeps its place.
      spoil: (body) => ({
        ...body,
        data: (body["data"] as ReadonlyArray<WireRun>).map((row) => all.find(({ id }) => id === row.id))
      })
    })
  const order = { orderBy: "runStartTime" } as const
  const issue = "Expected an ISO 8601 date-time with an offset, because the query is ordered by it"

  it.effect("is an undecodable row, which a stream names", () =>
    Effect.gen(function*() {
      const { error, ids } = yield* collect(client(), RunsClient.list(order))
      assert.deepStrictEqual(ids, down(9, 6))
      assert.instanceOf(error, RunsError.DecodeError)
      assert.deepInclude({ ...error }, { runID: 5, index: 4, path: "runStartTime", issue })
    }))

  it.effect("is reported by a page that skips it", () =>
    Effect.gen(function*() {
      const page = yield* RunsClient.listPage({ ...order, undecodableRows: "skip" })
      assert.deepStrictEqual(idsOf(page.runs), [1, 2, 3, 4, 6, 7, 8, 9])
      assert.deepStrictEqual(page.undecodable.map(({ id, path }) => [Number(id), path]), [[5, "runStartTime"]])
    }).pipe(Effect.provide(client().layer)))

  it.effect("does not disappear from a window in silence", () =>
    Effect.gen(function*() {
      const window = { since: "2026-01-01T00:00Z", until: "2026-01-02T00:00Z" }
      const { error } = yield* collect(client(), RunWindow.list(window))
      assert.instanceOf(error, RunsError.DecodeError)
      const skipping = yield* collect(client(), RunWindow.list(window, { undecodableRows: "skip" }))
      assert.deepStrictEqual(skipping.ids, [9, 8, 7, 6, 4, 3, 2, 1])
    }))

  it.effect("is a run in any other order", () =>
    Effect.gen(function*() {
      const { error, ids } = yield* collect(client(), RunsClient.list({ orderBy: "runEndTime" }))
      assert.deepStrictEqual([ids, error], [down(9, 1), undefined])
      assert.deepStrictEqual((yield* collect(client(), RunsClient.list())).ids, down(9, 1))
    }))
})
