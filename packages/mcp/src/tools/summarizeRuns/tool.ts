/** `summarize_runs`: core's statistics of a window, compared with the window before. */
import * as RunStatistics from "@coalesce-runs/core/RunStatistics"
import * as Schema from "effect/Schema"
import * as fields from "../../input/fields.ts"
import { withTimeZone } from "../../input/timeZone.ts"
import * as Tool from "../Tool.ts"

/** More than a report shows: only where all causes of both windows are listed, some can be called new. */
const maxCauses = 50

export const summarizeRuns = Tool.make({
  name: "summarize_runs",
  title: "Summarize Coalesce runs",
  description:
    "Summarizes how runs went (default: last night): success rate, counts by status, p50, p95 and longest duration, " +
    "failures by cause, and the change from the window before. `groupBy` answers \"which job fails most?\" and \"how was the " +
    "week?\".",
  input: Schema.Struct({
    ...fields.window,
    environmentID: fields.environmentID,
    projectID: fields.projectID,
    jobID: fields.jobID,
    runType: fields.runType,
    groupBy: fields.argument(
      RunStatistics.SummaryGroupBy,
      RunStatistics.SummaryGroupBy.literals.join(", ")
    ),
    tests: fields.argument(Schema.Boolean, "Also failed data tests of the jobs' latest runs")
  }),
  facts: RunStatistics.Summary,
  handle: (input) =>
    withTimeZone(input, (options) => RunStatistics.summarize({ ...options, maxCauses, compare: true }), true),
  report: RunStatistics.report
})
