/** A piece of SQL that is short enough to read: the lines around the fault, or its two ends. */
import type { Sql } from "../report/model.ts"
import { plural } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import { cutAround } from "../wire/text.ts"

/** Where Snowflake says that the fault is. */
export interface Fault {
  readonly line?: number | undefined
  readonly position?: number | undefined
}

const linesAround = 2
const maxLine = 160

/** Returns the indices of the lines nearest to the fault that fit. The line of the fault itself always does. */
const linesThatFit = (
  lengths: ReadonlyArray<number>,
  fault: number,
  max: number
): readonly [from: number, to: number] => {
  let from = fault
  let to = fault + 1
  let left = max - (lengths[fault] ?? 0)
  for (;;) {
    const before = fault - from < linesAround ? lengths[from - 1] : undefined
    const after = to - fault - 1 < linesAround ? lengths[to] : undefined
    const isBefore = before !== undefined && before <= left &&
      (fault - from <= to - fault - 1 || after === undefined || after > left)
    if (isBefore) {
      left -= before
      from--
    } else if (after !== undefined && after <= left) {
      left -= after
      to++
    } else return [from, to]
  }
}

/**
 * Returns an excerpt of at most `max` characters: the lines around the line at fault or, where the SQL has no such line,
 * the whole on one line, cut in the middle.
 */
export const excerpt = (sql: string, { line, position }: Fault, max: number, { text }: Words): Sql | undefined => {
  const lines = sql.split(/\r\n?|\n/)
  const fault = (line ?? 0) - 1
  const atFault = lines[fault]
  if (atFault === undefined) {
    const whole = text(sql, max)
    return whole === "" ? undefined : { title: [`SQL (${plural(lines.length, "line")})`], lines: [whole] }
  }
  const widest = Math.min(maxLine, max)
  const shortened = (index: number): string =>
    cutAround(lines[index]?.trim() ?? "", index === fault ? (position ?? 0) - indent(atFault) : 0, widest)
  const first = Math.max(0, fault - linesAround)
  const candidates = lines.slice(first, fault + linesAround + 1).map((_, index) => shortened(first + index))
  const [from, to] = linesThatFit(candidates.map(({ length }) => Math.min(length, widest)), fault - first, max)
  const shown = candidates.slice(from, to)
  const raw = lines.slice(first + from, first + to)
  const cut = sql.length - raw.join("\n").length +
    raw.reduce((sum, line) => sum + Math.max(0, line.trim().length - widest), 0)
  return {
    title: [
      `SQL (lines ${first + from + 1}–${first + to} of ${lines.length}${
        cut <= 0 ? "" : `, ${plural(cut, "character")} cut`
      })`
    ],
    // Twice the width has room for the markers of what was cut.
    lines: shown.map((line) => text(line, 2 * maxLine)),
    faultIndex: fault - first - from
  }
}

const indent = (line: string): number => line.length - line.trimStart().length
