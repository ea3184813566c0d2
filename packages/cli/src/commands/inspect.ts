/** `inspect`: what happened inside a run, node by node? */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Option from "effect/Option"
import * as choices from "../choices.ts"
import * as flags from "../flags.ts"
import { onDemand } from "../onDemand.ts"

const config = {
  run: Argument.Int("run").pipe(
    Argument.withDescription("The id of a run. Default: the latest of the job"),
    Argument.optional,
    Argument.map(Option.getOrUndefined)
  ),
  jobID: flags.job,
  environmentID: flags.environment,
  runType: flags.runType,
  node: flags.node,
  compareWith: flags.compareWith,
  limit: flags.integer("limit", `Nodes to show. Default: ${choices.inspectionLimit}`),
  startingFrom: flags.integer("starting-from", "Where the nodes before this page end"),
  sqlFrom: flags.integer("sql-from", "Where the SQL before this chunk ends"),
  ...flags.common
}

export const inspect = Command.make("inspect", config, onDemand(() => import("../handlers/inspect.ts"))).pipe(
  Command.withDescription("Show the inside of a run, node by node, beside its last success"),
  Command.withExamples([{ command: "coalesce-runs inspect 1202 --node DIM_ORDER", description: "The SQL of a node" }])
)
