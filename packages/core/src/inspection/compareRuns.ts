/** Compares a run with another: its settings, its parameters, its nodes. */
import { shortText } from "../list/RunLine.ts"
import * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { firstOf } from "./boundedList.ts"
import { compareNodes, leastFactor } from "./compareNodes.ts"
import type { Clock } from "./inspectNode.ts"
import type { Change, Comparison, DifferenceKind } from "./model.ts"
import { changesOf } from "./parameters.ts"
import { lineOf } from "./runs.ts"

const maxDifferences = 20
const maxParameters = 10

/** A run and its nodes, as far as they are available. */
export interface RunSide {
  readonly run: Run.AnyRun
  readonly clock: Clock
  /** Undefined if they are unavailable. */
  readonly results: ReadonlyArray<RunResult> | undefined
}

/** What of two runs is compared: of the sign-in only its kind. */
const settingsOf = (run: Run.AnyRun): Readonly<Record<string, string | undefined>> => {
  const { deployCommit, excludeNodesSelector, includeNodesSelector, parallelism } = Run.details(run)
  const { snowflakeAuthType, snowflakeWarehouse } = (Run.isDetailed(run) ? run.userCredentials : undefined) ?? {}
  return {
    includeNodesSelector,
    excludeNodesSelector,
    parallelism: parallelism?.toString(),
    deployCommit,
    snowflakeWarehouse,
    snowflakeAuthType
  }
}

const changedSettings = (before: Run.AnyRun, after: Run.AnyRun): ReadonlyArray<Change> => {
  if (!Run.isDetailed(before) || !Run.isDetailed(after)) return []
  const [was, is] = [settingsOf(before), settingsOf(after)]
  return Object.keys(is).flatMap((name) =>
    was[name] === is[name]
      ? []
      : [{ name, ...omitUndefined({ before: shortText(was[name]), after: shortText(is[name]) }) }]
  )
}

const changedParameters = (before: Run.AnyRun, after: Run.AnyRun): Comparison["parameters"] => {
  const was = Run.isDetailed(before) ? before.runTimeParameters : undefined
  const is = Run.isDetailed(after) ? after.runTimeParameters : undefined
  return was === undefined || is === undefined ? undefined : firstOf(changesOf(was, is), maxParameters)
}

const kindsOf = (differences: ReadonlyArray<Comparison["differences"]["listed"][number]>): Comparison["kinds"] => {
  const counts = new Map<DifferenceKind, number>()
  for (const { kinds } of differences) for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return Array.from(counts, ([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count)
}

/** Returns how a run differs from another. `isAsked` leaves out the nodes that were not asked for. */
export const compareRuns = (
  before: RunSide,
  after: RunSide,
  by: Comparison["by"],
  isAsked: (nodeID: string) => boolean
): Comparison => {
  const [took, takes] = [before.clock.runMillis, after.clock.runMillis]
  const [was = [], is = []] = [before.results, after.results]
  // A run that shows no nodes has lost none.
  const compared = was.length === 0 || is.length === 0
    ? undefined
    : compareNodes({ clock: before.clock, results: was }, { clock: after.clock, results: is }, {
      hasFailed: after.run.runStatus === "failed",
      isSlow: took !== undefined && takes !== undefined && takes >= leastFactor * took
    })
  const differences = compared?.differences.filter(({ nodeID }) => isAsked(nodeID)) ?? []
  return {
    run: lineOf(before.run),
    ...omitUndefined({
      durationMillis: took,
      parameters: changedParameters(before.run, after.run),
      nodesInBoth: compared?.nodesInBoth
    }),
    by,
    settings: changedSettings(before.run, after.run),
    differences: firstOf(differences, maxDifferences),
    kinds: kindsOf(differences)
  }
}
