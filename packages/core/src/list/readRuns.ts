/**
 * Reads runs page by page until enough are found, the window ends, or the reading reaches its bounds. Its cursor stands
 * behind the last row that was read, so that nothing is lost and nothing comes twice.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as RunsClient from "../client/service.ts"
import type { StreamRunsQuery } from "../ListRunsQuery.ts"
import * as Run from "../Run.ts"
import * as RunCursor from "../RunCursor.ts"
import * as RunWindow from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { spelling } from "./job.ts"
import type { ReadingError, Truncated, Undecodable } from "./readingModel.ts"
import type { RunLine } from "./RunLine.ts"
import type { Options } from "./selection.ts"

/**
 * The most that a list or another reading of many runs may cost. Default: 5,000 rows and 40 seconds. A reading that reaches a
 * bound returns what it has, and where to continue. A summary counts up to 200,000 rows, or `counted`.
 */
export const Bounds = Context.Reference<
  { readonly rows: number; readonly time: Duration.Duration; readonly counted?: number | undefined }
>(
  "@coalesce-runs/core/RunList/Bounds",
  { defaultValue: () => ({ rows: 5000, time: Duration.seconds(40) }) }
)

/** The rows that a summary counts, unless `Bounds` says otherwise. */
export const defaultCounted = 200_000

/** Returns what is left of the time of a call that started at `started`, in epoch milliseconds. */
export const timeLeft = (started: number): Effect.Effect<Duration.Duration> =>
  Effect.zipWith(
    Bounds,
    Clock.currentTimeMillis,
    ({ time }, now) => Duration.max(Duration.subtract(time, Duration.millis(now - started)), Duration.zero)
  )

/**
 * Receives how far a reading is. Default: does nothing.
 *
 * **Details**
 *
 * A list says how many rows it has read after each page but the last, a summary and a baseline after each page. A check, a
 * diagnosis and an inspection say after each request how many have ended, and in `total` of how many that are known by then.
 */
export const Progress = Context.Reference<(done: number, total?: number) => Effect.Effect<void>>(
  "@coalesce-runs/core/RunList/Progress",
  { defaultValue: () => () => Effect.void }
)

/** A run in either form. With detail it has its reason too. */
export type AnyRun = Run.RunSummary | Run.Reported

/** What to read. Default for `limit`: all runs within the bounds. */
export interface Query extends Omit<Options, keyof RunWindow.Selection | "runStatus"> {
  readonly window?: RunWindow.RunWindow | undefined
  /** The API takes one status; several are filtered here. */
  readonly runStatus?: ReadonlyArray<Run.KnownRunStatus> | undefined
}

/** What was read. */
export interface Reading {
  readonly runs: ReadonlyArray<AnyRun>
  /** How many runs were found. */
  readonly found: number
  /** How many rows were read: those that a filter left out and undecodable ones too. */
  readonly rows: number
  readonly undecodable: Undecodable | undefined
  readonly truncated: Truncated
  /** Where to continue; where the reading started, as long as it has read no row. */
  readonly cursor: RunCursor.RunCursor
  /** Whether a run beyond the window was read. */
  readonly reachedEdge: boolean
  readonly error: ReadingError | undefined
  /** The jobs of the rows that were read, by id or name. Empty without `jobID`. */
  readonly jobs: ReadonlyArray<Job>
}

type Job = Pick<RunLine, "jobID" | "jobName">

const pageSize = 500

/** The rows of a page where all runs are read. */
const wholePage = 1000

const isOfJob = (wanted: number | string, { jobID, jobName }: Job): boolean =>
  typeof wanted === "number"
    ? jobID === wanted
    : jobID?.toString() === wanted.trim() || (jobName !== undefined && spelling(jobName) === spelling(wanted))

/** Returns whether a run has the job and a status that a query asks for: the filters that the API lacks. */
export const matches = (
  { jobID, runStatus = [] }: Query,
  run: Job & { readonly runStatus: Run.RunStatus }
): boolean =>
  (runStatus.length === 0 || runStatus.some((status) => status === run.runStatus)) &&
  (jobID === undefined || isOfJob(jobID, run))

/** The filters that the API applies. */
export const apiFilters = ({ environmentID, jobID, runStatus = [], runType }: Query) => {
  const type = runType ?? (jobID === undefined ? undefined : "refresh")
  const [status] = runStatus
  return omitUndefined({ runType: type, runStatus: runStatus.length === 1 ? status : undefined, environmentID })
}

/** The names of the filters that are applied here, since the API lacks them. */
export const filteredHere = ({ jobID, runStatus = [] }: Query): ReadonlyArray<"runStatus" | "jobID"> => [
  ...(runStatus.length > 1 ? ["runStatus" as const] : []),
  ...(jobID === undefined ? [] : ["jobID" as const])
]

const streamQuery = (query: Query, maxRows: number): StreamRunsQuery => {
  const { detail, jobID, limit, orderBy, startingFrom, window } = query
  const cursor = typeof startingFrom === "string" ? Option.getOrUndefined(RunCursor.decode(startingFrom)) : startingFrom
  const orderByDirection = query.orderByDirection ??
    (RunCursor.isRunCursor(cursor) ? cursor.orderByDirection : undefined)
  const order = window === undefined ? { orderBy, orderByDirection } : RunWindow.toQuery(window, orderByDirection)
  // One row beyond the limit shows whether more follow. A filter that is applied here reads more rows than it returns.
  const size = limit === undefined ? wholePage : filteredHere(query).length > 0 ? pageSize : limit + 1
  return {
    ...order,
    ...apiFilters(query),
    ...(detail === true || jobID !== undefined ? { detail: true, failureReasons: true } : {}),
    ...(startingFrom === undefined ? {} : { startingFrom }),
    pageSize: Math.max(1, Math.min(size, maxRows, 1000)),
    undecodableRows: "skip",
    // It knows which page is its last, and counts its requests.
    prefetch: false
  }
}

/** What ended a reading early, as a fact. */
export const errorOf = (error: RunsClient.ListError): ReadingError => ({
  _tag: error._tag,
  ...("status" in error ? { status: error.status } : {}),
  message: error.message,
  isRetryable: error.isRetryable
})

/**
 * Fails if the first page cannot be read. An error after the first row is part of the reading. If there is an `onRun`, it
 * receives the runs, and `runs` stays empty: for those who count many runs and hold none.
 */
export const readRuns = Effect.fnUntraced(function*(
  query: Query,
  onRun?: (run: AnyRun) => void
): Effect.fn.Return<Reading, RunsClient.ListError, RunsClient.RunsClient> {
  const { jobID, limit = Infinity, window } = query
  const bounds = yield* Bounds
  const progress = yield* Progress
  const request = streamQuery(query, bounds.rows)
  const start = yield* RunsClient.startCursor(request)

  const runs: Array<AnyRun> = []
  const jobs = new Map<string, Job>()
  let undecodable: Undecodable | undefined
  let found = 0
  let rows = 0
  let truncated: Truncated = false
  let cursor = start
  let reachedEdge = false

  /** Reads a row. Returns false at the first row that the result is complete without. */
  const read = (run: AnyRun): boolean => {
    if (window !== undefined && RunWindow.isPast(window, start.orderByDirection, run)) {
      reachedEdge = true
      return false
    }
    const job: Job = jobID === undefined ? {} : omitUndefined({ jobID: Run.jobID(run), jobName: Run.jobName(run) })
    const isWanted = (window === undefined || RunWindow.contains(window, run)) &&
      matches(query, { ...job, runStatus: run.runStatus })
    const isFull = isWanted && found >= limit
    if (isFull || rows >= bounds.rows) {
      truncated = isFull ? "limit" : "row_limit"
      return false
    }
    rows++
    if (isWanted) {
      found++
      if (onRun === undefined) runs.push(run)
      else onRun(run)
    }
    if (job.jobID !== undefined || job.jobName !== undefined) jobs.set(JSON.stringify(job), job)
    cursor = RunCursor.after(cursor, run)
    return true
  }

  const skip = (page: RunsClient.RunPage) => {
    // The last page of a window reaches beyond it.
    for (const { id, index, issue, path, runStartTime } of page.undecodable) {
      if (window !== undefined && runStartTime !== undefined && !RunWindow.contains(window, { runStartTime })) continue
      rows++
      undecodable = {
        count: (undecodable?.count ?? 0) + 1,
        first: undecodable?.first ?? { index, path, issue, ...omitUndefined({ id }) }
      }
    }
  }

  const reading = Stream.runForEachWhile(RunsClient.pages(request), (page) =>
    Effect.suspend(() => {
      skip(page)
      if (!page.runs.every(read)) return Effect.succeed(false)
      cursor = page.cursor
      if (!page.hasMore) return Effect.succeed(false)
      if (rows >= bounds.rows) {
        truncated = "row_limit"
        return Effect.succeed(false)
      }
      return Effect.as(progress(rows), true)
    }))

  const ended = yield* Effect.result(Effect.timeoutOption(reading, bounds.time))
  if (Result.isFailure(ended)) {
    // Without a row the error is the result. Otherwise the rows, and where to continue, are worth having.
    if (rows === 0) return yield* Effect.fail(ended.failure)
    truncated = "error"
  } else if (Option.isNone(ended.success)) truncated = "time_limit"
  return {
    runs,
    found,
    rows,
    undecodable,
    truncated,
    cursor,
    reachedEdge,
    error: Result.isFailure(ended) ? errorOf(ended.failure) : undefined,
    jobs: [...jobs.values()]
  }
})
