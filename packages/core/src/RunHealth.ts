/**
 * Checks the runs of a window, and says what needs attention, the most urgent first: failures by cause, each over or not; what
 * did not run, is late, stuck or waiting; what completed with failed tests, far fewer nodes or no rows.
 *
 * **What it guarantees**
 *
 * - Each failed run of the window is in exactly one cause, or among those whose cause was not read.
 * - A part that is unavailable is listed in `unavailable`, and the rest still comes. It fails only if no run is available.
 * - What is unlike the usual says what is usual, and from how many runs that is known.
 * - With a kept baseline it costs at most 30 requests in at most 4 round trips; without one at most 60 requests.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as besideUsual from "./baseline/besideUsual.ts"
import { checkOptions } from "./error/check.ts"
import { assess } from "./health/assess.ts"
import type { Health } from "./health/model.ts"
import { readAll } from "./health/read.ts"
import { defaultLimits, Limits } from "./inspection/part.ts"
import { inProject } from "./list/inProject.ts"
import { requireJob } from "./list/job.ts"
import { hasWindow, selectionRules } from "./list/selection.ts"
import type * as RunsClient from "./RunsClient.ts"
import * as RunWindow from "./RunWindow.ts"
import { resolveSelection } from "./window/make.ts"
import { omitUndefined } from "./wire/omitUndefined.ts"

export {
  Affected,
  FailedBefore,
  FailedInside,
  FailedTests,
  Failures,
  Finding,
  Health,
  Loop,
  NoRows,
  OtherStatus,
  Unavailable,
  Unusual
} from "./health/model.ts"
export { needsAttention, report } from "./health/report.ts"

/** Which runs to check. */
export interface Options extends besideUsual.Options {}

/** From the beginning of last night to now: a night is not over before its failures are. */
const sinceLastNight = (options: Options) =>
  Effect.flatMap(
    RunWindow.lastNight({ timeZone: options.timeZone }),
    ({ since }) =>
      Effect.flatMap(DateTime.now, (until) =>
        RunWindow.make({ ...omitUndefined({ timeZone: options.timeZone }), since, until }))
  )

/**
 * Checks the runs of a window: what failed and of which cause, and what else needs attention.
 *
 * **Details**
 *
 * Without a window it checks the runs from the beginning of last night to now, and the jobs whose latest run failed in
 * the 28 days before that and that have not run since, as far as the rows reach.
 *
 * The cause of a failure is read from the node results of its run, of 18 runs at most, the latest of each job first.
 * Whether a failure is over is decided as `RunDiagnosis` does: by a later run that ran the failed nodes.
 *
 * It fails with `InvalidQuery` before any request or if no job, or several, have the name in `jobID`; and with the error of the
 * request for the runs. Every other error is an item of `unavailable`.
 *
 * **Example** (What needs attention this morning)
 *
 * ```ts
 * import { Report, RunHealth } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = RunHealth.check({ timeZone: "Europe/London" })
 * const text = Effect.map(program, (health) => Report.toText(RunHealth.report(health)))
 * ```
 */
export const check = Effect.fn("RunHealth.check")(function*(
  options: Options = {}
): Effect.fn.Return<Health, RunsClient.ListError, RunsClient.RunsClient> {
  yield* checkOptions(options, besideUsual.shape, () => selectionRules(options))
  const { baseline, environmentID, partTimeout = defaultLimits.partTimeout, projectID } = options
  const window = yield* hasWindow(options) ? resolveSelection(options) : sinceLastNight(options)
  const { job, jobID } = yield* requireJob(options)
  const reading = yield* Effect.provideService(readAll({ window, environmentID, jobID, baseline }), Limits, {
    ...defaultLimits,
    partTimeout: Duration.fromInputUnsafe(partTimeout)
  })
  const usual = jobID === undefined ? undefined : reading.baseline?.jobs.map(({ days: _, ...usual }) => usual)
  return { ...assess(reading, omitUndefined({ environmentID, projectID, jobID })), ...omitUndefined({ job, usual }) }
}, (effect, ...[options]) => inProject(options?.projectID)(effect))
