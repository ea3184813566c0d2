/** What came after a failed or canceled run. */
import { firstOf } from "../inspection/boundedList.ts"
import type { Identity } from "../inspection/identity.ts"
import { lineOf, newestFirst } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import * as RunResult from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { ranNodesOf } from "./history.ts"
import type { Recovery } from "./historyModel.ts"

const maxReRuns = 5

/** Returns the re-runs of a run, their re-runs and, if the run is a re-run itself, those of its original. */
const reRunsOf = (run: Run.AnyRun, later: ReadonlyArray<Run.Run>): ReadonlyArray<Run.Run> => {
  const ids = new Set<number>(run.reRunID === undefined ? [run.id] : [run.id, run.reRunID])
  return [...later].sort((a, b) => a.id - b.id).filter(({ id, reRunID }) => {
    if (reRunID === undefined || !ids.has(reRunID)) return false
    ids.add(id)
    return true
  })
}

// The best news first, then what may become good news.
const states = ["recovered", "running", "failedAgain", "unconfirmed", "canceled"] as const

/** What the later run whose results were read did to the nodes that failed. Undefined results are unavailable. */
export interface Checked {
  readonly run: Run.Run
  readonly results: ReadonlyArray<RunResult.RunResult> | undefined
}

/** The later runs of a run's job, the earliest first: of several in one state the first decides, in whichever order they come. */
const runsAfter = (run: Run.AnyRun, identity: Identity | undefined, later: ReadonlyArray<Run.Run>) => {
  const reRuns = reRunsOf(run, later)
  const laterRuns = identity === undefined
    ? []
    : later.filter((other) => identity.is(other) && !reRuns.includes(other)).toSorted((a, b) => a.id - b.id)
  return { reRuns, laterRuns }
}

const hasCompleted = ({ runStatus }: Run.Run): boolean => runStatus === "completed"

/** Returns the completed run whose results say whether it ran the failed nodes; none if a row says so already. */
export const runToCheck = (
  run: Run.AnyRun,
  identity: Identity | undefined,
  later: ReadonlyArray<Run.Run>
): Run.Run | undefined => {
  const { laterRuns, reRuns } = runsAfter(run, identity, later)
  const completed = [...reRuns, ...laterRuns].filter(hasCompleted)
  if (completed.some((other) => ranNodesOf(run, other) === true)) return undefined
  return newestFirst(reRuns.filter(hasCompleted))[0] ?? newestFirst(completed)[0]
}

/**
 * Returns whether a later run made good a run that failed: only one that ran its failed nodes does. `later` are later rows
 * of its environment, and `results` the node results of the failed run.
 */
export const recoveryOf = (
  run: Run.AnyRun,
  identity: Identity | undefined,
  later: ReadonlyArray<Run.Run>,
  hasMore: boolean,
  results: ReadonlyArray<RunResult.RunResult> = [],
  checked?: Checked
): Recovery => {
  const failed = results.filter((result) => RunResult.outcome(result) === "failed").map(({ nodeID }) => nodeID)
  const completedNodes = new Set(
    checked?.results?.filter((result) => RunResult.outcome(result) === "completed").map(({ nodeID }) => nodeID)
  )
  const heldFailedNodes = (other: Run.Run): boolean | undefined => {
    if (checked?.results !== undefined && failed.length > 0) {
      return other.id === checked.run.id ? failed.every((id) => completedNodes.has(id)) : ranNodesOf(run, other)
    }
    // Without results, a run is taken for what its row does not contradict.
    return ranNodesOf(run, other) === false ? undefined : true
  }
  const stateOf = (other: Run.Run): (typeof states)[number] => {
    const { runStatus } = other
    if (!Run.hasEnded(other)) return "running"
    if (runStatus === "completed") return heldFailedNodes(other) === true ? "recovered" : "unconfirmed"
    return runStatus === "failed" ? "failedAgain" : "canceled"
  }
  const { laterRuns, reRuns } = runsAfter(run, identity, later)
  const all = [...reRuns, ...laterRuns]
  const decisive = states.flatMap((state) => all.filter((one) => stateOf(one) === state))[0]
  // One night of success may lie between two of failure.
  const latest = newestFirst(all).find(({ runStatus }) => runStatus === "completed" || runStatus === "failed")
  const state = decisive && stateOf(decisive)
  const failedSince = state === "recovered" && latest?.runStatus === "failed" ? latest : undefined
  return {
    state: state === undefined ? "notYet" : failedSince === undefined ? state : "relapsed",
    ...(decisive && { by: reRuns.includes(decisive) ? "reRun" : "laterRun", run: lineOf(decisive) }),
    ...omitUndefined({
      heldFailedNodes: state === "unconfirmed" && decisive ? heldFailedNodes(decisive) : undefined,
      failedSince: failedSince && lineOf(failedSince)
    }),
    reRuns: firstOf(newestFirst(reRuns).map((one) => lineOf(one)), maxReRuns),
    laterRuns: laterRuns.length,
    searched: { rows: later.length, hasMore }
  }
}
