/** The nodes of a run in a report: the failed ones by cause with their SQL, those that they blocked, the data tests. */
import type { CauseClass } from "../FailureCause.ts"
import { join, line } from "../Report.ts"
import type { Line, Row, Section } from "../report/model.ts"
import { row, section, type Words } from "../report/words.ts"
import type { Diagnosis } from "./model.ts"
import type { FailedTest, FailureGroup } from "./nodeModel.ts"
import { causeName, firstNode } from "./reportFailure.ts"
import { excerpt } from "./sqlExcerpt.ts"

/** How much of each bound the first group has, the second, and each of the others. */
const shares = [
  { sql: 1, names: 1, messages: 3 },
  { sql: 0.4, names: 0.5, messages: 1 },
  { sql: 0.1, names: 0.375, messages: 1 }
] as const

/** Classes of which no SQL is at fault. */
const withoutSql: ReadonlySet<CauseClass> = new Set(["warehouseOrQuota", "authenticationOrNetwork"])

const namesOf = (names: ReadonlyArray<string>, all: number, { name }: Words): Line =>
  line`${join(names.map((one): Line => [name(one)]), ", ")}${
    all > names.length ? ` and ${all - names.length} more` : ""
  }`

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

const otherMessagesOf = (group: FailureGroup, max: number, { quote }: Words): ReadonlyArray<Line> => {
  const shown = group.otherMessages.slice(0, max).flatMap((message) => {
    const quoted = quote(message)
    return quoted === undefined ? [] : [[quoted]]
  })
  const more = group.messages - 1 - shown.length
  return shown.length === 0 ? [] : [line`also ${join(shown, ", ")}${more > 0 ? ` and ${more} more messages` : ""}`]
}

/** From this group on only the message of the first node is told. */
const firstShortGroup = 5

const groupRow = (group: FailureGroup, index: number, all: ReadonlyArray<FailureGroup>, words: Words): Row => {
  const { cause, sql, warehouse } = group.first
  const share = shares[index] ?? shares[2]
  const max = Math.max(1, Math.round(words.bounds.names * share.names))
  const nodes = group.count === 1
    ? line`${words.name(firstNode(group))}`
    : line`${group.count} nodes: ${namesOf(group.nodes.listed.slice(0, max), group.count, words)}`
  // The first group's message is in the line that says why.
  const message = index === 0 ? undefined : words.quote(cause?.message)
  // From the third group on only the line at fault is shown: the query's id leads to the rest.
  const shown = sql === undefined || withoutSql.has(group.class) || (index > 1 && cause?.line === undefined)
    ? undefined
    : excerpt(sql, cause ?? {}, Math.round(words.bounds.sql * share.sql), words)
  return {
    ...row(
      line`${causeName(group.class, cause?.code)}, ${nodes}${message === undefined ? [] : line`: ${message}`}`,
      index >= firstShortGroup ? [] : [
        ...placeOf(group, index > 0 && warehouse === all[0]?.first.warehouse, words),
        ...otherMessagesOf(group, share.messages, words)
      ]
    ),
    ...(shown === undefined ? {} : { sql: shown })
  }
}

/** The failed nodes by cause, and those that they blocked. */
export const nodeSections = ({ nodes }: Diagnosis, words: Words): ReadonlyArray<Section> => {
  if (nodes === undefined) return []
  const { blocked, groups: { listed, more }, skipped } = nodes
  const rows = listed.map((group, index) => groupRow(group, index, listed, words))
  return [
    ...section("list", ["Failed nodes, by cause"], rows, rows.length, more, "causes"),
    ...section(
      "inline",
      [`Blocked (${skipped})`],
      blocked.listed.map((name) => row([words.name(name)])),
      words.bounds.rows,
      blocked.more
    )
  ]
}

interface TestOfRun {
  readonly runID?: number
  readonly test: FailedTest
}

/** The data tests that failed. */
export const testSection = (tests: ReadonlyArray<TestOfRun>, more: number, words: Words): ReadonlyArray<Section> =>
  section(
    "list",
    ["Failed data tests, which do not fail a run"],
    tests.map(({ runID, test }) => {
      const name = words.quote(test.test, words.bounds.name) ?? "a test"
      const message = words.quote(test.message)
      const run = runID === undefined ? "" : `run ${runID}, `
      return row(line`${run}${words.name(test.node)}: ${name}${message === undefined ? [] : line`: ${message}`}`)
    }),
    words.bounds.rows,
    more
  )
