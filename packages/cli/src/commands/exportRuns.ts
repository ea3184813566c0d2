/** `export`: the history of runs as rows. */
import * as Command from "effect/cli/Command"
import * as flags from "../flags.ts"
import { onDemand } from "../onDemand.ts"

const config = {
  format: flags.choice("format", ["ndjson", "csv"] as const, "ndjson (default) or csv"),
  environmentID: flags.environment,
  projectID: flags.project,
  runType: flags.runType,
  startingFrom: flags.startingFrom,
  demo: flags.common.demo
}

export const exportRuns = Command.make("export", config, onDemand(() => import("../handlers/exportRuns.ts"))).pipe(
  Command.withDescription("Write the whole history, the oldest run first, a row each"),
  Command.withExamples([{ command: "coalesce-runs export --format csv > runs.csv", description: "For a spreadsheet" }])
)
