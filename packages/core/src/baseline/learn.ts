/** Reads the runs that a baseline is learned from. Public: `RunBaseline` exports it. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { get, type ListError, type RunsClient } from "../client/service.ts"
import { checkOptions, integer, type Shape } from "../error/check.ts"
import { Bounds, Progress } from "../list/readRuns.ts"
import type { Run } from "../Run.ts"
import * as RunHistory from "../RunHistory.ts"
import * as RunWindow from "../RunWindow.ts"
import { Accumulator, type FoldOptions, foldShape } from "./accumulator.ts"
import type { Baseline } from "./model.ts"

/** What a baseline is learned from. */
export interface LearnOptions extends FoldOptions {
  /** The most rows to read, 1 to 1,000,000. Default: 40,000. */
  readonly maxRows?: number | undefined
}

const shape: Shape<LearnOptions> = { ...foldShape, maxRows: integer(1, 1_000_000) }

const standardRows = 40_000
const concurrency = 4

/** Unfinished runs at most so many ids before the newest are read with the runs behind it, others one by one. */
const nearIDs = 1000
const maxSingle = 10

/** Folds rows until `isPast`, or a bound. Returns the bound that was reached. */
const fold = Effect.fnUntraced(function*(
  rows: Stream.Stream<Run, ListError, RunsClient>,
  maxRows: number,
  isPast: (run: Run) => boolean,
  add: (run: Run) => void
): Effect.fn.Return<Baseline["truncated"], ListError, RunsClient> {
  const { time } = yield* Bounds
  const progress = yield* Progress
  let count = 0
  let isFull = false
  const reading = rows.pipe(
    Stream.takeWhile((run) => {
      isFull = count >= maxRows && !isPast(run)
      return !isFull && !isPast(run) && ++count > 0
    }),
    Stream.runForEachArray((runs) =>
      Effect.suspend(() => {
        runs.forEach(add)
        return progress(count)
      })
    )
  )
  const isInTime = yield* Effect.timeoutOption(reading, time)
  return isInTime._tag === "None" ? "time_limit" : isFull ? "row_limit" : false
})

const query = { detail: true, undecodableRows: "skip" } as const

/** Reads from the newest run back to the first of the days. */
const learnAnew = Effect.fnUntraced(function*(
  accumulator: Accumulator,
  { days, maxRows, now }: { readonly days: number; readonly maxRows: number; readonly now: DateTime.Utc }
): Effect.fn.Return<void, ListError, RunsClient> {
  // Ids grow with every run, but a run may wait before it starts.
  const first = DateTime.subtract(now, { days: days + 1 })
  const isPast = ({ runStartTime }: Run) => runStartTime !== undefined && DateTime.isLessThan(runStartTime, first)
  // One more run says whether there were more than that.
  const rows = RunHistory.list(query, { maxRows: maxRows + 1 })
  accumulator.truncate(yield* fold(rows, maxRows, isPast, (run) => accumulator.add(run)))
})

/** Reads the runs behind the newest, and those that had not ended. */
const bringUpToDate = Effect.fnUntraced(function*(
  accumulator: Accumulator,
  newestID: number,
  unfinishedIDs: Baseline["unfinishedIDs"],
  maxRows: number
): Effect.fn.Return<void, ListError, RunsClient> {
  const near = unfinishedIDs.filter((id) => id > newestID - nearIDs)
  const startingFrom = Math.min(newestID, ...near.map((id) => id - 1))
  const rows = RunHistory.list({ ...query, orderByDirection: "asc", startingFrom, pageSize: 1000 }, {
    maxRows: maxRows + 1
  })
  const found = new Set<number>()
  const truncated = yield* fold(rows, maxRows, () => false, (run) => {
    found.add(run.id)
    accumulator.add(run)
  })
  // A run that is not there any more was deleted.
  if (truncated === false) near.filter((id) => !found.has(id)).forEach((id) => accumulator.forget(id))
  const far = unfinishedIDs.filter((id) => id <= startingFrom).slice(-maxSingle)
  yield* Effect.forEach(far, (id) =>
    get(id).pipe(
      Effect.map((run) => accumulator.add(run)),
      Effect.catchTag("NotFound", () => Effect.sync(() => accumulator.forget(id))),
      // It stays unfinished, and is read the next time.
      Effect.ignore
    ), { concurrency, discard: true })
})

/**
 * Learns what is usual for each job from the detailed rows of the last days, with several requests at the same time. With
 * `previous` it reads the runs behind its newest one alone, and those that had not ended.
 *
 * **Details**
 *
 * - It reads at most `maxRows` rows, and takes no longer than `RunList.Bounds` allow. The latest runs are read first: `runs`
 *   says from how many it learned, and `truncated` why earlier ones are missing.
 * - `previous` is learned anew if all its days are over, or if it kept fewer days than are asked for.
 * - Undecodable rows are skipped.
 *
 * It fails with an `InvalidQuery` that names each wrong option before any request, and with the error of a request.
 */
export const learn = Effect.fn("RunBaseline.learn")(function*(
  options: LearnOptions = {}
): Effect.fn.Return<Baseline, ListError, RunsClient> {
  yield* checkOptions(options, shape)
  const { maxRows = standardRows, previous } = options
  const { timeZone, until: now } = yield* RunWindow.today({ timeZone: options.timeZone ?? previous?.timeZone })
  const days = options.days ?? previous?.maxDays ?? 28
  const isCurrent = previous?.newest !== undefined && days <= previous.maxDays &&
    DateTime.isGreaterThan(previous.newest, DateTime.subtract(now, { days }))
  const accumulator = new Accumulator({ timeZone, days, previous: isCurrent ? previous : undefined })
  if (isCurrent && previous.newestID !== undefined) {
    yield* bringUpToDate(accumulator, previous.newestID, previous.unfinishedIDs, maxRows)
  } else yield* learnAnew(accumulator, { days, maxRows, now })
  return accumulator.result()
})
