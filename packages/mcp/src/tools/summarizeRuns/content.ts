/** Statistics as `summarize_runs` shows them: chosen, cleaned, bounded, in seconds, and under the API's names. */
import type * as RunStatistics from "@coalesce-runs/core/RunStatistics"
import type * as RunWindow from "@coalesce-runs/core/RunWindow"
import type * as DateTime from "effect/DateTime"
import * as time from "../../result/time.ts"
import { clean, cleanOptional, lengths } from "../../result/untrustedText.ts"
import { present } from "../diagnoseRun/row.ts"
import type { Cause, Change, Content, Group } from "./schema.ts"

export interface Options {
  readonly now: RunStatistics.RunStatistics
  /** The interval before and what changed from it, where both were read whole. */
  readonly before: {
    readonly window: RunWindow.RunWindow
    readonly statistics: RunStatistics.RunStatistics
    readonly change: RunStatistics.Change
  } | undefined
  /** Whether all are runs of one job: otherwise runs in a row tell nothing. */
  readonly isOneJob: boolean
  readonly zone: DateTime.TimeZone
}

const maxCauses = 10
const maxGroups = 25
const maxGone = 5

const seconds = (millis: number): number => Math.round(millis / 100) / 10

const rate = (value: number): number => Math.round(value * 10_000) / 10_000

const optional = <A, B>(value: A | undefined, f: (value: A) => B): B | undefined =>
  value === undefined ? undefined : f(value)

type Numbers = Pick<RunStatistics.RunStatistics, "runs" | "statusCounts" | "successRate" | "durations" | "streaks">

const durationsOf = ({ exact, longest, p50Millis, p95Millis, runs }: RunStatistics.Durations) => ({
  runs,
  exact,
  p50Seconds: seconds(p50Millis),
  p95Seconds: seconds(p95Millis),
  longestSeconds: seconds(longest.millis),
  longestRunID: longest.runID
})

const numbers = ({ statusCounts, durations, runs, streaks, successRate }: Numbers, withStreak: boolean) => ({
  runs,
  runStatus: Object.fromEntries(Object.entries(statusCounts).filter(([, count]) => count > 0)),
  ...present<Pick<Content, "successRate" | "durations" | "streak">>({
    successRate: optional(successRate, rate),
    durations: optional(durations, durationsOf),
    streak: withStreak
      ? optional(streaks.current, ({ runStatus, runs }) => ({ runStatus, runs }))
      : undefined
  })
})

const causeOf = (zone: DateTime.TimeZone, newCauses: ReadonlySet<string>) => (cause: RunStatistics.CauseCount): Cause =>
  present<Cause>({
    class: cause.class,
    code: cause.code,
    message: cleanOptional(cause.message, lengths.reason),
    failures: cause.failures,
    firstRunID: cause.firstRun.id,
    firstRunStartTime: optional(cause.firstRun.runStartTime, (start) => time.isoZoned(start, zone)),
    lastRunID: cause.lastRun.id,
    lastRunStartTime: optional(cause.lastRun.runStartTime, (start) => time.isoZoned(start, zone)),
    isNew: newCauses.has(cause.key) ? true : undefined
  })

const groupOf = (changes: ReadonlyMap<string, number>, isJob: boolean) => (group: RunStatistics.Group): Group => ({
  key: clean(group.key, lengths.name),
  ...numbers(group, isJob),
  ...present<Omit<Group, "key" | "runs" | "runStatus" | "successRate" | "durations" | "streak">>({
    jobID: group.jobID,
    jobName: cleanOptional(group.jobName, lengths.name),
    environmentID: cleanOptional(group.environmentID, lengths.id),
    runType: cleanOptional(group.runType, lengths.word),
    day: group.day,
    causes: group.causes.length === 0
      ? undefined
      : group.causes.slice(0, 2).map(({ class: name, failures, lastRun }) => ({
        class: name,
        failures,
        lastRunID: lastRun.id
      })),
    failedChange: changes.get(group.key)
  })
})

const shortly = ({ class: name, message }: RunStatistics.CauseCount): string =>
  message === undefined ? name : `${name}: ${clean(message, lengths.name)}`

const changeOf = ({ change, statistics, window }: NonNullable<Options["before"]>): Change => {
  const gone = new Set(change.goneCauses ?? [])
  const goneCauses = statistics.causes.filter(({ key }) => gone.has(key)).slice(0, maxGone).map(shortly)
  const goneKeys = new Set(change.goneGroups ?? [])
  const goneGroups = (statistics.groups ?? []).filter(({ key }) => goneKeys.has(key)).slice(0, maxGone).map((group) =>
    group.jobName === undefined ? clean(group.key, lengths.name) : `${clean(group.key, 60)} ${clean(group.jobName, 60)}`
  )
  return present<Change>({
    since: time.isoUtc(window.since),
    until: time.isoUtc(window.until),
    runs: change.runs,
    failed: change.failed,
    successRate: optional(change.successRate, rate),
    p50Seconds: optional(change.p50Millis, seconds),
    p95Seconds: optional(change.p95Millis, seconds),
    goneCauses: goneCauses.length === 0 ? undefined : goneCauses,
    goneGroups: goneGroups.length === 0 ? undefined : goneGroups
  })
}

export const make = ({ before, isOneJob, now, zone }: Options) => {
  const { causes, groups, otherCauses, otherGroups } = now
  const changes = new Map(before?.change.groups?.map(({ failed, key }) => [key, failed]) ?? [])
  const unlisted = causes.slice(maxCauses)
  const others = {
    causes: unlisted.length + (otherCauses?.causes ?? 0),
    failures: unlisted.reduce((sum, { failures }) => sum + failures, 0) + (otherCauses?.failures ?? 0)
  }
  const more = Math.max(0, (groups?.length ?? 0) - maxGroups) + (otherGroups?.groups ?? 0)
  return {
    ...numbers(now, isOneJob),
    causes: causes.slice(0, maxCauses).map(causeOf(zone, new Set(before?.change.newCauses ?? []))),
    ...(others.causes === 0 ? {} : { otherCauses: others }),
    ...(groups === undefined
      ? {}
      : { groups: groups.slice(0, maxGroups).map(groupOf(changes, now.groupBy === "job")) }),
    ...(more === 0 ? {} : { moreGroups: more }),
    ...(before === undefined ? {} : { change: changeOf(before) })
  }
}
