import { Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { ask, authorized, runsTo, serving } from "../support.ts"

describe("the request log", () => {
  it.effect("has each request, without its token", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-03-10T09:00:00Z"))
      const simulator = yield* Simulator.Simulator
      yield* ask("/api/v1/runs?limit=2&runStatus=failed", { headers: { ...authorized, "user-agent": "me/1" } })
      yield* ask("/api/v1/runs", { headers: { authorization: "Bearer wrong-secret" } })
      yield* ask("/nowhere", {})
      yield* simulator.waitForRequest(({ number, endedAt }) => number === 3 && endedAt !== undefined)
      const requests = yield* simulator.requests
      expect(requests.map(({ headers: _, ...rest }) => rest)).toEqual([
        {
          number: 1,
          method: "GET",
          path: "/api/v1/runs",
          query: { limit: "2", runStatus: "failed" },
          authorization: "valid",
          status: 200,
          receivedAt: DateTime.makeUnsafe("2026-03-10T09:00:00Z"),
          endedAt: DateTime.makeUnsafe("2026-03-10T09:00:00Z"),
          closedEarly: false
        },
        expect.objectContaining({ number: 2, authorization: "wrong", status: 401 }),
        expect.objectContaining({ number: 3, authorization: "missing", status: 404, path: "/nowhere", query: {} })
      ])
      expect(requests[0]?.headers["user-agent"]).toBe("me/1")
      expect(JSON.stringify(requests)).not.toMatch(/simulated-token|wrong-secret/)
      yield* simulator.clearRequests
      expect(yield* simulator.requests).toEqual([])
      yield* ask("/api/v1/runs")
      expect((yield* simulator.requests).map(({ number }) => number)).toEqual([4])
    }).pipe(serving({ runs: runsTo(3) })))

  it.effect("says whether the token was valid, however the scheme is written", () =>
    Effect.gen(function*() {
      for (const scheme of ["Bearer", "bearer", "BEARER ", "Basic"]) {
        yield* ask("/api/v1/runs", { headers: { authorization: `${scheme} simulated-token` } })
      }
      const requests = yield* (yield* Simulator.Simulator).requests
      expect(requests.map(({ status, authorization }) => [status, authorization])).toEqual([
        [200, "valid"],
        [200, "valid"],
        [200, "valid"],
        [401, "wrong"]
      ])
    }).pipe(serving({ runs: [] })))

  it.live("says that a client left before it had the whole response", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const open = yield* Effect.forkChild(ask("/api/v1/runs"))
      yield* simulator.waitForRequest(() => true)
      yield* Fiber.interrupt(open)
      expect((yield* simulator.waitForRequest(({ endedAt }) => endedAt !== undefined)).closedEarly).toBe(true)
      // Nothing responds any more.
      yield* Effect.sleep("150 millis")
      expect((yield* simulator.requests).map(({ status }) => status)).toEqual([undefined])
    }).pipe(serving({ runs: [], latency: "100 millis" })))
})
