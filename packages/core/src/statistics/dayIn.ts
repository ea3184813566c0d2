/** The day of a time in a zone. */
import * as DateTime from "effect/DateTime"
import { offsetsOf } from "../window/offsets.ts"

/** Returns a function from a time to its day in a zone, such as `2026-10-25`. */
export const dayIn = (zone: DateTime.TimeZone): (time: DateTime.Utc) => string => {
  const offsetAt = offsetsOf(zone)
  let shown = { day: Number.NaN, text: "" }
  return (time) => {
    const millis = DateTime.toEpochMillis(time)
    const day = Math.floor((millis + offsetAt(millis)) / 86_400_000)
    if (day !== shown.day) shown = { day, text: new Date(day * 86_400_000).toISOString().slice(0, 10) }
    return shown.text
  }
}
