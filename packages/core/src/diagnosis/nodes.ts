/**
 * What the node results of a run say: the failed nodes by like messages, those that they blocked, the data tests.
 */
import * as FailureCause from "../FailureCause.ts"
import * as RunResult from "../RunResult.ts"
import type { FailedNode, FailedTest, FailureGroup, FailureGroupLine, NodesReport } from "./evidence.ts"
import { bounded, maxShort } from "./lines.ts"
import { firstOf } from "./list.ts"
import { excerpt } from "./sql.ts"

const maxGroups = 5
const maxSmallerGroups = 10
const maxNames = 10
const maxTests = 10
const maxOtherMessages = 3

const nameOf = (result: RunResult.RunResult): string => bounded(result.name ?? result.nodeID, maxShort)

/**
 * The query that ended a failed node. A test before it may have failed without ending it, so the last one with an error
 * counts; an error of rendering comes before any query ran.
 */
const endingQuery = (result: RunResult.RunResult): RunResult.QueryResult | undefined => {
  const failed = RunResult.failedQueries(result)
  return failed.find((query) => query === result.renderQueryResult) ??
    failed.findLast((query) => query.error !== undefined) ?? failed.at(-1)
}

const causeOf = (query: RunResult.QueryResult | undefined): FailureCause.FailureCause | undefined =>
  query?.error === undefined ? undefined : FailureCause.classify(query.error.errorString, query.error.errorDetail)

const failedNode = (result: RunResult.RunResult): FailedNode => {
  const query = endingQuery(result)
  const cause = causeOf(query)
  const stage = query?.name ?? (query !== undefined && query === result.renderQueryResult ? "Render" : undefined)
  return {
    nodeID: result.nodeID,
    ...(result.name === undefined ? {} : { name: bounded(result.name, maxShort) }),
    ...(stage === undefined ? {} : { stage: bounded(stage, maxShort) }),
    ...(cause === undefined ? {} : { cause }),
    ...(query?.queryID === undefined ? {} : { queryID: query.queryID }),
    ...(query?.warehouse === undefined ? {} : { warehouse: query.warehouse }),
    ...(query?.startTime === undefined ? {} : { startTime: query.startTime }),
    ...(query?.endTime === undefined ? {} : { endTime: query.endTime }),
    ...(query?.sql === undefined ? {} : { sql: excerpt(query.sql, cause) })
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

/** The failed nodes in groups of like messages. The earliest of a group is shown in full. */
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
      otherMessages: messages.slice(1, 1 + maxOtherMessages).map((message) => bounded(message, maxShort))
    }
  })
    .filter((group) => group !== undefined)
    // Those of the most nodes first; among equals the one that failed first, as they stand.
    .sort((a, b) => b.count - a.count)
}

const groupLine = ({ class: causeClass, count, first }: FailureGroup): FailureGroupLine => ({
  class: causeClass,
  ...(first.cause?.code === undefined ? {} : { code: first.cause.code }),
  count,
  node: first.name ?? first.nodeID,
  message: bounded(first.cause?.message ?? "", maxShort)
})

const testsOf = (result: RunResult.RunResult): ReadonlyArray<FailedTest> => {
  const ended = RunResult.outcome(result) === "failed" ? endingQuery(result) : undefined
  const queries = RunResult.failedQueries(result).filter((query) => query !== ended)
  if (queries.length === 0) return result.hasTestFailures === true ? [{ node: nameOf(result) }] : []
  return queries.map((query) => {
    const message = causeOf(query)?.message
    return {
      node: nameOf(result),
      ...(query.name === undefined ? {} : { test: bounded(query.name, maxShort) }),
      ...(message === undefined ? {} : { message: bounded(message, maxShort) }),
      ...(query.queryID === undefined ? {} : { queryID: query.queryID })
    }
  })
}

/** Whether what failed in this node beside its end were tests: a node that is running or unknown says nothing of them. */
const hasTests = (result: RunResult.RunResult): boolean => {
  const outcome = RunResult.outcome(result)
  return outcome === "completed" || result.hasTestFailures === true
}

export const failedTestsOf = (results: ReadonlyArray<RunResult.RunResult>): ReadonlyArray<FailedTest> =>
  results.filter(hasTests).flatMap(testsOf)

/** The messages of the failed nodes, to compare with those of another run. */
export const failedCauses = (results: ReadonlyArray<RunResult.RunResult>) =>
  results.filter((result) => RunResult.outcome(result) === "failed").map(failedOf).flatMap((failed) =>
    failed.cause === undefined
      ? []
      // The same kind of error on another object is another cause.
      : [{
        node: nameOf(failed.result),
        key: `${keyOf(failed)}\n${failed.cause.object ?? ""}`,
        message: failed.cause.message
      }]
  )

/** The whole report. */
export const nodesReport = (results: ReadonlyArray<RunResult.RunResult>): NodesReport => {
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
    groups: groups.slice(0, maxGroups),
    smallerGroups: firstOf(groups.slice(maxGroups).map(groupLine), maxSmallerGroups),
    nodesInMoreGroups: groups.slice(maxGroups + maxSmallerGroups).reduce((sum, group) => sum + group.count, 0),
    blocked: firstOf(results.filter((_, index) => outcomes[index] === "skipped").map(nameOf), maxNames),
    failedTests: firstOf(failedTestsOf(results), maxTests)
  }
}
