import { Scenario, type SimulatedRun } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"

// A date in each zone's ordinary time, and the days on which its clock changes (in London and New York, both).
const places: ReadonlyArray<readonly [string, string]> = [
  ["UTC", "2026-03-10"],
  ["Asia/Kolkata", "2026-03-10"],
  ["Europe/London", "2026-07-01"],
  ["Europe/London", "2026-03-29"],
  ["Europe/London", "2026-10-25"],
  ["America/New_York", "2026-01-15"],
  ["America/New_York", "2026-03-08"],
  ["America/New_York", "2026-11-01"],
  ["Pacific/Auckland", "2026-06-10"],
  ["Pacific/Auckland", "2026-04-05"],
  ["Pacific/Auckland", "2026-09-27"],
  ["America/St_Johns", "2026-05-05"],
  ["Pacific/Kiritimati", "2026-05-05"]
]

const times = ["00:05", "02:00", "09:00", "12:30", "23:59"]

const at = (zone: string, date: string, time: string) =>
  DateTime.makeZonedUnsafe(`${date}T${time}:00`, { timeZone: zone, adjustForTimeZone: true })

const dayBefore = (date: string) => new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10)

// Worked out here from the clock on the wall alone.
const windowOf = (zone: string, date: string, now: DateTime.Zoned) => ({
  since: DateTime.toEpochMillis(at(zone, dayBefore(date), "18:00")),
  until: Math.min(DateTime.toEpochMillis(at(zone, date, "12:00")), DateTime.toEpochMillis(now))
})

const inWindow = (runs: ReadonlyArray<SimulatedRun.SimulatedRun>, { since, until }: ReturnType<typeof windowOf>) =>
  runs.filter(({ runStartTime }) => {
    const start = runStartTime === undefined ? Number.NaN : Date.parse(runStartTime)
    return start >= since && start < until
  })

const jobOf = ({ runDetails = {} }: SimulatedRun.SimulatedRun) =>
  runDetails.refreshDescription ?? runDetails.deployCommitMessage

/** All but the times. */
const told = (run: SimulatedRun.SimulatedRun) => ({
  id: run.id,
  what: jobOf(run),
  type: run.runType,
  status: run.runStatus,
  environment: run.environmentID,
  again: run.reRunID,
  reason: run.runFailureReason
})

const story = [
  "1194 deploy of Rename ORDER_ID to ORDER_KEY in STG_ORDERS in 3: completed",
  "1195 Source checks in 3: completed",
  "1196 Inventory snapshot in 3: failed, STG_INVENTORY: 100038 (22018): Numeric value '3W' is not recognized",
  "1197 Inventory snapshot in 3: completed, again after 1196",
  "1198 Finance close in 5: failed, STG_LEDGER: 090073 (22000): Warehouse 'FINANCE_WH' cannot be resumed because " +
  "resource monitor 'FINANCE_MONTHLY' has exceeded its quota.\n2 more nodes failed.",
  "1199 Finance reporting in 5: failed, RPT_BALANCE: 090073 (22000): Warehouse 'FINANCE_WH' cannot be resumed because " +
  "resource monitor 'FINANCE_MONTHLY' has exceeded its quota.\n1 more node failed.",
  "1200 Marketing attribution in 3: failed, FCT_CAMPAIGN_TOUCHES: 003001 (42501): SQL access control error:\n" +
  "Insufficient privileges to operate on schema 'MARKETING'.",
  "1201 Customer 360 in 3: canceled",
  "1202 Daily sales in 3: failed, DIM_ORDER: 000904 (42000): SQL compilation error: error line 3 at position 2\n" +
  "invalid identifier '\"SRC\".\"ORDER_ID\"'",
  "1203 Demand forecast in 3: running"
]

const sentence = (run: SimulatedRun.SimulatedRun) =>
  `${run.id} ${run.runType === "deploy" ? "deploy of " : ""}${
    String(jobOf(run))
  } in ${run.environmentID}: ${run.runStatus}` +
  (run.runFailureReason === undefined ? "" : `, ${run.runFailureReason}`) +
  (run.reRunID === undefined ? "" : `, again after ${run.reRunID}`)

describe("Scenario.lastNight", () => {
  for (const [zone, date] of places) {
    for (const time of times) {
      it(`has the same runs at ${time} on ${date} in ${zone}`, () => {
        const now = at(zone, date, time)
        const runs = Scenario.runs(Scenario.lastNight({ now, timeZone: zone }))
        expect(inWindow(runs, windowOf(zone, date, now)).map(sentence)).toEqual(story)
        // And nothing since: what waits has not started.
        expect(runs.filter(({ id }) => id > 1203).map(told)).toEqual([
          expect.objectContaining({ id: 1204, what: "Executive dashboard", status: "waitingToRun" })
        ])
        const millis = DateTime.toEpochMillis(now)
        for (const { runStartTime, runEndTime } of runs) {
          if (runStartTime !== undefined) expect(Date.parse(runStartTime)).toBeLessThan(millis)
          if (runEndTime !== undefined) expect(Date.parse(runEndTime)).toBeLessThan(millis)
        }
      })
    }
  }

  // A night before, the clock skipped the hour of a run; or it shows an hour twice, and now is in it.
  const changes: ReadonlyArray<[string, string, string]> = [
    ["Europe/London", "2026-03-30", "09:00"],
    ["America/New_York", "2026-03-10", "09:00"],
    ["Pacific/Chatham", "2026-04-05", "09:00"],
    ["America/Santiago", "2026-04-05", "02:00"],
    ["Asia/Beirut", "2026-10-25", "02:00"]
  ]
  for (const [zone, date, time] of changes) {
    it(`has the same nights before it at ${time} on ${date} in ${zone}`, () => {
      const told = (scenario: Scenario.Scenario) =>
        Scenario.runs(scenario).map((run) => [run.id, jobOf(run), run.runStatus])
      expect(told(Scenario.lastNight({ now: at(zone, date, time), timeZone: zone }))).toEqual(told(scenario))
    })
  }

  const scenario = Scenario.lastNight({ now: "2026-03-10T09:00:00Z" })
  const runs = Scenario.runs(scenario)

  it("has three weeks before it with two other failures, one of them on three nights", () => {
    const earlier = runs.filter(({ id }) => id < 1194)
    expect(earlier.length).toBe(193)
    expect(Date.parse("2026-03-10T09:00:00Z") - Date.parse(earlier[0]?.runStartTime ?? "")).toBeGreaterThan(
      21 * 86_400_000
    )
    expect(earlier.filter(({ runStatus }) => runStatus !== "completed").map(jobOf)).toEqual([
      "Daily sales",
      "Try the new order model",
      "Marketing attribution",
      "Marketing attribution"
    ])
  })

  it("has the deploy between the last success of Daily sales and its failure, and no other to that environment", () => {
    const sales = runs.filter((run) => jobOf(run) === "Daily sales")
    const lastSuccess = sales.findLast(({ runStatus }) => runStatus === "completed")
    const deploys = runs.filter(({ id, runType }) =>
      runType === "deploy" && id > (lastSuccess?.id ?? 0) && id < (sales.at(-1)?.id ?? 0)
    )
    expect(deploys.map(({ environmentID, runDetails }) => [environmentID, runDetails?.deployCommit])).toEqual([
      ["3", "9f2c4e1ab7d05386c1e4f0a2b8d7c6935e1f4a08"]
    ])
  })

  it("has one failed node in Daily sales, and five that it blocked", () => {
    const { results } = Scenario.find(scenario, "Daily sales")
    const nodes = typeof results === "function" ? results() : []
    expect(nodes.filter(({ runState }) => runState === "error").map(({ name }) => name)).toEqual(["DIM_ORDER"])
    expect(nodes.filter(({ runState }) => runState === "skipped").map(({ name }) => name)).toEqual([
      "FCT_ORDER_LINES",
      "FCT_SALES_DAILY",
      "FCT_REVENUE",
      "FCT_MARGIN",
      "RPT_SALES"
    ])
    const failed = nodes.find(({ name }) => name === "DIM_ORDER")?.queryResults.find(({ success }) => !success)
    expect(failed?.sql).toMatch("\"SRC\".\"ORDER_ID\" AS \"ORDER_KEY\"")
    expect(failed?.error).toEqual({
      errorString: "SQL compilation error: error line 3 at position 2\ninvalid identifier '\"SRC\".\"ORDER_ID\"'",
      errorDetail: "000904"
    })
  })

  it("has a failed data test in a run that completed", () => {
    const { results, runStatus } = Scenario.find(scenario, "Source checks")
    const nodes = typeof results === "function" ? results() : []
    expect(runStatus).toBe("completed")
    expect(nodes.filter(({ hasTestFailures }) => hasTestFailures).map(({ name, runState }) => [name, runState]))
      .toEqual(
        [["STG_CUSTOMERS", "complete"]]
      )
  })

  it("is the same for a seed, and differs in details for another", () => {
    const again = Scenario.runs(Scenario.lastNight({ now: "2026-03-10T09:00:00Z" }))
    expect(JSON.stringify(again)).toBe(JSON.stringify(runs))
    const other = Scenario.runs(Scenario.lastNight({ now: "2026-03-10T09:00:00Z", seed: 2 }))
    expect(other.map(told)).toEqual(runs.map(told))
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(runs))
  })
})
