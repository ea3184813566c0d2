/** Reports a timeline in words. Public: `RunTimeline` exports it. */
import { unavailableSections } from "../inspection/reportUnavailable.ts"
import { line } from "../report/line.ts"
import type { NextStep, Options, Report } from "../report/model.ts"
import { make, row, section } from "../report/words.ts"
import type { RunLine } from "../RunList.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { ticks } from "./clockTicks.ts"
import { partNames, type Timeline, type TimelineJob } from "./model.ts"
import { axis, columns, deployStrip, legend, strip } from "./strip.ts"
import { deployLine, headline, jobLine, noteLines, runLine, usualWords } from "./words.ts"

/** A row is shown in words for jobs with something other than completed runs first. */
const isNotable = ({ runs }: TimelineJob): boolean => runs.some(({ runStatus }) => runStatus !== "completed")

const newestFailed = ({ jobs }: Timeline): RunLine | undefined =>
  jobs.flatMap(({ runs }) => runs).filter(({ runStatus }) => runStatus === "failed").sort((a, b) => b.id - a.id)[0]

const stepsOf = (timeline: Timeline, timeZone: string | undefined): ReadonlyArray<NextStep> => {
  const failed = newestFailed(timeline)
  return failed === undefined
    ? []
    : [{ action: "diagnose", arguments: { runID: failed.id, ...omitUndefined({ timeZone }) }, why: "why it failed" }]
}

/**
 * Tells a timeline as a report: how many runs there were, and for each job a strip of characters, its runs and what is
 * usual. `bounds.groups` bounds the jobs: those with runs that did not complete stay first.
 */
export const report = (timeline: Timeline, options: Options = {}): Report => {
  const words = make(options, timeline.window.timeZone)
  const { bounds } = words
  const { deploys, jobs, window } = timeline
  const kept = new Set(
    jobs.toSorted((a, b) => Number(isNotable(b)) - Number(isNotable(a))).slice(0, bounds.groups)
  )
  const shown = jobs.filter((job) => kept.has(job))
  const rows = shown.map((job) => {
    const usual = usualWords(job.usual)
    const listed = job.runs.slice(-bounds.names)
    const rest = job.runs.length - listed.length + job.more
    return row(line`${strip(job, window)} ${jobLine(job, words)}`, [
      ...listed.map((run) => runLine(run, words)),
      ...(rest === 0 ? [] : [[`and ${rest} more`]]),
      ...(job.runs.length + job.more === 0 ? [["no run in this window"]] : []),
      ...(usual === undefined ? [] : [[`usually ${usual}`]])
    ])
  })
  const shownTicks = ticks(window, options.timeZone ?? window.timeZone, columns / 8)
  const drawn = [
    row([axis(window, shownTicks)]),
    ...(deploys.length === 0 ? [] : [row([`${deployStrip(deploys, window)} deploys`])]),
    ...rows
  ]
  return {
    headline: headline(timeline, words, options.timeZone),
    lines: [
      ...noteLines(timeline, words),
      ...(rows.length === 0 ? [] : [[legend]])
    ],
    sections: [
      ...section("table", undefined, rows.length === 0 ? [] : drawn, drawn.length, jobs.length - shown.length, "job"),
      ...section("table", ["Deploys"], deploys.map((run) => row(deployLine(run, words))), bounds.rows),
      ...unavailableSections(timeline.unavailable, partNames, words)
    ],
    nextSteps: stepsOf(timeline, options.timeZone)
  }
}
