/** Finds a job that fails again and again. */
import { isLater } from "../inspection/runs.ts"
import type * as Run from "../Run.ts"
import { utcFromMillis } from "../wire/time.ts"
import type { Loop } from "./model.ts"

const minFailures = 4
const maxGapMillis = 3_600_000
/** A distance of so many times the p50 ends a loop. */
const maxStretch = 3

/**
 * Returns the loop that ends with a failed run: at least 4 failures in succession, at a distance of an hour at most. `runs`
 * are those of its job, the newest first.
 */
export const loopOf = (last: Run.AnyRun, runs: ReadonlyArray<Run.AnyRun>): Loop | undefined => {
  const until = runs.filter((run) => run.id === last.id || isLater(last, run))
  const success = until.findIndex(({ runStatus }) => runStatus === "completed")
  const starts = until.slice(0, success === -1 ? undefined : success).flatMap(({ runStartTime, runStatus }) =>
    runStatus === "failed" && runStartTime !== undefined ? [runStartTime.epochMilliseconds] : []
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
