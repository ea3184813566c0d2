/** Computes when quiet hours end: in their zone, whatever daylight saving does to them. */
import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import type { QuietHours } from "../alertsConfig/model.ts"

const weekDays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const

const minutesOfDay = 24 * 60

/** `07:30` in minutes. */
const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number)
  return hours * 60 + minutes
}

/** The day of an instant in a zone, some days later, as midnight in UTC. */
const dayOf = (now: DateTime.Utc, timeZone: string, later: number): DateTime.Utc => {
  const { day, month, year } = DateTime.toParts(DateTime.makeZonedUnsafe(now, { timeZone }))
  return DateTime.add(DateTime.makeUnsafe({ year, month, day }), { days: later })
}

/** The instant of a local time. One that daylight saving leaves out is the one after; of two it is the first. */
const instantOf = (day: DateTime.Utc, minutes: number, timeZone: string): DateTime.Utc =>
  DateTime.toUtc(
    DateTime.makeZonedUnsafe(DateTime.add(day, { minutes }), { timeZone, adjustForTimeZone: true })
  )

/** Returns the instant of a date or a local time such as `2026-12-24T09:00`. */
export const localTime = (text: string, timeZone: string): DateTime.Utc => {
  const [day = text, time = "00:00"] = text.split("T")
  return instantOf(DateTime.makeUnsafe(`${day}T00:00Z`), minutesOf(time), timeZone)
}

/** When the hours end that began on a day and that an instant lies in. */
const endIn = (
  { days = weekDays, from, until }: QuietHours,
  day: DateTime.Utc,
  now: DateTime.Utc,
  timeZone: string
): ReadonlyArray<DateTime.Utc> => {
  const { weekDay } = DateTime.toPartsUtc(day)
  if (!Arr.ensure(days).some((name) => name === weekDays[weekDay])) return []
  const [start, end] = [minutesOf(from), minutesOf(until)]
  const endsAt = instantOf(day, end > start ? end : end + minutesOfDay, timeZone)
  const isInside = DateTime.isLessThanOrEqualTo(instantOf(day, start, timeZone), now) &&
    DateTime.isLessThan(now, endsAt)
  return isInside ? [endsAt] : []
}

/** Hours that follow one another are as long as all of them, and at most so many. */
const maxHours = 60

/** Returns when the hours end that an instant lies in. Nothing if it lies in none. */
export const quietUntil = (
  hours: ReadonlyArray<QuietHours>,
  now: DateTime.Utc,
  timeZone: string
): DateTime.Utc | undefined => {
  let last: DateTime.Utc | undefined
  for (let count = 0; count < maxHours; count++) {
    const at = last ?? now
    const [end] = hours.flatMap((one) =>
      [-1, 0].flatMap((later) => endIn(one, dayOf(at, timeZone, later), at, timeZone))
    )
    if (end === undefined) break
    last = end
  }
  return last
}
