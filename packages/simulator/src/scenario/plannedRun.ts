/** A run of a scenario before it has its id, and the row that it becomes. */
import type { SimulatedRun } from "../SimulatedRun.ts"
import { prefixed } from "../SnowflakeError.ts"
import { type Failure, resultsOf, type TestFailure } from "./nodes.ts"
import { hash } from "./random.ts"

export interface PlannedRun {
  /** Its own, among the planned runs of a scenario. */
  readonly key: number
  /** How a scenario's author refers to it: a job's name, or a name of its own. */
  readonly name: string
  readonly runType: "deploy" | "refresh"
  readonly runStatus: string
  /** When it was asked for, in milliseconds: ids grow in this order. */
  readonly created: number
  readonly started: number | undefined
  readonly ended: number | undefined
  readonly environmentID: string
  readonly details: Readonly<Record<string, unknown>>
  readonly nodes: ReadonlyArray<string>
  readonly failures: ReadonlyArray<Failure>
  readonly blocked: ReadonlyArray<string>
  readonly tests: ReadonlyArray<TestFailure>
  /** Text, or null for a failed run without a reason; undefined for the reason that its failures give. */
  readonly reason: string | null | undefined
  /** The key of the run that this one runs again. */
  readonly reRunKey: number | undefined
  /** What its author wants otherwise, in the end. */
  readonly edit: (run: SimulatedRun) => SimulatedRun
}

const reasonOf = ({ runStatus, runType, reason, failures }: PlannedRun): string | undefined => {
  if (runStatus !== "failed" || reason === null) return undefined
  if (reason !== undefined) return reason
  const [first] = failures
  const failed = failures.reduce((sum, { nodes }) => sum + nodes.length, 0)
  if (runType === "deploy") {
    return `RunPhasedDeploy encountered failures: delete phase - none; alter phase - none; add phase - ${failed || 1}`
  }
  if (first === undefined) return "The run failed."
  const others = failed - 1
  return `${first.nodes[0]}: ${prefixed(first.error)}` +
    (others === 0 ? "" : `\n${others} more ${others === 1 ? "node" : "nodes"} failed.`)
}

const iso = (millis: number) => new Date(millis).toISOString()

const toRun = (planned: PlannedRun, id: number, seed: number, reRunID: number | undefined): SimulatedRun => {
  const { started, ended, nodes } = planned
  const reason = reasonOf(planned)
  const results = () =>
    resultsOf({
      seed: hash(`${seed}/${id}`),
      status: planned.runStatus,
      started,
      ended,
      nodes,
      failures: planned.failures,
      blocked: planned.blocked,
      tests: planned.tests
    })
  return planned.edit({
    id,
    runType: planned.runType,
    runStatus: planned.runStatus,
    ...(reRunID === undefined ? {} : { reRunID, runHistory: [reRunID] }),
    ...(started === undefined ? {} : { runStartTime: iso(started) }),
    ...(ended === undefined ? {} : { runEndTime: iso(ended) }),
    environmentID: planned.environmentID,
    ...(reason === undefined ? {} : { runFailureReason: reason }),
    runDetails: {
      ...(planned.runStatus === "canceled" ? { canceled: true } : {}),
      ...planned.details,
      parallelism: 8,
      nodesInRun: nodes.length,
      ...(planned.runType === "refresh" ? { nodesForRefresh: nodes.length } : {})
    },
    runTimeParameters: {},
    userCredentials: {
      snowflakeAccount: "acme-analytics",
      snowflakeAuthType: "KeyPair",
      snowflakeUsername: "COALESCE_SERVICE",
      snowflakeRole: "TRANSFORMER",
      snowflakeWarehouse: "TRANSFORM_WH"
    },
    userID: "service-account",
    version: 1,
    results
  })
}

/**
 * The run of each planned run, by key. The first that was asked for gets `firstID`, and ids grow with the time that the runs
 * were asked for.
 */
export const toRuns = (
  plannedRuns: ReadonlyArray<PlannedRun>,
  options: { readonly seed: number; readonly firstID: number }
): ReadonlyMap<number, SimulatedRun> => {
  const sorted = plannedRuns.toSorted((a, b) => a.created - b.created)
  const ids = new Map(sorted.map(({ key }, index) => [key, options.firstID + index]))
  return new Map(sorted.map((planned, index) => [
    planned.key,
    toRun(
      planned,
      options.firstID + index,
      options.seed,
      planned.reRunKey === undefined ? undefined : ids.get(planned.reRunKey)
    )
  ]))
}
