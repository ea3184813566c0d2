/** Finds how runs went. */
import type * as Run from "@coalesce-runs/core/Run"
import * as RunStatistics from "@coalesce-runs/core/RunStatistics"
import { answer } from "../answer.ts"
import type { Common, Selection } from "../flags.ts"

/** More than a report shows: only where all causes of both windows are listed, some can be called new. */
const maxCauses = 50

interface Input extends Common, Selection {
  readonly runType: Run.KnownRunType | undefined
  readonly groupBy: RunStatistics.SummaryGroupBy | undefined
  readonly tests: boolean
}

export const handle = ({ demo, json, timeZone, ...options }: Input) =>
  answer({ demo, json, timeZone }, {
    waiting: "Reading runs",
    facts: (timeZone) => RunStatistics.summarize({ ...options, timeZone, maxCauses, compare: true }),
    schema: RunStatistics.Summary,
    report: RunStatistics.report
  })
