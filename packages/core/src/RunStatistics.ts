/**
 * Tells how runs went: counts by status, the success rate, durations, failures by cause, streaks; in all, and for each
 * job, environment, day or type. It folds any stream of runs, in memory that does not grow with their number.
 *
 * **Details**
 *
 * - The success rate is the completed runs divided by the completed and failed ones. Canceled runs do not count.
 * - Durations are those of all runs with a start and an end, whatever their status. p50 and p95 are exact for up to 1,000
 *   runs and within 1 % beyond; `durations.exact` says which.
 * - A canceled run neither breaks a streak nor lengthens it, and neither does a run that has not ended.
 * - Groups and causes are bounded. What is not listed is counted beside the list.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import type { AnyRun, KnownRunType, Run } from "./Run.ts"
import type { ListError, RunsClient } from "./RunsClient.ts"
import * as RunWindow from "./RunWindow.ts"
import { Accumulator } from "./statistics/accumulator.ts"
import { compare } from "./statistics/change.ts"
import { Change, type Options, RunStatistics } from "./statistics/model.ts"
import * as time from "./window/time.ts"

export {
  CauseCount,
  Change,
  Durations,
  Group,
  GroupBy,
  type Options,
  RunRef,
  RunStatistics,
  Streak
} from "./statistics/model.ts"

/**
 * The runs that can be counted: any, but by job only detailed ones, because a summary has no job.
 *
 * @category options
 * @since 0.1.0
 */
export type Countable<O extends Options> = O extends { readonly groupBy?: infer By } ? CountableBy<By> : AnyRun

// Options without the key say nothing of it: it is `unknown`, which "job" extends as well.
type CountableBy<By> = unknown extends By ? AnyRun : "job" extends By ? Run : AnyRun

/**
 * Returns the statistics of runs that are at hand. For runs that are not in memory, see {@link sink}.
 *
 * **Details**
 *
 * Streaks need an order of time: from the oldest or from the newest run.
 *
 * **Example** (Two nights of one job)
 *
 * ```ts
 * import { Run, RunStatistics } from "@coalesce-runs/core"
 *
 * const nightly = (id: number, runStatus: Run.RunStatus): Run.Run => ({
 *   id: Run.RunId.make(id),
 *   runType: "refresh",
 *   runStatus,
 *   runDetails: { environmentID: "3", jobID: 7, jobName: "Nightly" }
 * })
 *
 * const runs = [nightly(41, "completed"), nightly(42, "failed")]
 * const { groups, successRate } = RunStatistics.fromRuns(runs, { groupBy: "job" })
 *
 * successRate // => 0.5
 * groups?.[0]?.key // => "job 7 in environment 3"
 * groups?.[0]?.streaks.current?.runStatus // => "failed"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromRuns = <const O extends Options = {}>(
  runs: Iterable<Countable<O>>,
  options?: O & Options
): RunStatistics => {
  const accumulator = new Accumulator(options)
  for (const run of runs) accumulator.add(run)
  return accumulator.result()
}

/**
 * Collects the statistics of a stream of runs: summaries, detailed rows or both.
 *
 * **Details**
 *
 * - By job it takes detailed rows alone. Ask for `failureReasons` beside `detail`, or their failures have no cause.
 * - Streaks need an order of time: any that List Runs gives, from the newest or the oldest.
 *
 * **Example** (The last thousand refreshes, by job)
 *
 * ```ts
 * import { RunsClient, RunStatistics } from "@coalesce-runs/core"
 * import * as Stream from "effect/Stream"
 *
 * const program = RunsClient.list({ runType: "refresh", detail: true, failureReasons: true }).pipe(
 *   Stream.take(1000),
 *   Stream.run(RunStatistics.sink({ groupBy: "job" }))
 * )
 * ```
 *
 * @category sinks
 * @since 0.1.0
 */
export const sink = <const O extends Options = {}>(
  options?: O & Options
): Sink.Sink<RunStatistics, Countable<O>> =>
  Sink.map(
    Sink.reduce(() => new Accumulator(options), (accumulator, run: Countable<O>) => accumulator.add(run)),
    (accumulator) => accumulator.result()
  )

/**
 * Returns what changed between two statistics made with the same options.
 *
 * @category combinators
 * @since 0.1.0
 */
export const change = (later: RunStatistics, earlier: RunStatistics): Change => compare(later, earlier)

/**
 * Which runs are summarized, and how.
 *
 * @category options
 * @since 0.1.0
 */
export interface SummarizeOptions extends RunWindow.ZoneOptions, Pick<Options, "groupBy" | "maxGroups" | "maxCauses"> {
  /** A window, or the name of one, which is read in `timeZone`. Last night where it is not given. */
  readonly window?: RunWindow.RunWindow | RunWindow.Name | undefined
  readonly environmentID?: string | undefined
  readonly runType?: KnownRunType | undefined
  /** Only the refreshes of this job. The API has no such filter: its other runs are read and left out. */
  readonly jobID?: number | undefined
  /** Summarizes the window before as well (`RunWindow.previous`), and says what changed. */
  readonly compare?: boolean | undefined
}

const Windowed = Schema.Struct({ window: RunWindow.RunWindow, statistics: RunStatistics })

/**
 * The statistics of a window, and where it was asked for, of the window before and what changed. It encodes to plain
 * JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Summary = Schema.Struct({
  ...Windowed.fields,
  before: Schema.optionalKey(Windowed),
  change: Schema.optionalKey(Change)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface Summary extends Schema.Schema.Type<typeof Summary> {}

/**
 * The statistics of the runs that started in a window. Runs that have not started are in no window.
 *
 * **Details**
 *
 * Days are those of the window's zone. It reads summary rows; by job, or of one job, detailed rows and the reasons of
 * those that failed. With `compare` both windows are read at the same time.
 *
 * **Example** (Last night against the night before)
 *
 * ```ts
 * import { RunStatistics } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   const { change, statistics } = yield* RunStatistics.summarize({ timeZone: "Europe/London", groupBy: "job", compare: true })
 *   return `${statistics.statusCounts.failed} failed, ${change?.failed ?? 0} more than the night before`
 * })
 * ```
 *
 * @category accessors
 * @since 0.1.0
 */
export const summarize = Effect.fn("RunStatistics.summarize")(function*(
  options: SummarizeOptions = {}
): Effect.fn.Return<Summary, ListError, RunsClient> {
  const window = typeof options.window === "object"
    ? options.window
    : yield* RunWindow.named(options.window ?? "last_night", options)
  const statistics = (window: RunWindow.RunWindow) =>
    Effect.map(statisticsOf(window, options), (statistics) => ({ window, statistics }))
  if (options.compare !== true) return yield* statistics(window)
  const [now, before] = yield* Effect.all([statistics(window), statistics(RunWindow.previous(window))], {
    concurrency: 2
  })
  return { ...now, before, change: compare(now.statistics, before.statistics) }
})

const statisticsOf = (
  window: RunWindow.RunWindow,
  { environmentID, groupBy, jobID, maxCauses, maxGroups, runType }: SummarizeOptions
): Effect.Effect<RunStatistics, ListError, RunsClient> => {
  const counted = { groupBy, maxCauses, maxGroups, timeZone: time.zoneOf(window.timeZone)?.zone }
  const query = { environmentID, runType: jobID === undefined ? runType : runType ?? "refresh" }
  return groupBy === "job" || jobID !== undefined
    ? RunWindow.list(window, { ...query, detail: true, failureReasons: true }).pipe(
      Stream.filter((run) => jobID === undefined || (run.runType === "refresh" && run.runDetails.jobID === jobID)),
      Stream.run(sink(counted))
    )
    : Stream.run(RunWindow.list(window, query), sink({ ...counted, groupBy }))
}
