/**
 * Lists runs, and reports them in words: which runs there are in a window, one row each, and where to continue.
 *
 * **Details**
 *
 * A list is for people and models: it is bounded, it takes several statuses and a job, and it says what it could not
 * read. A program that reads every run uses `RunsClient.list` or `RunWindow.list`.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as model from "./list/model.ts"
import { findNearest } from "./list/nearestRuns.ts"
import { Bounds, readRuns } from "./list/readRuns.ts"
import * as words from "./list/report.ts"
import { fromRun, type RunLine } from "./list/RunLine.ts"
import type { StartingFrom } from "./ListRunsQuery.ts"
import type * as Report from "./Report.ts"
import type { KnownRunStatus, KnownRunType } from "./Run.ts"
import * as RunCursor from "./RunCursor.ts"
import * as RunsClient from "./RunsClient.ts"
import { InvalidQuery } from "./RunsError.ts"
import * as RunWindow from "./RunWindow.ts"
import { omitUndefined } from "./wire/omitUndefined.ts"
import { cut } from "./wire/text.ts"

export { Query, RunList } from "./list/model.ts"
export { NearestRuns } from "./list/nearestRuns.ts"
export { Bounds, Progress, ReadingError, Truncated, Undecodable } from "./list/readRuns.ts"
export { fromRun, RunLine } from "./list/RunLine.ts"

/**
 * Which runs, and how many.
 *
 * **Details**
 *
 * The window is `window`, or `since` and `until` as `RunWindow.make` reads them. Without either, runs of any time are
 * listed, by their id.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends RunWindow.Options {
  /** A window, or the name of one. Not with `since` or `until`. */
  readonly window?: RunWindow.RunWindow | RunWindow.Name | undefined
  /** Default: `refresh` beside `jobID`, otherwise both types. */
  readonly runType?: KnownRunType | undefined
  /** One status or several. Default: every status. */
  readonly runStatus?: KnownRunStatus | ReadonlyArray<KnownRunStatus> | undefined
  readonly environmentID?: string | undefined
  /** The id of a job, or its name in any case. The API has no such filter: rows of other jobs are read, and left out. */
  readonly jobID?: number | string | undefined
  /** Whether rows have the job, the nodes and the commit. Rows of one `jobID` do in any case. Default: false. */
  readonly detail?: boolean | undefined
  /** The most runs of the list, 1 to 1,000. Default: 25. */
  readonly limit?: number | undefined
  /** Exclusive. With a window: the `resumeFrom` of an earlier list. */
  readonly startingFrom?: StartingFrom | undefined
  /** Default: `id`. With a window it is `runStartTime`. */
  readonly orderBy?: RunCursor.OrderBy | undefined
  /** Default: `desc`, the newest first, or the direction of the cursor in `startingFrom`. */
  readonly orderByDirection?: RunCursor.OrderByDirection | undefined
}

const defaultLimit = 25
const maxLimit = 1000

/** Longer than any id or name. A report repeats them. */
const maxIdLength = 400
const maxTextLength = 500
const maxJobs = 20

const violationsOf = (options: Options): InvalidQuery["violations"] => {
  const { environmentID = "", jobID = "", limit = 1, orderBy, runType, since, startingFrom, until, window } = options
  const hasWindow = window !== undefined || since !== undefined || until !== undefined
  const isCursor = RunCursor.isRunCursor(startingFrom) ||
    (typeof startingFrom === "string" && RunCursor.isEncoded(startingFrom))
  const twoWindows = "A window has its own ends: give either window, or since and until"
  const rules: ReadonlyArray<readonly [isWrong: boolean, field: keyof Options, reason: string]> = [
    [window !== undefined && since !== undefined, "since", twoWindows],
    [window !== undefined && until !== undefined, "until", twoWindows],
    [environmentID.length > maxIdLength, "environmentID", `Longer than ${maxIdLength} characters`],
    [String(jobID).length > maxIdLength, "jobID", `Longer than ${maxIdLength} characters`],
    [jobID !== "" && runType === "deploy", "jobID", "A deploy has no job: leave out jobID, or runType"],
    [
      hasWindow && orderBy !== undefined && orderBy !== "runStartTime",
      "orderBy",
      "A window is ordered by runStartTime: leave out orderBy, or the window"
    ],
    [
      hasWindow && startingFrom !== undefined && !isCursor,
      "startingFrom",
      "With a window, expected the cursor of an earlier list of it"
    ],
    [
      !(Number.isInteger(limit) && limit >= 1 && limit <= maxLimit),
      "limit",
      `Expected an integer from 1 to ${maxLimit}`
    ]
  ]
  return rules.flatMap(([isWrong, field, reason]) => isWrong ? [{ field, reason }] : [])
}

const windowOf = (
  { since, timeZone, until, window }: Options
): Effect.Effect<RunWindow.RunWindow | undefined, InvalidQuery> =>
  typeof window === "string"
    ? RunWindow.named(window, { timeZone })
    : window !== undefined || (since === undefined && until === undefined)
    ? Effect.succeed(window)
    : RunWindow.make({ since, until, timeZone })

const startingFromText = (startingFrom: StartingFrom): string =>
  RunCursor.isRunCursor(startingFrom)
    ? RunCursor.encode(startingFrom)
    : DateTime.isDateTime(startingFrom)
    ? DateTime.formatIso(startingFrom)
    : String(startingFrom)

/** A list holds many texts: none may be as long as it likes. */
const short = (text: string | undefined) => text === undefined ? undefined : cut(text, maxTextLength)

const bounded = (line: RunLine): RunLine => ({
  ...line,
  ...omitUndefined({
    deployCommitMessage: short(line.deployCommitMessage),
    includeNodesSelector: short(line.includeNodesSelector),
    jobName: short(line.jobName),
    runFailureReason: short(line.runFailureReason)
  })
})

/**
 * Lists runs: those of a window or of any time, the newest first, with the filters of the API and some that it lacks.
 *
 * **Details**
 *
 * It reads no more rows and takes no longer than {@link Bounds} allow. An error after the first row is part of the list:
 * `truncated` is `error`, and `resumeFrom` says where to continue. Where nothing matched, `nearest` has the nearest runs.
 *
 * It fails with an `InvalidQuery` that names each wrong option before any request, and with the error of the request
 * without which nothing was read.
 *
 * **Example** (What failed last night)
 *
 * ```ts
 * import { Report, RunList } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = RunList.list({ window: "last_night", runStatus: ["failed", "canceled"], timeZone: "Europe/London" }).pipe(
 *   Effect.map((list) => Report.toText(RunList.report(list)))
 * )
 * ```
 *
 * @category accessors
 * @since 0.1.0
 */
export const list = Effect.fn("RunList.list")(function*(
  options: Options = {}
): Effect.fn.Return<model.RunList, RunsClient.ListError, RunsClient.RunsClient> {
  const violations = violationsOf(options)
  if (violations.length > 0) return yield* new InvalidQuery({ violations })
  const started = yield* Clock.currentTimeMillis
  const window = yield* windowOf(options)
  // Without a window, too, times are told in a zone.
  const { timeZone } = window ?? (yield* RunWindow.today({ timeZone: options.timeZone }))
  const runStatus = [...new Set(options.runStatus === undefined ? [] : [options.runStatus].flat())]
  const query = { ...options, runStatus, window }
  const { cursor, error, jobs, rows, runs, truncated, undecodable } = yield* readRuns({
    ...query,
    limit: options.limit ?? defaultLimit
  })
  const isEmpty = runs.length === 0 && truncated === false
  const { time } = yield* Bounds
  const spent = Duration.millis((yield* Clock.currentTimeMillis) - started)
  // An empty list that continues an earlier one is its end.
  const nearest = isEmpty && options.startingFrom === undefined
    ? yield* findNearest(query, Duration.subtract(time, spent))
    : undefined
  const { detail, environmentID, jobID, limit, orderBy, orderByDirection, runType, startingFrom } = options
  const isResumable = truncated !== false && (cursor.value !== undefined || cursor.seen.length > 0)
  return {
    query: omitUndefined({
      timeZone: options.timeZone,
      runType,
      runStatus: runStatus.length === 0 ? undefined : runStatus,
      environmentID,
      jobID,
      detail,
      limit,
      orderBy,
      orderByDirection,
      startingFrom: startingFrom === undefined ? undefined : startingFromText(startingFrom)
    }),
    timeZone,
    orderBy: cursor.orderBy,
    orderByDirection: cursor.orderByDirection,
    runs: runs.map((run) => bounded(fromRun(run))),
    rows,
    truncated,
    ...omitUndefined({
      window,
      resumeFrom: isResumable ? cursor : undefined,
      undecodable,
      error,
      nearest,
      jobs: isEmpty && jobs.length > 0
        ? { listed: jobs.slice(0, maxJobs), more: Math.max(0, jobs.length - maxJobs) }
        : undefined
    })
  }
})

/**
 * Reports a list in words: what was asked, a row a run, each failure reason once, and the call that continues.
 *
 * @category converting
 * @since 0.1.0
 */
export const report = (list: model.RunList, options?: Report.Options): Report.Report => words.report(list, options)
