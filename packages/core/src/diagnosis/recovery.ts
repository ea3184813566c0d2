/** What came after a failed or canceled run. */
import * as Run from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { firstOf } from "./boundedList.ts"
import type { Identity } from "./history.ts"
import type { Recovery } from "./historyModel.ts"
import { lineOf, newestFirst } from "./runs.ts"

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
const states = ["recovered", "running", "failedAgain", "canceled"] as const

const stateOf = ({ runStatus }: Run.Run): (typeof states)[number] => {
  if (!Run.isTerminal(runStatus)) return "running"
  return runStatus === "completed" ? "recovered" : runStatus === "failed" ? "failedAgain" : "canceled"
}

/** Returns whether a later run made good a run that failed. `later` are later rows of its environment. */
export const recoveryOf = (
  run: Run.AnyRun,
  identity: Identity | undefined,
  later: ReadonlyArray<Run.Run>,
  hasMore: boolean
): Recovery => {
  const reRuns = reRunsOf(run, later)
  const laterRuns = identity === undefined ? [] : later.filter((other) => identity.is(other) && !reRuns.includes(other))
  const all = [...reRuns, ...laterRuns]
  const decisive = states.flatMap((state) => all.filter((one) => stateOf(one) === state))[0]
  // One night of success may lie between two of failure.
  const latest = newestFirst(all).find(({ runStatus }) => runStatus === "completed" || runStatus === "failed")
  const failedSince = decisive?.runStatus === "completed" && latest?.runStatus === "failed" ? latest : undefined
  return {
    state: decisive === undefined ? "notYet" : failedSince === undefined ? stateOf(decisive) : "relapsed",
    ...(decisive && { by: reRuns.includes(decisive) ? "reRun" : "laterRun", run: lineOf(decisive) }),
    ...omitUndefined({ failedSince: failedSince && lineOf(failedSince) }),
    reRuns: firstOf(newestFirst(reRuns).map((one) => lineOf(one)), maxReRuns),
    laterRuns: laterRuns.length,
    searched: { rows: later.length, hasMore }
  }
}
