/**
 * The runs of Coalesce as an Effect service: a page, a stream of pages, a stream of runs, one run, its node results.
 *
 * **What it guarantees**
 *
 * - Nothing is fetched before it is pulled. From the second page on a stream fetches at most one page ahead.
 * - Every run that existed when the stream started and still matches is emitted exactly once, in order.
 * - Retries happen within a page: no run is emitted twice.
 * - An error after some runs has the cursor that continues behind them.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { makeService } from "./client/makeService.ts"
import type {
  Detailed,
  Element,
  GetError,
  GetOptions,
  ListError,
  RequestOptions,
  RunPage,
  Service,
  Shape
} from "./client/model.ts"
import { validateStream } from "./client/query.ts"
import { requestShape } from "./client/requestShape.ts"
import * as http from "./client/transport.ts"
import * as Connection from "./Connection.ts"
import { variables } from "./connection/environment.ts"
import { checkSettings, connectionShape } from "./connection/options.ts"
import { isPlain } from "./error/check.ts"
import type { ListRunsQuery, StreamRunsQuery } from "./ListRunsQuery.ts"
import type { SchedulerStatus } from "./Run.ts"
import type { RunCursor } from "./RunCursor.ts"
import type { RunResult } from "./RunResult.ts"
import * as RunsError from "./RunsError.ts"

export type { UndecodableRow } from "./client/decode.ts"
export type * from "./client/model.ts"

/** The runs of one Coalesce account. */
export class RunsClient extends Context.Service<RunsClient, Shape>()("@coalesce-runs/core/RunsClient") {}

/** The settings of a client: those of its connection, and how requests are sent. */
export interface Options extends Connection.Options, RequestOptions {}

/** Makes a client. Nothing is requested; a token or a host that cannot be right fails here. */
export const make = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<Service, RunsError.InvalidConnection, HttpClient> {
  yield* checkSettings(options, { ...connectionShape, ...requestShape })
  const { accessToken, allowInsecureHost, baseUrl, projectID, region } = options
  const connection = yield* Connection.make({ accessToken, allowInsecureHost, baseUrl, projectID, region })
  const transport = yield* http.make(connection, options)
  return typed(makeService(connection.origin, transport))
})

// Type boundary: which rows a query gives is decided by values (`detail` chooses the decoder, and a row of another
// `runType` than asked for is not decoded), which the compiler cannot follow.
const typed = (client: Shape): Service => client as Service

/** Provides the client from options. */
export const layer = (options: Options): Layer.Layer<RunsClient, RunsError.InvalidConnection, HttpClient> =>
  Layer.effect(RunsClient, make(options))

const isConfigs = (value: unknown): boolean =>
  Config.isConfig(value) || (isPlain(value) && Object.values(value).every(isConfigs))

// Config.unwrap takes anything else apart for what it holds, a text without end.
const checkConfigs = (options: unknown): Effect.Effect<unknown, RunsError.InvalidConnection> => {
  const expected = Object.keys({ ...connectionShape, ...requestShape }).map((
    name
  ) => [name, ["Expected a Config", isConfigs] as const])
  return Config.isConfig(options) ? Effect.void : checkSettings(options, Object.fromEntries(expected))
}

/**
 * Provides the client from configuration, each option as a `Config` of its own.
 *
 * **Details**
 *
 * Options that you leave out are read from `COALESCE_ACCESS_TOKEN`, `COALESCE_BASE_URL` (Default: the US host),
 * `COALESCE_PROJECT_ID` (Default: every project) and `COALESCE_ALLOW_INSECURE_HOST`. With the layer of `@coalesce-runs/core/node` they are read from `~/.coa/config` as well.
 * Without a token the layer fails with `InvalidConnection`.
 */
export const layerConfig = (
  options: Config.Wrap<Partial<Options>> = {}
): Layer.Layer<RunsClient, RunsError.InvalidConnection | Config.ConfigError, HttpClient> =>
  Layer.effect(
    RunsClient,
    Effect.flatMap(
      Effect.andThen(checkConfigs(options), () =>
        Config.all([
          // A missing token fails where a wrong one does, as one error in words.
          Config.all({ ...variables, accessToken: Config.withDefault(variables.accessToken, "") }),
          Config.unwrap<Partial<Options>>(options)
        ])),
      ([environment, set]) =>
        make({ ...environment, ...(set.region === undefined ? {} : { baseUrl: undefined }), ...set })
    )
  )

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
