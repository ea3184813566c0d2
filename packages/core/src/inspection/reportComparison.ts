/** The comparison with another run in a report. */
import { startedAt } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line, Row, Section, Sql } from "../report/model.ts"
import { plural } from "../report/time.ts"
import { row, section, type Words } from "../report/words.ts"
import type { Change, Comparison, DifferenceKind, Inspection, NodeDifference, SqlChange } from "./model.ts"
import { durationText, nodeName } from "./reportNodes.ts"

/** JSON of a string brings its own quotation marks. */
const unquoted = (json: string | undefined): string | undefined => json?.replace(/^"(.*)"$/s, "$1")

const changeText = ({ after, before, name }: Change, { bounds, name: nameOf, quote }: Words): Line =>
  line`${nameOf(name)} from ${quote(unquoted(before), bounds.name) ?? "absent"} to ${
    quote(unquoted(after), bounds.name) ?? "absent"
  }`

const otherOf = ({ by, run }: Comparison, words: Words): Line =>
  line`${by === "lastSuccess" ? "the last success, " : ""}run ${run.id}${startedAt(run, words)}`

const kindNames: { readonly [K in DifferenceKind]: string } = {
  newlyFailed: "failed newly",
  newlyFailedTest: "a test failed newly",
  changedSql: "changed SQL",
  gone: "gone",
  fewerRows: "far fewer rows",
  new: "new",
  slower: "slower"
}

/** Says beside which run, how long that took, and what differs of the runs themselves. */
export const comparisonLines = ({ comparison, run }: Inspection, words: Words): ReadonlyArray<Line> => {
  if (comparison === undefined) return []
  const { durationMillis, nodesInBoth, parameters, settings } = comparison
  const took = durationMillis === undefined ? "" : `, which took ${durationText(durationMillis)}`
  const status = comparison.by === "given" ? line`, ${words.status(comparison.run.runStatus)}` : []
  const changes = settings.map((change) => changeText(change, words))
  const listed = parameters?.listed.slice(0, words.bounds.names).map((change) => changeText(change, words)) ?? []
  const more = (parameters?.listed.length ?? 0) - listed.length + (parameters?.more ?? 0)
  const changed: ReadonlyArray<Line> = [
    ...changes,
    ...(listed.length === 0
      ? []
      : [line`parameter ${join(listed, ", parameter ")}${more === 0 ? "" : ` and ${more} more`}`])
  ]
  const same = comparison.differences.listed.length > 0
    ? ""
    : nodesInBoth === undefined
    ? " Nodes cannot be compared, since one of the runs shows none."
    : ` No difference in ${plural(nodesInBoth, "node")}${run?.runEndTime === undefined ? " so far" : ""}.`
  return [
    line`Compared with ${otherOf(comparison, words)}${status}${took}.${
      changed.length === 0 ? [] : line` Changed: ${join(changed, ", ")}.`
    }${same}`
  ]
}

const howSlow = ({ after, before }: NodeDifference): string =>
  before?.durationMillis === undefined || after?.durationMillis === undefined
    ? ""
    : ` (${durationText(after.durationMillis)}, before ${durationText(before.durationMillis)})`

const howFew = ({ after, before }: NodeDifference): string =>
  before?.rows === undefined || after?.rows === undefined ? "" : ` (${after.rows}, before ${before.rows})`

const kindText = (kind: DifferenceKind, difference: NodeDifference): string => {
  const { sqlChanges } = difference
  return kind === "slower"
    ? `${kindNames[kind]}${howSlow(difference)}`
    : kind === "fewerRows"
    ? `${kindNames[kind]}${howFew(difference)}`
    : kind === "changedSql" && sqlChanges?.every(({ onlyNumbers }) => onlyNumbers) === true
    ? `${kindNames[kind]} (numbers only)`
    : kindNames[kind]
}

/** So many nodes show how their SQL changed. */
const maxDiffs = 2
const maxDiffLines = [6, 2] as const

const diffOf = ({ added, lines, removed, stage }: SqlChange, max: number, { bounds, quote, text }: Words): Sql => {
  const size = added === undefined || removed === undefined
    ? "too different to show"
    : `${plural(removed, "line")} removed, ${added} added`
  const more = (added ?? 0) + (removed ?? 0) - Math.min(lines.length, max)
  return {
    title: line`SQL of ${stage === undefined ? "a stage" : quote(stage, bounds.name)} (${size}${
      more > 0 && lines.length > 0 ? `, ${more} not shown` : ""
    })`,
    // A cut line has its own markers.
    lines: lines.slice(0, max).map((one) => text(one, 2 * bounds.shortMessage))
  }
}

const differenceRow = (difference: NodeDifference, index: number, words: Words): Row => {
  const { kinds, namedBy, sqlChanges } = difference
  const named = namedBy === undefined ? [] : line`, named by the failed ${words.name(namedBy)}`
  const changed = sqlChanges?.find(({ onlyNumbers }) => !onlyNumbers)
  return {
    ...row(
      line`${nodeName(difference, words)}: ${kinds.map((kind) => kindText(kind, difference)).join(", ")}${named}`
    ),
    ...(changed === undefined || index >= maxDiffs ? {} : { sql: diffOf(changed, maxDiffLines[index] ?? 2, words) })
  }
}

const isOnlyFailed = ({ kinds, namedBy }: NodeDifference): boolean =>
  kinds.length === 1 && kinds[0] === "newlyFailed" && namedBy === undefined

/** Nodes that failed and differ in nothing else, in one row: their errors are told elsewhere. */
const failedRow = (failed: ReadonlyArray<NodeDifference>, all: number, words: Words): ReadonlyArray<Row> => {
  // Their rows stand above.
  const names = failed.slice(0, words.bounds.names / 2).map((one): Line => [nodeName(one, words)])
  const more = all - names.length
  return failed.length === 0
    ? []
    : [row(line`${kindNames.newlyFailed}: ${join(names, ", ")}${more > 0 ? ` and ${more} more` : ""}`)]
}

/** The nodes that differ, those that explain the outcome first. */
export const differenceSections = ({ comparison }: Inspection, words: Words): ReadonlyArray<Section> => {
  if (comparison === undefined) return []
  const { differences: { listed, more }, kinds, run } = comparison
  const failed = listed.filter(isOnlyFailed)
  const others = listed.filter((one) => !isOnlyFailed(one))
  // Where much differs, the first rows and the counts say enough.
  const shown = others.slice(0, others.length > words.bounds.rows ? words.bounds.rows / 2 : words.bounds.rows)
  const isRewritten = ({ sqlChanges = [] }: NodeDifference) => sqlChanges.some(({ onlyNumbers }) => !onlyNumbers)
  const rewritten = shown.filter(isRewritten)
  const newlyFailed = kinds.find(({ kind }) => kind === "newlyFailed")?.count ?? 0
  const allFailed = newlyFailed - others.filter(({ kinds }) => kinds.includes("newlyFailed")).length
  const rows = [
    ...failedRow(failed, allFailed, words),
    ...shown.map((one) => differenceRow(one, isRewritten(one) ? rewritten.indexOf(one) : maxDiffs, words))
  ]
  // Those that only failed are in their row.
  const rest = listed.length + more - allFailed - shown.length
  const counts = kinds.map(({ count, kind }) => `${count} ${kindNames[kind]}`).join(", ")
  const title = rest <= 0 ? `Differs from run ${run.id}` : `Differs from run ${run.id} (${counts})`
  return section("list", [title], rows, rows.length, Math.max(0, rest), "node")
}
