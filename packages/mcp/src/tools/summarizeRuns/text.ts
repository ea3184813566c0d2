/** The answer of `summarize_runs` as text: the rate first, then what changed, durations, causes and groups. */
import * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as interval from "../../input/window.ts"
import * as time from "../../result/time.ts"
import { clean, quote } from "../../result/untrustedText.ts"
import { bare, minute } from "../diagnoseRun/row.ts"
import type { Cause, Content, Group, Input } from "./schema.ts"

export interface Options {
  readonly content: Content
  readonly window: RunWindow.RunWindow
  readonly before: RunWindow.RunWindow | undefined
  readonly input: Input
}

const maxCauses = 6
const maxGroups = 15

const percent = (rate: number): string => `${Math.round(rate * 1000) / 10} %`

const duration = (seconds: number): string => time.shortDuration(seconds < 10 ? seconds : Math.round(seconds))

const signed = (value: number, text: string): string => `${value < 0 ? "-" : "+"}${text}`

const filters = ["runType", "environmentID", "jobID"] as const

const counts = (runStatus: Content["runStatus"]): string =>
  Object.entries(runStatus).map(([status, count]) => `${count} ${bare(status)}`).join(", ")

const why: { readonly [K in Exclude<Content["truncated"], false>]: string } = {
  scan_limit: "one call looks at no more than 5,000 rows",
  time_limit: "one call takes no longer than 40 seconds",
  error: "an error ended the reading"
}

const head = ({ content, input, window }: Options): ReadonlyArray<string> => {
  const { runStatus, runs, successRate, truncated } = content
  const filter = filters.flatMap((name) => input[name] === undefined ? [] : [`${name} ${clean(input[name], 80)}`])
  const of = filter.length === 0 ? "" : ` (${filter.join(", ")})`
  const rate = successRate === undefined
    ? runs === 0 ? "" : " No run has completed or failed, so there is no success rate."
    : ` Success rate ${percent(successRate)}, of those that completed or failed.`
  return [
    `${runs === 0 ? "No run" : `${runs} ${runs === 1 ? "run" : "runs"}: ${counts(runStatus)}`}${of}.${rate}`,
    `Interval: ${interval.toText(window)}`,
    ...(truncated === false
      ? []
      : [`Not all of it was counted, only its latest runs: ${why[truncated]} (truncated: ${truncated})`])
  ]
}

const change = ({ before, content: { change } }: Options): ReadonlyArray<string> => {
  if (change === undefined || before === undefined) return []
  const { failed, goneCauses = [], goneGroups = [], p50Seconds, p95Seconds, runs, successRate } = change
  const times = [["p50", p50Seconds], ["p95", p95Seconds]] as const
  const parts = [
    `failed ${signed(failed, String(Math.abs(failed)))}`,
    `runs ${signed(runs, String(Math.abs(runs)))}`,
    ...(successRate === undefined
      ? []
      : [`success rate ${signed(successRate, `${Math.round(Math.abs(successRate) * 1000) / 10} points`)}`]),
    ...times.flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} ${signed(value, duration(Math.abs(value)))}`]
    )
  ]
  return [
    `Change from the interval before (${RunWindow.format(before)}): ${parts.join(", ")}`,
    ...(goneCauses.length === 0 ? [] : [`No longer: ${goneCauses.map(quote).join(", ")}`]),
    ...(goneGroups.length === 0 ? [] : [`Ran only in the interval before: ${goneGroups.map(quote).join(", ")}`])
  ]
}

const durations = ({ durations }: Content): ReadonlyArray<string> => {
  if (durations === undefined) return []
  const { exact, longestRunID, longestSeconds, p50Seconds, p95Seconds, runs } = durations
  return [
    `Durations of ${runs} ended runs (${exact ? "exact" : "p50 and p95 within 1 %"}): p50 ${duration(p50Seconds)}, ` +
    `p95 ${duration(p95Seconds)}, longest ${duration(longestSeconds)} (run ${longestRunID})`
  ]
}

const run = (id: number, start: string | undefined): string =>
  `${id}${start === undefined ? "" : ` (${minute(start)})`}`

const cause = (cause: Cause): string => {
  const { failures, firstRunID, firstRunStartTime, isNew, lastRunID, lastRunStartTime, message } = cause
  const runs = failures === 1
    ? `run ${run(lastRunID, lastRunStartTime)}`
    : `runs ${run(firstRunID, firstRunStartTime)} to ${run(lastRunID, lastRunStartTime)}`
  return `- ${failures} ${cause.class}${cause.code === undefined ? "" : ` ${cause.code}`}: ${
    message === undefined ? "no reason given" : quote(message)
  }, ${runs}${isNew === true ? ", new since the interval before" : ""}`
}

const causes = ({ causes, otherCauses, runStatus }: Content): ReadonlyArray<string> => {
  if (causes.length === 0) return []
  const hidden = causes.slice(maxCauses)
  const others = hidden.length + (otherCauses?.causes ?? 0)
  const failures = hidden.reduce((sum, { failures }) => sum + failures, otherCauses?.failures ?? 0)
  return [
    `Failures by cause (${runStatus["failed"] ?? 0}):`,
    ...causes.slice(0, maxCauses).map(cause),
    ...(others === 0 ? [] : [`- ${failures} of ${others} more causes`])
  ]
}

const name = ({ environmentID, jobID, jobName, key }: Group): string =>
  jobName === undefined
    ? quote(key)
    : `${quote(jobName)} (job ${jobID}${environmentID === undefined ? "" : ` in env ${bare(environmentID)}`})`

const group = (group: Group): string => {
  const { causes = [], durations, failedChange, runStatus, streak, successRate } = group
  const facts = [
    counts(runStatus),
    ...(successRate === undefined ? [] : [`success ${percent(successRate)}`]),
    ...(durations === undefined
      ? []
      : [
        `p50 ${duration(durations.p50Seconds)}`,
        ...(durations.runs > 1 ? [`p95 ${duration(durations.p95Seconds)}`] : [])
      ]),
    ...causes.map((cause) => `${cause.failures} ${cause.class} (last ${cause.lastRunID})`),
    ...(streak?.runStatus === "failed" && streak.runs > 1 ? [`the latest ${streak.runs} failed`] : []),
    ...(failedChange === undefined || failedChange === 0
      ? []
      : [`failed ${signed(failedChange, String(Math.abs(failedChange)))}`])
  ]
  return `- ${name(group)}: ${facts.join(", ")}`
}

const groups = ({ groups, moreGroups = 0 }: Content, by: Input["groupBy"]): ReadonlyArray<string> => {
  if (groups === undefined || by === undefined || groups.length === 0) return []
  const hidden = Math.max(0, groups.length - maxGroups) + moreGroups
  return [
    `By ${by}, ${by === "day" ? "the latest" : "most failures"} first:`,
    ...groups.slice(0, maxGroups).map(group),
    ...(hidden === 0 ? [] : [`- and ${hidden} more`])
  ]
}

export const render = (options: Options): string => {
  const { content, input } = options
  const { streak } = content
  return [
    ...head(options),
    ...change(options),
    ...(streak === undefined || streak.runs < 2
      ? []
      : [`The latest ${streak.runs} of them ${streak.runStatus} in a row`]),
    ...durations(content),
    ...causes(content),
    ...groups(content, input.groupBy),
    ...(content.notes ?? []).map((note) => `${note}.`),
    ...content.nextCalls.map(({ arguments: args, tool, why }) => `Next: ${tool} ${JSON.stringify(args)} ${why}`)
  ].join("\n")
}
