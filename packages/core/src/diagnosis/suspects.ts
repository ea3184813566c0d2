/** What changed between the last success and the first failure. Each suspect says what changed and gives no verdict. */
import * as DateTime from "effect/DateTime"
import { firstOf } from "../inspection/boundedList.ts"
import { changesOf } from "../inspection/parameters.ts"
import { type FailureReasons, inSameEnvironment, isLater, lineOf } from "../inspection/runs.ts"
import { shortText } from "../list/RunLine.ts"
import * as Run from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { isOther } from "./compare.ts"
import type { Streak } from "./history.ts"
import type { Comparison, Suspect } from "./historyModel.ts"
import type { Diagnosis } from "./model.ts"

const maxDeploys = 5
const maxChanges = 10

/** Whether a deploy began before the run ended: what it changed may have reached it. */
const mayReach = (deploy: Run.DeployRun, run: Run.Run): boolean =>
  isLater(run, deploy) ||
  (deploy.runStartTime !== undefined && run.runEndTime !== undefined &&
    DateTime.isLessThan(deploy.runStartTime, run.runEndTime))

/** Whether a deploy ended after the run began: what it changed may not have been there yet. */
const mayFollow = (deploy: Run.DeployRun, run: Run.Run): boolean =>
  isLater(deploy, run) ||
  (deploy.runEndTime !== undefined && run.runStartTime !== undefined &&
    DateTime.isGreaterThan(deploy.runEndTime, run.runStartTime))

const whenDeployed = (deploy: Run.DeployRun, { firstFailure, lastSuccess, run }: Streak): string => {
  if (!mayReach(deploy, firstFailure)) {
    return `between the first failure ${firstFailure.id} and ${run.id}, which failed for another cause`
  }
  if (lastSuccess === undefined) return `before the first failure ${firstFailure.id} that was found`
  return isLater(deploy, firstFailure)
    ? `while the first failing run ${firstFailure.id} was running`
    : `between the last success ${lastSuccess.id} and the first failure ${firstFailure.id}`
}

const whyDeploy = (deploy: Run.DeployRun, streak: Streak): string => {
  const { runStatus } = deploy
  const when = whenDeployed(deploy, streak)
  if (runStatus === "completed") return `Deployed ${when}`
  if (!Run.hasEnded(deploy)) return `Started ${when}; it has not ended`
  if (runStatus !== "failed" && runStatus !== "canceled") return `Ended ${when}, in a status that is not known here`
  return `${runStatus === "failed" ? "Failed" : "Was canceled"} ${when}; it may be applied in part`
}

/** The deploys of the environment that may have caused the failure, the nearest to it first. */
const deploysOf = (
  streak: Streak,
  rows: ReadonlyArray<Run.Run>,
  compared: Comparison | undefined
): ReadonlyArray<Run.DeployRun> => {
  const { firstFailure, lastSuccess, run } = streak
  // A run that failed for another cause than the first failure may have it from a later deploy.
  const until = isOther(compared) ? run : firstFailure
  const deploys = rows
    .filter((row): row is Run.DeployRun =>
      row.runType === "deploy" && inSameEnvironment(row, run) && row.id !== run.id && mayReach(row, until)
    )
    .filter((deploy) => lastSuccess === undefined || mayFollow(deploy, lastSuccess))
    .sort((a, b) => isLater(a, b) ? -1 : 1)
  // Without a success, only the latest deploy is near enough to be a suspect.
  return lastSuccess === undefined ? deploys.slice(0, 1) : deploys
}

const credentials = [
  "snowflakeAccount",
  "snowflakeAuthType",
  "snowflakeUsername",
  "snowflakeRole",
  "snowflakeWarehouse"
] as const

const selectors = (run: Run.Run): string | undefined => {
  const { excludeNodesSelector, includeNodesSelector } = Run.details(run)
  const text = [includeNodesSelector, excludeNodesSelector === undefined ? undefined : `except ${excludeNodesSelector}`]
    .filter((part) => part !== undefined).join(" ")
  return text === "" ? undefined : shortText(text)
}

/** What differs between the last success and the first failure. */
const differences = (success: Run.Run, failure: Run.Run): ReadonlyArray<Suspect> => {
  const between = (what: string) =>
    `${what} changed between the last success ${success.id} and the first failure ${failure.id}`
  const { runTimeParameters: before, userCredentials: was } = success
  const { runTimeParameters: after, userCredentials: is } = failure
  const parameters = before === undefined || after === undefined ? [] : changesOf(before, after)
  const fields = was === undefined || is === undefined ? [] : credentials.filter((field) => was[field] !== is[field])
  const changes: Array<Suspect> = []
  if (parameters.length > 0) {
    const why = between("The environment's default parameters")
    changes.push({ kind: "parameters", changes: firstOf(parameters, maxChanges), why })
  }
  if (fields.length > 0) changes.push({ kind: "credentials", fields, why: between("The sign-in to Snowflake") })
  // A re-run may run the failed nodes alone: its nodes cannot be compared.
  if (failure.runType !== "refresh" || success.reRunID !== undefined || failure.reRunID !== undefined) return changes
  const selected = { before: selectors(success), after: selectors(failure) }
  const [nodesBefore, nodesAfter] = [success, failure].map((run) => Run.details(run).nodesInRun)
  if (selected.before !== selected.after) {
    changes.push({ kind: "selector", ...omitUndefined(selected), why: between("The selected nodes") })
  }
  if (nodesBefore !== undefined && nodesAfter !== undefined && nodesBefore !== nodesAfter) {
    changes.push({ kind: "nodeCount", before: nodesBefore, after: nodesAfter, why: between("The number of nodes") })
  }
  return changes
}

/** Returns the suspects of a streak. `rows` are those of the environment, before the run and after it. */
export const suspectsOf = (
  streak: Streak,
  rows: ReadonlyArray<Run.Run>,
  reasons: FailureReasons,
  compared: Comparison | undefined
): Diagnosis["suspects"] => {
  const deploys = streak.run.runType === "deploy" ? [] : deploysOf(streak, rows, compared)
  const suspectOf = (deploy: Run.DeployRun): Suspect => ({
    kind: "deploy",
    run: lineOf(deploy, reasons),
    why: whyDeploy(deploy, streak)
  })
  const { listed, more } = firstOf(deploys.map(suspectOf), maxDeploys)
  const changes = streak.lastSuccess === undefined ? [] : differences(streak.lastSuccess, streak.firstFailure)
  return { listed: [...listed, ...changes], more }
}
