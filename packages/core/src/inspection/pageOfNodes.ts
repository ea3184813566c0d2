/** Chooses the nodes of a page: those that were asked for, the most telling first, with as much SQL as it holds. */
import type * as RunResult from "../RunResult.ts"
import { type Clock, countNodes, inspectNode, stageFacts } from "./inspectNode.ts"
import type { Nodes } from "./model.ts"
import type { InspectedNode, NodeState, Stage } from "./nodeModel.ts"
import { nameOf } from "./nodeResults.ts"

const maxNear = 8

/** Which nodes a page has. */
export interface PageOptions {
  readonly node: string | undefined
  readonly limit: number
  readonly startingFrom: number
  /** The position in the SQL of the page's first node, all stages together. */
  readonly sqlFrom: number
  /** The characters of SQL of the page. */
  readonly sqlLimit: number
}

interface Inspected {
  readonly result: RunResult.RunResult
  readonly node: InspectedNode
}

const firstStates: Readonly<Record<NodeState, number>> = {
  failed: 0,
  running: 1,
  unknown: 3,
  completed: 4,
  canceled: 5,
  skipped: 6,
  waiting: 7
}

const rankOf = ({ failedTests, state }: InspectedNode): number =>
  state === "completed" && failedTests.length > 0 ? 2 : firstStates[state]

const failedAt = ({ endTime, startTime }: InspectedNode): number =>
  (endTime ?? startTime)?.epochMilliseconds ?? Number.MAX_SAFE_INTEGER

/** Puts the first node of each kind of error before the others, so that a page shows as many kinds as it can. */
const failedFirst = (failed: ReadonlyArray<Inspected>): ReadonlyArray<Inspected> => {
  const inTime = [...failed].sort((a, b) => failedAt(a.node) - failedAt(b.node))
  const kinds = new Set<string>()
  const isFirst = new Set(inTime.filter(({ node: { cause, errorString } }) => {
    const kind = cause?.key ?? errorString ?? ""
    return kinds.size < kinds.add(kind).size
  }))
  return [...isFirst, ...inTime.filter((one) => !isFirst.has(one))]
}

/** Orders nodes by what they tell: see `Nodes.listed`. */
const telling = (nodes: ReadonlyArray<Inspected>): ReadonlyArray<Inspected> => {
  const failed = failedFirst(nodes.filter(({ node }) => node.state === "failed"))
  const others = nodes.filter(({ node }) => node.state !== "failed").sort(({ node: a }, { node: b }) =>
    rankOf(a) - rankOf(b) || (b.durationMillis ?? -1) - (a.durationMillis ?? -1)
  )
  return [...failed, ...others]
}

/** Matches a whole name or id; `*` stands for any characters. Case does not count. */
const matcherOf = (node: string) => {
  const [first = "", ...rest] = node.toLowerCase().split(/\*+/)
  const last = rest.pop()
  return (name: string): boolean => {
    const text = name.toLowerCase()
    if (last === undefined) return text === first
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
    let at = first.length
    // Each part at its first place: what is left for the others is as long as it can be.
    const fits = rest.every((part) => {
      const found = text.indexOf(part, at)
      at = found + part.length
      return found !== -1
    })
    return fits && at <= text.length - last.length
  }
}

/** Returns the nodes of this name or pattern. A part of a name counts if only one node has it. */
export const matchingNodes = (
  results: ReadonlyArray<RunResult.RunResult>,
  node: string | undefined
): { readonly found: ReadonlyArray<RunResult.RunResult>; readonly near: ReadonlyArray<string> } => {
  if (node === undefined) return { found: results, near: [] }
  const asked = node.trim()
  const matches = matcherOf(asked)
  const found = results.filter(({ name, nodeID }) => matches(name ?? "") || matches(nodeID))
  if (found.length > 0) return { found, near: [] }
  const containing = results.filter((result) => nameOf(result).toLowerCase().includes(asked.toLowerCase()))
  if (containing.length === 1) return { found: containing, near: [] }
  return { found, near: (containing.length > 0 ? containing : results).slice(0, maxNear).map(nameOf) }
}

/** Returns where a chunk of a text ends: at a line's end if one is near, and never within a character. */
const chunkEnd = (sql: string, from: number, room: number): number => {
  const end = from + room
  if (room === 0) return from
  if (end >= sql.length) return sql.length
  const newline = sql.lastIndexOf("\n", end - 1)
  if (newline > from + room * 0.6) return newline + 1
  const isSplit = /[\ud800-\udbff]/.test(sql[end - 1] ?? "") && /[\udc00-\udfff]/.test(sql[end] ?? "")
  // A room of one half of a character would never end.
  return isSplit ? (end - 1 > from ? end - 1 : end + 1) : end
}

/** The stages of a node with the SQL that fits, and where it continues if not all does. */
const cutStages = (stages: ReadonlyArray<Stage>, from: number, limit: number) => {
  let before = 0
  let room = limit
  let next: number | undefined
  const cut = stages.map((stage): Stage => {
    const { sql, ...facts } = stage
    if (sql === undefined || sql === "") return facts
    const start = Math.max(0, from - before)
    const position = before
    before += sql.length
    // A later stage has its SQL on a later page, an earlier one had it on an earlier.
    if (start >= sql.length || next !== undefined) return facts
    const end = chunkEnd(sql, start, room)
    if (end < sql.length) next = position + end
    room = Math.max(0, room - (end - start))
    return end === start ? facts : { ...facts, sql: sql.slice(start, end), ...(start === 0 ? {} : { sqlFrom: start }) }
  })
  return { stages: cut, room, next }
}

/** Returns a page of the nodes of a run. */
export const pageOfNodes = (
  results: ReadonlyArray<RunResult.RunResult>,
  clock: Clock,
  { limit, node, sqlFrom, sqlLimit, startingFrom }: PageOptions
): Nodes => {
  const { found, near } = matchingNodes(results, node)
  const all = results.map((result) => ({ result, node: inspectNode(result, clock) }))
  const isFound = new Set(found)
  const matching = telling(all.filter(({ result }) => isFound.has(result)))
  const page = matching.slice(startingFrom, startingFrom + limit)
  const listed: Array<InspectedNode> = []
  let next: Nodes["next"] = startingFrom + page.length < matching.length
    ? { startingFrom: startingFrom + page.length }
    : undefined
  let room = sqlLimit
  for (const [index, { node: inspected, result }] of page.entries()) {
    if (node === undefined) {
      listed.push(inspected)
      continue
    }
    const cut = cutStages(stageFacts(result, clock), index === 0 ? sqlFrom : 0, room)
    room = cut.room
    // A node without any of its SQL is the first of the next page.
    if (cut.next === 0 && index > 0) {
      next = { startingFrom: startingFrom + index }
      break
    }
    listed.push({ ...inspected, stages: cut.stages })
    if (cut.next !== undefined) {
      next = { startingFrom: startingFrom + index, sqlFrom: cut.next }
      break
    }
  }
  return {
    counts: countNodes(all.map(({ node }) => node)),
    matching: matching.length,
    listed,
    startingFrom,
    ...(next === undefined ? {} : { next }),
    ...(found.length > 0 || near.length === 0 ? {} : { near })
  }
}
