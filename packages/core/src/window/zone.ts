/** Time zones, and the times of day that clocks in them show. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

export interface Zone {
  /** As the caller wrote it. */
  readonly name: string
  readonly source: "given" | "machine" | "fallback"
  readonly zone: DateTime.TimeZone
}

/** An IANA name, `UTC`, or an offset such as `+05:30`. Nothing where there is no such zone. */
export const zoneOf = (name: string): Zone | undefined => {
  // Whether an offset is taken for a name depends on the version of Node.
  const zone = /^[+-]([01]\d|2[0-3]):[0-5]\d$/.test(name) ? DateTime.zoneFromString(name) : DateTime.zoneMakeNamed(name)
  return Option.isSome(zone) ? { name, source: "given", zone: zone.value } : undefined
}

/** The zone of this machine. With none, or one it does not know, Node gives nothing or `Etc/Unknown` and runs in UTC. */
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
 * The instant at which clocks in the zone show a time of day, `days` after the given one.
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
