/** The node results of a run as facts: the failed nodes by like messages, those that they blocked, the data tests. */
import * as FailureCause from "../FailureCause.ts"
import { shortText } from "../list/RunLine.ts"
import { plural } from "../report/time.ts"
import type { RunId } from "../Run.ts"
import * as RunResult from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { masked } from "../wire/text.ts"
import { firstOf } from "./boundedList.ts"
import type { Unavailable } from "./model.ts"
import type { FailedNode, FailedTest, FailureGroup, NodeOutcomes } from "./nodeModel.ts"
import { missing } from "./part.ts"

/** Snowflake has no longer names. */
const maxName = 255
const maxGroups = 15
const maxWholeGroups = 5
const maxNames = 10
const maxFewNames = 3
const maxTests = 10
const maxOtherMessages = 3

const nameOf = (result: RunResult.RunResult): string =>
  shortText(result.name, maxName) ?? shortText(result.nodeID, maxName)

/**
 * The query that ended a failed node. A test before it may have failed without ending it, so the last one with an error
 * counts; an error of rendering comes before any query ran.
 */
const endingQuery = (result: RunResult.RunResult): RunResult.QueryResult | undefined => {
  const failed = RunResult.failedQueries(result)
  return failed.find((query) => query === result.renderQueryResult) ??
    failed.findLast((query) => query.error !== undefined) ?? failed.at(-1)
}

/** A message that names no cause is shown, and has no key to be compared by. */
const causeOf = (query: RunResult.QueryResult | undefined): FailureCause.FailureCause | undefined => {
  if (query?.error === undefined) return undefined
  const { errorDetail, errorString } = query.error
  return FailureCause.classify(errorString, errorDetail) ??
    (errorString.trim() === "" ? undefined : { class: "unknown", key: "", message: shortText(masked(errorString)) })
}

const failedNode = (result: RunResult.RunResult): FailedNode => {
  const query = endingQuery(result)
  const stage = query?.name ?? (query !== undefined && query === result.renderQueryResult ? "Render" : undefined)
  return {
    nodeID: shortText(result.nodeID, maxName),
    ...omitUndefined({
      name: shortText(result.name, maxName),
      stage: shortText(stage, maxName),
      cause: causeOf(query),
      queryID: shortText(query?.queryID, maxName),
      warehouse: shortText(query?.warehouse, maxName),
      startTime: query?.startTime,
      endTime: query?.endTime,
      sql: query?.sql === undefined ? undefined : masked(query.sql)
    })
  }
}

interface Failed {
  readonly result: RunResult.RunResult
  readonly cause: FailureCause.FailureCause | undefined
  /** Epoch milliseconds at which the node failed; nodes without a time come last. */
  readonly at: number
}

const failedOf = (result: RunResult.RunResult): Failed => {
  const query = endingQuery(result)
  const time = query?.endTime ?? query?.startTime
  return { result, cause: causeOf(query), at: time?.epochMilliseconds ?? Number.MAX_SAFE_INTEGER }
}

const keyOf = ({ cause }: Failed): string => cause === undefined ? "" : `${cause.class} ${cause.key}`

/** Groups the failed nodes by like messages. The node that failed first comes first. */
const groupsOf = (failed: ReadonlyArray<Failed>): ReadonlyArray<FailureGroup> => {
  const byKey = new Map<string, Array<Failed>>()
  for (const one of [...failed].sort((a, b) => a.at - b.at)) {
    const group = byKey.get(keyOf(one))
    if (group === undefined) byKey.set(keyOf(one), [one])
    else group.push(one)
  }
  return Array.from(byKey.values(), (group): FailureGroup | undefined => {
    const [first] = group
    if (first === undefined) return undefined
    const messages = [...new Set(group.map(({ cause }) => cause?.message ?? ""))]
    return {
      class: first.cause?.class ?? "unknown",
      key: first.cause?.key ?? "",
      count: group.length,
      first: failedNode(first.result),
      nodes: firstOf(group.map(({ result }) => nameOf(result)), maxNames),
      messages: messages.length,
      otherMessages: messages.slice(1, 1 + maxOtherMessages)
    }
  })
    .filter((group) => group !== undefined)
    // The groups of most nodes first; among equals the one that failed first.
    .sort((a, b) => b.count - a.count)
}

/** A group with the name and the cause of its first node alone. */
const shortened = ({ first: { cause, name, nodeID }, nodes, ...group }: FailureGroup): FailureGroup => {
  const { listed, more } = firstOf(nodes.listed, maxFewNames)
  return {
    ...group,
    first: { nodeID, ...omitUndefined({ name, cause }) },
    nodes: { listed, more: nodes.more + more },
    otherMessages: []
  }
}

const testsOf = (result: RunResult.RunResult): ReadonlyArray<FailedTest> => {
  const ended = RunResult.outcome(result) === "failed" ? endingQuery(result) : undefined
  const queries = RunResult.failedQueries(result).filter((query) => query !== ended)
  if (queries.length === 0) return result.hasTestFailures === true ? [{ node: nameOf(result) }] : []
  return queries.map((query) => ({
    node: nameOf(result),
    ...omitUndefined({
      test: shortText(query.name, maxName),
      message: causeOf(query)?.message,
      queryID: shortText(query.queryID, maxName)
    })
  }))
}

/** Whether the failed queries of a node, but for the one that ended it, are tests. */
const hasTests = (result: RunResult.RunResult): boolean => {
  const outcome = RunResult.outcome(result)
  return outcome === "completed" || result.hasTestFailures === true
}

export const failedTestsOf = (results: ReadonlyArray<RunResult.RunResult>): ReadonlyArray<FailedTest> =>
  results.filter(hasTests).flatMap(testsOf)

/** The messages of the failed nodes, to compare with those of another run. */
export const failedCauses = (results: ReadonlyArray<RunResult.RunResult>) =>
  results.filter((result) => RunResult.outcome(result) === "failed").map(failedOf).flatMap((failed) =>
    failed.cause === undefined || failed.cause.key === ""
      ? []
      // The same kind of error on another object is another cause.
      : [{
        node: nameOf(failed.result),
        key: `${keyOf(failed)}\n${failed.cause.object ?? ""}`,
        message: failed.cause.message
      }]
  )

/** Returns the facts in the node results. */
export const nodeOutcomes = (results: ReadonlyArray<RunResult.RunResult>): NodeOutcomes => {
  const outcomes = results.map(RunResult.outcome)
  const howMany = (outcome: RunResult.Outcome) => outcomes.filter((one) => one === outcome).length
  const groups = groupsOf(results.filter((_, index) => outcomes[index] === "failed").map(failedOf))
  return {
    total: results.length,
    completed: howMany("completed"),
    failed: howMany("failed"),
    skipped: howMany("skipped"),
    canceled: howMany("canceled"),
    running: howMany("running"),
    unknown: howMany("unknown"),
    groups: firstOf(groups.map((group, index) => index < maxWholeGroups ? group : shortened(group)), maxGroups),
    nodesNotListed: groups.slice(maxGroups).reduce((sum, group) => sum + group.count, 0),
    blocked: firstOf(results.filter((_, index) => outcomes[index] === "skipped").map(nameOf), maxNames),
    failedTests: firstOf(failedTestsOf(results), maxTests)
  }
}

/** Says which states of nodes are unknown: such nodes may have failed. */
export const unknownStates = (
  results: ReadonlyArray<RunResult.RunResult>,
  runID: RunId
): ReadonlyArray<Unavailable> => {
  const unknown = results.filter((result) => result.runState !== undefined && RunResult.outcome(result) === "unknown")
  const states = [...new Set(unknown.map(({ runState }) => JSON.stringify(runState)))].slice(0, 3).join(", ")
  return unknown.length === 0
    ? []
    : missing(
      "results",
      "UnknownState",
      `${unknown.length} of ${plural(results.length, "node")} in an unknown state, such as ${states}.`,
      runID
    )
}
