/** Compares the nodes of two runs, and ranks the differences by what explains the outcome. */
import * as RunResult from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { type Clock, inspectNode } from "./inspectNode.ts"
import type { DifferenceKind, NodeDifference, SqlChange } from "./model.ts"
import type { InspectedNode } from "./nodeModel.ts"
import { endingQuery, nameOf } from "./nodeResults.ts"
import { sqlChange } from "./sqlChange.ts"

/** The nodes of a run, and what they are measured by. */
export interface Side {
  readonly results: ReadonlyArray<RunResult.RunResult>
  readonly clock: Clock
}

interface Pair {
  readonly before: RunResult.RunResult | undefined
  readonly after: RunResult.RunResult | undefined
}

/** Pairs nodes by their id, and those whose id changed by their name. */
const pairsOf = (
  before: ReadonlyArray<RunResult.RunResult>,
  after: ReadonlyArray<RunResult.RunResult>
): ReadonlyArray<Pair> => {
  const byID = new Map(before.map((result) => [result.nodeID, result]))
  const ids = new Set(after.map(({ nodeID }) => nodeID))
  const byName = new Map(before.flatMap((result) => ids.has(result.nodeID) ? [] : [[nameOf(result), result] as const]))
  const paired = new Set<RunResult.RunResult>()
  const pairs = after.map((result): Pair => {
    const other = byID.get(result.nodeID) ?? byName.get(nameOf(result))
    if (other === undefined || paired.has(other)) return { before: undefined, after: result }
    paired.add(other)
    return { before: other, after: result }
  })
  return [...pairs, ...before.filter((one) => !paired.has(one)).map((one): Pair => ({ before: one, after: undefined }))]
}

const leastRows = 100
const leastMillis = 10_000
/** So many times as long is slower. */
export const leastFactor = 1.5

const rowsOf = ({ rowsInserted, rowsUpdated }: InspectedNode): number | undefined =>
  rowsInserted === undefined && rowsUpdated === undefined ? undefined : (rowsInserted ?? 0) + (rowsUpdated ?? 0)

const besideOf = (node: InspectedNode) => ({
  state: node.state,
  ...omitUndefined({ durationMillis: node.durationMillis, rows: rowsOf(node) })
})

/** Pairs the stages of a node by their name: the second of a name with the second. */
const sqlChanges = (before: RunResult.RunResult, after: RunResult.RunResult): ReadonlyArray<SqlChange> => {
  const seen = new Map<string | undefined, number>()
  return (after.queryResults ?? []).flatMap(({ name, sql }) => {
    const index = seen.get(name) ?? 0
    seen.set(name, index + 1)
    const other = before.queryResults?.filter((query) => query.name === name)[index]
    // A stage that did not run, or that shows no SQL, did not change.
    const change = other?.sql === undefined || sql === undefined ? undefined : sqlChange(name, other.sql, sql)
    return change === undefined ? [] : [change]
  })
}

interface Difference {
  readonly facts: NodeDifference
  /** What is more of it comes first: milliseconds lost, or rows. */
  readonly size: number
}

const differenceOf = ({ after, before }: Pair, was: Clock, is: Clock): Difference | undefined => {
  const one = after ?? before
  if (one === undefined) return undefined
  const left = before && inspectNode(before, was)
  const right = after && inspectNode(after, is)
  const { name, nodeID } = right ?? left ?? inspectNode(one, is)
  const facts = {
    nodeID,
    ...omitUndefined({ name, before: left && besideOf(left), after: right && besideOf(right) })
  }
  if (left === undefined || right === undefined || before === undefined || after === undefined) {
    const hasFailed = right?.state === "failed"
    return {
      facts: { ...facts, kinds: [...(hasFailed ? ["newlyFailed" as const] : []), right ? "new" : "gone"] },
      size: 0
    }
  }
  const [rowsBefore = 0, rowsAfter] = [rowsOf(left), rowsOf(right)]
  const lostRows = left.state === "completed" && right.state === "completed" && rowsAfter !== undefined &&
      rowsBefore >= leastRows && rowsAfter < rowsBefore / 2
    ? rowsBefore - rowsAfter
    : 0
  const [took = Infinity, takes = 0] = [left.durationMillis, right.durationMillis]
  const lostMillis = takes - took >= leastMillis && takes >= leastFactor * took ? takes - took : 0
  const changes = sqlChanges(before, after)
  const kinds: ReadonlyArray<DifferenceKind> = [
    ...(right.state === "failed" && left.state !== "failed" ? ["newlyFailed" as const] : []),
    ...(right.failedTests.length > 0 && left.failedTests.length === 0 ? ["newlyFailedTest" as const] : []),
    ...(changes.length > 0 ? ["changedSql" as const] : []),
    ...(lostRows > 0 ? ["fewerRows" as const] : []),
    ...(lostMillis > 0 ? ["slower" as const] : [])
  ]
  return kinds.length === 0 ? undefined : {
    facts: { ...facts, kinds, ...(changes.length === 0 ? {} : { sqlChanges: changes }) },
    size: lostMillis || lostRows
  }
}

/** Bounds the search for names: the first failed nodes tell, and so does the beginning of their SQL. */
const maxFailed = 20
const maxText = 100_000

/** Returns which failed node names a node in its message or its SQL. */
const namingOf = ({ clock, results }: Side): (name: string) => string | undefined => {
  const texts = results.filter((result) => RunResult.outcome(result) === "failed").slice(0, maxFailed).map((result) => {
    const query = endingQuery(result)
    const { cause, errorString = "" } = inspectNode(result, clock)
    const text = `${cause?.message ?? ""} ${cause?.object ?? ""} ${errorString} ${query?.sql?.slice(0, maxText) ?? ""}`
    return { name: nameOf(result), words: new Set(text.toUpperCase().split(/[^\p{L}\p{N}_$]+/u)) }
  })
  return (name) => texts.find((one) => one.name !== name && one.words.has(name.toUpperCase()))?.name
}

// For a run in which a node failed: what failed, what it reads, what else changed.
const afterFailure: ReadonlyArray<DifferenceKind> = [
  "newlyFailed",
  "changedSql",
  "gone",
  "newlyFailedTest",
  "fewerRows",
  "new",
  "slower"
]
// For a run that took much longer.
const whenSlow: ReadonlyArray<DifferenceKind> = [
  "slower",
  "changedSql",
  "newlyFailedTest",
  "fewerRows",
  "new",
  "gone",
  "newlyFailed"
]
const otherwise: ReadonlyArray<DifferenceKind> = [
  "newlyFailed",
  "newlyFailedTest",
  "fewerRows",
  "changedSql",
  "gone",
  "new",
  "slower"
]

const maxOnlyFailed = 5

/** The outcome that the differences explain. */
export interface Outcome {
  readonly hasFailed: boolean
  readonly isSlow: boolean
}

/** Returns the nodes that differ, ranked, and how many nodes both runs have. */
export const compareNodes = (
  before: Side,
  after: Side,
  { hasFailed, isSlow }: Outcome
): { readonly differences: ReadonlyArray<NodeDifference>; readonly nodesInBoth: number } => {
  const pairs = pairsOf(before.results, after.results)
  const naming = namingOf(after)
  const order = hasFailed ? afterFailure : isSlow ? whenSlow : otherwise
  const rankOf = ({ kinds, namedBy, sqlChanges }: NodeDifference): number => {
    // Numbers differ every night: they explain nothing.
    const isNoise = sqlChanges?.every(({ onlyNumbers }) => onlyNumbers) === true
    const ranks = kinds.map((kind) => isNoise && kind === "changedSql" ? order.length : order.indexOf(kind))
    const rank = Math.min(...ranks)
    return namedBy !== undefined && rank > 0 ? 0.5 : rank
  }
  const ranked = pairs.flatMap((pair) => {
    const difference = differenceOf(pair, before.clock, after.clock)
    // A run that has not ended may not show all of its nodes yet.
    if (difference === undefined || (pair.after === undefined && !after.clock.hasEnded)) return []
    const { name, nodeID } = difference.facts
    const namedBy = hasFailed ? naming(name ?? nodeID) : undefined
    const facts = { ...difference.facts, ...omitUndefined({ namedBy }) }
    return [{ facts, rank: rankOf(facts), size: difference.size }]
  })
  const sorted = ranked.sort((a, b) => a.rank - b.rank || b.size - a.size).map(({ facts }) => facts)
  // Where many nodes failed, a few of them must not hide what else differs.
  const onlyFailed = new Set(
    sorted.filter(({ kinds }) => kinds.length === 1 && kinds[0] === "newlyFailed").slice(maxOnlyFailed)
  )
  return {
    differences: [...sorted.filter((one) => !onlyFailed.has(one)), ...onlyFailed],
    nodesInBoth: pairs.filter((pair) => pair.before !== undefined && pair.after !== undefined).length
  }
}
