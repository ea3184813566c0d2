/**
 * The client as a service, and its effects and streams. Public: `RunsClient` exports it. It knows nothing of how requests are
 * sent: what only reads runs loads no more than this.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ListRunsQuery, StreamRunsQuery } from "../ListRunsQuery.ts"
import type { SchedulerStatus } from "../Run.ts"
import type { RunCursor } from "../RunCursor.ts"
import type { RunResult } from "../RunResult.ts"
import type * as RunsError from "../RunsError.ts"
import type { Detailed, Element, GetError, GetOptions, ListError, RunPage, Service, Shape } from "./model.ts"
import { validateStream } from "./query.ts"

export type * from "./model.ts"

/** The runs of one Coalesce account. */
export class RunsClient extends Context.Service<RunsClient, Shape>()("@coalesce-runs/core/RunsClient") {}

// Type boundary: which rows a query gives is decided by values (`detail` chooses the decoder, and a row of another
// `runType` than asked for is not decoded), which the compiler cannot follow.
export const typed = (client: Shape): Service => client as Service

/**
 * Returns the cursor at which a stream with this query starts, before its first run. Fold `RunCursor.after` over the
 * runs that you use, from here on, to stop in the middle of a page and continue there later.
 */
export const startCursor = (query: StreamRunsQuery): Effect.Effect<RunCursor, RunsError.InvalidQuery> =>
  Effect.map(Effect.fromResult(validateStream(query)), ({ start }) => start)

/** The client in context, with elements that follow the query. */
export const client: Effect.Effect<Service, never, RunsClient> = /* @__PURE__ */ Effect.map(RunsClient, typed)

/**
 * Fetches one page of runs: 25, or at most `limit`. The page has a `cursor` to continue from, and says whether it
 * `hasMore` behind it. Where nothing proves that a short page is the last, that takes one more, small request.
 */
export const listPage = <const Q extends ListRunsQuery = {}>(
  query?: Q & ListRunsQuery
): Effect.Effect<RunPage<Element<Q>>, ListError, RunsClient> =>
  Effect.flatMap(client, (client) => client.listPage<Q>(query))

/** Streams pages of runs. From the second on, the next page is fetched while you work on one, unless `prefetch` is `false`. */
export const pages = <const Q extends StreamRunsQuery = {}>(
  query?: Q & StreamRunsQuery
): Stream.Stream<RunPage<Element<Q>>, ListError, RunsClient> =>
  Stream.unwrap(Effect.map(client, (client) => client.pages<Q>(query)))

/**
 * Streams runs, the newest first unless the query says otherwise. Pages are fetched as they are needed, from the second on
 * one page ahead unless `prefetch` is `false`: bound the stream with `Stream.take`.
 */
export const list = <const Q extends StreamRunsQuery = {}>(
  query?: Q & StreamRunsQuery
): Stream.Stream<Element<Q>, ListError, RunsClient> =>
  Stream.unwrap(Effect.map(client, (client) => client.list<Q>(query)))

/**
 * Fetches one run with its details, and with `failureReasons: true` its failure reason as well, which the API gives in
 * summaries only: one more request, if the run failed.
 */
export const get = <const O extends GetOptions = {}>(
  runID: number,
  options?: O & GetOptions
): Effect.Effect<Detailed<O>, GetError, RunsClient> => Effect.flatMap(client, (client) => client.get<O>(runID, options))

/** Fetches what a run did to each node. The list is empty while the run starts, and large for a large run. */
export const results = (runID: number): Effect.Effect<ReadonlyArray<RunResult>, GetError, RunsClient> =>
  Effect.flatMap(RunsClient, (client) => client.results(runID))

/** Fetches what the scheduler says of a run: its status, and the link to its page in the web app. */
export const schedulerStatus = (runID: number): Effect.Effect<SchedulerStatus, GetError, RunsClient> =>
  Effect.flatMap(RunsClient, (client) => client.schedulerStatus(runID))
