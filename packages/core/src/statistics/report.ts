/** Reports a summary: the success rate first, then what changed, durations, causes and groups. */
import { filtersOf, readingLines, undecodableLine } from "../list/readingWords.ts"
import { join, line } from "../report/line.ts"
import type { Line, Options, Report } from "../report/model.ts"
import { plural } from "../report/time.ts"
import * as Words from "../report/words.ts"
import { format } from "../RunWindow.ts"
import type { Durations } from "./model.ts"
import { nextSteps } from "./nextSteps.ts"
import { relativeError } from "./quantiles.ts"
import { nodesSection, testsSection } from "./reportInside.ts"
import {
  causesSection,
  durationWords,
  groupName,
  groupsSection,
  percent,
  signed,
  statusWords,
  streakWords
} from "./reportRows.ts"
import type { Summary } from "./summaryModel.ts"

const headline = ({ job, query, statistics, truncated }: Summary, words: Words.Words): Line => {
  const { runs, statusCounts, successRate, unknownStatuses = [] } = statistics
  const { bounds, status } = words
  const which = filtersOf(query, job, words)
  if (runs === 0) return line`No runs${which}.`
  const unknown = unknownStatuses.length === 0
    ? []
    : line` (${join(unknownStatuses.slice(0, bounds.names).map((one) => [status(one)]), ", ")})`
  const rate = successRate === undefined
    ? " There is no success rate, because no run completed or failed."
    : ` Success rate ${percent(successRate)} of those that completed or failed.`
  return line`${truncated === false ? "" : "At least "}${plural(runs, "run")}${which}: ${
    statusWords(statusCounts, words)
  }${unknown}.${rate}`
}

const windowLine = ({ window }: Summary, timeZone: string | undefined): Line => [
  `Window: ${format({ ...window, timeZone: timeZone ?? window.timeZone })}. Runs that have not started are not in it.`
]

const whyNotCompared: { readonly [K in NonNullable<Summary["changeUnavailable"]>]: string } = {
  truncated: "this window was not read whole",
  row_limit: "it was not read whole: the reading reached its limit of rows",
  time_limit: "it was not read whole: the reading reached its limit of time",
  error: "it was not read whole: a request failed",
  beyond_history: "it reaches beyond the history: no run began before it"
}

const changeLines = (
  { change, changeUnavailable, previous, statistics }: Summary,
  words: Words.Words,
  timeZone: string | undefined
): ReadonlyArray<Line> => {
  if (changeUnavailable !== undefined) {
    return [[`There is no comparison with the window before, because ${whyNotCompared[changeUnavailable]}.`]]
  }
  if (change === undefined || previous === undefined || statistics.runs + previous.statistics.runs === 0) return []
  const { bounds, quote } = words
  const { failed, goneCauses = [], goneGroups = [], p50Millis, p95Millis, runs, successRate } = change
  const durations = [["p50", p50Millis], ["p95", p95Millis]] as const
  const parts = [
    `failed ${signed(failed)}`,
    `runs ${signed(runs)}`,
    ...(successRate === undefined ? [] : [`success rate ${signed(Math.round(successRate * 1000) / 10)} points`]),
    ...durations.flatMap(([name, millis]) => millis === undefined ? [] : [`${name} ${signed(millis, durationWords)}`])
  ]
  const causes = previous.statistics.causes.filter(({ key }) => goneCauses.includes(key))
    .map(({ class: name, message }) => line`${name} ${quote(message, bounds.name)}`)
  return [
    ...(previous.undecodable === undefined
      ? []
      : [line`In the window before: ${undecodableLine(previous.undecodable, words)}`]),
    [`Change from the window before (${
      format({ ...previous.window, ...(timeZone === undefined ? {} : { timeZone }) })
    }): ${parts.join(", ")}.`],
    ...listLine("Causes that did not recur", causes, bounds.names),
    ...listLine("Ran only in the window before", goneGroups.map((group) => groupName(group, words)), bounds.names)
  ]
}

const listLine = (title: string, items: ReadonlyArray<Line>, max: number): ReadonlyArray<Line> => {
  const rest = items.length - max
  return items.length === 0
    ? []
    : [line`${title}: ${join(items.slice(0, max), ", ")}${rest > 0 ? ` and ${rest} more` : ""}.`]
}

const durationsLine = ({ exact, longest, p50Millis, p95Millis, runs }: Durations): Line => [
  `Durations of ${plural(runs, "completed run")} (${
    exact ? "exact" : `p50 and p95 within ${100 * relativeError} %`
  }): ` +
  `p50 ${durationWords(p50Millis)}, p95 ${durationWords(p95Millis)}, ` +
  `longest ${durationWords(longest.millis)} (run ${longest.runID}).`
]

const failedLines = ({ causesRead, statistics: { failedMillis, statusCounts } }: Summary): ReadonlyArray<Line> => [
  ...(failedMillis === undefined
    ? []
    : [[`${plural(statusCounts.failed, "failed run")} took ${durationWords(failedMillis)} together.`]]),
  ...(causesRead === undefined ? [] : [[
    `The causes of ${
      plural(causesRead.runs, "failed run")
    } come from their node results, since their reasons name none` +
    `${causesRead.notRead === 0 ? "" : `; the results of ${causesRead.notRead} more were not read`}.`
  ]])
]

/** Says the streak of one job: across several jobs a streak means nothing. */
const streakLines = ({ query, statistics }: Summary): ReadonlyArray<Line> => {
  const { streaks: { current } } = statistics
  return query.jobID === undefined || current === undefined || current.runs < 2
    ? []
    : [[`Current streak: the latest ${streakWords(current, statistics)} runs ${current.runStatus}.`]]
}

/**
 * Reports a summary in words: counts and success rate, what changed, streaks, durations, failures by cause, groups, what
 * was not counted and why, and follow-up calls.
 */
export const report = (summary: Summary, options: Options = {}): Report => {
  const { query, statistics, window } = summary
  const words = Words.make(options, window.timeZone)
  return {
    headline: headline(summary, words),
    lines: [
      windowLine(summary, options.timeZone),
      ...(summary.truncated === false ? [] : [["Only the latest runs of the window are counted."]]),
      ...readingLines(summary, { ...query, window }, words),
      ...changeLines(summary, words, options.timeZone),
      ...streakLines(summary),
      ...(statistics.durations === undefined ? [] : [durationsLine(statistics.durations)]),
      ...failedLines(summary)
    ],
    sections: [
      ...causesSection(summary, words),
      ...groupsSection(summary, words),
      ...nodesSection(summary, words),
      ...testsSection(summary, words)
    ],
    nextSteps: nextSteps(summary)
  }
}
