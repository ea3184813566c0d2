/** `diagnose`: why did a run fail? */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Option from "effect/Option"
import * as flags from "../flags.ts"
import { onDemand } from "../onDemand.ts"

const config = {
  run: Argument.Int("run").pipe(
    Argument.withDescription("The id of a run. Default: the latest failed refresh of last night"),
    Argument.optional,
    Argument.map(Option.getOrUndefined)
  ),
  ...flags.selection,
  runType: flags.runType,
  ...flags.common
}

export const diagnose = Command.make("diagnose", config, onDemand(() => import("../handlers/diagnose.ts"))).pipe(
  Command.withAlias("why"),
  Command.withDescription("Explain why a run failed"),
  Command.withExamples([
    { command: "coalesce-runs diagnose", description: "The latest failure of last night" },
    { command: "coalesce-runs why 1202", description: "One run" }
  ])
)
