import * as RunResult from "@coalesce-runs/core/RunResult"
import { Scenario, SimulatedRun } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"

const now = "2026-03-10T08:00:00Z"

const base = Scenario.make({ now, timeZone: "Europe/London" })

const nightly = (options: Partial<Parameters<typeof Scenario.job>[0]> = {}) =>
  Scenario.job({ name: "Nightly", environmentID: "3", jobID: 12, at: "02:00", days: 7, jitter: 0, ...options })

const starts = (scenario: Scenario.Scenario) => Scenario.runs(scenario).map(({ runStartTime }) => runStartTime)

const nodesOf = ({ results }: SimulatedRun.SimulatedRun) =>
  Schema.decodeUnknownSync(RunResult.RunResults)({ data: typeof results === "function" ? results() : results }).data

const count = (run: SimulatedRun.SimulatedRun) => {
  const counts: Record<string, number> = {}
  for (const node of nodesOf(run)) counts[RunResult.outcome(node)] = (counts[RunResult.outcome(node)] ?? 0) + 1
  return counts
}

describe("a job", () => {
  it("has a run for each time that it was due, at the time of day in its zone, also where daylight saving begins", () => {
    const scenario = Scenario.make({ now: "2026-03-31T08:00:00Z", timeZone: "Europe/London" }).pipe(
      nightly({ days: 4 })
    )
    expect(starts(scenario)).toEqual([
      "2026-03-28T02:00:00.000Z",
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T01:00:00.000Z",
      "2026-03-31T01:00:00.000Z"
    ])
  })

  it("runs once on the day on which its time is skipped, and once on the day on which it comes twice", () => {
    const at = (now: string) =>
      starts(Scenario.make({ now, timeZone: "Europe/London" }).pipe(nightly({ at: "01:30", days: 2 })))
    expect(at("2026-03-29T12:00:00Z")).toEqual(["2026-03-28T01:30:00.000Z", "2026-03-29T01:30:00.000Z"])
    expect(at("2026-10-25T12:00:00Z")).toEqual(["2026-10-24T00:30:00.000Z", "2026-10-25T00:30:00.000Z"])
  })

  it("is not due in the future", () => {
    expect(starts(base.pipe(nightly({ at: ["02:00", "14:00"], days: 2 })))).toEqual([
      "2026-03-09T02:00:00.000Z",
      "2026-03-09T14:00:00.000Z",
      "2026-03-10T02:00:00.000Z"
    ])
  })

  it("can run every hour, or at a place in the night", () => {
    expect(starts(base.pipe(nightly({ at: { every: "6 hours" }, days: 1 })))).toEqual([
      "2026-03-09T12:00:00.000Z",
      "2026-03-09T18:00:00.000Z",
      "2026-03-10T00:00:00.000Z",
      "2026-03-10T06:00:00.000Z"
    ])
    // From 18:00 to 08:00 there are 14 hours.
    expect(starts(base.pipe(nightly({ at: { night: 0.5 }, days: 2 })))).toEqual([
      "2026-03-09T01:00:00.000Z",
      "2026-03-10T01:00:00.000Z"
    ])
  })

  it("takes as long as it is set to, a tenth more or less, and still runs if that ends after now", () => {
    const [earlier, latest] = Scenario.runs(base.pipe(nightly({ at: "07:50", days: 2, takes: "60 minutes" })))
    const took = Date.parse(earlier?.runEndTime ?? "") - Date.parse(earlier?.runStartTime ?? "")
    expect(took).toBeGreaterThanOrEqual(54 * 60_000)
    expect(took).toBeLessThanOrEqual(66 * 60_000)
    expect([latest?.runStatus, latest?.runEndTime]).toEqual(["running", undefined])
  })

  it("starts up to its jitter late, the same for a seed", () => {
    const jittered = (seed: number) => starts(Scenario.make({ now, seed }).pipe(nightly({ jitter: "30 seconds" })))
    expect(jittered(1)).toEqual(jittered(1))
    expect(jittered(1)).not.toEqual(jittered(2))
    for (const start of jittered(1)) expect(start).toMatch(/T02:00:[0-2]\d/)
  })

  it("has the details that the API sends", () => {
    const job = nightly({ nodes: 12, includeNodesSelector: "{name:STG_*}", excludeNodesSelector: "{name:TMP_*}" })
    const run = Scenario.find(base.pipe(job), "Nightly")
    expect([run.environmentID, run.runDetails]).toEqual(["3", {
      jobID: 12,
      refreshDescription: "Nightly",
      includeNodesSelector: "{name:STG_*}",
      excludeNodesSelector: "{name:TMP_*}",
      parallelism: 8,
      nodesInRun: 12,
      nodesForRefresh: 12
    }])
    expect(count(run)).toEqual({ completed: 12 })
  })
})

describe("the ids of a scenario", () => {
  it("grow with the time at which runs were requested, in whatever order the scenario adds them", () => {
    const scenario = Scenario.make({ now, firstID: 50 }).pipe(
      Scenario.refresh({ name: "waits", environmentID: "3", at: { ago: "30 minutes" }, status: "waitingToRun" }),
      Scenario.refresh({ name: "late", environmentID: "3", at: { ago: "20 minutes" } }),
      Scenario.refresh({ name: "early", environmentID: "3", at: "2026-03-10T07:00:00Z" }),
      Scenario.deploy({ environmentID: "3", at: { at: "07:15" } })
    )
    expect(Scenario.runs(scenario).map(({ id }) => id)).toEqual([50, 51, 52, 53])
    expect(["early", "deploy", "waits", "late"].map((name) => Scenario.find(scenario, name).id)).toEqual([
      50,
      51,
      52,
      53
    ])
    expect(Scenario.find(scenario, "waits").runStartTime).toBeUndefined()
  })
})

describe("a scenario refuses", () => {
  const cases: ReadonlyArray<[string, () => unknown, RegExp]> = [
    ["a run after now", () => base.pipe(Scenario.deploy({ environmentID: "3", at: { at: "08:01" } })), /after now/],
    [
      "a run that it does not have",
      () => base.pipe(nightly(), Scenario.canceled({ of: "Nightly", back: 7 })),
      /no such run/
    ],
    ["a name that it does not have", () => Scenario.find(base, "Nightly"), /no such run/],
    ["a time of day that is none", () => base.pipe(nightly({ at: "2:00" })), /time of day/],
    ["a zone that is none", () => Scenario.make({ now, timeZone: "Mars/Olympus" }), /Mars\/Olympus|zone/i]
  ]
  for (const [name, make, message] of cases) it(name, () => expect(make).toThrow(message))
})

describe("a generated history", () => {
  const runs = Scenario.generate({ count: 5000 })

  it("has as many runs as requested, before now, and the same for a seed", () => {
    expect(runs.map(({ id }) => id)).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1))
    expect(JSON.stringify(Scenario.generate({ count: 5000 }))).toBe(JSON.stringify(runs))
    expect(JSON.stringify(Scenario.generate({ count: 5000, seed: 2 }))).not.toBe(JSON.stringify(runs))
    for (const { runEndTime = "" } of runs) {
      expect(runEndTime < "2026-01-01T00:00:00.000Z" && runEndTime !== "").toBe(true)
    }
    expect(Scenario.generate({ count: 1, now: "2026-06-01T00:00:00Z" })[0]?.runStartTime).toMatch(/^2026-05-31T22:/)
  })

  it("has rows of a real size, of every kind, some at the same instant", () => {
    const size = runs.reduce((sum, run) => sum + JSON.stringify(SimulatedRun.detailedRow(run)).length, 0) / runs.length
    expect(size).toBeGreaterThan(620)
    expect(size).toBeLessThan(700)
    const kinds = new Set(runs.map(({ runType, runStatus }) => `${runType} ${runStatus}`))
    expect(kinds).toEqual(
      new Set(["deploy completed", "deploy failed", "refresh completed", "refresh failed", "refresh canceled"])
    )
    expect(new Set(runs.map(({ runStartTime }) => runStartTime)).size).toBeLessThan(4900)
  })
})
