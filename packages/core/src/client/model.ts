/** The types of the client: its service, and the elements that follow a query. Public through `RunsClient.ts`. */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Schedule from "effect/Schedule"
import type * as Stream from "effect/Stream"
import type { ListRunsQuery, StreamRunsQuery } from "../ListRunsQuery.ts"
import type { AnyRun, DeployRun, KnownRunType, RefreshRun, Reported, Run, RunSummary, SchedulerStatus } from "../Run.ts"
import type { Order, RunCursor } from "../RunCursor.ts"
import type { RunResult } from "../RunResult.ts"
import type * as RunsError from "../RunsError.ts"
import type { UndecodableRow } from "./decode.ts"

/**
 * The run that a query returns: its `detail`, `runType` and `failureReasons` decide.
 *
 * **Details**
 *
 * - `detail: true` gives a `Run`, otherwise a `RunSummary`; a `detail` that is not a literal gives the union.
 * - With a literal `runType` a detailed row is a `DeployRun` or a `RefreshRun`.
 * - `failureReasons: true` adds `runFailureReason` to detailed rows.
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
    true extends Reasons ? Reported<DetailedOf<Type>> : DetailedOf<Type>
  )
  : SummaryOf<Type>

type DetailedOf<Type> = Type extends "deploy" ? DeployRun : Type extends "refresh" ? RefreshRun : Run

type SummaryOf<Type> = Type extends KnownRunType ? RunSummary & { readonly runType: Type } : RunSummary

/** One page. */
export interface RunPage<A extends AnyRun = AnyRun> extends Order {
  readonly runs: ReadonlyArray<A>
  /** Rows that were skipped; empty unless the query has `undecodableRows: "skip"`. */
  readonly undecodable: ReadonlyArray<UndecodableRow>
  /** Where this page ends: pass it as `startingFrom` to continue. */
  readonly cursor: RunCursor
  /** Whether there may be more behind it. */
  readonly hasMore: boolean
}

/** What a request of runs can fail with. `InvalidConnection` is not among them: it comes when the client is made. */
export type ListError = Exclude<RunsError.RunsError, RunsError.InvalidConnection>

/** What a request of one run can fail with. */
export type GetError = Exclude<ListError, RunsError.PaginationError>

/** At most so many requests in any such time. */
export interface RateLimit {
  /** An integer from 1. */
  readonly requests: number
  /** A duration above zero. */
  readonly per: Duration.Input
}

/** How a request is sent once. */
export interface AttemptOptions {
  /**
   * The most time of one attempt, headers and body. Default: 20 seconds. All attempts of a request together take at most
   * 30 seconds, or this time if it is longer.
   */
  readonly timeout?: Duration.Input | undefined
  /**
   * The most bytes of one response, after decompression. A larger one fails with `ResponseTooLarge`, and the rest of it is
   * not read. Default: 67108864 (64 MiB).
   */
  readonly maxResponseBytes?: number | undefined
  /**
   * How many requests the client sends, all its calls and their retries together. Those beyond wait, in the order in which
   * they came; waiting is no part of `timeout` and of the 30 seconds. Default: no limit.
   *
   * **Details**
   *
   * A request counts from when it is sent until `per` after its response, but no more than a quarter longer than `per`.
   * Where the effect that makes the client has effect's `RateLimiter` (`effect/persistence/RateLimiter`) in its context, the
   * budget is shared by all who use that limiter, over processes with its Redis store.
   */
  readonly rateLimit?: RateLimit | undefined
  /** How many requests are under way at once, those of all calls together. The others wait. Default: no limit. */
  readonly maxConcurrency?: number | undefined
  /** The `user-agent` header of each request. Default: `coalesce-runs/<version>`. */
  readonly userAgent?: string | undefined
}

/** How requests are sent. */
export interface RequestOptions extends AttemptOptions {
  /**
   * When a request that failed with a retryable error is sent again. `Schedule.recurs(0)` never retries. Default: 4
   * retries, exponential with jitter, `Retry-After` obeyed, 30 seconds in all.
   */
  readonly retry?: Schedule.Schedule<unknown, RunsError.RunsError> | undefined
}

/** How one run is fetched. */
export interface GetOptions {
  /**
   * Joins a failed run with its `runFailureReason`, which the API gives in summaries only: one more request, if the run
   * failed. Default: `false`.
   */
  readonly failureReasons?: boolean | undefined
}

/** The run that `get` returns: a `Run`, or with `failureReasons: true` a `Reported` run. */
export type Detailed<O extends GetOptions> = O extends { readonly failureReasons?: infer V }
  ? unknown extends V ? Run : true extends V ? Reported : Run
  : Run

/**
 * What the context holds, and what a fake client implements: the methods without the types that follow a query. A stub
 * of some of them is `Layer.mock(RunsClient.RunsClient, { … })`. {@link Service} is the same with those types.
 */
export interface Shape {
  /** The origin that requests are sent to, such as `https://app.coalescesoftware.io`. */
  readonly origin: string
  /** The project of lists whose query names no other. Absent: every project. */
  readonly projectID?: string | undefined
  /** Fetches one page of runs: 25, or at most `limit`. */
  readonly listPage: (query?: ListRunsQuery) => Effect.Effect<RunPage, ListError>
  /** Streams pages of runs. From the second on, the next page is fetched while you work on one. */
  readonly pages: (query?: StreamRunsQuery) => Stream.Stream<RunPage, ListError>
  /** Streams runs, their pages fetched as they are needed. Bound it with `Stream.take`. */
  readonly list: (query?: StreamRunsQuery) => Stream.Stream<AnyRun, ListError>
  /** Fetches one run with its details, and with `failureReasons: true` its failure reason as well. */
  readonly get: (runID: number, options?: GetOptions) => Effect.Effect<Reported, GetError>
  /** Fetches what a run did to each node. The list is empty while the run starts, and large for a large run. */
  readonly results: (runID: number) => Effect.Effect<ReadonlyArray<RunResult>, GetError>
  /** Fetches what the scheduler says of a run: its status, and the link to its page in the web app. */
  readonly schedulerStatus: (runID: number) => Effect.Effect<SchedulerStatus, GetError>
}

/** The client. The types of its runs follow the query. */
export interface Service extends Shape {
  readonly listPage: <const Q extends ListRunsQuery = {}>(
    query?: Q & ListRunsQuery
  ) => Effect.Effect<RunPage<Element<Q>>, ListError>
  readonly pages: <const Q extends StreamRunsQuery = {}>(
    query?: Q & StreamRunsQuery
  ) => Stream.Stream<RunPage<Element<Q>>, ListError>
  readonly list: <const Q extends StreamRunsQuery = {}>(
    query?: Q & StreamRunsQuery
  ) => Stream.Stream<Element<Q>, ListError>
  readonly get: <const O extends GetOptions = {}>(
    runID: number,
    options?: O & GetOptions
  ) => Effect.Effect<Detailed<O>, GetError>
}
