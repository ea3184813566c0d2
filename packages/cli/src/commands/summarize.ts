/** `summarize`: how did runs go? */
import * as RunStatistics from "@coalesce-runs/core/RunStatistics"
import * as Command from "effect/cli/Command"
import { answer } from "../answer.ts"
import { ended } from "../ended.ts"
import * as flags from "../flags.ts"

/** More than a report shows: only where all causes of both windows are listed, some can be called new. */
const maxCauses = 50

const config = {
  ...flags.selection,
  runType: flags.runType,
  groupBy: flags.choice(
    "group-by",
    RunStatistics.SummaryGroupBy.literals,
    RunStatistics.SummaryGroupBy.literals.join(", ")
  ),
  tests: flags.flag("tests", "Also find failed data tests of the jobs' latest runs"),
  ...flags.common
}

export const summarize = Command.make(
  "summarize",
  config,
  ({ demo, json, timeZone, ...options }) =>
    ended(answer({ demo, json, timeZone }, {
      waiting: "Reading runs",
      facts: (timeZone) => RunStatistics.summarize({ ...options, timeZone, maxCauses, compare: true }),
      schema: RunStatistics.Summary,
      report: RunStatistics.report
    }))
).pipe(
  Command.withAlias("stats"),
  Command.withDescription("Summarize how runs went, and what changed"),
  Command.withExamples([
    { command: "coalesce-runs summarize --window last_7_days --group-by job", description: "Which job fails most?" }
  ])
)
