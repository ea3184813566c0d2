/** Puts the runs of one job together, in one environment. */
import { keyOf as keyOfRow } from "../baseline/jobRuns.ts"
import { newestFirst } from "../inspection/runs.ts"
import * as Run from "../Run.ts"

/** The rows of each job. */
export interface Jobs {
  /** The same text for the runs of one job. A run whose details are not known is alone. */
  readonly keyOf: (run: Run.AnyRun) => string
  /** The rows of a job, the newest first. */
  readonly runsOf: (key: string) => ReadonlyArray<Run.Run>
  readonly keys: ReadonlyArray<string>
}

/** Re-runs of re-runs that name no job are followed so far. */
const maxDepth = 5

export const jobsOf = (rows: ReadonlyArray<Run.Run>): Jobs => {
  const byId = new Map<number, Run.Run>(rows.map((run) => [run.id, run]))
  /** A re-run may name no job: it is of its original's. */
  const original = (run: Run.Run, depth = 0): Run.Run => {
    const before = run.reRunID === undefined || Run.jobID(run) !== undefined ? undefined : byId.get(run.reRunID)
    return before === undefined || before.runType !== run.runType || depth === maxDepth
      ? run
      : original(before, depth + 1)
  }
  const keys = new Map<number, string>()
  const keyOf = (run: Run.AnyRun): string => {
    const known = keys.get(run.id)
    if (known !== undefined) return known
    const row = Run.isDetailed(run) ? run : byId.get(run.id)
    const key = (row && keyOfRow(original(row))) ?? `run ${run.id}`
    keys.set(run.id, key)
    return key
  }
  const groups = new Map<string, Array<Run.Run>>()
  for (const run of newestFirst([...byId.values()])) {
    const key = keyOf(run)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [run])
    else group.push(run)
  }
  return { keyOf, runsOf: (key) => groups.get(key) ?? [], keys: [...groups.keys()] }
}
