/** Defines a run of a scenario before it has its id, and turns it into a simulated run. */
import type { SimulatedRun } from "../SimulatedRun.ts"
import { type Failure, type NodeWork, resultsOf, type TestFailure, withCode } from "./nodes.ts"
import { credentials, type Project, projectOf } from "./platforms.ts"
import { hash } from "./random.ts"

export interface PlannedRun {
  /** Unique among the planned runs of a scenario. */
  readonly key: number
  /** The name by which steps find it: that of its job, or its own. */
  readonly name: string
  readonly runType: "deploy" | "refresh"
  readonly runStatus: string
  /** When it was requested, in milliseconds. Ids grow in this order. */
  readonly created: number
  readonly started: number | undefined
  readonly ended: number | undefined
  readonly environmentID: string
  readonly details: Readonly<Record<string, unknown>>
  readonly nodes: ReadonlyArray<string>
  readonly failures: ReadonlyArray<Failure>
  readonly blocked: ReadonlyArray<string>
  readonly tests: ReadonlyArray<TestFailure>
  readonly work: Readonly<Record<string, NodeWork>>
  /** The reason, null for a failed run without one, undefined to make it from the failures. */
  readonly reason: string | null | undefined
  /** The key of the run that this one runs again. */
  readonly reRunKey: number | undefined
  /** In a live simulator: when its nodes begin, how far they are, and when the last one is done. */
  readonly progress?: { readonly from: number; readonly reached: number; readonly until: number }
  /** The author's last change of the run. */
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
  return `${first.nodes[0]}: ${withCode(first.error)}` +
    (others === 0 ? "" : `\n${others} more ${others === 1 ? "node" : "nodes"} failed.`)
}

const iso = (millis: number) => new Date(millis).toISOString()

/** Returns the run that the simulator serves. `reRunID` is the id of the run that it runs again. */
export const toRun = (
  planned: PlannedRun,
  id: number,
  { projects, seed }: { readonly seed: number; readonly projects: ReadonlyArray<Project> },
  reRunID: number | undefined
): SimulatedRun => {
  const project = projectOf(projects, planned.environmentID)
  const platform = project?.platform ?? "snowflake"
  const { started, ended, nodes } = planned
  const reason = reasonOf(planned)
  const results = () =>
    resultsOf({
      platform,
      seed: hash(`${seed}/${id}`),
      status: planned.runStatus,
      started: planned.progress?.from ?? started,
      ended: planned.progress?.until ?? ended,
      reached: planned.progress?.reached,
      nodes,
      failures: planned.failures,
      blocked: planned.blocked,
      tests: planned.tests,
      work: planned.work
    })
  return planned.edit({
    id,
    runType: planned.runType,
    runStatus: planned.runStatus,
    ...(reRunID === undefined ? {} : { reRunID, runHistory: [reRunID] }),
    ...(started === undefined ? {} : { runStartTime: iso(started) }),
    ...(ended === undefined ? {} : { runEndTime: iso(ended) }),
    environmentID: planned.environmentID,
    ...(project === undefined ? {} : { projectID: project.projectID }),
    ...(reason === undefined ? {} : { runFailureReason: reason }),
    runDetails: {
      ...(planned.runStatus === "canceled" ? { canceled: true } : {}),
      ...planned.details,
      parallelism: 8,
      nodesInRun: nodes.length,
      ...(planned.runType === "refresh" ? { nodesForRefresh: nodes.length } : {})
    },
    runTimeParameters: {},
    userCredentials: credentials[platform],
    userID: "service-account",
    version: 1,
    results
  })
}

/** Returns the run of each planned run, by key. Ids start at `firstID`, in the order in which the runs were requested. */
export const toRuns = (
  plannedRuns: ReadonlyArray<PlannedRun>,
  options: { readonly seed: number; readonly firstID: number; readonly projects: ReadonlyArray<Project> }
): ReadonlyMap<number, SimulatedRun> => {
  const sorted = plannedRuns.toSorted((a, b) => a.created - b.created)
  const ids = new Map(sorted.map(({ key }, index) => [key, options.firstID + index]))
  return new Map(sorted.map((planned, index) => [
    planned.key,
    toRun(
      planned,
      options.firstID + index,
      options,
      planned.reRunKey === undefined ? undefined : ids.get(planned.reRunKey)
    )
  ]))
}
