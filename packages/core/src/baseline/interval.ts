/** Finds the interval at which a job starts. */
import { weekdayOf } from "./clock.ts"
import type { UsualInterval } from "./model.ts"
import { quantile } from "./sample.ts"

/** A habit needs so many days. */
const minDays = 5

/** So many of the starts must come at half to one and a half times the interval. */
const regular = 0.7

/** On an active day it starts at least so often. */
const activeStarts = 3

/** Returns the days of the week on which a job starts: it was active on half of them. `days` are its active days. */
const weekdaysOf = (days: ReadonlyArray<number>): ReadonlyArray<number> => {
  const [first, last] = [Math.min(...days), Math.max(...days)]
  const active = new Set(days)
  const due = new Map<number, number>()
  const seen = new Map<number, number>()
  for (let day = first; day <= last; day++) {
    const weekday = weekdayOf(day)
    due.set(weekday, (due.get(weekday) ?? 0) + 1)
    if (active.has(day)) seen.set(weekday, (seen.get(weekday) ?? 0) + 1)
  }
  return [...seen].filter(([weekday, count]) => 2 * count >= (due.get(weekday) ?? 0))
    .map(([weekday]) => weekday).sort((a, b) => a - b)
}

/**
 * Returns the interval of starts in order, in minutes; none where they come irregularly. `perDay` counts them for each day
 * of the job's clock.
 */
export const intervalOf = (
  starts: ReadonlyArray<number>,
  perDay: ReadonlyMap<number, number>
): UsualInterval | undefined => {
  const days = [...perDay].filter(([, count]) => count >= activeStarts).map(([day]) => day)
  if (days.length < minDays) return undefined
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? start)).sort((a, b) => a - b)
  const minutes = quantile(gaps, 0.5)
  const near = gaps.filter((gap) => gap >= minutes / 2 && gap <= minutes * 1.5).length
  if (minutes <= 0 || near < regular * gaps.length) return undefined
  return { minutes: Math.round(minutes * 10) / 10, days: days.length, weekdays: weekdaysOf(days) }
}
