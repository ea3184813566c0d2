/** The nodes of a run in a report: the failed ones by cause with their SQL, those that they blocked, the data tests. */
import type { CauseClass } from "../FailureCause.ts"
import type { FailedTest } from "../inspection/nodeModel.ts"
import { join, line } from "../report/line.ts"
import type { Line, Row, Section } from "../report/model.ts"
import { plural } from "../report/time.ts"
import { row, section, type Words } from "../report/words.ts"
import type { Diagnosis } from "./model.ts"
import type { FailureGroup, NodeOutcomes } from "./nodeModel.ts"
import { firstNode, kindOf, messageOf, namesOf } from "./reportFailure.ts"
import { excerpt } from "./sqlExcerpt.ts"

/** How much of each bound the first group has, the second, and each of the others. */
const shares = [
  { sql: 1, names: 1, messages: 3 },
  { sql: 0.4, names: 0.5, messages: 1 },
  { sql: 0.1, names: 0.375, messages: 1 }
] as const

/** Classes of which no SQL is at fault. */
const withoutSql: ReadonlySet<CauseClass> = new Set(["warehouseOrQuota", "authenticationOrNetwork"])

/** Where the first node of a group failed. */
const placeOf = (
  group: FailureGroup,
  sharesWarehouse: boolean,
  { bounds, name, quote }: Words
): ReadonlyArray<Line> => {
  const { cause, queryID, stage, warehouse } = group.first
  const shown: ReadonlyArray<Line> = [
    ...(stage === undefined ? [] : [line`stage ${quote(stage, bounds.name)}`]),
    ...(cause?.sqlState === undefined ? [] : [[`SQLSTATE ${cause.sqlState}`]]),
    ...(queryID === undefined ? [] : [line`query ${name(queryID, bounds.id)}`]),
    ...(warehouse === undefined || sharesWarehouse ? [] : [line`warehouse ${quote(warehouse, bounds.name)}`])
  ]
  const node = group.count > 1 ? line`${name(firstNode(group))}: ` : []
  return shown.length === 0 ? [] : [line`${node}${join(shown, ", ")}`]
}

/** What the nodes of a group differ in: the objects that they are about or, if there is one at most, their messages. */
const differencesOf = (
  { messages, objects, otherMessages }: FailureGroup,
  max: number,
  names: number,
  words: Words
) => {
  const all = objects === undefined ? 0 : objects.listed.length + objects.more
  if (objects !== undefined && all > 1) {
    return [line`objects ${namesOf(objects.listed, all, all > names ? names / 2 : names, words)}`]
  }
  const shown = otherMessages.slice(0, max).flatMap((message): ReadonlyArray<Line> => {
    const quoted = words.quote(message)
    return quoted === undefined ? [] : [[quoted]]
  })
  const more = messages - 1 - shown.length
  return shown.length === 0
    ? []
    : [line`also ${join(shown, ", ")}${more > 0 ? ` and ${plural(more, "more message")}` : ""}`]
}

/** From this group on only the names and the message are told: an inspection of the run has the rest. */
const firstShortGroup = 2

/** From so many failed nodes on, not each is named. */
const manyNodes = 50

const groupRow = (
  group: FailureGroup,
  index: number,
  { failed, groups: { listed: all } }: NodeOutcomes,
  words: Words
): Row => {
  const { cause, sql, warehouse } = group.first
  const share = shares[index] ?? shares[2]
  const names = words.bounds.names * share.names
  const named = failed > manyNodes ? names : group.count
  const nodes = group.count === 1
    ? line`${words.name(firstNode(group))}`
    : line`${group.count} nodes: ${namesOf(group.nodes.listed, group.count, named, words)}`
  // The first group's message is in the line that says why.
  const message = index === 0 ? undefined : words.quote(messageOf(group))
  const shown = sql === undefined || withoutSql.has(group.class) || index >= firstShortGroup
    ? undefined
    : excerpt(sql, cause ?? {}, Math.round(words.bounds.sql * share.sql), words)
  return {
    ...row(
      line`${kindOf(group)}, ${nodes}${message === undefined ? [] : line`: ${message}`}`,
      index >= firstShortGroup ? [] : [
        ...placeOf(group, index > 0 && warehouse === all[0]?.first.warehouse, words),
        ...differencesOf(group, share.messages, names, words)
      ]
    ),
    ...(shown === undefined ? {} : { sql: shown })
  }
}

/** The failed nodes by cause, and those that they blocked. */
export const nodeSections = ({ nodes }: Diagnosis, words: Words): ReadonlyArray<Section> => {
  if (nodes === undefined) return []
  const { blocked, groups: { listed, more }, otherNodes = [], skipped } = nodes
  const rows = listed.map((group, index) => groupRow(group, index, nodes, words))
  const names = blocked.listed.map((name) => row([words.name(name)]))
  return [
    ...section("list", ["Failed nodes, by cause"], rows, rows.length, more, "cause"),
    ...section("inline", ["Also failed"], otherNodes.map((name) => row([words.name(name)])), otherNodes.length),
    ...section("inline", [`Blocked (${skipped})`], names, words.bounds.rows, blocked.more)
  ]
}

interface TestOfRun {
  readonly runID?: number
  readonly test: FailedTest
}

/** The data tests that failed. */
export const testSection = (
  tests: ReadonlyArray<TestOfRun>,
  more: number,
  words: Words,
  title = "Failed data tests, which do not fail a run"
): ReadonlyArray<Section> => {
  const rows = tests.map(({ runID, test }) => {
    const name = words.quote(test.test, words.bounds.name) ?? "a test"
    const message = words.quote(test.message)
    const run = runID === undefined ? "" : `run ${runID}, `
    return row(line`${run}${words.name(test.node)}: ${name}${message === undefined ? [] : line`: ${message}`}`)
  })
  return section("list", [title], rows, words.bounds.rows, more)
}
