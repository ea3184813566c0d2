/** What a check knows of runs before it reads any node results. It is plain data: the findings follow from it alone. */
import type * as DateTime from "effect/DateTime"
import { isOfWindow } from "../diagnosis/windowRuns.ts"
import { type FailureReasons, newestFirst } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import * as RunWindow from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { type Jobs, jobsOf } from "./jobs.ts"

/** The rows that were read. */
export interface Rows {
  readonly now: DateTime.Utc
  readonly window: RunWindow.RunWindow
  /** Detailed rows of any status and time, each run once. */
  readonly detailed: ReadonlyArray<Run.Run>
  /** Failed runs in the form of a summary, of any time. */
  readonly failed: ReadonlyArray<Run.AnyRun>
  readonly reasons: FailureReasons
  /** Whether the rows do not reach the beginning of the window. */
  readonly truncated: boolean
  /** Whether a run of the window may be missing: the rows do not reach back, or one of them could not be decoded. */
  readonly hasGaps: boolean
  /** Whether not all failed runs of the window were read. */
  readonly failuresTruncated: boolean
  /** Which runs are checked. */
  readonly matches: (run: Run.AnyRun) => boolean
}

/** The same, sorted. */
export interface Evidence extends Rows {
  readonly jobs: Jobs
  /** Failed runs that started in the window, or before it and failed in it, the newest first. */
  readonly failures: ReadonlyArray<Run.AnyRun>
  /** Detailed rows that started in the window, the newest first. */
  readonly ran: ReadonlyArray<Run.Run>
}

/** The node results of runs that were read, by the runs' ids. */
export type Results = ReadonlyMap<number, ReadonlyArray<RunResult>>

/** A run that failed before it started is in the window if its end is or, without an end, if its id follows the window's first. */
const failedWithoutStart = (window: RunWindow.RunWindow, firstID: number, run: Run.AnyRun): boolean =>
  run.runStartTime === undefined &&
  (run.runEndTime === undefined
    ? run.id > firstID
    : RunWindow.contains(window, { runStartTime: run.runEndTime }))

/** A detailed row that was read before its run failed, beside a summary that was read after. */
const brought = (run: Run.Run, failed: Run.AnyRun | undefined): Run.Run =>
  failed === undefined || Run.isTerminal(run.runStatus)
    ? run
    : { ...run, runStatus: failed.runStatus, ...omitUndefined({ runEndTime: failed.runEndTime }) }

export const evidenceOf = (rows: Rows): Evidence => {
  const { detailed, failed, matches, window } = rows
  const summaries = new Map<number, Run.AnyRun>(failed.map((run) => [run.id, run]))
  const jobs = jobsOf(detailed.map((run) => brought(run, summaries.get(run.id))))
  const all = jobs.keys.flatMap(jobs.runsOf)
  const ran = all.filter((run) => matches(run) && RunWindow.contains(window, run))
  const firstID = Math.min(...ran.map(({ id }) => id))
  // Each failed run once: the detailed row if there is one.
  const details = new Map(all.map((run) => [run.id, run]))
  const known = [...failed.filter(({ id }) => !details.has(id)), ...all]
  const failures = known.filter((run) =>
    run.runStatus === "failed" && matches(run) &&
    (isOfWindow(window, run) || failedWithoutStart(window, firstID, run))
  )
  return { ...rows, jobs, failures: newestFirst(failures), ran: newestFirst(ran) }
}
