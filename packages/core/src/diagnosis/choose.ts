/**
 * Which run the question is about.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import type * as RunsClient from "../RunsClient.ts"
import * as RunWindow from "../RunWindow.ts"
import { newestFirst, type Reasons, reasonsOf } from "./lines.ts"
import { noteUndecodable, type ReadBack, readBack, type Reading, unreadOf } from "./reading.ts"
import * as requests from "./requests.ts"

/** How many runs of a window are read at first, and at most. */
const firstPage = 200
const maxWindow = 1000
const maxFailures = 250
const maxDetails = 50

/** The run, with what was read on the way to it. */
export interface Chosen {
  /** The detailed row where it could be read, otherwise the summary. */
  readonly run: Run.AnyRun
  readonly reasons: Reasons
  /** Whether the reasons of the failures before it were read with it. */
  readonly hasReasons: boolean
}

export interface ById extends Chosen {
  readonly results: ReadonlyArray<RunResult> | undefined
  readonly link: string | undefined
}

/** A run by its id: its two rows, its results and its page in one round trip. */
export const byId = Effect.fnUntraced(function*(
  client: RunsClient.Service,
  reading: Reading,
  id: Run.RunId
): Effect.fn.Return<ById, RunsClient.ListError> {
  const [detailed, listed, results, status] = yield* Effect.all([
    Effect.result(client.get(id)),
    Effect.result(requests.summaryOf(client, id)),
    reading.attempt("results", client.results(id), id),
    reading.attempt("link", client.schedulerStatus(id), id)
  ], { concurrency: "unbounded" })

  const summary = Result.isSuccess(listed) ? listed.success.runs.find((run) => run.id === id) : undefined
  // Either row is enough to go on with.
  const run = Result.orElse(detailed, (error) => summary === undefined ? Result.fail(error) : Result.succeed(summary))
  if (Result.isFailure(run)) return yield* run.failure
  if (Result.isFailure(detailed)) reading.unread.push(unreadOf("details", detailed.failure, id))
  if (Result.isFailure(listed)) reading.unread.push(unreadOf("reason", listed.failure, id))
  else if (summary === undefined) {
    reading.note("reason", "NotListed", "List Runs does not show the run, and its reason stands nowhere else.", id)
  }
  return {
    run: run.success,
    reasons: reasonsOf(summary === undefined ? [] : [summary]),
    hasReasons: false,
    results,
    link: status?.runLink
  }
})

export interface Wanted {
  readonly window: RunWindow.RunWindow
  readonly runType: Run.KnownRunType
  readonly environmentID: string | undefined
  readonly jobID: number | undefined
}

/** What was read of a window. */
export interface OfWindow {
  /** Detailed rows, the newest first, of any type and job, beyond the window's beginning too; undefined if unreadable. */
  readonly rows: ReadBack<Run.Run> | undefined
  /** Whether the rows reach the window's beginning. */
  readonly isWhole: boolean
  /** Failed runs as asked for, in the window, the newest first. */
  readonly failures: ReadonlyArray<Run.AnyRun>
  /** There may be more of them. */
  readonly atLeast: boolean
  /** Failed runs as asked for, before the window, as far as they were read, the newest first. */
  readonly olderFailures: ReadonlyArray<Run.AnyRun>
  /** Runs of the other type that failed in the window. */
  readonly failuresOfOtherType: ReadonlyArray<Run.AnyRun>
  readonly reasons: Reasons
  readonly hasReasons: boolean
}

export const isBefore = (window: RunWindow.RunWindow, { runStartTime }: Run.AnyRun): boolean =>
  runStartTime !== undefined && runStartTime.epochMilliseconds < window.since.epochMilliseconds

export const isOfJob = (jobID: number | undefined) => (run: Run.AnyRun): boolean =>
  jobID === undefined || (Run.isDetailed(run) && run.runType === "refresh" && run.runDetails.jobID === jobID)

/** Both forms of a failed run in one list: the detailed row where there is one. */
const joined = (
  detailed: ReadonlyArray<Run.Run>,
  summaries: ReadonlyArray<Run.RunSummary>
): ReadonlyArray<Run.AnyRun> => {
  const byId = new Map<number, Run.AnyRun>(summaries.map((run) => [run.id, run]))
  for (const run of detailed) byId.set(run.id, run)
  return newestFirst([...byId.values()])
}

/** Failed runs with their jobs: the window's rows, read from its end, may not reach back to all of them. */
export const withDetails = Effect.fnUntraced(function*(
  client: RunsClient.Service,
  reading: Reading,
  { environmentID, runType, window }: Wanted,
  runs: ReadonlyArray<Run.AnyRun>
): Effect.fn.Return<ReadonlyArray<Run.AnyRun>> {
  if (runs.every(Run.isDetailed)) return runs
  const page = yield* reading.attempt(
    "runsOfWindow",
    requests.failedWithDetails(client, window, environmentID, runType, maxDetails)
  )
  const byId = new Map(page?.runs.map((run) => [run.id, run]))
  return runs.map((run) => byId.get(run.id) ?? run)
})

/** A window's runs in both forms, in one round trip. */
export const ofWindow = Effect.fnUntraced(function*(
  client: RunsClient.Service,
  reading: Reading,
  { environmentID, jobID, runType, window }: Wanted
): Effect.fn.Return<OfWindow, RunsClient.ListError> {
  const page = requests.runsOfWindow(client, window, environmentID)
  const [first, failures] = yield* Effect.all([
    Effect.result(page(firstPage)),
    Effect.result(requests.failuresOfWindow(client, window, environmentID, maxFailures))
  ], { concurrency: "unbounded" })

  // Only these rows know the job, and only the failures know them all.
  if (Result.isFailure(first) && (jobID !== undefined || Result.isFailure(failures))) return yield* first.failure
  if (Result.isFailure(first)) reading.unread.push(unreadOf("runsOfWindow", first.failure))
  const needsAll = jobID !== undefined || Result.isFailure(failures)
  const rows = Result.isFailure(first) ? undefined : yield* readBack(
    reading,
    "runsOfWindow",
    first.success,
    needsAll ? maxWindow : firstPage,
    page,
    (rows) => rows.some((run) => isBefore(window, run))
  )
  const isWhole = rows !== undefined && (rows.ended === "all" || rows.ended === "enough")
  if (Result.isFailure(failures)) {
    // Without them, and without all rows, nothing says that no run failed, or which was the latest.
    if (!isWhole) return yield* failures.failure
    reading.unread.push(unreadOf("reasons", failures.failure))
  }

  const summaries = Result.isSuccess(failures) ? failures.success : undefined
  if (summaries !== undefined) noteUndecodable(reading, "reasons", summaries.undecodable)
  const all = joined((rows?.rows ?? []).filter(({ runStatus }) => runStatus === "failed"), summaries?.runs ?? [])
  const ofType = all.filter((run) => run.runType === runType)
  const inWindow = all.filter((run) => RunWindow.contains(window, run))
  return {
    rows,
    isWhole,
    failures: inWindow.filter((run) => run.runType === runType).filter(isOfJob(jobID)),
    atLeast: !isWhole &&
      (jobID !== undefined || (summaries?.hasMore === true && !summaries.runs.some((run) => isBefore(window, run)))),
    olderFailures: ofType.filter((run) => isBefore(window, run)).filter(isOfJob(jobID)),
    failuresOfOtherType: inWindow.filter((run) => run.runType !== runType),
    reasons: reasonsOf(summaries?.runs ?? []),
    hasReasons: summaries !== undefined
  }
})
