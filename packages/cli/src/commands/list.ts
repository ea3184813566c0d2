/** `list`: which runs were there? */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as choices from "../choices.ts"
import * as flags from "../flags.ts"
import { onDemand } from "../onDemand.ts"

const config = {
  ...flags.selection,
  runType: flags.runType,
  runStatus: Flag.Literals("status", choices.runStatuses).pipe(
    Flag.withDescription(`Only runs with this status; again for another: ${choices.runStatuses.join(", ")}`),
    Flag.atLeast(0)
  ),
  detail: flags.flag("detail", "Print what only detailed rows have, too"),
  limit: flags.integer("limit", `Default: ${choices.listLimit}`),
  startingFrom: flags.startingFrom,
  orderBy: flags.choice("order-by", choices.orders, "id (default), runStartTime or runEndTime"),
  orderByDirection: flags.choice("order-by-direction", choices.directions, "desc (default) or asc"),
  ...flags.common
}

export const list = Command.make("list", config, onDemand(() => import("../handlers/list.ts"))).pipe(
  Command.withDescription("List runs, the newest first"),
  Command.withExamples([
    { command: "coalesce-runs list --window last_night --status failed", description: "What failed last night" }
  ])
)
