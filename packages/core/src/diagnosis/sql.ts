/**
 * A piece of a statement that is short enough to read: the lines around the fault where Snowflake names its place,
 * otherwise the two ends with the middle cut out.
 */
import { masked } from "../wire/text.ts"
import type { SqlExcerpt } from "./evidence.ts"

const linesAround = 2
const maxLine = 160
const maxHead = 360
const maxTail = 160

const cutNote = (count: number): string => `[… ${count} characters cut …]`

/** A long line around a position, or its beginning. Gives the text and how many characters it lacks. */
const shortened = (line: string, position: number | undefined): { readonly text: string; readonly cut: number } => {
  if (line.length <= maxLine) return { text: line, cut: 0 }
  const from = Math.min(Math.max(0, (position ?? 0) - maxLine / 2), line.length - maxLine)
  const to = from + maxLine
  return {
    text: `${from === 0 ? "" : cutNote(from)}${line.slice(from, to)}${
      to === line.length ? "" : cutNote(line.length - to)
    }`,
    cut: line.length - maxLine
  }
}

/** The excerpt of a statement whose fault lies at this line and position, where those are known. */
export const excerpt = (
  statement: string,
  fault?: { readonly line?: number | undefined; readonly position?: number | undefined }
): SqlExcerpt => {
  const sql = masked(statement.replace(/\r\n?/g, "\n"))
  const lines = sql.split("\n")
  const totals = { totalLines: lines.length, totalCharacters: sql.length }
  const line = fault?.line
  if (line !== undefined && line >= 1 && line <= lines.length) {
    const from = Math.max(1, line - linesAround)
    const shown = lines.slice(from - 1, line + linesAround)
    const texts = shown.map((text, index) => shortened(text, from + index === line ? fault?.position : undefined))
    return {
      text: texts.map(({ text }) => text).join("\n"),
      fromLine: from,
      faultLine: line,
      ...totals,
      cutCharacters: sql.length - shown.join("\n").length + texts.reduce((sum, { cut }) => sum + cut, 0)
    }
  }
  const cut = sql.length - maxHead - maxTail
  return cut <= 0
    ? { text: sql, fromLine: 1, ...totals, cutCharacters: 0 }
    : {
      text: `${sql.slice(0, maxHead)}\n${cutNote(cut)}\n${sql.slice(-maxTail)}`,
      fromLine: 1,
      ...totals,
      cutCharacters: cut
    }
}
