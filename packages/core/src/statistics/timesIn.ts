/** The day, the week and the hour of a time in a zone. */
import * as DateTime from "effect/DateTime"
import { offsetsOf } from "../window/offsets.ts"

const dayMillis = 86_400_000

/** Names the time of a run as its group does. */
export interface TimesIn {
  /** Such as `2026-10-25`. */
  readonly day: (time: DateTime.Utc) => string
  /** The Monday of its week, such as `2026-10-19`. */
  readonly week: (time: DateTime.Utc) => string
  /** Such as `02:00`. */
  readonly hour: (time: DateTime.Utc) => string
}

const hours = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, "0")}:00`)

export const timesIn = (zone: DateTime.TimeZone): TimesIn => {
  const offsetAt = offsetsOf(zone)
  const local = (time: DateTime.Utc): number => {
    const millis = DateTime.toEpochMillis(time)
    return millis + offsetAt(millis)
  }
  let shown = { day: Number.NaN, text: "" }
  const textOf = (day: number): string => {
    if (day !== shown.day) shown = { day, text: new Date(day * dayMillis).toISOString().slice(0, 10) }
    return shown.text
  }
  return {
    day: (time) => textOf(Math.floor(local(time) / dayMillis)),
    week: (time) => {
      const day = Math.floor(local(time) / dayMillis)
      // Day 0 was a Thursday.
      return textOf(day - (((day + 3) % 7) + 7) % 7)
    },
    hour: (time) => {
      const millis = local(time)
      return hours[Math.floor((millis - Math.floor(millis / dayMillis) * dayMillis) / 3_600_000)] ?? ""
    }
  }
}
