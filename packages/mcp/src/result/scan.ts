/**
 * Reads runs page by page until an answer is full, one more run is known to follow, or the reading has cost enough.
 * What it returns leads on exactly: its cursor stands behind the last row that need not be looked at again.
 */
import type * as ListRunsQuery from "@coalesce-runs/core/ListRunsQuery"
import type * as Run from "@coalesce-runs/core/Run"
import * as RunCursor from "@coalesce-runs/core/RunCursor"
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { Progress } from "./progress.ts"

/** What one call may cost. */
export const Bounds = Context.Reference<{ readonly rows: number; readonly time: Duration.Duration }>(
  "@coalesce-runs/mcp/Bounds",
  { defaultValue: () => ({ rows: 5000, time: Duration.seconds(40) }) }
)

export type Truncated = false | "limit" | "scan_limit" | "time_limit" | "error"

/** A run in either form; with `failureReasons` a detailed one has its reason. */
export type ScannedRun = Run.RunSummary | Run.Reported

export interface Options {
  readonly query: ListRunsQuery.StreamRunsQuery
  /** How many runs to return. */
  readonly limit: number
  /** Whether a run belongs into the answer. */
  readonly keep: (run: ScannedRun) => boolean
  /** Whether this run and all behind it lie outside what was asked for. */
  readonly isPast: (run: ScannedRun) => boolean
  /** Sees every row. */
  readonly onRow?: ((run: ScannedRun) => void) | undefined
}

export interface Scan {
  readonly runs: ReadonlyArray<ScannedRun>
  /** Rows that were looked at. */
  readonly scanned: number
  /** Rows that could not be decoded. */
  readonly setAside: ReadonlyArray<RunsClient.UndecodableRow>
  readonly truncated: Truncated
  /** Where to go on; absent before the first row. */
  readonly cursor: RunCursor.RunCursor
  /** What ended the reading after the rows above. */
  readonly error: RunsClient.ListError | undefined
}

export const scan = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<Scan, RunsClient.ListError, RunsClient.RunsClient> {
  const query = { ...options.query, undecodableRows: "skip" as const }
  const progress = yield* Progress
  const bounds = yield* Bounds

  const runs: Array<ScannedRun> = []
  const setAside: Array<RunsClient.UndecodableRow> = []
  let scanned = 0
  let truncated: Truncated = false
  let cursor = yield* RunsClient.startCursor(query)

  /** Looks at one row. Not when the answer is complete without it. */
  const take = (run: ScannedRun): boolean => {
    if (options.isPast(run)) return false
    const kept = options.keep(run)
    if (scanned >= bounds.rows || (kept && runs.length === options.limit)) {
      truncated = kept && runs.length === options.limit ? "limit" : "scan_limit"
      return false
    }
    scanned++
    options.onRow?.(run)
    if (kept) runs.push(run)
    cursor = RunCursor.after(cursor, run)
    return true
  }

  const reading = Stream.runForEachWhile(RunsClient.pages(query), (page) =>
    Effect.suspend(() => {
      setAside.push(...page.undecodable)
      scanned += page.undecodable.length
      if (!page.runs.every(take)) return Effect.succeed(false)
      cursor = page.cursor
      if (!page.hasMore) return Effect.succeed(false)
      if (scanned >= bounds.rows) {
        truncated = "scan_limit"
        return Effect.succeed(false)
      }
      return Effect.as(progress(scanned), true)
    }))

  const ended = yield* Effect.result(Effect.timeoutOption(reading, bounds.time))
  if (Result.isSuccess(ended)) {
    if (Option.isNone(ended.success)) truncated = "time_limit"
    return { runs, scanned, setAside, truncated, cursor, error: undefined }
  }
  // What came before an error is worth having, if it is said: the runs, and how far the reading came, so that a call
  // which looks at much is not begun again. Without a row the error is the answer.
  if (scanned === 0) return yield* Effect.fail(ended.failure)
  return { runs, scanned, setAside, truncated: "error", cursor, error: ended.failure }
})

/** A cursor as the `startingFrom` of a next call: a plain id where that says it all. */
export const startingFromOf = (cursor: RunCursor.RunCursor): string | undefined =>
  cursor.value === undefined && cursor.seen.length === 0
    ? undefined
    : cursor.orderBy === "id"
    ? String(cursor.value)
    : RunCursor.encode(cursor)
