/** Lists the runs of one project, wherever a query of an effect names no other. */
import * as Effect from "effect/Effect"
import * as RunsClient from "../client/service.ts"
import { isPlain } from "../error/check.ts"
import type { ListRunsQuery, StreamRunsQuery } from "../ListRunsQuery.ts"

type Client = RunsClient.Shape

const ofProject = (client: Client, projectID: string): Client => {
  // What is no object of parameters is left for the client to refuse.
  const within = <Q extends ListRunsQuery | StreamRunsQuery>(query: Q | undefined) =>
    query === undefined || (isPlain(query) && query.projectID === undefined) ? { ...query, projectID } : query
  return {
    ...client,
    projectID,
    listPage: (query) => client.listPage(within(query)),
    pages: (query) => client.pages(within(query)),
    list: (query) => client.list(within(query))
  }
}

/** One client for each project, since `RunBaseline.Cache` keeps a baseline by the client that it was read with. */
const known = new WeakMap<Client, Map<string, Client>>()
const maxProjects = 100

const clientOf = (client: Client, projectID: string): Client => {
  const projects = known.get(client) ?? new Map<string, Client>()
  known.set(client, projects)
  const found = projects.get(projectID) ?? ofProject(client, projectID)
  // The last used one comes last, and the first one goes.
  projects.delete(projectID)
  projects.set(projectID, found)
  const [oldest] = projects.keys()
  if (projects.size > maxProjects && oldest !== undefined) projects.delete(oldest)
  return found
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
