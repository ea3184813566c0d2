/**
 * The runs of Coalesce as an Effect service: a page, a stream of pages, a stream of runs, one run, its node results.
 *
 * **What it guarantees**
 *
 * - Nothing is fetched before it is pulled, and a stream holds one page at a time.
 * - Every run that existed when the stream started and still matches comes exactly once, in order.
 * - Retries happen within a page: a run that came out is never sent again.
 * - An error after some runs carries the cursor to go on from.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as paging from "./client/advance.ts"
import { decodeResults, decodeRun, decodeSchedulerStatus, type UndecodableRow } from "./client/decode.ts"
import { variables } from "./client/environment.ts"
import { fetchPage, nextOf, wholePage } from "./client/fetchPage.ts"
import { logSkipped } from "./client/logSkipped.ts"
import { validate, validateStream, type ValidQuery } from "./client/query.ts"
import * as http from "./client/transport.ts"
import * as Connection from "./Connection.ts"
import type { ListRunsQuery, StreamRunsQuery } from "./ListRunsQuery.ts"
import type {
  AnyRun,
  DeployRun,
  KnownRunType,
  RefreshRun,
  Run,
  RunSummary,
  SchedulerStatus,
  WithFailureReason
} from "./Run.ts"
import type { Order, RunCursor } from "./RunCursor.ts"
import type { RunResult } from "./RunResult.ts"
import * as RunsError from "./RunsError.ts"

/**
 * The element that a query gives: its `detail`, `runType` and `failureReasons` decide.
 *
 * **Details**
 *
 * - `detail: true` gives a `Run`, otherwise a `RunSummary`; a `detail` that is not a literal gives the union.
 * - With a literal `runType` a detailed row is a `DeployRun` or a `RefreshRun`.
 * - `failureReasons: true` adds `runFailureReason` to detailed rows.
 *
 * @category models
 * @since 0.1.0
 */
export type Element<Q extends StreamRunsQuery | ListRunsQuery> = ElementOf<
  Parameter<Q, "detail">,
  Parameter<Q, "runType">,
  Parameter<Q, "failureReasons">
>

/** What a parameter may be, `undefined` where it may be left out. */
type Parameter<Q, K extends string> = Q extends { readonly [P in K]: infer V } ? V
  : Q extends { readonly [P in K]?: infer V } ? V | undefined
  : undefined

type ElementOf<Detail, Type, Reasons> = Detail extends true ? (
    true extends Reasons ? WithFailureReason<DetailedOf<Type>> : DetailedOf<Type>
  )
  : SummaryOf<Type>

type DetailedOf<Type> = Type extends "deploy" ? DeployRun : Type extends "refresh" ? RefreshRun : Run

type SummaryOf<Type> = Type extends KnownRunType ? RunSummary & { readonly runType: Type } : RunSummary

export type { UndecodableRow }

/**
 * One page.
 *
 * @category models
 * @since 0.1.0
 */
export interface RunPage<A extends AnyRun = AnyRun> extends Order {
  readonly runs: ReadonlyArray<A>
  /** Rows that were skipped; empty unless the query has `undecodableRows: "skip"`. */
  readonly undecodable: ReadonlyArray<UndecodableRow>
  /** Where this page ends: pass it as `startingFrom` to go on. */
  readonly cursor: RunCursor
  /** Whether there may be more behind it. */
  readonly hasMore: boolean
}

/**
 * What a request of runs can fail with. `InvalidConnection` is not among them: it comes when the client is made.
 *
 * @category errors
 * @since 0.1.0
 */
export type ListError = Exclude<RunsError.RunsError, RunsError.InvalidConnection>

/**
 * What a request of one run can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type GetError = Exclude<ListError, RunsError.PaginationError>

/**
 * The client's interface.
 *
 * @category services
 * @since 0.1.0
 */
export interface Service {
  /** The origin that requests are sent to, such as `https://app.coalescesoftware.io`. */
  readonly origin: string
  /** Fetches one page of runs: 25, or at most `limit`. */
  readonly listPage: <const Q extends ListRunsQuery = {}>(
    query?: Q & ListRunsQuery
  ) => Effect.Effect<RunPage<Element<Q>>, ListError>
  /** Streams pages of runs, each fetched when it is pulled. */
  readonly pages: <const Q extends StreamRunsQuery = {}>(
    query?: Q & StreamRunsQuery
  ) => Stream.Stream<RunPage<Element<Q>>, ListError>
  /** Streams runs, their pages fetched as they are needed. Bound it with `Stream.take`. */
  readonly list: <const Q extends StreamRunsQuery = {}>(
    query?: Q & StreamRunsQuery
  ) => Stream.Stream<Element<Q>, ListError>
  /** Fetches one run with its details. It has no failure reason, because the API gives that in summaries only. */
  readonly get: (runID: number) => Effect.Effect<Run, GetError>
  /** Fetches what a run did to each node. The list is empty while the run starts, and large for a large run. */
  readonly results: (runID: number) => Effect.Effect<ReadonlyArray<RunResult>, GetError>
  /** Fetches what the scheduler says of a run: its status, and the link to its page in the web app. */
  readonly schedulerStatus: (runID: number) => Effect.Effect<SchedulerStatus, GetError>
}

/**
 * The runs of one Coalesce account.
 *
 * @category services
 * @since 0.1.0
 */
export class RunsClient extends Context.Service<RunsClient, Service>()("@coalesce-runs/core/RunsClient") {}

/**
 * How requests are sent.
 *
 * @category options
 * @since 0.1.0
 */
export interface RequestOptions {
  /**
   * The most time of one attempt, headers and body. Default: 20 seconds. All attempts of a request together take at most
   * 30 seconds, or this time if it is longer.
   */
  readonly timeout?: Duration.Input | undefined
  /**
   * When a request that failed with a retryable error is sent again. `Schedule.recurs(0)` never retries. Default: 4
   * retries, exponential with jitter, `Retry-After` obeyed, 30 seconds in all.
   */
  readonly retry?: Schedule.Schedule<unknown, RunsError.RunsError> | undefined
  /** The `user-agent` header of each request. Default: `coalesce-runs/<version>`. */
  readonly userAgent?: string | undefined
}

/**
 * The settings of a client: those of its connection, and how requests are sent.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Connection.Options, RequestOptions {}

/**
 * Makes a client. Nothing is requested; a token or a host that cannot be right fails here.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<Service, RunsError.InvalidConnection, HttpClient> {
  const connection = yield* Connection.make(options)
  const timeout = yield* timeoutOf(options.timeout)
  const transport = yield* http.make(connection, { ...options, timeout })

  /** Fetches each page of a query when it is pulled, and emits what `select` takes of it. */
  const paginate = <A>(
    valid: Result.Result<ValidQuery, RunsError.InvalidQuery>,
    select: (page: RunPage) => Effect.Effect<ReadonlyArray<A>>
  ): Stream.Stream<A, ListError> =>
    Stream.unwrap(
      Effect.map(Effect.fromResult(valid), (query) =>
        Stream.paginate<Result.Result<paging.State, ListError>, A, ListError>(
          Result.succeed(paging.begin(query)),
          Effect.fnUntraced(function*(next) {
            const state = yield* Effect.fromResult(next)
            const fetched = yield* fetchPage(transport, query, state, Infinity)
            return [yield* select(fetched.page), nextOf(fetched)] as const
          })
        ))
    )

  /** What one endpoint says of one run. */
  const ofRun = <A>(
    name: string,
    decode: (body: unknown) => Result.Result<A, { readonly path: string; readonly issue: string }>,
    requestOf: (id: number) => http.Get
  ) =>
    Effect.fn(`RunsClient.${name}`)(function*(runID: number) {
      const id = yield* checkId(runID)
      yield* Effect.annotateCurrentSpan({ "coalesce.run.id": id })
      const { body, context } = yield* transport.get(requestOf(id))
      return yield* Effect.fromResult(Result.mapError(
        decode(body),
        ({ issue, path }) => new RunsError.DecodeError({ ...context, runID: id, path, issue })
      ))
    })

  return {
    origin: connection.origin,

    listPage: Effect.fnUntraced(function*<Q extends ListRunsQuery>(given?: Q & ListRunsQuery) {
      const query = yield* Effect.fromResult(validate(given ?? {}))
      const limit = query.pageSize ?? 25
      const state = paging.begin(query)
      const fetched = yield* fetchPage(transport, { ...query, pageSize: limit }, state, limit)
      return typed<Q>(yield* Effect.fromResult(wholePage(state, fetched)))
    }),

    pages: <Q extends StreamRunsQuery>(query?: Q & StreamRunsQuery) =>
      Stream.map(paginate(validateStream(query ?? {}), (page) => Effect.succeed([page])), typed<Q>),

    list: <Q extends StreamRunsQuery>(query?: Q & StreamRunsQuery) =>
      paginate(validateStream(query ?? {}), (page) => Effect.as(logSkipped(page.undecodable), typed<Q>(page).runs)),

    get: ofRun("get", decodeRun, (id) => ({ endpoint: "run", path: `/api/v1/runs/${id}` })),

    results: ofRun("results", decodeResults, (id) => ({ endpoint: "results", path: `/api/v1/runs/${id}/results` })),

    schedulerStatus: ofRun("schedulerStatus", decodeSchedulerStatus, (id) => ({
      endpoint: "schedulerStatus",
      path: "/scheduler/runStatus",
      params: [["runCounter", String(id)]]
    }))
  }
})

const timeoutOf = (
  input: Duration.Input | undefined
): Effect.Effect<Duration.Duration | undefined, RunsError.InvalidConnection> => {
  if (input === undefined) return Effect.succeed(undefined)
  const timeout = Option.getOrUndefined(Duration.fromInput(input))
  return timeout !== undefined && Duration.isGreaterThan(timeout, Duration.zero)
    ? Effect.succeed(timeout)
    : Effect.fail(new RunsError.InvalidConnection({ field: "timeout", reason: "Expected a duration above zero" }))
}

// Type boundary: which rows a query gives is decided by values (`detail` chooses the decoder, and a row of another
// `runType` than asked for is not decoded), which the compiler cannot follow.
const typed = <Q extends ListRunsQuery | StreamRunsQuery>(page: RunPage): RunPage<Element<Q>> =>
  page as RunPage<Element<Q>>

const checkId = (runID: number): Effect.Effect<number, RunsError.InvalidQuery> =>
  Number.isSafeInteger(runID) && runID >= 0
    ? Effect.succeed(runID)
    : Effect.fail(
      new RunsError.InvalidQuery({ violations: [{ field: "runID", reason: "Expected the integer id of a run" }] })
    )

/**
 * Provides the client from options.
 *
 * **Example** (A client for the European host)
 *
 * ```ts
 * import { RunsClient } from "@coalesce-runs/core"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 *
 * const Runs = RunsClient.layer({ accessToken: "a-token", region: "eu" }).pipe(
 *   Layer.provide(FetchHttpClient.layer)
 * )
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options): Layer.Layer<RunsClient, RunsError.InvalidConnection, HttpClient> =>
  Layer.effect(RunsClient, make(options))

/**
 * Provides the client from configuration, each option as a `Config` of its own.
 *
 * **Details**
 *
 * Options that you leave out are read from `COALESCE_ACCESS_TOKEN`, `COALESCE_BASE_URL` (Default: the US host) and
 * `COALESCE_ALLOW_INSECURE_HOST`. With the layer of `@coalesce-runs/core/node` they are read from `~/.coa/config` as well.
 * Without a token the layer fails with `InvalidConnection`.
 *
 * **Example** (A client from variables of its own)
 *
 * ```ts
 * import { RunsClient } from "@coalesce-runs/core"
 * import * as Config from "effect/Config"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 *
 * const Runs = RunsClient.layerConfig({
 *   accessToken: Config.Redacted("EU_TOKEN"),
 *   region: Config.succeed("eu"),
 *   timeout: Config.withDefault(Config.Duration("EU_TIMEOUT"), "20 seconds")
 * }).pipe(Layer.provide(FetchHttpClient.layer))
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerConfig = (
  options: Config.Wrap<Partial<Options>> = {}
): Layer.Layer<RunsClient, RunsError.InvalidConnection | Config.ConfigError, HttpClient> =>
  Layer.effect(
    RunsClient,
    Effect.flatMap(
      Config.all([
        // A missing token fails where a wrong one does, as one error in words.
        Config.all({ ...variables, accessToken: Config.withDefault(variables.accessToken, "") }),
        Config.unwrap<Partial<Options>>(options)
      ]),
      ([environment, set]) =>
        make({ ...environment, ...(set.region === undefined ? {} : { baseUrl: undefined }), ...set })
    )
  )

/**
 * Returns the cursor at which a stream with this query starts, before its first run. Fold `RunCursor.after` over the
 * runs that you use, from here on, to stop in the middle of a page and continue there later.
 *
 * @category getters
 * @since 0.1.0
 */
export const startCursor = (query: StreamRunsQuery): Effect.Effect<RunCursor, RunsError.InvalidQuery> =>
  Effect.map(Effect.fromResult(validateStream(query)), ({ start }) => start)

/**
 * Fetches one page of runs: 25, or at most `limit`. The page has a `cursor` to continue from, and says whether it
 * `hasMore` behind it.
 *
 * @category accessors
 * @since 0.1.0
 */
export const listPage = <const Q extends ListRunsQuery = {}>(
  query?: Q & ListRunsQuery
): Effect.Effect<RunPage<Element<Q>>, ListError, RunsClient> =>
  Effect.flatMap(RunsClient, (client) => client.listPage(query))

/**
 * Streams pages of runs, each fetched when it is pulled.
 *
 * @category accessors
 * @since 0.1.0
 */
export const pages = <const Q extends StreamRunsQuery = {}>(
  query?: Q & StreamRunsQuery
): Stream.Stream<RunPage<Element<Q>>, ListError, RunsClient> =>
  Stream.unwrap(Effect.map(RunsClient, (client) => client.pages(query)))

/**
 * Streams runs, the newest first unless the query says otherwise. Pages are fetched as they are needed: bound the stream
 * with `Stream.take`.
 *
 * @category accessors
 * @since 0.1.0
 */
export const list = <const Q extends StreamRunsQuery = {}>(
  query?: Q & StreamRunsQuery
): Stream.Stream<Element<Q>, ListError, RunsClient> =>
  Stream.unwrap(Effect.map(RunsClient, (client) => client.list(query)))

/**
 * Fetches one run with its details. It has no failure reason, because the API gives that in summaries only.
 *
 * @category accessors
 * @since 0.1.0
 */
export const get = (runID: number): Effect.Effect<Run, GetError, RunsClient> =>
  Effect.flatMap(RunsClient, (client) => client.get(runID))

/**
 * Fetches what a run did to each node. The list is empty while the run starts, and large for a large run.
 *
 * @category accessors
 * @since 0.1.0
 */
export const results = (runID: number): Effect.Effect<ReadonlyArray<RunResult>, GetError, RunsClient> =>
  Effect.flatMap(RunsClient, (client) => client.results(runID))

/**
 * Fetches what the scheduler says of a run: its status, and the link to its page in the web app.
 *
 * @category accessors
 * @since 0.1.0
 */
export const schedulerStatus = (runID: number): Effect.Effect<SchedulerStatus, GetError, RunsClient> =>
  Effect.flatMap(RunsClient, (client) => client.schedulerStatus(runID))
