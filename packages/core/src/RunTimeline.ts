/**
 * Reads the runs of a window by job, beside what is usual for each job and with the deploys between them: what a picture of
 * the night shows. `@coalesce-runs/cli` draws it, {@link report} tells it in words.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as besideUsual from "./baseline/besideUsual.ts"
import { checkOptions } from "./error/check.ts"
import { defaultLimits, Limits } from "./inspection/part.ts"
import { inProject } from "./list/inProject.ts"
import { requireJob } from "./list/job.ts"
import { selectionRules } from "./list/selection.ts"
import type * as RunsClient from "./RunsClient.ts"
import type { Timeline } from "./timeline/model.ts"
import { readTimeline } from "./timeline/read.ts"
import { resolveSelection } from "./window/make.ts"
import { omitUndefined } from "./wire/omitUndefined.ts"

export { type Tick, ticks } from "./timeline/clockTicks.ts"
export { limits, Timeline, TimelineJob, TimelineRun, Unavailable } from "./timeline/model.ts"
export { report } from "./timeline/report.ts"
export { type JobWords, type TimelineWords, words } from "./timeline/words.ts"

/** Which runs a timeline shows. Without a window it is last night. */
export interface Options extends besideUsual.Options {}

/**
 * Reads a timeline: the runs that started in the window, sorted by job, what is usual for each job, and the deploys.
 *
 * **Details**
 *
 * - Where the window ends now, runs that have not ended are read too, whenever they started.
 * - A job that usually starts in the window and has no run there is a job without runs.
 * - It holds at most 200 jobs, 2,000 of their runs and 100 deploys, and says how many it leaves out.
 * - The web pages of at most 20 runs are read: of failed ones, of those that have not ended, then of the latest.
 * - It reads no more rows and takes no longer than `RunList.Bounds` allow; `truncated` says so.
 *
 * It fails with `InvalidQuery` before any request or if no job, or several, have the name in `jobID`; and with the error of the
 * request for the runs. Every other error is an item of `unavailable`.
 *
 * **Example** (Last night in a terminal)
 *
 * ```ts
 * import { Report, RunTimeline } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = RunTimeline.read({ window: "last_night", timeZone: "Europe/London" })
 * const text = Effect.map(program, (timeline) => Report.toTerminal(RunTimeline.report(timeline)))
 * ```
 */
export const read = Effect.fn("RunTimeline.read")(function*(
  options: Options = {}
): Effect.fn.Return<Timeline, RunsClient.ListError, RunsClient.RunsClient> {
  yield* checkOptions(options, besideUsual.shape, () => selectionRules(options))
  const { baseline, environmentID, partTimeout = defaultLimits.partTimeout, projectID } = options
  const window = yield* resolveSelection(options)
  const { job, jobID } = yield* requireJob(options)
  const timeline = yield* Effect.provideService(readTimeline({ window, environmentID, jobID, baseline }), Limits, {
    ...defaultLimits,
    partTimeout: Duration.fromInputUnsafe(partTimeout)
  })
  return {
    ...timeline,
    filter: omitUndefined({ environmentID, projectID, jobID }),
    ...omitUndefined({ job })
  }
}, (effect, ...[options]) => inProject(options?.projectID)(effect))
