/**
 * "Last night" as an interval: from `since` on and before `until`, on the time at which a run started. And the runs that
 * started in it, for no more requests than the pages that overlap it.
 *
 * **Details**
 *
 * A window has both ends, as instants in UTC, and the time zone in which it was meant. Times of day are those of that
 * zone, right across changes of its clock: a night may have 17 or 19 hours, and a day 23 or 25.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { OrderedRunsQuery } from "./ListRunsQuery.ts"
import type { AnyRun } from "./Run.ts"
import * as RunCursor from "./RunCursor.ts"
import * as RunsClient from "./RunsClient.ts"
import { InvalidQuery } from "./RunsError.ts"
import * as time from "./window/time.ts"
import { TimeFromWire } from "./wire/field.ts"

/**
 * The windows that have a name.
 *
 * @category constants
 * @since 0.1.0
 */
export const names = ["last_night", "today", "yesterday", "last_24_hours", "last_7_days"] as const

/**
 * @category models
 * @since 0.1.0
 */
export type Name = (typeof names)[number]

/**
 * An interval of the times at which runs started.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RunWindow = Schema.Struct({
  /** The name it was asked for by, where it was. */
  name: Schema.optionalKey(Schema.Literals(names)),
  /** Inclusive. */
  since: TimeFromWire,
  /** Exclusive. */
  until: TimeFromWire,
  /** The zone, as the caller wrote it. */
  timeZone: Schema.String,
  /** `given` by the caller, the `machine`'s own, or UTC as a `fallback`, since the machine has none. */
  timeZoneSource: Schema.Literals(["given", "machine", "fallback"])
})

/**
 * @category models
 * @since 0.1.0
 */
export interface RunWindow extends Schema.Schema.Type<typeof RunWindow> {}

/**
 * @category options
 * @since 0.1.0
 */
export interface ZoneOptions {
  /** An IANA name such as `Europe/London`, `UTC`, or an offset such as `+05:30`. The machine's where it is not given. */
  readonly timeZone?: string | undefined
}

/**
 * The two ends of a window.
 *
 * **Details**
 *
 * Each is one of
 * - an instant: a `DateTime`, an ISO 8601 date-time with an offset (`2026-11-22T18:00:00Z`), or one without, which is
 *   read in the time zone; `now`;
 * - a date (`2026-11-22`): the whole day in the time zone. As `since` it is the day's first moment, as `until` the
 *   first moment of the day after, so that the same date twice is that day;
 * - a duration (`90m`, `12h`, `7d`, `1w`, `PT12H`): so long ago. A day of a duration has 24 hours.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends ZoneOptions {
  /** It is refused without this end: a window is bounded. */
  readonly since?: string | DateTime.DateTime | undefined
  /** Now, where it is not given. */
  readonly until?: string | DateTime.DateTime | undefined
}

const refuse = (violations: InvalidQuery["violations"]) => Effect.fail(new InvalidQuery({ violations }))

const quote = (text: string): string => JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text)

const zoneFrom = (options: ZoneOptions | undefined): time.Zone | undefined =>
  options?.timeZone === undefined ? time.machineZone() : time.zoneOf(options.timeZone.trim())

const noZone = (name: string | undefined) => ({
  field: "timeZone",
  reason: `There is no time zone ${quote(name ?? "")}; expected an IANA name such as Europe/London, UTC, or +05:30`
})

const window = (zone: time.Zone, since: DateTime.Utc, until: DateTime.Utc, name?: Name): RunWindow => ({
  ...(name === undefined ? {} : { name }),
  since,
  until,
  timeZone: zone.name,
  timeZoneSource: zone.source
})

/** A window made of the present time and a zone. */
const relative = (
  options: ZoneOptions | undefined,
  build: (now: DateTime.Utc, zone: time.Zone) => RunWindow
): Effect.Effect<RunWindow, InvalidQuery> =>
  Effect.flatMap(DateTime.now, (now) => {
    const zone = zoneFrom(options)
    return zone === undefined ? refuse([noZone(options?.timeZone)]) : Effect.succeed(build(now, zone))
  })

/**
 * From 18:00 of the day before to noon of the day, or to now if that is earlier.
 *
 * **Details**
 *
 * The day is the one that the clock in the time zone shows. In the morning that is the night that is ending, at 02:00
 * the one that is running, and at 20:00 still the one that ended this morning.
 *
 * **Example** (Last night, on the morning after the clock went back)
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
 *
 * @category constructors
 * @since 0.1.0
 */
export const lastNight = (options?: ZoneOptions): Effect.Effect<RunWindow, InvalidQuery> =>
  relative(options, (now, zone) => {
    const day = time.dayOf(now, zone)
    return window(zone, time.at(day, -1, zone, 18), DateTime.min(time.at(day, 0, zone, 12), now), "last_night")
  })

/**
 * From the first moment of this day in the time zone to now.
 *
 * @category constructors
 * @since 0.1.0
 */
export const today = (options?: ZoneOptions): Effect.Effect<RunWindow, InvalidQuery> =>
  relative(options, (now, zone) => window(zone, time.at(time.dayOf(now, zone), 0, zone, 0), now, "today"))

/**
 * The whole of the day before this one in the time zone.
 *
 * @category constructors
 * @since 0.1.0
 */
export const yesterday = (options?: ZoneOptions): Effect.Effect<RunWindow, InvalidQuery> =>
  relative(options, (now, zone) => {
    const day = time.dayOf(now, zone)
    return window(zone, time.at(day, -1, zone, 0), time.at(day, 0, zone, 0), "yesterday")
  })

/**
 * The time that has passed, up to now. It is elapsed time: a day has 24 hours whatever the clock does.
 *
 * @category constructors
 * @since 0.1.0
 */
export const last = (duration: Duration.Input, options?: ZoneOptions): Effect.Effect<RunWindow, InvalidQuery> => {
  const elapsed = Duration.fromInputUnsafe(duration)
  return time.isElapsed(elapsed)
    ? Effect.flatMap(
      DateTime.now,
      (now) => make({ ...options, since: DateTime.subtractDuration(now, elapsed), until: now })
    )
    : refuse([{ field: "duration", reason: "Expected a finite duration longer than none" }])
}

/**
 * A window by its name.
 *
 * @category constructors
 * @since 0.1.0
 */
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
  }
}

/**
 * A window between two ends, each an instant, a date or a duration before now.
 *
 * **Details**
 *
 * Fails with an `InvalidQuery` that names `since`, `until` or `timeZone`: what cannot be read, and a window whose
 * `since` is not before its `until`.
 *
 * **Example** (A day, and half of one)
 *
 * ```ts
 * import { RunWindow } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const timeZone = "Europe/London"
 * const day = Effect.runSync(RunWindow.make({ since: "2026-10-25", until: "2026-10-25", timeZone }))
 * const morning = Effect.runSync(RunWindow.make({ since: "2026-10-25", until: "2026-10-25T12:00", timeZone }))
 *
 * RunWindow.format(day) // => "2026-10-25 00:00 – 2026-10-26 00:00 Europe/London (2026-10-24T23:00Z – 2026-10-26T00:00Z)"
 * RunWindow.format(morning) // => "2026-10-25 00:00 – 2026-10-25 12:00 Europe/London (2026-10-24T23:00Z – 2026-10-25T12:00Z)"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function*(options: Options): Effect.fn.Return<RunWindow, InvalidQuery> {
  const now = yield* DateTime.now
  const given = zoneFrom(options)
  // Another zone, so that what else is wrong is named beside it.
  const zone = given ?? time.machineZone()
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

/** An end of a window, or what is wrong with it. */
const readEnd = (
  field: "since" | "until",
  given: string | DateTime.DateTime,
  now: DateTime.Utc,
  zone: time.Zone
): DateTime.Utc | InvalidQuery["violations"][number] => {
  const read = typeof given === "string"
    ? time.readTime(given.trim(), now, zone)
    : { _tag: "Instant" as const, instant: DateTime.toUtc(given) }
  if (read === undefined) {
    return {
      field,
      reason: `Cannot read ${quote(String(given))}; expected an ISO 8601 date-time such as 2026-11-22T18:00Z, ` +
        "a date such as 2026-11-22, or a duration such as 90m, 12h, 7d, 1w or PT12H"
    }
  }
  const instant = read._tag === "Instant" ? read.instant : time.at(read.day, field === "until" ? 1 : 0, zone, 0)
  return time.isWritable(instant) ? instant : { field, reason: "Expected a time in the years from 100 to 9999" }
}

/**
 * Returns the window to compare a window with.
 *
 * **Details**
 *
 * - For `last_night`, `today` and `yesterday` both ends are one day earlier, at the same time of day in the window's zone:
 *   the night before, or yesterday up to the same time. So a night that is still going is compared with the same part of
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
 * @since 0.1.0
 */
export const previous = ({ name, ...unnamed }: RunWindow): RunWindow => {
  const { since, timeZone, until } = unnamed
  const zone = time.zoneOf(timeZone)
  if (zone !== undefined && (name === "last_night" || name === "today" || name === "yesterday")) {
    const dayBefore = (instant: DateTime.Utc): DateTime.Utc => {
      const { hour, millisecond, minute, second, ...day } = DateTime.toParts(DateTime.setZone(instant, zone.zone))
      return time.at(day, -1, zone, hour, minute, second, millisecond)
    }
    return { ...unnamed, since: dayBefore(since), until: dayBefore(until) }
  }
  return { ...unnamed, since: DateTime.subtractDuration(since, DateTime.distance(since, until)), until: since }
}

/**
 * The parameters of List Runs that read a window from one of its ends: from the newest run (`desc`) or the oldest.
 *
 * **Details**
 *
 * `startingFrom` is exclusive, so from the oldest it is one millisecond before `since`. The API knows no other end: stop
 * at the first run outside, as {@link list} does.
 *
 * @category converting
 * @since 0.1.0
 */
export const toQuery = (
  window: RunWindow,
  direction: RunCursor.OrderByDirection = "desc"
): {
  readonly orderBy: "runStartTime"
  readonly orderByDirection: RunCursor.OrderByDirection
  readonly startingFrom: DateTime.Utc
} => ({
  orderBy: "runStartTime",
  orderByDirection: direction,
  startingFrom: direction === "desc" ? window.until : DateTime.subtract(window.since, { milliseconds: 1 })
})

/**
 * Whether a run started in a window. One that has not started yet did not.
 *
 * @category predicates
 * @since 0.1.0
 */
export const contains = (window: RunWindow, run: Pick<AnyRun, "runStartTime">): boolean =>
  run.runStartTime !== undefined &&
  DateTime.isGreaterThanOrEqualTo(run.runStartTime, window.since) && DateTime.isLessThan(run.runStartTime, window.until)

/**
 * The parameters of {@link list}: those of a stream of runs, but for the order and the start, which are the window's.
 *
 * @category options
 * @since 0.1.0
 */
export interface WindowQuery extends OrderedRunsQuery {
  /** The rows of each request, 1 to 1000. Default: 25 for the first page, then 250, then 1000. */
  readonly pageSize?: number | undefined
  /** Continues at a cursor of this stream, such as the `resumeFrom` of an error. Default: the edge of the window. */
  readonly startingFrom?: RunCursor.RunCursor | string | undefined
}

/**
 * The runs that started in a window: the newest first, or with `orderByDirection: "asc"` the oldest.
 *
 * **Details**
 *
 * The element follows the query, as it does for `RunsClient.list`. It starts at the window's edge and ends at the first
 * run outside, so that it asks for no page beyond those that overlap the window. Runs that have not started yet are in
 * no window.
 *
 * **Example** (Last night's failed refreshes)
 *
 * ```ts
 * import { RunWindow } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const failures = RunWindow.lastNight({ timeZone: "Europe/London" }).pipe(
 *   Effect.map((window) => RunWindow.list(window, { runType: "refresh", runStatus: "failed", detail: true })),
 *   Stream.unwrap,
 *   Stream.map((run) => run.runDetails.environmentID)
 * )
 * ```
 *
 * @category accessors
 * @since 0.1.0
 */
export const list = <const Q extends WindowQuery = {}>(
  window: RunWindow,
  query?: Q & WindowQuery
): Stream.Stream<RunsClient.Element<Q>, RunsClient.ListError, RunsClient.RunsClient> => {
  if (query !== undefined && "orderBy" in query && query.orderBy !== undefined && query.orderBy !== "runStartTime") {
    return Stream.fromEffect(refuse([{ field: "orderBy", reason: "A window is read by runStartTime" }]))
  }
  const given = typeof query?.startingFrom === "string"
    ? Option.getOrUndefined(RunCursor.decode(query.startingFrom))
    : query?.startingFrom
  if (given === undefined && query?.startingFrom !== undefined) {
    return Stream.fromEffect(refuse([{ field: "startingFrom", reason: "Expected a cursor of this stream" }]))
  }
  const { startingFrom, ...order } = toQuery(window, query?.orderByDirection ?? given?.orderByDirection)
  // Not a spread, which would forget that the result is still a `Q`.
  const edged = Object.assign({}, query, order, { startingFrom: given ?? startingFrom })
  return RunsClient.list<Q>(edged).pipe(
    Stream.takeWhile((run) => !isPast(window, order.orderByDirection, run)),
    Stream.filter((run) => contains(window, run))
  )
}

/**
 * Whether a run lies behind the window's far end in this direction, and with it all that follow.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isPast = (
  window: RunWindow,
  direction: RunCursor.OrderByDirection,
  { runStartTime }: Pick<AnyRun, "runStartTime">
): boolean =>
  runStartTime !== undefined &&
  (direction === "desc"
    ? DateTime.isLessThan(runStartTime, window.since)
    : DateTime.isGreaterThanOrEqualTo(runStartTime, window.until))

/**
 * A window for people: in its zone, and in UTC.
 *
 * **Details**
 *
 * Local times are shown to the minute, those in UTC exactly. A machine without a time zone is said to be one.
 *
 * @category formatting
 * @since 0.1.0
 */
export const format = (window: RunWindow): string => {
  const zone = time.zoneOf(window.timeZone)
  const name = window.timeZoneSource === "fallback"
    ? `${window.timeZone}, as this machine has no time zone`
    : window.timeZone
  const utc = `${iso(window.since)} – ${iso(window.until)}`
  return zone === undefined ? utc : `${local(window.since, zone)} – ${local(window.until, zone)} ${name} (${utc})`
}

const local = (instant: DateTime.Utc, { zone }: time.Zone): string => {
  const shown = DateTime.toParts(DateTime.setZone(instant, zone))
  const two = (part: number) => String(part).padStart(2, "0")
  return `${shown.year}-${two(shown.month)}-${two(shown.day)} ${two(shown.hour)}:${two(shown.minute)}`
}

const iso = (instant: DateTime.Utc): string => DateTime.formatIso(instant).replace(/(:00)?\.000Z$/, "Z")
