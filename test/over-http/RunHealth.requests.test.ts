// Checks the requests of a health check, and what it does without a part.
import { Report, RunBaseline, RunHealth } from "@coalesce-runs/core"
import { Faults, Nights, Scenario, Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { clientOf, listRequests } from "./support/client.ts"
import { cost } from "./support/cost.ts"
import { check, during, factsOf } from "./support/health.ts"

/** The machine's clock, set to another time. */
const clockAt = (time: DateTime.Utc) =>
  Effect.map(Clock.Clock, (clock): Clock.Clock => {
    const by = DateTime.toEpochMillis(time) - clock.currentTimeMillisUnsafe()
    const nanos = BigInt(by) * 1_000_000n
    return {
      currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + by,
      currentTimeMillis: Effect.map(clock.currentTimeMillis, (millis) => millis + by),
      currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe() + nanos,
      currentTimeNanos: Effect.map(clock.currentTimeNanos, (now) => now + nanos),
      monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
      monotonicTimeNanos: clock.monotonicTimeNanos,
      sleep: (duration) => clock.sleep(duration)
    }
  })

/** The cost of an effect alone. */
const costOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const before = yield* cost
    const result = yield* effect
    const after = yield* cost
    return { result, requests: after.requests - before.requests, roundTrips: after.roundTrips - before.roundTrips }
  })

describe("with a kept baseline", () => {
  it.effect.each(Nights.all())("a check makes at most 30 requests on $name", (night) =>
    Effect.gen(function*() {
      const { requests } = yield* during(night, Effect.andThen(check(), costOf(check())))
      expect(requests).toBeGreaterThan(6)
      expect(requests).toBeLessThanOrEqual(30)
    }))

  it.effect("a check of a project makes at most 30 requests too", () => {
    const { history, now } = Nights.get("all well")
    const runs = Scenario.runs(history).map((run) => ({ ...run, projectID: "7" }))
    return Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(now))
      const first = yield* costOf(check({ projectID: "7" }))
      const second = yield* costOf(check({ projectID: "7" }))
      expect(second.requests).toBeLessThan(first.requests)
      expect(second.requests).toBeLessThanOrEqual(30)
      // Another project has a baseline of its own.
      expect((yield* check({ projectID: "8" })).findings).toEqual([])
    }).pipe(Effect.provide(clientOf({ runs })))
  })

  it.effect("only a window that ended a while ago costs a request for the runs behind it", () => {
    const night = Nights.get("all well")
    const behind = Effect.map(
      listRequests,
      (requests) =>
        requests.filter(({ query }) => query["orderBy"] === "runStartTime" && query["orderByDirection"] === "asc")
          .length
    )
    const checked = (seconds: number) =>
      Effect.andThen(check({ since: "14h", until: DateTime.subtract(night.now, { seconds }) }), behind)
    return Effect.gen(function*() {
      expect(yield* during(night, Effect.all([checked(0), checked(5), checked(120)]))).toEqual([0, 0, 1])
    })
  })

  // The times of the requests are real; the checks see those of the night.
  for (const name of ["hundreds of failures", "a run that wrote no rows", "two causes in one night", "all well"]) {
    it.live(`a check takes at most 4 round trips on ${name}`, () => {
      const { history, now } = Nights.get(name)
      return Effect.gen(function*() {
        const clock = yield* clockAt(now)
        const checked = Effect.provideService(check(), Clock.Clock, clock)
        const { roundTrips } = yield* Effect.andThen(checked, costOf(checked))
        expect(roundTrips).toBeGreaterThan(1)
        expect(roundTrips).toBeLessThanOrEqual(4)
      }).pipe(Effect.provide(clientOf({ scenario: history, latency: "60 millis" })))
    })
  }

  it.effect("a check finds the same as with the baseline that it learned, and with one that is passed", () =>
    Effect.gen(function*() {
      const night = Nights.get("a nightly that did not run")
      const [cold, kept, passed] = yield* during(
        night,
        Effect.all([
          check(),
          check(),
          Effect.flatMap(RunBaseline.learn({ timeZone: "Europe/London" }), (baseline) => check({ baseline }))
        ])
      )
      expect(factsOf(cold)).toEqual(["missing: Daily sales"])
      expect(kept).toEqual(cold)
      expect(factsOf(passed)).toEqual(factsOf(cold))
      expect(factsOf(yield* during(night, check({ baseline: "none" })))).toEqual([])
    }))
})

describe("without a baseline", () => {
  /** 40 days of 24 jobs that run every half hour: 46,080 runs. */
  const large = Scenario.make({ now: "2026-03-10T08:00:00Z", timeZone: "UTC" }).pipe((scenario) =>
    Array.from({ length: 24 }, (_, index) => index).reduce<Scenario.Scenario>(
      (history, index) =>
        history.pipe(
          Scenario.job({
            name: `Job ${index}`,
            jobID: 100 + index,
            environmentID: "3",
            at: { every: "30 minutes" },
            days: 40,
            takes: "5 minutes",
            nodes: 1
          })
        ),
      scenario
    )
  )

  it.effect("a check makes at most 60 requests, and says from how many runs it learned", () =>
    Effect.gen(function*() {
      const { requests, result } = yield* during({ history: large, now: large.now }, costOf(check()))
      // 27 of them learn: nothing is read ahead of the rows that count.
      expect(requests).toBeLessThanOrEqual(52)
      expect(result.read.baseline).toMatchObject({ jobs: 24, truncated: "row_limit" })
      const runs = result.read.baseline?.runs ?? 0
      expect(runs).toBeGreaterThan(20_000)
      expect(Report.toText(RunHealth.report(result))).toContain(`What is usual was learned from ${runs} runs since `)
    }), 60_000)
})

describe("without a part", () => {
  const night = Nights.get("two causes in one night")

  /** Checks the night in memory, where time is the test's. */
  const without = (...faults: Faults.Faults) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(night.now))
      const fiber = yield* Effect.forkChild(
        check({ partTimeout: "5 seconds" }).pipe(
          Effect.provide(Simulator.layerClient({ scenario: night.history, faults })),
          Effect.exit
        )
      )
      for (let step = 0; step < 600 && fiber.pollUnsafe() === undefined; step++) yield* TestClock.adjust("100 millis")
      const health = yield* Effect.flatten(Fiber.join(fiber))
      return { health, text: Report.toText(RunHealth.report(health)) }
    })

  const isResults = ({ path }: Faults.FaultRequest) => path.endsWith("/results")
  const has = (name: string, value?: string) => ({ path, query }: Faults.FaultRequest) =>
    path.endsWith("/runs") && (value === undefined ? query[name] !== undefined : query[name] === value)

  it.effect("that hangs, says so and tells that failures are there", () =>
    Effect.gen(function*() {
      const { health, text } = yield* without(Faults.always(Faults.hang(), isResults))
      expect(factsOf(health)).toEqual(["4 runs not read: 4 jobs"])
      expect(health.read.failed).toEqual({ read: 0, notRead: 4 })
      expect(text).toMatch(/^1 thing needs attention: 4 failed refreshes\.\n/)
      expect(text).toContain(
        "- the node results of 10 runs: TimedOut: \"There was no response within 5s.\" A retry may help."
      )
    }))

  it.effect("such as the newest runs, what is usual or the reasons, still tells the rest", () =>
    Effect.gen(function*() {
      const all = factsOf((yield* without()).health)
      for (
        const [fault, part] of [
          [has("runStatus", "running"), "openRuns"],
          [has("runStatus", "failed"), "runFailureReasons"],
          [(request: Faults.FaultRequest) => has("limit", "25")(request), "baseline"]
        ] as const
      ) {
        const { health, text } = yield* without(Faults.always(Faults.status(403), fault))
        expect(health.unavailable.map(({ part }) => part)).toEqual([part])
        expect(factsOf(health)).toEqual(all)
        expect(text).toContain("403 Forbidden")
      }
    }))

  it.effect("such as the runs of the window, does not call the night well", () =>
    Effect.gen(function*() {
      const isRows = (request: Faults.FaultRequest) =>
        has("orderBy", "runStartTime")(request) && !has("runStatus")(request)
      const { health, text } = yield* without(Faults.always(Faults.status(500), isRows))
      expect(health.unavailable.map(({ part }) => part)).toContain("runsOfWindow")
      expect(health.ran.truncated).toBe(true)
      expect(health.findings.some(({ kind }) => kind === "missing")).toBe(false)
      expect(text).not.toContain("Nothing needs attention.")
    }))

  it.effect("that nothing can be said without, fails with its error", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(without(Faults.always(Faults.status(401))))
      expect(error._tag).toBe("Unauthorized")
    }))
})
