/** Reads a node's result: its name, the query that ended it, its error, its failed data tests. */
import * as FailureCause from "../FailureCause.ts"
import { shortText } from "../list/RunLine.ts"
import { plural } from "../report/time.ts"
import type { RunId } from "../Run.ts"
import * as RunResult from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { maskSecrets } from "../wire/text.ts"
import type { FailedTest } from "./nodeModel.ts"
import { missing } from "./part.ts"
import type { Unavailable } from "./unavailable.ts"

/** Snowflake has no longer names. */
export const maxName = 255

/** The name of a node, or its id. */
export const nameOf = (result: RunResult.RunResult): string =>
  shortText(result.name, maxName) ?? shortText(result.nodeID, maxName)

/**
 * The query that ended a failed node: the first that failed after the last success. A test before that success failed
 * without ending the node, and what fails after the first is its consequence. An error of rendering comes before any query.
 */
export const endingQuery = (result: RunResult.RunResult): RunResult.QueryResult | undefined => {
  const failed = RunResult.failedQueries(result)
  const { queryResults = [] } = result
  const after = queryResults.slice(1 + queryResults.findLastIndex(({ success }) => success === true))
  const last = failed.filter((query) => after.includes(query))
  const ending = last.length === 0 ? failed.toReversed() : last
  return failed.find((query) => query === result.renderQueryResult) ??
    ending.find(({ error }) => error !== undefined) ?? ending[0]
}

/** The message of a query, classified. */
export const causeOf = ({ error }: RunResult.QueryResult): FailureCause.FailureCause | undefined =>
  error === undefined ? undefined : FailureCause.classify(error.errorString, error.errorDetail)

/** The message of a query where it names no cause. */
export const textOf = ({ error }: RunResult.QueryResult): string | undefined =>
  error === undefined || error.errorString.trim() === "" ? undefined : shortText(maskSecrets(error.errorString))

const testsOf = (result: RunResult.RunResult): ReadonlyArray<FailedTest> => {
  const node = nameOf(result)
  const ended = RunResult.outcome(result) === "failed" ? endingQuery(result) : undefined
  const queries = RunResult.failedQueries(result).filter((query) => query !== ended)
  // The test that ended the node failed the run.
  if (queries.length === 0) return result.hasTestFailures === true && ended === undefined ? [{ node }] : []
  return queries.map((query) => ({
    node,
    ...omitUndefined({
      test: shortText(query.name, maxName),
      message: causeOf(query)?.message ?? textOf(query),
      queryID: shortText(query.queryID, maxName)
    })
  }))
}

/** Returns the data tests that failed: the failed queries of nodes, but for those that ended one. */
export const failedTestsOf = (results: ReadonlyArray<RunResult.RunResult>): ReadonlyArray<FailedTest> =>
  results.filter((result) => RunResult.outcome(result) === "completed" || result.hasTestFailures === true)
    .flatMap(testsOf)

/** Says which states of nodes are unknown: such nodes may have failed. */
export const unknownStates = (
  results: ReadonlyArray<RunResult.RunResult>,
  runID: RunId
): ReadonlyArray<Unavailable<"results">> => {
  const unknown = results.filter((result) => result.runState !== undefined && RunResult.outcome(result) === "unknown")
  if (unknown.length === 0) return []
  const states = [...new Set(unknown.map(({ runState }) => JSON.stringify(runState)))].slice(0, 3).join(", ")
  const said = `${unknown.length} of ${plural(results.length, "node")} in an unknown state, such as ${states}.`
  return missing("results", "UnknownState", said, runID)
}
