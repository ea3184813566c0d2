/** A window for people. Public through `RunWindow.ts`. */
import * as DateTime from "effect/DateTime"
import type { RunWindow } from "./model.ts"
import * as zones from "./zone.ts"

/**
 * Returns a window as text for people: in its time zone, and in UTC.
 *
 * **Details**
 *
 * Local times are to the minute, those in UTC exact. The text says where the machine has no time zone.
 *
 * @category formatting
 */
export const format = (window: RunWindow): string => {
  const zone = zones.zoneOf(window.timeZone)
  const name = window.timeZoneSource === "fallback"
    ? `${window.timeZone}, as this machine has no time zone`
    : window.timeZone
  const utc = `${iso(window.since)} – ${iso(window.until)}`
  return zone === undefined ? utc : `${local(window.since, zone)} – ${local(window.until, zone)} ${name} (${utc})`
}

const local = (instant: DateTime.Utc, { zone }: zones.Zone): string => {
  const shown = DateTime.toParts(DateTime.setZone(instant, zone))
  const two = (part: number) => String(part).padStart(2, "0")
  return `${shown.year}-${two(shown.month)}-${two(shown.day)} ${two(shown.hour)}:${two(shown.minute)}`
}

export const iso = (instant: DateTime.Utc): string => DateTime.formatIso(instant).replace(/(:00)?\.000Z$/, "Z")
