/** Says what is usual, and from how many runs that is known. */
import type * as DateTime from "effect/DateTime"
import { plural, shortDuration } from "../report/time.ts"
import { clockOf, dayMinutes, minuteOfTime } from "./clock.ts"
import type { Usual, UsualStarts, UsualTime } from "./model.ts"

const short = (millis: number): string => shortDuration(Math.round(millis / 1000))

const names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

/** ` (Mon to Fri)`; nothing for every day. */
const weekdayWords = (weekdays: ReadonlyArray<number>): string => {
  const named = weekdays.map((day) => names[day - 1] ?? "")
  const [first, last] = [weekdays[0] ?? 0, weekdays.at(-1) ?? 0]
  const isRow = named.length > 2 && last - first === named.length - 1
  return named.length === 7 ? "" : ` (${isRow ? `${named[0]} to ${named.at(-1)}` : named.join(", ")})`
}

const isNight = (at: string): boolean => minuteOfTime(at) < 8 * 60 || minuteOfTime(at) >= 18 * 60

/** `started about 02:00 Europe/London on each of the last 14 nights`. */
export const timeWords = ({ at, days, daysDue, streak, timeZone, weekdays }: UsualTime): string => {
  const noun = isNight(at) ? "night" : "day"
  const often = streak === daysDue
    ? `on each of the last ${plural(daysDue, noun)}`
    : `on ${days} of the last ${plural(daysDue, noun)}`
  return `started about ${at} ${timeZone} ${often}${weekdayWords(weekdays)}`
}

/** Returns the usual time that is nearest to an instant. */
const nearest = (times: ReadonlyArray<UsualTime>, { epochMilliseconds }: DateTime.Utc): UsualTime | undefined => {
  const distance = ({ at, timeZone }: UsualTime): number => {
    const shown = clockOf(timeZone).shown(Math.floor(epochMilliseconds / 60_000))
    const apart = Math.abs((shown % dayMinutes) - minuteOfTime(at))
    return Math.min(apart, dayMinutes - apart)
  }
  return times.toSorted((a, b) => distance(a) - distance(b))[0]
}

/**
 * Says when a job starts: each of its times, or the one that is nearest to `near`; or the interval. No schedule can be read
 * from the API: how sure it is is said.
 */
export const startsWords = ({ every, runs, times = [] }: UsualStarts, near?: DateTime.Utc): string => {
  if (every !== undefined) {
    return `started every ${shortDuration(Math.round(every.minutes * 60))}${weekdayWords(every.weekdays)}, on ${
      plural(every.days, "day")
    } (${plural(runs, "start")})`
  }
  const time = near && nearest(times, near)
  return (time === undefined ? times : [time]).map(timeWords).join(", ")
}

/** `18m (p95 25m, 26 runs)`, or `18m (26 runs)` where the p95 is not known. */
export const durationWords = (
  { p50Millis, p95Millis, runs }: Pick<NonNullable<Usual["duration"]>, "p50Millis" | "runs"> & {
    readonly p95Millis?: number
  }
): string => `${short(p50Millis)} (${p95Millis === undefined ? "" : `p95 ${short(p95Millis)}, `}${plural(runs, "run")})`

/** `120 nodes (26 runs)` */
export const nodesWords = ({ p50, runs }: NonNullable<Usual["nodes"]>): string =>
  `${plural(Math.round(p50), "node")} (${plural(runs, "run")})`

/** `2 of 28 runs failed, 1 saved by a re-run` */
export const failedWords = ({ failed, runs, savedByReRun }: NonNullable<Usual["failed"]>): string =>
  `${failed === 0 ? "none" : failed} of ${plural(runs, "run")} failed${
    savedByReRun === 0 ? "" : `, ${savedByReRun} saved by a re-run`
  }`
