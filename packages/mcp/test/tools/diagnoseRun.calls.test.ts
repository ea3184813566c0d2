// How `diagnose_run` is called, what it refuses, and what it says of errors.
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as Faults from "@coalesce-runs/simulator/Faults"
import * as Scenario from "@coalesce-runs/simulator/Scenario"
import type { SimulatedRun } from "@coalesce-runs/simulator/SimulatedRun"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { diagnoseRun } from "../../src/tools/diagnoseRun/tool.ts"
import { summarizeRuns } from "../../src/tools/summarizeRuns/tool.ts"
import { at } from "../support/asked.ts"
import { clientOf, run } from "../support/call.ts"
import { connected } from "../support/server.ts"

const timeZone = "Europe/London"
const lastNight = Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone })
const dailySales = Scenario.find(lastNight, "Daily sales").id
const marketing = Scenario.find(lastNight, "Marketing attribution").id

const call = run(diagnoseRun)

const over = <A, E>(
  use: Effect.Effect<A, E, RunsClient.RunsClient | Simulator.Simulator>,
  options: Simulator.Options = {}
) =>
  Effect.andThen(TestClock.setTime(DateTime.toEpochMillis(lastNight.now)), use).pipe(
    Effect.provide(clientOf({ scenario: lastNight, ...options }))
  )

const requests = Effect.flatMap(Simulator.Simulator, ({ requests }) => requests)

describe("the week of a run", () => {
  it.effect("is its own where it is long ago", () =>
    over(
      Effect.gen(function*() {
        const { report } = yield* diagnoseRun.run({ runID: 7, timeZone })
        const [week] = report.nextSteps
        expect(week?.arguments).toEqual({
          since: "2026-01-30",
          until: "2026-02-05",
          jobID: "1",
          environmentID: "3",
          groupBy: "day",
          timeZone
        })
        const { text } = yield* Effect.mapError(run(summarizeRuns)(week?.arguments), String)
        expect(text).toMatch(/^1 run \(environmentID 3, jobID 1\): 1 failed/)
      }),
      {
        runs: [{
          id: 7,
          runType: "refresh",
          runStatus: "failed",
          runStartTime: "2026-02-05T23:30:00Z",
          environmentID: "3",
          runDetails: { jobID: 1 }
        }]
      }
    ))
})

describe("a run of which little is known", () => {
  const started = { runStartTime: "2026-03-10T02:00:00Z", runEndTime: "2026-03-10T02:10:00Z", environmentID: "3" }
  const bare: SimulatedRun = { id: 7, runType: "refresh", runStatus: "failed", runDetails: { jobID: 1 }, results: [] }

  it.effect.each<[run: SimulatedRun, said: ReadonlyArray<string>]>([
    [{ ...bare, ...started }, [
      "Run 7 failed: refresh of job 1 in env 3 (2026-03-10 02:00): no message says why. Not recovered: later run 8 " +
      "(2026-03-10 03:00) failed as well. Look at: the run in Coalesce, as nothing here says why.",
      "The run has no node results. It took 10m."
    ]],
    [{ ...bare, environmentID: "3", runFailureReason: "It broke" }, [
      "Run 7 failed: refresh of job 1 in env 3 (start not known): \"It broke\" (unknown). Not recovered: later run 8 " +
      "(2026-03-10 03:00) failed as well. Look at: the message, and the SQL of the node."
    ]],
    [{ ...bare, ...started, runStatus: "canceled" }, ["Not recovered: later run 8 (2026-03-10 03:00) failed."]]
  ])("%#: is told without more", ([run, said]) =>
    over(
      Effect.gen(function*() {
        const { text } = yield* call({ runID: 7, timeZone: "UTC" })
        for (const line of said) expect(text.split("\n")).toContain(line)
      }),
      {
        runs: [
          run,
          { ...bare, ...started, id: 8, runStartTime: "2026-03-10T03:00:00Z", runDetails: { jobID: 1 } }
        ]
      }
    ))
})

describe("arguments", () => {
  it.effect.each<[args: unknown, run: number]>([
    [undefined, dailySales],
    [{ timeZone }, dailySales],
    [{ runID: null, jobID: "", window: "", runType: null, timeZone }, dailySales],
    [{ runID: marketing }, marketing],
    [{ runID: String(marketing), timeZone }, marketing],
    [{ jobID: 14, timeZone }, marketing],
    [{ jobID: "14", environmentID: 3, timeZone }, marketing],
    [{ jobID: "marketing ATTRIBUTION", timeZone }, marketing],
    [{ since: "2026-03-10T02:00:00Z", until: "2026-03-10T03:00:00Z" }, marketing],
    [{ since: "12h", timeZone }, dailySales],
    [{ window: "last_24_hours" }, dailySales]
  ])("%o are about run %i", ([args, run]) =>
    over(Effect.gen(function*() {
      const { facts, text } = yield* call(args)
      expect(facts).toMatchObject({ outcome: "failed", run: { id: run } })
      expect(text).toMatch(new RegExp(`^Run ${run} failed: `))
      expect((yield* requests).length).toBeLessThanOrEqual(9)
    })))

  it.effect.each<[args: object, said: ReadonlyArray<string>]>([
    [{ runIdd: 1 }, ["- runIdd: There is no such argument. The arguments are runID, window"]],
    [{ runID: "last" }, ["- runID: Expected an integer"]],
    [{ runID: -1 }, ["- runID: "]],
    [{ runID: 1.5 }, ["- runID: "]],
    [{ window: "today", since: "3d" }, ["- since: "]],
    [{ until: "2026-03-01" }, ["- since: "]],
    [{ timeZone: "Mars" }, ["- timeZone: "]],
    [{ jobID: "3", runType: "deploy" }, ["- jobID: A deploy has no job"]],
    [{ groupBy: "job" }, ["- groupBy: There is no such argument"]]
  ])("%o are refused by name, and nothing is asked", ([args, said]) =>
    over(Effect.gen(function*() {
      const text = yield* Effect.flip(call(args))
      expect(text).toMatch(/^diagnose_run was not run: /)
      for (const part of said) expect(text).toContain(part)
      expect(yield* requests).toHaveLength(0)
    })))

  it.effect("with an unknown job are refused, with the names of the known jobs", () =>
    over(Effect.gen(function*() {
      const text = yield* Effect.flip(call({ jobID: "Dayly sales" }))
      expect(text).toContain("- jobID: No job has this id or name among the latest 200 refreshes")
      expect(text).toContain("15 \"Daily sales\"")
      // The history has fewer than 250 refreshes: one page has all of them, and the next shows that it has.
      expect(yield* requests).toHaveLength(2)
    })))

  it.effect("narrow to a deploy", () =>
    over(Effect.gen(function*() {
      const { facts, text } = yield* call({ runType: "deploy", window: "last_7_days", timeZone })
      expect(facts.run).toMatchObject({ id: Scenario.find(lastNight, "failed deploy").id, runType: "deploy" })
      expect(text).toContain("The run's own reason: \"RunPhasedDeploy encountered failures")
    })))
})

describe("errors", () => {
  const status = (code: number) => [Faults.always(Faults.status(code))]

  it.effect.each<[what: string, args: object, faults: Faults.Faults, said: ReadonlyArray<string>]>([
    ["401", {}, status(401), ["Unauthorized", "Deploy tab"]],
    ["403", {}, status(403), ["Forbidden", "permissions"]],
    ["404", {}, status(404), ["Not Found", "COALESCE_BASE_URL"]],
    ["404 of everything, with a runID", { runID: dailySales }, status(404), ["Not Found", "COALESCE_BASE_URL"]],
    ["401 of a run", { runID: dailySales }, status(401), ["Unauthorized", "Deploy tab"]],
    ["403 of a run", { runID: dailySales }, status(403), ["Forbidden", "permissions"]],
    ["429", {}, [Faults.always(Faults.status(429, { retryAfter: 90 }))], ["Too Many Requests", "1m 30s"]],
    ["503", {}, status(503), ["Service Unavailable", "Retry: yes"]],
    ["an empty 200", {}, [Faults.always(Faults.emptyBody)], ["could not be decoded"]],
    ["a reset", {}, [Faults.always(Faults.reset)], ["could not be reached"]],
    ["a run that there is not", { runID: 999_999 }, [], [
      "There is no run 999999, or this token may not see it",
      "The latest run is ",
      "not with this runID"
    ]]
  ])("%s", ([, args, faults, said]) =>
    over(
      Effect.gen(function*() {
        const text = yield* Effect.flip(call({ ...args, timeZone }))
        for (const part of said) expect(text).toContain(part)
        expect(text).toMatch(/\nRetry: .+\nNext: .+/)
        expect(text).not.toContain("simulated-token")
        expect(text.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:4000")).toMatchSnapshot()
      }),
      { faults }
    ))

  it.effect("of which none can be taken for a night on which nothing failed", () =>
    over(Effect.gen(function*() {
      const { facts, text } = yield* call({ environmentID: "nowhere", timeZone })
      expect(facts.outcome).toBe("nothingRan")
      expect(text).toMatch(/^No refresh started in the window/)
    })))

  it.effect("of parts are said with the rest of the result, and whether trying again can help", () =>
    over(
      Effect.gen(function*() {
        const { facts, text } = yield* call({ timeZone })
        expect(facts.outcome).toBe("failed")
        expect(text).toContain(`- the node results of run ${dailySales}: 503 ServiceUnavailable: `)
        expect(text).toContain("A retry may help.")
        expect(text).toContain("Which nodes failed is not known")
        expect(text.split("\n").find((line) => line.startsWith("Next: "))).toBe(
          `Next: diagnose_run {"since":"2026-03-09T18:00:00Z","until":"2026-03-10T08:00:00Z","timeZone":"${timeZone}"} ` +
            "to retry what is unavailable"
        )
      }),
      { faults: [Faults.always(Faults.status(503), ({ path }) => path.endsWith("/results"))] }
    ))
})

describe("the time of a call", () => {
  it.effect("is bounded, and what came of it is said", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(lastNight.now))
      const simulator = yield* Simulator.Simulator
      const calling = yield* Effect.forkChild(Effect.flip(call({ timeZone })))
      yield* simulator.waitForRequest(() => true)
      yield* TestClock.adjust(Duration.seconds(40))
      const text = yield* Fiber.join(calling)
      expect(text).toContain("Coalesce did not return the run to diagnose within 40s, so there is no result.")
      expect(text).toContain("Retry: yes")
    }).pipe(Effect.provide(
      clientOf({ scenario: lastNight, faults: [Faults.always(Faults.hang())] }, {
        retry: Schedule.recurs(0),
        timeout: "5 minutes"
      })
    )))

  it.effect("leaves out a part that hangs", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(lastNight.now))
      const simulator = yield* Simulator.Simulator
      const calling = yield* Effect.forkChild(call({ timeZone }))
      yield* simulator.waitForRequest(({ path }) => path.endsWith("/results"))
      yield* TestClock.adjust(Duration.seconds(12))
      const { facts, text } = yield* Fiber.join(calling)
      expect(facts.run?.id).toBe(dailySales)
      expect(text).toContain(
        `- the node results of run ${dailySales}: TimedOut: "There was no response within 12s." A retry may help.`
      )
    }).pipe(Effect.provide(
      clientOf({
        scenario: lastNight,
        faults: [Faults.always(Faults.hang(), ({ path }) => path.endsWith("/results"))]
      }, { retry: Schedule.recurs(0), timeout: "5 minutes" })
    )))

  it.effect("ends with its cancellation, and so do its requests", () =>
    Effect.gen(function*() {
      const services = yield* Layer.build(
        clientOf({
          scenario: lastNight,
          faults: [Faults.always(Faults.hang(), ({ path }) => path.endsWith("/results"))]
        }).pipe(Layer.provideMerge(at(lastNight.now)))
      )
      const simulator = Context.get(services, Simulator.Simulator)
      const { client } = yield* connected(Layer.succeedContext(services))
      const controller = new AbortController()
      const calling = client.callTool({ name: "diagnose_run", arguments: { timeZone } }, { signal: controller.signal })
        .then(() => "returned", () => "cancelled")
      yield* simulator.waitForRequest(({ path }) => path.endsWith("/results"))
      controller.abort()
      expect(yield* Effect.promise(() => calling)).toBe("cancelled")
      const closed = yield* simulator.waitForRequest(({ closedEarly }) => closedEarly)
      expect(closed.path).toMatch(/\/results$/)
    }))
})

describe("over HTTP that cannot be reached", () => {
  it.effect("says so", () =>
    Effect.gen(function*() {
      expect(yield* Effect.flip(call({}))).toContain("Coalesce could not be reached at 127.0.0.1:1")
    }).pipe(Effect.provide(
      RunsClient.layer({ accessToken: "a-token", baseUrl: "http://127.0.0.1:1", retry: Schedule.recurs(0) }).pipe(
        Layer.provide(FetchHttpClient.layer)
      )
    )))
})
