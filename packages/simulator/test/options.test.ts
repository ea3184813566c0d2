// Options that plain JavaScript or a typo can pass. A misspelt one would do nothing, and a test would prove nothing.
import * as simulator from "@coalesce-runs/simulator"
import * as Faults from "@coalesce-runs/simulator/Faults"
import * as Scenario from "@coalesce-runs/simulator/Scenario"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import * as SnowflakeError from "@coalesce-runs/simulator/SnowflakeError"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { takersOf } from "../../core/test/support/takersOf.ts"

type Call = (options: never) => unknown

/** What no compiler has checked. */
const passed = (options: unknown): never => options as never

const which = { of: "Nightly" }
const nightly = Scenario.make({ now: "2026-03-10T08:00:00Z" }).pipe(
  Scenario.job({ name: "Nightly", environmentID: "3", at: "02:00", days: 2 })
)
const error = SnowflakeError.badNumber("3W")

const calls: ReadonlyArray<readonly [name: string, call: Call, wrong: ReadonlyArray<readonly [string, object]>]> = [
  ["Simulator.make", (options) => Effect.runSync(Effect.scoped(Simulator.make(options))), [
    ["ports", { ports: 4000 }],
    ["port", { port: "4000" }],
    ["rateLimits", { rateLimits: {} }],
    ["per", { rateLimit: { requests: 2 } }],
    ["requests", { rateLimit: { requests: null, per: "1 second" } }],
    ["environment", { forbidden: { environment: ["3"] } }],
    ["speeds", { live: { speeds: 60 } }],
    ["speed", { live: { speed: 0 } }],
    ["speed", { live: { speed: Infinity } }],
    ["runs", { live: {}, runs: [] }]
  ]],
  ["Simulator.layerHttpClient", (options) => Simulator.layerHttpClient(options), [
    ["port", { port: 4000 }],
    ["runs", { runs: { id: 1 } }],
    ["next", { next: "first" }],
    ["latency", { latency: "soon" }],
    ["faults", { faults: Faults.reset }]
  ]],
  ["Faults.response", (options) => Faults.response(options), [["statuss", { statuss: 500 }], ["body", { body: {} }]]],
  ["Faults.status", (options) => Faults.status(500, options), [
    ["retry", { retry: 5 }],
    ["body", { body: "xml" }],
    ["headers", { headers: new Map() }]
  ]],
  ["Faults.drip", (options) => Faults.drip(options), [["piece", { piece: 5 }], ["pause", { pause: null }]]],
  ["Faults: the requests that match", (options) => Faults.always(Faults.reset, options), [["paths", { paths: "/" }]]],
  ["Scenario.make", (options) => Scenario.make(options), [
    ["now", {}],
    ["now", { now: 5 }],
    ["timezone", { now: "2026-03-10T08:00:00Z", timezone: "UTC" }]
  ]],
  ["Scenario.lastNight", (options) => Scenario.lastNight(options), [["now", { now: null }]]],
  ["Scenario.generate", (options) => Scenario.generate(options), [["count", {}], ["id", { count: 1, id: 5 }]]],
  ["Scenario.job", (options) => Scenario.job(options)(nightly), [
    ["name", { environmentID: "3", at: "02:00" }],
    ["environment", { name: "A", environmentID: "3", environment: "3", at: "02:00" }],
    ["takes", { name: "A", environmentID: "3", at: "02:00", takes: "long" }]
  ]],
  ["Scenario.refresh", (options) => Scenario.refresh(options)(nightly), [["at", { name: "A", environmentID: "3" }]]],
  ["Scenario.deploy", (options) => Scenario.deploy(options)(nightly), [
    ["environmentID", { environmentID: 3, at: { ago: "1 hour" } }]
  ]],
  ["Scenario.failure", (options) => Scenario.failure(options)(nightly), [
    ["error", which],
    ["node", { ...which, error, node: "STG" }],
    ["prefixed", { ...which, error, prefixed: "yes" }],
    ["of", { of: null, error }]
  ]],
  ["Scenario.testFailure", (options) => Scenario.testFailure(options)(nightly), [["nodes", { ...which, nodes: 1 }]]],
  ["Scenario.nodeWork", (options) => Scenario.nodeWork(options)(nightly), [["row", { ...which, node: "A", row: 1 }]]],
  ["Scenario.canceled", (options) => Scenario.canceled(options)(nightly), [["after", { ...which, after: null }]]],
  ["Scenario.inProgress", (options) => Scenario.inProgress(options)(nightly), [["status", { ...which, status: "ok" }]]],
  ["Scenario.rerun", (options) => Scenario.rerun(options)(nightly), [["take", { ...which, take: "1 minute" }]]],
  ["Scenario.slow", (options) => Scenario.slow(options)(nightly), [["takes", which]]],
  ["Scenario.delayed", (options) => Scenario.delayed(options)(nightly), [["by", { ...which, by: "late" }]]],
  ["Scenario.nodes", (options) => Scenario.nodes(options)(nightly), [["nodes", { ...which, nodes: "A" }]]],
  ["Scenario.results", (options) => Scenario.results(options)(nightly), [["result", {
    ...which,
    results: [],
    result: 1
  }]]],
  ["Scenario.edit", (options) => Scenario.edit(options)(nightly), [["change", { ...which, change: {} }]]]
]

describe.each(calls)("options of %s", (name, call, wrong) => {
  it("name the first 20 of many that do not exist, each cut", () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`?${index}${"x".repeat(500)}`, 1]))
    const refusal = (): string => {
      try {
        call(passed(many))
        return ""
      } catch (error) {
        return error instanceof Error ? error.message : ""
      }
    }
    expect(refusal()).toMatch(/; and 49\d\d more\. The options are /)
    expect(refusal().length).toBeLessThan(3000)
  })

  it.each(wrong)("name %s where it is wrong: %j", (field, options) => {
    expect(() => call(passed(options))).toThrow(`\`${field}\`: `)
    expect(() => call(passed(options))).toThrow(name)
  })

  it.each([["null", null], ["a number", 5], ["an array", [which]], ["a Map", new Map([["of", "Nightly"]])]])(
    "that are %s throw a sentence",
    (kind, options) => {
      expect(() => call(passed(options))).toThrow(`${name}: expected an object of options, got ${kind}`)
    }
  )
})

/** Functions with options that have their rows under another name. */
const elsewhere: ReadonlyArray<readonly [name: RegExp, where: string]> = [
  [/^Simulator\.(layer|start)$/, "Simulator.make, which they call with their options"],
  [/^Simulator\.layerClient$/, "Simulator.layerHttpClient, which it calls with its options"],
  [/^Scenario\.aroundTheClock$/, "Scenario.lastNight, which it calls with its options"]
]

describe("Simulator.layerClient", () => {
  it.each([["null", null], ["a number", 5], ["a Map", new Map()]])(
    "refuses %s for the options of requests",
    (_, wrong) => {
      expect(() => Simulator.layerClient({}, passed(wrong))).toThrow(
        "Simulator.layerClient: `requestOptions`: expected an object"
      )
    }
  )
})

describe("the table of options", () => {
  const names = takersOf(new URL("../dist/", import.meta.url), simulator)

  it("finds the functions that take options", () => {
    expect(names).toEqual(expect.arrayContaining(["Simulator.make", "Scenario.make"]))
  })

  it.each(names)("has a row for %s, which takes options", (name) => {
    expect(
      calls.some(([row]) => row === name) || elsewhere.some(([pattern]) => pattern.test(name)),
      `${name} takes options: add it to the table above, so that wrong ones are refused`
    ).toBe(true)
  })
})
