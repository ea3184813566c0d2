/** What the rows of runs show without their node results. */
import { streakOf } from "../diagnosis/history.ts"
import { lineOf } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Evidence, Results } from "./evidence.ts"
import { causeOf } from "./failedCause.ts"
import type { Finding, Health } from "./model.ts"
import { brokenBeforeOf } from "./plan.ts"

/** Jobs whose latest run failed before the window. */
export const failedBeforeOf = (evidence: Evidence, results: Results): ReadonlyArray<Finding> =>
  brokenBeforeOf(evidence).map((run) => {
    const streak = streakOf(run, evidence.jobs.runsOf(evidence.jobs.keyOf(run)))
    const { cause, node } = causeOf(run, evidence, results)
    return {
      kind: "failedBefore",
      run: lineOf(run, evidence.reasons),
      failures: streak.failures,
      truncated: streak.lastSuccess === undefined,
      ...omitUndefined({ cause, node })
    }
  })

/** Runs of the window that have ended in a status that is not known. */
export const otherStatusOf = ({ ran }: Evidence): ReadonlyArray<Finding> =>
  ran.filter((run) => Run.hasEnded(run) && !Run.isTerminal(run.runStatus))
    .map((run) => ({ kind: "otherStatus", run: lineOf(run) }))

/** How many runs started in the window, and how they are. */
export const ranOf = ({ jobs, ran, truncated }: Evidence): Omit<Health["ran"], "usual"> => {
  const counts = new Map<Run.RunStatus, number>()
  const refreshes = ran.filter(({ runType }) => runType !== "deploy")
  for (const { runStatus } of ran) counts.set(runStatus, (counts.get(runStatus) ?? 0) + 1)
  return {
    runs: ran.length,
    jobs: new Set(refreshes.map(jobs.keyOf)).size,
    deploys: ran.length - refreshes.length,
    statuses: Array.from(counts, ([status, count]) => ({ status, count })).sort((a, b) => b.count - a.count),
    truncated
  }
}
