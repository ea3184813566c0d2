/** The published diagnosis scenarios, each with the facts that a diagnosis must find in it. */
import { DiagnosisScenarios, Scenario } from "@coalesce-runs/simulator"
import { causes } from "./causes.ts"
import { clocks } from "./clocks.ts"
import type { Expectations, ExpectedFacts } from "./ExpectedFacts.ts"
import { large } from "./large.ts"
import { memory } from "./memory.ts"
import { platforms } from "./platforms.ts"
import { quiet } from "./quiet.ts"
import { roots } from "./roots.ts"
import { sequences } from "./sequences.ts"
import { unavailable } from "./unavailable.ts"

export interface ExpectedScenario extends DiagnosisScenarios.DiagnosisScenario {
  readonly summary: string
  readonly expected: ExpectedFacts
}

const expectations: Expectations = {
  ...causes,
  ...sequences,
  ...roots,
  ...memory,
  ...quiet,
  ...unavailable,
  ...clocks,
  ...large,
  ...platforms
}

/** Throws if a scenario has no expected facts, so that every new scenario gets some. */
export const scenarios: ReadonlyArray<ExpectedScenario> = DiagnosisScenarios.all().map((scenario) => {
  const expectation = expectations[scenario.name]
  if (expectation === undefined) throw new Error(`No facts are expected of the scenario "${scenario.name}"`)
  const { facts, summary } = expectation
  return { ...scenario, summary, expected: facts((of, back) => Scenario.find(scenario.history, of, back).id) }
})

/** Throws if there is no such scenario. */
export const scenarioOf = (name: string): ExpectedScenario => {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found === undefined) throw new Error(`There is no scenario "${name}"`)
  return found
}
