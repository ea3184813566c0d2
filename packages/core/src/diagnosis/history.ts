/** The runs of the same job before a failed one. */
import { type Identity, identityOf, selectorsOf } from "../inspection/identity.ts"
import { type FailureReasons, lineOf } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import { tookMillis } from "../run/tookMillis.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { byReasons } from "./compare.ts"
import type { Comparison, History } from "./historyModel.ts"

const maxStatuses = 30

/** Returns whether a later run's row shows that it ran the nodes of a run: false if it shows fewer, or another selector. */
export const ranNodesOf = (run: Run.AnyRun, other: Run.Run): boolean | undefined => {
  if (other.runType === "deploy") return true
  // A re-run may run the failed nodes alone.
  if (other.reRunID !== undefined || run.reRunID !== undefined || !Run.isDetailed(run)) return undefined
  if (run.runType === "refresh" && selectorsOf(run) !== selectorsOf(other)) return false
  const [before, after] = [run, other].map((one) => Run.details(one).nodesInRun)
  return before === undefined || after === undefined ? undefined : after >= before
}

/** A streak of failures, and the runs around it. */
export interface Streak {
  readonly identity: Identity
  readonly run: Run.Run
  readonly earlier: ReadonlyArray<Run.Run>
  readonly lastSuccess: Run.Run | undefined
  readonly firstFailure: Run.Run
  readonly failures: number
  readonly canceled: number
  readonly earlierFailure: Run.Run | undefined
}

/** Returns the index of the success that ended before the streak began. One that overlaps a failure neither ends nor lengthens it. */
const successBefore = (run: Run.Run, earlier: ReadonlyArray<Run.Run>): number => {
  let begin = run.runStartTime?.epochMilliseconds ?? Infinity
  return earlier.findIndex(({ runEndTime, runStartTime, runStatus }) => {
    if (runStatus === "failed") begin = Math.min(begin, runStartTime?.epochMilliseconds ?? Infinity)
    return runStatus === "completed" && (runEndTime?.epochMilliseconds ?? -Infinity) <= begin
  })
}

/** Returns the streak of failures that ends with this run. */
export const streakOf = (run: Run.Run, rows: ReadonlyArray<Run.Run>): Streak => {
  const identity = identityOf(run, rows)
  const earlier = rows.filter((other) => other.id < run.id && identity.is(other)).sort((a, b) => b.id - a.id)
  const at = successBefore(run, earlier)
  const since = at === -1 ? earlier : earlier.slice(0, at)
  const failed = since.filter(({ runStatus }) => runStatus === "failed")
  const firstFailure = failed.at(-1) ?? run
  return {
    identity,
    run,
    earlier,
    lastSuccess: at === -1 ? undefined : earlier[at],
    firstFailure,
    failures: 1 + failed.length,
    canceled: since.filter(({ id, runStatus }) => runStatus === "canceled" && id > firstFailure.id).length,
    earlierFailure: at === -1 ? undefined : earlier.slice(at).find(({ runStatus }) => runStatus === "failed")
  }
}

const minUsual = 5

/** Returns how long runs take that complete, but for re-runs: these may run the failed nodes alone. */
const usualOf = (runs: ReadonlyArray<Run.Run>): History["usual"] => {
  const took = runs.filter(({ reRunID, runStatus }) => runStatus === "completed" && reRunID === undefined)
    .flatMap((run) => tookMillis(run) ?? [])
    .sort((a, b) => a - b)
  const p50 = took[Math.ceil(took.length / 2) - 1]
  return took.length < minUsual || p50 === undefined ? undefined : { p50Millis: p50, runs: took.length }
}

/** Returns the history as facts. `rows` are those of the environment up to the run, and `ended` how far they reach. */
export const historyOf = (
  streak: Streak,
  rows: ReadonlyArray<Run.Run>,
  ended: History["searched"]["ended"],
  reasons: FailureReasons,
  comparedWithFirst: Comparison | undefined,
  causeSince?: History["causeSince"]
): History => {
  const { earlier, earlierFailure, firstFailure, lastSuccess, run } = streak
  const statuses = [run, ...earlier].map(({ runStatus }) => runStatus)
  const howMany = (status: Run.RunStatus) => statuses.filter((one) => one === status).length
  const since = rows.findLast(({ runStartTime }) => runStartTime !== undefined)?.runStartTime
  return {
    sameBy: streak.identity.by,
    ...omitUndefined({
      comparedWithFirst,
      causeSince,
      usual: usualOf(earlier),
      lastSuccess: lastSuccess && lineOf(lastSuccess, reasons),
      earlierFailure: earlierFailure && {
        run: lineOf(earlierFailure, reasons),
        compared: byReasons(reasons, firstFailure.id, earlierFailure.id)
      }
    }),
    firstFailure: lineOf(firstFailure, reasons),
    streakLength: streak.failures,
    canceledInStreak: streak.canceled,
    recent: {
      failed: howMany("failed"),
      completed: howMany("completed"),
      canceled: howMany("canceled"),
      other: statuses.filter((status) => !Run.isTerminal(status)).length
    },
    statuses: statuses.slice(0, maxStatuses),
    searched: {
      rows: rows.length,
      ...omitUndefined({ since }),
      ended: lastSuccess === undefined ? ended : "found"
    }
  }
}
