/** Describes how far a reading came, and what is near if nothing matched. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { RunsClient } from "../RunsClient.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { JobMatch } from "./job.ts"
import { findNearest, NearestRuns } from "./nearestRuns.ts"
import { ReadingError, Truncated, Undecodable } from "./readingModel.ts"
import { type Query, type Reading, timeLeft } from "./readRuns.ts"

const optionally = Schema.optionalKey

/** The fields that the facts of a list and of a summary share. */
export const readingFields = {
  /** How many rows were read, with those that did not match and undecodable ones. */
  rows: Schema.Int,
  truncated: Truncated,
  undecodable: optionally(Undecodable),
  /** What ended the reading, where `truncated` is `error`. */
  error: optionally(ReadingError),
  /** The job that a name in `jobID` was taken for. */
  job: optionally(JobMatch),
  /** Only where nothing matched. */
  nearest: optionally(NearestRuns),
  /** The jobs of the rows that were read, and how many more. Only where no run of `jobID` was found. */
  jobs: optionally(Schema.Struct({
    listed: Schema.Array(Schema.Struct({ jobID: optionally(Schema.Int), jobName: optionally(Schema.String) })),
    more: Schema.Int
  }))
}

const ReadingFacts = Schema.Struct(readingFields)

export interface ReadingFacts extends Schema.Schema.Type<typeof ReadingFacts> {}

const maxJobs = 20

/** Returns the facts of a reading. If nothing matched, it looks for the nearest runs, unless the reading continued another. */
export const readingFacts = Effect.fnUntraced(function*(
  query: Query,
  { error, found, jobs, rows, truncated, undecodable }: Reading,
  started: number
): Effect.fn.Return<ReadingFacts, never, RunsClient> {
  const isEmpty = found === 0 && truncated === false
  const nearest = isEmpty && query.startingFrom === undefined
    ? yield* Effect.flatMap(timeLeft(started), (time) => findNearest(query, time))
    : undefined
  return {
    rows,
    truncated,
    ...omitUndefined({
      undecodable,
      error,
      nearest,
      jobs: isEmpty && jobs.length > 0
        ? { listed: jobs.slice(0, maxJobs), more: Math.max(0, jobs.length - maxJobs) }
        : undefined
    })
  }
})
