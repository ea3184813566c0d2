/** The requests of rows. Each skips undecodable rows: one of them must not hide the others. */
import type * as Effect from "effect/Effect"
import type { ListRunsQuery } from "../ListRunsQuery.ts"
import type { AnyRun, KnownRunType, Run, RunSummary } from "../Run.ts"
import { type ListError, listPage, type RunPage, type RunsClient } from "../RunsClient.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"

export type Page<A extends AnyRun> = Effect.Effect<RunPage<A>, ListError, RunsClient>

type Query = Omit<ListRunsQuery, "detail" | "failureReasons" | "limit" | "undecodableRows">

export type Environment = string | undefined

const rows = (query: Query, environmentID: Environment, limit: number) =>
  ({ ...query, ...omitUndefined({ environmentID }), undecodableRows: "skip", limit }) as const

/** Rows without details: only they have the `runFailureReason`. */
export const summaries = (query: Query, environmentID: Environment, limit: number): Page<RunSummary> =>
  listPage(rows(query, environmentID, limit))

export const detailed = (query: Query, environmentID: Environment, limit: number): Page<Run> =>
  listPage({ ...rows(query, environmentID, limit), detail: true })

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
