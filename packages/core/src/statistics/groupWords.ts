/** Groups in words, a row each. */
import { join, line } from "../Report.ts"
import type { Line, Section } from "../report/model.ts"
import { row, type Words } from "../report/words.ts"
import type { Group } from "./model.ts"
import { durationWords, percent, signed, statusWords } from "./numberWords.ts"
import type { Summary } from "./summaryModel.ts"

const maxCausesInRow = 2

/** `"Daily sales" (job 15 in env 3)`, or the key of a group without a name. */
export const groupName = (
  { environmentID, jobID, jobName, key }: Pick<Group, "environmentID" | "jobID" | "jobName" | "key">,
  { bounds, name, quote }: Words
): Line => {
  const environment = environmentID === undefined ? [] : line` in env ${name(environmentID, bounds.id)}`
  const named = quote(jobName, bounds.name)
  return named === undefined || jobID === undefined
    ? line`${quote(key, bounds.name)}`
    : line`${named} (job ${jobID}${environment})`
}

const groupLine = (group: Group, failedChange: number, groupBy: string, words: Words): Line => {
  const { causes, durations, statusCounts, streaks: { current }, successRate } = group
  const facts = [
    statusWords(statusCounts, words),
    ...(successRate === undefined ? [] : [[`success ${percent(successRate)}`]]),
    ...(durations === undefined ? [] : [[`p50 ${durationWords(durations.p50Millis)}`]]),
    ...(durations === undefined || durations.runs < 2 ? [] : [[`p95 ${durationWords(durations.p95Millis)}`]]),
    ...causes.slice(0, maxCausesInRow).map(({ class: name, failures, lastRun }) => [
      `${failures} ${name} (last ${lastRun.id})`
    ]),
    ...(groupBy === "job" && current?.runStatus === "failed" && current.runs > 1
      ? [[`the latest ${current.runs} failed`]]
      : []),
    ...(failedChange === 0 ? [] : [[`failed ${signed(failedChange)}`]])
  ]
  return line`${groupName(group, words)}: ${join(facts, ", ")}`
}

export const groupsSection = ({ change, statistics }: Summary, words: Words): ReadonlyArray<Section> => {
  const { groupBy, groups = [], otherGroups } = statistics
  if (groupBy === undefined || groups.length === 0) return []
  const failedChange = new Map(change?.groups?.map(({ failed, key }) => [key, failed]))
  const more = Math.max(0, groups.length - words.bounds.groups) + (otherGroups?.groups ?? 0)
  return [{
    title: [`By ${groupBy}, ${groupBy === "day" ? "the latest" : "most failures"} first`],
    layout: "list",
    rows: groups.slice(0, words.bounds.groups).map((group) =>
      row(groupLine(group, failedChange.get(group.key) ?? 0, groupBy, words))
    ),
    ...(more === 0 ? {} : { more: [`${otherGroups?.atLeast === true ? "at least " : ""}${more} more`] })
  }]
}
