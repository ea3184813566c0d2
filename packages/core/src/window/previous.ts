/** The window to compare a window with. Public through `RunWindow.ts`. */
import * as DateTime from "effect/DateTime"
import type { RunWindow } from "./model.ts"
import * as zones from "./zone.ts"

/**
 * Returns the window to compare a window with.
 *
 * **Details**
 *
 * - For `last_night`, `today` and `yesterday` both ends are one day earlier, at the same time of day in the window's zone:
 *   the night before, or yesterday up to the same zones. So a night that is still going is compared with the same part of
 *   the night before.
 * - For any other window it is the time of the same length before it.
 *
 * **Example** (The day before a day)
 *
 * ```ts
 * import { RunWindow } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const day = Effect.runSync(RunWindow.make({ since: "2026-11-22", until: "2026-11-22", timeZone: "Europe/London" }))
 *
 * RunWindow.format(RunWindow.previous(day))
 * // => "2026-11-21 00:00 – 2026-11-22 00:00 Europe/London (2026-11-21T00:00Z – 2026-11-22T00:00Z)"
 * ```
 *
 * @category combinators
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
