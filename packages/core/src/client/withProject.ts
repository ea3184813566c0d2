/** Lists the runs of one project. Public through `RunsClient.ts`. */
import { isPlain } from "../error/check.ts"
import type { ListRunsQuery, StreamRunsQuery } from "../ListRunsQuery.ts"
import type { Shape } from "./model.ts"

/** Returns a client whose lists are of a project, where a query names no other. */
export const withProject = (client: Shape, projectID: string | undefined): Shape => {
  if (projectID === undefined) return client
  // What is no object of parameters is left for the client to refuse.
  const within = <Q extends ListRunsQuery | StreamRunsQuery>(query: Q | undefined) =>
    query === undefined || (isPlain(query) && query.projectID === undefined) ? { ...query, projectID } : query
  return {
    ...client,
    listPage: (query) => client.listPage(within(query)),
    pages: (query) => client.pages(within(query)),
    list: (query) => client.list(within(query))
  }
}
