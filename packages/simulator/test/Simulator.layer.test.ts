import { Scenario, Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { ask, ids, page, run, serving } from "./support.ts"

const lastNight = Scenario.lastNight({ now: "2026-03-10T09:00:00Z" })

describe("Simulator.layer", () => {
  it.effect("leaves the runs of a forbidden environment out of a list", () =>
    Effect.gen(function*() {
      expect(ids(yield* page())).toEqual([3, 1])
    }).pipe(serving({ runs: [run(1), run(2, { environmentID: "5" }), run(3)], forbidden: { environments: ["5"] } })))

  it.effect("accepts the token that it was given, and no other", () =>
    Effect.gen(function*() {
      const { token } = yield* Simulator.Simulator
      expect(Redacted.value(token)).toBe("secret")
      expect((yield* ask("/api/v1/runs")).status).toBe(401)
      expect((yield* ask("/api/v1/runs", { headers: { authorization: "Bearer secret" } })).status).toBe(200)
    }).pipe(serving({ runs: [], token: Redacted.make("secret") })))

  it.effect("serves last night at the clock's time, unless runs are set", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-03-10T09:00:00Z"))
      const { data } = yield* page({ runStatus: "failed", limit: 1, orderBy: "runStartTime" }).pipe(serving())
      expect(data[0]?.id).toBe(Scenario.find(lastNight, "Daily sales").id)
    }))

  it.effect("limits the rate by the clock, with Retry-After in seconds, as a date, or not at all", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-03-10T09:00:00.250Z"))
      const limited = (retryAfter?: "seconds" | "date" | "none") =>
        Effect.gen(function*() {
          const responses = yield* Effect.forEach([1, 2, 3], () => ask("/api/v1/runs"))
          expect(responses.map(({ status }) => status)).toEqual([200, 200, 429])
          yield* TestClock.adjust("9 seconds")
          const limited = yield* ask("/api/v1/runs")
          yield* TestClock.adjust("1 seconds")
          expect((yield* ask("/api/v1/runs")).status).toBe(200)
          return [responses[2]?.headers.get("retry-after"), limited.headers.get("retry-after")]
        }).pipe(serving({
          runs: [],
          rateLimit: { requests: 2, per: "10 seconds", ...(retryAfter === undefined ? {} : { retryAfter }) }
        }))
      expect(yield* limited()).toEqual(["10", "1"])
      expect(yield* limited("date")).toEqual(["Tue, 10 Mar 2026 09:00:21 GMT", "Tue, 10 Mar 2026 09:00:21 GMT"])
      expect(yield* limited("none")).toEqual([null, null])
    }))

  it.effect("waits before each response, in real time whatever the clock says", () =>
    Effect.gen(function*() {
      const began = performance.now()
      yield* ask("/api/v1/runs")
      // A timer may fire a millisecond early.
      expect(performance.now() - began).toBeGreaterThan(118)
    }).pipe(serving({ runs: [], latency: "120 millis" })))

  it.effect("fails with a ListenError on a port that is in use", () =>
    Effect.gen(function*() {
      const { url } = yield* Simulator.Simulator
      const port = Number(new URL(url).port)
      const error = yield* Effect.flip(Effect.scoped(Simulator.make({ runs: [], port })))
      expect(error).toBeInstanceOf(Simulator.ListenError)
      expect(error.message).toMatch(`Could not listen on 127.0.0.1:${port}: `)
    }).pipe(serving({ runs: [] })))

  it.effect("gives a URL that reaches it, also on IPv6 and where it listens on every address", () =>
    Effect.gen(function*() {
      const error = new Simulator.ListenError({ host: "::1", port: 80, reason: "in use" })
      expect(error.message).toBe("Could not listen on [::1]:80: in use")
      expect((yield* Simulator.Simulator).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      expect((yield* ask("/api/v1/runs")).status).toBe(200)
    }).pipe(serving({ runs: [], host: "0.0.0.0" })))

  it.live("stops listening when its scope closes, with a request still open", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const simulator = yield* Simulator.make({ runs: [], latency: "1 hour" }).pipe(Scope.provide(scope))
      const open = yield* Effect.forkChild(
        Effect.exit(Effect.provideService(ask("/api/v1/runs"), Simulator.Simulator, simulator))
      )
      yield* simulator.waitForRequest(() => true)
      yield* Scope.close(scope, Exit.void)
      const exit = yield* Fiber.join(open)
      expect(Exit.isFailure(exit) && Cause.pretty(exit.cause)).toMatch("fetch failed")
      const refused = yield* Effect.exit(
        Effect.provideService(ask("/api/v1/runs"), Simulator.Simulator, simulator)
      )
      expect(Exit.isFailure(refused)).toBe(true)
    }))
})
