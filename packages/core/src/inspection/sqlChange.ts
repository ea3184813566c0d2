/** Compares the SQL of two stages, line by line. */
import { diffLines } from "diff/lib/diff/line.js"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { cutAround, maskSecrets } from "../wire/text.ts"
import type { SqlChange } from "./model.ts"

const maxLines = 8
const maxLine = 120

// Two texts that differ in more lines are two texts. The limits bound the time: a megabyte of SQL is not compared.
const maxEdits = 200
const maxLength = 200_000

const withoutBlanks = (sql: string): string => sql.replace(/\s+/g, " ").trim()

const id = /\b[0-9a-f]{8}(?:-[0-9a-f]{4,12}){1,4}\b/gi

// A shorter word is a name: columns A1 and B1 are two.
const hash = /^(?=.*\d)[0-9a-f]{7,}$/i

/** SQL without its numbers, ids and hashes. */
const withoutNumbers = (sql: string): string =>
  // Word by word: a pattern that searched for a digit would look through a long word from each of its letters.
  withoutBlanks(sql).replace(id, "0").replace(
    /[0-9a-z]+/gi,
    (word) => hash.test(word) ? "0" : word.replace(/\d+/g, "0")
  )

const firstDifference = (a: string, b: string): number => {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}

const linesOf = (text: string): ReadonlyArray<string> =>
  text.split(/\r\n?|\n/).map((line) => line.trim()).filter(Boolean)

/** Puts each removed line before the added one that stands in its place, both cut around what differs. */
const replaced = (removed: ReadonlyArray<string>, added: ReadonlyArray<string>): ReadonlyArray<string> =>
  Array.from({ length: Math.max(removed.length, added.length) }, (_, index) => {
    const [before, after] = [removed[index], added[index]]
    const at = firstDifference(before ?? "", after ?? "")
    return [
      ...(before === undefined ? [] : [`- ${cutAround(before, at, maxLine)}`]),
      ...(after === undefined ? [] : [`+ ${cutAround(after, at, maxLine)}`])
    ]
  }).flat()

/** Returns how the SQL of a stage differs; nothing if at most its blanks do. */
export const sqlChange = (stage: string | undefined, sqlBefore: string, sqlAfter: string): SqlChange | undefined => {
  if (sqlBefore === sqlAfter) return undefined
  const [before, after] = [maskSecrets(sqlBefore), maskSecrets(sqlAfter)]
  if (withoutBlanks(before) === withoutBlanks(after)) return undefined
  const onlyNumbers = withoutNumbers(before) === withoutNumbers(after)
  const isShort = before.length + after.length <= maxLength
  const changes = isShort
    ? diffLines(linesOf(before).join("\n"), linesOf(after).join("\n"), {
      ignoreNewlineAtEof: true,
      maxEditLength: maxEdits
    })
    : undefined
  if (changes === undefined) return { ...omitUndefined({ stage }), lines: [], onlyNumbers }
  const removed = changes.flatMap((change) => change.removed ? linesOf(change.value) : [])
  const added = changes.flatMap((change) => change.added ? linesOf(change.value) : [])
  const lines = changes.flatMap((change, index) => {
    const next = changes[index + 1]
    const previous = changes[index - 1]
    if (change.removed) return replaced(linesOf(change.value), next?.added === true ? linesOf(next.value) : [])
    return change.added && previous?.removed !== true ? replaced([], linesOf(change.value)) : []
  })
  return {
    ...omitUndefined({ stage }),
    added: added.length,
    removed: removed.length,
    lines: lines.slice(0, maxLines),
    onlyNumbers
  }
}
