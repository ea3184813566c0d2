/** The requests of a diagnosis. Each list skips undecodable rows: one of them must not hide the others. */
import type * as Effect from "effect/Effect"
import type { AnyRun, KnownRunType, Run, RunSummary } from "../Run.ts"
import { type ListError, listPage, type RunPage, type RunsClient } from "../RunsClient.ts"
import * as RunWindow from "../RunWindow.ts"

export type Page<A extends AnyRun> = Effect.Effect<RunPage<A>, ListError, RunsClient>

type Environment = string | undefined

const inEnvironment = (environmentID: Environment) => ({
  undecodableRows: "skip" as const,
  ...(environmentID === undefined ? {} : { environmentID })
})

const newestFirst = { orderBy: "id", orderByDirection: "desc" } as const

const failed = { runStatus: "failed" } as const

const detailed = { detail: true } as const

/** Every run of the window, the newest first, and those before it as far as the page reaches. */
export const runsOfWindow =
  (window: RunWindow.RunWindow, environmentID: Environment) => (limit: number, after?: RunPage<Run>): Page<Run> =>
    listPage({
      ...RunWindow.toQuery(window),
      ...(after === undefined ? {} : { startingFrom: after.cursor }),
      ...inEnvironment(environmentID),
      ...detailed,
      limit
    })

/** The failed runs of the window with their reasons, and those before it as far as the page reaches. */
export const failuresOfWindow = (
  window: RunWindow.RunWindow,
  environmentID: Environment,
  limit: number
): Page<RunSummary> => listPage({ ...RunWindow.toQuery(window), ...inEnvironment(environmentID), ...failed, limit })

/** The latest failed runs of the window with their jobs. */
export const failedWithDetails = (
  window: RunWindow.RunWindow,
  environmentID: Environment,
  runType: KnownRunType,
  limit: number
): Page<Run> =>
  listPage({
    ...RunWindow.toQuery(window),
    ...inEnvironment(environmentID),
    ...failed,
    ...detailed,
    runType,
    limit
  })

/** The runs before the window with their jobs: those of a type, or those that failed. */
export const runsBefore = (
  window: RunWindow.RunWindow,
  environmentID: Environment,
  filter: { readonly runType: KnownRunType } | typeof failed,
  limit: number
): Page<Run> =>
  listPage({
    orderBy: "runStartTime",
    orderByDirection: "desc",
    startingFrom: window.since,
    ...inEnvironment(environmentID),
    ...filter,
    ...detailed,
    limit
  })

/** The first runs after the window. */
export const runsAfter = (window: RunWindow.RunWindow, environmentID: Environment, limit: number): Page<Run> =>
  listPage({
    ...RunWindow.toQuery({ ...window, since: window.until }, "asc"),
    ...inEnvironment(environmentID),
    ...detailed,
    limit
  })

/** The newest runs, including those that have not started. */
export const newestRuns = (environmentID: Environment, limit: number): Page<Run> =>
  listPage({ ...newestFirst, ...inEnvironment(environmentID), ...detailed, limit })

/** The summary row of one run: only it has the `runFailureReason`. */
export const summaryOf = (runID: number): Page<RunSummary> =>
  listPage({ ...newestFirst, ...inEnvironment(undefined), startingFrom: runID + 1, limit: 1 })

/** The runs of an environment up to this one, itself included, the newest first. */
export const runsUpTo =
  (runID: number, environmentID: Environment) => (limit: number, after?: RunPage<Run>): Page<Run> =>
    listPage({
      ...newestFirst,
      ...inEnvironment(environmentID),
      ...detailed,
      startingFrom: after?.cursor ?? runID + 1,
      limit
    })

/** The failed runs of an environment up to this one, itself included, with their reasons. */
export const failuresUpTo = (runID: number, environmentID: Environment, limit: number): Page<RunSummary> =>
  listPage({ ...newestFirst, ...inEnvironment(environmentID), ...failed, startingFrom: runID + 1, limit })

/** The runs of an environment after this one, the oldest first. */
export const runsFrom = (runID: number, environmentID: Environment, limit: number): Page<Run> =>
  listPage({
    orderBy: "id",
    orderByDirection: "asc",
    startingFrom: runID,
    ...inEnvironment(environmentID),
    ...detailed,
    limit
  })
