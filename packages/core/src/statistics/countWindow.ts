/** Counts the runs of a window within the bounds of a reading, and compares two windows. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { check } from "../error/check.ts"
import { type Query, type Reading, readRuns } from "../list/readRuns.ts"
import { zoneOf } from "../report/time.ts"
import { jobID } from "../Run.ts"
import { type ListError, listPage, type RunsClient } from "../RunsClient.ts"
import type { RunWindow } from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { Accumulator } from "./accumulator.ts"
import { compare } from "./change.ts"
import type { Options, RunStatistics } from "./model.ts"
import type { Summary } from "./summaryModel.ts"

export interface WindowCount {
  readonly window: RunWindow
  readonly statistics: RunStatistics
  readonly reading: Reading
}

/** Counts a window. It fails if several jobs have the name in `jobID`: they are not counted together. */
export const countWindow = Effect.fnUntraced(function*(
  query: Query & { readonly window: RunWindow },
  options: Options
): Effect.fn.Return<WindowCount, ListError, RunsClient> {
  const { window } = query
  const accumulator = new Accumulator({ ...options, timeZone: zoneOf(window.timeZone) })
  const jobIDs = new Set<number>()
  const reading = yield* readRuns(query, (run) => {
    accumulator.add(run)
    const id = query.jobID === undefined ? undefined : jobID(run)
    if (id !== undefined) jobIDs.add(id)
  })
  const ids = [...jobIDs].join(", ")
  yield* check<Query>([[jobIDs.size > 1, "jobID", `Several jobs have this name: pass one of the ids ${ids}`]])
  return { window, statistics: accumulator.result(), reading }
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
