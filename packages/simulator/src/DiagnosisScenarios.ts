/**
 * Histories of runs for the question "why did last night's refresh fail?", each with its answer written down: what a
 * diagnosis has to find, in facts and in words. They test ours, and are there for whoever builds another.
 *
 * **Example** (One of them, asked and answered)
 *
 * ```ts
 * import { DiagnosisScenarios } from "@coalesce-runs/simulator"
 *
 * const dropped = DiagnosisScenarios.all().find(({ name }) => name === "a dropped column after a deploy")
 *
 * dropped?.answer.causes // => [{ class: "invalidIdentifier", code: "000904", nodes: 1, first: "DIM_ORDER" }]
 * ```
 *
 * @since 0.1.0
 */
import { causes } from "./diagnosisScenarios/causes.ts"
import { clocks } from "./diagnosisScenarios/clocks.ts"
import { large } from "./diagnosisScenarios/large.ts"
import type { DiagnosisScenario } from "./diagnosisScenarios/question.ts"
import { quiet } from "./diagnosisScenarios/quiet.ts"
import { sequences } from "./diagnosisScenarios/sequences.ts"
import { unreadable } from "./diagnosisScenarios/unreadable.ts"

export type { Answer, DiagnosisScenario, Question } from "./diagnosisScenarios/question.ts"

/**
 * All of them. They are built when this is called: always alike.
 *
 * @category scenarios
 * @since 0.1.0
 */
export const all = (): ReadonlyArray<DiagnosisScenario> => [
  ...causes(),
  ...sequences(),
  ...quiet(),
  ...unreadable(),
  ...clocks(),
  ...large()
]
