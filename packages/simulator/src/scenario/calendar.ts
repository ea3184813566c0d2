/** Turns the moments of a scenario into instants, also where daylight saving begins or ends. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"

/** Documented at `Scenario.When`. */
export type When =
  | DateTime.DateTime
  | Date
  | string
  | { readonly at: string; readonly daysAgo?: number }
  | { readonly ago: Duration.Input }
  | { readonly night: number; readonly nightsAgo?: number }

export interface Calendar {
  readonly now: number
  readonly zone: DateTime.TimeZone
}

interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

const dayMillis = 86_400_000

/** The offsets of zones at the beginnings of days. Intl takes longer to find one than a job takes for everything else. */
const offsets = new WeakMap<DateTime.TimeZone, Map<number, number>>()

const offsetOn = (day: number, zone: DateTime.TimeZone): number => {
  const known = offsets.get(zone) ?? new Map<number, number>()
  offsets.set(zone, known)
  const offset = known.get(day) ?? DateTime.zonedOffset(DateTime.makeZonedUnsafe(day * dayMillis, { timeZone: zone }))
  known.set(day, offset)
  return offset
}

/** The offset from the day before to the day after, unless it changes in between. */
const offsetAround = (millis: number, zone: DateTime.TimeZone): number | undefined => {
  const day = Math.floor(millis / dayMillis)
  const before = offsetOn(day - 1, zone)
  return before === offsetOn(day + 2, zone) ? before : undefined
}

const local = (millis: number, zone: DateTime.TimeZone) => {
  const offset = offsetAround(millis, zone)
  return offset === undefined
    ? DateTime.toParts(DateTime.makeZonedUnsafe(millis, { timeZone: zone }))
    : DateTime.toPartsUtc(DateTime.makeUnsafe(millis + offset))
}

const minusDays = ({ year, month, day }: Day, days: number): Day => {
  const date = new Date(Date.UTC(year, month - 1, day - days))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

// A time that is skipped is moved forward by the change; of a time that comes twice it is the first.
const instant = ({ year, month, day }: Day, seconds: number, zone: DateTime.TimeZone): number => {
  const utc = Date.UTC(year, month - 1, day, 0, 0, seconds)
  const offset = offsetAround(utc, zone)
  if (offset !== undefined) return utc - offset
  return DateTime.toEpochMillis(
    DateTime.makeZonedUnsafe(
      {
        year,
        month,
        day,
        hour: Math.floor(seconds / 3600),
        minute: Math.floor(seconds / 60) % 60,
        second: seconds % 60
      },
      { timeZone: zone, adjustForTimeZone: true }
    )
  )
}

/** Seconds from midnight to `HH:mm` or `HH:mm:ss`. */
const secondsOf = (time: string): number => {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(time)
  if (match === null) throw new Error(`Expected a time of day such as "02:00", got ${JSON.stringify(time)}`)
  return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0)
}

/** A time of day in the zone, some days before today. */
export const wallClock = ({ now, zone }: Calendar, time: string, daysAgo: number): number =>
  instant(minusDays(local(now, zone), daysAgo), secondsOf(time), zone)

/** The day of the week in the zone, from 0 (Sunday) to 6. */
export const weekday = ({ zone }: Calendar, time: number): number => local(time, zone).weekDay

/** Last night: from 18:00 of the day before to noon of the day, or now if that is earlier. */
export const night = (calendar: Calendar): { readonly since: number; readonly until: number } => ({
  since: wallClock(calendar, "18:00", 1),
  until: Math.min(wallClock(calendar, "12:00", 0), calendar.now)
})

/**
 * A place in last night, from 0 to 1, in whole seconds; or as long after 18:00 some nights earlier. The same time of day would
 * change the order of runs where daylight saving begins or ends.
 */
const inNight = (calendar: Calendar, place: number, nightsAgo: number): number => {
  const { since, until } = night(calendar)
  return wallClock(calendar, "18:00", 1 + nightsAgo) + Math.floor(place * (until - since) / 1000) * 1000
}

/** The instant, in milliseconds. */
export const resolve = (calendar: Calendar, when: When): number => {
  if (typeof when === "string" || when instanceof Date || DateTime.isDateTime(when)) {
    return DateTime.toEpochMillis(DateTime.makeUnsafe(when))
  }
  if ("at" in when) return wallClock(calendar, when.at, when.daysAgo ?? 0)
  if ("ago" in when) return calendar.now - Duration.toMillis(Duration.fromInputUnsafe(when.ago))
  return inNight(calendar, when.night, when.nightsAgo ?? 0)
}
