/**
 * What changed between the last success and the first failure. A suspect has a reason for being one, and is no verdict.
 */
import * as DateTime from "effect/DateTime"
import * as Predicate from "effect/Predicate"
import type * as Run from "../Run.ts"
import { masked } from "../wire/text.ts"
import type { Streak } from "./history.ts"
import { bounded, inSameEnvironment, isLater, maxShort, type Reasons, runLine } from "./lines.ts"
import { firstOf } from "./list.ts"
import type { Comparison, Suspect } from "./model.ts"

const maxDeploys = 5
const maxChanges = 10
const maxValue = 80

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

const outcomes: Readonly<Record<string, string>> = {
  completed: "Deployed",
  failed: "A deploy that failed, and may have been applied in part,",
  canceled: "A deploy that was canceled, and may have been applied in part,"
}

const whyDeploy = (deploy: Run.DeployRun, streak: Streak): string => {
  const { firstFailure, lastSuccess, run } = streak
  const what = outcomes[deploy.runStatus] ?? `A deploy that is ${deploy.runStatus}`
  if (!mayReach(deploy, firstFailure)) {
    return `${what} between the first failure (run ${firstFailure.id}) and run ${run.id}, which failed for another cause`
  }
  if (lastSuccess === undefined) return `${what} before the first failure (run ${firstFailure.id}) that was found`
  return isLater(deploy, firstFailure)
    ? `${what} while the first failing run (${firstFailure.id}) was going`
    : `${what} between the last success (run ${lastSuccess.id}) and the first failure (run ${firstFailure.id})`
}

/** Deploys of the environment that may be the cause, the nearest to the failure first. */
const deploysOf = (
  streak: Streak,
  rows: ReadonlyArray<Run.Run>,
  compared: Comparison | undefined
): ReadonlyArray<Run.DeployRun> => {
  const { firstFailure, lastSuccess, run } = streak
  // A run that failed for another cause than the first has had more time to catch it.
  const until = compared !== undefined && (compared.cause === "different" || compared.cause === "partly")
    ? run
    : firstFailure
  const deploys = rows
    .filter((row): row is Run.DeployRun =>
      row.runType === "deploy" && inSameEnvironment(row, run) && row.id !== run.id && mayReach(row, until)
    )
    .filter((deploy) => lastSuccess === undefined || mayFollow(deploy, lastSuccess))
    .sort((a, b) => isLater(a, b) ? -1 : 1)
  // With no success to begin from, only the latest deploy is near enough to be worth a look.
  return lastSuccess === undefined ? deploys.slice(0, 1) : deploys
}

const isSecret = (name: string): boolean => /secret|passw|pwd|token|key|credential|private|auth/i.test(name)

/** A value as JSON that does not hang on the order of its keys, each as `write` has it. */
const jsonOf = (value: unknown, write: (name: string, value: unknown) => unknown): string | undefined =>
  JSON.stringify(
    value,
    (name, value: unknown) => {
      const written = write(name, value)
      return Predicate.isObject(written) && !Array.isArray(written)
        ? Object.fromEntries(Object.entries(written).sort(([a], [b]) => a < b ? -1 : 1))
        : written
    }
  )

const whole = (value: unknown): string | undefined => jsonOf(value, (_, value) => value)

const shown = (name: string, value: unknown): string | undefined =>
  value === undefined ? undefined : isSecret(name) ? "(hidden)" : bounded(
    masked(jsonOf(value, (name, value) => isSecret(name) ? "(hidden)" : value) ?? ""),
    maxValue
  )

const changesOf = (before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    .filter((name) => whole(before[name]) !== whole(after[name]))
    .map((name) => {
      const was = shown(name, before[name])
      const is = shown(name, after[name])
      return {
        name: bounded(name, maxValue),
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is })
      }
    })

const credentials = [
  "snowflakeAccount",
  "snowflakeAuthType",
  "snowflakeUsername",
  "snowflakeRole",
  "snowflakeWarehouse"
] as const

/** What differs between the last success and the first failure. */
const differences = (success: Run.Run, failure: Run.Run): ReadonlyArray<Suspect> => {
  const suspects: Array<Suspect> = []
  const between = `between the last success (run ${success.id}) and the first failure (run ${failure.id})`
  const before = success.runTimeParameters
  const after = failure.runTimeParameters
  const changes = before === undefined || after === undefined ? [] : changesOf(before, after)
  if (changes.length > 0) {
    suspects.push({
      kind: "parameters",
      changes: firstOf(changes, maxChanges),
      why: `The environment's default parameters changed ${between}`
    })
  }
  const was = success.userCredentials
  const is = failure.userCredentials
  const fields = was === undefined || is === undefined ? [] : credentials.filter((field) => was[field] !== is[field])
  if (fields.length > 0) {
    suspects.push({ kind: "credentials", fields, why: `The sign-in to Snowflake changed ${between}` })
  }
  if (success.runType === "refresh" && failure.runType === "refresh") {
    const old = selectors(success)
    const now = selectors(failure)
    // A re-run may run the failed nodes alone: that it has fewer says nothing.
    const comparable = success.reRunID === undefined && failure.reRunID === undefined
    if (comparable && old !== now) {
      suspects.push({
        kind: "selector",
        ...(old === undefined ? {} : { before: old }),
        ...(now === undefined ? {} : { after: now }),
        why: `The nodes that are selected changed ${between}`
      })
    }
    const few = success.runDetails.nodesInRun
    const many = failure.runDetails.nodesInRun
    if (comparable && few !== undefined && many !== undefined && few !== many) {
      suspects.push({ kind: "nodeCount", before: few, after: many, why: `The number of nodes changed ${between}` })
    }
  }
  return suspects
}

const selectors = ({ runDetails }: Run.RefreshRun): string | undefined => {
  const { excludeNodesSelector, includeNodesSelector } = runDetails
  const text = [includeNodesSelector, excludeNodesSelector === undefined ? undefined : `except ${excludeNodesSelector}`]
    .filter((part) => part !== undefined).join(" ")
  return text === "" ? undefined : bounded(text, maxShort)
}

/** The suspects of a row of failures. `rows` are those of the environment, before the run and after it. */
export const suspectsOf = (
  streak: Streak,
  rows: ReadonlyArray<Run.Run>,
  reasons: Reasons,
  compared: Comparison | undefined
): { readonly suspects: ReadonlyArray<Suspect>; readonly moreDeploys: number } => {
  const deploys = streak.run.runType === "deploy" ? [] : deploysOf(streak, rows, compared)
  return {
    suspects: [
      ...deploys.slice(0, maxDeploys).map((deploy): Suspect => ({
        kind: "deploy",
        run: runLine(deploy, reasons),
        ...(deploy.runDetails.nodesInRun === undefined ? {} : { nodesInRun: deploy.runDetails.nodesInRun }),
        why: whyDeploy(deploy, streak)
      })),
      ...(streak.lastSuccess === undefined ? [] : differences(streak.lastSuccess, streak.firstFailure))
    ],
    moreDeploys: Math.max(0, deploys.length - maxDeploys)
  }
}
