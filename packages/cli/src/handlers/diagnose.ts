/** Finds why a run failed. */
import type * as Run from "@coalesce-runs/core/Run"
import * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import { answer } from "../answer.ts"
import type { Common, Selection } from "../flags.ts"

interface Input extends Common, Selection {
  readonly run: number | undefined
  readonly runType: Run.KnownRunType | undefined
}

export const handle = ({ demo, json, run: runID, timeZone, ...selection }: Input) =>
  answer({ demo, json, timeZone }, {
    waiting: "Diagnosing",
    facts: (timeZone) => RunDiagnosis.diagnose({ ...selection, runID, timeZone }),
    schema: RunDiagnosis.Diagnosis,
    report: RunDiagnosis.report,
    needsAttention: ({ outcome }) => outcome === "failed"
  })
