/** Formats times and durations as reports and windows show them. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/** Returns the zone of an IANA name, `UTC`, or an offset such as `+05:30`. None where there is no such zone. */
export const zoneNamed = (name: string): Option.Option<DateTime.TimeZone> =>
  // Whether an offset is taken for a name depends on the version of Node.
  /^[+-]([01]\d|2[0-3]):[0-5]\d$/.test(name) ? DateTime.zoneFromString(name) : DateTime.zoneMakeNamed(name)

/** Returns the zone of a name, or UTC where there is no such zone. */
export const zoneOf = (name = "UTC"): DateTime.TimeZone =>
  Option.getOrElse(zoneNamed(name), () => DateTime.zoneMakeOffset(0))

const two = (part: number): string => String(part).padStart(2, "0")

/** `2026-11-03T02:00:00Z` */
export const isoUtc = (instant: DateTime.Utc): string => DateTime.formatIso(instant).replace(".000Z", "Z")

/** The offset of an instant in a zone, in milliseconds. */
const offsetOf = (instant: DateTime.Utc, zone: DateTime.TimeZone): number =>
  DateTime.zonedOffset(DateTime.setZone(instant, zone))

/** A clock that is set back shows the time before it twice: an offset changes within so many hours. */
const nearHours = [-6, 6]

/** Returns whether the clocks of a zone show this time at another instant too. */
const isShownTwice = (instant: DateTime.Utc, zone: DateTime.TimeZone): boolean => {
  const offset = offsetOf(instant, zone)
  return nearHours.some((hours) => {
    const other = offsetOf(DateTime.add(instant, { hours }), zone)
    return other !== offset && offsetOf(DateTime.add(instant, { milliseconds: offset - other }), zone) === other
  })
}

/** `2026-11-03` and `02:00:07` of an instant, as the clocks of a zone show it; seconds only where there are any. */
export const local = (
  instant: DateTime.Utc,
  zone: DateTime.TimeZone
): { readonly day: string; readonly time: string } => {
  const { day, hour, minute, month, second, year } = DateTime.toParts(DateTime.setZone(instant, zone))
  return {
    day: `${year}-${two(month)}-${two(day)}`,
    time: `${two(hour)}:${two(minute)}${second === 0 ? "" : `:${two(second)}`}`
  }
}

/** `02:00`, and `01:30+01:00` in an hour that the clocks of the zone show twice. */
export const localTime = (instant: DateTime.Utc, zone: DateTime.TimeZone): string =>
  `${local(instant, zone).time.slice(0, 5)}${
    isShownTwice(instant, zone) ? DateTime.zonedOffsetIso(DateTime.setZone(instant, zone)) : ""
  }`

/** `2026-11-03 02:00`, and `2026-10-25 01:30+01:00` in an hour that the clocks show twice. */
export const localMinute = (instant: DateTime.Utc, zone: DateTime.TimeZone): string =>
  `${local(instant, zone).day} ${localTime(instant, zone)}`

/** `14m9s`, `2h5m`, `3d4h`: the two largest units. */
export const shortDuration = (seconds: number): string => {
  if (seconds < 60) return `${seconds}s`
  const units: ReadonlyArray<readonly [number, string]> = [[86_400, "d"], [3600, "h"], [60, "m"], [1, "s"]]
  const first = units.findIndex(([size]) => seconds >= size)
  return units.slice(first, first + 2).flatMap(([size, name], index) => {
    const amount = Math.floor((index === 0 ? seconds : seconds % (units[first]?.[0] ?? 1)) / size)
    return amount === 0 ? [] : [`${amount}${name}`]
  }).join("")
}

const rounded = (millis: number): readonly [amount: number, unit: string] => {
  const minutes = Math.max(1, Math.round(Math.abs(millis) / 60_000))
  return minutes < 120
    ? [minutes, "minute"]
    : minutes < 2880
    ? [Math.round(minutes / 60), "hour"]
    : [Math.round(minutes / 1440), "day"]
}

/** `3 hours`, for a distance between two times. */
export const distance = (millis: number): string => plural(...rounded(millis))

/** `3h ago` */
export const ago = (millis: number): string => {
  const [amount, unit] = rounded(millis)
  return `${amount}${unit.charAt(0)} ago`
}

/** `1 run`, `3 runs`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
