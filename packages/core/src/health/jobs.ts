/** Puts the runs of one job together: in one environment the same job, the same selectors, or the deploys. */
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
  const keyOfRow = (run: Run.Run, depth: number): string => {
    const environment = Run.environmentID(run)
    if (run.runType === "deploy") return JSON.stringify(["deploy", environment])
    const jobID = Run.jobID(run)
    if (jobID !== undefined) return JSON.stringify(["job", environment, jobID])
    const original = run.reRunID === undefined ? undefined : byId.get(run.reRunID)
    // A re-run may name no job: it is of its original's.
    if (original?.runType === "refresh" && depth < maxDepth) return keyOfRow(original, depth + 1)
    const { excludeNodesSelector = "", includeNodesSelector = "" } = run.runDetails
    return JSON.stringify(["selector", environment, includeNodesSelector, excludeNodesSelector])
  }
  const keyOf = (run: Run.AnyRun): string => {
    const row = Run.isDetailed(run) ? run : byId.get(run.id)
    return row === undefined ? JSON.stringify(["run", run.id]) : keyOfRow(row, 0)
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
