/** Counts the runs of a window within the bounds of a reading, and compares two windows. */
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type ListError, listPage, type RunsClient } from "../client/service.ts"
import { check } from "../error/check.ts"
import * as adapt from "../history/adapt.ts"
import { standardMost } from "../history/concurrency.ts"
import { type AnyRun, Bounds, errorOf, Progress, type Query, type Reading, readRuns } from "../list/readRuns.ts"
import { zoneOf } from "../report/time.ts"
import { jobID } from "../Run.ts"
import type { RunWindow } from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { Accumulator } from "./accumulator.ts"
import { compare } from "./change.ts"
import type { Options, RunStatistics } from "./model.ts"
import type { Summary } from "./summaryModel.ts"

/** The rows that are read before a window is divided, and about those of a slice. */
const firstRows = 1000
const sliceRows = 2000
const maxSlices = 200

/** Of so many failed runs the causes are known one by one. */
const maxCauseKeys = 10_000

export interface WindowCount {
  readonly window: RunWindow
  readonly statistics: RunStatistics
  readonly reading: Reading
  /** The causes that the reasons of failed runs name, by their ids; empty for a reason that names none. */
  readonly causeKeys: ReadonlyMap<number, string>
}

type WindowQuery = Query & { readonly window: RunWindow }

/** Divides what a reading left of a window, the latest part first. How long the parts are follows from what was read. */
export const slicesOf = (query: WindowQuery, { cursor, rows }: Reading): ReadonlyArray<WindowQuery> => {
  const { window } = query
  const [since, until] = [DateTime.toEpochMillis(window.since), DateTime.toEpochMillis(window.until)]
  const end = cursor.value ?? until
  const expected = rows * ((end - since) / Math.max(1, until - end))
  const count = Math.min(Math.max(1, Math.ceil(expected / sliceRows)), maxSlices, Math.max(1, end - since))
  const edge = (index: number) => DateTime.makeUnsafe(Math.round(end - ((end - since) * index) / count))
  return Array.from({ length: count }, (_, index) => ({
    ...query,
    window: {
      ...window,
      since: index === count - 1 ? window.since : edge(index + 1),
      // The first part goes on among the runs that started in one millisecond.
      until: index === 0 ? window.until : edge(index)
    },
    ...(index === 0 ? { startingFrom: cursor } : {})
  }))
}

/** What is known where a slice could not be read. */
const unread = (error: ListError, { cursor }: Reading): Reading => ({
  runs: [],
  found: 0,
  rows: 0,
  undecodable: undefined,
  truncated: "error",
  cursor,
  reachedEdge: false,
  error: errorOf(error),
  jobs: []
})

const both = (one: Reading, next: Reading): Reading => ({
  ...next,
  runs: [],
  found: one.found + next.found,
  rows: one.rows + next.rows,
  undecodable: one.undecodable === undefined || next.undecodable === undefined
    ? one.undecodable ?? next.undecodable
    : { count: one.undecodable.count + next.undecodable.count, first: one.undecodable.first },
  jobs: [...one.jobs, ...next.jobs]
})

/**
 * Counts a window: its latest runs, then the rest of it in slices, several at the same time. It fails if several jobs have the
 * name in `jobID`: they are not counted together.
 */
export const countWindow = Effect.fnUntraced(function*(
  query: WindowQuery,
  options: Options,
  maxRows: number,
  time: Effect.Effect<Duration.Duration>
): Effect.fn.Return<WindowCount, ListError, RunsClient> {
  const { window } = query
  const accumulator = new Accumulator({ ...options, timeZone: zoneOf(window.timeZone) })
  const jobIDs = new Set<number>()
  const causeKeys = new Map<number, string>()
  const progress = yield* Progress
  const count = (run: AnyRun): void => {
    const cause = accumulator.count(run)
    if (run.runStatus === "failed" && causeKeys.size < maxCauseKeys) causeKeys.set(run.id, cause?.key ?? "")
    const id = query.jobID === undefined ? undefined : jobID(run)
    if (id !== undefined) jobIDs.add(id)
  }
  const read = (query: WindowQuery, rows: number, onRun?: (run: AnyRun) => void) =>
    Effect.flatMap(time, (time) => Effect.provideService(readRuns(query, onRun), Bounds, { rows, time }))

  let reading = yield* read(query, Math.min(firstRows, maxRows), count)
  yield* progress(reading.rows)
  if (reading.truncated === "row_limit" && reading.rows < maxRows) {
    const first = reading
    reading = { ...first, truncated: false }
    const adapted = yield* adapt.make(undefined, 1)
    // No more slices than the rows that are left can fill: what lies behind them is not counted.
    const concurrency = Math.min(standardMost, Math.ceil((maxRows - first.rows) / sliceRows))
    yield* Stream.fromIterable(slicesOf(query, first)).pipe(
      Stream.mapEffect(
        (slice) =>
          adapted.read(
            Effect.map(Effect.result(read(slice, maxRows)), Result.getOrElse((error) => unread(error, reading))),
            ({ rows }) => rows
          ),
        { concurrency }
      ),
      Stream.runForEachWhile((slice) => {
        if (reading.rows + slice.rows > maxRows) {
          reading = { ...reading, truncated: "row_limit" }
          return Effect.succeed(false)
        }
        slice.runs.forEach(count)
        reading = both(reading, slice)
        return Effect.as(progress(reading.rows), slice.truncated === false)
      }),
      Effect.provideService(Progress, () => Effect.void)
    )
  }
  const ids = [...jobIDs].join(", ")
  yield* check<Query>([[jobIDs.size > 1, "jobID", `Several jobs have this name: pass one of the ids ${ids}`]])
  return { window, statistics: accumulator.result(), reading, causeKeys }
})

/** Returns the part of a window that a truncated reading left: the latest runs are read first. */
export const remainingOf = (
  { reading: { cursor: { value }, truncated }, window: { name: _, ...window } }: WindowCount
): RunWindow | undefined =>
  // Where nothing was read, the same window would be read again.
  truncated === false || value === undefined || value + 1 >= DateTime.toEpochMillis(window.until)
    ? undefined
    : { ...window, until: DateTime.makeUnsafe(value + 1) }

export type Comparison = Pick<Summary, "previous" | "change" | "changeUnavailable">

/** Returns whether a run of the environment began before a window: otherwise the window reaches beyond the history. */
export const hasRunBefore = (environmentID: string | undefined, { since }: RunWindow) =>
  Effect.map(
    listPage({
      ...omitUndefined({ environmentID }),
      orderBy: "runStartTime",
      orderByDirection: "desc",
      startingFrom: since,
      undecodableRows: "skip",
      limit: 1
    }),
    ({ runs, undecodable }) => undecodable.length > 0 || runs.some(({ runStartTime }) => runStartTime !== undefined)
  )

/** Compares two windows, unless the earlier one was not read whole. */
export const compareWindows = (
  now: WindowCount,
  { reading: { truncated, undecodable }, statistics, window }: WindowCount
): Comparison => {
  if (truncated !== false) return { changeUnavailable: truncated === "limit" ? "row_limit" : truncated }
  const { groupBy: _by, groups: _groups, otherGroups: _others, ...ungrouped } = statistics
  return {
    previous: { window, statistics: ungrouped, ...omitUndefined({ undecodable }) },
    change: compare(now.statistics, statistics)
  }
}
