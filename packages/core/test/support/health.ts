/** Nights made up for checks: runs by the hour, and what their nodes did. */
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Report, RunHealth, RunsInMemory } from "../../src/index.ts"

export type Node = RunsInMemory.TestResults[number]

type TestRun = RunsInMemory.TestRun

/** The morning of the check. Last night began at 18:00 of the day before. */
export const now = Date.parse("2026-11-03T09:00:00Z")

/** An instant so many hours after midnight of that day; before it with a minus. */
export const at = (hours: number): string =>
  new Date(Date.parse("2026-11-03T00:00:00Z") + hours * 3_600_000).toISOString()

export interface Planned {
  readonly job?: number
  readonly name?: string
  readonly status?: string
  readonly env?: string
  /** Hours after midnight at which it started. */
  readonly start?: number
  /** Hours that it took. Default: 0.5 for a run with a status of the end. */
  readonly took?: number
  readonly of?: number
  readonly reason?: string
  readonly nodes?: number
}

const generic = "GraphExecutor halted and finished; encountered failures for node: [n1]; no nodes skipped"

export const run = (
  id: number,
  { env = "3", job, name, nodes, of, reason, start, status = "completed", took }: Planned
): TestRun => ({
  id,
  runType: "refresh",
  runStatus: status,
  environmentID: env,
  ...(of === undefined ? {} : { reRunID: of }),
  ...(start === undefined ? {} : { runStartTime: at(start) }),
  ...(start === undefined || (took === undefined && !["completed", "failed", "canceled"].includes(status))
    ? {}
    : { runEndTime: at(start + (took ?? 0.5)) }),
  ...(status === "failed" ? { runFailureReason: reason ?? generic } : {}),
  runDetails: {
    environmentID: env,
    ...(job === undefined ? {} : { jobID: job, jobName: name ?? `Job ${job}` }),
    ...(nodes === undefined ? {} : { nodesInRun: nodes })
  }
})

/** A node that failed with a message. */
export const failed = (errorString: string, name = "ORDERS"): Node => ({
  nodeID: `id of ${name}`,
  name,
  runState: "error",
  queryResults: [{ name: "Insert", success: false, error: { errorString } }]
})

export const completed = (name = "ORDERS", rowsInserted = 1000): Node => ({
  nodeID: `id of ${name}`,
  name,
  runState: "complete",
  queryResults: [{ name: "Insert", success: true, rowsInserted }]
})

export const quota =
  "090073 (22000): Warehouse 'WH' cannot be resumed because resource monitor 'RM' has exceeded its quota."
export const divided = "100051 (22012): Division by zero"

export type Night = Parameters<typeof RunsInMemory.layer>[0]

/** Checks a night at 09:00 UTC, and tells it. */
export const check = (night: Night, options: RunHealth.Options = {}) =>
  Effect.gen(function*() {
    yield* TestClock.setTime(now)
    const health = yield* RunHealth.check({ timeZone: "UTC", ...options })
    return { health, report: RunHealth.report(health), text: Report.toText(RunHealth.report(health)) }
  }).pipe(Effect.provide(RunsInMemory.layer(night)))

export const failuresIn = ({ findings }: RunHealth.Health): ReadonlyArray<RunHealth.Failures> =>
  findings.filter((finding) => finding.kind === "failures")
