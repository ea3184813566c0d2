/** How far a reading came, in words: what was skipped, and what ended it before the last run. */
import { line } from "../Report.ts"
import type { Line } from "../report/model.ts"
import { plural } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import type { ReadingError, Truncated, Undecodable } from "./readRuns.ts"

/** How many rows were skipped, and why the first of them was. */
export const undecodableLine = ({ count, first }: Undecodable, { bounds, name, quote }: Words): Line => {
  const which = first.id === undefined ? `row ${first.index} of a page` : `run ${first.id}`
  const path = first.path === "" ? [] : line` at ${name(first.path, bounds.name)}`
  const more = count === 1 ? "" : ` and ${count - 1} more`
  return line`Skipped ${plural(count, "undecodable row")}: ${which}${path}: ${quote(first.issue)}${more}.`
}

/** What ended the reading before the last run. */
export const truncatedLine = (
  truncated: Exclude<Truncated, false>,
  rows: number,
  error: ReadingError | undefined,
  { bounds, quote }: Words
): Line => {
  const read = `Not all was read. The reading stopped after ${plural(rows, "row")}`
  if (truncated === "limit") return ["More runs follow."]
  if (error === undefined) return [`${read}, at its limit of ${truncated === "row_limit" ? "rows" : "time"}.`]
  return line`${read}: ${quote(error.message, bounds.message)} Trying again ${
    error.isRetryable ? "can" : "is unlikely to"
  } help.`
}
