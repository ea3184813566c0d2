/** The nodes of an inspection in a report: a row a node, or its stages with their SQL. */
import { join, line } from "../report/line.ts"
import type { Line, Row, Section, Span, Sql } from "../report/model.ts"
import { localTime, plural, shortDuration } from "../report/time.ts"
import { row, section, type Words } from "../report/words.ts"
import type { Inspection, Nodes } from "./model.ts"
import type { FailedTest, InspectedNode, Stage } from "./nodeModel.ts"

export const nodeName = ({ name, nodeID }: Pick<InspectedNode, "name" | "nodeID">, words: Words): Span =>
  words.name(name ?? nodeID)

/** `1m10s` */
export const durationText = (millis: number): string => shortDuration(Math.round(millis / 1000))

/** `31234 inserted, 12 deleted` */
const rowsText = (
  { rowsDeleted, rowsInserted, rowsUpdated }: Pick<Stage, "rowsInserted" | "rowsUpdated" | "rowsDeleted">
): ReadonlyArray<Line> => {
  const counts: ReadonlyArray<readonly [number | undefined, string]> = [
    [rowsInserted, "inserted"],
    [rowsUpdated, "updated"],
    [rowsDeleted, "deleted"]
  ]
  if (counts.every(([count]) => count === undefined)) return []
  const some = counts.flatMap(([count = 0, verb]): ReadonlyArray<Line> => count === 0 ? [] : [[`${count} ${verb}`]])
  return some.length === 0 ? [["0 rows"]] : some
}

type Failed = Pick<Stage, "cause" | "errorString">

const errorText = ({ cause, errorString }: Failed, max: number, { quote }: Words): Line => {
  const message = quote(cause?.message ?? errorString, max)
  const kind = cause === undefined ? "" : ` (${cause.class}${cause.code === undefined ? "" : ` ${cause.code}`})`
  return message === undefined ? [] : line`: ${message}${kind}`
}

const testLine = ({ message, test }: FailedTest, { bounds, quote }: Words): Line => {
  const said = quote(message)
  return line`failed test ${quote(test, bounds.name) ?? "without a name"}${said === undefined ? [] : line`: ${said}`}`
}

/** Whether all nodes that ran did so in one warehouse, which is then said once. */
export const warehouseOfAll = ({ listed }: Nodes): string | undefined => {
  const [first, ...others] = new Set(listed.flatMap(({ warehouse }) => warehouse ?? []))
  return others.length === 0 ? first : undefined
}

const stateOf = (node: InspectedNode, { bounds, minute, name, status, zone }: Words, isOfDay: boolean): Line => {
  const { durationMillis, runState, share, startTime, state } = node
  const part = share === undefined ? "" : share < 0.005 ? "<1%" : `${Math.round(100 * share)}%`
  const took = durationMillis === undefined ? "" : durationText(durationMillis)
  const measured = took === "" ? "" : ` ${took}${part === "" ? "" : ` (${part})`}`
  switch (state) {
    case "completed":
      return [measured === "" ? " completed" : measured]
    case "failed":
      return line` ${status(state)}${took === "" ? "" : ` after${measured}`}`
    case "running": {
      const since = startTime === undefined ? "" : ` since ${isOfDay ? localTime(startTime, zone) : minute(startTime)}`
      return [` running${since}${took === "" ? "" : ` (${[took, part].filter(Boolean).join(", ")})`}`]
    }
    case "skipped":
      return [" blocked"]
    case "unknown":
      return runState === undefined
        ? [` in no state${measured}`]
        : line` in state ${name(runState, bounds.id)}${measured}`
    case "canceled":
    case "waiting":
      return [` ${state}${measured}`]
  }
}

// A query's id is long: the first of those that failed or run have it, and the slowest.
const maxUrgentIDs = 3
const maxSlowIDs = 3
const maxTests = 3

/** The nodes whose query is named. */
const withQueryID = ({ listed }: Nodes): ReadonlySet<InspectedNode> => {
  const isUrgent = ({ state }: InspectedNode) => state === "failed" || state === "running"
  const slowest = listed.filter((node) => !isUrgent(node))
    .sort((a, b) => (b.durationMillis ?? 0) - (a.durationMillis ?? 0))
  return new Set([...listed.filter(isUrgent).slice(0, maxUrgentIDs), ...slowest.slice(0, maxSlowIDs)])
}

/** What the rows before said, so that a row need not say it again. */
interface Said {
  readonly warehouse: string | undefined
  readonly messages: Map<string, InspectedNode>
  readonly kinds: Set<string>
  readonly queryIDs: ReadonlySet<InspectedNode>
}

const nodeRow = (node: InspectedNode, { kinds, messages, queryIDs, warehouse }: Said, words: Words): Row => {
  const { bounds, name, quote } = words
  const { cause, errorString, failedTests, queryID, stage } = node
  const message = cause?.message ?? errorString
  const first = message === undefined ? undefined : messages.get(message)
  const isFirst = messages.size === 0
  const isSameKind = cause !== undefined && kinds.has(cause.key)
  if (cause !== undefined) kinds.add(cause.key)
  if (message !== undefined && first === undefined) messages.set(message, node)
  // Most stages are named after their node.
  const ownStage = quote(node.name === undefined ? stage : stage?.replace(node.name, ""), bounds.name)
  const parts: ReadonlyArray<Line> = [
    line`${nodeName(node, words)}${stateOf(node, words, true)}`,
    ...(ownStage === undefined || !queryIDs.has(node) ? [] : [line`stage ${ownStage}`]),
    ...rowsText(node),
    ...(node.warehouse === undefined || warehouse !== undefined ? [] : [line`warehouse ${name(node.warehouse)}`]),
    ...(queryID === undefined || !queryIDs.has(node) ? [] : [line`query ${name(queryID, bounds.id)}`])
  ]
  const max = isFirst ? bounds.message : messages.size <= maxUrgentIDs ? bounds.shortMessage : bounds.name
  const error = first !== undefined
    ? line`: the same error as ${nodeName(first, words)}`
    : isSameKind && cause?.object !== undefined
    ? line`: the same kind of error, about ${name(cause.object)}`
    : errorText(node, max, words)
  const more = failedTests.length - maxTests
  return row(line`${join(parts, ", ")}${error}`, [
    ...failedTests.slice(0, maxTests).map((test) => testLine(test, words)),
    ...(more > 0 ? [[`and ${plural(more, "more failed test")}`]] : [])
  ])
}

const positionOf = ({ listed, startingFrom }: Nodes): string =>
  listed.length === 1 ? `Node ${startingFrom + 1}` : `Nodes ${startingFrom + 1}–${startingFrom + listed.length}`

/** The part of a stage's SQL that the page holds, line by line as it is. */
const sqlOf = ({ cause, sql, sqlFrom = 0, sqlLength = 0 }: Stage, { text }: Words): Sql | undefined => {
  if (sql === undefined) return undefined
  const lines = sql.split(/\r\n?|\n/)
  if (lines.at(-1) === "") lines.pop()
  const isWhole = sqlFrom === 0 && sql.length >= sqlLength
  // Only a chunk from the start knows the number of its lines.
  const fault = sqlFrom === 0 && cause?.line !== undefined && cause.line <= lines.length ? cause.line - 1 : undefined
  return {
    title: [
      isWhole ? "SQL" : `SQL (characters ${sqlFrom + 1}–${sqlFrom + sql.length} of ${sqlLength})`
    ],
    lines: lines.map((one) => {
      const indent = Math.min(20, one.length - one.trimStart().length)
      // A cleaned line may be longer than it was: it is not cut again.
      return `${" ".repeat(indent)}${text(one, 2 * one.length + 1)}`
    }),
    ...(fault === undefined ? {} : { faultIndex: fault })
  }
}

const stageRow = (stage: Stage, words: Words): Row => {
  const { bounds, name, quote } = words
  const { durationMillis, isRunning, queryID, success, warehouse } = stage
  const state = isRunning === true
    ? "running"
    : success === false
    ? "failed"
    : success === true
    ? "completed"
    : undefined
  const parts: ReadonlyArray<Line> = [
    line`${quote(stage.name, bounds.name) ?? "stage without a name"}${state === undefined ? "" : ` ${state}`}${
      durationMillis === undefined ? "" : ` ${durationText(durationMillis)}`
    }`,
    ...rowsText(stage),
    ...(warehouse === undefined ? [] : [line`warehouse ${name(warehouse)}`]),
    ...(queryID === undefined ? [] : [line`query ${name(queryID, bounds.id)}`])
  ]
  const sql = sqlOf(stage, words)
  return {
    ...row(line`${join(parts, ", ")}${errorText(stage, bounds.message, words)}`),
    ...(sql === undefined ? {} : { sql })
  }
}

const stageSections = (node: InspectedNode, words: Words): ReadonlyArray<Section> => {
  const { stages = [] } = node
  const told = line`${nodeName(node, words)}${stateOf(node, words, false)}`
  return stages.length === 0
    ? section("inline", told, [row(["no stages"])], 1)
    : section("list", told, stages.map((stage) => stageRow(stage, words)), stages.length)
}

/** The nodes of the page. */
export const nodeSections = ({ nodes, query: { node } }: Inspection, words: Words): ReadonlyArray<Section> => {
  if (nodes === undefined) return []
  const { listed, matching, startingFrom } = nodes
  if (node !== undefined) return listed.flatMap((one) => stageSections(one, words))
  const said = {
    warehouse: warehouseOfAll(nodes),
    messages: new Map(),
    kinds: new Set<string>(),
    queryIDs: withQueryID(nodes)
  }
  const rows = listed.map((one) => nodeRow(one, said, words))
  const rest = matching - startingFrom - listed.length
  const title = rest === 0 && startingFrom === 0 ? "Nodes" : `${positionOf(nodes)} of ${matching}`
  return section("list", [`${title}, failed first, then the slowest`], rows, rows.length, rest, "node")
}
