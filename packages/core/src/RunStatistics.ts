/**
 * How runs went: counts by status, the success rate, durations, failures by cause, streaks; in all, and per job,
 * environment, day or type. A fold over any stream of runs, in memory that does not grow with their number.
 *
 * **Details**
 *
 * - The success rate is completed of completed and failed runs: a canceled run is neither.
 * - Durations are those of all runs with a start and an end, whatever became of them. Median and p95 are exact for up to
 *   1,000 runs and within 1 % beyond; the result says which.
 * - A canceled run neither breaks a streak nor lengthens it, and neither does one that has not ended.
 * - Groups and causes are bounded. What is not listed is added up beside the list, so that nothing is lost silently.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import { classify } from "./FailureCause.ts"
import { type AnyRun, duration, type KnownRunType, type Run } from "./Run.ts"
import type { ListError, RunsClient } from "./RunsClient.ts"
import * as RunWindow from "./RunWindow.ts"
import { Aggregate } from "./statistics/aggregate.ts"
import { compare } from "./statistics/change.ts"
import { Grouped } from "./statistics/grouped.ts"
import { dayIn } from "./statistics/groups.ts"
import { Change, type GroupBy, RunStatistics } from "./statistics/model.ts"
import * as time from "./window/time.ts"

export { Cause, Change, Durations, Group, GroupBy, RunRef, RunStatistics, Streak } from "./statistics/model.ts"

/**
 * How runs are counted.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /** Counts each job, environment, day or type by itself as well. */
  readonly groupBy?: GroupBy | undefined
  /** The zone of the days. UTC where it is not given. */
  readonly timeZone?: DateTime.TimeZone | undefined
  /** How many groups are kept, from 1 to 1000: the first that come. 200 where it is not given. */
  readonly maxGroups?: number | undefined
  /** How many causes are listed, from 1 to 200, in all and for each group. 20 where it is not given. */
  readonly maxCauses?: number | undefined
}

/**
 * The runs that can be counted: any, but by job only detailed ones, since a summary has no job.
 *
 * @category options
 * @since 0.1.0
 */
export type Countable<O extends Options> = O extends { readonly groupBy?: infer By } ? CountableBy<By> : AnyRun

// Options without the key say nothing of it: it is `unknown`, which "job" extends as well.
type CountableBy<By> = unknown extends By ? AnyRun : "job" extends By ? Run : AnyRun

/**
 * Statistics in the making. {@link add} changes it in place: begin each with {@link make}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Accumulator<in A extends AnyRun> {
  readonly add: (run: A) => void
  readonly result: () => RunStatistics
}

/** The causes that are kept of all runs, so that the counts of those that are listed are exact. */
const keptCauses = 200

const within = (value: number | undefined, standard: number, most: number): number =>
  value === undefined || Number.isNaN(value) ? standard : Math.min(Math.max(Math.trunc(value), 1), most)

/**
 * An empty accumulator.
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
 * const statistics = RunStatistics.make({ groupBy: "job" })
 * RunStatistics.add(statistics, nightly(41, "completed"))
 * RunStatistics.add(statistics, nightly(42, "failed"))
 *
 * const { groups, successRate } = RunStatistics.result(statistics)
 * successRate // => 0.5
 * groups?.[0]?.key // => "job 7 in environment 3"
 * groups?.[0]?.streaks.current?.status // => "failed"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <const O extends Options = {}>(options?: O): Accumulator<Countable<O>> => {
  const { groupBy, maxCauses, maxGroups, timeZone }: Options = options ?? {}
  const causes = within(maxCauses, 20, keptCauses)
  const all = new Aggregate(keptCauses)
  const grouped = groupBy === undefined
    ? undefined
    : new Grouped(groupBy, dayIn(timeZone ?? DateTime.zoneMakeOffset(0)), within(maxGroups, 200, 1000))
  return {
    add: (run: AnyRun) => {
      const millis = Option.getOrUndefined(Option.map(duration(run), Duration.toMillis))
      const reason = run.runStatus === "failed" ? reasonOf(run) : undefined
      const cause = reason === undefined ? undefined : classify(reason)
      all.add(run, millis, cause)
      grouped?.add(run, millis, cause)
    },
    result: () => ({
      ...all.result(causes),
      ...(grouped === undefined ? {} : { groupBy: grouped.groupBy, ...grouped.result(causes) })
    })
  }
}

/** A summary has a reason, and a detailed row that was joined with it. */
const reasonOf = (run: AnyRun): string | undefined =>
  "runFailureReason" in run && typeof run.runFailureReason === "string" ? run.runFailureReason : undefined

/**
 * Counts one more run, in place. The same accumulator comes back, for folds.
 *
 * @category combinators
 * @since 0.1.0
 */
export const add = <A extends AnyRun>(self: Accumulator<A>, run: A): Accumulator<A> => {
  self.add(run)
  return self
}

/**
 * The statistics of the runs so far. More can be added afterwards.
 *
 * @category getters
 * @since 0.1.0
 */
export const result = <A extends AnyRun>(self: Accumulator<A>): RunStatistics => self.result()

/**
 * Statistics of whatever stream of runs it is run with: summaries, detailed rows or both.
 *
 * **Details**
 *
 * - By job it takes detailed rows alone. Ask for `failureReasons` beside `detail`, or their failures have no cause.
 * - Streaks need an order of time: any that List Runs gives, from the newest or the oldest.
 *
 * **Example** (How the last thousand refreshes of each job went)
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
export const sink = <const O extends Options = {}>(options?: O): Sink.Sink<RunStatistics, Countable<O>> =>
  Sink.map(Sink.reduce(() => make(options), add<Countable<O>>), result)

/**
 * What changed between two statistics made with the same options.
 *
 * @category combinators
 * @since 0.1.0
 */
export const change = (later: RunStatistics, earlier: RunStatistics): Change => compare(later, earlier)

/**
 * The window to compare a window with.
 *
 * **Details**
 *
 * - Of `last_night`, `today` and `yesterday` both ends one day earlier, at the same time of day in the window's zone: the
 *   night before, or yesterday to the same hour. A night that goes on is compared with the same part of the one before.
 * - Of any other window the time of the same length before it.
 *
 * @category windows
 * @since 0.1.0
 */
export const windowBefore = (window: RunWindow.RunWindow): RunWindow.RunWindow => {
  const { name, ...unnamed } = window
  const zone = time.zoneOf(window.timeZone)
  if (zone !== undefined && (name === "last_night" || name === "today" || name === "yesterday")) {
    const dayBefore = (instant: DateTime.Utc): DateTime.Utc => {
      const at = DateTime.toParts(DateTime.setZone(instant, zone.zone))
      return time.at(at, -1, zone, at.hour, at.minute, at.second, at.millisecond)
    }
    return { ...unnamed, since: dayBefore(window.since), until: dayBefore(window.until) }
  }
  const length = DateTime.distance(window.since, window.until)
  return { ...unnamed, since: DateTime.subtractDuration(window.since, length), until: window.since }
}

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
  /** Summarizes the window before as well ({@link windowBefore}), and says what changed. */
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
 *   return `${statistics.byStatus.failed} failed, ${change?.failed ?? 0} more than the night before`
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
  const [now, before] = yield* Effect.all([statistics(window), statistics(windowBefore(window))], { concurrency: 2 })
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
