/** Failed runs of a window, and which of them a diagnosis is of. */
import * as Effect from "effect/Effect"
import type { RunDiagnosis } from "../../src/index.ts"
import { type Change, diagnose } from "./diagnosed.ts"
import { divided, run } from "./health.ts"
import type { TestRun } from "./quietNight.ts"

/** A run that failed so many hours after it began. */
export const failing = (id: number, job: number, start: number, took = 0.5, reason = divided) =>
  run(id, { job, start, took, status: "failed", reason })

/** The id of the run that is diagnosed, or the outcome without one. */
export const found = (
  runs: ReadonlyArray<TestRun>,
  options: RunDiagnosis.Options = {},
  ...changes: ReadonlyArray<Change>
) => Effect.map(diagnose({ runs }, options, ...changes), ({ run, outcome }) => run?.id ?? outcome)
