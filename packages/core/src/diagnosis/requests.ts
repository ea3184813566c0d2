/** The requests of a diagnosis for rows around a window or a run. */
import { detailed, type Environment, newestFirst, type Page, summaries } from "../inspection/requests.ts"
import type { KnownRunType, Run } from "../Run.ts"
import type { RunPage } from "../RunsClient.ts"
import { type RunWindow, toQuery } from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"

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

/** The failed runs before the window. */
export const failuresBefore = (window: RunWindow, environmentID: Environment, limit: number) =>
  detailed({ ...toQuery(window), startingFrom: window.since, ...failed }, environmentID, limit)

/** The runs of a type before the window. */
export const runsBefore = (window: RunWindow, environmentID: Environment, runType: KnownRunType, limit: number) =>
  detailed({ ...toQuery(window), startingFrom: window.since, runType }, environmentID, limit)

/** The newest runs, including those that have not started. */
export const newestRuns = (environmentID: Environment, limit: number) => detailed(newestFirst, environmentID, limit)

/** The failed runs of an environment up to this one, itself included. */
export const failuresUpTo = (runID: number, environmentID: Environment, limit: number) =>
  summaries({ ...newestFirst, ...failed, startingFrom: runID + 1 }, environmentID, limit)

/** The same with their jobs. */
export const failedRunsUpTo = (runID: number, environmentID: Environment, limit: number) =>
  detailed({ ...newestFirst, ...failed, startingFrom: runID + 1 }, environmentID, limit)
