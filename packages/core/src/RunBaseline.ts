/**
 * Learns from history what is usual for each job: when it starts, how long it takes, how many nodes it has, how often it
 * fails. No schedule can be read from the API, so a baseline says from how many runs it knows.
 *
 * @since 0.1.0
 */
import * as Sink from "effect/Sink"
import { Accumulator, type FoldOptions, foldShape } from "./baseline/accumulator.ts"
import { type AnyLine, keyOf, withoutDays } from "./baseline/jobRuns.ts"
import type { Baseline, Usual } from "./baseline/model.ts"
import { assertOptions } from "./error/check.ts"
import type { Run } from "./Run.ts"

export type { FoldOptions } from "./baseline/accumulator.ts"
export { Cache, type CacheShape, current, makeCache } from "./baseline/cache.ts"
export { deviations } from "./baseline/deviations.ts"
export { learn, type LearnOptions } from "./baseline/learn.ts"
export {
  Baseline,
  Day,
  Deviation,
  IdRange,
  Job,
  Sample,
  Usual,
  UsualInterval,
  UsualStarts,
  UsualTime,
  version
} from "./baseline/model.ts"
export { report } from "./baseline/report.ts"

/** Returns the baseline of runs in memory, in any order. */
export const fromRuns = (runs: Iterable<Run>, options?: FoldOptions): Baseline => {
  assertOptions(options === undefined ? {} : options, foldShape)
  const accumulator = new Accumulator(options)
  for (const run of runs) accumulator.add(run)
  return accumulator.result()
}

/** Folds a stream of detailed runs into a baseline, in any order. */
export const sink = (options?: FoldOptions): Sink.Sink<Baseline, Run> => {
  assertOptions(options === undefined ? {} : options, foldShape)
  return Sink.map(
    Sink.reduce(() => new Accumulator(options), (accumulator, run: Run) => accumulator.add(run)),
    (accumulator) => accumulator.result()
  )
}

/** Returns what is usual for the job of a run. Undefined where the baseline does not know it, or the row does not say it. */
export const usual = (baseline: Baseline, run: AnyLine): Usual | undefined => {
  const key = keyOf(run)
  const job = key === undefined ? undefined : baseline.jobs.find((job) => job.key === key)
  return job && withoutDays(job)
}
