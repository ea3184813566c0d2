// Reads one run with its failure reason, and counts the requests.
import { RunsClient } from "@coalesce-runs/core"
import { Faults, Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

const runs = [
  { id: 6, runType: "refresh", runStatus: "failed", runFailureReason: "of another run" },
  { id: 7, runType: "refresh", runStatus: "failed", runFailureReason: "Division by zero", runDetails: { jobID: 15 } },
  { id: 8, runType: "refresh", runStatus: "completed" },
  { id: 9, runType: "refresh", runStatus: "failed" }
]

const requests = Effect.map(
  Effect.flatMap(Simulator.Simulator, (simulator) => simulator.requests),
  (requests) => requests.map(({ path, query }) => [path, query])
)

const on = (faults: Faults.Faults = []) =>
  Effect.provide(Simulator.layerClient({ runs, faults }, { retry: Schedule.recurs(0) }))

describe("RunsClient.get with failureReasons", () => {
  it.effect("joins a failed run with the reason of its own summary, for one request of one row", () =>
    Effect.gen(function*() {
      const run = yield* RunsClient.get(7, { failureReasons: true })
      expect(run.runFailureReason).toBe("Division by zero")
      expect(run.runType === "refresh" && run.runDetails.jobID).toBe(15)
      expect(yield* requests).toEqual([
        ["/api/v1/runs/7", {}],
        ["/api/v1/runs", { limit: "1", startingFrom: "8", orderBy: "id", orderByDirection: "desc" }]
      ])
    }).pipe(on()))

  it.effect("needs no second request for a run that did not fail", () =>
    Effect.gen(function*() {
      expect((yield* RunsClient.get(8, { failureReasons: true })).runStatus).toBe("completed")
      expect(yield* requests).toHaveLength(1)
    }).pipe(on()))

  it.effect("needs no second request without failureReasons", () =>
    Effect.gen(function*() {
      expect(yield* RunsClient.get(7)).not.toHaveProperty("runFailureReason")
      expect(yield* requests).toHaveLength(1)
    }).pipe(on()))

  it.effect("returns a failed run without a reason as it is", () =>
    Effect.gen(function*() {
      expect(yield* RunsClient.get(9, { failureReasons: true })).not.toHaveProperty("runFailureReason")
    }).pipe(on()))

  it.effect("never takes the reason of another run", () =>
    Effect.gen(function*() {
      expect(yield* RunsClient.get(7, { failureReasons: true })).not.toHaveProperty("runFailureReason")
    }).pipe(on([
      Faults.always(Faults.malformedRow((row) => ({ ...row, id: 6 })), { path: "/api/v1/runs" })
    ])))

  it.effect("fails with the error of the second request", () =>
    Effect.gen(function*() {
      expect((yield* Effect.flip(RunsClient.get(7, { failureReasons: true })))._tag).toBe("Forbidden")
    }).pipe(on([Faults.always(Faults.status(403), { path: "/api/v1/runs" })])))
})
