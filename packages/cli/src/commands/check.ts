/** `check`: what needs attention? */
import * as Command from "effect/cli/Command"
import * as flags from "../flags.ts"
import { onDemand } from "../onDemand.ts"

const config = {
  ...flags.selection,
  ...flags.common,
  quiet: flags.flag("quiet", "Print only if something needs attention")
}

export const check = Command.make("check", config, onDemand(() => import("../handlers/check.ts"))).pipe(
  Command.withDescription("Say what needs attention: last night and now, or a window"),
  Command.withExamples([
    { command: "coalesce-runs check", description: "The morning's question" },
    {
      command: "coalesce-runs check --quiet || notify",
      description: "In cron: prints and exits with 1 only where something is wrong"
    }
  ])
)
