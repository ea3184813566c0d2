/** Reports a list of runs: what was asked, how much was read, a row a run, and how to continue. */
import { join, line } from "../Report.ts"
import type { Line, NextStep, Options, Report } from "../report/model.ts"
import { isoUtc, plural } from "../report/time.ts"
import * as Words from "../report/words.ts"
import { encode, type RunCursor } from "../RunCursor.ts"
import { format } from "../RunWindow.ts"
import type { RunList } from "./model.ts"
import { nearestLines } from "./nearestRuns.ts"
import { truncatedLine, undecodableLine } from "./readingWords.ts"
import { filteredHere } from "./readRuns.ts"
import type { RunLine } from "./RunLine.ts"
import { sectionsOf } from "./runRows.ts"

const counts = (runs: ReadonlyArray<RunLine>, { bounds, status }: Words.Words): Line => {
  const byStatus = new Map<string, number>()
  for (const { runStatus } of runs) byStatus.set(runStatus, (byStatus.get(runStatus) ?? 0) + 1)
  const sorted = [...byStatus].sort(([, a], [, b]) => b - a)
  const others = sorted.slice(bounds.names).reduce((sum, [, count]) => sum + count, 0)
  return join([
    ...sorted.slice(0, bounds.names).map(([one, count]) => line`${count} ${status(one)}`),
    ...(others === 0 ? [] : [[`${others} of other statuses`]])
  ], ", ")
}

const order = ({ orderBy, orderByDirection }: RunList): string =>
  orderBy === "runEndTime"
    ? orderByDirection === "asc" ? "earliest end first" : "latest end first"
    : orderByDirection === "asc"
    ? "oldest first"
    : "newest first"

const headline = (list: RunList, words: Words.Words, timeZone: string | undefined): Line => {
  const { query: { environmentID, jobID, runStatus, runType }, rows, runs, truncated, undecodable, window } = list
  const { bounds, name } = words
  const found = runs.length > 0
    ? plural(runs.length, "run")
    : truncated !== false
    ? `No match yet in ${plural(rows, "row")}`
    : undecodable === undefined
    ? "No runs"
    : "No runs that could be decoded"
  const filters = [
    ...(runType === undefined ? [] : [[`runType ${runType}`]]),
    ...(runStatus === undefined ? [] : [[`runStatus ${runStatus.join(" or ")}`]]),
    ...(environmentID === undefined ? [] : [line`environmentID ${name(environmentID, bounds.name)}`]),
    ...(jobID === undefined ? [] : [line`jobID ${name(String(jobID), bounds.name)}`])
  ]
  const zone = timeZone ?? list.timeZone
  const when = window === undefined
    ? `any time; times in ${zone}`
    : `${format({ ...window, timeZone: zone })}; runs that have not started are not in it`
  const which = filters.length === 0 ? [] : line` (${join(filters, ", ")})`
  return line`${found}${which}, ${when}.${
    runs.length === 0
      ? []
      : line` ${order(list).replace(/^./, (first) => first.toUpperCase())}: ${counts(runs, words)}.`
  }`
}

const jobsLine = ({ listed, more }: NonNullable<RunList["jobs"]>, { bounds, quote }: Words.Words): Line => {
  const shown = listed.slice(0, bounds.names)
  const rest = listed.length - shown.length + more
  const names = shown.map(({ jobID, jobName }) => {
    const name = quote(jobName, bounds.name)
    return name === undefined ? [`job ${jobID}`] : line`${name}${jobID === undefined ? "" : ` (job ${jobID})`}`
  })
  return line`Jobs in these rows: ${join(names, ", ")}${rest === 0 ? "" : ` and ${rest} more`}.`
}

/** What was not found, and where it may be. */
const emptyLines = ({ jobs, nearest, query, window }: RunList, words: Words.Words): ReadonlyArray<Line> => {
  const startless = (query.runStatus ?? []).filter((status) => status === "waitingToRun" || status === "initializing")
  return [
    ...(jobs === undefined ? [] : [jobsLine(jobs, words)]),
    ...(nearest === undefined
      ? [["Nothing follows this startingFrom: the list ends here."]]
      : nearestLines(nearest, { ...query, window }, words)),
    ...(window === undefined || startless.length === 0
      ? []
      : [[
        `Runs that are ${startless.join(" or ")} may have no start time: list them without window, since and until.`
      ]])
  ]
}

/** A cursor as a `startingFrom`: a plain id where that says it all. */
const startingFromOf = ({ orderBy, value, ...cursor }: RunCursor): string =>
  orderBy === "id" && value !== undefined
    ? String(value)
    : encode({ orderBy, ...cursor, ...(value === undefined ? {} : { value }) })

/** The same query, with what was relative made absolute. */
const continued = ({ query, resumeFrom, window }: RunList): NextStep => {
  const from = resumeFrom === undefined ? query.startingFrom : startingFromOf(resumeFrom)
  return {
    action: "list",
    arguments: {
      ...(window === undefined ? {} : { since: isoUtc(window.since), until: isoUtc(window.until) }),
      ...query,
      ...(from === undefined ? {} : { startingFrom: from })
    },
    why: "for the runs that follow"
  }
}

export const report = (list: RunList, options: Options = {}): Report => {
  const words = Words.make(options, list.timeZone)
  const { error, query, rows, runs, truncated, undecodable } = list
  const here = filteredHere(query)
  const { lines, sections } = sectionsOf(runs, words)
  return {
    headline: headline(list, words, options.timeZone),
    lines: [
      ...(truncated === false ? [] : [truncatedLine(truncated, rows, error, words)]),
      ...(here.length === 0
        ? []
        : [[`${here.join(" and ")} filtered here, not by the API: ${plural(rows, "row")} read.`]]),
      ...(undecodable === undefined ? [] : [undecodableLine(undecodable, words)]),
      ...(runs.length === 0 && truncated === false ? emptyLines(list, words) : []),
      ...lines
    ],
    sections,
    nextSteps: truncated === false ? [] : [continued(list)]
  }
}
