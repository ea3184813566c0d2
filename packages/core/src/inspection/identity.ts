/** Tells which runs are the same: those of one job, of one selector, or the deploys of an environment. */
import * as Run from "../Run.ts"
import { inSameEnvironment } from "./runs.ts"

/** What makes two runs the same. */
export type SameBy = "job" | "selector" | "deploy"

/** Recognizes the runs that are the same as one. */
export interface Identity {
  readonly by: SameBy
  readonly is: (run: Run.Run) => boolean
}

/** The selectors of a refresh as one text to compare. */
export const selectorsOf = (run: Run.RefreshRun): string =>
  JSON.stringify([run.runDetails.includeNodesSelector ?? "", run.runDetails.excludeNodesSelector ?? ""])

/** Returns the identity of a run. A re-run that names no job has that of its original, if that is among the rows. */
export const identityOf = (run: Run.Run, rows: ReadonlyArray<Run.Run>): Identity => {
  // If the environment was not known when the rows were asked for, they are of any environment.
  if (run.runType === "deploy") {
    return { by: "deploy", is: (other) => other.runType === "deploy" && inSameEnvironment(run, other) }
  }
  const original = rows.find(({ id }) => id === run.reRunID)
  const model = Run.jobID(run) === undefined && original?.runType === "refresh" ? original : run
  const jobID = Run.jobID(model)
  const selectors = selectorsOf(model)
  const isSame = (other: Run.Run) =>
    other.runType === "refresh" && inSameEnvironment(run, other) && Run.jobID(other) === jobID &&
    (jobID !== undefined || selectorsOf(other) === selectors)
  // Re-runs of these runs count as the same, whatever they name.
  const same = new Set<number | undefined>([run, ...rows].filter(isSame).map(({ id }) => id))
  const isReRun = (other: Run.Run) =>
    other.runType === "refresh" && Run.jobID(other) === undefined && same.has(other.reRunID)
  return { by: jobID === undefined ? "selector" : "job", is: (other) => isSame(other) || isReRun(other) }
}
