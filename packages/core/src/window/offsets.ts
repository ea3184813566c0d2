/** The offset of a zone from UTC, for many instants. */
import * as DateTime from "effect/DateTime"

const day = 86_400_000

/** So many days are remembered. */
const maxDays = 10_000

/**
 * Returns a function from epoch milliseconds to the zone's offset in milliseconds. It looks up a day of UTC once, because
 * once an instant is forty times as slow; and each instant of a day in which the offset changes.
 */
export const offsetsOf = (zone: DateTime.TimeZone): (millis: number) => number => {
  const offsetAt = (millis: number): number => DateTime.zonedOffset(DateTime.setZone(DateTime.makeUnsafe(millis), zone))
  const known = new Map<number, number>()
  return (millis) => {
    const number = Math.floor(millis / day)
    let offset = known.get(number)
    if (offset === undefined) {
      const start = offsetAt(number * day)
      offset = start === offsetAt((number + 1) * day) ? start : Number.NaN
      if (known.size >= maxDays) known.clear()
      known.set(number, offset)
    }
    return Number.isNaN(offset) ? offsetAt(millis) : offset
  }
}
