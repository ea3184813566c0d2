/** What is usual for a job, from the days that its runs were counted on. */
import { omitUndefined } from "../wire/omitUndefined.ts"
import { clockOf, dayMinutes, dayNumber } from "./clock.ts"
import { intervalOf } from "./interval.ts"
import { type Day, minRuns, type Usual, type UsualStarts } from "./model.ts"
import { exactLimit, halfHour, quantile, valuesOf } from "./sample.ts"
import { usualTimes } from "./timesOfDay.ts"

/** With so many starts on half of its days a job is told by its interval, not by the times of the day. */
const manyStarts = 12

/**
 * Returns the minutes since 1970 at which a job started, the earliest first. Where starts of a day were rounded to half an
 * hour they are spread over it.
 */
export const startMinutes = (days: ReadonlyArray<Day>): ReadonlyArray<number> => {
  const minutes: Array<number> = []
  for (const { day, runs, starts } of days) {
    const midnight = dayNumber(day) * dayMinutes
    const isRounded = runs > exactLimit
    for (let at = 0; at < starts.length; at += 2) {
      const [minute = 0, count = 0] = [starts[at], starts[at + 1]]
      for (let index = 0; index < count; index++) {
        minutes.push(midnight + (isRounded ? halfHour(minute) + Math.floor((index + 0.5) * 30 / count) : minute))
      }
    }
  }
  return minutes
}

const startsOf = (days: ReadonlyArray<Day>, timeZone: string, newest: number): UsualStarts | undefined => {
  const starts = startMinutes(days)
  if (starts.length < minRuns) return undefined
  const clock = clockOf(timeZone)
  const perDay = new Map<number, number>()
  for (const start of starts) {
    const day = Math.floor(clock.shown(start) / dayMinutes)
    perDay.set(day, (perDay.get(day) ?? 0) + 1)
  }
  const counts = [...perDay.values()].sort((a, b) => a - b)
  if (quantile(counts, 0.5) >= manyStarts) {
    const every = intervalOf(starts, perDay)
    return every && { every, runs: starts.length }
  }
  const times = usualTimes(starts, clock, newest)
  return times.length === 0 ? undefined : { times, runs: starts.length }
}

const total = (days: ReadonlyArray<Day>, of: (day: Day) => number): number =>
  days.reduce((sum, day) => sum + of(day), 0)

const failedOf = (days: ReadonlyArray<Day>): Usual["failed"] => {
  const failed = total(days, (day) => day.failed)
  const runs = failed + total(days, (day) => day.completed)
  if (runs < minRuns) return undefined
  const reRun = new Set(days.flatMap(({ reRunIDs }) => reRunIDs))
  const saved = days.flatMap(({ failedIDs }) => failedIDs).filter((id) => reRun.has(id)).length
  return { rate: failed / runs, failed, runs, savedByReRun: Math.min(saved, failed) }
}

/** `newest` is the minute since 1970 at which the newest run of any job started. */
export const usualOf = (
  days: ReadonlyArray<Day>,
  timeZone: string,
  newest: number
): Pick<Usual, "runs" | "starts" | "duration" | "nodes" | "failed"> => {
  const seconds = valuesOf(days.map(({ durations }) => durations))
  const nodes = valuesOf(days.map(({ nodes }) => nodes))
  return {
    runs: total(days, ({ runs }) => runs),
    ...omitUndefined({
      starts: startsOf(days, timeZone, newest),
      duration: seconds.length < minRuns ? undefined : {
        p50Millis: Math.round(quantile(seconds, 0.5) * 1000),
        p95Millis: Math.round(quantile(seconds, 0.95) * 1000),
        longestMillis: (seconds.at(-1) ?? 0) * 1000,
        runs: seconds.length
      },
      nodes: nodes.length < minRuns ? undefined : { p50: quantile(nodes, 0.5), runs: nodes.length },
      failed: failedOf(days)
    })
  }
}
