import { RunDiagnosis } from "@coalesce-runs/core"
import { Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { scenarios } from "./expectedFacts/scenarios.ts"
import { asked, factsOf } from "./support/diagnosis.ts"

describe("the expected facts of a scenario", () => {
  it("belong to more than twenty scenarios of different names", () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length)
    expect(scenarios.length).toBeGreaterThan(20)
  })

  for (const scenario of scenarios) {
    it.effect(scenario.name, () =>
      asked(scenario, (diagnose) =>
        Effect.gen(function*() {
          const diagnosis = yield* diagnose
          // The summary is there to be printed when they differ.
          const { expected, summary } = scenario
          expect({ summary, ...factsOf(diagnosis) }).toEqual({ summary, ...expected })
        })))
  }
})

describe("the diagnosis of every scenario", () => {
  for (const scenario of scenarios) {
    it.effect(`costs at most 12 requests and is the same after JSON: ${scenario.name}`, () =>
      asked(scenario, (diagnose) =>
        Effect.gen(function*() {
          const diagnosis = yield* diagnose
          const { requests } = yield* Simulator.Simulator
          expect((yield* requests).length).toBeLessThanOrEqual(12)
          const codec = Schema.toCodecJson(RunDiagnosis.Diagnosis)
          const json = JSON.stringify(yield* Effect.orDie(Schema.encodeEffect(codec)(diagnosis)))
          expect(yield* Effect.orDie(Schema.decodeUnknownEffect(codec)(JSON.parse(json)))).toEqual(diagnosis)
          // Bounded, whatever ran.
          expect(json.length).toBeLessThan(20_000)
        })))
  }
})
