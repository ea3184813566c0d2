/** Writes rows as CSV (RFC 4180). */
import * as Run from "@coalesce-runs/core/Run"
import * as Struct from "effect/Struct"

export const columns: ReadonlyArray<keyof Run.Row> = Struct.keys(Run.Row.fields)

/** What a spreadsheet would run as a formula is made text. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r\n＝＋－＠]/.test(text)

const cell = (value: string | number | null): string => {
  if (value === null) return ""
  if (typeof value === "number") return String(value)
  const text = isFormula(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text
}

export const toCsv = (row: Run.Row): string => columns.map((name) => cell(row[name])).join(",")
