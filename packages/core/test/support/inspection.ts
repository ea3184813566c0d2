/** A client over runs of one job with node results that a test writes out. */
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Report, RunInspection, type RunResult, RunsInMemory } from "../../src/index.ts"

/** The moment of each inspection. */
export const now = Date.UTC(2026, 2, 10, 8)

/** A time of 2026-03-10, in UTC. */
export const at = (hour: number, minute = 0, second = 0): string =>
  new Date(Date.UTC(2026, 2, 10, hour, minute, second)).toISOString()

type Results = Readonly<Record<number, RunsInMemory.TestResults>>
type Node = typeof RunResult.RunResult.Encoded
type Query = typeof RunResult.QueryResult.Encoded
type TestRun = RunsInMemory.TestRun

/** A refresh of job 1 that began at this hour and took ten minutes. */
export const run = (id: number, hour: number, runStatus: string, fields: Partial<TestRun> = {}): TestRun => ({
  id,
  runType: "refresh",
  runStatus,
  environmentID: "3",
  runStartTime: at(hour),
  ...(runStatus === "running" ? {} : { runEndTime: at(hour, 10) }),
  ...(runStatus === "failed" ? { runFailureReason: "1 node failed" } : {}),
  ...fields,
  runDetails: { jobID: 1, refreshDescription: "Daily", parallelism: 8, ...fields.runDetails }
})

/** A query that succeeded, in seconds of the hour. */
export const query = (name: string, fields: Partial<Query> = {}): Query => ({ name, success: true, ...fields })

export const failed = (name: string, errorString: string, fields: Partial<Query> = {}): Query => ({
  name,
  success: false,
  error: { errorString },
  ...fields
})

export const node = (
  name: string,
  runState: string | undefined,
  queryResults: ReadonlyArray<Query> = [],
  fields: Partial<Node> = {}
): Node => ({ nodeID: `id-${name}`, name, ...(runState === undefined ? {} : { runState }), queryResults, ...fields })

/** Inspects over these runs at 08:00 UTC of 2026-03-10. */
export const inspect = (
  runs: ReadonlyArray<TestRun>,
  results: Results,
  options: RunInspection.Options = { runID: 2 }
) =>
  Effect.gen(function*() {
    yield* TestClock.setTime(now)
    return yield* RunInspection.inspect({ timeZone: "UTC", ...options })
  }).pipe(Effect.provide(RunsInMemory.layer({ runs, results })))

/** The text of an inspection. */
export const textOf = (inspection: RunInspection.Inspection, options: Report.Options = {}): string =>
  Report.toText(RunInspection.report(inspection, options))
