import { type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { ask, ids, page, run, runsTo, serving } from "./support.ts"

// One instant in three writings, neighbours closer than a millisecond, and none.
const times = [
  undefined,
  "2026-03-01T01:59:59.999Z",
  "2026-03-01T02:00:00Z",
  "2026-03-01T02:00:00.000Z",
  "2026-03-01T03:00:00+01:00",
  "2026-03-01T02:00:00.000001Z",
  "2026-03-01T02:00:00.0000015Z",
  "2026-03-01T02:00:00.001Z",
  "2026-03-02T00:00:00.000Z"
]

const history = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 300 }),
    runType: fc.constantFrom("deploy", "refresh"),
    runStatus: fc.constantFrom("completed", "failed", "running"),
    environmentID: fc.constantFrom("1", "2", "10"),
    start: fc.constantFrom(...times),
    end: fc.constantFrom(...times)
  }),
  { selector: ({ id }) => id, maxLength: 60 }
).map((rows) =>
  rows.map(({ start, end, ...row }): SimulatedRun.SimulatedRun => ({
    ...row,
    ...(start === undefined ? {} : { runStartTime: start }),
    ...(end === undefined ? {} : { runEndTime: end })
  }))
)

const orders = ["id", "runStartTime", "runEndTime"] as const

const query = fc.record({
  orderBy: fc.constantFrom(...orders),
  orderByDirection: fc.constantFrom("asc", "desc"),
  limit: fc.integer({ min: 1, max: 12 }),
  runType: fc.constantFrom(undefined, "deploy", "refresh"),
  runStatus: fc.constantFrom(undefined, "failed"),
  environmentID: fc.constantFrom(undefined, "1"),
  startingFrom: fc.option(
    fc.record({ id: fc.integer({ min: 0, max: 301 }), time: fc.constantFrom(...times.slice(1)) }),
    {
      nil: undefined
    }
  )
})

// Nanoseconds since 1970, counted in another way than the simulator's.
const nanos = (text: string): bigint => {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? ""
  return BigInt(Date.parse(text.replace(/\.\d+/, ""))) * 1_000_000n + BigInt(fraction.padEnd(9, "0"))
}

const present = <A extends Record<string, unknown>>(record: A): Record<string, string> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined).map(([k, v]) => [k, String(v)]))

describe("a page of List Runs", () => {
  for (const untimed of ["omitted", "last"] as const) {
    for (const ties of ["asc", "desc"] as const) {
      it.live(`is what filtering, sorting and cutting the history gives (untimed ${untimed}, ties ${ties})`, () =>
        Effect.gen(function*() {
          const simulator = yield* Simulator.Simulator
          const services = Context.make(Simulator.Simulator, simulator)
          yield* Effect.promise(() =>
            fc.assert(
              fc.asyncProperty(history, query, async (runs, { startingFrom, ...rest }) => {
                const { orderBy, orderByDirection, limit } = rest
                const cursor = orderBy === "id" ? startingFrom?.id : startingFrom?.time
                const listed = await Effect.runPromise(
                  Effect.provide(
                    simulator.update(() => runs).pipe(
                      Effect.andThen(page(present({ ...rest, startingFrom: cursor })))
                    ),
                    services
                  )
                )
                const sign = orderByDirection === "asc" ? 1 : -1
                const key = (row: SimulatedRun.SimulatedRun) => {
                  if (orderBy === "id") return BigInt(row.id)
                  const time = row[orderBy]
                  return time === undefined ? undefined : nanos(time)
                }
                const from = cursor === undefined
                  ? undefined
                  : typeof cursor === "number"
                  ? BigInt(cursor)
                  : nanos(cursor)
                const expected = runs
                  .filter((row) =>
                    [row.runType, undefined].includes(rest.runType) &&
                    [row.runStatus, undefined].includes(rest.runStatus) &&
                    [row.environmentID, undefined].includes(rest.environmentID)
                  )
                  .map((row) => ({ id: row.id, key: key(row) }))
                  .filter(({ key }) => key === undefined ? untimed === "last" : true)
                  .filter(({ key }) =>
                    key === undefined || from === undefined || (sign === 1 ? key > from : key < from)
                  )
                  .sort((a, b) => {
                    const byId = ties === "asc" ? a.id - b.id : b.id - a.id
                    if (a.key === b.key) return byId
                    if (a.key === undefined) return 1
                    if (b.key === undefined) return -1
                    return a.key > b.key ? sign : -sign
                  })
                  .slice(0, limit)
                  .map(({ id }) => id)
                expect(ids(listed)).toEqual(expected)
              }),
              { numRuns: 150 }
            )
          )
        }).pipe(serving({ untimed, ties })))
    }
  }

  it.effect("orders ids as numbers, and continues behind a run that was deleted", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      expect(ids(yield* page({ orderByDirection: "asc" }))).toEqual([2, 9, 10, 100])
      yield* simulator.delete(9)
      expect(ids(yield* page({ orderByDirection: "asc", startingFrom: 9 }))).toEqual([10, 100])
      yield* simulator.append(run(101))
      expect(ids(yield* page({ limit: 2 }))).toEqual([101, 100])
      expect((yield* simulator.runs).map(({ id }) => id)).toEqual([10, 100, 2, 101])
    }).pipe(serving({ runs: [run(10), run(9), run(100), run(2)] })))

  it.effect("has 25 rows by default, the newest id first", () =>
    Effect.gen(function*() {
      const first = yield* page()
      expect({ ...first, data: ids(first) }).toEqual({
        limit: 25,
        orderBy: "id",
        orderByDirection: "desc",
        data: Array.from({ length: 25 }, (_, index) => 30 - index)
      })
    }).pipe(serving({ runs: runsTo(30) })))

  it.effect("shuffles ties by the seed, alike for each request", () =>
    Effect.gen(function*() {
      const tied = Array.from({ length: 40 }, (_, index) => run(index + 1, { runStartTime: "2026-03-01T02:00:00Z" }))
      const shuffled = (seed: number) =>
        Effect.all([page({ orderBy: "runStartTime", limit: 100 }), page({ orderBy: "runStartTime", limit: 100 })]).pipe(
          Effect.map((pages) => pages.map(ids)),
          serving({ runs: tied, ties: "shuffled", seed })
        )
      const [[one, again], [two]] = [yield* shuffled(1), yield* shuffled(2)]
      expect(one).toEqual(again)
      expect(one).not.toEqual(two)
      expect(one).not.toEqual(one?.toSorted((a, b) => Number(a) - Number(b)))
      expect(new Set(one)).toEqual(new Set(tied.map(({ id }) => id)))
    }))
})

describe("the rows of a page", () => {
  const failed = run(7, {
    runStatus: "failed",
    reRunID: 5,
    runFailureReason: "STG_ORDERS: Division by zero",
    runDetails: { jobID: 12 },
    runHistory: [5],
    userID: "u1",
    version: 1
  })

  it.effect("have the failure reason in a summary and the details in a detailed row, and never both", () =>
    Effect.gen(function*() {
      expect((yield* page()).data).toEqual([{
        id: 7,
        reRunID: "5",
        runStartTime: "2026-03-01T02:00:07.000Z",
        runEndTime: "2026-03-01T03:00:07.000Z",
        runType: "refresh",
        runStatus: "failed",
        environmentID: "3",
        runFailureReason: "STG_ORDERS: Division by zero"
      }])
      const detailed = {
        id: 7,
        reRunID: "5",
        runDetails: { environmentID: "3", jobID: 12 },
        runStartTime: "2026-03-01T02:00:07.000Z",
        runEndTime: "2026-03-01T03:00:07.000Z",
        runType: "refresh",
        runStatus: "failed",
        runTimeParameters: {},
        runHistory: [5],
        userID: "u1",
        version: 1
      }
      expect((yield* page({ detail: true })).data).toEqual([detailed])
      expect(yield* page({ detail: false })).toEqual(yield* page())
      expect(JSON.parse((yield* ask("/api/v1/runs/7")).text)).toEqual(detailed)
    }).pipe(serving({ runs: [failed] })))

  it.effect("have ids as text with idsAs: string", () =>
    Effect.gen(function*() {
      expect(ids(yield* page())).toEqual(["7"])
      expect((yield* page({ detail: true })).data).toMatchObject([{ id: "7", runHistory: ["5"] }])
    }).pipe(serving({ runs: [failed], idsAs: "string" })))
})

describe("the next of a page", () => {
  const start = "2026-03-01T02:00:02.000Z"
  const cases: ReadonlyArray<[Simulator.Next, ...ReadonlyArray<unknown>]> = [
    // style, after ids 3 and 2, after the last page of ids, after the times of 3 and 2
    ["absent", undefined, undefined, undefined],
    ["null", null, null, null],
    ["blank", "", "", ""],
    ["last", 2, undefined, start],
    ["string", "2", undefined, start],
    ["numeric", 2, undefined, Date.parse(start)],
    ["always", 2, 1, start]
  ]
  for (const [next, more, end, time] of cases) {
    it.effect(`is ${next}`, () =>
      Effect.gen(function*() {
        expect((yield* page({ limit: 2 })).next).toBe(more)
        expect((yield* page({ limit: 2, startingFrom: 2 })).next).toBe(end)
        expect((yield* page({ limit: 2, orderBy: "runStartTime" })).next).toBe(time)
        // Past the end there is no row to take it from.
        if (next === "always") expect(yield* page({ startingFrom: 1 })).not.toHaveProperty("next")
        if (next === "absent") expect(yield* page()).not.toHaveProperty("next")
      }).pipe(serving({ runs: runsTo(3), next })))
  }

  it.effect("is a number that the server accepts as a cursor, with next: numeric", () =>
    Effect.gen(function*() {
      const { next } = yield* page({ limit: 2, orderBy: "runStartTime" })
      expect(ids(yield* page({ limit: 2, orderBy: "runStartTime", startingFrom: String(next) }))).toEqual([1])
    }).pipe(serving({ runs: runsTo(3), next: "numeric" })))

  it.effect("is text with idsAs: string", () =>
    Effect.gen(function*() {
      expect((yield* page({ limit: 2 })).next).toBe("2")
    }).pipe(serving({ runs: runsTo(3), next: "last", idsAs: "string" })))
})

describe("the limit of a page", () => {
  it.effect("is clamped, and the page shows it", () =>
    Effect.gen(function*() {
      const { limit, data } = yield* page({ limit: 1000 })
      expect([limit, data.length]).toEqual([100, 100])
      expect((yield* page({ limit: 7 })).limit).toBe(7)
    }).pipe(serving({ runs: runsTo(150), maxLimit: 100 })))

  it.effect("goes up to 1000", () =>
    Effect.gen(function*() {
      const { limit, data } = yield* page({ limit: 1000 })
      expect([limit, data.length]).toEqual([1000, 1000])
    }).pipe(serving({ runs: runsTo(1001) })))
})
