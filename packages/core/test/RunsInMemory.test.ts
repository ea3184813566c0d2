import { RunsInMemory } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "fast-check"

const ids = (page: RunsInMemory.Page<RunsInMemory.ListedRun>) => page.runs.map(({ id }) => id)

const run = (id: number, fields: Partial<RunsInMemory.ListedRun> = {}): RunsInMemory.ListedRun => ({
  id,
  runType: "refresh",
  runStatus: "completed",
  ...fields
})

const instant = (second: number) => new Date(Date.UTC(2026, 2, 10, 2, 0, second)).toISOString()

const stored: FastCheck.Arbitrary<ReadonlyArray<RunsInMemory.ListedRun>> = FastCheck.uniqueArray(
  FastCheck.record({
    id: FastCheck.integer({ min: 1, max: 60 }),
    runType: FastCheck.constantFrom("deploy", "refresh"),
    runStatus: FastCheck.constantFrom("completed", "failed"),
    environmentID: FastCheck.constantFrom("3", "5"),
    // Few instants, so that many runs share one.
    runStartTime: FastCheck.integer({ min: 0, max: 4 }).map(instant)
  }),
  { selector: ({ id }) => id, maxLength: 40 }
)

const queries = FastCheck.record({
  orderBy: FastCheck.constantFrom("id" as const, "runStartTime" as const),
  orderByDirection: FastCheck.constantFrom("asc" as const, "desc" as const),
  limit: FastCheck.integer({ min: 1, max: 50 }),
  runType: FastCheck.constantFrom(undefined, "deploy", "refresh"),
  runStatus: FastCheck.constantFrom(undefined, "completed", "failed"),
  environmentID: FastCheck.constantFrom(undefined, "3", "5"),
  from: FastCheck.integer({ min: 0, max: 60 })
})

describe("RunsInMemory.page", () => {
  it("returns what a filter, a sort and a search in succession return", () => {
    FastCheck.assert(FastCheck.property(stored, queries, (runs, { from, ...query }) => {
      const { orderBy, orderByDirection } = query
      const keyOf = (run: RunsInMemory.ListedRun) => orderBy === "id" ? run.id : Date.parse(run.runStartTime ?? "")
      const start = orderBy === "id" ? from : Date.parse(instant(from % 5))
      const isBeyond = (key: number) => orderByDirection === "asc" ? key > start : key < start
      const expected = runs
        .filter((run) => query.runType === undefined || query.runType === run.runType)
        .filter((run) => query.runStatus === undefined || query.runStatus === run.runStatus)
        .filter((run) => query.environmentID === undefined || query.environmentID === run.environmentID)
        .toSorted((a, b) => (orderByDirection === "asc" ? 1 : -1) * (keyOf(a) - keyOf(b)) || a.id - b.id)
        .filter((run) => isBeyond(keyOf(run)))
      const page = RunsInMemory.make(runs).page({
        ...query,
        startingFrom: orderBy === "id" ? from : instant(from % 5)
      })
      expect(page.runs).toEqual(expected.slice(0, query.limit))
      expect(page.hasMore).toBe(expected.length > query.limit)
    }))
  })

  it("leaves out runs without the time that orders them, or puts them last in either direction", () => {
    const runs = [run(1), run(2, { runStartTime: instant(1) }), run(3, { runStartTime: instant(2) })]
    const byTime = (direction: "asc" | "desc", untimed: "omitted" | "last") =>
      ids(
        RunsInMemory.make(runs, { untimed }).page({
          orderBy: "runStartTime",
          orderByDirection: direction,
          limit: 10
        })
      )
    expect(byTime("asc", "omitted")).toEqual([2, 3])
    expect(byTime("desc", "omitted")).toEqual([3, 2])
    expect(byTime("asc", "last")).toEqual([2, 3, 1])
    expect(byTime("desc", "last")).toEqual([3, 2, 1])
  })

  it("orders runs with equal times by `tie`", () => {
    const runs = [1, 2, 3].map((id) => run(id, { runEndTime: instant(0) }))
    const page = { orderBy: "runEndTime", orderByDirection: "desc", limit: 10 } as const
    expect(ids(RunsInMemory.make(runs).page(page))).toEqual([1, 2, 3])
    expect(ids(RunsInMemory.make(runs, { tie: ({ id }) => -id }).page(page))).toEqual([3, 2, 1])
  })

  it("compares times as instants to the millisecond, or by `instant`", () => {
    const runs = [
      run(1, { runStartTime: "2026-03-10T02:00:00.0005Z" }),
      run(2, { runStartTime: "2026-03-10T03:00:00.0002+01:00" }),
      run(3, { runStartTime: "2026-03-10T01:59:59Z" }),
      run(4, { runStartTime: "yesterday" })
    ]
    const page = { orderBy: "runStartTime", orderByDirection: "asc", limit: 10 } as const
    expect(ids(RunsInMemory.make(runs).page(page))).toEqual([3, 1, 2])
    expect(ids(RunsInMemory.make(runs, { instant: (time) => time }).page(page))).toEqual([3, 1, 2, 4])
  })
})

describe("RunsInMemory.find", () => {
  it("returns the last run of an id, and undefined for an id that no run has", () => {
    const { find } = RunsInMemory.make([run(1), run(1, { runStatus: "failed" })])
    expect(find(1)?.runStatus).toBe("failed")
    expect(find(2)).toBeUndefined()
  })
})
