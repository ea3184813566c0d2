/** The clock of a zone, in minutes: its days and its times of the day. */
import { zoneOf } from "../report/time.ts"
import { offsetsOf } from "../window/offsets.ts"

export const dayMinutes = 1440

/** Minutes that a clock shows, counted from the clock's own 1970, and back. */
export interface Clock {
  readonly timeZone: string
  /** Returns what the clock shows at a minute since 1970 in UTC. */
  readonly shown: (minute: number) => number
  /** Returns a minute at which the clock shows a time; where it shows it twice or never, one nearby. */
  readonly minuteOf: (shown: number) => number
  /** The minutes that the clock is ahead of UTC. */
  readonly offset: (minute: number) => number
}

const make = (timeZone: string): Clock => {
  const offsets = offsetsOf(zoneOf(timeZone))
  const offset = (minute: number) => Math.round(offsets(minute * 60_000) / 60_000)
  return {
    timeZone,
    offset,
    shown: (minute) => minute + offset(minute),
    minuteOf: (shown) => {
      const near = shown - offset(shown)
      return shown - offset(near)
    }
  }
}

/** It needs no data of zones, which take some MiB. */
export const utc: Clock = {
  timeZone: "UTC",
  offset: () => 0,
  shown: (minute) => minute,
  minuteOf: (shown) => shown
}

const clocks = new Map<string, Clock>([["UTC", utc]])
const maxClocks = 50

/** Returns the clock of a zone, or that of UTC where there is no such zone. */
export const clockOf = (timeZone: string): Clock => {
  const clock = clocks.get(timeZone) ?? make(timeZone)
  if (clocks.size >= maxClocks) clocks.clear()
  clocks.set("UTC", utc).set(timeZone, clock)
  return clock
}

/** The day of the week of a day since 1970: 1 is Monday, 7 is Sunday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7 + 1

/** `02:00` */
export const timeOfDay = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`

/** The reverse of {@link timeOfDay}. */
export const minuteOfTime = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

const dayMillis = 86_400_000
const dayNumbers = new Map<string, number>()
const maxDayNumbers = 10_000

/** Returns the number of a day such as `2026-11-02`, counted from 1970. */
export const dayNumber = (day: string): number => {
  const known = dayNumbers.get(day)
  if (known !== undefined) return known
  if (dayNumbers.size >= maxDayNumbers) dayNumbers.clear()
  const number = Date.parse(day) / dayMillis
  dayNumbers.set(day, number)
  return number
}

/** The reverse of {@link dayNumber}. */
export const dayName = (day: number): string => new Date(day * dayMillis).toISOString().slice(0, 10)
