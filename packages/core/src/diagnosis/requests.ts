/**
 * The requests of a diagnosis. Every list sets bad rows aside: one row that cannot be read must not hide the others.
 */
import type { KnownRunType, Run } from "../Run.ts"
import type * as RunsClient from "../RunsClient.ts"
import * as RunWindow from "../RunWindow.ts"

const skip = { undecodableRows: "skip" } as const

const inEnvironment = (environmentID: string | undefined) => environmentID === undefined ? {} : { environmentID }

type Client = RunsClient.Service

/** Every run of the window, the newest first, and beyond its beginning where the page reaches there. */
export const runsOfWindow =
  (client: Client, window: RunWindow.RunWindow, environmentID: string | undefined) =>
  (limit: number, after?: RunsClient.RunPage<Run>) =>
    client.listPage({
      ...RunWindow.toQuery(window),
      ...(after === undefined ? {} : { startingFrom: after.cursor }),
      ...inEnvironment(environmentID),
      ...skip,
      detail: true,
      limit
    })

/** The failed runs of the window with their reasons, and those before it as far as the page reaches. */
export const failuresOfWindow = (
  client: Client,
  window: RunWindow.RunWindow,
  environmentID: string | undefined,
  limit: number
) =>
  client.listPage({
    ...RunWindow.toQuery(window),
    ...inEnvironment(environmentID),
    ...skip,
    runStatus: "failed",
    limit
  })

/** The latest failed runs of the window with their jobs. */
export const failedWithDetails = (
  client: Client,
  window: RunWindow.RunWindow,
  environmentID: string | undefined,
  runType: KnownRunType,
  limit: number
) =>
  client.listPage({
    ...RunWindow.toQuery(window),
    ...inEnvironment(environmentID),
    ...skip,
    runType,
    runStatus: "failed",
    detail: true,
    limit
  })

/** The runs before the window with their jobs, of a type or those that failed. */
export const runsBefore = (
  client: Client,
  window: RunWindow.RunWindow,
  environmentID: string | undefined,
  filter: { readonly runType: KnownRunType } | { readonly runStatus: "failed" },
  limit: number
) =>
  client.listPage({
    orderBy: "runStartTime",
    orderByDirection: "desc",
    startingFrom: window.since,
    ...inEnvironment(environmentID),
    ...filter,
    ...skip,
    detail: true,
    limit
  })

/** The first runs after the window. */
export const runsAfter = (
  client: Client,
  window: RunWindow.RunWindow,
  environmentID: string | undefined,
  limit: number
) =>
  client.listPage({
    ...RunWindow.toQuery({ ...window, since: window.until }, "asc"),
    ...inEnvironment(environmentID),
    ...skip,
    detail: true,
    limit
  })

/** The newest runs, those among them that have not started too. */
export const newestRuns = (client: Client, environmentID: string | undefined, limit: number) =>
  client.listPage({
    orderBy: "id",
    orderByDirection: "desc",
    ...inEnvironment(environmentID),
    ...skip,
    detail: true,
    limit
  })

/** The summary row of one run: where its reason stands. */
export const summaryOf = (client: Client, runID: number) =>
  client.listPage({ orderBy: "id", orderByDirection: "desc", startingFrom: runID + 1, ...skip, limit: 1 })

/** The runs of an environment up to this one, itself included, the newest first. */
export const runsUpTo =
  (client: Client, runID: number, environmentID: string | undefined) =>
  (limit: number, after?: RunsClient.RunPage<Run>) =>
    client.listPage({
      orderBy: "id",
      orderByDirection: "desc",
      startingFrom: after?.cursor ?? runID + 1,
      ...inEnvironment(environmentID),
      ...skip,
      detail: true,
      limit
    })

/** The failed runs of an environment up to this one, itself included, with their reasons. */
export const failuresUpTo = (
  client: Client,
  runID: number,
  environmentID: string | undefined,
  limit: number
) =>
  client.listPage({
    orderBy: "id",
    orderByDirection: "desc",
    startingFrom: runID + 1,
    ...inEnvironment(environmentID),
    ...skip,
    runStatus: "failed",
    limit
  })

/** The runs of an environment after this one, the oldest first. */
export const runsFrom = (client: Client, runID: number, environmentID: string | undefined, limit: number) =>
  client.listPage({
    orderBy: "id",
    orderByDirection: "asc",
    startingFrom: runID,
    ...inEnvironment(environmentID),
    ...skip,
    detail: true,
    limit
  })
