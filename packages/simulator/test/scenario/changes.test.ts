import { Scenario } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"

const hours = (count: number) => count * 3_600_000

const nightly = Scenario.make({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" }).pipe(
  Scenario.job({ name: "Nightly", environmentID: "3", at: "02:00", days: 10, jitter: 0, takes: "10 minutes", nodes: 5 })
)

const took = ({ runEndTime = "", runStartTime = "" }) => Date.parse(runEndTime) - Date.parse(runStartTime)

describe("a job on some days of the week", () => {
  it("is due on these days in its zone", () => {
    // 01:00 in Auckland is noon of the day before in UTC.
    const scenario = Scenario.make({ now: "2026-03-09T12:30:00Z", timeZone: "Pacific/Auckland" }).pipe(
      Scenario.job({ name: "Workdays", environmentID: "3", at: "01:00", days: 7, jitter: 0, weekdays: [1, 2, 3, 4, 5] })
    )
    expect(Scenario.runs(scenario).map(({ runStartTime }) => runStartTime?.slice(0, 13))).toEqual([
      "2026-03-03T12",
      "2026-03-04T12",
      "2026-03-05T12",
      "2026-03-08T12",
      "2026-03-09T12"
    ])
  })
})

describe("missing", () => {
  it("removes runs, so that ids have no gap and later steps find the others", () => {
    const scenario = nightly.pipe(
      Scenario.missing({ of: "Nightly", back: [0, 4] }),
      Scenario.rerun({ of: "Nightly" }),
      Scenario.canceled({ of: "Nightly", back: 1 })
    )
    const runs = Scenario.runs(scenario)
    expect(runs.map(({ id }) => id)).toEqual([1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009])
    expect(runs.filter(({ runStatus }) => runStatus === "canceled").map(({ runStartTime }) => runStartTime)).toEqual([
      "2026-03-08T02:00:00.000Z"
    ])
    expect(Scenario.find(scenario, "Nightly (re-run)").reRunID).toBe(Scenario.find(scenario, "Nightly").id)
  })
})

describe("slow and delayed", () => {
  it("change how long a run takes, and when it starts", () => {
    const slow = Scenario.find(nightly.pipe(Scenario.slow({ of: "Nightly", takes: "3 hours" })), "Nightly")
    expect([took(slow), slow.runStatus]).toEqual([hours(3), "completed"])
    const late = Scenario.find(nightly.pipe(Scenario.delayed({ of: "Nightly", by: "4 hours" })), "Nightly")
    expect(late.runStartTime).toBe("2026-03-10T06:00:00.000Z")
    expect(took(late)).toBe(took(Scenario.find(nightly, "Nightly")))
  })

  it("leave a run running that would end after now", () => {
    for (
      const step of [
        Scenario.slow({ of: "Nightly", takes: "7 hours" }),
        Scenario.delayed({ of: "Nightly", by: "355 minutes" })
      ]
    ) {
      const run = Scenario.find(nightly.pipe(step), "Nightly")
      expect([run.runStatus, run.runEndTime]).toEqual(["running", undefined])
    }
  })
})

describe("nodes", () => {
  it("gives a run its first nodes, others by name, or none", () => {
    const of = (nodes: number | ReadonlyArray<string>) => {
      const { results, runDetails } = Scenario.find(
        nightly.pipe(Scenario.nodes({ of: "Nightly", nodes })),
        "Nightly"
      )
      const names = typeof results === "function" ? results().map(({ name }) => name) : undefined
      return [runDetails?.nodesInRun, names]
    }
    expect(of(2)).toEqual([2, ["STG_ORDERS", "STG_CUSTOMERS"]])
    expect(of(["FCT_SALES"])).toEqual([1, ["FCT_SALES"]])
    expect(of(0)).toEqual([0, []])
  })
})

describe("the rows that a node inserts", () => {
  it("are about as many each night, and not the same number", () => {
    const rows = [0, 1, 2, 3].map((back) => {
      const { results } = Scenario.find(nightly, "Nightly", back)
      return typeof results === "function" ? results()[0]?.queryResults.at(-1)?.rowsInserted ?? 0 : 0
    })
    expect(new Set(rows).size).toBe(4)
    expect(Math.max(...rows) / Math.min(...rows)).toBeLessThan(1.11)
  })
})
