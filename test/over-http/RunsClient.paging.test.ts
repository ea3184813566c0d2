import { RunCursor, RunsClient } from "@coalesce-runs/core"
import { Faults, type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as FastCheck from "fast-check"
import { clientOf, listRequests } from "./support/client.ts"

const time = (millis: number) => new Date(Date.UTC(2026, 0, 1) + millis).toISOString()

/** Many runs at few instants, some without a time. */
const history = FastCheck.array(
  FastCheck.record({
    gap: FastCheck.integer({ min: 1, max: 3 }),
    start: FastCheck.option(FastCheck.integer({ min: 0, max: 9 }), { nil: undefined }),
    length: FastCheck.integer({ min: 0, max: 4 }),
    runType: FastCheck.constantFrom("deploy", "refresh"),
    runStatus: FastCheck.constantFrom("completed", "failed", "running"),
    environmentID: FastCheck.constantFrom("1", "2")
  }),
  { maxLength: 40 }
).map((shapes): ReadonlyArray<SimulatedRun.SimulatedRun> => {
  let id = 0
  return shapes.map(({ gap, length, start, ...run }) => ({
    ...run,
    id: id += gap,
    ...(start === undefined ? {} : { runStartTime: time(start), runEndTime: time(start + length) }),
    ...(run.runStatus === "failed" ? { runFailureReason: `reason of ${id}` } : {})
  }))
})

const server = FastCheck.record({
  next: FastCheck.constantFrom("absent", "null", "blank", "last", "string", "numeric", "always"),
  idsAs: FastCheck.constantFrom("number", "string"),
  // Clamps only pages by id, because all runs of one time must fit into a page.
  maxLimit: FastCheck.constantFrom(1000, 7),
  untimed: FastCheck.constantFrom("omitted", "last"),
  ties: FastCheck.constantFrom("asc", "desc", "shuffled")
})

const query = FastCheck.record({
  pageSize: FastCheck.integer({ min: 1, max: 20 }),
  orderBy: FastCheck.constantFrom("id", "runStartTime", "runEndTime"),
  orderByDirection: FastCheck.constantFrom("asc", "desc"),
  runType: FastCheck.option(FastCheck.constantFrom("deploy", "refresh"), { nil: undefined }),
  runStatus: FastCheck.option(FastCheck.constantFrom("completed", "failed"), { nil: undefined }),
  environmentID: FastCheck.option(FastCheck.constantFrom("1", "2"), { nil: undefined }),
  detail: FastCheck.boolean()
})

type Query = typeof query extends FastCheck.Arbitrary<infer Q> ? Q : never

/** The runs that the stream must emit, by their values. The server decides the order of equal ones. */
const expected = (
  runs: ReadonlyArray<SimulatedRun.SimulatedRun>,
  { environmentID, orderBy, orderByDirection, runStatus, runType }: Query,
  untimed: "omitted" | "last"
) => {
  const key = (run: SimulatedRun.SimulatedRun) => orderBy === "id" ? String(run.id).padStart(9) : run[orderBy]
  const matching = runs.filter((run) =>
    (runType === undefined || run.runType === runType) &&
    (runStatus === undefined || run.runStatus === runStatus) &&
    (environmentID === undefined || run.environmentID === environmentID) &&
    (untimed === "last" || key(run) !== undefined)
  )
  const sign = orderByDirection === "asc" ? 1 : -1
  return matching.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)]
    if (x === y) return 0
    if (x === undefined) return 1
    if (y === undefined) return -1
    return x < y ? -sign : sign
  })
}

const byIdWithin = <A extends { readonly id: number }>(runs: ReadonlyArray<A>, key: (run: A) => unknown) =>
  runs.map((run, index): [number, A] => [index, run]).toSorted(([i, a], [j, b]) =>
    key(a) === key(b) ? a.id - b.id : i - j
  )
    .map(([, run]) => run.id)

describe("RunsClient.list over real HTTP, for any history, query, server and faults", () => {
  it.live(
    "lists the filtered, sorted history, each run once, also when cut and resumed anywhere",
    () =>
      Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(
            history,
            query,
            server,
            FastCheck.nat({ max: 40 }),
            FastCheck.integer({ min: 2, max: 4 }),
            FastCheck.constantFrom(
              Faults.status(503),
              Faults.status(500, { body: "html" }),
              Faults.reset,
              Faults.truncated(),
              Faults.duplicateRows(3)
            ),
            (runs, query, server, cut, every, fault) =>
              Effect.gen(function*() {
                const first = yield* RunsClient.list(query).pipe(Stream.take(cut), Stream.runCollect)
                const cursor = RunCursor.encode(first.reduce(RunCursor.after, RunCursor.start(query)))
                const rest = yield* RunsClient.list({ ...query, startingFrom: cursor }).pipe(Stream.runCollect)
                const found = [...first, ...rest]
                const wanted = expected(runs, query, server.untimed)
                const valueOf = (run: (typeof found)[number]) => {
                  if (query.orderBy === "id") return run.id
                  const time = run[query.orderBy]
                  return time === undefined ? undefined : DateTime.toEpochMillis(time)
                }
                const keyOf = (run: SimulatedRun.SimulatedRun) => query.orderBy === "id" ? run.id : run[query.orderBy]
                assert.deepStrictEqual(byIdWithin(found, valueOf), byIdWithin(wanted, keyOf))
              }).pipe(
                Effect.provide(clientOf(
                  {
                    ...server,
                    runs,
                    maxLimit: query.orderBy === "id" ? server.maxLimit : 1000,
                    faults: [Faults.every(every, fault)]
                  },
                  { retry: Schedule.recurs(3) }
                )),
                Effect.runPromise
              )
          ),
          { numRuns: 120 }
        )
      ),
    60_000
  )
})

const runs = (count: number): ReadonlyArray<SimulatedRun.SimulatedRun> =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    runType: "refresh",
    runStatus: index % 10 === 0 ? "failed" : "completed",
    environmentID: "1",
    runStartTime: time(index * 1000),
    runEndTime: time(index * 1000 + 500),
    ...(index % 10 === 0 ? { runFailureReason: `reason of ${index + 1}` } : {})
  }))

describe("the requests of RunsClient over real HTTP", () => {
  it.live("are as many as Stream.take needs", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      for (const [take, requests] of [[0, 0], [1, 1], [25, 1], [26, 2], [275, 2], [276, 3]] as const) {
        yield* simulator.clearRequests
        const found = yield* RunsClient.list().pipe(Stream.take(take), Stream.runCollect)
        assert.strictEqual(found.length, take)
        assert.strictEqual((yield* listRequests).length, requests)
      }
    }).pipe(Effect.provide(clientOf({ runs: runs(2000) }))))

  it.live("miss and repeat no run when others appear and are deleted meanwhile", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const ids: Array<number> = []
      yield* RunsClient.pages({ pageSize: 10 }).pipe(
        Stream.runForEach((page) => {
          ids.push(...page.runs.map((run) => run.id))
          const last = page.runs.at(-1)?.id ?? 0
          return Effect.andThen(
            simulator.append({ id: 1000 + ids.length, runType: "refresh", runStatus: "running" }),
            simulator.delete(last)
          )
        })
      )
      assert.deepStrictEqual(ids, Array.from({ length: 35 }, (_, index) => 35 - index))
    }).pipe(Effect.provide(clientOf({ runs: runs(35) }))))

  it.live("are one more for each page with a failed run if failureReasons is true", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const pages = yield* RunsClient.pages({ detail: true, failureReasons: true, pageSize: 5 }).pipe(Stream.runCollect)
      for (const run of pages.flatMap((page) => page.runs)) {
        assert.strictEqual(run.runFailureReason, run.runStatus === "failed" ? `reason of ${run.id}` : undefined)
      }
      // 30 runs in 6 pages and an empty one; 3 of the pages hold a failed run.
      const mixed = yield* listRequests
      assert.strictEqual(mixed.filter((request) => request.query["detail"] === "true").length, 7)
      assert.strictEqual(mixed.filter((request) => request.query["detail"] === undefined).length, 3)

      yield* simulator.clearRequests
      const failed = yield* RunsClient.list({ detail: true, failureReasons: true, runStatus: "failed" }).pipe(
        Stream.runCollect
      )
      assert.deepStrictEqual(failed.map((run) => run.runFailureReason), ["reason of 21", "reason of 11", "reason of 1"])
      assert.strictEqual((yield* listRequests).length, 2)
    }).pipe(Effect.provide(clientOf({ runs: runs(30) }))))

  it.live("fetch failed runs and their reasons at the same time", () =>
    Effect.gen(function*() {
      yield* RunsClient.listPage({ detail: true, failureReasons: true, runStatus: "failed" })
      const [first, second] = yield* listRequests
      assert.isBelow(second?.receivedAt.epochMilliseconds ?? Infinity, first?.endedAt?.epochMilliseconds ?? 0)
    }).pipe(Effect.provide(clientOf({ runs: runs(30), latency: "200 millis" }))))
})
