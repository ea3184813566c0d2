/** Finds a job that fails again and again. */
import type { Streak } from "../diagnosis/history.ts"
import { isLater, newestFirst } from "../inspection/runs.ts"
import type * as Run from "../Run.ts"
import { utcFromMillis } from "../wire/time.ts"
import type { Loop } from "./model.ts"

const minFailures = 4
const maxGapMillis = 3_600_000
/** A distance of so many times the p50 ends a loop. */
const maxStretch = 3

/**
 * Returns the loop that ends a streak of failures: at least 4 of them, at a distance of an hour at most. `runs` are those of the
 * job.
 */
export const loopOf = (
  { firstFailure, run: last }: Pick<Streak, "firstFailure" | "run">,
  runs: ReadonlyArray<Run.Run>
): Loop | undefined => {
  const starts = newestFirst(runs).flatMap((run) =>
    run.runStatus === "failed" && run.runStartTime !== undefined && !isLater(run, last) && !isLater(firstFailure, run)
      ? [run.runStartTime.epochMilliseconds]
      : []
  )
  const gaps = starts.slice(1).map((start, index) => (starts[index] ?? start) - start)
  // The latest gaps say how fast the loop is.
  const latest = gaps.slice(0, 9).sort((a, b) => a - b)
  const p50 = latest[Math.floor(latest.length / 2)] ?? Infinity
  if (p50 > maxGapMillis) return undefined
  const end = gaps.findIndex((gap) => gap > maxStretch * Math.max(p50, 1000))
  const failures = end === -1 ? starts.length : end + 1
  const first = starts[failures - 1]
  return first === undefined || failures < minFailures
    ? undefined
    : { failures, since: utcFromMillis(first), everySeconds: Math.round(p50 / 1000) }
}
