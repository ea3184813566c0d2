/** `inspect`: what happened inside a run, node by node? */
import * as RunInspection from "@coalesce-runs/core/RunInspection"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { answer } from "../answer.ts"
import { ended } from "../ended.ts"
import * as flags from "../flags.ts"

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
  limit: flags.integer("limit", `Nodes to show. Default: ${RunInspection.defaultLimit}`),
  startingFrom: flags.integer("starting-from", "Where the nodes before this page end"),
  sqlFrom: flags.integer("sql-from", "Where the SQL before this chunk ends"),
  ...flags.common
}

export const inspect = Command.make(
  "inspect",
  config,
  ({ compareWith, demo, json, run: runID, timeZone, ...options }) =>
    ended(answer({ demo, json, timeZone }, {
      waiting: "Inspecting",
      facts: (timeZone) =>
        Effect.flatMap(
          RunInspection.readCompareWith(compareWith),
          (compareWith) => RunInspection.inspect({ ...options, runID, compareWith, timeZone })
        ),
      schema: RunInspection.Inspection,
      report: RunInspection.report
    }))
).pipe(
  Command.withDescription("Show the inside of a run, node by node, beside its last success"),
  Command.withExamples([{ command: "coalesce-runs inspect 1202 --node DIM_ORDER", description: "The SQL of a node" }])
)
