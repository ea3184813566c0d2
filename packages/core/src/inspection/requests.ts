/** The requests of rows. Each skips undecodable rows: one of them must not hide the others. */
import * as Effect from "effect/Effect"
import { End } from "../client/references.ts"
import { type ListError, listPage, type RunPage, type RunsClient } from "../client/service.ts"
import type { ListRunsQuery } from "../ListRunsQuery.ts"
import type { AnyRun, KnownRunType, Run, RunSummary } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"

export type Page<A extends AnyRun> = Effect.Effect<RunPage<A>, ListError, RunsClient>

type Query = Omit<ListRunsQuery, "detail" | "failureReasons" | "limit" | "undecodableRows">

export type Environment = string | undefined

/** A page that is not known to be the last is read on where that matters. */
const page = <const Q extends ListRunsQuery>(query: Q) => Effect.provideService(listPage(query), End, "known")

const rows = (query: Query, environmentID: Environment, limit: number) =>
  ({ ...query, ...omitUndefined({ environmentID }), undecodableRows: "skip", limit }) as const

/** Rows without details: only they have the `runFailureReason`. */
export const summaries = (query: Query, environmentID: Environment, limit: number): Page<RunSummary> =>
  page(rows(query, environmentID, limit))

export const detailed = (query: Query, environmentID: Environment, limit: number): Page<Run> =>
  page({ ...rows(query, environmentID, limit), detail: true })

/** The runs of an environment after this one, the oldest first. Whether there are more is made sure of. */
export const runsFrom = (runID: number, environmentID: Environment, limit: number): Page<Run> =>
  listPage({ ...rows({ ...oldestFirst, startingFrom: runID }, environmentID, limit), detail: true })

const oldestFirst = { orderBy: "id", orderByDirection: "asc" } as const

export const newestFirst = { orderBy: "id", orderByDirection: "desc" } as const

/** The summary row of one run. */
export const summaryOf = (runID: number) => summaries({ ...newestFirst, startingFrom: runID + 1 }, undefined, 1)

/** The runs of an environment up to this one, itself included, the newest first; without a run, the newest of all. */
export const runsUpTo =
  (runID: number | undefined, environmentID: Environment, runType?: KnownRunType) =>
  (limit: number, after?: RunPage<Run>): Page<Run> => {
    const startingFrom = after?.cursor ?? (runID === undefined ? undefined : runID + 1)
    return detailed({ ...newestFirst, ...omitUndefined({ startingFrom, runType }) }, environmentID, limit)
  }
