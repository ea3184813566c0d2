/** The node results of a run as facts: the failed nodes by kind of error, those that they blocked, the data tests. */
import * as FailureCause from "../FailureCause.ts"
import { firstOf } from "../inspection/boundedList.ts"
import { causeOf, endingQuery, failedTestsOf, maxName, nameOf, textOf } from "../inspection/nodeResults.ts"
import { shortText } from "../list/RunLine.ts"
import * as RunResult from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { maskSecrets } from "../wire/text.ts"
import type { Diagnosis } from "./model.ts"
import type { FailedNode, FailureGroup, NodeOutcomes } from "./nodeModel.ts"

const maxGroups = 15
const maxWholeGroups = 5
const maxNames = 10
const maxFewNames = 3
const maxTests = 10
const maxNodeNames = 20
const maxOtherMessages = 3

interface Failed {
  readonly result: RunResult.RunResult
  readonly query: RunResult.QueryResult | undefined
  readonly cause: FailureCause.FailureCause | undefined
  /** Epoch milliseconds at which the node failed; nodes without a time come last. */
  readonly at: number
}

const failedIn = (results: ReadonlyArray<RunResult.RunResult>): ReadonlyArray<Failed> =>
  results.filter((result) => RunResult.outcome(result) === "failed").map((result) => {
    const query = endingQuery(result)
    const at = (query?.endTime ?? query?.startTime)?.epochMilliseconds ?? Number.MAX_SAFE_INTEGER
    return { result, query, cause: query && causeOf(query), at }
  })

const failedNode = ({ cause, query, result }: Failed): FailedNode => {
  const stage = query?.name ?? (query !== undefined && query === result.renderQueryResult ? "Render" : undefined)
  return {
    nodeID: shortText(result.nodeID, maxName),
    ...omitUndefined({
      name: shortText(result.name, maxName),
      stage: shortText(stage, maxName),
      cause,
      errorString: cause === undefined && query !== undefined ? textOf(query) : undefined,
      queryID: shortText(query?.queryID, maxName),
      warehouse: shortText(query?.warehouse, maxName),
      startTime: query?.startTime,
      endTime: query?.endTime,
      sql: query?.sql === undefined ? undefined : maskSecrets(query.sql)
    })
  }
}

const groupOf = (group: readonly [Failed, ...Array<Failed>]): FailureGroup => {
  const [first] = group
  const messages = [...new Set(group.map(({ cause }) => cause?.message ?? ""))]
  const objects = [...new Set(group.flatMap(({ cause }) => cause?.object ?? []))]
  return {
    class: first.cause?.class ?? "unknown",
    key: first.cause?.key ?? "",
    count: group.length,
    first: failedNode(first),
    nodes: firstOf(group.map(({ result }) => nameOf(result)), maxNames),
    ...(objects.length === 0 ? {} : { objects: firstOf(objects, maxNames) }),
    messages: messages.length,
    otherMessages: messages.slice(1, 1 + maxOtherMessages)
  }
}

/** Groups the failed nodes by kind of error: those of most nodes first, among equals the one that failed first. */
const groupsOf = (failed: ReadonlyArray<Failed>): ReadonlyArray<FailureGroup> => {
  const byKey = new Map<string, [Failed, ...Array<Failed>]>()
  const alone: Array<[Failed]> = []
  for (const one of [...failed].sort((a, b) => a.at - b.at)) {
    const group = one.cause && byKey.get(one.cause.key)
    // Nodes that name no cause have nothing in common.
    if (one.cause === undefined) alone.push([one])
    else if (group === undefined) byKey.set(one.cause.key, [one])
    else group.push(one)
  }
  return [...[...byKey.values()].sort((a, b) => b.length - a.length), ...alone].map(groupOf)
}

/** A group with the name and the message of its first node alone. */
const shortened = ({ first, nodes, objects, ...group }: FailureGroup): FailureGroup => {
  const few = ({ listed, more }: FailureGroup["nodes"]) => {
    const first = firstOf(listed, maxFewNames)
    return { ...first, more: more + first.more }
  }
  const { cause, errorString, name, nodeID } = first
  return {
    ...group,
    first: { nodeID, ...omitUndefined({ name, cause, errorString }) },
    nodes: few(nodes),
    ...(objects === undefined ? {} : { objects: few(objects) }),
    otherMessages: []
  }
}

export interface FailedCause {
  readonly node: string
  readonly cause: FailureCause.FailureCause
}

/** The causes that the failed nodes name, to compare with those of another run. */
export const failedCauses = (results: ReadonlyArray<RunResult.RunResult>): ReadonlyArray<FailedCause> =>
  failedIn(results).flatMap(({ cause, result }) => cause === undefined ? [] : [{ node: nameOf(result), cause }])

/** Returns the names of the nodes that these runFailureReasons name by their ids. */
export const nodeNamesOf = (
  reasons: Iterable<string>,
  results: ReadonlyArray<RunResult.RunResult>
): Diagnosis["nodeNames"] => {
  const named = new Set(
    Array.from(reasons, FailureCause.nodeIDs).flatMap(({ failed, skipped }) => [...failed, ...skipped])
  )
  const names = new Map(
    results.flatMap(({ name, nodeID }) => name !== undefined && named.has(nodeID) ? [[nodeID, name] as const] : [])
  )
  const nodes = Array.from(names, ([nodeID, name]) => ({ nodeID, name: shortText(name, maxName) }))
  return nodes.length === 0 ? undefined : nodes.slice(0, maxNodeNames)
}

/** Returns the facts in the node results. */
export const nodeOutcomes = (results: ReadonlyArray<RunResult.RunResult>): NodeOutcomes => {
  const outcomes = results.map(RunResult.outcome)
  const howMany = (outcome: RunResult.Outcome) => outcomes.filter((one) => one === outcome).length
  const failed = failedIn(results)
  const groups = groupsOf(failed)
  const withoutCause = failed.filter(({ cause }) => cause === undefined).length
  return {
    total: results.length,
    completed: howMany("completed"),
    failed: failed.length,
    skipped: howMany("skipped"),
    canceled: howMany("canceled"),
    running: howMany("running"),
    unknown: howMany("unknown"),
    groups: firstOf(groups.map((group, index) => index < maxWholeGroups ? group : shortened(group)), maxGroups),
    ...(withoutCause === 0 ? {} : { withoutCause }),
    nodesNotListed: groups.slice(maxGroups).reduce((sum, group) => sum + group.count, 0),
    blocked: firstOf(results.filter((_, index) => outcomes[index] === "skipped").map(nameOf), maxNames),
    failedTests: firstOf(failedTestsOf(results), maxTests)
  }
}
