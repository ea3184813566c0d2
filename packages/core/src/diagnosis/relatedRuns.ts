/** Reads the node results of other runs: failures beside the run and before it, and runs that may hold the root. */
import * as Effect from "effect/Effect"
import { attempt, type Part, unavailable, valueOf } from "../inspection/part.ts"
import type { FailureReasons } from "../inspection/runs.ts"
import type * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import * as RunsClient from "../RunsClient.ts"
import { byReasons } from "./compare.ts"
import type { Unavailable } from "./model.ts"
import type { ReadResults } from "./seenBefore.ts"

const maxOthers = 4

/** The node results of other runs, and for which part of the diagnosis each was read. */
export type RelatedResults = ReadonlyMap<Run.RunId, {
  readonly part: Unavailable["part"]
  readonly results: Part<ReadonlyArray<RunResult>>
}>

/** Reads the node results of runs that are not known yet, all at once. */
export const readRelated = (
  part: Unavailable["part"],
  runs: ReadonlyArray<Run.AnyRun>,
  known: RelatedResults = new Map()
): Effect.Effect<RelatedResults, never, RunsClient.RunsClient> =>
  Effect.map(
    Effect.forEach(
      runs.filter(({ id }) => !known.has(id)),
      ({ id }) => Effect.map(attempt(RunsClient.results(id)), (results) => [id, { part, results }] as const),
      { concurrency: "unbounded" }
    ),
    (read) => new Map(read)
  )

export const resultsIn = (...related: ReadonlyArray<RelatedResults>): ReadResults =>
  new Map(related.flatMap((one) =>
    Array.from(one).flatMap(([id, { results }]) => {
      const value = valueOf(results)
      return value === undefined ? [] : [[id, value] as const]
    })
  ))

export const unavailableIn = (...related: ReadonlyArray<RelatedResults>): ReadonlyArray<Unavailable> =>
  related.flatMap((one) => Array.from(one).flatMap(([id, { part, results }]) => unavailable(part, results, id)))

/** Returns the other failures of a window that only their nodes can compare with a run. At most 4. */
export const othersToCompare = (
  run: Run.AnyRun,
  others: ReadonlyArray<Run.AnyRun>,
  reasons: FailureReasons
): ReadonlyArray<Run.AnyRun> =>
  others.filter(({ id }) => byReasons(reasons, run.id, id).cause === "notKnown").slice(0, maxOthers)
