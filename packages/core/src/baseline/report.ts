/** Reports a baseline. Public: `RunBaseline` exports it. */
import { titleOf } from "../list/runWords.ts"
import { line } from "../report/line.ts"
import type { Line, Options, Report } from "../report/model.ts"
import { plural } from "../report/time.ts"
import * as Words from "../report/words.ts"
import { type Baseline, minRuns, type Usual } from "./model.ts"
import { durationWords, failedWords, nodesWords, startsWords } from "./words.ts"

/** Tells in one line what is usual for a job. */
export const usualLine = (job: Usual, words: Words.Words): Line => {
  const { duration, failed, nodes, runs, starts } = job
  const facts = [
    ...(starts === undefined ? [] : [startsWords(starts)]),
    ...(duration === undefined ? [] : [`took ${durationWords(duration)}`]),
    ...(nodes === undefined ? [] : [nodesWords(nodes)]),
    ...(failed === undefined ? [] : [failedWords(failed)])
  ]
  const few = `${plural(runs, "run")}: too few to say what is usual`
  const irregular = starts === undefined && runs >= minRuns ? ["no usual start"] : []
  return line`${titleOf(job, words)}: ${facts.length === 0 ? few : [...irregular, ...facts].join("; ")}`
}

const lines = ({ jobs, maxDays, otherRuns, truncated }: Baseline): ReadonlyArray<Line> => [
  ...(truncated === false ? [] : [[
    `Earlier runs of the last ${plural(maxDays, "day")} were not read: the ${
      truncated === "row_limit" ? "most rows were" : "time was"
    } reached.`
  ]]),
  ...(otherRuns === 0 ? [] : [[`${plural(otherRuns, "run")} of more than ${plural(jobs.length, "job")} are left out.`]])
]

/** Reports a baseline in words: what is usual for each job, the jobs with the most runs first, each from how many runs. */
export const report = (baseline: Baseline, options: Options = {}): Report => {
  const words = Words.make(options, baseline.timeZone)
  const { jobs, newest, oldest, runs, timeZone } = baseline
  const sorted = jobs.toSorted((a, b) => b.runs - a.runs)
  const between = oldest === undefined || newest === undefined
    ? ""
    : `, from ${words.minute(oldest)} to ${words.minute(newest)} ${options.timeZone ?? timeZone}`
  return {
    headline: [`Learned from ${plural(runs, "run")} of ${plural(jobs.length, "job")}${between}.`],
    lines: lines(baseline),
    sections: Words.section(
      "list",
      undefined,
      sorted.map((job) => Words.row(usualLine(job, words))),
      words.bounds.groups,
      0,
      "job"
    ),
    nextSteps: []
  }
}
