/** Makes rows of runs. What all runs share is said once; so is a reason or a job's name that comes again. */
import { classify } from "../FailureCause.ts"
import { join, line } from "../report/line.ts"
import type { Line, Row, Section } from "../report/model.ts"
import { local, localTime, shortDuration } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import { maskSecrets } from "../wire/text.ts"
import type { RunLine } from "./RunLine.ts"
import { commitOf, durationSeconds, jobOf, noReason, withoutStart } from "./runWords.ts"

/** Returns what reasons share that differ only in numbers and ids of queries. */
const keyOf = (reason: string): string =>
  reason.toLowerCase().replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "#").replace(/\b\d+\b/g, "#")

// What a row takes from the messages, and the least that a reason keeps.
const rowLength = 10
const minReason = 60

/**
 * Returns the reason of each run: quoted at the first run that has it, and named by that run's id at the others. A reason
 * that names no cause is quoted at each: it does not say that two runs failed alike.
 */
export const reasonCells = (
  runs: ReadonlyArray<RunLine>,
  { bounds, quote, text }: Words
): ReadonlyMap<RunLine, Line> => {
  const reasons = runs.flatMap((run) => {
    const reason = maskSecrets(run.runFailureReason ?? "")
    const shown = text(reason, bounds.shortMessage)
    return shown === "" ? [] : [{ run, reason, key: classify(reason) === undefined ? `${run.id}` : keyOf(shown) }]
  })
  const first = new Map<string, RunLine>()
  for (const { key, run } of reasons) if (!first.has(key)) first.set(key, run)
  const together = bounds.messages - runs.length * rowLength
  const each = Math.min(bounds.shortMessage, Math.max(minReason, Math.floor(together / Math.max(1, first.size))))
  return new Map(reasons.map(({ key, reason, run }) => {
    const said = first.get(key)
    return [run, said === undefined || said === run ? line`reason ${quote(reason, each)}` : [`reason as ${said.id}`]]
  }))
}

/** Returns the names that more than one run has for its job, by the job's id. */
const repeatedJobs = (runs: ReadonlyArray<RunLine>): ReadonlyMap<number, string> => {
  const names = new Map<number, { readonly name: string; readonly count: number }>()
  for (const { jobID, jobName } of runs) {
    if (jobID === undefined || jobName === undefined) continue
    const before = names.get(jobID)
    if (before === undefined) names.set(jobID, { name: jobName, count: 1 })
    else if (before.name === jobName) names.set(jobID, { name: jobName, count: before.count + 1 })
  }
  return new Map([...names].flatMap(([id, { count, name }]) => count > 1 ? [[id, name] as const] : []))
}

interface Column {
  readonly cellOf: (run: RunLine) => Line
  /** Is said once for all rows, if all have the same cell. */
  readonly sharedOf?: (run: RunLine) => Line
}

/** Uses the same words in a cell and for all rows. */
const shared = (cellOf: Column["cellOf"]): Column => ({ cellOf, sharedOf: cellOf })

const optionally = <A>(value: A | undefined, cell: (value: A) => Line): Line => value === undefined ? [] : cell(value)

/** Returns a section of rows for each day, and the lines that hold for all rows. */
export const sectionsOf = (
  runs: ReadonlyArray<RunLine>,
  words: Words
): { readonly lines: ReadonlyArray<Line>; readonly sections: ReadonlyArray<Section> } => {
  const { ago, bounds, environment, name, quote, status, zone } = words
  const reasons = reasonCells(runs, words)
  const jobs = repeatedJobs(runs)
  const job: Column = {
    cellOf: (run) =>
      run.jobID !== undefined && jobs.get(run.jobID) === run.jobName ? [`job ${run.jobID}`] : jobOf(run, words),
    sharedOf: (run) => jobOf(run, words)
  }
  const all: ReadonlyArray<Column> = [
    { cellOf: ({ id }) => [String(id)] },
    shared(({ runType }) => [name(runType, bounds.id)]),
    shared(({ runStatus }) => [status(runStatus)]),
    { cellOf: ({ runStartTime }) => optionally(runStartTime, (start) => [localTime(start, zone) + ago(start)]) },
    { cellOf: (run) => optionally(durationSeconds(run), (seconds) => [shortDuration(seconds)]) },
    shared(({ environmentID }) => optionally(environmentID, (id) => line`env ${environment(id)}`)),
    job,
    { cellOf: ({ reRunID }) => optionally(reRunID, (id) => [`re-run of ${id}`]) },
    { cellOf: ({ nodesInRun }) => optionally(nodesInRun, (count) => [`${count} nodes`]) },
    {
      cellOf: (run) => {
        const commit = commitOf(run, words)
        return commit.length === 0 ? [] : line`commit ${commit}`
      }
    },
    shared(({ snowflakeAuthType }) => optionally(snowflakeAuthType, (type) => line`auth ${name(type, bounds.id)}`)),
    { cellOf: (run) => reasons.get(run) ?? (run.runStatus === "failed" ? [noReason] : []) }
  ]
  const shares: Array<Line> = []
  const columns = all.filter(({ cellOf, sharedOf }) => {
    const [first, ...others] = runs
    if (first === undefined) return false
    const cell = JSON.stringify(cellOf(first))
    if (others.some((run) => JSON.stringify(cellOf(run)) !== cell)) return true
    if (cell === "[]" || sharedOf === undefined || others.length === 0) return cell !== "[]"
    shares.push(sharedOf(first))
    return false
  })
  const legend = columns.includes(job) ? [...jobs].map(([id, name]) => line`${id} ${quote(name, bounds.name)}`) : []
  const sections: Array<Section & { readonly rows: Array<Row> }> = []
  let day: string | undefined
  for (const run of runs) {
    const before = day
    day = run.runStartTime === undefined ? withoutStart(run) : local(run.runStartTime, zone).day
    if (day !== before) sections.push({ title: [day], layout: "table", rows: [] })
    sections.at(-1)?.rows.push({ cells: columns.map(({ cellOf }) => cellOf(run)) })
  }
  return {
    lines: [
      ...(shares.length === 0 ? [] : [line`All runs: ${join(shares, ", ")}.`]),
      ...(legend.length === 0 ? [] : [line`Jobs: ${join(legend, ", ")}.`])
    ],
    sections
  }
}
