/** Writes rows to standard output, as NDJSON or as CSV, no faster than they are read. */
import type * as Run from "@coalesce-runs/core/Run"
import * as Effect from "effect/Effect"
import { columns, toCsv } from "./csv.ts"
import { isOpen, write } from "./output.ts"
import type { RowSink } from "./rowSink.ts"

const formats: {
  readonly [Format in "ndjson" | "csv"]: { readonly head: string; readonly line: (row: Run.Row) => string }
} = {
  ndjson: { head: "", line: (row) => JSON.stringify(row) },
  csv: { head: `${columns.join(",")}\n`, line: toCsv }
}

/** What goes on behind a run is added to a file that has its head. */
export const makeSink = (format: "ndjson" | "csv", goesOn: boolean): Effect.Effect<RowSink> => {
  const { head, line } = formats[format]
  return Effect.as(write(goesOn ? "" : head), {
    last: undefined,
    count: 0,
    isRead: isOpen,
    write: (rows) => write(`${rows.map(line).join("\n")}\n`),
    finish: Effect.void,
    close: () => Effect.void,
    howToGoOn: (rows, last) =>
      last === undefined ? undefined : `${rows} runs written; go on with --starting-from ${last}`
  })
}
