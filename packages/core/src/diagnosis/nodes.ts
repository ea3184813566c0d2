/** The node results of a run as facts: the failed nodes by kind of error, those that they blocked, the data tests. */
import * as FailureCause from "../FailureCause.ts"
import { firstOf } from "../inspection/boundedList.ts"
import { failedTestsOf, maxName, nameOf, textOf } from "../inspection/nodeResults.ts"
import { shortText } from "../list/RunLine.ts"
import * as RunResult from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { maskSecrets } from "../wire/text.ts"
import { type Failed, failedIn } from "./failedNodes.ts"
import type { Diagnosis } from "./model.ts"
import type { FailedNode, FailureGroup, NodeOutcomes } from "./nodeModel.ts"
import { consequencesIn } from "./rootNodes.ts"

const maxGroups = 15
const maxWholeGroups = 5
const maxNames = 10
const maxFewNames = 3
/** If no more nodes failed, each of them is named. */
const maxNamed = 50
const maxTests = 10
const maxNodeNames = 20
const maxOtherMessages = 3

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

const groupOf = (group: readonly [Failed, ...Array<Failed>], names: number): FailureGroup => {
  const [first] = group
  const messages = [...new Set(group.map(({ cause }) => cause?.message ?? ""))]
  const objects = [...new Set(group.flatMap(({ cause }) => cause?.object ?? []))]
  return {
    class: first.cause?.class ?? "unknown",
    key: first.cause?.key ?? "",
    count: group.length,
    first: failedNode(first),
    nodes: firstOf(group.map(({ result }) => nameOf(result)), names),
    ...(objects.length === 0 ? {} : { objects: firstOf(objects, maxNames) }),
    messages: messages.length,
    otherMessages: messages.slice(1, 1 + maxOtherMessages)
  }
}

/**
 * Groups the failed nodes by kind of error: those of most nodes first, among equals the one that failed first. Nodes that
 * follow from another one come behind it.
 */
const groupsOf = (failed: ReadonlyArray<Failed>, results: ReadonlyArray<RunResult.RunResult>) => {
  const consequences = consequencesIn(failed, results)
  const follows = (one: Failed) => Number(consequences.has(one))
  const byKey = new Map<string, [Failed, ...Array<Failed>]>()
  const alone: Array<[Failed]> = []
  for (const one of [...failed].sort((a, b) => follows(a) - follows(b) || a.at - b.at)) {
    const group = one.cause && byKey.get(one.cause.key)
    // Nodes that name no cause have nothing in common.
    if (one.cause === undefined) alone.push([one])
    else if (group === undefined) byKey.set(one.cause.key, [one])
    else group.push(one)
  }
  const known = [...byKey.values()].sort((a, b) => follows(a[0]) - follows(b[0]) || b.length - a.length)
  const onlyFollow = known.every(([first]) => consequences.has(first))
  // What names no cause can still be the root of all that follow from it.
  return onlyFollow ? [...alone, ...known] : [...known, ...alone]
}

/** A group with the name and the message of its first node alone. */
const shortened = ({ first, nodes, objects, ...group }: FailureGroup, names: number): FailureGroup => {
  const few = ({ listed, more }: FailureGroup["nodes"], max: number) => {
    const first = firstOf(listed, max)
    return { ...first, more: more + first.more }
  }
  const { cause, errorString, name, nodeID } = first
  return {
    ...group,
    first: { nodeID, ...omitUndefined({ name, cause, errorString }) },
    nodes: few(nodes, names),
    ...(objects === undefined ? {} : { objects: few(objects, maxFewNames) }),
    otherMessages: []
  }
}

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
  const isNamed = failed.length <= maxNamed
  const grouped = groupsOf(failed, results)
  const groups = grouped.slice(0, maxGroups).map((group, index) => {
    const whole = groupOf(group, isNamed ? maxNamed : maxNames)
    return index < maxWholeGroups ? whole : shortened(whole, isNamed ? maxNamed : maxFewNames)
  })
  const notListed = grouped.slice(maxGroups).flat()
  const withoutCause = failed.filter(({ cause }) => cause === undefined).length
  return {
    total: results.length,
    completed: howMany("completed"),
    failed: failed.length,
    skipped: howMany("skipped"),
    canceled: howMany("canceled"),
    running: howMany("running"),
    unknown: howMany("unknown"),
    groups: { listed: groups, more: grouped.length - groups.length },
    ...(withoutCause === 0 ? {} : { withoutCause }),
    nodesNotListed: notListed.length,
    ...(isNamed && notListed.length > 0 ? { otherNodes: notListed.map(({ result }) => nameOf(result)) } : {}),
    blocked: firstOf(results.filter((_, index) => outcomes[index] === "skipped").map(nameOf), maxNames),
    failedTests: firstOf(failedTestsOf(results), maxTests)
  }
}
