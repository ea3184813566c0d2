/** `export`: the history of runs as rows. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunHistory from "@coalesce-runs/core/RunHistory"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as connection from "../connection.ts"
import { columns, toCsv } from "../csv.ts"
import { ended } from "../ended.ts"
import { exitCodes } from "../exitCode.ts"
import * as flags from "../flags.ts"
import { isOpen, write } from "../output.ts"

const config = {
  format: flags.choice("format", ["ndjson", "csv"] as const, "ndjson (default) or csv"),
  environmentID: flags.environment,
  projectID: flags.project,
  runType: flags.runType,
  startingFrom: flags.startingFrom,
  demo: flags.common.demo
}

export const exportRuns = Command.make(
  "export",
  config,
  ({ demo, format = "ndjson", startingFrom, ...filters }) => {
    let rows = 0
    let last: number | undefined
    const tell = Effect.sync(() => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${rows} runs`)
    })
    const runs = RunHistory.list({
      ...filters,
      ...(startingFrom === undefined ? {} : { startingFrom }),
      detail: true,
      failureReasons: true,
      orderByDirection: "asc",
      undecodableRows: "skip"
    })
    const exporting = Effect.gen(function*() {
      if (format === "csv") yield* write(`${columns.join(",")}\n`)
      yield* runs.pipe(
        Stream.grouped(250),
        Stream.takeWhile(() => isOpen()),
        Stream.runForEach((batch) =>
          Effect.gen(function*() {
            const lines = batch.map(Run.toRow).map((row) => format === "csv" ? toCsv(row) : JSON.stringify(row))
            yield* write(`${lines.join("\n")}\n`)
            rows += batch.length
            last = batch.at(-1)?.id ?? last
            yield* tell
          })
        )
      )
      return exitCodes.well
    })
    const howToGoOn = Effect.sync(() => {
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K")
      if (last !== undefined) {
        process.stderr.write(`coalesce-runs: ${rows} runs written; go on with --starting-from ${last}\n`)
      }
    })
    return ended(exporting.pipe(
      Effect.tapError(() => howToGoOn),
      connection.provided(demo)
    ))
  }
).pipe(
  Command.withDescription("Write the whole history, the oldest run first, a row each"),
  Command.withExamples([{ command: "coalesce-runs export --format csv > runs.csv", description: "For a spreadsheet" }])
)
