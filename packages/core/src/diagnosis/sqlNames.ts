/** The tables that a statement writes and reads, and where its clauses begin, as far as its text shows. */

/** What is behind so many characters is not searched. */
const maxSql = 50_000

/** Replaces comments and strings with blanks, so that every index stays what it is. */
const withoutText = (sql: string): string =>
  sql.slice(0, maxSql).replace(
    /"[^"\n]*"|'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g,
    (found) => found.startsWith("\"") ? found : found.replace(/[^\n]/g, " ")
  )

const part = "(?:\"[^\"\\n]{1,255}\"|`[^`\\n]{1,255}`|\\[[^\\]\\n]{1,255}\\]|[A-Za-z_$][\\w$]{0,254})"
const table = `(${part}(?:\\.${part}){0,3})`
const written = new RegExp(
  "\\b(?:insert\\s{1,9}(?:overwrite\\s{1,9})?into|merge\\s{1,9}into|" +
    "create\\s{1,9}(?:or\\s{1,9}replace\\s{1,9})?(?:[a-z]{1,20}\\s{1,9}){0,2}(?:table|view)" +
    `(?:\\s{1,9}if\\s{1,9}not\\s{1,9}exists)?)\\s{1,9}${table}`,
  "gi"
)
const read = new RegExp(`\\b(?:from|join|using)\\s{1,9}${table}`, "gi")

/** The parts of a table's name in capitals, such as `["RAW", "SHOP", "ORDERS"]`. */
export type TableName = ReadonlyArray<string>

export const tableName = (name: string): TableName =>
  name.replaceAll(/["`[\]]/g, "").split(".").map((one) => one.trim().toUpperCase())

const found = (pattern: RegExp, sql: string): ReadonlyArray<TableName> =>
  Array.from(withoutText(sql).matchAll(pattern), ([, name = ""]) => tableName(name))

/** Returns the tables and views that a statement inserts into, merges into or creates. */
export const tablesWritten = (sql: string): ReadonlyArray<TableName> => found(written, sql)

/** Returns the tables and views that a statement reads. */
export const tablesRead = (sql: string): ReadonlyArray<TableName> => found(read, sql)

/** Whether two names are of one table, as far as both say where it is. */
export const isSameTable = (a: TableName, b: TableName): boolean => {
  const length = Math.min(a.length, b.length)
  return a.slice(-length).join("\n") === b.slice(-length).join("\n")
}

/** The last part of a name: the table's or the column's own. */
export const ownName = (name: string): string => tableName(name).at(-1) ?? ""

const clause =
  /"[^"\n]*"|[()]|\b(?:from|using|group\s+by|order\s+by|having|qualify|limit|union|when\s+(?:not\s+)?matched)\b/gi

/**
 * Returns what a statement reads and which rows: from its last `FROM` outside parentheses up to the end of `WHERE`, or from
 * the `USING` of a merge. The `USING` of a join is part of its `FROM`. Undefined for a statement that has neither.
 */
export const fromAndWhere = (sql: string): string | undefined => {
  let depth = 0
  let from: { readonly index: number; readonly depth: number } | undefined
  let to: number | undefined
  for (const { 0: word, index } of withoutText(sql).matchAll(clause)) {
    const isFrom = word.toLowerCase() === "from"
    const begins = isFrom || word.toLowerCase() === "using"
    if (word === "(") depth++
    else if (word === ")") {
      depth--
      if (from !== undefined && to === undefined && depth < from.depth) to = index
    } else if (begins && (from === undefined || depth < from.depth || (depth === 0 && isFrom))) {
      from = { index, depth }
      to = undefined
    } else if (!begins && word[0] !== "\"" && from?.depth === depth) to ??= index
  }
  return from && sql.slice(from.index, to).trim()
}
