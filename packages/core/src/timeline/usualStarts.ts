/** The instants in a window at which a job usually starts. */
import * as DateTime from "effect/DateTime"
import { clockOf, dayMinutes, minuteOfTime, weekdayOf } from "../baseline/clock.ts"
import type { Usual } from "../RunBaseline.ts"
import type { RunWindow } from "../RunWindow.ts"

const maxStarts = 100

/** Returns when a job usually starts in a window, the earliest first. None for a job that is told by its interval. */
export const usualStarts = (
  { starts }: Pick<Usual, "starts">,
  { since, until }: RunWindow
): ReadonlyArray<DateTime.Utc> => {
  const [first, last] = [since, until].map((end) => Math.floor(DateTime.toEpochMillis(end) / 60_000))
  if (first === undefined || last === undefined) return []
  const minutes = (starts?.times ?? []).flatMap(({ at, timeZone, weekdays }) => {
    const clock = clockOf(timeZone)
    const found: Array<number> = []
    const lastDay = Math.floor(clock.shown(last) / dayMinutes)
    for (let day = Math.floor(clock.shown(first) / dayMinutes); day <= lastDay && found.length < maxStarts; day++) {
      const minute = clock.minuteOf(day * dayMinutes + minuteOfTime(at))
      if (weekdays.includes(weekdayOf(day)) && minute >= first && minute < last) found.push(minute)
    }
    return found
  })
  return [...new Set(minutes)].sort((a, b) => a - b).slice(0, maxStarts).map((minute) =>
    DateTime.makeUnsafe(minute * 60_000)
  )
}
