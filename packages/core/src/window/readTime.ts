/** Reads times as people and machines write them, in a time zone. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { at, type Day, dayOf, type Zone, zoneOf } from "./zone.ts"

/**
 * Reads an instant, a duration before `now`, or a date, which `today` and `yesterday` are too: its first moment, or that of
 * the day after it where `isDateEnd`. Returns undefined for any other text.
 */
export const readTime = (text: string, now: DateTime.Utc, zone: Zone, isDateEnd: boolean): DateTime.Utc | undefined => {
  if (text === "now") return now
  const match = dateTime.exec(text.replace(dayWord, (word) => dateOf(now, zone, word === "today" ? 0 : -1)))?.groups
  if (match === undefined) {
    const ago = readDuration(text)
    return ago && DateTime.subtractDuration(now, ago)
  }
  const part = (name: string): number => Number(match[name] ?? 0)
  const day = { year: part("year"), month: part("month"), day: part("day") }
  if (!exists(day)) return undefined
  if (match["hour"] === undefined) return at(day, isDateEnd ? 1 : 0, zone, 0)
  const [hour, minute, second] = [part("hour"), part("minute"), part("second")]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const milli = Number((match["fraction"] ?? "").padEnd(3, "0").slice(0, 3))
  const offset = match["offset"] === undefined ? zone : offsetZone(match["offset"])
  return offset && at(day, 0, offset, hour, minute, second, milli)
}

const dateTime = new RegExp(
  "^(?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2})" +
    "(?:[Tt ](?<hour>\\d{2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?)?" +
    "(?<offset>[Zz]|[+-]\\d{2}(?::?\\d{2})?)?)?$"
)

const dayWord = /^(?:today|yesterday)(?=$|[Tt ])/

/** Returns the date that the clock in the zone shows, `days` from now. */
const dateOf = (now: DateTime.Utc, zone: Zone, days: number): string => {
  // At noon, daylight saving makes it no other day.
  const { day, month, year } = dayOf(at(dayOf(now, zone), days, zone, 12), zone)
  return [year, month, day].map((part) => String(part).padStart(2, "0")).join("-")
}

const exists = ({ day, month, year }: Day): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

const offsetZone = (text: string): Zone | undefined => {
  const [, hours, minutes] = /^([+-]\d{2}):?(\d{2})?$/.exec(text) ?? []
  return zoneOf(hours === undefined ? "+00:00" : `${hours}:${minutes ?? "00"}`)
}

/** Reads `90m`, `12h`, `7d`, `1w`, or ISO 8601 without years and months (`PT12H`). */
const readDuration = (text: string): Duration.Duration | undefined => {
  const [, amount, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? []
  const duration = amount === undefined || unit === undefined
    ? Option.getOrUndefined(Duration.fromIso(text))
    : Duration.millis(Number(amount) * (millis[unit] ?? Number.NaN))
  return duration !== undefined && isElapsed(duration) ? duration : undefined
}

const millis: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000
}

/** Returns whether a duration is finite and longer than zero. */
export const isElapsed = (duration: Duration.Duration): boolean =>
  Duration.isFinite(duration) && Duration.isGreaterThan(duration, Duration.zero)

/** Returns whether the year of an instant has four digits, as the API requires. A duration may reach further back. */
export const isWritable = ({ epochMilliseconds }: DateTime.Utc): boolean =>
  epochMilliseconds >= Date.UTC(100, 0) && epochMilliseconds < Date.UTC(10_000, 0)
