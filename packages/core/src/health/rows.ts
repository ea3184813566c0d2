/** What the rows of runs show without their node results. */
import { streakOf } from "../diagnosis/history.ts"
import { isBefore } from "../diagnosis/windowRuns.ts"
import { lineOf } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import type { Evidence } from "./evidence.ts"
import type { Finding, Health } from "./model.ts"

/** A selector that ran once need not run again. */
const isRepeated = (run: Run.Run, runs: ReadonlyArray<Run.Run>): boolean =>
  run.runType === "deploy" || Run.jobID(run) !== undefined || runs.length > 1

/** Jobs whose latest run failed before the window. A run that was canceled does not count: it changed nothing. */
export const failedBeforeOf = ({ failures, jobs, matches, reasons, window }: Evidence): ReadonlyArray<Finding> => {
  const inWindow = new Set(failures.map(({ id }) => id))
  return jobs.keys.flatMap((key): ReadonlyArray<Finding> => {
    const runs = jobs.runsOf(key)
    const run = runs.find(({ runStatus }) => runStatus !== "canceled")
    if (run === undefined || run.runStatus !== "failed" || !isRepeated(run, runs)) return []
    if (!matches(run) || !isBefore(window, run) || inWindow.has(run.id)) return []
    const streak = streakOf(run, runs)
    return [{
      kind: "failedBefore",
      run: lineOf(run, reasons),
      failures: streak.failures,
      truncated: streak.lastSuccess === undefined
    }]
  })
}

/** Runs of the window that have ended in a status that is not known. */
export const otherStatusOf = ({ ran }: Evidence): ReadonlyArray<Finding> =>
  ran.filter((run) => Run.hasEnded(run) && !Run.isTerminal(run.runStatus))
    .map((run) => ({ kind: "otherStatus", run: lineOf(run) }))

/** How many runs started in the window, and how they are. */
export const ranOf = ({ jobs, ran, truncated }: Evidence): Health["ran"] => {
  const counts = new Map<Run.RunStatus, number>()
  for (const { runStatus } of ran) counts.set(runStatus, (counts.get(runStatus) ?? 0) + 1)
  return {
    runs: ran.length,
    jobs: new Set(ran.map(jobs.keyOf)).size,
    statuses: Array.from(counts, ([status, count]) => ({ status, count })).sort((a, b) => b.count - a.count),
    truncated
  }
}
