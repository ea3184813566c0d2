/** Finds what needs attention. */
import * as RunHealth from "@coalesce-runs/core/RunHealth"
import { answer } from "../answer.ts"
import type { Common, Selection } from "../flags.ts"

interface Input extends Common, Selection {
  readonly quiet: boolean
}

export const handle = ({ demo, json, quiet, timeZone, ...selection }: Input) =>
  answer({ demo, json, timeZone }, {
    waiting: "Checking runs",
    facts: (timeZone) => RunHealth.check({ ...selection, timeZone }),
    schema: RunHealth.Health,
    report: RunHealth.report,
    needsAttention: ({ findings }) => findings.some(RunHealth.needsAttention),
    isQuiet: quiet
  })
