/** Finds the runs nearest to a window in which nothing matched: "nothing failed" is other news than "nothing ran". */
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { End } from "../client/references.ts"
import * as RunsClient from "../client/service.ts"
import type { ListRunsQuery } from "../ListRunsQuery.ts"
import { join, line } from "../report/line.ts"
import type { Line } from "../report/model.ts"
import { distance } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import { environmentID } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { apiFilters, filteredHere, matches, type Query } from "./readRuns.ts"
import { boundedLine, fromRun, RunLine } from "./RunLine.ts"
import { titleOf, withoutStart } from "./runWords.ts"

/**
 * The runs nearest to a window without a match. They match the filters, but for `latest`: a run of another job is not
 * among them. If no run of several statuses is among the 1,000 rows on a side, it is the nearest of any status.
 */
export const NearestRuns = Schema.Struct({
  before: Schema.optionalKey(RunLine),
  after: Schema.optionalKey(RunLine),
  /** The latest run of any kind. Only where there is none before or after, and no job was asked for. */
  latest: Schema.optionalKey(RunLine),
  /** The environments of the latest 100 runs. Only where there is none before or after in the one that was asked for. */
  environments: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Why they are not known: no time was left, or a request failed. */
  unavailable: Schema.optionalKey(Schema.Literals(["time_limit", "error"]))
})

export interface NearestRuns extends Schema.Schema.Type<typeof NearestRuns> {}

/** How many rows on either side are searched for a filter that the API lacks. */
const maxSearched = 1000
const maxForEnvironments = 100
const maxEnvironments = 20

/** Returns the first run that matches. Without a filter that the API lacks, an undecodable row is an error: it is a run too. */
const firstMatch = (filters: Query, query: ListRunsQuery) => {
  const isFiltered = filteredHere(filters).length > 0
  return Effect.map(
    RunsClient.listPage({
      ...query,
      detail: true,
      limit: isFiltered ? maxSearched : 1,
      undecodableRows: isFiltered ? "skip" : "fail"
    }),
    ({ runs }) => {
      // A server may list runs without a start last: they are neither before nor after.
      const started = runs.filter(({ runStartTime }) => runStartTime !== undefined).map((run) => fromRun(run))
      const match = started.find((run) => matches(filters, run)) ??
        started.find((run) => matches({ jobID: filters.jobID }, run))
      return match && boundedLine(match)
    }
  )
}

/** Returns what is known without a match before or after: the latest run, and which environments there are. */
const readLatest = (query: Query) =>
  Effect.map(
    RunsClient.listPage({
      orderBy: "id",
      orderByDirection: "desc",
      ...(query.environmentID === undefined ? { limit: 1 } : { limit: maxForEnvironments, undecodableRows: "skip" })
    }),
    ({ runs }) => {
      const [latest] = runs
      const seen = [...new Set(runs.flatMap((run) => environmentID(run) ?? []))]
      return {
        latest: query.jobID !== undefined || latest === undefined ? undefined : boundedLine(fromRun(latest)),
        environments: query.environmentID === undefined || seen.length === 0
          ? undefined
          : seen.slice(0, maxEnvironments)
      }
    }
  )

/**
 * Reads the nearest runs with one request for each side, and one more where there is none. `known` is for those who
 * have read the rows before the window.
 */
export const readNearest = Effect.fnUntraced(function*(
  query: Query,
  known?: { readonly before: RunLine | undefined }
): Effect.fn.Return<NearestRuns, RunsClient.ListError, RunsClient.RunsClient> {
  const { window } = query
  const by = (orderByDirection: "asc" | "desc", startingFrom: DateTime.Utc) =>
    firstMatch(query, { ...apiFilters(query), orderBy: "runStartTime", orderByDirection, startingFrom })
  const [before, after] = window === undefined ? [] : yield* Effect.all([
    known === undefined ? by("desc", window.since) : Effect.succeed(known.before),
    by("asc", DateTime.subtract(window.until, { milliseconds: 1 }))
  ], { concurrency: 2 })
  const isKnown = before !== undefined || after !== undefined ||
    (query.jobID !== undefined && query.environmentID === undefined)
  const { environments, latest } = isKnown ? {} : yield* readLatest(query)
  return omitUndefined({ before, after, latest, environments })
})

/** Finds the nearest runs within a time. It never fails: that they are not known is a fact too. */
export const findNearest = (
  query: Query,
  time: Duration.Duration
): Effect.Effect<NearestRuns, never, RunsClient.RunsClient> =>
  readNearest(query).pipe(
    Effect.provideService(End, "known"),
    Effect.timeoutOption(time),
    Effect.map(Option.getOrElse((): NearestRuns => ({ unavailable: "time_limit" }))),
    Effect.catch(() => Effect.succeed<NearestRuns>({ unavailable: "error" }))
  )

/** Says what {@link readNearest} found. */
export const nearestLines = (
  { after, before, environments = [], latest, unavailable }: NearestRuns,
  query: Query,
  words: Words
): ReadonlyArray<Line> => {
  const { bounds, environment, minute, status } = words
  const { window } = query
  const { runType, ...filters } = apiFilters(query)
  const which = (found?: RunLine): string => {
    const isMatch = found === undefined || matches(query, found)
    const names = [
      ...Object.keys(filters),
      ...filteredHere(query).filter((filter) => isMatch || filter === "jobID")
    ]
    return `${runType ?? "run"}${names.length === 0 ? "" : ` that matches ${names.join(", ")}`}${
      isMatch ? "" : `${names.length === 0 ? "" : ","} of any status`
    }`
  }
  const run = (found: RunLine): Line => {
    const start = found.runStartTime === undefined ? withoutStart(found) : minute(found.runStartTime)
    return line`run ${found.id} (${titleOf(found, words)}, ${status(found.runStatus)}, ${start})`
  }
  const sentenceOf = (side: "before" | "after", found: RunLine | undefined, edge: DateTime.Utc | undefined) => {
    if (found?.runStartTime === undefined || edge === undefined) return []
    const away = distance(found.runStartTime.epochMilliseconds - edge.epochMilliseconds)
    return [line`The nearest ${which(found)} ${side} the window is ${run(found)}, ${away} ${side} it.`]
  }
  if (unavailable !== undefined) {
    return [[`The nearest run is not known: ${unavailable === "error" ? "a request failed" : "no time was left"}.`]]
  }
  if (before !== undefined || after !== undefined) {
    return [...sentenceOf("before", before, window?.since), ...sentenceOf("after", after, window?.until)]
  }
  const listed = environments.slice(0, bounds.names)
  const more = environments.length - listed.length
  return [
    ...(window === undefined || which() === "run" ? [] : [[
      filteredHere(query).length === 0
        ? `No ${which()} is before or after the window.`
        : `No ${which()} is among the ${maxSearched} rows before or after the window.`
    ]]),
    ...(latest !== undefined
      ? [line`The latest run of any kind is ${run(latest)}.`]
      : query.jobID === undefined
      ? [["The token sees no runs at all: the account has none, or the token may not see them."]]
      : []),
    ...(listed.length === 0
      ? []
      : [
        line`Environments of the latest runs: ${join(listed.map(environment), ", ")}${
          more === 0 ? "" : ` and ${more} more`
        }.`
      ])
  ]
}
