/** The runs of a window, and which of them failed. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { identityOf } from "../inspection/identity.ts"
import {
  attempt,
  counted,
  type PagesBack,
  readBack,
  unavailable,
  unavailablePages,
  valueOf
} from "../inspection/part.ts"
import { type FailureReasons, newestFirst, reasonsOf } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import * as RunsClient from "../RunsClient.ts"
import * as RunWindow from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { OtherFailure, Unavailable } from "./model.ts"
import { recoveryOf } from "./recovery.ts"
import * as requests from "./requests.ts"

/** How many runs of a window are read at first, and at most. */
const firstPage = 200
const maxRows = 1000
const maxFailures = 250
const maxDetails = 50
const maxBefore = 5

export interface WindowFilter {
  readonly window: RunWindow.RunWindow
  readonly runType: Run.KnownRunType
  readonly environmentID: string | undefined
  readonly jobID: number | undefined
}

export interface WindowRuns {
  /** Detailed rows of any type and job, and those before the window as far as the pages reach. Absent if unavailable. */
  readonly rows: PagesBack<Run.Run> | undefined
  /** Whether the rows do not reach the beginning of the window. */
  readonly truncated: boolean
  /** Failed runs that began in the window, or before it and failed in it, and match the filter; the newest first. */
  readonly failures: ReadonlyArray<Run.AnyRun>
  /** Whether there may be more of them. */
  readonly failuresTruncated: boolean
  /** Failed runs that began before the window and match the filter, as far as they were read, the newest first. */
  readonly olderFailures: ReadonlyArray<Run.AnyRun>
  /** Whether a page of the failures before the window was requested. */
  readonly hasOlderPage: boolean
  /** Runs of the other type that failed in the window. */
  readonly failuresOfOtherType: ReadonlyArray<Run.AnyRun>
  readonly reasons: FailureReasons
  readonly hasReasons: boolean
  readonly unavailable: ReadonlyArray<Unavailable>
}

export const isBefore = (window: RunWindow.RunWindow, { runStartTime }: Run.AnyRun): boolean =>
  runStartTime !== undefined && runStartTime.epochMilliseconds < window.since.epochMilliseconds

/** Whether a run began before the window and ended in it. */
export const endedIn = (window: RunWindow.RunWindow, run: Run.AnyRun): boolean =>
  run.runEndTime !== undefined && isBefore(window, run) &&
  RunWindow.contains(window, { runStartTime: run.runEndTime })

/** Whether a run is of the type and the job that a window is narrowed to. */
export const matchesFilter =
  ({ jobID, runType }: Pick<WindowFilter, "jobID" | "runType">) => (run: Run.AnyRun): boolean =>
    run.runType === runType && (jobID === undefined || Run.isOfJob(jobID)(run))

/** Adds details to failed runs: the rows of a busy window may not reach back to all of them. */
export const withDetails = Effect.fnUntraced(function*(
  { environmentID, runType, window }: WindowFilter,
  runs: ReadonlyArray<Run.AnyRun>
) {
  if (runs.every(Run.isDetailed)) return { runs, page: undefined }
  const page = yield* attempt(requests.failedWithDetails(window, environmentID, runType, maxDetails))
  const byId = new Map(valueOf(page)?.runs.map((run) => [run.id, run]))
  return { runs: runs.map((run) => byId.get(run.id) ?? run), page }
})

/** Returns whether a failed run of a window is over, as the window's rows tell; undefined if they do not show it. */
export const isOver = (run: Run.AnyRun, { rows }: Pick<WindowRuns, "rows">): OtherFailure["recovery"] => {
  if (rows === undefined || !Run.isDetailed(run) || !rows.rows.some(({ id }) => id === run.id)) return undefined
  const later = rows.rows.filter(({ id }) => id > run.id)
  const { run: decisive, state } = recoveryOf(run, identityOf(run, rows.rows), later, false)
  return { state, ...omitUndefined({ runID: decisive?.id }) }
}

/** Whether a failed run is a failure of the window: it began in it, or before it and failed in it. */
export const isOfWindow = (window: RunWindow.RunWindow, run: Run.AnyRun): boolean =>
  RunWindow.contains(window, run) || endedIn(window, run)

/**
 * Only a detailed row says of which job a run is that began before the window and failed in it. The details of the latest are
 * read run by run. Where they show no failure of the job, a page of all of them has the others.
 */
const readDetails = Effect.fnUntraced(function*(
  filter: WindowFilter,
  summaries: ReadonlyArray<Run.RunSummary>,
  rows: ReadonlyArray<Run.Run>
) {
  const { environmentID, jobID, runType, window } = filter
  const known = new Set(rows.map(({ id }) => id))
  const unknown = jobID === undefined
    ? []
    : summaries.filter((run) => run.runType === runType && endedIn(window, run) && !known.has(run.id))
  const read = yield* Effect.forEach(
    unknown.slice(0, maxBefore),
    ({ id }) => Effect.map(attempt(RunsClient.get(id)), (details) => ({ id, details })),
    { concurrency: "unbounded" }
  )
  const details = read.flatMap(({ details }) => valueOf(details) ?? [])
  const matches = matchesFilter(filter)
  const isFound = [...details, ...rows].some((run) =>
    run.runStatus === "failed" && matches(run) && isOfWindow(window, run)
  )
  const page = isFound || details.length === unknown.length
    ? undefined
    : yield* attempt(requests.failuresBefore(window, environmentID, maxFailures))
  const runs = [...details, ...valueOf(page)?.runs ?? []]
  const found = new Set(runs.map(({ id }) => id))
  return {
    runs,
    hasPage: page !== undefined,
    // One whose details are not known may be of the job.
    truncated: unknown.some(({ id }) => !found.has(id)),
    unavailable: [
      ...read.flatMap(({ details, id }) => found.has(id) ? [] : unavailable("details", details, id)),
      ...unavailablePages("history", [page])
    ]
  }
})

/** Reads a window's runs in both forms, in one round trip. It fails if no run of the window can be chosen. */
export const readWindow = Effect.fnUntraced(function*(
  filter: WindowFilter
): Effect.fn.Return<WindowRuns, RunsClient.ListError, RunsClient.RunsClient> {
  const { environmentID, jobID, runType, window } = filter
  const page = requests.runsOfWindow(window, environmentID)
  const [first, failed] = yield* Effect.all([
    counted(page(firstPage)),
    counted(requests.failuresOfWindow(window, environmentID, maxFailures))
  ], { concurrency: "unbounded" })

  // Only detailed rows have the job, and only summaries surely include every failed run.
  const needsAll = jobID !== undefined || Result.isFailure(failed)
  if (Result.isFailure(first) && needsAll) return yield* Effect.fail(first.failure)
  const reachesBack = (rows: ReadonlyArray<Run.AnyRun>) => rows.some((run) => isBefore(window, run))
  const rows = Result.isFailure(first)
    ? undefined
    : yield* readBack(first.success, needsAll ? maxRows : firstPage, page, reachesBack)
  const truncated = rows === undefined || (rows.ended !== "all" && rows.ended !== "enough")
  if (Result.isFailure(failed) && truncated) return yield* Effect.fail(failed.failure)

  const summaries = valueOf(failed)
  // Each failed run once: the detailed row if there is one.
  const byId = new Map<number, Run.AnyRun>(summaries?.runs.map((run) => [run.id, run]))
  const details = yield* readDetails(filter, summaries?.runs ?? [], rows?.rows ?? [])
  for (const run of [...details.runs, ...rows?.rows ?? []]) if (run.runStatus === "failed") byId.set(run.id, run)
  const all = newestFirst([...byId.values()])
  const matching = all.filter(matchesFilter(filter))
  const isInWindow = (run: Run.AnyRun) => isOfWindow(window, run)
  return {
    rows,
    truncated,
    failures: matching.filter(isInWindow),
    failuresTruncated: details.truncated || (truncated &&
      (jobID !== undefined || (summaries?.hasMore === true && !reachesBack(summaries.runs)))),
    olderFailures: matching.filter((run) => isBefore(window, run)),
    hasOlderPage: details.hasPage,
    failuresOfOtherType: all.filter((run) => run.runType !== runType && isInWindow(run)),
    reasons: reasonsOf(summaries?.runs ?? []),
    hasReasons: summaries !== undefined,
    unavailable: [
      ...unavailablePages("runsOfWindow", rows?.pages ?? [first]),
      ...unavailablePages("runFailureReasons", [failed]),
      ...details.unavailable
    ]
  }
})
