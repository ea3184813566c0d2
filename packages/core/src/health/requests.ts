/** The requests of a check. */
export { failuresOfWindow, newestRuns, runsOfWindow } from "../diagnosis/requests.ts"
import { detailed, type Environment, newestFirst, summaries } from "../inspection/requests.ts"
import type { KnownRunStatus } from "../Run.ts"
import { type RunWindow, toQuery } from "../RunWindow.ts"

const failed = { runStatus: "failed" } as const

/** The newest failed runs, including those that never started. */
export const newestFailures = (environmentID: Environment, limit: number) =>
  summaries({ ...newestFirst, ...failed }, environmentID, limit)

/** The failed runs of the window with their jobs. */
export const failuresWithDetails = (window: RunWindow, environmentID: Environment, limit: number) =>
  detailed({ ...toQuery(window), ...failed }, environmentID, limit)

/** The newest runs in a status. */
export const runsInStatus = (runStatus: KnownRunStatus, environmentID: Environment, limit: number) =>
  detailed({ ...newestFirst, runStatus }, environmentID, limit)

/** The first runs after the window. */
export const runsAfter = (window: RunWindow, environmentID: Environment, limit: number) =>
  detailed(toQuery({ ...window, since: window.until }, "asc"), environmentID, limit)
