/**
 * Histories of runs, each with a question such as "why did last night's refresh fail?". They test the diagnosis of this
 * library. Use them to test your own.
 *
 * **Example** (A night to explain)
 *
 * ```ts
 * import { DiagnosisScenarios, Scenario } from "@coalesce-runs/simulator"
 *
 * const dropped = DiagnosisScenarios.all().find(({ name }) => name === "a dropped column after a deploy")
 * const failed = dropped === undefined ? [] : Scenario.runs(dropped.history).filter((run) => run.runStatus === "failed")
 *
 * dropped?.question // => {}
 * failed.length // => 1
 * ```
 *
 * @since 0.1.0
 */
import { causes } from "./diagnosisScenarios/causes.ts"
import { clocks } from "./diagnosisScenarios/clocks.ts"
import type { DiagnosisScenario } from "./diagnosisScenarios/DiagnosisScenario.ts"
import { large } from "./diagnosisScenarios/large.ts"
import { memory } from "./diagnosisScenarios/memory.ts"
import { platforms } from "./diagnosisScenarios/platforms.ts"
import { quiet } from "./diagnosisScenarios/quiet.ts"
import { roots } from "./diagnosisScenarios/roots.ts"
import { sequences } from "./diagnosisScenarios/sequences.ts"
import { unavailable } from "./diagnosisScenarios/unavailable.ts"

export type { DiagnosisScenario, Question } from "./diagnosisScenarios/DiagnosisScenario.ts"

/** Builds all scenarios. Each call returns the same runs. */
export const all = (): ReadonlyArray<DiagnosisScenario> => [
  ...causes(),
  ...sequences(),
  ...roots(),
  ...memory(),
  ...quiet(),
  ...unavailable(),
  ...clocks(),
  ...large(),
  ...platforms()
]
