/** A piece of SQL that is short enough to read: the lines around the fault, or what the statement reads. */
import type { Sql } from "../report/model.ts"
import { plural } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import { cutAround } from "../wire/text.ts"
import { fromAndWhere, ownName } from "./sqlNames.ts"

/** Where the message says that the fault is, and the column or table that it names. */
export interface Fault {
  readonly line?: number | undefined
  readonly position?: number | undefined
  readonly object?: string | undefined
}

const linesAround = 2
const maxLine = 160

/** Returns whether a line is one of several of a list, such as that of the columns: part of a list tells nothing. */
const isOfList = (lines: ReadonlyArray<string>, index: number): boolean => {
  const [before, line, after] = [lines[index - 1] ?? "", lines[index] ?? "", lines[index + 1] ?? ""]
  return [before, line].some((one) => /,\s*$/.test(one)) || [line, after].some((one) => /^\s*,/.test(one))
}

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
    const [before, after] = [lengths[from - 1], lengths[to]]
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

/** A statement that is no longer is shown whole. */
const shortSql = 160

/** Returns a statement that has no line at fault: what it reads, or its beginning up to the list of its columns. */
const withoutFault = (sql: string, count: number, max: number, { text }: Words): Sql | undefined => {
  const whole = sql.trim()
  const read = whole.length <= Math.min(shortSql, max) ? undefined : fromAndWhere(whole)
  const head = /^[^(]{1,200}\(/.exec(whole)?.[0]
  const shown = read !== undefined || whole.length <= max || head === undefined
    ? text(read ?? whole, max)
    : `${text(head, max)} …`
  const which = read === undefined ? plural(count, "line") : `FROM and WHERE of ${plural(count, "line")}`
  return shown === "" ? undefined : { title: [`SQL (${which})`], lines: [shown] }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

/**
 * Returns the place of the fault: the line that the message gives or, where another line names the object of the message,
 * the nearest such line, but for those that list the columns to insert.
 */
const placeOf = (lines: ReadonlyArray<string>, { line, object, position = 0 }: Fault): FaultPlace | undefined => {
  const given = line !== undefined && lines[line - 1] !== undefined
    ? { index: line - 1, position, around: linesAround }
    : undefined
  const name = object === undefined ? "" : ownName(object)
  if (name === "") return given
  const pattern = new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`, "i")
  const select = lines.findIndex((one) => /\bselect\b/i.test(one))
  const naming = lines.flatMap((one, index) => {
    const at = pattern.exec(one)?.index
    return at === undefined ? [] : [{ index, position: at, around: 0 }]
  })
  if (naming.length === 0 || naming.some(({ index }) => index === given?.index)) return given
  const near = given?.index ?? Math.max(0, select)
  const distance = ({ index }: FaultPlace) => (index < select ? lines.length : 0) + Math.abs(index - near)
  return naming.toSorted((a, b) => distance(a) - distance(b))[0]
}

interface FaultPlace {
  readonly index: number
  readonly position: number
  /** How many lines are shown on either side: none of a line that only names the object. */
  readonly around: number
}

/**
 * Returns an excerpt of at most `max` characters: the line at fault, with those around it that are no part of a list; or, where neither the message nor the
 * SQL shows such a line, the `FROM` and the `WHERE`.
 */
export const excerpt = (sql: string, at: Fault, max: number, words: Words): Sql | undefined => {
  const lines = sql.split(/\r\n?|\n/)
  const place = placeOf(lines, at)
  if (place === undefined) return withoutFault(sql, lines.length, max, words)
  const { around, index: fault, position } = place
  const atFault = lines[fault] ?? ""
  const widest = Math.min(maxLine, max)
  const shortened = (index: number): string =>
    cutAround(lines[index]?.trim() ?? "", index === fault ? position - indent(atFault) : 0, widest)
  const first = Math.max(0, fault - around)
  const candidates = lines.slice(first, fault + around + 1).map((_, index) => shortened(first + index))
  const lengths = candidates.map(({ length }, index) =>
    isOfList(lines, first + index) ? Infinity : Math.min(length, widest)
  )
  const [from, to] = linesThatFit(lengths, fault - first, max)
  const shown = candidates.slice(from, to)
  const raw = lines.slice(first + from, first + to)
  const cut = sql.length - raw.join("\n").length +
    raw.reduce((sum, line) => sum + Math.max(0, line.trim().length - widest), 0)
  return {
    title: [
      `SQL (${to - from === 1 ? `line ${first + to}` : `lines ${first + from + 1}–${first + to}`} of ${lines.length}${
        cut <= 0 ? "" : `, ${plural(cut, "character")} cut`
      })`
    ],
    // Twice the width has room for the markers of what was cut.
    lines: shown.map((line) => words.text(line, 2 * maxLine)),
    faultIndex: fault - first - from
  }
}

const indent = (line: string): number => line.length - line.trimStart().length
