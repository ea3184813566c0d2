// Checks the requests of a diagnosis, and how far it searches.
import { RunBaseline, RunDiagnosis } from "@coalesce-runs/core"
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
    ["nothing failed, but tests did", false, 7, 2],
    ["nothing ran", false, 5, 2],
    ["a run of 2,000 nodes", false, 7, 2],
    // The node results of the runs that may hold the root, or of earlier failures whose reasons name no cause.
    ["a lock that another run held", false, 8, 3],
    ["a lock that another run held", true, 9, 3],
    ["a flake that passed each time when it was run again, and whose reasons name no cause", false, 9, 3],
    ["a streak of two causes whose reasons name none", false, 10, 3],
    ["one cause in three jobs, whose reasons name none", false, 9, 2],
    ["a nightly that did not run, while another job did", false, 5, 2]
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

describe("the diagnosis that needs the most", () => {
  // The first failure lies behind the first page, no reason names a cause, and other jobs fail and run in the same night.
  const reason = "GraphExecutor halted and finished; encountered failures for node(s): [1]; no nodes skipped"
  const others = ["A", "B", "C", "D", "E", "F"]
  const nightly = (name: string, jobID: number, at: string) =>
    Scenario.job({ name, jobID, environmentID: "3", at, days: 20, takes: "2 hours", nodes: 3 })
  const failing = (of: string, back: ReadonlyArray<number>) =>
    Scenario.failure({ of, back, error: SnowflakeError.missingObject("RAW.SHOP.ORDERS"), nodes: 1, reason })
  const busy = others.reduce<Scenario.Scenario>(
    (scenario, name, index) =>
      scenario.pipe(nightly(name, index + 2, `0${index}:30`), failing(name, [0, 1, 2, 3, 4, 5, 6, 7])),
    Scenario.make({ now: "2026-03-20T08:00:00Z", timeZone: "UTC" }).pipe(
      Scenario.job({
        name: "Small",
        jobID: 1,
        environmentID: "3",
        at: { every: "30 minutes" },
        days: 20,
        takes: "1 minute"
      }),
      nightly("Late", 9, "06:00"),
      failing("Late", [0, 1, 2, 3, 4, 5, 6, 8, 9])
    )
  )

  it.live("takes 4 round trips and at most 24 requests", () =>
    Effect.gen(function*() {
      const { history, seenBefore } = yield* RunDiagnosis.diagnose({
        since: DateTime.subtract(busy.now, { hours: 14 }),
        until: busy.now,
        environmentID: "3"
      })
      expect([history?.streakLength, history?.comparedWithFirst?.cause]).toEqual([7, "same"])
      // The results that were read are those of the streak: only its last page shows where it began.
      expect(seenBefore).toMatchObject({ failures: 2, same: 0, notKnown: 2, truncated: false })
      const { requests, roundTrips: trips } = yield* cost
      expect(trips).toBe(4)
      expect(requests).toBeLessThanOrEqual(24)
      expect(requests).toBeGreaterThan(16)
    }).pipe(Effect.provide(clientOf({ scenario: busy, latency: "50 millis" }))))
})

describe("the habits of jobs in a quiet window", () => {
  const { history } = scenarioOf("a nightly that did not run, while another job did")
  // Other runs fill the first page, so that it does not show what is usual.
  const busy = history.pipe(
    Scenario.job({
      name: "Small",
      jobID: 1,
      environmentID: "3",
      at: { every: "20 minutes" },
      takes: "1 minute",
      nodes: 1
    })
  )
  const ask = RunDiagnosis.diagnose({ timeZone: "Europe/London" })
  const absent = ({ noFailure }: RunDiagnosis.Diagnosis) => noFailure?.didNotRun.listed.map(({ jobName }) => jobName)

  it.effect("are read for one more request, and none where a baseline is kept", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(busy.now))
      const requestsOf = (diagnosis: typeof ask) =>
        Effect.gen(function*() {
          const { requests } = yield* Simulator.Simulator
          const before = (yield* requests).length
          const found = absent(yield* diagnosis)
          const asked = (yield* requests).slice(before)
          return [found, asked.filter(({ query }) => query["limit"] === "1000").length]
        })
      expect(yield* requestsOf(ask)).toEqual([["Nightly load"], 1])
      yield* RunBaseline.current({ timeZone: "Europe/London" })
      expect(yield* requestsOf(ask)).toEqual([["Nightly load"], 0])
    }).pipe(Effect.provide(clientOf({ scenario: busy }))))
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
