/** Reports causes and groups, a row each. */
import { noCause } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line, Section } from "../report/model.ts"
import { plural, shortDuration } from "../report/time.ts"
import { row, type Words } from "../report/words.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { CauseCount, Change, Counted, Group, GroupBy, Streak } from "./model.ts"
import type { Summary } from "./summaryModel.ts"

/** `37.5 %` */
export const percent = (rate: number): string => `${Math.round(rate * 1000) / 10} %`

/** `7m25s`; below ten seconds with tenths: `1.8s`. */
export const durationWords = (millis: number): string => {
  const seconds = Math.round(millis / 100) / 10
  return shortDuration(seconds < 10 ? seconds : Math.round(seconds))
}

/** `+4`, `-37s` */
export const signed = (value: number, words: (amount: number) => string = String): string =>
  `${value < 0 ? "-" : "+"}${words(Math.abs(value))}`

/** A count at a cap is `at least 30`. */
const countWords = (count: number | string, atLeast = false): string => `${atLeast ? "at least " : ""}${count}`

/** `20`, and `20 or more` where the streak is all that was counted: it may have begun before. */
export const streakWords = ({ runs }: Streak, { statusCounts: { completed, failed } }: Counted): string =>
  runs < completed + failed ? `${runs}` : `${runs} or more`

/** `3 completed, 5 failed` */
export const statusWords = (counts: Counted["statusCounts"], { status }: Words): Line => {
  const some = Object.entries(counts).filter(([, count]) => count > 0)
  return join(
    some.map(([name, count]) => name === "unknown" ? [`${count} of unknown status`] : line`${count} ${status(name)}`),
    ", "
  )
}

const runWords = ({ id, runStartTime }: CauseCount["firstRun"], { minute }: Words): string =>
  `${id}${runStartTime === undefined ? "" : ` (${minute(runStartTime)})`}`

const causeLine = (cause: CauseCount, isNew: boolean, isOfOneJob: boolean, words: Words): Line => {
  const { atLeast, class: name, code, failures, firstRun, lastRun, message } = cause
  const runs = failures === 1
    ? `run ${runWords(lastRun, words)}`
    : `runs ${runWords(firstRun, words)} to ${runWords(lastRun, words)}`
  return line`${countWords(failures, atLeast)} ${name}${code === undefined ? [] : line` ${words.name(code)}`}: ${
    words.quote(message) ?? noCause
  }, ${runs}${isNew ? ", new" : ""}${isOfOneJob ? [] : jobsOf(cause, words)}`
}

const jobsOf = ({ jobs }: CauseCount, words: Words): Line => {
  if (jobs === undefined) return []
  // The same job may run in several environments.
  const names = new Map(jobs.listed.map((job) => [`${job.jobID} ${job.jobName}`, job]))
  const listed = Array.from(
    names.values(),
    ({ jobID, jobName }) => groupName({ key: "a job", runType: "refresh", ...omitUndefined({ jobID, jobName }) }, words)
  )
  return line`, in ${join(listed, ", ")}${jobs.more > 0 ? ` and ${plural(jobs.more, "more job")}` : ""}`
}

export const causesSection = (
  { change, groupBy, query, statistics }: Summary,
  words: Words
): ReadonlyArray<Section> => {
  const max = groupBy === "cause" ? words.bounds.groups : words.bounds.rows
  const { causes, otherCauses, statusCounts } = statistics
  const hidden = causes.slice(max)
  const others = hidden.length + (otherCauses?.causes ?? 0)
  const failures = hidden.reduce((sum, cause) => sum + cause.failures, otherCauses?.failures ?? 0)
  const newCauses = new Set(change?.newCauses)
  const more = `${plural(failures, "failure")} of ${countWords(plural(others, "other cause"), otherCauses?.atLeast)}`
  return causes.length === 0 ? [] : [{
    title: [
      `Failures by cause (${statusCounts.failed}${newCauses.size === 0 ? "" : "; new: not in the window before"})`
    ],
    layout: "list",
    rows: causes.slice(0, max).map((cause) =>
      row(causeLine(cause, newCauses.has(cause.key), query.jobID !== undefined, words))
    ),
    ...(failures === 0 ? {} : { more: [more] })
  }]
}

/** `"Daily sales" (job 15 in env 3)`, `environment 3`, or the key of a group without a name. */
export const groupName = (
  { environmentID, jobID, jobName, key, runType, userID }: Pick<
    Group,
    "environmentID" | "jobID" | "jobName" | "key" | "runType" | "userID"
  >,
  words: Words
): Line => {
  const { bounds, quote } = words
  if (userID !== undefined) return line`user ${words.user(userID)}`
  // Only a group by environment has this and nothing else.
  if (environmentID !== undefined && runType === undefined) return line`environment ${words.environment(environmentID)}`
  const environment = environmentID === undefined ? [] : line` in env ${words.environment(environmentID)}`
  const named = quote(jobName, bounds.name)
  const suffix = ` in environment ${environmentID}`
  return named === undefined || jobID === undefined
    ? key.endsWith(suffix)
      ? line`${quote(key.slice(0, -suffix.length), bounds.name)}${environment}`
      : line`${quote(key, bounds.name)}`
    : line`${named} (job ${jobID}${environment})`
}

const maxCausesOfGroup = 2

/** A change of duration below a minute is not worth a word. */
const leastChange = 60_000

type GroupChange = NonNullable<Change["groups"]>[number]

/** What changed of a group, but for what hardly did. */
const changeWords = (change: GroupChange | undefined): ReadonlyArray<string> => {
  const { failed = 0, p50Millis = 0, successRate = 0 } = change ?? {}
  const points = Math.round(successRate * 1000) / 10
  return [
    ...(failed === 0 ? [] : [`failed ${signed(failed)}`]),
    ...(points === 0 ? [] : [`success ${signed(points)} points`]),
    ...(Math.abs(p50Millis) < leastChange ? [] : [`p50 ${signed(p50Millis, durationWords)}`])
  ]
}

const groupLine = (group: Group, change: GroupChange | undefined, isJob: boolean, words: Words): Line => {
  const { causes, durations, statusCounts, streaks: { current }, successRate } = group
  const facts = [
    ...(successRate === undefined ? [] : [`success ${percent(successRate)}`]),
    ...(durations === undefined ? [] : [`p50 ${durationWords(durations.p50Millis)}`]),
    ...(durations === undefined || durations.runs < 2 ? [] : [`p95 ${durationWords(durations.p95Millis)}`]),
    ...causes.slice(0, maxCausesOfGroup).map(({ atLeast, class: name, failures, lastRun }) =>
      `${countWords(failures, atLeast)} ${name} (last ${lastRun.id})`
    ),
    ...(isJob && current?.runStatus === "failed" && current.runs > 1
      ? [`the latest ${streakWords(current, group)} failed`]
      : []),
    ...changeWords(change)
  ]
  return line`${groupName(group, words)}: ${
    join([statusWords(statusCounts, words), ...facts.map((fact) => [fact])], ", ")
  }`
}

const orderOf = (groupBy: GroupBy | undefined): string =>
  groupBy === "hour"
    ? "from the first"
    : groupBy === "day" || groupBy === "week"
    ? "the latest first"
    : `${groupBy === "job" ? "those that fail now first, then " : ""}most failures first`

export const groupsSection = ({ change, statistics }: Summary, words: Words): ReadonlyArray<Section> => {
  const { groupBy, groups = [], otherGroups } = statistics
  const max = words.bounds.groups
  const changes = new Map(change?.groups?.map((group) => [group.key, group]))
  const more = Math.max(0, groups.length - max) + (otherGroups?.groups ?? 0)
  return groups.length === 0 ? [] : [{
    title: [`By ${groupBy}, ${orderOf(groupBy)}`],
    layout: "list",
    rows: groups.slice(0, max).map((group) => row(groupLine(group, changes.get(group.key), groupBy === "job", words))),
    ...(more === 0 ? {} : { more: [`${countWords(more, otherGroups?.atLeast)} more`] })
  }]
}
