/** Makes windows: by a name, from a duration, or from two ends. Public through `RunWindow.ts`. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { checkOptions, finiteDuration, isPlain, required, type Shape, text } from "../error/check.ts"
import { InvalidQuery } from "../RunsError.ts"
import { cut, quote } from "../wire/text.ts"
import { iso } from "./format.ts"
import { type Input, type Name, type Options, RunWindow, type Selection, type ZoneOptions } from "./model.ts"
import * as time from "./readTime.ts"
import * as zones from "./zone.ts"

const isWindow = Schema.is(RunWindow)

const zoneShape: Shape<ZoneOptions> = { timeZone: text }

const end: Shape<Options>["since"] = [
  "Expected a text, a Date or a DateTime",
  (value) => typeof value === "string" || value instanceof Date || DateTime.isDateTime(value)
]

const endsShape: Shape<Options> = { ...zoneShape, since: end, until: end }

/** What each option that selects a window must be. */
export const windowShape: Shape<Selection> = {
  ...endsShape,
  window: ["Expected a window, or the name of one", (value) => typeof value === "string" || isWindow(value)]
}

const refuse = (violations: InvalidQuery["violations"]) => Effect.fail(new InvalidQuery({ violations }))

const shortened = (text: string): string => quote(cut(text, 64))

const zoneFrom = (options: ZoneOptions | undefined): zones.Zone | undefined =>
  options?.timeZone === undefined ? zones.machineZone() : zones.zoneOf(options.timeZone.trim())

const noZone = (name: string | undefined) => ({
  field: "timeZone",
  reason: `There is no time zone ${shortened(name ?? "")}; expected an IANA name such as Europe/London, UTC, or +05:30`
})

const window = (zone: zones.Zone, since: DateTime.Utc, until: DateTime.Utc, name?: Name): RunWindow => ({
  ...(name === undefined ? {} : { name }),
  since,
  until,
  timeZone: zone.name,
  timeZoneSource: zone.source
})

/** Makes a window of the present time and a zone. */
const relative = (
  options: ZoneOptions | undefined,
  build: (now: DateTime.Utc, zone: zones.Zone) => RunWindow
): Effect.Effect<RunWindow, InvalidQuery> =>
  Effect.flatMap(Effect.andThen(checkOptions(options === undefined ? {} : options, zoneShape), DateTime.now), (now) => {
    const zone = zoneFrom(options)
    return zone === undefined ? refuse([noZone(options?.timeZone)]) : Effect.succeed(build(now, zone))
  })

/**
 * Returns last night: from 18:00 of the day before to noon of the day, or to now if that is earlier.
 *
 * **Details**
 *
 * The day is that of the clock in the time zone: at 02:00 it is the night that is running, and at 20:00 still the one that
 * ended this morning.
 *
 * **Example** (Last night, on the morning on which daylight saving ends)
 *
 * ```ts
 * import { RunWindow } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 * import * as TestClock from "effect/testing/TestClock"
 *
 * const program = Effect.gen(function*() {
 *   yield* TestClock.setTime(Date.parse("2026-10-25T09:00:00Z"))
 *   return yield* RunWindow.lastNight({ timeZone: "Europe/London" })
 * })
 *
 * const window = await Effect.runPromise(program.pipe(Effect.provide(TestClock.layer())))
 * RunWindow.format(window) // => "2026-10-24 18:00 – 2026-10-25 09:00 Europe/London (2026-10-24T17:00Z – 2026-10-25T09:00Z)"
 * ```
 */
export const lastNight = (options?: ZoneOptions): Effect.Effect<RunWindow, InvalidQuery> =>
  relative(options, (now, zone) => {
    const day = zones.dayOf(now, zone)
    return window(zone, zones.at(day, -1, zone, 18), DateTime.min(zones.at(day, 0, zone, 12), now), "last_night")
  })

/** Returns today: from the first moment of this day in the time zone to now. */
export const today = (options?: ZoneOptions): Effect.Effect<RunWindow, InvalidQuery> =>
  relative(options, (now, zone) => window(zone, zones.at(zones.dayOf(now, zone), 0, zone, 0), now, "today"))

/** Returns yesterday: the whole of the day before this one in the time zone. */
export const yesterday = (options?: ZoneOptions): Effect.Effect<RunWindow, InvalidQuery> =>
  relative(options, (now, zone) => {
    const day = zones.dayOf(now, zone)
    return window(zone, zones.at(day, -1, zone, 0), zones.at(day, 0, zone, 0), "yesterday")
  })

/**
 * Returns the window of a duration up to now. It is elapsed time: a day has 24 hours, also where daylight saving begins
 * or ends.
 */
export const last = (duration: Duration.Input, options: ZoneOptions = {}): Effect.Effect<RunWindow, InvalidQuery> =>
  checkOptions({ duration }, { duration: required(elapsed) }).pipe(
    Effect.andThen(checkOptions(options, zoneShape)),
    Effect.andThen(DateTime.now),
    Effect.flatMap((now) => make({ ...options, since: DateTime.subtractDuration(now, duration), until: now }))
  )

const elapsed = ["Expected a finite duration longer than none", finiteDuration[1]] as const

/** Returns a window by its name. */
export const named = (name: Name, options?: ZoneOptions): Effect.Effect<RunWindow, InvalidQuery> => {
  switch (name) {
    case "last_night":
      return lastNight(options)
    case "today":
      return today(options)
    case "yesterday":
      return yesterday(options)
    case "last_24_hours":
      return Effect.map(last("24 hours", options), (window) => ({ ...window, name }))
    case "last_7_days":
      return Effect.map(last("7 days", options), (window) => ({ ...window, name }))
    default:
      return refuse([{ field: "window", reason: `Expected the name of a window, got ${shortened(String(name))}` }])
  }
}

/**
 * Returns a window between two ends, each an instant, a date or a duration before now.
 *
 * **Details**
 *
 * Fails with an `InvalidQuery` that names `since`, `until` or `timeZone` if one of them cannot be read, or if `since` is
 * not before `until`.
 */
export const make = Effect.fnUntraced(function*(options: Options): Effect.fn.Return<RunWindow, InvalidQuery> {
  yield* checkOptions(options, endsShape)
  const now = yield* DateTime.now
  const given = zoneFrom(options)
  // Another zone, so that what else is wrong is named beside it.
  const zone = given ?? zones.machineZone()
  const since = options.since === undefined ? noSince : readEnd("since", options.since, now, zone)
  const until = options.until === undefined ? now : readEnd("until", options.until, now, zone)

  const violations = [
    ...(given === undefined ? [noZone(options.timeZone)] : []),
    ...("reason" in since ? [since] : []),
    ...("reason" in until ? [until] : [])
  ]
  if ("reason" in since || "reason" in until || violations.length > 0) return yield* refuse(violations)
  if (!DateTime.isLessThan(since, until)) {
    const end = options.until === undefined ? "now" : "until"
    return yield* refuse([{
      field: "since",
      reason: `Expected a time before ${end}, which is ${iso(until)}; it is ${iso(since)}`
    }])
  }
  return window(zone, since, until)
})

const noSince = { field: "since", reason: "Expected a time to begin at: a window has both ends" }

/** Reads an end of a window, or says what is wrong with it. */
const readEnd = (
  field: "since" | "until",
  given: string | DateTime.DateTime | Date,
  now: DateTime.Utc,
  zone: zones.Zone
): DateTime.Utc | InvalidQuery["violations"][number] => {
  const instant = typeof given === "string"
    ? time.readTime(given.trim(), now, zone, field === "until")
    : Option.getOrUndefined(Option.map(DateTime.make(given), DateTime.toUtc))
  if (instant === undefined) {
    return {
      field,
      reason: `Cannot read ${shortened(String(given))}; expected an ISO 8601 date-time such as 2026-11-22T18:00Z, ` +
        "a date such as 2026-11-22 or yesterday, or a duration such as 90m, 12h, 7d, 1w or PT12H"
    }
  }
  return time.isWritable(instant) ? instant : { field, reason: "Expected a time in the years from 100 to 9999" }
}

export const ownEnds = "A window has its own ends: give either window, or since and until"

/**
 * Returns the window of an {@link Input}: a window as it is, a name, or a {@link Selection}. Default: last night.
 *
 * **Details**
 *
 * Fails with an `InvalidQuery` as {@link make} does, and if `window` stands beside `since` or `until`.
 */
export const resolve = (input: Input): Effect.Effect<RunWindow, InvalidQuery> => {
  if (typeof input === "string") return named(input)
  if (!isPlain(input)) {
    return refuse([{ field: "window", reason: "Expected a window, its name, or an object of options" }])
  }
  return isWindow(input)
    ? Effect.succeed(input)
    : Effect.andThen(checkOptions(input, windowShape), resolveSelection(input))
}

/** Returns the window of options that were checked, and may have others beside. */
export const resolveSelection = (
  { since, timeZone, until, window }: Selection
): Effect.Effect<RunWindow, InvalidQuery> =>
  Effect.suspend(() => {
    if (window === undefined) {
      return since === undefined && until === undefined ? lastNight({ timeZone }) : make({ timeZone, since, until })
    }
    const violations = Object.entries({ since, until }).flatMap(([field, end]) =>
      end === undefined ? [] : [{ field, reason: ownEnds }]
    )
    if (violations.length > 0) return refuse(violations)
    return typeof window === "string" ? named(window, { timeZone }) : Effect.succeed(window)
  })
