/** Runs around a failed one in a report: suspected deploys and other changes, re-runs, other failures of the window. */
import * as Struct from "effect/Struct"
import type { RunLine } from "../list/RunLine.ts"
import { reasonCells } from "../list/runRows.ts"
import { noReason, startedAt, titleOf } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line, Section } from "../report/model.ts"
import { row, section, type Words } from "../report/words.ts"
import { compareReasons } from "./compare.ts"
import type { Suspect } from "./historyModel.ts"
import type { Diagnosis, OtherFailure } from "./model.ts"
import { nodesOfReason } from "./reportFailure.ts"

const changed = (before: string | undefined, after: string | undefined, { bounds, quote }: Words): Line =>
  line`${quote(before, bounds.name) ?? "absent"} to ${quote(after, bounds.name) ?? "absent"}`

/** JSON of a string brings its own quotation marks. */
const unquoted = (json: string | undefined): string | undefined => json?.replace(/^"(.*)"$/s, "$1")

const suspectLine = (suspect: Suspect, words: Words): Line => {
  const { bounds, name } = words
  switch (suspect.kind) {
    case "deploy":
      // It is of the environment of the run.
      return line`${suspect.run.id}, ${titleOf(Struct.omit(suspect.run, ["environmentID"]), words)}${
        startedAt(suspect.run, words)
      }`
    case "parameters": {
      const { listed, more } = suspect.changes
      const changes = listed.map((one) =>
        line`${name(one.name)} ${changed(unquoted(one.before), unquoted(one.after), words)}`
      )
      return line`parameters ${join(changes, ", ")}${more === 0 ? "" : ` and ${more} more`}`
    }
    case "nodeCount":
      return [`nodeCount ${suspect.before} to ${suspect.after} nodes`]
    case "parallelism":
      return [`parallelism ${suspect.before} to ${suspect.after}`]
    case "selector":
      return line`selector ${changed(suspect.before, suspect.after, words)}`
    case "credentials": {
      const fields = suspect.fields.map((field): Line => {
        const change = suspect.changes?.find((one) => one.name === field)
        return line`${name(field, bounds.id)}${
          change === undefined ? [] : line` ${changed(change.before, change.after, words)}`
        }`
      })
      return line`credentials ${join(fields, ", ")}`
    }
  }
}

export const suspectSections = ({ history, run, suspects }: Diagnosis, words: Words): ReadonlyArray<Section> => {
  if (history === undefined || run?.runType !== "refresh") return []
  const { listed, more } = suspects
  if (listed.length > 0) {
    const rows = listed.map((suspect) => row(line`${suspectLine(suspect, words)}. ${suspect.why}`))
    return section("list", ["Suspects, not verdicts"], rows, rows.length, more, "deploy")
  }
  const { firstFailure, lastSuccess } = history
  if (lastSuccess === undefined) return []
  const none =
    `none. Between runs ${lastSuccess.id} and ${firstFailure.id} the API shows no deploy to the environment, and the same ` +
    "default parameters, nodes, selector, parallelism and sign-in"
  return section("inline", ["Suspects"], [row([none])], 1)
}

/** Re-runs and later runs, but for those that the line on the recovery names. */
export const reRunSections = ({ outcome, recovery }: Diagnosis, words: Words): ReadonlyArray<Section> => {
  if (recovery === undefined || (outcome !== "failed" && outcome !== "canceled")) return []
  const { failedSince, laterRuns, reRuns, run, searched: { hasMore } } = recovery
  const others = reRuns.listed.filter(({ id }) => id !== run?.id && id !== failedSince?.id)
  const rows = others.map((one) => row(line`${one.id} ${words.status(one.runStatus)}${startedAt(one, words)}`))
  const isOnlyNamed = laterRuns === 1 && !hasMore && recovery.by === "laterRun"
  return [
    ...section("inline", ["Other re-runs"], rows, words.bounds.rows, reRuns.more),
    ...section(
      "inline",
      ["Later runs of the same job"],
      laterRuns === 0 || isOnlyNamed ? [] : [row([`${hasMore ? "at least " : ""}${laterRuns}`])],
      1
    )
  ]
}

/** One row for each run, with its words. */
export const runSection = <R extends RunLine>(
  title: string,
  runs: ReadonlyArray<R>,
  more: number,
  words: Words,
  said: (run: R) => Line,
  isAtLeast: boolean
): ReadonlyArray<Section> => {
  const rows = runs.map((run) => row(line`${run.id}, ${titleOf(run, words)}${startedAt(run, words)}${said(run)}`))
  return section("list", [title], rows, words.bounds.rows, more, "", isAtLeast)
}

/** `; recovered by 1197`, `; not recovered`. */
const overText = ({ recovery }: OtherFailure): string => {
  if (recovery === undefined) return ""
  if (recovery.state === "recovered") return `; recovered by ${recovery.runID}`
  if (recovery.state === "running") return `; ${recovery.runID} runs it again`
  return recovery.state === "unconfirmed" ? "; not known to be recovered" : "; not recovered"
}

/** The other failed runs of the window, each with its reason or the run before it that failed for the same cause. */
export const otherFailureSections = (diagnosis: Diagnosis, words: Words): ReadonlyArray<Section> => {
  const { nodeNames, otherFailures: { listed, more, truncated }, run } = diagnosis
  const same = new Map(listed.flatMap((one, index): ReadonlyArray<readonly [RunLine, number]> => {
    if (run !== undefined && one.compared?.cause === "same") return [[one, run.id]]
    const isSame = (other: RunLine) => compareReasons(other.runFailureReason, one.runFailureReason).cause === "same"
    const first = listed.slice(0, index).find(isSame)
    return first === undefined ? [] : [[one, first.id]]
  }))
  const cells = reasonCells(listed.filter((one) => !same.has(one)), words)
  return runSection("Also failed in the window", listed, more, words, (one) => {
    const said = same.has(one)
      ? [`same cause as ${same.get(one)}`]
      : line`${cells.get(one) ?? noReason}${nodesOfReason(one.runFailureReason, nodeNames, words)}`
    return line`, ${said}${overText(one)}`
  }, truncated)
}
