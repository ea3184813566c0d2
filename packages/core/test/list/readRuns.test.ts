import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { RunCursor, RunList, RunWindow } from "../../src/index.ts"
import { type Query, readRuns } from "../../src/list/readRuns.ts"
import { clientOver, type Log, runs, type Server } from "../support/server.ts"

/** Every row of the support's history, of two jobs in turn. */
const history = runs(100).map((run) => ({
  ...run,
  ...(run.runType === "refresh"
    ? { runDetails: { jobID: 1 + run.id % 2, refreshDescription: run.id % 2 === 0 ? "Even" : "Odd" } }
    : {})
}))

const read = (query: Query, server: Partial<Server> = {}, bounds: { rows?: number; time?: Duration.Duration } = {}) => {
  const { layer, log } = clientOver({ history: () => history, ...server }, { retry: Schedule.recurs(0) })
  return Effect.map(
    readRuns(query).pipe(
      Effect.provideService(RunList.Bounds, { ...RunList.Bounds.defaultValue(), ...bounds }),
      Effect.provide(layer)
    ),
    (reading) => ({ ...reading, ids: reading.runs.map(({ id }) => Number(id)), log })
  )
}

const sizes = ({ requests }: Log) => requests.map((request) => request.get("limit"))

describe("a bounded reading", () => {
  it.effect("requests one row more than its limit if the API applies every filter", () =>
    Effect.gen(function*() {
      const found = yield* read({ runStatus: ["failed"], runType: "refresh", environmentID: "1", limit: 3 })
      expect(found.ids).toEqual([84, 63, 42])
      expect(found).toMatchObject({ rows: 3, truncated: "limit", error: undefined, undecodable: undefined, jobs: [] })
      expect(RunCursor.encode(found.cursor)).toBe(`c1.id.desc.${(42).toString(36)}`)
      expect(sizes(found.log)).toEqual(["4"])
      const rest = yield* read({
        runStatus: ["failed"],
        runType: "refresh",
        environmentID: "1",
        startingFrom: found.cursor
      })
      expect(rest.ids).toEqual([21])
      expect(rest.truncated).toBe(false)
    }))

  it.effect("requests whole pages if it filters itself, however few runs it returns", () =>
    Effect.gen(function*() {
      const found = yield* read({ jobID: 1, limit: 3 })
      expect([found.ids, sizes(found.log)[0]]).toEqual([[98, 96, 94], "500"])
    }))

  it.effect("takes its direction from a cursor that is text, too", () =>
    Effect.gen(function*() {
      const window = yield* RunWindow.make({ since: "2026-01-01T00:10Z", until: "2026-01-01T00:20Z", timeZone: "UTC" })
      const found = yield* read({ window, orderByDirection: "asc", limit: 2 })
      const rest = yield* read({ window, startingFrom: RunCursor.encode(found.cursor), limit: 2 })
      expect([found.ids, rest.ids]).toEqual([[10, 11], [12, 13]])
    }))

  it.effect("gives the runs to those who hold none, and keeps none itself", () =>
    Effect.gen(function*() {
      const seen: Array<number> = []
      const { layer } = clientOver({ history: () => history })
      const found = yield* Effect.provide(readRuns({ runStatus: ["failed"] }, ({ id }) => seen.push(id)), layer)
      expect(seen).toHaveLength(found.found)
      expect(seen.slice(0, 3)).toEqual([98, 91, 84])
      expect(found.runs).toEqual([])
    }))

  it.effect("requests no page ahead of the one that reaches its bound", () =>
    Effect.gen(function*() {
      const found = yield* read({}, { maxLimit: 10 }, { rows: 30 })
      expect(found).toMatchObject({ rows: 30, truncated: "row_limit" })
      expect(sizes(found.log)).toEqual(["30", "30", "30"])
    }))

  it.effect("ends at the far edge of a window", () =>
    Effect.gen(function*() {
      const window = yield* RunWindow.make({ since: "2026-01-01T00:10Z", until: "2026-01-01T00:20Z", timeZone: "UTC" })
      const found = yield* read({ window, limit: 20 })
      expect(found.ids).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10])
      expect(found).toMatchObject({ rows: 10, truncated: false, reachedEdge: true })
      // A window that holds all runs has none beyond it.
      const whole = yield* RunWindow.make({ since: "2026-01-01", until: "2026-01-02", timeZone: "UTC" })
      expect(yield* read({ window: whole })).toMatchObject({ rows: 100, truncated: false, reachedEdge: false })
      expect((yield* read({ window, orderByDirection: "asc", limit: 2 })).ids).toEqual([10, 11])
    }))

  it.effect("filters several statuses and a job's name here, and names the jobs of the rows", () =>
    Effect.gen(function*() {
      const found = yield* read({ runStatus: ["failed", "canceled"], jobID: " odd" })
      expect(found.ids).toEqual([91, 77, 63, 49, 21, 7])
      expect(found.runs.every((run) => "runFailureReason" in run)).toBe(true)
      // A deploy has no job: the API was not asked for any.
      expect(found.rows).toBe(80)
      expect(found.jobs).toEqual([{ jobID: 2, jobName: "Odd" }, { jobID: 1, jobName: "Even" }])
      expect((yield* read({ jobID: " 2 " })).ids.length).toBe(40)
      expect((yield* read({ jobID: 2 })).ids.length).toBe(40)
      expect((yield* read({ detail: true, limit: 2 })).jobs).toEqual([])
    }))

  it.effect("names a job by as much as its rows say: an id, a name, or nothing", () =>
    Effect.gen(function*() {
      const some = [{}, { jobID: 5 }, { refreshDescription: "By hand" }].map((runDetails, index) => ({
        id: index + 1,
        runType: "refresh" as const,
        runStatus: "completed",
        environmentID: "1",
        runDetails
      }))
      const found = yield* read({ jobID: "nine" }, { history: () => some })
      expect([found.ids, found.jobs]).toEqual([[], [{ jobName: "By hand" }, { jobID: 5 }]])
    }))

  it.effect("stops at its bound of rows, and continues there", () =>
    Effect.gen(function*() {
      const seen: Array<number> = []
      let startingFrom: RunCursor.RunCursor | undefined
      for (const _ of Array.from({ length: 4 })) {
        const found = yield* read({ jobID: 1, startingFrom }, {}, { rows: 30 })
        seen.push(...found.ids)
        expect(found.rows).toBeLessThanOrEqual(30)
        if (found.truncated === false) break
        expect(found.truncated).toBe("row_limit")
        startingFrom = found.cursor
      }
      expect(seen).toEqual((yield* read({ jobID: 1 })).ids)
      // In the middle of a page, too.
      expect(yield* read({ jobID: 1 }, { maxLimit: 20 }, { rows: 30 })).toMatchObject({
        rows: 30,
        truncated: "row_limit"
      })
    }))

  it.effect("returns what it has read when its time is over", () =>
    Effect.gen(function*() {
      const slow = (response: Record<string, unknown>, _: URLSearchParams, index: number) =>
        index < 2 ? response : new Response(new ReadableStream({}), { status: 200 })
      const reading = yield* Effect.forkChild(
        read({}, { spoil: slow, maxLimit: 10 }, { time: Duration.seconds(5) })
      )
      for (let second = 0; second < 6; second++) {
        yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)))
        yield* TestClock.adjust("1 second")
      }
      const found = yield* Fiber.join(reading)
      expect(found).toMatchObject({ rows: 20, truncated: "time_limit" })
      expect(found.cursor.value).toBe(81)
    }))

  it.effect("returns the runs before an error, and fails without a row", () =>
    Effect.gen(function*() {
      const failing = (from: number) => (response: Record<string, unknown>, _: URLSearchParams, index: number) =>
        index < from ? response : new Response("", { status: 503 })
      const found = yield* read({}, { spoil: failing(2), maxLimit: 10 })
      expect(found).toMatchObject({
        rows: 20,
        truncated: "error",
        error: { _tag: "ServiceUnavailable", status: 503, isRetryable: true }
      })
      expect(found.error?.message).toContain("503")
      expect((yield* Effect.flip(read({}, { spoil: failing(0) })))._tag).toBe("ServiceUnavailable")
    }))

  it.effect("counts undecodable rows, and names the first", () =>
    Effect.gen(function*() {
      const broken = history.map((run) => run.id === 98 || run.id === 95 ? { ...run, runStatus: "" } : run)
      const found = yield* read({ limit: 10 }, { history: () => broken })
      expect(found.ids).not.toContain(98)
      expect(found.ids).toHaveLength(10)
      expect(found.rows).toBe(12)
      expect(found.undecodable).toMatchObject({ count: 2, first: { id: 98, index: 2, path: "runStatus" } })
      // The page that ends a window reaches beyond it.
      const window = yield* RunWindow.make({ since: "2026-01-01T01:36Z", until: "2026-01-01T02:00Z", timeZone: "UTC" })
      const inside = yield* read({ window }, { history: () => broken })
      expect(inside.ids).toEqual([100, 99, 97, 96])
      expect(inside.undecodable).toMatchObject({ count: 1, first: { id: 98 } })
      // One that does not even say when it started may be of the window.
      const untimed = yield* read({ window }, {
        history: () => history,
        spoil: ({ data, ...body }) => ({
          ...body,
          data: Array.isArray(data) ? data.map((row) => row.id === 98 ? { id: 98, runType: "refresh" } : row) : data
        })
      })
      expect(untimed.undecodable).toMatchObject({ count: 1, first: { id: 98 } })
    }))

  it.effect("reports its progress after each page but the last", () =>
    Effect.gen(function*() {
      const told: Array<number> = []
      yield* read({}, { maxLimit: 40 }).pipe(
        Effect.provideService(RunList.Progress, (rows) => Effect.sync(() => void told.push(rows)))
      )
      expect(told).toEqual([40, 80])
    }))

  it.effect("fails with the query's own error before any request", () =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({ history: () => history })
      const error = yield* Effect.flip(Effect.provide(readRuns({ startingFrom: "yesterday" }), layer))
      expect(error._tag).toBe("InvalidQuery")
      expect(log.requests).toEqual([])
    }))
})
