/** Finds the inside of a run. */
import type * as Run from "@coalesce-runs/core/Run"
import * as RunInspection from "@coalesce-runs/core/RunInspection"
import * as Effect from "effect/Effect"
import { answer } from "../answer.ts"
import type { Common } from "../flags.ts"

interface Input extends Common {
  readonly run: number | undefined
  readonly jobID: string | undefined
  readonly environmentID: string | undefined
  readonly runType: Run.KnownRunType | undefined
  readonly node: string | undefined
  readonly compareWith: string | undefined
  readonly limit: number | undefined
  readonly startingFrom: number | undefined
  readonly sqlFrom: number | undefined
}

export const handle = ({ compareWith, demo, json, run: runID, timeZone, ...options }: Input) =>
  answer({ demo, json, timeZone }, {
    waiting: "Inspecting",
    facts: (timeZone) =>
      Effect.flatMap(
        RunInspection.readCompareWith(compareWith),
        (compareWith) => RunInspection.inspect({ ...options, runID, compareWith, timeZone })
      ),
    schema: RunInspection.Inspection,
    report: RunInspection.report
  })
