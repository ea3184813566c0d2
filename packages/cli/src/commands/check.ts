/** `check`: what needs attention? */
import * as RunHealth from "@coalesce-runs/core/RunHealth"
import * as Command from "effect/cli/Command"
import { answer } from "../answer.ts"
import { ended } from "../ended.ts"
import * as flags from "../flags.ts"

const config = {
  ...flags.selection,
  ...flags.common,
  quiet: flags.flag("quiet", "Print only if something needs attention")
}

export const check = Command.make(
  "check",
  config,
  ({ demo, json, quiet, timeZone, ...selection }) =>
    ended(answer({ demo, json, timeZone }, {
      waiting: "Checking runs",
      facts: (timeZone) => RunHealth.check({ ...selection, timeZone }),
      schema: RunHealth.Health,
      report: RunHealth.report,
      needsAttention: ({ findings }) => findings.some(RunHealth.needsAttention),
      isQuiet: quiet
    }))
).pipe(
  Command.withDescription("Say what needs attention: last night and now, or a window"),
  Command.withExamples([
    { command: "coalesce-runs check", description: "The morning's question" },
    {
      command: "coalesce-runs check --quiet || notify",
      description: "In cron: prints and exits with 1 only where something is wrong"
    }
  ])
)
