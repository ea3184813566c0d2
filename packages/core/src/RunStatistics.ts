/**
 * Counts runs by status, with the success rate, durations, failures by cause and streaks: in all, and for each job,
 * environment, day or type. Memory does not grow with the number of runs.
 *
 * **Details**
 *
 * - The success rate is the completed runs divided by the completed and failed ones. Canceled runs do not count.
 * - Durations are those of completed runs with a start and an end. p50 and p95 are exact for up to 1,000 runs and within
 *   1 % beyond; `durations.exact` says which.
 * - A canceled run neither breaks a streak nor lengthens it, and neither does a run that has not ended.
 * - Groups and causes are bounded. What is not listed is counted beside the list.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Sink from "effect/Sink"
import { assertOptions, checkOptions, flag, type Shape } from "./error/check.ts"
import { inProject } from "./list/inProject.ts"
import { resolveJob } from "./list/job.ts"
import { readingFacts } from "./list/readingFacts.ts"
import { Bounds, defaultCounted, Progress, timeLeft } from "./list/readRuns.ts"
import { type Selection, selectionRules, selectionShape } from "./list/selection.ts"
import type { AnyRun, Run } from "./Run.ts"
import type { ListError, RunsClient } from "./RunsClient.ts"
import * as RunWindow from "./RunWindow.ts"
import { Accumulator } from "./statistics/accumulator.ts"
import { compare } from "./statistics/change.ts"
import { compareWindows, type Comparison, countWindow, hasRunBefore, remainingOf } from "./statistics/countWindow.ts"
import { countNodes, findFailedTests, withCauses } from "./statistics/inside.ts"
import { type Change, countShape, type Maxima, type Options, type RunStatistics } from "./statistics/model.ts"
import { type Summary, SummaryGroupBy } from "./statistics/summaryModel.ts"
import { resolveSelection } from "./window/make.ts"
import { omitUndefined } from "./wire/omitUndefined.ts"

export { NodeCount, TestedRun } from "./statistics/insideModel.ts"
export {
  CauseCount,
  Change,
  Durations,
  Group,
  GroupBy,
  type Options,
  RunStatistics,
  Streak
} from "./statistics/model.ts"
export { report } from "./statistics/report.ts"
export { Summary, SummaryGroupBy } from "./statistics/summaryModel.ts"

/** The runs that can be counted. By job and by user only detailed ones can: a summary has neither. */
export type Countable<O extends Options> = O extends { readonly groupBy?: infer By } ? CountableBy<By> : AnyRun

// Options without the key say nothing of it: it is `unknown`, which "job" extends as well.
type CountableBy<By> = unknown extends By ? AnyRun : "job" extends By ? Run : "user" extends By ? Run : AnyRun

/**
 * Returns the statistics of runs in memory, in the order that {@link sink} needs. It throws an `InvalidQuery` if an option is
 * wrong.
 *
 * **Example** (Two runs)
 *
 * ```ts
 * import { Run, RunStatistics } from "@coalesce-runs/core"
 *
 * const run = (id: number, runStatus: Run.RunStatus) => ({ id: Run.RunId.make(id), runType: "refresh", runStatus })
 *
 * RunStatistics.fromRuns([run(41, "completed"), run(42, "failed")]).successRate // => 0.5
 * ```
 */
export const fromRuns = <const O extends Options = {}>(
  runs: Iterable<Countable<O>>,
  options?: O & Options
): RunStatistics => {
  assertOptions(options === undefined ? {} : options, countShape)
  const accumulator = new Accumulator(options)
  for (const run of runs) accumulator.add(run)
  return accumulator.result()
}

/**
 * Collects the statistics of a stream of runs: summaries, detailed rows or both, from the newest or from the oldest.
 *
 * **Details**
 *
 * By job it takes detailed rows alone. Without `failureReasons` beside `detail` their failures have no cause. Without an
 * order there are no streaks. It throws an `InvalidQuery` if an option is wrong.
 */
export const sink = <const O extends Options = {}>(
  options?: O & Options
): Sink.Sink<RunStatistics, Countable<O>> => {
  assertOptions(options === undefined ? {} : options, countShape)
  return Sink.map(
    Sink.reduce(() => new Accumulator(options), (accumulator, run: Countable<O>) => accumulator.add(run)),
    (accumulator) => accumulator.result()
  )
}

/** Returns what changed between two statistics made with the same options. */
export const change = (later: RunStatistics, earlier: RunStatistics): Change => compare(later, earlier)

/** Selects the runs of a summary, and what it contains. */
export interface SummarizeOptions extends Selection, Maxima {
  /** Also counts each of these. */
  readonly groupBy?: SummaryGroupBy | undefined
  /** Whether to find the failed data tests of the latest completed run of each job, at a request a run. Default: false. */
  readonly tests?: boolean | undefined
  /** Whether to compare with the window before (`RunWindow.previous`). Default: false. */
  readonly compare?: boolean | undefined
}

const summarizeShape: Shape<SummarizeOptions> = {
  ...selectionShape,
  groupBy: [`Expected ${SummaryGroupBy.literals.join(", ")}`, Schema.is(SummaryGroupBy)],
  maxGroups: countShape.maxGroups,
  maxCauses: countShape.maxCauses,
  tests: flag,
  compare: flag
}

/**
 * Counts the runs that started in a window. Runs that have not started are in no window.
 *
 * **Details**
 *
 * - Days are those of the window's zone. It reads summary rows; by job, or of one job, detailed rows and the reasons of
 *   failed runs.
 * - It reads what fits into the time of `RunList.Bounds`, both windows together, several pages at once, and skips undecodable
 *   rows. The latest runs are counted first; `truncated` says why others are missing, and `remaining` is the window to
 *   summarize next.
 * - Causes are those of the node results where the runs' own reasons name none: it reads the results of at most 20 such runs,
 *   the latest of each job first. `causesRead` says how many.
 * - Windows are compared only where both were read whole and a run began before the earlier one; otherwise `changeUnavailable` says why not.
 * - Where no run was found, `nearest` has the runs nearest to the window.
 *
 * It fails with an `InvalidQuery` that names each wrong option before any request, and with the error of a request before
 * the first row. A later error is part of the summary.
 */
export const summarize = Effect.fn("RunStatistics.summarize")(function*(
  options: SummarizeOptions = {}
): Effect.fn.Return<Summary, ListError, RunsClient> {
  yield* checkOptions(options, summarizeShape, () => selectionRules(options))
  const started = yield* Clock.currentTimeMillis
  const window = yield* resolveSelection(options)
  const { environmentID, groupBy, maxCauses, maxGroups, projectID, runType, timeZone } = options
  const { job, jobID } = yield* resolveJob(options)
  // Only detailed rows know their job and their user.
  const query = { window, environmentID, jobID, runType, detail: groupBy === "job" || groupBy === "user" }
  const { counted: maxRows = defaultCounted } = yield* Bounds
  const progress = yield* Progress
  const counting = { maxCauses, maxGroups, groupBy: groupBy === "cause" || groupBy === "node" ? undefined : groupBy }
  const count = (window: RunWindow.RunWindow, rowsBefore: number) =>
    Effect.provideService(
      countWindow({ ...query, window }, counting, maxRows - rowsBefore, timeLeft(started)),
      Progress,
      (rows: number) => progress(rowsBefore + rows)
    )

  const counted = yield* count(window, 0)
  const { causeKeys, reading } = counted
  const [named, nodes, tests] = yield* Effect.all([
    withCauses(counted.statistics, query, causeKeys),
    groupBy === "node" ? countNodes(query) : Effect.succeed(undefined),
    options.tests === true ? findFailedTests(query) : Effect.succeed(undefined)
  ], { concurrency: "unbounded" })
  const previous = RunWindow.previous(window)
  const comparison: Comparison = options.compare !== true
    ? {}
    : reading.truncated !== false
    ? { changeUnavailable: "truncated" }
    : yield* count(previous, reading.rows).pipe(
      Effect.flatMap((earlier) =>
        Effect.map(
          earlier.reading.reachedEdge ? Effect.succeed(true) : hasRunBefore(environmentID, previous),
          (isInHistory): Comparison =>
            isInHistory ? compareWindows(counted, earlier) : { changeUnavailable: "beyond_history" }
        )
      ),
      Effect.catch(() => Effect.succeed<Comparison>({ changeUnavailable: "error" }))
    )
  return {
    query: omitUndefined({ timeZone, runType, environmentID, projectID, jobID }),
    window,
    ...named,
    ...yield* readingFacts(query, reading, started),
    ...omitUndefined({ groupBy, nodes, tests, job, remaining: remainingOf(counted) }),
    ...comparison
  }
}, (effect, ...[options]) => inProject(options?.projectID)(effect))
