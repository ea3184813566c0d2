/** The requests of a diagnosis. Each list skips undecodable rows: one of them must not hide the others. */
import type * as Effect from "effect/Effect"
import type { ListRunsQuery } from "../ListRunsQuery.ts"
import type { AnyRun, KnownRunType, Run, RunSummary } from "../Run.ts"
import { type ListError, listPage, type RunPage, type RunsClient } from "../RunsClient.ts"
import { type RunWindow, toQuery } from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"

type Page<A extends AnyRun> = Effect.Effect<RunPage<A>, ListError, RunsClient>

type Query = Omit<ListRunsQuery, "detail" | "failureReasons" | "limit" | "undecodableRows">

type Environment = string | undefined

const rows = (query: Query, environmentID: Environment, limit: number) =>
  ({ ...query, ...omitUndefined({ environmentID }), undecodableRows: "skip", limit }) as const

/** Rows without details: only they have the `runFailureReason`. */
const summaries = (query: Query, environmentID: Environment, limit: number): Page<RunSummary> =>
  listPage(rows(query, environmentID, limit))

const detailed = (query: Query, environmentID: Environment, limit: number): Page<Run> =>
  listPage({ ...rows(query, environmentID, limit), detail: true })

const newestFirst = { orderBy: "id", orderByDirection: "desc" } as const

const failed = { runStatus: "failed" } as const

/** Every run of the window, the newest first, and those before it as far as the page reaches. */
export const runsOfWindow =
  (window: RunWindow, environmentID: Environment) => (limit: number, after?: RunPage<Run>): Page<Run> =>
    detailed({ ...toQuery(window), ...omitUndefined({ startingFrom: after?.cursor }) }, environmentID, limit)

/** The failed runs of the window, and those before it as far as the page reaches. */
export const failuresOfWindow = (window: RunWindow, environmentID: Environment, limit: number) =>
  summaries({ ...toQuery(window), ...failed }, environmentID, limit)

/** The latest failed runs of the window with their jobs. */
export const failedWithDetails = (
  window: RunWindow,
  environmentID: Environment,
  runType: KnownRunType,
  limit: number
) => detailed({ ...toQuery(window), ...failed, runType }, environmentID, limit)

/** The runs before the window: those of a type, or those that failed. */
export const runsBefore = (
  window: RunWindow,
  environmentID: Environment,
  filter: { readonly runType: KnownRunType } | typeof failed,
  limit: number
) => detailed({ ...toQuery(window), startingFrom: window.since, ...filter }, environmentID, limit)

/** The first runs after the window. */
export const runsAfter = (window: RunWindow, environmentID: Environment, limit: number) =>
  detailed(toQuery({ ...window, since: window.until }, "asc"), environmentID, limit)

/** The newest runs, including those that have not started. */
export const newestRuns = (environmentID: Environment, limit: number) => detailed(newestFirst, environmentID, limit)

/** The summary row of one run. */
export const summaryOf = (runID: number) => summaries({ ...newestFirst, startingFrom: runID + 1 }, undefined, 1)

/** The runs of an environment up to this one, itself included, the newest first. */
export const runsUpTo =
  (runID: number, environmentID: Environment) => (limit: number, after?: RunPage<Run>): Page<Run> =>
    detailed({ ...newestFirst, startingFrom: after?.cursor ?? runID + 1 }, environmentID, limit)

/** The failed runs of an environment up to this one, itself included. */
export const failuresUpTo = (runID: number, environmentID: Environment, limit: number) =>
  summaries({ ...newestFirst, ...failed, startingFrom: runID + 1 }, environmentID, limit)

/** The runs of an environment after this one, the oldest first. */
export const runsFrom = (runID: number, environmentID: Environment, limit: number) =>
  detailed({ orderBy: "id", orderByDirection: "asc", startingFrom: runID }, environmentID, limit)
