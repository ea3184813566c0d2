/**
 * The runs of the same job before a failed one and after it.
 */
import * as Run from "../Run.ts"
import { byReasons } from "./compare.ts"
import { inSameEnvironment, jobOf, newestFirst, type Reasons, runLine } from "./lines.ts"
import { firstOf } from "./list.ts"
import type { Aftermath, Comparison, History } from "./model.ts"

const maxStatuses = 30
const maxReRuns = 5

/** What makes another run the same: its job, its selectors, or being a deploy. */
export interface Identity {
  readonly by: History["sameBy"]
  readonly is: (run: Run.Run) => boolean
}

const selectorsOf = (run: Run.RefreshRun): string =>
  JSON.stringify([run.runDetails.includeNodesSelector ?? "", run.runDetails.excludeNodesSelector ?? ""])

/** The identity of a run. A re-run may name no job: it is what its original is, where that is among the rows. */
export const identityOf = (run: Run.Run, rows: ReadonlyArray<Run.Run>): Identity => {
  // Where the environment was not known before the rows came, they are of any.
  if (run.runType === "deploy") {
    return { by: "deploy", is: (other) => other.runType === "deploy" && inSameEnvironment(run, other) }
  }
  const original = run.reRunID === undefined ? undefined : rows.find(({ id }) => id === run.reRunID)
  const model = jobOf(run) === undefined && original?.runType === "refresh" ? original : run
  const jobID = jobOf(model)
  const selectors = selectorsOf(model)
  const isSame = (other: Run.Run) =>
    other.runType === "refresh" && inSameEnvironment(run, other) &&
    (jobID === undefined
      ? jobOf(other) === undefined && selectorsOf(other) === selectors
      : jobOf(other) === jobID)
  // Re-runs of such runs are such runs, whatever they name.
  const same = new Set<number>([run, ...rows].filter(isSame).map(({ id }) => id))
  return {
    by: jobID === undefined ? "selector" : "job",
    is: (other) =>
      isSame(other) ||
      (other.runType === "refresh" && jobOf(other) === undefined && other.reRunID !== undefined &&
        same.has(other.reRunID))
  }
}

/** Why the search back for the last success ended where it did. */
export type Ended = "all" | "limit" | "unreadable"

/** The rows of the environment up to the run, the newest first, and how far they reach. */
export interface Rows {
  readonly rows: ReadonlyArray<Run.Run>
  readonly ended: Ended
}

/** What the history is made of, with the runs themselves. */
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

/** The row of failures that ends with this run. */
export const streakOf = (run: Run.Run, rows: ReadonlyArray<Run.Run>): Streak => {
  const identity = identityOf(run, rows)
  const earlier = rows.filter((other) => other.id < run.id && identity.is(other)).sort((a, b) => b.id - a.id)
  const at = earlier.findIndex(({ runStatus }) => runStatus === "completed")
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

/** The history as it is told. */
export const historyOf = (
  streak: Streak,
  { ended, rows }: Rows,
  reasons: Reasons,
  comparedWithFirst: Comparison | undefined
): History => {
  const { earlier, earlierFailure, firstFailure, lastSuccess, run } = streak
  const statuses = [run, ...earlier].map(({ runStatus }) => runStatus)
  const howMany = (status: Run.RunStatus) => statuses.filter((one) => one === status).length
  const since = rows.findLast(({ runStartTime }) => runStartTime !== undefined)?.runStartTime
  return {
    sameBy: streak.identity.by,
    ...(lastSuccess === undefined ? {} : { lastSuccess: runLine(lastSuccess, reasons) }),
    firstFailure: runLine(firstFailure, reasons),
    failuresInARow: streak.failures,
    ...(comparedWithFirst === undefined ? {} : { comparedWithFirst }),
    canceledInBetween: streak.canceled,
    ...(earlierFailure === undefined ? {} : {
      earlierFailure: {
        run: runLine(earlierFailure, reasons),
        compared: byReasons(reasons, firstFailure.id, earlierFailure.id)
      }
    }),
    recent: {
      failed: howMany("failed"),
      completed: howMany("completed"),
      canceled: howMany("canceled"),
      other: statuses.filter((status) => !Run.isTerminal(status)).length
    },
    statuses: statuses.slice(0, maxStatuses),
    searched: {
      rows: rows.length,
      ...(since === undefined ? {} : { since }),
      ended: lastSuccess === undefined ? ended : "found"
    }
  }
}

/** The re-runs of a run, and theirs; and those of its original, when it is a re-run itself. */
const reRunsOf = (run: Run.AnyRun, later: ReadonlyArray<Run.Run>): ReadonlyArray<Run.Run> => {
  const ids = new Set<number>(run.reRunID === undefined ? [run.id] : [run.id, run.reRunID])
  return [...later].sort((a, b) => a.id - b.id).filter(({ id, reRunID }) => {
    if (reRunID === undefined || !ids.has(reRunID)) return false
    ids.add(id)
    return true
  })
}

// What is good news goes first, then what may become so.
const states = ["succeeded", "running", "failed", "canceled"] as const

const stateOf = ({ runStatus }: Run.Run): (typeof states)[number] =>
  !Run.isTerminal(runStatus) ? "running" : runStatus === "completed" ? "succeeded" : runStatus

/** What came after a run, out of the later rows of its environment. */
export const aftermathOf = (
  run: Run.AnyRun,
  identity: Identity | undefined,
  later: ReadonlyArray<Run.Run>,
  more: boolean
): Aftermath => {
  const reRuns = reRunsOf(run, later)
  const laterRuns = identity === undefined ? [] : later.filter((other) => identity.is(other) && !reRuns.includes(other))
  const decisive = states.flatMap((state) => [...reRuns, ...laterRuns].filter((one) => stateOf(one) === state))[0]
  // One night of success may lie between two of failure.
  const latest = newestFirst([...reRuns, ...laterRuns]).find(({ runStatus }) =>
    runStatus === "completed" || runStatus === "failed"
  )
  const failedSince = decisive?.runStatus === "completed" && latest?.runStatus === "failed" ? latest : undefined
  const none = new Map<number, string>()
  return {
    state: decisive === undefined ? "none" : stateOf(decisive),
    ...(decisive === undefined
      ? {}
      : { by: reRuns.includes(decisive) ? "reRun" : "laterRun", run: runLine(decisive, none) }),
    ...(failedSince === undefined ? {} : { failedSince: runLine(failedSince, none) }),
    reRuns: firstOf(newestFirst(reRuns).map((one) => runLine(one, none)), maxReRuns),
    laterRuns: laterRuns.length,
    searched: { rows: later.length, more }
  }
}
