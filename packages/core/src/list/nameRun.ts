/** Names a run in plain text. Public: `RunList` exports it. */
import type { Options } from "../report/model.ts"
import { lineText } from "../report/toText.ts"
import * as Words from "../report/words.ts"
import type { RunLine } from "./RunLine.ts"
import { startedAt, titleOf } from "./runWords.ts"

/**
 * Returns a function that names a run in one line, as reports do: `run 1202, refresh "Daily sales" (job 15) in env 3`. Text
 * from the API is cleaned and cut as the options say. With `now` it also says when the run started: ` (2026-11-03 02:00, 4h ago)`.
 */
export const nameRun = (options: Options = {}): (run: RunLine) => string => {
  const words = Words.make(options)
  return (run) =>
    `run ${run.id}, ${lineText(titleOf(run, words))}${options.now === undefined ? "" : startedAt(run, words)}`
}
