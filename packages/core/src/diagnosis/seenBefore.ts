/** Whether the cause of a failure was seen before, and what ended it then. */
import * as DateTime from "effect/DateTime"
import * as FailureCause from "../FailureCause.ts"
import { firstOf } from "../inspection/boundedList.ts"
import { type FailureReasons, isLater, lineOf, newestFirst } from "../inspection/runs.ts"
import type * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import { byNodes, byReasons } from "./compare.ts"
import { failedCauses } from "./failedNodes.ts"
import type { Streak } from "./history.ts"
import type { Comparison, History } from "./historyModel.ts"
import type { Occurrence, SeenBefore } from "./seenModel.ts"

/** How far back earlier failures count, in days. */
const days = 90
const maxListed = 3
const maxCompared = 4
const maxOfStreak = 2

/** The node results of runs that were read, by id. */
export type ReadResults = ReadonlyMap<number, ReadonlyArray<RunResult>>

const begin = ({ run }: Streak): DateTime.Utc | undefined =>
  run.runStartTime && DateTime.subtract(run.runStartTime, { days })

const isBefore = (time: DateTime.Utc | undefined, { runStartTime }: Run.Run): boolean =>
  time !== undefined && runStartTime !== undefined && DateTime.isLessThan(runStartTime, time)

/** Returns the earlier failures of the same runs within 90 days, the latest first. */
export const earlierFailures = (streak: Streak, failed: ReadonlyArray<Run.Run>): ReadonlyArray<Run.Run> => {
  const { earlier, identity, run } = streak
  const byId = new Map([...failed.filter(identity.is), ...earlier].map((one) => [one.id, one]))
  const since = begin(streak)
  return [...byId.values()]
    .filter((one) => one.runStatus === "failed" && one.id < run.id && !isBefore(since, one))
    .sort((a, b) => b.id - a.id)
}

const isOfStreak = ({ firstFailure }: Streak, { id }: Run.Run): boolean => id >= firstFailure.id

/** Returns the failures whose node results are needed, since their reasons name no cause. At most 4, the latest first. */
export const runsToCompare = (
  streak: Streak,
  failures: ReadonlyArray<Run.Run>,
  reasons: FailureReasons
): ReadonlyArray<Run.Run> => {
  const unknown = failures.filter(({ id }) =>
    id !== streak.firstFailure.id && byReasons(reasons, streak.run.id, id).cause === "notKnown"
  )
  const ofStreak = unknown.filter((one) => isOfStreak(streak, one)).slice(0, maxOfStreak)
  const before = unknown.filter((one) => !isOfStreak(streak, one))
  return [...ofStreak, ...before].slice(0, maxCompared)
}

/** Compares two runs by the nodes that were read, otherwise by their reasons. */
export const compareWith = (
  run: Run.AnyRun,
  other: Run.AnyRun,
  results: ReadResults,
  reasons: FailureReasons
): Comparison => byNodes(results.get(run.id), results.get(other.id)) ?? byReasons(reasons, run.id, other.id)

/** Returns the first run of the streak since which every failure had the cause of the latest, if the first had another. */
export const causeSinceOf = (
  streak: Streak,
  failures: ReadonlyArray<Run.Run>,
  results: ReadResults,
  reasons: FailureReasons
): History["causeSince"] => {
  const ofStreak = failures.filter((one) => isOfStreak(streak, one))
  const compared = ofStreak.map((one) => compareWith(streak.run, one, results, reasons).cause)
  const end = compared.findIndex((cause) => cause !== "same")
  if (end === -1 || ofStreak.length < 2) return undefined
  return {
    run: lineOf(ofStreak[end - 1] ?? streak.run, reasons),
    failures: 1 + end,
    isAtLeast: compared[end] === "notKnown"
  }
}

const distinct = (texts: ReadonlyArray<string>) => firstOf([...new Set(texts)], maxListed)

const occurrenceOf = (
  failure: Run.Run,
  { identity, run }: Streak,
  rows: ReadonlyArray<Run.Run>,
  results: ReadResults,
  reasons: FailureReasons
): Occurrence => {
  const kinds = new Set(failedCauses(results.get(run.id) ?? []).map(({ cause }) => cause.key))
  const causes = failedCauses(results.get(failure.id) ?? []).filter(({ cause }) => kinds.has(cause.key))
  const after = rows.filter((one) => one.id > failure.id && one.id < run.id)
  const passed = after.filter((one) => identity.is(one) && one.runStatus === "completed").sort((a, b) => a.id - b.id)[0]
  const deploys = passed === undefined || passed.runType === "deploy" ? [] : newestFirst(
    after.filter((one) =>
      one.runType === "deploy" && one.runStatus === "completed" && isLater(one, failure) && isLater(passed, one)
    )
  )
  return {
    run: lineOf(failure, reasons),
    nodes: distinct(causes.map(({ node }) => node)),
    ...(passed && {
      passed: lineOf(passed, reasons),
      by: passed.reRunID === failure.id ? "reRun" : "laterRun"
    }),
    deploys: firstOf(deploys.map((one) => lineOf(one, reasons)), maxListed)
  }
}

const elsewhereOf = (
  failure: Run.Run,
  results: ReadResults,
  reasons: FailureReasons
): SeenBefore["elsewhere"]["listed"][number] => {
  const causes = failedCauses(results.get(failure.id) ?? [])
  const ofReason = FailureCause.classify(reasons.get(failure.id) ?? "")?.object
  const objects = causes.flatMap(({ cause }) => cause.object ?? [])
  return {
    run: lineOf(failure, reasons),
    nodes: distinct(causes.map(({ node }) => node)),
    objects: distinct(objects.length > 0 || ofReason === undefined ? objects : [ofReason])
  }
}

/** The rows that say what came after the failures, and whether the failures that were read reach back 90 days. */
export interface EarlierRows {
  /** Every row of the environment back from the run, as far as it was read. */
  readonly rows: ReadonlyArray<Run.Run>
  /** An older failure, and the rows that follow it. */
  readonly followed: { readonly run: Run.Run; readonly rows: ReadonlyArray<Run.Run> } | undefined
  readonly truncated: boolean
}

const oldestOf = (rows: ReadonlyArray<Run.Run>): number => Math.min(...rows.map(({ id }) => id))

/** Whether failed rows that were read, the newest first, reach back 90 days or to the first of all. */
export const reachesBack = (streak: Streak, failed: ReadonlyArray<Run.Run>, hasMore: boolean): boolean =>
  !hasMore || failed.some((one) => isBefore(begin(streak), one))

/** Returns whether the cause was seen before the streak; undefined if there was no such failure. */
export const seenBeforeOf = (
  streak: Streak,
  failures: ReadonlyArray<Run.Run>,
  { followed, rows, truncated }: EarlierRows,
  results: ReadResults,
  reasons: FailureReasons
): SeenBefore | undefined => {
  const before = failures.filter((one) => !isOfStreak(streak, one))
  if (before.length === 0) return undefined
  const causes = before.map((one) => compareWith(streak.run, one, results, reasons).cause)
  const ofCause = (...cause: ReadonlyArray<Comparison["cause"]>) =>
    before.filter((_, index) => cause.some((one) => one === causes[index]))
  const same = ofCause("same", "partly")
  const oldest = oldestOf(rows)
  const rowsAfter = ({ id }: Run.Run) => id >= oldest ? rows : id === followed?.run.id ? followed.rows : []
  const occurrences = same.map((one) => occurrenceOf(one, streak, rowsAfter(one), results, reasons))
  const passed = occurrences.filter((one) => one.passed !== undefined)
  return {
    failures: before.length,
    truncated,
    same: same.length,
    notKnown: ofCause("notKnown").length,
    passed: passed.length,
    passedUnchanged: passed.filter(({ deploys }) => deploys.listed.length === 0).length,
    passedOnReRun: passed.filter(({ by }) => by === "reRun").length,
    occurrences: firstOf(occurrences, maxListed),
    elsewhere: firstOf(ofCause("sameKind").map((one) => elsewhereOf(one, results, reasons)), maxListed)
  }
}

/** Returns the latest failure that is older than the rows, so that what came after it has to be read. */
export const runToFollow = (
  streak: Streak,
  failures: ReadonlyArray<Run.Run>,
  rows: ReadonlyArray<Run.Run>,
  reasons: FailureReasons
): Run.Run | undefined => {
  const oldest = oldestOf(rows)
  // The streak is of the rows.
  return failures.find((one) =>
    one.id < oldest && ["same", "notKnown"].includes(byReasons(reasons, streak.run.id, one.id).cause)
  )
}
