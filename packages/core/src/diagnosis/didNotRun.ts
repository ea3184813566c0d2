/** The jobs that usually start in a window and did not. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Run from "../Run.ts"
import * as RunBaseline from "../RunBaseline.ts"
import { RunsClient } from "../RunsClient.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { DidNotRun } from "./model.ts"
import type { WindowFilter } from "./windowRuns.ts"

/** So many days show which nights a job runs. */
const days = 14

/**
 * Returns the baseline that {@link RunBaseline.current} keeps for the client in context, if it has one that began before the
 * window. It costs no request.
 */
export const keptBaseline = Effect.fnUntraced(function*(
  { window }: WindowFilter
): Effect.fn.Return<RunBaseline.Baseline | undefined, never, RunsClient> {
  const { entries } = yield* RunBaseline.Cache
  const kept = entries.get(yield* RunsClient)?.baseline
  return kept?.oldest !== undefined && DateTime.isLessThan(kept.oldest, window.since) ? kept : undefined
})

/** Whether rows are too few to learn habits from. */
export const needsHistory = ({ window }: WindowFilter, rows: ReadonlyArray<Run.Run>, hasAll: boolean): boolean => {
  const since = DateTime.subtract(window.since, { days })
  return !hasAll &&
    !rows.some(({ runStartTime }) => runStartTime !== undefined && DateTime.isLessThan(runStartTime, since))
}

const absenceOf = ({ kind, run, ...one }: RunBaseline.Deviation): ReadonlyArray<DidNotRun> => {
  if (kind !== "missing" && kind !== "stopped" && (kind !== "late" || run !== undefined)) return []
  const { environmentID, expectedAt, includeNodesSelector, jobID, jobName, runType, since, usual } = one
  return [{
    kind,
    runType,
    ...omitUndefined({
      environmentID,
      jobID,
      jobName,
      includeNodesSelector,
      expectedAt,
      since,
      starts: usual?.starts
    })
  }]
}

/** Returns the usual starts in a window that did not come. `waiting` are runs that have not started. */
export const didNotRun = (
  { environmentID, jobID, runType, window }: WindowFilter,
  rows: ReadonlyArray<Run.Run>,
  waiting: ReadonlyArray<Run.Run>,
  kept: RunBaseline.Baseline | undefined,
  now: DateTime.Utc
): ReadonlyArray<DidNotRun> => {
  const baseline = kept ?? RunBaseline.fromRuns(rows, { timeZone: window.timeZone })
  const started = rows.filter(({ runStartTime }) =>
    runStartTime !== undefined && DateTime.isGreaterThanOrEqualTo(runStartTime, window.since)
  )
  return RunBaseline.deviations(baseline, [...started, ...waiting], now, window).flatMap(absenceOf).filter((one) =>
    one.runType === runType && (environmentID === undefined || one.environmentID === environmentID) &&
    (jobID === undefined || one.jobID === jobID)
  )
}
