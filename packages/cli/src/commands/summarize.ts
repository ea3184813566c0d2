/** `summarize`: how did runs go? */
import * as Command from "effect/cli/Command"
import * as choices from "../choices.ts"
import * as flags from "../flags.ts"
import { onDemand } from "../onDemand.ts"

const config = {
  ...flags.selection,
  runType: flags.runType,
  groupBy: flags.choice("group-by", choices.groupings, choices.groupings.join(", ")),
  tests: flags.flag("tests", "Also find failed data tests of the jobs' latest runs"),
  ...flags.common
}

export const summarize = Command.make("summarize", config, onDemand(() => import("../handlers/summarize.ts"))).pipe(
  Command.withAlias("stats"),
  Command.withDescription("Summarize how runs went, and what changed"),
  Command.withExamples([
    { command: "coalesce-runs summarize --window last_7_days --group-by job", description: "Which job fails most?" }
  ])
)
