/** Says how far a reading came. */
import { join, line } from "../report/line.ts"
import type { Line } from "../report/model.ts"
import { plural } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import { jobLines, type JobMatch } from "./job.ts"
import { nearestLines } from "./nearestRuns.ts"
import type { ReadingFacts } from "./readingFacts.ts"
import type { ReadingError, Truncated, Undecodable } from "./readingModel.ts"
import { filteredHere, type Query } from "./readRuns.ts"

/** Says how many rows were skipped, and what is wrong with the first. */
export const undecodableLine = ({ count, first }: Undecodable, { bounds, name, quote }: Words): Line => {
  const which = first.id === undefined ? `row ${first.index} of a page` : `run ${first.id}`
  const path = first.path === "" ? [] : line` at ${name(first.path, bounds.name)}`
  const more = count === 1 ? "" : ` and ${count - 1} more`
  return line`Skipped ${plural(count, "undecodable row")}: ${which}${path}: ${quote(first.issue)}${more}.`
}

/** Says what ended a reading before the last run. */
const truncatedLine = (
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

const jobsLine = ({ listed, more }: NonNullable<ReadingFacts["jobs"]>, { bounds, quote }: Words): Line => {
  const shown = listed.slice(0, bounds.names)
  const rest = listed.length - shown.length + more
  const names = shown.map(({ jobID, jobName }) => {
    const name = quote(jobName, bounds.name)
    return name === undefined ? [`job ${jobID}`] : line`${name}${jobID === undefined ? "" : ` (job ${jobID})`}`
  })
  return line`Jobs in these rows: ${join(names, ", ")}${rest === 0 ? "" : ` and ${rest} more`}.`
}

/** Returns filters for a headline: ` (runType refresh, jobID 15 "Daily sales")`. */
export const filtersOf = (
  { environmentID, jobID, projectID, runStatus, runType }: Pick<
    Query,
    "environmentID" | "jobID" | "projectID" | "runStatus" | "runType"
  >,
  job: JobMatch | undefined,
  { bounds, environment, name, quote }: Words
): Line => {
  const jobName = quote(job?.jobName, bounds.name)
  const filters = [
    ...(runType === undefined ? [] : [[`runType ${runType}`]]),
    ...(runStatus === undefined ? [] : [[`runStatus ${runStatus.join(" or ")}`]]),
    ...(environmentID === undefined ? [] : [line`environmentID ${environment(environmentID)}`]),
    ...(projectID === undefined ? [] : [line`projectID ${name(projectID, bounds.id)}, unchecked`]),
    ...(jobID === undefined ? [] : [line`jobID ${name(String(jobID), bounds.name)}${jobName && line` ${jobName}`}`])
  ]
  return filters.length === 0 ? [] : line` (${join(filters, ", ")})`
}

/** Says all of a reading: its end, what it left out, and what is near if nothing matched. */
export const readingLines = (
  { error, job, jobs, nearest, rows, truncated, undecodable }: ReadingFacts,
  query: Query,
  words: Words
): ReadonlyArray<Line> => {
  const here = filteredHere(query)
  return [
    ...jobLines(job, words),
    ...(truncated === false ? [] : [truncatedLine(truncated, rows, error, words)]),
    ...(here.length === 0
      ? []
      : [[`${here.join(" and ")} filtered here, not by the API: ${plural(rows, "row")} read.`]]),
    ...(undecodable === undefined ? [] : [undecodableLine(undecodable, words)]),
    ...(jobs === undefined ? [] : [jobsLine(jobs, words)]),
    ...(nearest === undefined ? [] : nearestLines(nearest, query, words))
  ]
}
