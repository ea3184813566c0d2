/** Runs around a failed one in a report: suspected deploys and other changes, re-runs, other failures of the window. */
import type { RunLine } from "../list/RunLine.ts"
import { reasonCells } from "../list/runRows.ts"
import { startedAt, titleOf } from "../list/runWords.ts"
import { join, line } from "../Report.ts"
import type { Line, Section } from "../report/model.ts"
import { row, section, type Words } from "../report/words.ts"
import { compareReasons } from "./compare.ts"
import type { Suspect } from "./historyModel.ts"
import type { Diagnosis } from "./model.ts"
import { nodesOfReason } from "./reportFailure.ts"

const changed = (before: string | undefined, after: string | undefined, { bounds, quote }: Words): Line =>
  line`${quote(before, bounds.name) ?? "absent"} to ${quote(after, bounds.name) ?? "absent"}`

/** JSON of a string brings its own quotation marks. */
const unquoted = (json: string | undefined): string | undefined => json?.replace(/^"(.*)"$/s, "$1")

const suspectLine = (suspect: Suspect, words: Words): Line => {
  const { bounds, name } = words
  switch (suspect.kind) {
    case "deploy":
      return line`${suspect.run.id}, ${titleOf(suspect.run, words)}${startedAt(suspect.run, words)}`
    case "parameters": {
      const { listed, more } = suspect.changes
      const changes = listed.map((one) =>
        line`${name(one.name)} ${changed(unquoted(one.before), unquoted(one.after), words)}`
      )
      return line`parameters ${join(changes, ", ")}${more === 0 ? "" : ` and ${more} more`}`
    }
    case "nodeCount":
      return [`nodeCount ${suspect.before} to ${suspect.after} nodes`]
    case "selector":
      return line`selector ${changed(suspect.before, suspect.after, words)}`
    case "credentials":
      return line`credentials ${join(suspect.fields.map((field): Line => [name(field, bounds.id)]), ", ")}`
  }
}

export const suspectSections = ({ history, run, suspects }: Diagnosis, words: Words): ReadonlyArray<Section> => {
  if (history === undefined || run?.runType !== "refresh") return []
  if (suspects.listed.length > 0) {
    return section(
      "list",
      ["Suspects, not verdicts"],
      suspects.listed.map((suspect) => row(line`${suspectLine(suspect, words)}. ${suspect.why}`)),
      suspects.listed.length,
      suspects.more,
      "deploys"
    )
  }
  const { firstFailure, lastSuccess } = history
  return lastSuccess === undefined ? [] : section("inline", ["Suspects"], [
    row([
      `none. Between runs ${lastSuccess.id} and ${firstFailure.id} there was no deploy to the environment, and the ` +
      "default parameters, nodes, selector and sign-in did not change, as far as the API shows"
    ])
  ], 1)
}

/** Re-runs and later runs, but for those that the line on the recovery names. */
export const reRunSections = ({ outcome, recovery }: Diagnosis, words: Words): ReadonlyArray<Section> => {
  if (recovery === undefined || (outcome !== "failed" && outcome !== "canceled")) return []
  const { failedSince, laterRuns, reRuns, run } = recovery
  const isNamed = (id: number) => id === run?.id || id === failedSince?.id
  const others = reRuns.listed.filter(({ id }) => !isNamed(id))
  const isOnlyNamed = laterRuns === 1 && recovery.by === "laterRun"
  return [
    ...section(
      "inline",
      ["Other re-runs"],
      others.map((one) => row(line`${one.id} ${words.status(one.runStatus)}${startedAt(one, words)}`)),
      words.bounds.rows,
      reRuns.more
    ),
    ...(laterRuns === 0 || isOnlyNamed
      ? []
      : section("inline", ["Later runs of the same job"], [row([String(laterRuns)])], 1))
  ]
}

/** The reason of each run, or the first run before it that failed for the same cause. */
const reasonsOf = (
  runs: ReadonlyArray<RunLine>,
  { nodeNames }: Diagnosis,
  words: Words
): ReadonlyMap<RunLine, Line> => {
  const same = new Map(runs.flatMap((run, index): ReadonlyArray<readonly [RunLine, Line]> => {
    const reason = run.runFailureReason
    const first = runs.slice(0, index).find((one) => compareReasons(one.runFailureReason, reason).cause === "same")
    return first === undefined ? [] : [[run, [`same cause as ${first.id}`]]]
  }))
  const cells = reasonCells(runs.filter((run) => !same.has(run)), words)
  const named = [...cells].map(([run, cell]): readonly [RunLine, Line] => [
    run,
    line`${cell}${nodesOfReason(run.runFailureReason, nodeNames, words)}`
  ])
  return new Map([...named, ...same])
}

/** The other failed runs of the window. A cause that several runs have is told once. */
export const otherFailureSections = (diagnosis: Diagnosis, words: Words): ReadonlyArray<Section> => {
  const { otherFailures: { listed, more }, run } = diagnosis
  const reasons = reasonsOf(run === undefined ? listed : [run, ...listed], diagnosis, words)
  return section(
    "list",
    ["Also failed in the window"],
    listed.map((one) =>
      row(line`${one.id}, ${titleOf(one, words)}${startedAt(one, words)}, ${reasons.get(one) ?? "no reason given"}`)
    ),
    words.bounds.rows,
    more
  )
}
