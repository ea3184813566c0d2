/** The answer of `list_runs` as text: what was asked, one line a run, each reason once, and how to go on. */
import type * as RunCursor from "@coalesce-runs/core/RunCursor"
import type * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as interval from "../../input/window.ts"
import * as time from "../../result/time.ts"
import { clean, quote, word } from "../../result/untrustedText.ts"
import type { Row } from "./row.ts"
import type { Content } from "./schema.ts"

export interface Options {
  readonly content: Content
  readonly window: RunWindow.RunWindow | undefined
  readonly zoneName: string
  /** The order that it was read in: a `startingFrom` may bring its own. */
  readonly order: RunCursor.Order
  /** Whether rows were set aside. */
  readonly isUnreadable: boolean
  /** What to say of each run's reason, by the run's id. */
  readonly said: ReadonlyMap<number, string>
  /** What `asFilter` says of the call. */
  readonly filter: string
}

const why: { readonly [K in Exclude<Content["truncated"], false>]: string } = {
  limit: "More runs follow",
  scan_limit: "Not all was read: one call looks at no more than 5,000 rows",
  time_limit: "Not all was read: one call takes no longer than 40 seconds",
  error: "Not all was read: an error ended the reading"
}

const mostStatuses = 8

const counts = (runs: ReadonlyArray<Row>): string => {
  const byStatus = new Map<string, number>()
  for (const { runStatus } of runs) byStatus.set(runStatus, (byStatus.get(runStatus) ?? 0) + 1)
  const sorted = [...byStatus].sort(([, a], [, b]) => b - a)
  const others = sorted.slice(mostStatuses).reduce((sum, [, count]) => sum + count, 0)
  return [
    ...sorted.slice(0, mostStatuses).map(([status, count]) => `${count} ${word(status)}`),
    ...(others === 0 ? [] : [`${others} of other statuses`])
  ].join(", ")
}

const filters = ["runType", "runStatus", "environmentID", "jobID"]

/** The filters of the call, in words; none where it has none. */
export const asFilter = (asked: Readonly<Record<string, string | number | boolean | undefined>>): string =>
  filters.flatMap((name) => asked[name] === undefined ? [] : [`${name} ${clean(String(asked[name]), 80)}`]).join(", ")

const direction = ({ orderBy, orderByDirection }: RunCursor.Order): string => {
  const isAscending = orderByDirection === "asc"
  return orderBy === "runEndTime"
    ? isAscending ? "Earliest end first" : "Latest end first"
    : isAscending
    ? "Oldest first"
    : "Newest first"
}

const head = ({ content, filter, isUnreadable, order, window, zoneName }: Options): string => {
  const runs = content.returned === 0
    ? content.truncated === false
      ? isUnreadable ? "No runs that could be read" : "No runs"
      : `No match yet in ${content.scanned} rows`
    : content.returned === 1
    ? "1 run"
    : `${content.returned} runs`
  const of = filter === "" ? "" : ` (${filter})`
  const when = window === undefined ? `any time; times in ${zoneName}` : interval.toText(window)
  const totals = content.returned === 0 ? "" : ` ${direction(order)}: ${counts(content.runs)}.`
  return `${runs}${of}, ${when}.${totals}`
}

/** `2026-11-03` of `2026-11-03T02:00:07+01:00`, and `02:00:07`. */
const dayOf = ({ runStartTime }: Row): string => runStartTime?.slice(0, 10) ?? "not started"
const timeOf = ({ runStartTime }: Row): string =>
  runStartTime === undefined ? "" : ` ${runStartTime.slice(11, 19).replace(/:00$/, "")}`

const part = (prefix: string, value: string | number | undefined, suffix = ""): string =>
  value === undefined ? "" : ` ${prefix}${value}${suffix}`

const job = ({ jobID, jobName }: Row): string =>
  jobName !== undefined ? ` ${quote(jobName)}${jobID === undefined ? "" : ` (job ${jobID})`}` : part("job ", jobID)

const line = (run: Row, reason: string | undefined): string =>
  `${run.id} ${word(run.runType)} ${word(run.runStatus)}${timeOf(run)}` +
  part("", run.durationSeconds === undefined ? undefined : time.shortDuration(run.durationSeconds)) +
  part("env ", run.environmentID === undefined ? undefined : word(run.environmentID)) +
  job(run) +
  part("re-run of ", run.reRunID) +
  part("", run.nodesInRun, " nodes") +
  part("", run.includeNodesSelector === undefined ? undefined : quote(run.includeNodesSelector)) +
  part("commit ", run.deployCommit === undefined ? undefined : word(run.deployCommit)) +
  part("", run.deployCommitMessage === undefined ? undefined : quote(run.deployCommitMessage)) +
  part("", run.snowflakeAuthType === undefined ? undefined : word(run.snowflakeAuthType)) +
  (reason === undefined ? run.runStatus === "failed" ? ": no reason given" : "" : `: ${reason}`)

const rows = (runs: ReadonlyArray<Row>, said: Options["said"]): ReadonlyArray<string> => {
  let day = ""
  return runs.flatMap((run) => {
    const before = day
    day = dayOf(run)
    const shown = line(run, said.get(run.id))
    return day === before ? [shown] : [`${day}:`, shown]
  })
}

const goOn = ({ next, truncated }: Content): ReadonlyArray<string> =>
  truncated === false
    ? []
    : [`${why[truncated]} (truncated: ${truncated}). To go on, call list_runs with ${JSON.stringify(next)}`]

export const render = (options: Options): string =>
  [
    head(options),
    ...rows(options.content.runs, options.said),
    ...(options.content.notes ?? []).map((note) => `${note}.`),
    ...goOn(options.content)
  ].join("\n")
