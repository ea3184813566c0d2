/** The time window of a call, from its arguments: by a name, or from `since` to `until`, in a zone. */
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as Config from "effect/Config"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as time from "../result/time.ts"
import type { WindowArgs } from "./fields.ts"

/** What a call's times are shown in, and the interval that it asked for. */
export interface Interval {
  readonly window: RunWindow.RunWindow | undefined
  readonly zone: DateTime.TimeZone
  readonly zoneName: string
}

const configuredZone = Config.option(Config.String("COALESCE_TIME_ZONE"))

/** The interval, or the one named where none is asked for; its zone from the arguments, from `COALESCE_TIME_ZONE`, or from the machine. */
export const resolveOr = Effect.fnUntraced(function*(
  args: WindowArgs,
  otherwise: RunWindow.Name
): Effect.fn.Return<
  Interval & { readonly window: RunWindow.RunWindow },
  RunsError.InvalidQuery | Config.ConfigError
> {
  const configured = args.timeZone === undefined
    ? Option.getOrUndefined(Option.filter(yield* configuredZone, (name) => name.trim() !== ""))
    : undefined
  const timeZone = args.timeZone ?? configured
  const asked = args.since === undefined
    ? RunWindow.named(args.window ?? otherwise, { timeZone })
    : RunWindow.make({ since: args.since, until: args.until, timeZone })
  const window = yield* Effect.mapError(
    asked,
    (error) =>
      configured === undefined ? error : new RunsError.InvalidQuery({
        violations: error.violations.map(({ field, reason }) => ({
          field: field === "timeZone" ? "COALESCE_TIME_ZONE" : field,
          reason: field === "timeZone"
            ? `${reason}. Give timeZone with the call, until the variable is corrected`
            : reason
        }))
      })
  )
  return { window, zone: time.zoneOf(window.timeZone), zoneName: window.timeZone }
})

/** The same for a tool that asks without an interval too: then only its zone counts. */
export const resolve = (args: WindowArgs): Effect.Effect<Interval, RunsError.InvalidQuery | Config.ConfigError> =>
  Effect.map(
    resolveOr(args, "today"),
    (interval) => args.window === undefined && args.since === undefined ? { ...interval, window: undefined } : interval
  )

/** What an interval looks like in structured content. */
export const IntervalContent = Schema.Struct({
  since: Schema.String,
  until: Schema.String,
  timeZone: Schema.String,
  local: Schema.String,
  excludes: Schema.String
})

const excluded = "runs that have not started"

export const toContent = (window: RunWindow.RunWindow, zone: DateTime.TimeZone): typeof IntervalContent.Type => ({
  since: time.isoUtc(window.since),
  until: time.isoUtc(window.until),
  timeZone: window.timeZone,
  local: `${time.localMinute(window.since, zone)} – ${time.localMinute(window.until, zone)}`,
  excludes: excluded
})

/** The same as a sentence. */
export const toText = (window: RunWindow.RunWindow): string => `${RunWindow.format(window)}; ${excluded} are not in it`
