/** What changed between the last success and the first failure. Each suspect says what changed and gives no verdict. */
import * as DateTime from "effect/DateTime"
import { firstOf } from "../inspection/boundedList.ts"
import { type FailureReasons, inSameEnvironment, isLater, lineOf, newestFirst } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import { isOther } from "./compare.ts"
import { differencesOf } from "./differences.ts"
import type { Streak } from "./history.ts"
import type { Comparison, Suspect } from "./historyModel.ts"
import type { Diagnosis } from "./model.ts"
import { ranked, type Touchable, touchedBy } from "./suspectRank.ts"

const maxDeploys = 5

/** What the failed run is about, and what the deploys are compared with. */
export interface Around {
  /** The rows of the environment, before the run and after it. */
  readonly rows: ReadonlyArray<Run.Run>
  readonly reasons: FailureReasons
  readonly compared: Comparison | undefined
  /** The first failure of the run's cause, if the streak began with another. */
  readonly causeSince?: Run.Run | undefined
  readonly about: Touchable
}

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
  { causeSince, compared, rows }: Around
): ReadonlyArray<Run.DeployRun> => {
  const { firstFailure, lastSuccess, run } = streak
  // A run that failed for another cause than the first failure may have it from a later deploy.
  const until = isOther(compared) ? causeSince ?? run : firstFailure
  const deploys = rows
    .filter((row): row is Run.DeployRun =>
      row.runType === "deploy" && inSameEnvironment(row, run) && mayReach(row, until)
    )
    .filter((deploy) => lastSuccess === undefined || mayFollow(deploy, lastSuccess))
    .sort((a, b) => isLater(a, b) ? -1 : 1)
  // Without a success, only the latest deploy is near enough to be a suspect.
  return lastSuccess === undefined ? deploys.slice(0, 1) : deploys
}

/** Returns the suspects of a streak, those first that touch what failed, then the nearest. */
export const suspectsOf = (streak: Streak, around: Around): Diagnosis["suspects"] => {
  const { about, reasons } = around
  const deploys = streak.run.runType === "deploy" ? [] : deploysOf(streak, around)
  const suspects = deploys.map((deploy): Suspect => ({
    kind: "deploy",
    run: lineOf(deploy, reasons),
    why: whyDeploy(deploy, streak)
  }))
  const { listed, more } = firstOf(ranked(suspects, about), maxDeploys)
  return { listed: ranked([...listed, ...differencesOf(streak)], about), more }
}

const maxSince = 3

/** Whether the commit's message says that it takes something back. */
const saysRevert = /\b(?:revert|roll(?:ed|ing|s)?[ -]?back|undo(?:es|ne)?|back(?:ed|s)? out)/i

/**
 * Returns the deploys since the run ended, the latest first. One reverts what was deployed if its message says so, or if it
 * deploys the commit again that was there before the suspects.
 */
export const deploysSince = (streak: Streak, around: Around): Diagnosis["deploysSince"] => {
  const { about, reasons, rows } = around
  const { run } = streak
  if (run.runType === "deploy") return undefined
  const ofEnvironment = newestFirst(
    rows.filter((row): row is Run.DeployRun => row.runType === "deploy" && inSameEnvironment(row, run))
  )
  const since = ofEnvironment.filter((deploy) => !mayReach(deploy, run) && deploy.runStatus !== "canceled")
  const suspected = deploysOf(streak, around)
  const before = ofEnvironment.find((deploy) =>
    deploy.runStatus === "completed" && mayReach(deploy, run) && !suspected.includes(deploy)
  )?.runDetails.deployCommit
  const found = since.map((deploy) => {
    const { deployCommit, deployCommitMessage } = deploy.runDetails
    return {
      run: lineOf(deploy, reasons),
      reverts: saysRevert.test(deployCommitMessage ?? "") || (suspected.length > 0 && deployCommit === before),
      touches: touchedBy(deployCommitMessage, about)
    }
  })
  return found.length === 0 ? undefined : firstOf(found, maxSince)
}
