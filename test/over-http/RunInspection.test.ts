// Inspections over real HTTP: what they find in scenarios, what they cost, and what they say is unavailable.
import { Report, RunInspection } from "@coalesce-runs/core"
import { DiagnosisScenarios, Faults, Scenario, Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { clientOf } from "./support/client.ts"
import { cost } from "./support/cost.ts"

const timeZone = "Europe/London"
const lastNight = Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone })

/** Inspects at the moment of a history. */
const inspect = (
  scenario: Scenario.Scenario,
  options: RunInspection.Options,
  simulator: Simulator.Options = {}
) =>
  Effect.gen(function*() {
    yield* TestClock.setTime(DateTime.toEpochMillis(scenario.now))
    return yield* RunInspection.inspect({ timeZone, ...options })
  }).pipe(Effect.provide(clientOf({ scenario, ...simulator }, { retry: Schedule.recurs(0) })))

const kinds = ({ comparison }: RunInspection.Inspection) =>
  comparison?.differences.listed.map(({ kinds, name }) => `${name}: ${kinds.join(", ")}`)

const unavailable = (inspection: RunInspection.Inspection) =>
  inspection.unavailable.map(({ error, part, runID, status }) => `${part} of ${runID} ${status ?? error}`)

describe("the last night", () => {
  it.effect("the failed node stands beside the changed SQL of the node that it reads", () =>
    Effect.map(inspect(lastNight, { jobID: "daily sales" }), (inspection) => {
      expect(inspection.job).toMatchObject({ jobID: 15, by: "name" })
      expect(inspection.run).toMatchObject({ id: 1202, runStatus: "failed", userID: "service-account", parallelism: 8 })
      expect(inspection.nodes?.counts).toMatchObject({ total: 12, completed: 6, failed: 1, skipped: 5 })
      expect(kinds(inspection)).toEqual(["DIM_ORDER: newlyFailed", "STG_ORDERS: changedSql"])
      expect(inspection.comparison?.differences.listed[1]).toMatchObject({
        namedBy: "DIM_ORDER",
        sqlChanges: [{ lines: [`- "SRC"."ORDER_ID" AS "ORDER_ID",`, `+ "SRC"."ORDER_ID" AS "ORDER_KEY",`] }]
      })
      expect(inspection.unavailable).toEqual([])
    }))

  it.effect("a running run says at which node it is, and since when", () =>
    Effect.map(inspect(lastNight, { runID: Scenario.find(lastNight, "Demand forecast").id }), (inspection) => {
      expect(inspection.nodes?.counts).toMatchObject({ running: 1, total: 16 })
      expect(inspection.nodes?.listed[0]).toMatchObject({ state: "running", stage: expect.stringMatching(/^Insert /) })
      expect(kinds(inspection)).toEqual([`${inspection.nodes?.listed[0]?.name}: slower`])
    }))

  it.effect("every run is the same after JSON, and bounded", () =>
    Effect.gen(function*() {
      const codec = Schema.toCodecJson(RunInspection.Inspection)
      for (const { id } of Scenario.runs(lastNight).slice(-12)) {
        const facts = yield* RunInspection.inspect({ runID: id, timeZone })
        const json = JSON.stringify(yield* Schema.encodeEffect(codec)(facts))
        expect(yield* Schema.decodeUnknownEffect(codec)(JSON.parse(json))).toEqual(facts)
        expect(json.length).toBeLessThan(20_000)
      }
    }).pipe(Effect.provide(clientOf({ scenario: lastNight }))))
})

describe("what changed in a scenario", () => {
  const history = Scenario.make({ now: "2026-03-10T08:00:00Z", timeZone }).pipe(
    Scenario.job({ name: "Load", jobID: 1, environmentID: "3", at: "02:00", days: 3, takes: "1 hour", nodes: 8 }),
    Scenario.nodeWork({ of: "Load", node: "STG_ORDERS", rows: 3 }),
    Scenario.nodeWork({ of: "Load", node: "STG_CUSTOMERS", takes: "50 minutes" }),
    Scenario.nodeWork({ of: "Load", node: "STG_NEW" })
  )

  it.effect("rows, time and nodes are found, beside a run by its id too", () =>
    Effect.gen(function*() {
      const runs = Scenario.runs(history)
      const [first] = runs
      for (const compareWith of ["last_success", first?.id ?? 0] as const) {
        const found = yield* inspect(history, { jobID: 1, compareWith })
        expect(kinds(found)).toEqual(["STG_ORDERS: fewerRows", "STG_NEW: new", "STG_CUSTOMERS: slower"])
      }
    }))
})

describe("what an inspection costs with 50 ms of latency", () => {
  const many = (runs: number) =>
    Array.from({ length: runs }).reduce<Scenario.Scenario>(
      (scenario, _, index) =>
        Scenario.refresh({
          name: `Small ${index}`,
          jobID: 3,
          environmentID: "3",
          at: { ago: `${100 + index} minutes` },
          nodes: 1
        })(
          scenario
        ),
      Scenario.make({ now: "2026-03-10T08:00:00Z", timeZone: "UTC" }).pipe(
        Scenario.job({
          name: "Nightly",
          jobID: 1,
          environmentID: "3",
          at: "07:00",
          days: 3,
          takes: "1 minute",
          nodes: 2
        })
      )
    )
  const failing = Scenario.find(lastNight, "Daily sales").id
  const far = many(260)
  const costs: ReadonlyArray<
    readonly [
      title: string,
      history: Scenario.Scenario,
      options: RunInspection.Options,
      requests: number,
      roundTrips: number
    ]
  > = [
    ["a run by its id", lastNight, { runID: failing }, 6, 3],
    ["a run by its id, alone", lastNight, { runID: failing, compareWith: "none" }, 4, 1],
    ["a run by its id beside another", lastNight, { runID: failing, compareWith: 1191 }, 6, 1],
    ["the latest run of a job", lastNight, { jobID: 15 }, 5, 2],
    ["the latest run of a job by its name", lastNight, { jobID: "Daily sales" }, 6, 3],
    ["the latest run of a job, alone", lastNight, { jobID: 15, compareWith: "none" }, 4, 2],
    [
      "a run by its id whose last success is on the second page",
      far,
      { runID: Scenario.find(far, "Nightly").id },
      7,
      4
    ],
    ["the latest run of a job with its last success on the second page", far, { jobID: 1 }, 5, 3]
  ]
  for (const [title, scenario, options, requests, roundTrips] of costs) {
    // The times of the requests are real.
    it.live(`${title}: ${requests} requests in ${roundTrips} round trips`, () =>
      Effect.gen(function*() {
        const { comparison } = yield* RunInspection.inspect({ timeZone, ...options })
        expect(comparison?.run === undefined).toBe(options.compareWith === "none")
        expect(yield* cost).toEqual({ requests, roundTrips })
      }).pipe(Effect.provide(clientOf({ scenario, latency: "50 millis" }))))
  }
})

describe("what is unavailable is listed, and the rest comes", () => {
  const failing = Scenario.find(lastNight, "Daily sales").id
  const path = (path: string) => ({ path: received }: Faults.FaultRequest) => received === path
  const fault = (isMeant: (request: Faults.FaultRequest) => boolean, status = 403) => ({
    faults: [Faults.always(Faults.status(status), isMeant)]
  })

  it.effect.each<
    [what: string, simulator: Simulator.Options, unavailable: ReadonlyArray<string>, keys: ReadonlyArray<string>]
  >([
    ["the nodes", fault(path(`/api/v1/runs/${failing}/results`)), ["results of 1202 403"], ["comparison", "run"]],
    [
      "the nodes of the other run",
      fault(path("/api/v1/runs/1191/results")),
      ["otherResults of 1191 403"],
      ["comparison", "nodes", "run"]
    ],
    ["the details", fault(path(`/api/v1/runs/${failing}`), 500), ["details of 1202 500"], [
      "comparison",
      "nodes",
      "run"
    ]],
    ["the page", fault(path("/scheduler/runStatus"), 404), ["runLink of 1202 404"], ["comparison", "nodes", "run"]],
    [
      "the earlier runs",
      fault(({ query }) => query.detail === "true"),
      ["lastSuccess of 1202 403"],
      ["nodes", "run"]
    ]
  ])(
    "%s",
    ([, simulator, expected, keys]) =>
      Effect.map(inspect(lastNight, { runID: failing }, simulator), (inspection) => {
        expect(unavailable(inspection)).toEqual(expected)
        expect(["comparison", "nodes", "run"].filter((key) => key in inspection)).toEqual(keys)
        expect(Report.toText(RunInspection.report(inspection))).toContain(`Unavailable:\n- ${"the "}`)
      })
  )
})

describe("a run of 2,000 nodes", () => {
  const scenario = DiagnosisScenarios.all().find(({ name }) => name === "a run of 2,000 nodes")
  const history = scenario?.history ?? lastNight

  it.effect("shows every node once, page by page", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(history.now))
      const seen: Array<string> = []
      let startingFrom: number | undefined = 0
      while (startingFrom !== undefined) {
        const { nodes }: RunInspection.Inspection = yield* RunInspection.inspect({
          jobID: 1,
          limit: 200,
          startingFrom,
          compareWith: "none"
        })
        seen.push(...nodes?.listed.map(({ nodeID }) => nodeID) ?? [])
        startingFrom = nodes?.next?.startingFrom
      }
      expect(seen).toHaveLength(2000)
      expect(new Set(seen).size).toBe(2000)
    }).pipe(Effect.provide(clientOf({ scenario: history }))))

  it.effect("shows a node of each kind of error before it repeats one, in bounded facts", () =>
    Effect.map(inspect(history, { jobID: 1 }), (inspection) => {
      const keys = inspection.nodes?.listed.slice(0, 7).map(({ cause }) => cause?.key)
      expect(new Set(keys).size).toBe(7)
      expect(inspection.comparison?.kinds).toContainEqual({ kind: "newlyFailed", count: 447 })
      // The two failed tests are not hidden by the failures.
      expect(kinds(inspection)?.filter((kind) => kind.endsWith("newlyFailedTest"))).toHaveLength(2)
      expect(JSON.stringify(inspection).length).toBeLessThan(40_000)
    }))
})

describe("SQL", () => {
  const lines = Array.from(
    { length: 900 },
    (_, index) => `  "COLUMN_${index}" AS "C${index}", -- 😀 ${"x".repeat(index % 40)}`
  )
  const sqls = {
    "many lines": `SELECT\n${lines.join("\n")}\nFROM T`,
    "a megabyte on one line": `SELECT '${"😀ab".repeat(250_000)}'`
  }
  const historyOf = (sql: string) =>
    Scenario.make({ now: "2026-03-10T08:00:00Z", timeZone }).pipe(
      Scenario.job({
        name: "Load",
        jobID: 1,
        environmentID: "3",
        at: "02:00",
        days: 1,
        nodes: ["A_ONE", "A_TWO", "B"]
      }),
      Scenario.nodeWork({ of: "Load", node: ["A_ONE", "A_TWO"], sql })
    )

  for (const [title, sql] of Object.entries(sqls)) {
    it.effect(`of ${title} is whole over its chunks, across stages and nodes`, () =>
      Effect.gen(function*() {
        const seen = new Map<string, string>()
        let next: { readonly startingFrom: number; readonly sqlFrom?: number } | undefined = { startingFrom: 0 }
        let pages = 0
        while (next !== undefined) {
          const { nodes }: RunInspection.Inspection = yield* RunInspection.inspect({
            runID: 1001,
            node: "a_*",
            compareWith: "none",
            sqlLimit: 100_001,
            ...next
          })
          for (const { name, stages = [] } of nodes?.listed ?? []) {
            for (const stage of stages) {
              const key = `${name} ${stage.name}`
              expect(stage.sqlFrom ?? 0).toBe(stage.sql === undefined ? 0 : seen.get(key)?.length ?? 0)
              if (stage.sql !== undefined) seen.set(key, (seen.get(key) ?? "") + stage.sql)
              // Never half a character.
              expect(stage.sql?.isWellFormed?.() ?? true).toBe(true)
            }
          }
          next = nodes?.next
          expect(++pages).toBeLessThan(30)
        }
        expect(seen.get("A_ONE Insert A_ONE")).toBe(sql)
        expect(seen.get("A_TWO Insert A_TWO")).toBe(sql)
        expect([...seen.keys()].some((key) => key.startsWith("B"))).toBe(false)
      }).pipe(Effect.provide(clientOf({ scenario: historyOf(sql) }))))
  }
})
