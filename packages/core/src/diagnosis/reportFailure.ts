/** The key facts of a failure, a sentence each: what failed and why, since when, whether it recovered, what to look at. */
import { type CauseClass, nodeIDs } from "../FailureCause.ts"
import type { RunLine } from "../list/RunLine.ts"
import { startedAt, titleOf, took } from "../list/runWords.ts"
import { join, line } from "../Report.ts"
import type { Line } from "../report/model.ts"
import { local, plural } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import type { Comparison, History } from "./historyModel.ts"
import type { DiagnosedRun, Diagnosis } from "./model.ts"
import type { FailureGroup } from "./nodeModel.ts"

/** What to look at, by the class of the cause. */
const places: { readonly [K in CauseClass]: string | undefined } = {
  missingObjectOrGrant:
    "whether the object exists, and whether the role still has its grant: Snowflake does not say which",
  invalidIdentifier: "the name in the SQL, and its source's columns",
  syntax: "the node's SQL at the place that Snowflake names",
  compilation: "the node's SQL",
  privilege: "the role's privileges on what the message names",
  dataConversion: "the source's new rows: the value that the message quotes",
  constraint: "the source's new rows that break the constraint",
  duplicateRow: "the source's rows that have the same key",
  truncation: "the value that is longer than its column",
  sizeLimit: "the size of the statement, of its result or of the file that the message names",
  divisionByZero: "the divisor in the node's SQL, and new rows where it is 0",
  warehouseOrQuota: "the warehouse and its resource monitor: no node is at fault",
  timeout: "how long the statement took before, the size of the warehouse, and the timeout setting",
  canceled: "who or what canceled the statement",
  lock: "what else wrote to the table at that time",
  storage: "the storage integration, the bucket's policy and the credentials behind the stage: no node is at fault",
  authenticationOrNetwork: "the credentials of the environment and the network policy: no node is at fault",
  userCode: "the procedure or function that the message names",
  internal: "Snowflake's status; a new run may succeed",
  unknown: undefined
}

/** `invalidIdentifier 000904` */
const causeName = (causeClass: CauseClass, code: string | undefined): string =>
  code === undefined ? causeClass : `${causeClass} ${code}`

/** The kind of error of a group. */
export const kindOf = ({ class: causeClass, first, key }: FailureGroup): string =>
  key === "" ? "no cause named" : causeName(causeClass, first.cause?.code)

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

const comparisons: { readonly [K in Comparison["cause"]]: string } = {
  same: "with the same cause",
  partly: "with partly the same cause",
  sameKind: "with the same kind of error on another object",
  different: "with another cause",
  notKnown: "with a cause that cannot be compared"
}

const howCompared = (compared: Comparison | undefined): string => comparisons[compared?.cause ?? "notKnown"]

export const headlineOfFailure = ({ filter, otherFailures }: Diagnosis, run: DiagnosedRun, words: Words): Line => {
  const { original, reRunID } = run
  const others = otherFailures.listed.length + otherFailures.more
  const kind = filter.runType === "deploy" ? "deploys" : "refreshes"
  const compared = original && `${startedAt(original.run, words)}, ${howCompared(original.compared)}`
  const reRun = reRunID === undefined ? "" : ` It is a re-run of ${reRunID}${compared ?? ""}.`
  const latest = ` The latest of ${otherFailures.truncated ? "at least " : ""}${others + 1} failed ${kind}.`
  return line`Run ${run.id} ${words.status(run.runStatus)}: ${titleOf(run, words)}${startedAt(run, words)}${
    took(run)
  }.${reRun}${others === 0 ? "" : latest}`
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

/** Why the run failed, in the words of its nodes, and its own reason if that says something else. */
const whyLines = (
  diagnosis: Diagnosis,
  { cause, runFailureReason }: DiagnosedRun,
  words: Words
): ReadonlyArray<Line> => {
  const { quote } = words
  const first = diagnosis.nodes?.groups.listed[0]
  const message = first && quote(messageOf(first), words.bounds.message)
  const quoted = quote(cause?.message ?? runFailureReason, words.bounds.message)
  const reason = quoted && line`${quoted}${nodesOfReason(runFailureReason, diagnosis.nodeNames, words)}`
  const said = first !== undefined && (message !== undefined || reason === undefined)
    ? failureOfNodes(first, words)
    : reason === undefined
    ? ["no message says why"]
    : line`${reason}${cause === undefined ? "" : ` (${causeName(cause.class, cause.code)})`}`
  const isSaid = reason === undefined || message === undefined || (cause !== undefined && cause.class === first?.class)
  return [
    line`Why: ${said}. ${nodeCounts(diagnosis)}`,
    ...(isSaid ? [] : [line`The run's own reason: ${reason}${cause === undefined ? "" : ` (${cause.class})`}`])
  ]
}

const sameRuns = { job: "this job", selector: "this selector", deploy: "deploys here" } as const

const ends: { readonly [K in History["searched"]["ended"]]: string } = {
  found: "",
  all: "",
  limit: ", the limit of this search",
  unavailable: ", where the next page is unavailable"
}

const successOf = ({ lastSuccess, sameBy, searched }: History, words: Words): string => {
  if (lastSuccess !== undefined) return `the last success is run ${lastSuccess.id}${startedAt(lastSuccess, words)}`
  const rows = plural(searched.rows, "run")
  const back = searched.since === undefined ? "" : ` back to ${local(searched.since, words.zone).day}`
  return `no success of ${sameRuns[sameBy]} was found in ${rows} of the environment${back}${ends[searched.ended]}`
}

const sinceLine = ({ history }: Diagnosis, words: Words): Line => {
  if (history === undefined) return ["Since: not known, as the earlier runs are unavailable."]
  const { canceledInStreak, comparedWithFirst, earlierFailure, firstFailure, recent, sameBy, searched, streakLength } =
    history
  const isWhole = searched.ended === "found" || searched.ended === "all"
  const idOf = (run: RunLine) => `run ${run.id}${startedAt(run, words)}`
  const streak = streakLength === 1
    ? isWhole ? "this run is the first failure" : "this run is the first failure that was found"
    : `${idOf(firstFailure)} began a streak of ${streakLength}${
      isWhole ? "" : " or more"
    } failures, which this run continues ${howCompared(comparedWithFirst)}`
  const canceled = canceledInStreak === 0 ? "" : `; ${plural(canceledInStreak, "run")} canceled in between`
  const ended = plural(recent.failed + recent.completed, "ended run")
  const earlier = earlierFailure === undefined
    ? ""
    : ` Before that success, ${idOf(earlierFailure.run)} failed ${howCompared(earlierFailure.compared)}.`
  return [
    `Since: ${streak}; ${successOf(history, words)}${canceled}. ${recent.failed} of ${ended} of ${
      sameRuns[sameBy]
    } failed.${earlier}`
  ]
}

/** Whether the run was made good by a later one. */
export const recoveryLine = ({ outcome, recovery }: Diagnosis, words: Words): Line => {
  if (recovery === undefined) return ["Recovery: not known, as the later runs are unavailable."]
  const { by, failedSince, run, searched, state } = recovery
  const which = run === undefined ? "" : `${by === "reRun" ? "re-run" : "later run"} ${run.id}${startedAt(run, words)}`
  switch (state) {
    case "recovered":
      return [`Recovered: ${which} completed.`]
    case "relapsed": {
      const since = failedSince && `${failedSince.id}${startedAt(failedSince, words)}`
      return [`Not recovered: ${which} completed, but run ${since} failed after it.`]
    }
    case "running":
      return line`Not recovered yet: ${which} is ${words.status(run?.runStatus ?? "running")}.`
    case "failedAgain":
      return [`Not recovered: ${which} failed${outcome === "canceled" ? "" : " as well"}.`]
    case "unconfirmed":
      return recovery.heldFailedNodes === false
        ? [`Not recovered: ${which} completed, but without all of the failed nodes.`]
        : [`Not known to be recovered: ${which} completed, but whether it ran the failed nodes is not known.`]
    case "canceled":
      return run?.runStatus === "canceled"
        ? [`Not recovered: ${which} was canceled, and no other run has ended.`]
        : line`Not known to be recovered: ${which} ended with the status ${words.status(run?.runStatus ?? "")}.`
    case "notYet": {
      const among = searched.hasMore ? ` among the next ${searched.rows} runs of the environment` : ""
      return [`Not recovered yet: it was not run again${among}.`]
    }
  }
}

/** A suspect in a few words. The section of suspects says the rest. */
const suspectNames = {
  parameters: "the changed parameters",
  nodeCount: "the changed number of nodes",
  selector: "the changed selector",
  credentials: "the changed sign-in"
}

const lookAtLine = ({ nodes, suspects }: Diagnosis, { cause, runFailureReason }: DiagnosedRun): Line => {
  const first = nodes?.groups.listed[0]
  const place = places[first?.class ?? cause?.class ?? "unknown"]
  const all = suspects.listed.length + suspects.more
  const more = all > 2 ? ` and ${all - 2} more` : ""
  const named = suspects.listed.slice(0, 2).map((suspect): Line => [
    suspect.kind === "deploy" ? `deploy ${suspect.run.id}` : suspectNames[suspect.kind]
  ])
  const isSaid = (first && messageOf(first)) !== undefined || runFailureReason !== undefined
  const parts: ReadonlyArray<Line> = [
    ...(all === 0 ? [] : [line`${join(named, ", ")}${more} (suspected)`]),
    ...(place === undefined ? [] : [[place]])
  ]
  const otherwise = isSaid ? "the message, and the SQL of the node" : "the run in Coalesce, as nothing here says why"
  return line`Look at: ${parts.length === 0 ? otherwise : join(parts, "; ")}.`
}

export const failureLines = (diagnosis: Diagnosis, run: DiagnosedRun, words: Words): ReadonlyArray<Line> => [
  ...whyLines(diagnosis, run, words),
  sinceLine(diagnosis, words),
  recoveryLine(diagnosis, words),
  lookAtLine(diagnosis, run)
]
