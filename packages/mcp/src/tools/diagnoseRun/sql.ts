/** A piece of SQL in as many characters as an answer has for it. */
import type * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import { clean } from "../../result/untrustedText.ts"

export type Sql = {
  /** The lines around the fault, without the space in front of each; one line of the whole where no fault is named. */
  readonly lines: ReadonlyArray<string>
  /** The number of the first line, from 1. Absent without a fault. */
  readonly fromLine?: number
  readonly faultLine?: number
  readonly totalLines: number
  /** How many characters of the whole are not here. */
  readonly cutCharacters: number
}

const maxLine = 160

/** The lines nearest to the fault, as far as they fit. The line of the fault itself always does. */
const around = (lines: ReadonlyArray<string>, fault: number, max: number): { from: number; to: number } => {
  let from = fault
  let to = fault + 1
  let room = max - (lines[fault]?.length ?? 0)
  for (;;) {
    const before = from > 0 ? lines[from - 1] : undefined
    const after = to < lines.length ? lines[to] : undefined
    if (before !== undefined && before.length <= room && fault - from <= to - fault - 1) {
      room -= before.length
      from--
    } else if (after !== undefined && after.length <= room) {
      room -= after.length
      to++
    } else if (before !== undefined && before.length <= room) {
      room -= before.length
      from--
    } else return { from, to }
  }
}

export const bounded = (sql: RunDiagnosis.SqlExcerpt, max: number): Sql => {
  const { cutCharacters, faultLine, fromLine, text, totalLines } = sql
  const whole = text.split("\n")
  const length = whole.reduce((sum, line) => sum + line.trim().length, 0)
  if (faultLine === undefined) {
    const line = clean(whole.join(" "), max)
    return { lines: line === "" ? [] : [line], totalLines, cutCharacters: cutCharacters + Math.max(0, length - max) }
  }
  const lines = whole.map((line) => clean(line, Math.min(maxLine, max)))
  const { from, to } = around(lines, faultLine - fromLine, max)
  const shown = lines.slice(from, to)
  return {
    lines: shown,
    fromLine: fromLine + from,
    faultLine,
    totalLines,
    cutCharacters: cutCharacters + Math.max(0, length - shown.reduce((sum, line) => sum + line.length, 0))
  }
}
