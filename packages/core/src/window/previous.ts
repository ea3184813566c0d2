/** Finds the window to compare a window with. Public through `RunWindow.ts`. */
import * as DateTime from "effect/DateTime"
import type { RunWindow } from "./model.ts"
import * as zones from "./zone.ts"

/**
 * Returns the window before a window, to compare it with.
 *
 * **Details**
 *
 * - For `last_night`, `today` and `yesterday` both ends are one day earlier, at the same time of day in the window's zone.
 *   So a night that is still running is compared with the same part of the night before.
 * - For any other window it is the time of the same length before it.
 */
export const previous = ({ name, ...unnamed }: RunWindow): RunWindow => {
  const { since, timeZone, until } = unnamed
  const zone = zones.zoneOf(timeZone)
  if (zone !== undefined && (name === "last_night" || name === "today" || name === "yesterday")) {
    const dayBefore = (instant: DateTime.Utc): DateTime.Utc => {
      const { hour, millisecond, minute, second, ...day } = DateTime.toParts(DateTime.setZone(instant, zone.zone))
      return zones.at(day, -1, zone, hour, minute, second, millisecond)
    }
    return { ...unnamed, since: dayBefore(since), until: dayBefore(until) }
  }
  return { ...unnamed, since: DateTime.subtractDuration(since, DateTime.distance(since, until)), until: since }
}
