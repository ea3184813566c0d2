/** Writes the history of runs as rows. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunHistory from "@coalesce-runs/core/RunHistory"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as connection from "../connection.ts"
import { columns, toCsv } from "../csv.ts"
import { exitCodes } from "../exitCode.ts"
import { isOpen, write } from "../output.ts"

interface Input {
  readonly format: "ndjson" | "csv" | undefined
  readonly environmentID: string | undefined
  readonly projectID: string | undefined
  readonly runType: Run.KnownRunType | undefined
  readonly startingFrom: string | undefined
  readonly demo: boolean
}

export const handle = ({ demo, format = "ndjson", startingFrom, ...filters }: Input) => {
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
  return exporting.pipe(
    Effect.tapError(() => howToGoOn),
    connection.provided(demo)
  )
}
