// Checks the requests of a diagnosis, and how far it searches.
import { RunDiagnosis } from "@coalesce-runs/core"
import { Faults, Scenario, Simulator, SnowflakeError } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { scenarioOf } from "./expectedFacts/scenarios.ts"
import { clientOf } from "./support/client.ts"
import { cost } from "./support/cost.ts"
import { asked } from "./support/diagnosis.ts"

describe("the diagnosis of a window with more runs than its first page", () => {
  const busy = Array.from({ length: 250 }).reduce<Scenario.Scenario>(
    (scenario, _, index) =>
      Scenario.refresh({
        name: `Small ${index}`,
        jobID: 3,
        environmentID: "3",
        at: { ago: `${100 + index} minutes` },
        nodes: 1
      })(scenario),
    Scenario.make({ now: "2026-03-10T08:00:00Z", timeZone: "UTC" }).pipe(
      Scenario.job({ name: "Early", jobID: 1, environmentID: "3", at: "20:00", days: 2, takes: "1 minute", nodes: 2 }),
      Scenario.job({ name: "Late", jobID: 2, environmentID: "3", at: "21:00", days: 2, takes: "1 minute", nodes: 2 })
    )
  )
  const failing = busy.pipe(
    Scenario.failure({ of: "Early", error: SnowflakeError.divisionByZero }),
    Scenario.failure({ of: "Late", error: SnowflakeError.divisionByZero })
  )
  const ask = (history: Scenario.Scenario) => asked({ history, question: {} }, (diagnose) => Effect.zip(diagnose, cost))

  it.effect("names the jobs of the other failures, for one more request", () =>
    Effect.gen(function*() {
      const [{ otherFailures, run }, { requests }] = yield* ask(failing)
      expect(run?.jobName).toBe("Late")
      expect(otherFailures).toMatchObject({ listed: [{ jobID: 1, jobName: "Early" }], more: 0 })
      expect(requests).toBe(8)
    }))

  it.effect("says that no run failed, even if it has not counted all runs", () =>
    Effect.gen(function*() {
      const [{ noFailure, outcome }] = yield* ask(busy)
      expect([outcome, noFailure?.truncated, noFailure?.failuresTruncated]).toEqual(["noneFailed", true, false])
    }))
})

describe("a diagnosis with 50 ms of latency", () => {
  const costs: ReadonlyArray<readonly [string, boolean, number, number]> = [
    // By its id, each takes one more request.
    ["a dropped column after a deploy", false, 7, 2],
    ["a dropped column after a deploy", true, 8, 2],
    // The nodes of the first failure are compared with those of the latest.
    ["a first failure five nights ago", false, 8, 3],
    ["a first failure five nights ago", true, 9, 3],
    ["a completed run by its id", false, 4, 1],
    ["nothing failed, but tests did", false, 6, 2],
    ["nothing ran", false, 4, 2],
    ["a run of 2,000 nodes", false, 7, 2]
  ]
  for (const [name, byId, requests, roundTrips] of costs) {
    // The times of the requests are real.
    it.live(`${name}${byId ? ", by its id" : ""}: ${requests} requests in ${roundTrips} round trips`, () => {
      const scenario = scenarioOf(name)
      return Effect.gen(function*() {
        const now = scenario.history.now
        yield* byId
          ? RunDiagnosis.diagnose({ runID: scenario.expected.run })
          : scenario.question.runID !== undefined
          ? RunDiagnosis.diagnose({ runID: scenario.question.runID })
          : RunDiagnosis.diagnose({
            since: DateTime.subtract(now, { hours: 14 }),
            until: now,
            environmentID: scenario.question.environmentID
          })
        expect(yield* cost).toEqual({ requests, roundTrips })
      }).pipe(Effect.provide(clientOf({ scenario: scenario.history, latency: "50 millis" })))
    })
  }
})

describe("the search back for the last success", () => {
  // 15 other runs for each run of the job: its last success lies 480 rows back.
  const busy = Scenario.make({ now: "2026-03-10T08:00:00Z" }).pipe(
    Scenario.job({
      name: "Hourly",
      jobID: 1,
      environmentID: "3",
      at: { every: "1 hour" },
      days: 3,
      takes: "1 minute",
      nodes: 3
    }),
    Scenario.job({
      name: "Others",
      jobID: 2,
      environmentID: "3",
      at: { every: "4 minutes" },
      days: 3,
      takes: "1 minute",
      nodes: 3
    }),
    Scenario.failure({
      of: "Hourly",
      back: (back) => back >= 1 && back <= 30,
      error: SnowflakeError.divisionByZero,
      nodes: 1
    })
  )
  const diagnosed = (
    historyLimit: number | undefined,
    use: (diagnosis: RunDiagnosis.Diagnosis) => void,
    faults: Faults.Faults = []
  ) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(busy.now))
      use(yield* RunDiagnosis.diagnose({ timeZone: "UTC", jobID: 1, historyLimit }))
    }).pipe(Effect.provide(clientOf({ scenario: busy, faults })))

  it.effect("continues behind the first page", () =>
    diagnosed(undefined, ({ history }) => {
      expect(history?.lastSuccess?.id).toBe(Scenario.find(busy, "Hourly", 31).id)
      expect(history).toMatchObject({ streakLength: 30, searched: { rows: 1000, ended: "found" } })
    }))

  it.effect("says that it hit its limit", () =>
    diagnosed(260, ({ history }) => {
      expect(history).not.toHaveProperty("lastSuccess")
      expect(history?.searched).toMatchObject({ rows: 260, ended: "limit" })
      expect(history?.streakLength).toBe(17)
    }))

  it.effect("keeps what it read when the next page is unavailable", () =>
    diagnosed(
      undefined,
      ({ unavailable, history }) => {
        expect(history?.searched).toMatchObject({ rows: 250, ended: "unavailable" })
        expect(unavailable).toMatchObject([{ part: "history", status: 403, error: "Forbidden", isRetryable: false }])
      },
      [Faults.always(Faults.status(403), { query: { limit: "750" } })]
    ))
})

describe("a part of a diagnosis without a response", () => {
  const scenario = scenarioOf("a bad cast on new data")
  it.live("takes no longer than partTimeout", () =>
    Effect.gen(function*() {
      const now = scenario.history.now
      const since = DateTime.subtract(now, { hours: 14 })
      const diagnosis = yield* RunDiagnosis.diagnose({ since, until: now, partTimeout: "800 millis" })
      expect(diagnosis.unavailable).toEqual([{
        part: "results",
        runID: scenario.expected.run,
        error: "TimedOut",
        message: "There was no response within 800ms.",
        isRetryable: true
      }])
      expect(diagnosis.run?.cause?.class).toBe("dataConversion")
      expect(diagnosis.history?.streakLength).toBe(1)
    }).pipe(
      Effect.provide(
        clientOf({ scenario: scenario.history, faults: [Faults.always(Faults.hang(), { path: /results$/ })] })
      )
    ))
})

describe("undecodable rows of a diagnosis", () => {
  const { history: before } = scenarioOf("a bad cast on new data")
  it.effect("are skipped, and listed as unavailable", () =>
    asked(scenarioOf("a bad cast on new data"), (diagnose) =>
      Effect.gen(function*() {
        const simulator = yield* Simulator.Simulator
        const strange = Scenario.find(before, "Inventory", 1).id
        yield* simulator.update((runs) => runs.map((run) => run.id === strange ? { ...run, runType: "backup" } : run))
        const { unavailable, history } = yield* diagnose
        expect(history?.streakLength).toBe(1)
        expect(unavailable).toMatchObject([
          { part: "runsOfWindow", error: "DecodeError" },
          {
            part: "history",
            error: "DecodeError",
            message: expect.stringContaining(`Skipped 1 undecodable row: run ${strange}: runType`)
          }
        ])
      })))
})

describe("the options of a diagnosis", () => {
  const refused = (options: RunDiagnosis.Options) =>
    Effect.map(
      Effect.flip(RunDiagnosis.diagnose(options)),
      (error) => error._tag === "InvalidQuery" ? error.violations.map(({ field }) => field) : error._tag
    )

  it.effect("are checked before any request", () =>
    Effect.gen(function*() {
      expect(yield* refused({ runID: 1.5 })).toEqual(["runID"])
      expect(yield* refused({ runID: 1, window: "today", environmentID: "3" })).toEqual(["window", "environmentID"])
      expect(yield* refused({ window: "today", since: "12h" })).toEqual(["since"])
      expect(yield* refused({ jobID: 1, runType: "deploy" })).toEqual(["jobID"])
      expect(yield* refused({ historyLimit: 0 })).toEqual(["historyLimit"])
      expect(yield* refused({ timeZone: "Europe/Londres" })).toEqual(["timeZone"])
      expect((yield* cost).requests).toBe(0)
    }).pipe(Effect.provide(clientOf({}))))

  it.effect("fail with NotFound for the id of no run", () =>
    Effect.gen(function*() {
      expect(yield* refused({ runID: 999_999 })).toBe("NotFound")
    }).pipe(Effect.provide(clientOf({}))))
})
