/** Tells a diagnosis in sentences: the key facts first, then the evidence for them. Public: `RunDiagnosis` exports it. */
import * as DateTime from "effect/DateTime"
import { unavailableSections } from "../inspection/reportUnavailable.ts"
import { jobLines } from "../list/job.ts"
import { filtersOf } from "../list/readingWords.ts"
import { line } from "../report/line.ts"
import type { Line, Options, Report, Section } from "../report/model.ts"
import { make as makeWords, row, section, type Words } from "../report/words.ts"
import { type Diagnosis, partNames } from "./model.ts"
import { failureLines, headlineOfFailure } from "./reportFailure.ts"
import { nextSteps } from "./reportNext.ts"
import { nodeSections, testSection } from "./reportNodes.ts"
import { otherFailureSections, reRunSections, suspectSections } from "./reportRuns.ts"
import { headlineOfRun, headlineOfWindow, quietSections, unfailedLines } from "./reportUnfailed.ts"

const windowSections = (
  { filter, job, noFailure, window }: Diagnosis,
  words: Words
): ReadonlyArray<Section> => {
  const { minute, zone } = words
  if (window === undefined) return section("inline", ["Time zone"], [row([DateTime.zoneToString(zone)])], 1)
  const { environmentID, jobID, projectID } = filter
  const machine = window.timeZoneSource === "fallback" ? ", as this machine has no time zone" : ""
  const shown = `${minute(window.since)} – ${minute(window.until)} ${DateTime.zoneToString(zone)}${machine}`
  const excluded = noFailure === undefined ? "" : "; it excludes runs that have not started"
  return section("inline", line`Window${filtersOf({ environmentID, jobID, projectID }, job, words)}`, [
    row([`${shown}${excluded}`])
  ], 1)
}

/** Where no node of a failed run failed, a test may have failed it. */
const testTitle = ({ nodes, outcome }: Diagnosis): string | undefined =>
  outcome === "failed" && nodes?.failed === 0 ? "Failed data tests" : undefined

const sectionsOf = (diagnosis: Diagnosis, words: Words): ReadonlyArray<Section> => {
  const { nodes, noFailure } = diagnosis
  return [
    ...nodeSections(diagnosis, words),
    ...(nodes === undefined
      ? []
      : testSection(
        nodes.failedTests.listed.map((test) => ({ test })),
        nodes.failedTests.more,
        words,
        testTitle(diagnosis)
      )),
    ...suspectSections(diagnosis, words),
    ...reRunSections(diagnosis, words),
    ...otherFailureSections(diagnosis, words),
    ...(noFailure === undefined ? [] : quietSections(noFailure, words)),
    ...unavailableSections(diagnosis.unavailable, partNames, words)
  ]
}

/** A zone that a follow-up call would not find by itself. */
const givenZone = ({ timeZone, window }: Diagnosis): string | undefined =>
  window === undefined || window.timeZoneSource === "given" ? timeZone : undefined

/**
 * Tells a diagnosis as a report: what failed and why, since when, whether it recovered, what to look at, and the evidence
 * for it. `Report.toText` shows it.
 */
export const report = (diagnosis: Diagnosis, options: Options = {}): Report => {
  const { noFailure, run } = diagnosis
  const words = makeWords(options, diagnosis.timeZone)
  const page = words.link(run?.runLink)
  const [headline, lines]: readonly [Line, ReadonlyArray<Line>] = noFailure !== undefined
    ? headlineOfWindow(diagnosis, noFailure, words)
    : run === undefined
    ? [["The diagnosis names no run."], []]
    : diagnosis.outcome === "failed"
    ? [headlineOfFailure(diagnosis, run, words), failureLines(diagnosis, run, words)]
    : [headlineOfRun(diagnosis, run, words), unfailedLines(diagnosis, words)]
  return {
    headline,
    lines: [...lines, ...jobLines(diagnosis.job, words)],
    sections: [
      ...sectionsOf(diagnosis, words),
      ...(page === undefined ? [] : section("inline", ["Page"], [row([page])], 1)),
      ...windowSections(diagnosis, words)
    ],
    nextSteps: nextSteps(diagnosis, options.timeZone ?? givenZone(diagnosis), words)
  }
}
