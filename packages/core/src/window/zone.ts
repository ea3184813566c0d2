/** Reads time zones, and the times of day that their clocks show. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { zoneNamed } from "../report/time.ts"

export interface Zone {
  /** As the caller wrote it. */
  readonly name: string
  readonly source: "given" | "machine" | "fallback"
  readonly zone: DateTime.TimeZone
}

/** Returns the zone that a caller named; undefined where there is no such zone. */
export const zoneOf = (name: string): Zone | undefined =>
  Option.getOrUndefined(Option.map(zoneNamed(name), (zone) => ({ name, source: "given", zone })))

/** Returns the machine's zone. Without one that Node knows, Node reports none or `Etc/Unknown`, and runs in UTC. */
export const machineZone = (): Zone => {
  const name: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const zone = name === undefined ? undefined : zoneOf(name)
  return zone === undefined
    ? { name: "UTC", source: "fallback", zone: DateTime.zoneMakeOffset(0) }
    : { ...zone, source: "machine" }
}

export interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

export const dayOf = (instant: DateTime.DateTime, { zone }: Zone): Day =>
  DateTime.toParts(DateTime.setZone(instant, zone))

/**
 * Returns the instant at which clocks in the zone show a time of day, `days` after a day.
 *
 * A time that the clocks skip is as long after the change as it would have been: 01:30 becomes 02:30, and a midnight
 * that is skipped the first moment of its day. Of a time that they show twice it is the first.
 */
export const at = (
  day: Day,
  days: number,
  { zone }: Zone,
  hour: number,
  minute = 0,
  second = 0,
  milli = 0
): DateTime.Utc =>
  DateTime.toUtc(DateTime.setZone(
    DateTime.makeUnsafe(Date.UTC(day.year, day.month - 1, day.day + days, hour, minute, second, milli)),
    zone,
    { adjustForTimeZone: true, disambiguation: "compatible" }
  ))
