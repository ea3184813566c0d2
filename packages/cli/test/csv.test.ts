// Cells of CSV: what a spreadsheet would run, or read as the end of a cell, is text.
import { Run } from "@coalesce-runs/core"
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { columns, toCsv } from "../src/csv.ts"

const empty: { readonly [column: string]: unknown } = Object.fromEntries(
  Struct.keys(Run.Row.fields).map((column) => [column, null])
)

/** The cell of a job's name, which is the last text of the row that anybody may write. */
const cellOf = (jobName: string): string => {
  const row = Schema.decodeUnknownSync(Run.Row)({ ...empty, id: 1, runType: "refresh", runStatus: "failed", jobName })
  const before = columns.slice(0, columns.indexOf("jobName")).map((column) => row[column] ?? "").join(",")
  const after = columns.slice(columns.indexOf("jobName") + 1).map((column) => row[column] ?? "").join(",")
  return toCsv(row).slice(before.length + 1, after === "" ? undefined : -(after.length + 1))
}

const cells: Readonly<Record<string, string>> = {
  "Nightly refresh": "Nightly refresh",
  "=1+1": "'=1+1",
  "+1+1": "'+1+1",
  "-1+1": "'-1+1",
  "@SUM(A1:A2)": "'@SUM(A1:A2)",
  "\t=1+1": "'\t=1+1",
  "\r=1+1": "\"'\r=1+1\"",
  "\n=1+1": "\"'\n=1+1\"",
  "＝1+1": "'＝1+1",
  "＠SUM(A1)": "'＠SUM(A1)",
  "=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0",
  "\",=1+1,\"": "\"\"\",=1+1,\"\"\"",
  "a,b": "\"a,b\"",
  "two\nlines": "\"two\nlines\""
}

describe("toCsv", () => {
  for (const [text, cell] of Object.entries(cells)) {
    it(`writes ${JSON.stringify(text)} as text`, () => {
      assert.strictEqual(cellOf(text), cell)
    })
  }
})
