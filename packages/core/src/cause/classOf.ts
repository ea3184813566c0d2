/** Which class a cause belongs to: by its words, then by its number, then by its SQLSTATE. */
import { bigqueryWords } from "./bigquery.ts"
import type { CauseClass } from "./causeClass.ts"
import { connectionWords } from "./connection.ts"
import { databricksWords } from "./databricks.ts"
import { fabricWords } from "./fabric.ts"
import { oneLine } from "./key.ts"
import { bySnowflakeCode, bySqlState, snowflakeRest, snowflakeWords, stageWords } from "./snowflake.ts"

// The sentences of the other platforms are more particular than those of Snowflake, of which some are a few words.
const tables = [
  stageWords,
  fabricWords,
  bigqueryWords,
  databricksWords,
  snowflakeWords,
  connectionWords,
  snowflakeRest
]

const matching = (text: string): CauseClass | undefined => {
  for (const table of tables) {
    for (const [pattern, causeClass] of table) if (pattern.test(text)) return causeClass
  }
  return undefined
}

// A cause says what it is at its beginning, or at its end; what stands between is often a statement that it quotes.
const nearLength = 1500

// Errors of a language: their words are about its own values, as in "list index out of range".
const ofLanguage =
  /^(?:[a-z_][\w$]{0,60}\.){0,12}(?:(?:Type|Key|Index|Attribute|Name|UnboundLocal|Reference|Range|Assertion|Import|ModuleNotFound|Recursion|NotImplemented|Indentation)Error|StopIteration|(?:NullPointer|ClassCast|(?:Array|String)?IndexOutOfBounds|NoSuchElement|UnsupportedOperation|ConcurrentModification)Exception)\b(?!: fetch failed)/

/**
 * The last lines that were matched, of which statistics meet the same few again and again: all patterns cost more than all else. A line may
 * be a view of the message that it came from, of at most 65,536 characters. A copy of each would cost more memory than that.
 */
const lastLines: Array<{ readonly line: string; readonly class: CauseClass | undefined }> = []
const mostLines = 16
const longestLine = 300

/** The class by the words of a cause from which what is quoted is taken out. */
export const byWords = (bare: string): CauseClass | undefined => {
  const line = oneLine(bare)
  const last = lastLines.find((one) => one.line === line)
  if (last !== undefined) return last.class
  const causeClass = matchingNear(line)
  if (line.length <= longestLine) {
    lastLines.push({ line, class: causeClass })
    if (lastLines.length > mostLines) lastLines.shift()
  }
  return causeClass
}

const matchingNear = (line: string): CauseClass | undefined => {
  if (ofLanguage.test(line)) return "userCode"
  if (line.length <= 2 * nearLength) return matching(line)
  return matching(line.slice(0, nearLength)) ?? matching(line.slice(-nearLength)) ?? matching(line)
}

/** The class by the numbers beside a cause, where its words tell nothing. */
export const byNumbers = (code: string | undefined, sqlState: string | undefined): CauseClass | undefined =>
  (code === undefined ? undefined : bySnowflakeCode(code)) ??
    (sqlState === undefined ? undefined : bySqlState(sqlState))
