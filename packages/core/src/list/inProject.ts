/** Lists the runs of one project, wherever a query of an effect names no other. */
import * as Effect from "effect/Effect"
import { isPlain } from "../error/check.ts"
import type { ListRunsQuery, StreamRunsQuery } from "../ListRunsQuery.ts"
import * as RunsClient from "../RunsClient.ts"

/** One client for each project, since `RunBaseline.Cache` keeps a baseline by the client that it was read with. */
const clients = new WeakMap<RunsClient.Shape, Map<string, RunsClient.Shape>>()

const clientOf = (client: RunsClient.Shape, projectID: string): RunsClient.Shape => {
  const made = clients.get(client) ?? new Map<string, RunsClient.Shape>()
  clients.set(client, made)
  const known = made.get(projectID)
  if (known !== undefined) return known
  // What is no object of parameters is left for the client to refuse.
  const within = <Q extends ListRunsQuery | StreamRunsQuery>(query: Q | undefined) =>
    query === undefined || (isPlain(query) && query.projectID === undefined) ? { ...query, projectID } : query
  const narrowed: RunsClient.Shape = {
    ...client,
    projectID,
    listPage: (query) => client.listPage(within(query)),
    pages: (query) => client.pages(within(query)),
    list: (query) => client.list(within(query))
  }
  made.set(projectID, narrowed)
  return narrowed
}

/**
 * Runs an effect on a client whose lists are of a project. Not in `RunsClient`, whose bundle would pay for it. `undefined`
 * changes nothing.
 */
export const inProject =
  (projectID: string | undefined) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | RunsClient.RunsClient> =>
    projectID === undefined
      ? effect
      : Effect.updateService(effect, RunsClient.RunsClient, (client) => clientOf(client, projectID))
