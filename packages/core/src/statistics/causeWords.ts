/** Failures by cause, a row each. */
import { line } from "../Report.ts"
import type { Line, Section } from "../report/model.ts"
import { plural } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import { row } from "../report/words.ts"
import type { CauseCount, RunRef } from "./model.ts"
import type { Summary } from "./summaryModel.ts"

/** A count that may be higher is told as one. */
const failuresOf = ({ atLeast, failures }: Pick<CauseCount, "atLeast" | "failures">): string =>
  `${atLeast ? "at least " : ""}${failures}`

const runWords = ({ id, runStartTime }: RunRef, { minute }: Words): string =>
  `${id}${runStartTime === undefined ? "" : ` (${minute(runStartTime)})`}`

const causeLine = (cause: CauseCount, isNew: boolean, words: Words): Line => {
  const { class: name, code, failures, firstRun, lastRun, message } = cause
  const runs = failures === 1
    ? `run ${runWords(lastRun, words)}`
    : `runs ${runWords(firstRun, words)} to ${runWords(lastRun, words)}`
  return line`${failuresOf(cause)} ${name}${code === undefined ? [] : line` ${words.name(code)}`}: ${
    words.quote(message) ?? "no reason given"
  }, ${runs}${isNew ? ", new since the window before" : ""}`
}

export const causesSection = ({ change, statistics }: Summary, words: Words): ReadonlyArray<Section> => {
  const { causes, otherCauses, statusCounts } = statistics
  if (causes.length === 0) return []
  const shown = causes.slice(0, words.bounds.rows)
  const hidden = causes.slice(words.bounds.rows)
  const others = hidden.length + (otherCauses?.causes ?? 0)
  const failures = hidden.reduce((sum, cause) => sum + cause.failures, otherCauses?.failures ?? 0)
  const newCauses = new Set(change?.newCauses)
  return [{
    title: [`Failures by cause (${statusCounts.failed})`],
    layout: "list",
    rows: shown.map((cause) => row(causeLine(cause, newCauses.has(cause.key), words))),
    ...(failures === 0
      ? {}
      : {
        more: [
          `${plural(failures, "failure")} of ${otherCauses?.atLeast === true ? "at least " : ""}${
            plural(others, "other cause")
          }`
        ]
      })
  }]
}
