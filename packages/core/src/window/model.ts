/** Describes a window, and the ways to select one. Public through `RunWindow.ts`. */
import type * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { TimeFromWire } from "../wire/field.ts"

/** The names of windows. */
export const names = ["last_night", "today", "yesterday", "last_24_hours", "last_7_days"] as const

export type Name = (typeof names)[number]

/** A window on the times at which runs started. */
export const RunWindow = Schema.Struct({
  /** The name of the window, if it has one. */
  name: Schema.optionalKey(Schema.Literals(names)),
  /** Inclusive. */
  since: TimeFromWire,
  /** Exclusive. */
  until: TimeFromWire,
  /** The time zone, as the caller wrote it. */
  timeZone: Schema.String,
  /** `given` by the caller, the `machine`'s own, or UTC as a `fallback` on a machine that has none. */
  timeZoneSource: Schema.Literals(["given", "machine", "fallback"])
})

export interface RunWindow extends Schema.Schema.Type<typeof RunWindow> {}

/** The time zone of a window. */
export interface ZoneOptions {
  /** An IANA name such as `Europe/London`, `UTC`, or an offset such as `+05:30`. Default: the machine's. */
  readonly timeZone?: string | undefined
}

/**
 * The two ends of a window.
 *
 * **Details**
 *
 * Each is one of
 * - an instant: a `DateTime`, a `Date`, `now`, or an ISO 8601 date-time (`2026-11-22T18:00:00Z`), which is read in the time
 *   zone where it has no offset;
 * - a date (`2026-11-22`, `today`, `yesterday`): the whole day in the time zone. As `since` it is the day's first moment, as `until` the first
 *   moment of the day after, so that the same date twice is that day;
 * - a duration before now (`90m`, `12h`, `7d`, `1w`, `PT12H`). Its days have 24 hours.
 */
export interface Options extends ZoneOptions {
  /** Where the window begins, inclusive. It is required: a window has both ends. */
  readonly since?: string | DateTime.DateTime | Date | undefined
  /** Where the window ends, exclusive. Default: now. */
  readonly until?: string | DateTime.DateTime | Date | undefined
}

/** Selects a window: a window or its name, or two ends. Default: `last_night`. */
export interface Selection extends Options {
  /** A window, which keeps its own time zone, or the name of one. Not with `since` or `until`. */
  readonly window?: RunWindow | Name | undefined
}

/** A window, its name, or a {@link Selection}. */
export type Input = RunWindow | Name | Selection
