/** Finds the runs nearest to a window in which nothing matched: "nothing failed" is other news than "nothing ran". */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { ListRunsQuery } from "../ListRunsQuery.ts"
import { line } from "../Report.ts"
import type { Line } from "../report/model.ts"
import { distance } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import * as RunsClient from "../RunsClient.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { apiFilters, filteredHere, matches, type Query } from "./readRuns.ts"
import { fromRun, RunLine } from "./RunLine.ts"
import { withoutStart } from "./runWords.ts"

/**
 * The runs nearest to a window without a match. They match the filters, but for `latest`. If no run of the job or of the
 * statuses is among the 250 rows on a side, it is the nearest that matches the filters of the API.
 */
export const NearestRuns = Schema.Struct({
  before: Schema.optionalKey(RunLine),
  after: Schema.optionalKey(RunLine),
  /** The latest run of any kind. Only where there is none before or after. */
  latest: Schema.optionalKey(RunLine),
  /** Why they are not known: no time was left, or a request failed. */
  unavailable: Schema.optionalKey(Schema.Literals(["time_limit", "error"]))
})

export interface NearestRuns extends Schema.Schema.Type<typeof NearestRuns> {}

/** How many rows on either side are searched for a filter that the API lacks. */
const maxSearched = 250

/** Returns the first run. An undecodable row is an error here, because it is a run too. */
const first = (query: ListRunsQuery) =>
  Effect.map(
    RunsClient.listPage({ ...query, limit: 1, detail: false }),
    ({ runs: [run] }) => run === undefined ? undefined : fromRun(run)
  )

/** Returns the first run of the job and of the statuses that were asked for or, if there is none, the first of any. */
const firstMatch = (filters: Query, query: ListRunsQuery) =>
  filteredHere(filters).length === 0
    ? first(query)
    : Effect.map(
      RunsClient.listPage({ ...query, limit: maxSearched, detail: true, undecodableRows: "skip" }),
      ({ runs }) => {
        const started = runs.filter(({ runStartTime }) => runStartTime !== undefined).map((run) => fromRun(run))
        return started.find((run) => matches(filters, run)) ?? started[0]
      }
    )

const search = Effect.fnUntraced(function*(query: Query) {
  const { window } = query
  // A server may list runs without a start last: they are neither before nor after.
  const by = (orderByDirection: "asc" | "desc", startingFrom: DateTime.Utc) =>
    Effect.map(
      firstMatch(query, { ...apiFilters(query), orderBy: "runStartTime", orderByDirection, startingFrom }),
      (run) => run?.runStartTime === undefined ? undefined : run
    )
  const [before, after] = window === undefined ? [] : yield* Effect.all([
    by("desc", window.since),
    by("asc", DateTime.subtract(window.until, { milliseconds: 1 }))
  ], { concurrency: 2 })
  const latest = before === undefined && after === undefined
    ? yield* first({ orderBy: "id", orderByDirection: "desc" })
    : undefined
  return omitUndefined({ before, after, latest })
})

/** Finds the nearest runs with two or three requests. It never fails: that they are not known is a fact too. */
export const findNearest = (
  query: Query,
  time: Duration.Duration
): Effect.Effect<NearestRuns, never, RunsClient.RunsClient> =>
  search(query).pipe(
    Effect.timeoutOption(time),
    Effect.map(Option.getOrElse((): NearestRuns => ({ unavailable: "time_limit" }))),
    Effect.catch(() => Effect.succeed<NearestRuns>({ unavailable: "error" }))
  )

/** Says what {@link findNearest} found. */
export const nearestLines = (
  { after, before, latest, unavailable }: NearestRuns,
  query: Query,
  { bounds, minute, name, status }: Words
): ReadonlyArray<Line> => {
  const { window } = query
  const filters = Object.keys(apiFilters(query))
  const which = (found?: RunLine): string => {
    const here = filteredHere(query)
    const isMatch = found !== undefined && matches(query, found)
    const beyond = isMatch ? [] : here.map((filter) => filter === "jobID" ? "of any job" : "of any status")
    const names = isMatch ? [...filters, ...here] : filters
    return [...(names.length === 0 ? [] : [`that matches ${names.join(", ")}`]), ...beyond]
      .map((words, index) => `${index === 0 ? " " : ", "}${words}`).join("")
  }
  const run = (found: RunLine): Line => {
    const { id, runStartTime, runStatus, runType } = found
    const start = runStartTime === undefined ? withoutStart(found) : minute(runStartTime)
    return line`run ${id} (${name(runType, bounds.id)}, ${status(runStatus)}, ${start})`
  }
  const sentenceOf = (side: "before" | "after", found: RunLine | undefined, edge: DateTime.Utc | undefined) => {
    if (found?.runStartTime === undefined || edge === undefined) return []
    const away = distance(found.runStartTime.epochMilliseconds - edge.epochMilliseconds)
    return [line`The nearest run${which(found)} ${side} the window is ${run(found)}, ${away} ${side} it.`]
  }
  if (unavailable !== undefined) {
    return [[`The nearest run is not known: ${unavailable === "error" ? "a request failed" : "no time was left"}.`]]
  }
  if (before !== undefined || after !== undefined) {
    return [...sentenceOf("before", before, window?.since), ...sentenceOf("after", after, window?.until)]
  }
  return [
    ...(window !== undefined && filters.length > 0 ? [[`No run${which()} is before or after the window.`]] : []),
    latest === undefined
      ? ["The token sees no runs at all: the account has none, or the token may not see them."]
      : line`The latest run of any kind is ${run(latest)}.`
  ]
}
