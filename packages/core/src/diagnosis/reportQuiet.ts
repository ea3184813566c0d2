/** A window in which nothing failed, in a report. */
import type { RunLine } from "../list/RunLine.ts"
import { startedAt, titleOf } from "../list/runWords.ts"
import { join, line } from "../Report.ts"
import type { Line, Section } from "../report/model.ts"
import { plural } from "../report/time.ts"
import { row, section, type Words } from "../report/words.ts"
import type { Diagnosis, NoFailure } from "./model.ts"
import { testSection } from "./reportNodes.ts"

const countsOf = ({ statuses, truncated }: NoFailure, { status }: Words): Line =>
  line`${truncated ? "at least " : ""}${join(statuses.map((one) => line`${one.count} ${status(one.status)}`), ", ")}`

const nothingRan = ({ nearest }: NoFailure, kind: string, words: Words): Line => {
  const none = `No ${kind} started in the window, so none failed. `
  if (nearest === undefined) return [`${none}None was found near it either.`]
  const { run, side } = nearest
  return line`${none}The nearest, ${side} it, is run ${run.id}, ${titleOf(run, words)}, ${words.status(run.runStatus)}${
    startedAt(run, words)
  }.`
}

const testCount = ({ dataTests }: NoFailure): number =>
  dataTests.failures.reduce((sum, { failedTests: { listed, more } }) => sum + listed.length + more, 0)

/** The headline, and the lines below it. */
export const headlineOfWindow = (
  { filter, outcome }: Diagnosis,
  noFailure: NoFailure,
  words: Words
): readonly [Line, ReadonlyArray<Line>] => {
  const kind = filter.runType ?? "refresh"
  const tests = testCount(noFailure)
  const headline = outcome === "nothingRan"
    ? nothingRan(noFailure, kind, words)
    : noFailure.statuses.length === 0
    ? [`No failed ${kind} was found in the window, of which not all runs are available.`]
    : line`No ${kind} failed in the window${noFailure.failuresTruncated ? ", as far as it was read" : ""}: ${
      countsOf(noFailure, words)
    }.`
  return [headline, tests === 0 ? [] : [[`But ${plural(tests, "data test")} failed.`]]]
}

const runSection = (
  title: string,
  runs: ReadonlyArray<RunLine>,
  more: number,
  words: Words
): ReadonlyArray<Section> =>
  section(
    "list",
    [title],
    runs.map((run) => {
      const reason = words.quote(run.runFailureReason)
      return row(
        line`${run.id}, ${titleOf(run, words)}${startedAt(run, words)}${reason === undefined ? [] : line`: ${reason}`}`
      )
    }),
    words.bounds.rows,
    more
  )

const listedRuns = [
  ["Failed, of the other type", "failedOfOtherType"],
  ["Still running", "stillRunning"],
  ["Canceled", "canceled"],
  ["Waiting, never started", "waiting"]
] as const

export const quietSections = (noFailure: NoFailure, words: Words): ReadonlyArray<Section> => {
  const { dataTests: { checked, failures, unchecked }, olderFailure, ran, truncated } = noFailure
  const completed = ran.listed.filter(({ runStatus }) => runStatus === "completed")
  const left = unchecked === 0 ? "" : `; ${truncated ? "at least " : ""}${unchecked} more were not checked`
  return [
    ...testSection(
      failures.flatMap(({ failedTests, run }) => failedTests.listed.map((test) => ({ runID: run.id, test }))),
      failures.reduce((sum, { failedTests }) => sum + failedTests.more, 0),
      words
    ),
    ...listedRuns.flatMap(([title, key]) => runSection(title, noFailure[key].listed, noFailure[key].more, words)),
    ...runSection("Completed", completed, ran.more, words),
    ...(checked.length + unchecked === 0
      ? []
      : section("inline", ["Data tests checked"], [row([`in ${plural(checked.length, "completed run")}${left}`])], 1)),
    ...runSection(
      "Latest failure before the window, not diagnosed",
      olderFailure === undefined ? [] : [olderFailure],
      0,
      words
    )
  ]
}
