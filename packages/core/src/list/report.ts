/** Reports a list of runs. Public: `RunList` exports it. */
import { join, line } from "../report/line.ts"
import type { Line, NextStep, Options, Report } from "../report/model.ts"
import { isoUtc, plural } from "../report/time.ts"
import * as Words from "../report/words.ts"
import { encode, type RunCursor } from "../RunCursor.ts"
import { format } from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { RunList } from "./model.ts"
import { filtersOf, readingLines } from "./readingWords.ts"
import type { RunLine } from "./RunLine.ts"
import { sectionsOf } from "./runRows.ts"

/** The most runs that a person or a model reads in one list: the next step of a report asks for no more. */
export const maxReadable = 200

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
    ? orderByDirection === "asc" ? "Earliest end first" : "Latest end first"
    : orderByDirection === "asc"
    ? "Oldest first"
    : "Newest first"

const headline = (list: RunList, words: Words.Words, timeZone: string | undefined): Line => {
  const { query, rows, runs, truncated, undecodable, window } = list
  const found = runs.length > 0
    ? plural(runs.length, "run")
    : truncated !== false
    ? `No match yet in ${plural(rows, "row")}`
    : undecodable === undefined
    ? "No runs"
    : "No runs that could be decoded"
  const zone = timeZone ?? list.timeZone
  const when = window === undefined
    ? `any time; times in ${zone}`
    : `${format({ ...window, timeZone: zone })}; runs that have not started are not in it`
  return line`${found}${filtersOf(query, list.job, words)}, ${when}.${
    runs.length === 0
      ? []
      : line` ${order(list)}: ${counts(runs, words)}.`
  }`
}

/** Says why nothing may have been found. */
const emptyLines = (list: RunList): ReadonlyArray<Line> => {
  const { nearest, query: { runStatus = [] }, window } = list
  const startless = runStatus.filter((status) => status === "waitingToRun" || status === "initializing")
  return [
    ...(nearest === undefined ? [["Nothing follows this startingFrom: the list ends here."]] : []),
    ...(window === undefined || startless.length === 0
      ? []
      : [[
        `Runs that are ${startless.join(" or ")} may have no start time: list them without window, since and until.`
      ]])
  ]
}

/** Returns a cursor as a `startingFrom`: a plain id where that says it all. */
const nextStartOf = ({ orderBy, value, ...cursor }: RunCursor): string =>
  orderBy === "id" && value !== undefined
    ? String(value)
    : encode({ orderBy, ...cursor, ...(value === undefined ? {} : { value }) })

/** Returns a query as the arguments of a call, which take an id as text. */
export const argumentsOf = ({ jobID, ...query }: RunList["query"]): NextStep["arguments"] => ({
  ...query,
  ...omitUndefined({ jobID: jobID?.toString() })
})

/** Continues the query, with absolute ends of its window. */
const continued = ({ query, resumeFrom, window }: RunList): NextStep => {
  const from = resumeFrom === undefined ? query.startingFrom : nextStartOf(resumeFrom)
  return {
    action: "list",
    arguments: {
      ...(window === undefined ? {} : { since: isoUtc(window.since), until: isoUtc(window.until) }),
      ...argumentsOf(query),
      ...(from === undefined ? {} : { startingFrom: from })
    },
    why: "for the runs that follow"
  }
}

/** Leads to why the newest failed run failed; in the runs of one job, or of a single run, to what happened inside. */
const closer = ({ query, runs }: RunList, timeZone: string | undefined): ReadonlyArray<NextStep> => {
  const newest = runs.toSorted((a, b) => b.id - a.id)
  const failed = newest.find(({ runStatus }) => runStatus === "failed")
  const inside = query.jobID !== undefined || runs.length === 1
    ? newest.find(({ runStartTime }) => runStartTime !== undefined)
    : undefined
  const step = (action: NextStep["action"], runID: number, why: string): ReadonlyArray<NextStep> => [
    { action, arguments: { runID, ...omitUndefined({ timeZone }) }, why }
  ]
  return failed !== undefined
    ? step("diagnose", failed.id, "why it failed")
    : inside !== undefined
    ? step("inspect", inside.id, "what happened inside")
    : []
}

/** Reports a list in words: what was asked, a row a run, each failure reason once, and the calls that continue. */
export const report = (list: RunList, options: Options = {}): Report => {
  const words = Words.make(options, list.timeZone)
  const { query, runs, truncated, window } = list
  const { lines, sections } = sectionsOf(runs, words)
  return {
    headline: headline(list, words, options.timeZone),
    lines: [
      ...readingLines(list, { ...query, window }, words),
      ...(runs.length === 0 && truncated === false ? emptyLines(list) : []),
      ...lines
    ],
    sections,
    nextSteps: [...(truncated === false ? [] : [continued(list)]), ...closer(list, options.timeZone ?? query.timeZone)]
  }
}
