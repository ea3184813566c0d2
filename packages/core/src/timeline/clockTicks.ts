/** The marks of a time axis: full hours or days of the zone's clock, at the instants at which it shows them. */
import * as DateTime from "effect/DateTime"
import { clockOf, dayMinutes } from "../baseline/clock.ts"
import { local, localTime, zoneOf } from "../report/time.ts"
import type { RunWindow } from "../RunWindow.ts"

/** A mark of a time axis. */
export interface Tick {
  readonly at: DateTime.Utc
  /** Such as `02:00`, or `01:00+01:00` in an hour that the clocks show twice. */
  readonly time: string
  /** Such as `2026-11-03`. */
  readonly day: string
}

const steps = [5, 15, 30, 60, 120, 180, 360, 720, dayMinutes, 2 * dayMinutes, 7 * dayMinutes, 28 * dayMinutes]

const minuteAt = (instant: DateTime.Utc): number => DateTime.toEpochMillis(instant) / 60_000

/** Returns at most about `most` marks within a window. A time that the clocks skip has none; one that they show twice has two. */
export const ticks = (window: Pick<RunWindow, "since" | "until">, timeZone: string, most = 10): ReadonlyArray<Tick> => {
  const [since, until] = [minuteAt(window.since), minuteAt(window.until)]
  const clock = clockOf(timeZone)
  const zone = zoneOf(timeZone)
  const step = steps.find((step) => (until - since) / step <= most) ?? Math.ceil((until - since) / most)
  const offsets = [...new Set([since, until].map(clock.offset))]
  const found = new Set<number>()
  const last = until + Math.max(...offsets)
  for (let shown = Math.ceil((since + Math.min(...offsets)) / step) * step; shown <= last; shown += step) {
    for (const offset of offsets) {
      const minute = shown - offset
      if (minute >= since && minute <= until && clock.shown(minute) === shown) found.add(minute)
    }
  }
  return [...found].sort((a, b) => a - b).map((minute) => {
    const at = DateTime.makeUnsafe(minute * 60_000)
    return { at, time: localTime(at, zone), day: local(at, zone).day }
  })
}
