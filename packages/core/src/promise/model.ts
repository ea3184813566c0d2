/** The client for programs without Effect: its methods, and what they take and return. Public: `promise` exports it. */
import type * as besideUsual from "../baseline/besideUsual.ts"
import type * as Connection from "../Connection.ts"
import type * as ListRunsQuery from "../ListRunsQuery.ts"
import type * as Report from "../Report.ts"
import type * as Run from "../Run.ts"
import type * as RunCursor from "../RunCursor.ts"
import type * as RunDiagnosis from "../RunDiagnosis.ts"
import type * as RunHealth from "../RunHealth.ts"
import type * as RunHistory from "../RunHistory.ts"
import type * as RunInspection from "../RunInspection.ts"
import type * as RunResult from "../RunResult.ts"
import type * as RunsClient from "../RunsClient.ts"
import type * as RunStatistics from "../RunStatistics.ts"
import type * as RunTimeline from "../RunTimeline.ts"
import type * as RunWatch from "../RunWatch.ts"
import type * as RunWindow from "../RunWindow.ts"
import type { Plain } from "./plain.ts"

/** How a call ends early. */
export interface CallOptions {
  /** Ends the call: the request in flight is aborted, and the call rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined
}

/** How long: milliseconds, or a text such as `"5 seconds"`. */
export type DurationInput = number | `${number} ${"milli" | "second" | "minute" | "hour" | "day" | "week"}${"s" | ""}`

/** At most so many requests in any such time. */
export interface RateLimit extends RunsClient.RateLimit {
  /** A duration above zero. */
  readonly per: DurationInput
}

/** The settings of a client. */
export interface ClientOptions extends Connection.HostOptions, RunsClient.AttemptOptions {
  /** A token from the Deploy tab of Coalesce. It belongs to one region. Default: `COALESCE_ACCESS_TOKEN`. */
  readonly accessToken?: string | undefined
  readonly timeout?: DurationInput | undefined
  readonly rateLimit?: RateLimit | undefined
  /**
   * Whether a request that failed with a retryable error is sent again: up to 4 times, `Retry-After` obeyed, within 30
   * seconds. Default: true.
   */
  readonly retry?: boolean | undefined
  /** Sends the requests, such as through a proxy. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** The position of a list. It is plain data: JSON keeps it. */
export interface Cursor extends Plain<RunCursor.RunCursor> {}

/** A run as lists show it without `detail`. */
export interface RunSummary extends Plain<Run.RunSummary> {}

/** A deploy, with its details. */
export interface DeployRun extends Plain<Run.DeployRun> {}

/** A refresh, with its details. */
export interface RefreshRun extends Plain<Run.RefreshRun> {}

/** The run that a query returns. `detail`, `runType` and `failureReasons` decide, as for `RunsClient.list`. */
export type Element<Q extends ListQuery | PageQuery> = Plain<RunsClient.Element<Q>>

/** What a run did to one node. */
export interface NodeResult extends Plain<RunResult.RunResult> {}

/** Where a list starts, exclusive: the id of a run, a time where the list is ordered by one, or a cursor. */
export type StartingFrom = number | string | Date | Cursor

/** The parameters of a list of runs. */
export interface ListQuery extends ListRunsQuery.StreamRunsQuery {
  readonly startingFrom?: StartingFrom | undefined
}

/** The parameters of one page of runs. */
export interface PageQuery extends ListRunsQuery.ListRunsQuery {
  readonly startingFrom?: StartingFrom | undefined
}

/** One page of runs: pass its `cursor` as `startingFrom` to continue. */
export interface Page<Q extends PageQuery = {}> extends Plain<Omit<RunsClient.RunPage, "runs">> {
  readonly runs: ReadonlyArray<Element<Q>>
}

/** A window on the times at which runs started. */
export interface Window extends Plain<RunWindow.RunWindow> {}

/** Two ends of a window, or its name. */
export interface WindowOptions extends RunWindow.Selection {
  readonly since?: string | Date | undefined
  readonly until?: string | Date | undefined
  /** The name of a window. Not with `since` or `until`. */
  readonly window?: RunWindow.Name | undefined
}

/** A window, its name, or two ends. */
export type WindowInput = Window | RunWindow.Name | WindowOptions

/** The parameters of the runs of a window. */
export interface WindowQuery extends RunWindow.WindowQuery {}

/** The parameters of a history, which is read by id. */
export interface HistoryQuery extends RunHistory.HistoryQuery {
  readonly startingFrom?: StartingFrom | undefined
}

/** How a history is read. */
export interface HistoryOptions extends RunHistory.Options, CallOptions {}

/** Which runs are watched. */
export interface WatchQuery extends RunWatch.WatchQuery {}

/** How runs are polled once. */
export interface PollOptions extends RunWatch.PollOptions, CallOptions {
  readonly lag?: DurationInput | undefined
}

/** How runs are watched. */
export interface WatchOptions extends RunWatch.Options, CallOptions {
  /** Where an earlier watch of the same runs stopped: the checkpoint of an event. */
  readonly resume?: string | undefined
  readonly every?: DurationInput | undefined
  readonly idleEvery?: DurationInput | undefined
  readonly lag?: DurationInput | undefined
}

/** What happened to a run. `checkpoint` is a short string: store it, and pass it as `resume` to go on behind this event. */
export type WatchEvent<Q extends WatchQuery = {}> = Plain<RunWatch.Event<RunsClient.Element<Q>>>

/** What one poll found, and the checkpoint of the next. */
export interface Poll<Q extends WatchQuery = {}> {
  /** The smallest id first. */
  readonly events: ReadonlyArray<WatchEvent<Q>>
  /** A short string: store it after the events are handled, and pass it to the next poll. */
  readonly checkpoint: string
  /** Whether more runs are new than one poll reads: poll again at once. */
  readonly hasMore: boolean
}

/** How one run is fetched. */
export interface GetOptions extends RunsClient.GetOptions, CallOptions {}

/** Which run to diagnose, and how far to search. */
export interface DiagnoseOptions extends RunDiagnosis.Options {
  readonly since?: string | Date | undefined
  readonly until?: string | Date | undefined
  /** The name of a window. Not with `since` or `until`. Default: `last_night`. */
  readonly window?: RunWindow.Name | undefined
  readonly partTimeout?: DurationInput | undefined
}

/** Which runs to read beside what is usual for their jobs. */
interface BesideUsual extends besideUsual.Options {
  readonly since?: string | Date | undefined
  readonly until?: string | Date | undefined
  readonly partTimeout?: DurationInput | undefined
  /** `none` goes without what is usual for each job. Default: it is learned once, and kept by the client. */
  readonly baseline?: "none" | undefined
}

/** Which runs to check. */
export interface CheckOptions extends BesideUsual {
  /** The name of a window. Not with `since` or `until`. Default: since the beginning of last night. */
  readonly window?: RunWindow.Name | undefined
}

/** Which runs a timeline shows. */
export interface TimelineOptions extends BesideUsual {
  /** The name of a window. Not with `since` or `until`. Default: `last_night`. */
  readonly window?: RunWindow.Name | undefined
}

/** Which run to inspect, which of its nodes, and beside which run. */
export interface InspectOptions extends RunInspection.Options {
  readonly partTimeout?: DurationInput | undefined
}

/** Which runs to count, and how. */
export interface SummarizeOptions extends RunStatistics.SummarizeOptions {
  readonly since?: string | Date | undefined
  readonly until?: string | Date | undefined
  /** The name of a window. Not with `since` or `until`. Default: `last_night`. */
  readonly window?: RunWindow.Name | undefined
}

/** Why a run failed: the facts. */
export interface Diagnosis extends Plain<RunDiagnosis.Diagnosis> {}

/** What needs attention: the facts. */
export interface Health extends Plain<RunHealth.Health> {}

/** The inside of a run: the facts. */
export interface Inspection extends Plain<RunInspection.Inspection> {}

/** How runs went: the facts. */
export interface Summary extends Plain<RunStatistics.Summary> {}

/** The runs of a window by job, beside what is usual: the facts. */
export interface Timeline extends Plain<RunTimeline.Timeline> {}

/** What a question found out, as facts and in words. */
export interface Explained<Facts> {
  /** Plain data under the API's own names: each time is a `Date`. */
  readonly facts: Facts
  /** The same in words. */
  readonly text: string
  /** Tells the facts in another way: `toMarkdown(report({ timeZone: "UTC" }))`. It throws an `InvalidQuery` if an option is wrong. */
  readonly report: (options?: Report.Options) => Report.Report
}

/**
 * The runs of one Coalesce account. Nothing needs to be closed: a loop that is left, or a signal that is aborted, ends its
 * request.
 */
export interface Client {
  /** The origin that requests are sent to, such as `https://app.coalescesoftware.io`. */
  readonly origin: string
  /** Lists runs, the newest first unless the query says otherwise. Pages are fetched as the loop needs them. */
  readonly list: <const Q extends ListQuery = {}>(
    query?: Q & ListQuery,
    options?: CallOptions
  ) => AsyncIterable<Element<Q>>
  /** Fetches one page of runs: 25, or at most `limit`. */
  readonly listPage: <const Q extends PageQuery = {}>(query?: Q & PageQuery, options?: CallOptions) => Promise<Page<Q>>
  /** Lists the runs that started in a window, such as `"last_night"`. */
  readonly listWindow: <const Q extends WindowQuery = {}>(
    window: WindowInput,
    query?: Q & WindowQuery,
    options?: CallOptions
  ) => AsyncIterable<Element<Q>>
  /** Lists a long history by id, several pages at a time. */
  readonly history: <const Q extends HistoryQuery = {}>(
    query?: Q & HistoryQuery,
    options?: HistoryOptions
  ) => AsyncIterable<Element<Q>>
  /** Reports what happens to runs from now on, or from the checkpoint in `resume`, without end. */
  readonly watch: <const Q extends WatchQuery = {}>(
    query?: Q & WatchQuery,
    options?: WatchOptions
  ) => AsyncIterable<WatchEvent<Q>>
  /** Polls once: reports what happened since a checkpoint, and returns the next one. For cron and workflow engines. */
  readonly poll: <const Q extends WatchQuery = {}>(
    checkpoint?: string,
    query?: Q & WatchQuery,
    options?: PollOptions
  ) => Promise<Poll<Q>>
  /** Fetches one run with its details, and with `failureReasons: true` its failure reason as well. */
  readonly get: <const O extends GetOptions = {}>(
    runID: number,
    options?: O & GetOptions
  ) => Promise<Plain<RunsClient.Detailed<O>>>
  /** Fetches what a run did to each node. The list is empty while the run starts, and large for a large run. */
  readonly results: (runID: number, options?: CallOptions) => Promise<ReadonlyArray<NodeResult>>
  /** Explains why a run failed: the one with this id, or the latest failed one of a window. Default: last night. */
  readonly diagnose: (options?: DiagnoseOptions, call?: CallOptions) => Promise<Explained<Diagnosis>>
  /** Says what needs attention, the most urgent first. Default: since the beginning of last night. */
  readonly check: (options?: CheckOptions, call?: CallOptions) => Promise<Explained<Health>>
  /** Shows the inside of a run, node by node, beside its last success or another run. */
  readonly inspect: (options?: InspectOptions, call?: CallOptions) => Promise<Explained<Inspection>>
  /** Counts the runs of a window, with success rate, durations and causes. Default: last night. */
  readonly summarize: (options?: SummarizeOptions, call?: CallOptions) => Promise<Explained<Summary>>
  /** Reads the runs of a window by job, with deploys and what is usual, for a picture. Default: last night. */
  readonly timeline: (options?: TimelineOptions, call?: CallOptions) => Promise<Explained<Timeline>>
}
