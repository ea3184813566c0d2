/** Tells a check in sentences: whether anything needs attention, then what, the most urgent first. Public: `RunHealth` exports it. */
import * as DateTime from "effect/DateTime"
import { usualLine } from "../baseline/report.ts"
import { unavailableSections } from "../inspection/reportUnavailable.ts"
import { jobLines } from "../list/job.ts"
import { filtersOf } from "../list/readingWords.ts"
import { join, line } from "../report/line.ts"
import type { Line, NextStep, Options, Report, Section } from "../report/model.ts"
import { plural } from "../report/time.ts"
import { make as makeWords, row, section, type Words } from "../report/words.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { isOver } from "./failures.ts"
import { type Failures, type Finding, type Health, partNames, type Unusual } from "./model.ts"
import { failuresRow, notReadRow, runsOf } from "./reportFailures.ts"
import { otherSections } from "./reportOthers.ts"

const maxSteps = 3

const isFailures = (finding: Finding): finding is Failures => finding.kind === "failures"

/** Returns whether a finding needs attention: failures from which every job has recovered do not. */
export const needsAttention = (finding: Finding): boolean => !isFailures(finding) || !isOver(finding)

/** Failures that follow from others, and those not read of jobs that a cause hit, are not told as things of their own. */
const isOwn = (finding: Finding): boolean => !isFailures(finding) || (finding.follows === undefined && finding.jobs > 0)

const runsIn = (failures: ReadonlyArray<Failures>): number =>
  failures.reduce((sum, { runIDs }) => sum + runIDs.length, 0)

/** What the other kinds are, one and several. */
const kinds: { readonly [K in Exclude<Finding["kind"], "failures">]: readonly [one: string, many: string] } = {
  failedBefore: ["job that failed before and has not run since", "jobs that failed before and have not run since"],
  failedNodes: ["running or canceled run with a failed node", "running or canceled runs with failed nodes"],
  otherStatus: ["run that ended in an unknown status", "runs that ended in unknown statuses"],
  noRows: ["run with nodes that changed no row", "runs with nodes that changed no row"],
  failedTests: ["run with failed data tests", "runs with failed data tests"],
  missing: ["job that did not run", "jobs that did not run"],
  stopped: ["job that no longer runs", "jobs that no longer run"],
  stuck: ["run that is stuck", "runs that are stuck"],
  long: ["run that runs far longer than usual", "runs that run far longer than usual"],
  waiting: ["waiting run", "waiting runs"],
  late: ["late job", "late jobs"],
  noNodes: ["run without a node", "runs without a node"],
  fewerNodes: ["run with far fewer nodes than usual", "runs with far fewer nodes than usual"],
  slow: ["run that took far longer than usual", "runs that took far longer than usual"]
}

/** `12 failed refreshes of one cause`, `14 failed runs of 3 causes`. */
const failedWords = (failures: ReadonlyArray<Failures>, runs: number, isAtLeast = false): ReadonlyArray<string> => {
  if (failures.length === 0) return []
  const named = failures.filter((one) => isOwn(one) && one.cause !== undefined).length
  const [count, noun] = runsOf(runs, [...new Set(failures.flatMap(({ runTypes }) => runTypes))]).split(" ")
  const causes = named === 0 ? "" : named === 1 ? " of one cause" : ` of ${plural(named, "cause")}`
  return [`${isAtLeast ? "at least " : ""}${count} failed ${noun}${causes}`]
}

const countsOf = ({ findings, read }: Health): ReadonlyArray<string> => {
  const failures = findings.filter(isFailures).filter((one) => !isOver(one))
  return [
    ...failedWords(failures, failures.reduce((sum, { openRuns }) => sum + openRuns, 0), read.failuresTruncated),
    ...Object.entries(kinds).flatMap(([kind, [one, many]]) => {
      const count = findings.filter((finding) => finding.kind === kind).length
      return count === 0 ? [] : [plural(count, one, many)]
    })
  ]
}

/** ` (24 to 25 in the same hours of the 4 weeks before)` */
const usualRuns = ({ usual }: Health["ran"]): string => {
  if (usual === undefined) return ""
  const { fewest, most, weeks } = usual
  return ` (${fewest === most ? fewest : `${fewest} to ${most}`} in the same hours of the ${
    plural(weeks, "week")
  } before)`
}

/** `24 runs of 10 jobs`, `10 runs (9 of 8 jobs and 1 deploy)`, `2 deploys` */
const runsWords = ({ deploys, jobs, runs }: Health["ran"]): string => {
  if (deploys === 0) return `${plural(runs, "run")} of ${plural(jobs, "job")}`
  if (deploys === runs) return plural(deploys, "deploy")
  return `${plural(runs, "run")} (${runs - deploys} of ${plural(jobs, "job")} and ${plural(deploys, "deploy")})`
}

const ranLine = ({ ran, window }: Health, { minute, status }: Words): Line => {
  const { runs, statuses, truncated } = ran
  const counts = join(statuses.map((one): Line => line`${one.count} ${status(one.status)}`), ", ")
  return runs === 0
    ? [`No run started since ${minute(window.since)}${usualRuns(ran)}.`]
    : line`${truncated ? "At least " : ""}${runsWords(ran)} started since ${minute(window.since)}${
      usualRuns(ran)
    }: ${counts}.`
}

const headlineOf = (health: Health, words: Words): Line => {
  const { findings, unavailable } = health
  const counts = countsOf(health)
  if (counts.length > 0) {
    const count = findings.filter((finding) => needsAttention(finding) && isOwn(finding)).length
    return [`${plural(count, "thing needs", "things need")} attention: ${counts.join(", ")}.`]
  }
  const over = findings.filter(isFailures)
  const [recovered] = failedWords(over, runsIn(over))
  const but = recovered === undefined ? "" : ` ${recovered} ${runsIn(over) === 1 ? "has" : "have"} recovered.`
  return line`${
    unavailable.length === 0
      ? "Nothing needs attention."
      : "Nothing was found that needs attention, but not all was read."
  }${but} ${ranLine(health, words)}`
}

/** What was not read: a cap is never told as a count. */
const readLines = ({ findings, ran, read }: Health, { minute }: Words): ReadonlyArray<Line> => {
  const { baseline, completed, failed, unfinished } = read
  const hidden = findings.find((finding) => isFailures(finding) && finding.causeFrom === "notRead")
  const same = hidden?.kind === "failures" && hidden.jobs === 0 ? "; the others are failures of the same jobs" : ""
  return [
    ...(hidden === undefined
      ? []
      : [[
        `The node results of ${failed.read} of ${plural(failed.read + failed.notRead, "failed run")} were read${same}.`
      ]]),
    ...(ran.truncated ? [["Not all runs of the window were read, so what did not run is not known."]] : []),
    ...(baseline === undefined || baseline.truncated === false
      ? []
      : [[
        `What is usual was learned from ${plural(baseline.runs, "run")}${
          baseline.since === undefined ? "" : ` since ${minute(baseline.since)}`
        }, at the limit of the reading.`
      ]]),
    ...(unfinished.notRead > 0
      ? [[
        `Failed nodes were looked for in ${unfinished.read} of ${
          plural(unfinished.read + unfinished.notRead, "running or canceled run")
        }.`
      ]]
      : []),
    ...(completed.notRead > 0
      ? [[
        `Data tests and rows were checked in the latest runs of ${completed.read} of ${
          plural(completed.read + completed.notRead, "completed job")
        }.`
      ]]
      : [])
  ]
}

const causeSection = (
  title: string,
  failures: ReadonlyArray<Failures>,
  words: Words
): ReadonlyArray<Section> => {
  const rows = failures.map((one, index) => failuresRow(one, index, words))
  // A cause is longer than other rows.
  const max = Math.round(words.bounds.rows * 0.8)
  return section("list", [title], rows, max, 0, "cause")
}

const findingSections = (health: Health, words: Words): ReadonlyArray<Section> => {
  const all = health.findings.filter(isFailures)
  const read = all.filter(({ causeFrom }) => causeFrom !== "notRead")
  const notRead = all.filter(({ causeFrom, jobs }) => causeFrom === "notRead" && jobs > 0)
  return [
    ...causeSection("Failures, by cause", read.filter(needsAttention), words),
    ...section("list", ["Failures whose cause was not read"], notRead.map((one) => notReadRow(one, words)), 1),
    ...otherSections(health, words),
    ...causeSection("Failed and recovered", read.filter(isOver), words)
  ]
}

const windowSection = ({ filter, job, window }: Health, words: Words): ReadonlyArray<Section> => {
  const { minute, zone } = words
  const machine = window.timeZoneSource === "fallback" ? ", as this machine has no time zone" : ""
  return section(
    "inline",
    line`Window${filtersOf(filter, job, words)}`,
    [row([`${minute(window.since)} – ${minute(window.until)} ${DateTime.zoneToString(zone)}${machine}`])],
    1
  )
}

const stepsOf = (health: Health, timeZone: string | undefined): ReadonlyArray<NextStep> => {
  const given = timeZone ?? (health.window.timeZoneSource === "given" ? health.window.timeZone : undefined)
  const diagnose = (runID: number, why: string): NextStep => ({
    action: "diagnose",
    arguments: { runID, ...omitUndefined({ timeZone: given }) },
    why
  })
  const inspect = (runID: number): NextStep => ({
    action: "inspect",
    arguments: { runID, ...omitUndefined({ timeZone: given }) },
    why: "its nodes, beside the last success"
  })
  const runsOfJob = ({ environmentID, jobID }: Unusual): NextStep => ({
    action: "list",
    arguments: {
      jobID: String(jobID),
      ...omitUndefined({ environmentID, timeZone: given }),
      window: "last_7_days"
    },
    why: "its latest runs"
  })
  const failures = health.findings.filter(isFailures).filter((one) => needsAttention(one) && isOwn(one))
  return [
    ...failures.flatMap(({ affected: { listed: [first] }, jobs }) =>
      first === undefined ? [] : [diagnose(first.run.id, jobs === 1 ? "why it failed" : "why, by its latest run")]
    ),
    ...health.findings.flatMap((finding): ReadonlyArray<NextStep> => {
      if (finding.kind === "failures" || finding.kind === "waiting") return []
      if (finding.kind === "failedBefore") return [diagnose(finding.run.id, "why it failed before")]
      if ("expectedAt" in finding || finding.kind === "stopped") {
        return finding.jobID === undefined ? [] : [runsOfJob(finding)]
      }
      return finding.run === undefined ? [] : [inspect(finding.run.id)]
    })
  ].slice(0, maxSteps)
}

/**
 * Tells a check as a report: whether anything needs attention, the failures by cause, then the rest, the most urgent
 * first. `Report.toText` shows it.
 */
export const report = (health: Health, options: Options = {}): Report => {
  const words = makeWords(options, health.window.timeZone)
  const needs = health.findings.some(needsAttention)
  return {
    headline: headlineOf(health, words),
    lines: [
      ...(needs ? [ranLine(health, words)] : []),
      ...readLines(health, words),
      ...jobLines(health.job, words),
      ...(health.usual ?? []).map((usual) => line`Usually, ${usualLine(usual, words)}.`)
    ],
    sections: [
      ...findingSections(health, words),
      ...unavailableSections(health.unavailable, partNames, words),
      ...windowSection(health, words)
    ],
    nextSteps: stepsOf(health, options.timeZone)
  }
}
