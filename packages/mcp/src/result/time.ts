/** Times and durations for people, in a zone that the caller chose. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/** The zone of a window, by the name that the window has it by. */
export const zoneOf = (name: string): DateTime.TimeZone =>
  Option.getOrElse(
    Option.orElse(
      /^[+-]\d{2}:\d{2}$/.test(name) ? DateTime.zoneFromString(name) : DateTime.zoneMakeNamed(name),
      () => DateTime.zoneFromString(name)
    ),
    () => DateTime.zoneMakeOffset(0)
  )

const two = (part: number): string => String(part).padStart(2, "0")

const withoutMillis = (iso: string): string => iso.replace(/\.000(?=Z|[+-]\d{2}:\d{2}$)/, "")

/** `2026-11-03T02:00:00Z`, exactly. */
export const isoUtc = (instant: DateTime.Utc): string => withoutMillis(DateTime.formatIso(instant))

/** `2026-11-03T02:00:00+01:00`, to the second. */
export const isoZoned = (instant: DateTime.Utc, zone: DateTime.TimeZone): string =>
  DateTime.formatIsoOffset(DateTime.setZone(instant, zone)).replace(/\.\d+/, "")

/** `2026-11-03` and `02:00:07` of an instant, as the clocks of a zone show it. */
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

/** `2026-11-03 02:00` */
export const localMinute = (instant: DateTime.Utc, zone: DateTime.TimeZone): string => {
  const { day, time } = local(instant, zone)
  return `${day} ${time.slice(0, 5)}`
}

/** `14m 9s`, `2h 5m`, `3d 4h`: the two largest units, and never `0s` for something that took a while. */
export const shortDuration = (seconds: number): string => {
  if (seconds < 60) return `${seconds}s`
  const units: ReadonlyArray<readonly [number, string]> = [[86_400, "d"], [3600, "h"], [60, "m"], [1, "s"]]
  const first = units.findIndex(([size]) => seconds >= size)
  return units.slice(first, first + 2).flatMap(([size, name], index) => {
    const amount = Math.floor((index === 0 ? seconds : seconds % (units[first]?.[0] ?? 1)) / size)
    return amount === 0 ? [] : [`${amount}${name}`]
  }).join("")
}
