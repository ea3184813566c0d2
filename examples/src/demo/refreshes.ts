/** Reads last night's failed refreshes page by page, and prints them as a table. */
import { Run, RunsClient, RunWindow } from "@coalesce-runs/core"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { bold, dim, red, seconds, wrapped } from "./paper.ts"

export type FailedRefresh = Run.Reported<Run.RefreshRun>

/** Streams the pages of the window. `RunWindow.list` streams the runs; the demo shows where each page ends. */
export const pagesOfFailedRefreshes = (window: RunWindow.RunWindow) =>
  RunsClient.pages({
    ...RunWindow.toQuery(window),
    runType: "refresh",
    runStatus: "failed",
    detail: true,
    failureReasons: true,
    // Default: 25 runs on the first page. Fewer failed in this night, so one page would hold them all.
    pageSize: 2
  }).pipe(
    Stream.map(({ runs }) => ({
      runs: runs.filter((run) => RunWindow.contains(window, run)),
      isLast: runs.some((run) => RunWindow.isPast(window, "desc", run))
    })),
    Stream.takeUntil(({ isLast }) => isLast)
  )

export const named = (run: FailedRefresh): string => `${run.id} ${Run.jobName(run) ?? ""}`

const columns = [6, 24, 13, 20] as const

const row = (cells: ReadonlyArray<string>): string =>
  `  ${cells.map((cell, index) => cell.padEnd(columns[index] ?? 0)).join("")}`

/** Prints one line of facts for each run, with its reason below. */
export const table = (runs: ReadonlyArray<FailedRefresh>, { timeZone }: RunWindow.RunWindow): string => {
  const startOf = ({ runStartTime }: FailedRefresh) =>
    runStartTime === undefined ? "-" : DateTime.format(runStartTime, {
      locale: "en-GB",
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      timeZone
    })
  const rows = runs.map((run) => {
    const took = Option.match(Run.duration(run), { onNone: () => "-", onSome: seconds })
    const facts = [String(run.id), Run.jobName(run) ?? "-", run.runDetails.environmentID ?? "-", startOf(run), took]
    return `${bold(row(facts))}\n${red(wrapped(run.runFailureReason ?? "no reason given", " ".repeat(8)))}`
  })
  return [dim(row(["run", "job", "environment", "started", "took"])), ...rows].join("\n")
}
