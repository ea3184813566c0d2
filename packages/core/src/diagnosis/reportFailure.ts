/** The key facts of a failure, a sentence each: what failed and why, since when, whether it recovered, what to look at. */
import type { CauseClass } from "../FailureCause.ts"
import { startedAt, titleOf, took } from "../list/runWords.ts"
import { join, line } from "../Report.ts"
import type { Line } from "../report/model.ts"
import { local, plural } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import type { Comparison, History, Suspect } from "./historyModel.ts"
import type { DiagnosedRun, Diagnosis } from "./model.ts"
import type { FailureGroup } from "./nodeModel.ts"

/** What to look at, by the class of the cause. */
const places: { readonly [K in CauseClass]: string | undefined } = {
  missingObjectOrGrant:
    "whether the object exists, and whether the role still has its grant: Snowflake does not say which",
  invalidIdentifier: "the column or name in the node's SQL, and what its source has now",
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
export const causeName = (causeClass: CauseClass, code: string | undefined): string =>
  code === undefined ? causeClass : `${causeClass} ${code}`

/** The name of the node of a group that failed first. */
export const firstNode = ({ first }: FailureGroup): string => first.name ?? first.nodeID

const comparisons: { readonly [K in Comparison["cause"]]: string } = {
  same: "with the same cause",
  partly: "with partly the same cause",
  different: "with another cause",
  notKnown: "with a cause that cannot be compared"
}

const howCompared = (compared: Comparison | undefined): string => comparisons[compared?.cause ?? "notKnown"]

export const headlineOfFailure = ({ filter, otherFailures }: Diagnosis, run: DiagnosedRun, words: Words): Line => {
  const { original, reRunID } = run
  const others = otherFailures.listed.length + otherFailures.more
  const kind = filter.runType === "deploy" ? "deploys" : "refreshes"
  const reRun = original !== undefined
    ? ` It is a re-run of ${original.run.id}${startedAt(original.run, words)}, ${howCompared(original.compared)}.`
    : reRunID === undefined
    ? ""
    : ` It is a re-run of ${reRunID}.`
  const latest = others === 0
    ? ""
    : ` The latest of ${otherFailures.truncated ? "at least " : ""}${others + 1} failed ${kind} in the window.`
  return line`Run ${run.id} ${words.status(run.runStatus)}: ${titleOf(run, words)}${startedAt(run, words)}${
    took(run)
  }.${reRun}${latest}`
}

const nodeCounts = ({ nodes }: Diagnosis): string => {
  if (nodes === undefined) return "Which nodes failed is not known, as the node results are unavailable."
  if (nodes.total === 0) return "The run has no node results."
  const causes = nodes.groups.listed.length + nodes.groups.more
  const blocked = nodes.skipped === 0 ? "" : `, ${nodes.skipped} blocked by them did not run`
  const unknown = nodes.unknown === 0 ? "" : `, ${nodes.unknown} in an unknown state`
  const of = causes > 1 ? ` for ${causes} causes` : ""
  return `${nodes.failed} of ${plural(nodes.total, "node")} failed${of}${blocked}${unknown}.`
}

const whyLine = (
  diagnosis: Diagnosis,
  { cause, runFailureReason }: DiagnosedRun,
  { bounds, name, quote }: Words
): Line => {
  const first = diagnosis.nodes?.groups.listed[0]
  const message = quote(first?.first.cause?.message, bounds.message)
  const reason = quote(cause?.message ?? runFailureReason, bounds.message)
  const said = first !== undefined && message !== undefined
    ? line`${name(firstNode(first))}${first.count > 1 ? ` and ${first.count - 1} more` : ""}: ${message} (${
      causeName(first.class, first.first.cause?.code)
    })`
    : reason !== undefined
    ? line`${reason}${cause === undefined ? "" : ` (${causeName(cause.class, cause.code)})`}`
    : ["no message says why"]
  return line`Why: ${said}. ${nodeCounts(diagnosis)}`
}

/** The run's own reason, if it says something else than the nodes do. */
const reasonLines = (
  { nodes }: Diagnosis,
  { cause, runFailureReason }: DiagnosedRun,
  { bounds, quote }: Words
): ReadonlyArray<Line> => {
  const first = nodes?.groups.listed[0]
  const reason = quote(cause?.message ?? runFailureReason, bounds.message)
  const isSaid = first === undefined || (first.class === cause?.class && first.first.cause !== undefined)
  return reason === undefined || isSaid
    ? []
    : [line`The run's own reason: ${reason}${cause === undefined ? "" : ` (${cause.class})`}`]
}

const sameRuns = { job: "this job", selector: "this selector", deploy: "deploys here" } as const

const successOf = ({ lastSuccess, sameBy, searched }: History, words: Words): string => {
  if (lastSuccess !== undefined) return `the last success is run ${lastSuccess.id}${startedAt(lastSuccess, words)}`
  const back = searched.since === undefined ? "" : ` back to ${local(searched.since, words.zone).day}`
  const ended = searched.ended === "limit"
    ? ", the limit of this search"
    : searched.ended === "unavailable"
    ? ", where the next page is unavailable"
    : ""
  return `no success of ${sameRuns[sameBy]} was found in ${
    plural(searched.rows, "run")
  } of the environment${back}${ended}`
}

const sinceLine = ({ history }: Diagnosis, words: Words): Line => {
  if (history === undefined) return ["Since: not known, as the earlier runs are unavailable."]
  const { canceledInStreak, earlierFailure, firstFailure, recent, sameBy, streakLength } = history
  const streak = streakLength === 1
    ? "this run is the first failure"
    : `run ${firstFailure.id}${
      startedAt(firstFailure, words)
    } began a streak of ${streakLength} failures, which this run ` +
      `continues ${howCompared(history.comparedWithFirst)}`
  const canceled = canceledInStreak === 0 ? "" : `; ${plural(canceledInStreak, "run")} canceled in between`
  const earlier = earlierFailure === undefined
    ? ""
    : ` Before that success, run ${earlierFailure.run.id}${startedAt(earlierFailure.run, words)} failed ${
      howCompared(earlierFailure.compared)
    }.`
  const counts = `${recent.failed} of ${plural(recent.failed + recent.completed, "ended run")} of ${
    sameRuns[sameBy]
  } failed.`
  return [`Since: ${streak}; ${successOf(history, words)}${canceled}. ${counts}${earlier}`]
}

/** Whether the run was made good by a later one. */
export const recoveryLine = ({ outcome, recovery }: Diagnosis, words: Words): Line => {
  if (recovery === undefined) return ["Recovery: not known, as the later runs are unavailable."]
  const { by, failedSince, run, searched, state } = recovery
  const which = run === undefined ? "" : `${by === "reRun" ? "re-run" : "later run"} ${run.id}${startedAt(run, words)}`
  switch (state) {
    case "recovered":
      return [`Recovered: ${which} completed.`]
    case "relapsed":
      return [
        `Not recovered: ${which} completed, but run ${failedSince?.id}${
          failedSince === undefined ? "" : startedAt(failedSince, words)
        } failed after it.`
      ]
    case "running":
      return line`Not recovered yet: ${which} is ${words.status(run?.runStatus ?? "running")}.`
    case "failedAgain":
      return [`Not recovered: ${which} failed${outcome === "canceled" ? "" : " as well"}.`]
    case "canceled":
      return [`Not recovered: ${which} was canceled, and no other run has ended.`]
    case "notYet":
      return [
        `Not recovered yet: it was not run again${
          searched.hasMore ? ` among the next ${searched.rows} runs of the environment` : ""
        }.`
      ]
  }
}

/** A suspect in a few words. The section of suspects says the rest. */
const suspectName = (suspect: Suspect): string => {
  switch (suspect.kind) {
    case "deploy":
      return `deploy ${suspect.run.id}`
    case "parameters":
      return "the changed parameters"
    case "nodeCount":
      return "the changed number of nodes"
    case "selector":
      return "the changed selector"
    case "credentials":
      return "the changed sign-in"
  }
}

const lookAtLine = ({ nodes, suspects }: Diagnosis, { cause, runFailureReason }: DiagnosedRun): Line => {
  const first = nodes?.groups.listed[0]
  const place = places[first?.class ?? cause?.class ?? "unknown"]
  const all = suspects.listed.length + suspects.more
  const more = all > 2 ? ` and ${all - 2} more` : ""
  const named = suspects.listed.slice(0, 2).map((suspect): Line => [suspectName(suspect)])
  const isSaid = first?.first.cause !== undefined || runFailureReason !== undefined
  const parts: ReadonlyArray<Line> = [
    ...(all === 0 ? [] : [line`${join(named, ", ")}${more} (suspected)`]),
    ...(place === undefined ? [] : [[place]])
  ]
  const otherwise = isSaid ? "the message, and the SQL of the node" : "the run in Coalesce, as nothing here says why"
  return line`Look at: ${parts.length === 0 ? otherwise : join(parts, "; ")}.`
}

export const failureLines = (diagnosis: Diagnosis, run: DiagnosedRun, words: Words): ReadonlyArray<Line> => [
  whyLine(diagnosis, run, words),
  ...reasonLines(diagnosis, run, words),
  sinceLine(diagnosis, words),
  recoveryLine(diagnosis, words),
  lookAtLine(diagnosis, run)
]
