/** Formats a window for people. Public through `RunWindow.ts`. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as time from "../report/time.ts"
import type { RunWindow } from "./model.ts"

/**
 * Returns a window as text for people: in its time zone, and in UTC.
 *
 * **Details**
 *
 * Local times are to the minute, those in UTC exact. The text says where the machine has no time zone.
 */
export const format = ({ since, timeZone, timeZoneSource, until }: RunWindow): string => {
  const name = timeZoneSource === "fallback" ? `${timeZone}, as this machine has no time zone` : timeZone
  const utc = `${iso(since)} – ${iso(until)}`
  return Option.match(time.zoneNamed(timeZone), {
    onNone: () => utc,
    onSome: (zone) => `${time.localMinute(since, zone)} – ${time.localMinute(until, zone)} ${name} (${utc})`
  })
}

export const iso = (instant: DateTime.Utc): string => DateTime.formatIso(instant).replace(/(:00)?\.000Z$/, "Z")
