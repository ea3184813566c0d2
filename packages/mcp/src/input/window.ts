/** The time window of a call, from its arguments: by a name, or from `since` to `until`, in a zone. */
import type * as RunsError from "@coalesce-runs/core/RunsError"
import * as RunWindow from "@coalesce-runs/core/RunWindow"
import type * as Config from "effect/Config"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as time from "../result/time.ts"
import type { WindowArgs } from "./fields.ts"
import { withTimeZone } from "./timeZone.ts"

/** What a call's times are shown in, and the interval that it asked for. */
export interface Interval {
  readonly window: RunWindow.RunWindow | undefined
  readonly zone: DateTime.TimeZone
  readonly zoneName: string
}

/** The window, or the one named where none is asked for. */
export const resolveOr = (
  args: WindowArgs,
  otherwise: RunWindow.Name
): Effect.Effect<
  Interval & { readonly window: RunWindow.RunWindow },
  RunsError.InvalidQuery | Config.ConfigError
> =>
  withTimeZone(args, ({ since, timeZone, until, window = otherwise }) =>
    Effect.map(
      since === undefined ? RunWindow.named(window, { timeZone }) : RunWindow.make({ since, until, timeZone }),
      (window) => ({ window, zone: time.zoneOf(window.timeZone), zoneName: window.timeZone })
    ))

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
