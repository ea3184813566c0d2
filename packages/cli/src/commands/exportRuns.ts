/** `export`: the history of runs as rows. */
import * as Command from "effect/cli/Command"
import * as flags from "../flags.ts"
import { onDemand } from "../onDemand.ts"

const config = {
  format: flags.choice("format", ["ndjson", "csv", "parquet"] as const, "ndjson (default), csv or parquet"),
  output: flags.text("output", "The file to write: for parquet, which needs the package @duckdb/node-api"),
  environmentID: flags.environment,
  projectID: flags.project,
  runType: flags.runType,
  startingFrom: flags.startingFrom,
  demo: flags.common.demo
}

export const exportRuns = Command.make("export", config, onDemand(() => import("../handlers/exportRuns.ts"))).pipe(
  Command.withDescription("Write the whole history, the oldest run first, a row each"),
  Command.withExamples([
    { command: "coalesce-runs export --format csv > runs.csv", description: "For a spreadsheet" },
    {
      command: "coalesce-runs export --format parquet --output runs.parquet",
      description: "For a database; the same command goes on after an error"
    }
  ])
)
