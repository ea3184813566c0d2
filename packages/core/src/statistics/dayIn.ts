/** The day of a time in a zone. */
import * as DateTime from "effect/DateTime"

const hour = 3_600_000

/**
 * Returns a function from a time to its day in a zone, such as `2026-10-25`. It looks up the zone's offset once an hour of
 * the stream, because once a run is forty times as slow; and for each time in an hour in which the offset changes.
 */
export const dayIn = (zone: DateTime.TimeZone): (time: DateTime.Utc) => string => {
  const offsetAt = (millis: number): number => DateTime.zonedOffset(DateTime.setZone(DateTime.makeUnsafe(millis), zone))
  let known: { readonly start: number; readonly offset: number | undefined } = { start: Number.NaN, offset: undefined }
  let shown = { day: Number.NaN, text: "" }
  return (time) => {
    const millis = DateTime.toEpochMillis(time)
    const start = Math.floor(millis / hour) * hour
    if (start !== known.start) {
      const offset = offsetAt(start)
      known = { start, offset: offset === offsetAt(start + hour) ? offset : undefined }
    }
    const day = Math.floor((millis + (known.offset ?? offsetAt(millis))) / 86_400_000)
    if (day !== shown.day) shown = { day, text: new Date(day * 86_400_000).toISOString().slice(0, 10) }
    return shown.text
  }
}
