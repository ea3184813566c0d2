/** The key facts of a failure: what failed and why, whether it is over, what to look at; then a sentence for each other fact. */
import { durationWords } from "../baseline/words.ts"
import { type CauseClass, nodeIDs } from "../FailureCause.ts"
import { noCause, startedAt, titleOf } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line } from "../report/model.ts"
import { plural, shortDuration } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import type { DiagnosedRun, Diagnosis } from "./model.ts"
import type { FailureGroup } from "./nodeModel.ts"
import { deployedSinceLines, howCompared, recoveryLine, seenLines, sinceLine } from "./reportHistory.ts"
import { againText, lookAtLine } from "./reportLookAt.ts"
import { rootClause, rootLines } from "./reportRoots.ts"

/** `invalidIdentifier 000904` */
const causeName = (causeClass: CauseClass, code: string | undefined): string =>
  code === undefined ? causeClass : `${causeClass} ${code}`

/** The kind of error of a group. */
export const kindOf = ({ class: causeClass, first, key }: FailureGroup): string =>
  key === "" ? noCause : causeName(causeClass, first.cause?.code)

/** The name of the node of a group that failed first. */
export const firstNode = ({ first }: FailureGroup): string => first.name ?? first.nodeID

/** What the first node of a group says. */
export const messageOf = ({ first }: FailureGroup): string | undefined => first.cause?.message ?? first.errorString

/** The first names of a list, and how many more it has. */
export const namesOf = (names: ReadonlyArray<string>, all: number, max: number, { name }: Words): Line => {
  const shown = names.slice(0, Math.max(1, Math.round(max)))
  const more = all - shown.length
  return line`${join(shown.map((one): Line => [name(one)]), ", ")}${more > 0 ? ` and ${more} more` : ""}`
}

/** ` of nodes A, B`: the nodes that a reason names by id, where their names are known. */
export const nodesOfReason = (
  reason: string | undefined,
  nodeNames: Diagnosis["nodeNames"],
  words: Words
): Line => {
  if (reason === undefined || nodeNames === undefined) return []
  const { failed } = nodeIDs(reason)
  const names = nodeNames.flatMap(({ name, nodeID }) => failed.includes(nodeID) ? [name] : [])
  return names.length === 0 ? [] : line` (failed: ${namesOf(names, failed.length, words.bounds.names, words)})`
}

/** What the first failed node says: `ORDERS and 2 more: "Division by zero" (divisionByZero 100051)`. */
export const failureOfNodes = (first: FailureGroup, words: Words): Line => {
  const { stage } = first.first
  const message = words.quote(messageOf(first), words.bounds.message) ??
    line`${stage === undefined ? "it" : line`stage ${words.quote(stage, words.bounds.name)}`} failed without a message`
  return line`${words.name(firstNode(first))}${first.count > 1 ? ` and ${first.count - 1} more` : ""}: ${message} (${
    kindOf(first)
  })`
}

const nodeCounts = ({ nodes }: Diagnosis): string => {
  if (nodes === undefined) return "Which nodes failed is not known, as the node results are unavailable."
  if (nodes.total === 0) return "The run has no node results."
  const { failed, groups, skipped, total, unknown, withoutCause = 0 } = nodes
  const causes = groups.listed.length + groups.more - withoutCause
  return `${failed} of ${plural(total, "node")} failed${causes > 1 ? ` for ${causes} causes` : ""}${
    withoutCause === 0 ? "" : `, ${withoutCause} without a named cause`
  }${skipped === 0 ? "" : `, ${skipped} blocked by them did not run`}${
    unknown === 0 ? "" : `, ${unknown} in an unknown state`
  }.`
}

/** The cause in its own words: what the nodes say or, where they say nothing, the run's reason. */
const saidCause = (diagnosis: Diagnosis, { cause, runFailureReason }: DiagnosedRun, words: Words): Line => {
  const first = diagnosis.nodes?.groups.listed[0]
  const reason = words.quote(cause?.message ?? runFailureReason, words.bounds.message)
  if (first !== undefined && (messageOf(first) !== undefined || reason === undefined)) {
    return failureOfNodes(first, words)
  }
  if (reason === undefined) return ["no message says why"]
  return line`${reason}${nodesOfReason(runFailureReason, diagnosis.nodeNames, words)}${
    cause === undefined ? "" : ` (${causeName(cause.class, cause.code)})`
  }`
}

/** The run's own reason, if it says something else than its nodes. */
const ownReasonLines = (
  diagnosis: Diagnosis,
  { cause, runFailureReason }: DiagnosedRun,
  words: Words
): ReadonlyArray<Line> => {
  const first = diagnosis.nodes?.groups.listed[0]
  const reason = words.quote(cause?.message ?? runFailureReason, words.bounds.message)
  const isSaid = first === undefined || messageOf(first) === undefined || reason === undefined ||
    (cause !== undefined && cause.class === first.class)
  if (isSaid) return []
  return [
    line`The run's own reason: ${reason}${nodesOfReason(runFailureReason, diagnosis.nodeNames, words)}${
      cause === undefined ? "" : ` (${cause.class})`
    }`
  ]
}

/** How many runs of the window failed of this cause, to be said first, and that others failed of others, to be said last. */
const countsOf = (
  { filter, otherFailures: { causes, listed, more, truncated } }: Diagnosis,
  { id }: DiagnosedRun
): { readonly first?: string; readonly last?: string } => {
  const all = 1 + listed.length + more
  const failed = `${truncated ? "at least " : ""}${all} failed ${filter.runType === "deploy" ? "deploys" : "refreshes"}`
  if (all === 1) return {}
  if (causes === undefined || causes.same === 0) return { last: ` The latest of ${failed}.` }
  if (causes.same === all - 1 && !truncated) return { first: `All ${failed} have one cause. ` }
  const others = [
    ...(causes.other === 0 ? [] : [`, ${causes.other} another`]),
    ...(causes.notKnown === 0 ? [] : [`, ${causes.notKnown} one that is not known`])
  ]
  return { first: `${causes.same + 1} of ${failed} have the cause of run ${id}${others.join("")}. ` }
}

/** What failed, the cause in its own words, whether it is over, and what to look at. */
export const headlineOfFailure = (diagnosis: Diagnosis, run: DiagnosedRun, words: Words): Line => {
  const { original, reRunID } = run
  const counts = countsOf(diagnosis, run)
  const compared = original && `${startedAt(original.run, words)}, ${howCompared(original.compared)}`
  const reRun = reRunID === undefined ? "" : `, a re-run of ${reRunID}${compared ?? ""}`
  return line`${counts.first}Run ${run.id} ${words.status(run.runStatus)}: ${titleOf(run, words)}${
    startedAt(run, words)
  }${reRun}: ${saidCause(diagnosis, run, words)}${rootClause(diagnosis, words)}. ${recoveryLine(diagnosis, words)}${
    againText(diagnosis)
  } ${lookAtLine(diagnosis, run, words)}${counts.last}`
}

/** `It took 10m2s, usually 11m (13 runs).` */
const tookText = ({ history }: Diagnosis, { durationMillis }: DiagnosedRun): string => {
  if (durationMillis === undefined) return ""
  const usual = history?.usual
  return ` It took ${shortDuration(Math.round(durationMillis / 1000))}${
    usual === undefined ? "" : `, usually ${durationWords(usual)}`
  }.`
}

export const failureLines = (diagnosis: Diagnosis, run: DiagnosedRun, words: Words): ReadonlyArray<Line> => [
  [`${nodeCounts(diagnosis)}${tookText(diagnosis, run)}`],
  ...ownReasonLines(diagnosis, run, words),
  ...rootLines(diagnosis, words),
  sinceLine(diagnosis, words),
  ...seenLines(diagnosis, words),
  ...deployedSinceLines(diagnosis, words)
]
