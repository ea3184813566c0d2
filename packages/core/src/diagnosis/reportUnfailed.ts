/** Tells of a window in which nothing failed, and of a run that was asked for by its id and did not fail. */
import { startsWords } from "../baseline/words.ts"
import { nearestLines } from "../list/nearestRuns.ts"
import type { RunLine } from "../list/RunLine.ts"
import { jobOf, startedAt, titleOf, took } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line, Section } from "../report/model.ts"
import { plural } from "../report/time.ts"
import { row, section, type Words } from "../report/words.ts"
import type { DiagnosedRun, Diagnosis, DidNotRun, NoFailure } from "./model.ts"
import type { NodeOutcomes } from "./nodeModel.ts"
import { failureOfNodes } from "./reportFailure.ts"
import { recoveryLine } from "./reportHistory.ts"
import { testSection } from "./reportNodes.ts"
import { runSection } from "./reportRuns.ts"

const countsOf = ({ statuses, truncated }: NoFailure, { status }: Words): Line =>
  line`${truncated ? "at least " : ""}${join(statuses.map((one) => line`${one.count} ${status(one.status)}`), ", ")}`

/** `it started about 02:00 Europe/London on each of the last 13 nights` */
const habitOf = ({ expectedAt, since, starts }: DidNotRun, { minute }: Words): string => {
  if (starts === undefined) return "it usually does"
  return `it ${startsWords(starts, expectedAt)}${since === undefined ? "" : `, and last did at ${minute(since)}`}`
}

/** `"Nightly" (job 9) in env 3 did not run: it started about 02:00 Europe/London on each of the last 13 nights.` */
const absentLines = ({ didNotRun: { listed, more } }: NoFailure, words: Words): ReadonlyArray<Line> => [
  ...listed.map((one) => {
    const { environmentID } = one
    const title = jobOf(one, words)
    const where = environmentID === undefined ? [] : line` in env ${words.name(environmentID, words.bounds.id)}`
    const what = one.kind === "late"
      ? "has not started yet"
      : one.kind === "stopped"
      ? "does not run any more"
      : "did not run"
    const subject = words.quote(one.jobName) === undefined
      ? join([["A"], [words.name(one.runType)], ...(title.length === 0 ? [] : [title])], " ")
      : title
    return line`${subject}${where} ${what}: ${habitOf(one, words)}.`
  }),
  ...(more === 0
    ? []
    : [[`${plural(more, "more job")} did not run though ${more === 1 ? "it usually does" : "they usually do"}.`]])
]

const testCount = ({ dataTests }: NoFailure): number =>
  dataTests.failures.reduce((sum, { failedTests: { listed, more } }) => sum + listed.length + more, 0)

/** A run that has not failed as a whole, and a node of it has: `1 of 12 nodes failed in run 7 (running): ORDERS: …`. */
const failedNodesLine = (
  { id, runStatus }: RunLine,
  { failed, groups: { listed: [first] }, total }: Pick<NodeOutcomes, "failed" | "groups" | "total">,
  words: Words
): Line =>
  line`${failed} of ${plural(total, "node")} failed in run ${id}, whose status is ${words.status(runStatus)}${
    first === undefined ? "" : line`: ${failureOfNodes(first, words)}`
  }.`

/** The headline, and the lines below it. */
export const headlineOfWindow = (
  { filter, outcome, window }: Diagnosis,
  noFailure: NoFailure,
  words: Words
): readonly [Line, ReadonlyArray<Line>] => {
  const kind = filter.runType ?? "refresh"
  const tests = testCount(noFailure)
  const [waiting] = noFailure.waiting.listed
  const headline = outcome === "nothingRan"
    ? join([
      line`No ${kind} started in the window, ${
        noFailure.failuresTruncated ? "and none failed in it, as far as it was read" : "so none failed"
      }${waiting === undefined ? "" : line`, and run ${waiting.id}, ${titleOf(waiting, words)}, waits to start`}.`,
      ...(noFailure.nearest === undefined ? [] : nearestLines(noFailure.nearest, { ...filter, window }, words))
    ], " ")
    : noFailure.statuses.length === 0
    ? [`No failed ${kind} was found in the window, of which not all runs are available.`]
    : line`No ${kind} failed in the window${noFailure.failuresTruncated ? ", as far as it was read" : ""}: ${
      countsOf(noFailure, words)
    }.`
  const failed = noFailure.failedNodes.map(({ nodes, run }) => failedNodesLine(run, nodes, words))
  const [first, ...others] = [...failed, ...absentLines(noFailure, words)]
  return [first ?? headline, [
    ...others,
    ...(first === undefined ? [] : [headline]),
    ...(tests === 0 ? [] : [[`But ${plural(tests, "data test")} failed.`]])
  ]]
}

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
  const runs = (title: string, listed: ReadonlyArray<RunLine>, more: number) =>
    runSection(title, listed, more, words, ({ runFailureReason }) => {
      const reason = words.quote(runFailureReason)
      return reason === undefined ? [] : line`: ${reason}`
    }, truncated)
  const tests = failures.flatMap(({ failedTests, run }) => failedTests.listed.map((test) => ({ runID: run.id, test })))
  return [
    ...testSection(tests, failures.reduce((sum, { failedTests }) => sum + failedTests.more, 0), words),
    ...listedRuns.flatMap(([title, key]) => runs(title, noFailure[key].listed, noFailure[key].more)),
    ...runs("Completed", completed, ran.more),
    ...(checked.length + unchecked === 0
      ? []
      : section("inline", ["Data tests checked"], [row([`in ${plural(checked.length, "completed run")}${left}`])], 1)),
    ...runs("Latest failure before the window, not diagnosed", olderFailure ? [olderFailure] : [], 0)
  ]
}

const verdicts: { readonly [K in Diagnosis["outcome"]]?: string } = {
  completed: "completed, so it did not fail",
  running: "has not ended, and has not failed so far",
  waiting: "is waiting and never started, so it did not fail",
  canceled: "was canceled, and did not fail by itself",
  otherStatus: "has a status that is not known here"
}

export const headlineOfRun = ({ nodes, outcome }: Diagnosis, run: DiagnosedRun, words: Words): Line => {
  if (nodes !== undefined && nodes.failed > 0) {
    return line`${failedNodesLine(run, nodes, words)} It is ${titleOf(run, words)}${startedAt(run, words)}${took(run)}.`
  }
  const verdict = outcome === "otherStatus" && run.runEndTime !== undefined
    ? "has ended with a status that does not say how"
    : verdicts[outcome] ?? "did not fail"
  const status = words.status(run.runStatus)
  return line`Run ${run.id} ${verdict}: ${titleOf(run, words)}, ${status}${startedAt(run, words)}${took(run)}.`
}

export const unfailedLines = (diagnosis: Diagnosis, words: Words): ReadonlyArray<Line> => {
  const { nodes, outcome } = diagnosis
  const counts = nodes === undefined
    ? []
    : (["failed", "completed", "skipped", "canceled", "running", "unknown"] as const)
      .flatMap((state) => nodes[state] === 0 ? [] : [`${nodes[state]} ${state}`])
  return [
    ...(nodes === undefined || nodes.total === 0 ? [] : [[`${plural(nodes.total, "node")}: ${counts.join(", ")}.`]]),
    ...(outcome === "canceled" ? [recoveryLine(diagnosis, words)] : [])
  ]
}
