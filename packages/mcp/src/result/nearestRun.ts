/** How close the nearest run is, for an answer with none: "nothing failed" and "nothing ran" are not the same news. */
import type * as ListRunsQuery from "@coalesce-runs/core/ListRunsQuery"
import type * as Run from "@coalesce-runs/core/Run"
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import type * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as time from "./time.ts"
import { clean, lengths, word } from "./untrustedText.ts"

export interface Options {
  readonly window: RunWindow.RunWindow | undefined
  readonly filters: Pick<ListRunsQuery.ListRunsQuery, "runType" | "runStatus" | "environmentID">
  /** What the call asked for and these filters do not, such as `of any job`. */
  readonly beyond?: ReadonlyArray<string>
  /** Whether the call went on from an earlier one: then the empty answer is the end of a list. */
  readonly isContinued: boolean
  /** What is left of the call's time. */
  readonly time: Duration.Duration
  readonly zone: DateTime.TimeZone
}

/** A row that cannot be read is an error here: without it, it would be no run. */
const first = (query: ListRunsQuery.ListRunsQuery) =>
  Effect.map(
    RunsClient.listPage({ ...query, limit: 1, detail: false }),
    ({ runs }): Run.AnyRun | undefined => runs[0]
  )

const shown = (run: Run.AnyRun, zone: DateTime.TimeZone): string =>
  `run ${run.id} (${word(clean(run.runType, lengths.word))}, ${word(clean(run.runStatus, lengths.word))}${
    run.runStartTime === undefined ? ", not started" : `, ${time.localMinute(run.runStartTime, zone)}`
  })`

const away = (run: Run.AnyRun, edge: DateTime.Utc): string =>
  run.runStartTime === undefined
    ? ""
    : ` ${time.distance(DateTime.toEpochMillis(run.runStartTime) - DateTime.toEpochMillis(edge))}`

const lookup = Effect.fnUntraced(function*({ beyond = [], filters, window, zone }: Options) {
  const isFiltered = Object.keys(filters).length > 0
  const which = [isFiltered ? ` that matches ${Object.keys(filters).join(", ")}` : "", ...beyond].join(", ")
  const around = window === undefined
    ? []
    : yield* Effect.all([
      first({ ...filters, orderBy: "runStartTime", orderByDirection: "desc", startingFrom: window.since }),
      first({
        ...filters,
        orderBy: "runStartTime",
        orderByDirection: "asc",
        startingFrom: DateTime.subtract(window.until, { milliseconds: 1 })
      })
    ], { concurrency: 2 })
  const [before, after] = around
  const notes = [
    ...(window === undefined || before === undefined
      ? []
      : [`The nearest run before${which} is ${shown(before, zone)},${away(before, window.since)} before the interval`]),
    ...(window === undefined || after === undefined
      ? []
      : [`The nearest run after${which} is ${shown(after, zone)},${away(after, window.until)} after the interval`])
  ]
  if (notes.length > 0) return notes
  const latest = yield* first({ orderBy: "id", orderByDirection: "desc" })
  return [
    ...(window !== undefined && isFiltered
      ? [`No run${which} lies before or after the interval`]
      : []),
    latest === undefined
      ? "This token sees no runs at all: the account has none, or the token may not see them"
      : `The latest run of any kind is ${shown(latest, zone)}`
  ]
})

/** Sentences on it, or that it could not be looked up: the answer itself stands. */
export const find = (options: Options): Effect.Effect<ReadonlyArray<string>, never, RunsClient.RunsClient> =>
  options.isContinued
    ? Effect.succeed(["Nothing follows this startingFrom: it is the end of the list"])
    : lookup(options).pipe(
      Effect.timeoutOption(options.time),
      Effect.map(Option.getOrElse((): ReadonlyArray<string> => ["There was no time to look for the nearest run"])),
      Effect.catch(() => Effect.succeed(["The nearest run could not be looked up"]))
    )
