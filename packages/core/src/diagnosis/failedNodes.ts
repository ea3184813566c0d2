/** The failed nodes of a run, and the causes that they name. */
import type * as FailureCause from "../FailureCause.ts"
import { causeOf, endingQuery, nameOf } from "../inspection/nodeResults.ts"
import * as RunResult from "../RunResult.ts"

/** A failed node: its result, and the query that ended it. */
export interface Failed {
  readonly result: RunResult.RunResult
  readonly query: RunResult.QueryResult | undefined
  readonly cause: FailureCause.FailureCause | undefined
  /** Epoch milliseconds at which the node failed; nodes without a time come last. */
  readonly at: number
}

/** Returns the failed nodes of a run. */
export const failedIn = (results: ReadonlyArray<RunResult.RunResult>): ReadonlyArray<Failed> =>
  results.filter((result) => RunResult.outcome(result) === "failed").map((result) => {
    const query = endingQuery(result)
    const at = (query?.endTime ?? query?.startTime)?.epochMilliseconds ?? Number.MAX_SAFE_INTEGER
    return { result, query, cause: query && causeOf(query), at }
  })

export interface FailedCause {
  readonly node: string
  readonly cause: FailureCause.FailureCause
}

/** The causes that the failed nodes name, to compare with those of another run. */
export const failedCauses = (results: ReadonlyArray<RunResult.RunResult>): ReadonlyArray<FailedCause> =>
  failedIn(results).flatMap(({ cause, result }) => cause === undefined ? [] : [{ node: nameOf(result), cause }])
