import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { RunList, RunsClient, RunStatistics, RunWindow } from "../../src/index.ts"
import { clientOver, type Server, type WireRun } from "../support/server.ts"

const now = Date.parse("2026-11-10T00:00:00Z")
const hour = 3_600_000

/** One an hour up to now, the last id the latest; of two jobs in turn, each third failed. */
const hourly = (count: number): ReadonlyArray<WireRun> =>
  Array.from({ length: count }, (_, index) => {
    const start = now - (count - index) * hour
    const isFailed = index % 3 === 0
    return {
      id: 1 + index,
      runType: "refresh",
      runStatus: isFailed ? "failed" : "completed",
      environmentID: "3",
      runStartTime: new Date(start).toISOString(),
      runEndTime: new Date(start + 60_000).toISOString(),
      ...(isFailed ? { runFailureReason: "Division by zero" } : {}),
      runDetails: { jobID: 1 + index % 2, refreshDescription: index % 2 === 0 ? "Even" : "Odd" }
    }
  })

const summarize = (
  options: RunStatistics.SummarizeOptions,
  server: Partial<Server> = {},
  bounds: Partial<{ readonly counted: number; readonly time: Duration.Duration }> = {}
) => {
  const { layer, log } = clientOver({ history: () => hourly(200), ...server }, { retry: Schedule.recurs(0) })
  return TestClock.setTime(now).pipe(
    Effect.andThen(RunStatistics.summarize({ timeZone: "UTC", ...options })),
    Effect.map((summary) => ({ ...summary, requests: log.requests })),
    Effect.provideService(RunList.Bounds, { ...RunList.Bounds.defaultValue(), ...bounds }),
    Effect.provide(layer)
  )
}

/** The body of a response, and from the request with this number on a failure. */
const failingFrom = (number: number) => (body: Record<string, unknown>, _: URLSearchParams, index: number) =>
  index < number ? body : new Response("", { status: 503 })

describe("a summary within bounds", () => {
  it.effect("counts the latest runs, and names the window that remains", () =>
    Effect.gen(function*() {
      let window = yield* RunWindow.make({
        since: DateTime.makeUnsafe(now - 100 * hour),
        until: DateTime.makeUnsafe(now)
      })
      const first = yield* summarize({ window, compare: true }, {}, { counted: 30 })
      expect(first).toMatchObject({ rows: 30, truncated: "row_limit", changeUnavailable: "truncated" })
      expect(first).not.toHaveProperty("change")
      expect(first.remaining).toEqual({ ...window, until: DateTime.makeUnsafe(now - 30 * hour + 1) })
      let runs = 0
      for (const _ of Array.from({ length: 4 })) {
        const { remaining, statistics } = yield* summarize({ window }, {}, { counted: 30 })
        // The run at the edge is counted again.
        runs += statistics.runs - (window.until.epochMilliseconds === now ? 0 : 1)
        if (remaining === undefined) break
        window = remaining
      }
      expect(runs).toBe(100)
    }))

  it.effect("has no remaining window if no row was read", () =>
    Effect.gen(function*() {
      const never = () => new Response(new ReadableStream({}), { status: 200 })
      const reading = yield* Effect.forkChild(
        summarize({ since: "10h" }, { spoil: never }, { time: Duration.seconds(5) })
      )
      for (let second = 0; second < 6; second++) {
        yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)))
        yield* TestClock.adjust("1 second")
      }
      const summary = yield* Fiber.join(reading)
      expect(summary).toMatchObject({ rows: 0, truncated: "time_limit", statistics: { runs: 0 } })
      expect(summary).not.toHaveProperty("remaining")
      expect(summary).not.toHaveProperty("nearest")
    }))

  it.effect("reads the window before with the rows that are left", () =>
    Effect.gen(function*() {
      const options = { since: "10h", compare: true }
      // One row more: the first beyond the window tells that it ends.
      const whole = yield* summarize(options, {}, { counted: 21 })
      expect(whole).toMatchObject({ truncated: false, change: { runs: 0 }, previous: { statistics: { runs: 10 } } })
      const cut = yield* summarize(options, {}, { counted: 20 })
      expect(cut).toMatchObject({ statistics: { runs: 10 }, truncated: false, changeUnavailable: "row_limit" })
      for (const key of ["change", "previous"]) expect(cut).not.toHaveProperty(key)
    }))

  it.effect("is returned if the window before cannot be read", () =>
    Effect.gen(function*() {
      const summary = yield* summarize({ since: "10h", compare: true }, { spoil: failingFrom(1) })
      expect(summary).toMatchObject({ statistics: { runs: 10 }, truncated: false, changeUnavailable: "error" })
    }))

  it.effect("counts what came before an error, and fails without a row", () =>
    Effect.gen(function*() {
      const summary = yield* summarize({ since: "100h" }, { spoil: failingFrom(2), maxLimit: 20 })
      expect(summary).toMatchObject({
        statistics: { runs: 39 },
        rows: 39,
        truncated: "error",
        error: { status: 503, isRetryable: true }
      })
      const error = yield* Effect.flip(summarize({ since: "100h" }, { spoil: failingFrom(0) }))
      expect(error._tag).toBe("ServiceUnavailable")
    }))

  it.effect("skips undecodable rows of both windows, and counts them", () =>
    Effect.gen(function*() {
      const history = hourly(200).map((run) => run.id === 199 || run.id === 185 ? { ...run, runStatus: "" } : run)
      const summary = yield* summarize({ since: "10h", compare: true }, { history: () => history })
      expect(summary).toMatchObject({
        statistics: { runs: 9 },
        rows: 10,
        undecodable: { count: 1, first: { id: 199 } },
        previous: { statistics: { runs: 9 }, undecodable: { count: 1, first: { id: 185 } } }
      })
    }))

  it.effect("reports a progress that rises from the first window to the second", () =>
    Effect.gen(function*() {
      const told: Array<number> = []
      yield* summarize({ since: "60h", compare: true }, { maxLimit: 40 }).pipe(
        Effect.provideService(RunList.Progress, (rows) => Effect.sync(() => void told.push(rows)))
      )
      expect(told).toEqual([40, 60, 100, 120])
    }))

  it.effect("counts what a sink counts", () =>
    Effect.gen(function*() {
      const { layer } = clientOver({ history: () => hourly(200) })
      const window = yield* RunWindow.make({ since: DateTime.makeUnsafe(0), until: DateTime.makeUnsafe(now) })
      const rows = yield* Effect.provide(
        RunsClient.listPage({ detail: true, failureReasons: true, limit: 1000 }),
        layer
      )
      const { statistics } = yield* summarize({ window, groupBy: "job" })
      const causes = statistics.causes.map(({ jobs: _, ...cause }) => cause)
      expect({ ...statistics, causes }).toEqual(RunStatistics.fromRuns(rows.runs, { groupBy: "job" }))
    }))
})

describe("a summary of one job", () => {
  it.effect("takes the id or the name of the job", () =>
    Effect.gen(function*() {
      const byName = yield* summarize({ since: "10h", jobID: " odd" })
      const byID = yield* summarize({ since: "10h", jobID: 2 })
      expect(byName.statistics).toEqual(byID.statistics)
      expect(byName).toMatchObject({
        statistics: { runs: 5 },
        rows: 10,
        query: { jobID: 2 },
        job: { jobName: "Odd", by: "name" }
      })
    }))

  it.effect("is refused if several jobs have the name", () =>
    Effect.gen(function*() {
      const history = hourly(20).map((run) => ({
        ...run,
        runDetails: { ...run.runDetails, refreshDescription: "Same" }
      }))
      const error = yield* Effect.flip(summarize({ since: "10h", jobID: "Same" }, { history: () => history }))
      expect(error._tag === "InvalidQuery" && error.violations).toEqual([
        {
          field: "jobID",
          reason:
            "Several jobs have \"Same\" in their name: pass one of the ids 2 \"Same\" in environment 3, 1 \"Same\" in environment 3"
        }
      ])
    }))

  it.effect("lists the other jobs, and no run of another job, if the job did not run", () =>
    Effect.gen(function*() {
      const summary = yield* summarize({ since: "10h", jobID: "Daily" })
      expect(summary).toMatchObject({
        statistics: { runs: 0 },
        jobs: { listed: [{ jobID: 2, jobName: "Odd" }, { jobID: 1, jobName: "Even" }], more: 0 },
        nearest: {}
      })
    }))
})

describe("options of a summary", () => {
  it.effect.each<[options: RunStatistics.SummarizeOptions, fields: ReadonlyArray<string>]>([
    [{ window: "today", since: "3d", until: "now" }, ["since", "until"]],
    [{ jobID: 3, runType: "deploy" }, ["jobID"]],
    [{ environmentID: "x".repeat(401) }, ["environmentID"]],
    [{ until: "now" }, ["since"]]
  ])("%o are refused by name, before any request", ([options, fields]) =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({ history: () => [] })
      const error = yield* Effect.flip(Effect.provide(RunStatistics.summarize(options), layer))
      expect(error._tag === "InvalidQuery" && error.violations.map(({ field }) => field)).toEqual(fields)
      expect(log.requests).toEqual([])
    }))
})
