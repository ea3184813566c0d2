/**
 * Lists runs for people and models: the list is bounded, takes several statuses and a job, and says what it could not read.
 * A program that reads every run uses `RunsClient.list` or `RunWindow.list`.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Struct from "effect/Struct"
import { ReasonsAtOnce } from "./client/references.ts"
import * as RunsClient from "./client/service.ts"
import { idsOf } from "./cursor/order.ts"
import { checkOptions, type Rule } from "./error/check.ts"
import { inProject } from "./list/inProject.ts"
import { resolveJob } from "./list/job.ts"
import * as model from "./list/model.ts"
import { readingFacts } from "./list/readingFacts.ts"
import { Bounds, readRuns, timeLeft } from "./list/readRuns.ts"
import { boundedLine, fromRun, fromRunInShort } from "./list/RunLine.ts"
import { hasWindow, listShape, type Options, selectionRules } from "./list/selection.ts"
import type { StartingFrom } from "./ListRunsQuery.ts"
import * as RunCursor from "./RunCursor.ts"
import * as RunWindow from "./RunWindow.ts"
import { resolveSelection } from "./window/make.ts"
import { omitUndefined } from "./wire/omitUndefined.ts"

export { JobMatch } from "./list/job.ts"
export { Query, RunList } from "./list/model.ts"
export { nameRun } from "./list/nameRun.ts"
export { NearestRuns } from "./list/nearestRuns.ts"
export { ReadingError, Truncated, Undecodable } from "./list/readingModel.ts"
export { Bounds, Progress } from "./list/readRuns.ts"
export { maxReadable, report } from "./list/report.ts"
export { fromRun, RunLine } from "./list/RunLine.ts"
export type { Options, Selection } from "./list/selection.ts"

/** How many runs a list returns, unless `limit` is set. */
export const defaultLimit = 25

const maxLimit = 1000

const rulesOf = (options: Options): ReadonlyArray<Rule<Options>> => {
  const { limit = 1, orderBy, startingFrom } = options
  const isCursor = RunCursor.isRunCursor(startingFrom) ||
    (typeof startingFrom === "string" && RunCursor.isEncoded(startingFrom))
  return [
    ...selectionRules(options),
    [
      hasWindow(options) && orderBy !== undefined && orderBy !== "runStartTime",
      "orderBy",
      "A window is ordered by runStartTime: leave out orderBy, or the window"
    ],
    [
      hasWindow(options) && startingFrom !== undefined && !isCursor,
      "startingFrom",
      "With a window, expected the cursor of an earlier list of it"
    ],
    [
      !(Number.isInteger(limit) && limit >= 1 && limit <= maxLimit),
      "limit",
      `Expected an integer from 1 to ${maxLimit}`
    ]
  ]
}

const startingFromText = (startingFrom: StartingFrom): string =>
  RunCursor.isRunCursor(startingFrom)
    ? RunCursor.encode(startingFrom)
    : DateTime.isDateTime(startingFrom)
    ? DateTime.formatIso(startingFrom)
    : String(startingFrom)

/**
 * Lists runs: those of a window or of any time, the newest first, with the filters of the API and some that it lacks.
 *
 * **Details**
 *
 * It requests both forms of each page at once: one has the reasons of failures, the other the jobs. It reads no more rows and
 * takes no longer than {@link Bounds} allow. Where nothing matched, `nearest` has the nearest runs.
 *
 * It fails with an `InvalidQuery` that names each wrong option before any request, and with the error of a request before
 * the first row. A later error is part of the list: `truncated` is `error`, and `resumeFrom` says where to continue.
 *
 * **Example** (What failed last night)
 *
 * ```ts
 * import { Report, RunList } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = RunList.list({ window: "last_night", runStatus: ["failed", "canceled"], timeZone: "Europe/London" })
 * const text = Effect.map(program, (list) => Report.toText(RunList.report(list)))
 * ```
 */
export const list = Effect.fn("RunList.list")(function*(
  options: Options = {}
): Effect.fn.Return<model.RunList, RunsClient.ListError, RunsClient.RunsClient> {
  yield* checkOptions(options, listShape, () => rulesOf(options))
  const started = yield* Clock.currentTimeMillis
  const window = hasWindow(options) ? yield* resolveSelection(options) : undefined
  // Times need a zone without a window, too.
  const { timeZone } = window ?? (yield* RunWindow.today({ timeZone: options.timeZone }))
  const runStatus = [...new Set(options.runStatus === undefined ? [] : [options.runStatus].flat())]
  const { job, jobID } = yield* resolveJob(options)
  // Only a detailed row has its job.
  const query = { ...options, jobID, runStatus, window, detail: true, limit: options.limit ?? defaultLimit }
  const lineOf = options.detail === true || jobID !== undefined ? fromRun : fromRunInShort
  const { rows } = yield* Bounds
  const reading = yield* readRuns(query).pipe(
    Effect.provideService(ReasonsAtOnce, true),
    Effect.provideService(Bounds, { rows, time: yield* timeLeft(started) })
  )
  const { cursor, runs, truncated } = reading
  const { startingFrom } = options
  const isResumable = truncated !== false && (cursor.value !== undefined || idsOf(cursor).length > 0)
  return {
    query: omitUndefined({
      ...Struct.pick(options, ["timeZone", "runType"]),
      runStatus: runStatus.length === 0 ? undefined : runStatus,
      ...Struct.pick(query, ["environmentID", "projectID", "jobID"]),
      ...Struct.pick(options, ["detail", "limit", "orderBy", "orderByDirection"]),
      startingFrom: startingFrom === undefined ? undefined : startingFromText(startingFrom)
    }),
    timeZone,
    orderBy: cursor.orderBy,
    orderByDirection: cursor.orderByDirection,
    runs: runs.map((run) => boundedLine(lineOf(run))),
    ...yield* readingFacts(query, reading, started),
    ...omitUndefined({ job, window, resumeFrom: isResumable ? cursor : undefined })
  }
}, (effect, ...[options]) => inProject(options?.projectID)(effect))
