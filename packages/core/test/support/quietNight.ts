/** Nights on which nothing failed, for the tests of what a diagnosis says then. */
import * as Effect from "effect/Effect"
import type { RunDiagnosis, RunsInMemory } from "../../src/index.ts"
import { type Change, diagnose } from "./diagnosed.ts"
import { run } from "./health.ts"

export type TestRun = RunsInMemory.TestRun

/** Small runs of job 1, one each three minutes, back from an hour: a window of more than 200 of them is not read whole. */
export const many = (count: number, lastHour: number, firstID = 1000): ReadonlyArray<TestRun> =>
  Array.from(
    { length: count },
    (_, index) => run(firstID + count - index, { job: 1, start: lastHour - index / 20, took: 0.01 })
  )

/** More rows than a page, of which a page reaches beyond the window. */
export const busy = [...many(100, -1, 2000), ...many(300, -6.1)]

/** Four weeks in which job 7 started at 02:00, but for last night. */
export const weeks = Array.from({ length: 28 }, (_, index) => run(index + 1, { job: 7, start: 2 - (28 - index) * 24 }))

export const quiet = (
  runs: ReadonlyArray<TestRun>,
  options: RunDiagnosis.Options = {},
  ...changes: ReadonlyArray<Change>
) =>
  Effect.map(diagnose({ runs }, options, ...changes), ({ noFailure, ...diagnosis }) => {
    if (noFailure === undefined) throw new Error(diagnosis.outcome)
    return { ...noFailure, unavailable: diagnosis.unavailable }
  })

export const absent = ({ didNotRun }: RunDiagnosis.NoFailure) =>
  didNotRun.listed.map(({ jobID, kind }) => [jobID, kind])
