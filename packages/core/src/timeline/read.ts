/** The requests of a timeline: the runs of the window, those that have not ended, what is usual, and some web pages. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import {
  attempt,
  countRequests,
  Limits,
  type Part,
  unavailable,
  unavailablePages,
  valueOf
} from "../inspection/part.ts"
import { detailed, newestFirst } from "../inspection/requests.ts"
import { pageOf } from "../inspection/runs.ts"
import { Bounds, readRuns } from "../list/readRuns.ts"
import { boundedLine, fromRun, type RunLine } from "../list/RunLine.ts"
import { type AnyRun, hasEnded, isOfJob, type RunId } from "../Run.ts"
import * as RunBaseline from "../RunBaseline.ts"
import * as RunsClient from "../RunsClient.ts"
import type { RunWindow } from "../RunWindow.ts"
import { endsNow } from "../window/endsNow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { assemble } from "./assemble.ts"
import type { Timeline, TimelineRun } from "./model.ts"

export interface Filter {
  readonly window: RunWindow
  readonly environmentID: string | undefined
  readonly jobID: number | undefined
  readonly baseline: RunBaseline.Baseline | "none" | undefined
}

const maxOpen = 100
const maxLinks = 20

/** Learns what is usual. It has twice the time of a part, and what it has read by then counts. */
const readBaseline = Effect.fnUntraced(function*(
  { baseline, window }: Filter
): Effect.fn.Return<Part<RunBaseline.Baseline> | undefined, never, RunsClient.RunsClient> {
  if (baseline === "none") return undefined
  if (baseline !== undefined) return yield* attempt(Effect.succeed(baseline))
  const limits = yield* Limits
  const { rows } = yield* Bounds
  const time = Duration.times(limits.partTimeout, 2)
  return yield* attempt(RunBaseline.current({ timeZone: window.timeZone })).pipe(
    Effect.provideService(Bounds, { rows, time }),
    Effect.provideService(Limits, { ...limits, partTimeout: Duration.sum(time, Duration.seconds(1)) })
  )
})

/** Whose page a reader opens first: of failed runs, of those that have not ended, then of the latest. */
const forLinks = (runs: ReadonlyArray<RunLine>): ReadonlyArray<RunLine> => {
  const rank = (run: RunLine) => run.runStatus === "failed" ? 0 : hasEnded(run) ? 2 : 1
  return runs.toSorted((a, b) => rank(a) - rank(b) || b.id - a.id).slice(0, maxLinks)
}

/** Reads what a timeline shows. It fails if the runs of the window are unavailable. */
export const readTimeline = (filter: Filter): Effect.Effect<
  Omit<Timeline, "filter" | "job">,
  RunsClient.ListError,
  RunsClient.RunsClient
> =>
  countRequests(Effect.gen(function*() {
    const { environmentID, jobID, window } = filter
    const readAt = yield* DateTime.now
    const isPresent = endsNow(window, readAt)
    const open = (runStatus: "running" | "waitingToRun") =>
      isPresent
        ? attempt(detailed({ ...newestFirst, runStatus }, environmentID, maxOpen))
        : Effect.succeed(undefined)
    const [reading, learned, running, waiting] = yield* Effect.all([
      readRuns({ window, environmentID, detail: true }),
      readBaseline(filter),
      open("running"),
      open("waitingToRun")
    ], { concurrency: "unbounded" })
    // The same run may have been read twice: the row in which it has ended is the later one.
    const runs = new Map<number, AnyRun>()
    for (const run of [...reading.runs, ...[running, waiting].flatMap((part) => valueOf(part)?.runs ?? [])]) {
      const before = runs.get(run.id)
      if (before === undefined || !hasEnded(before)) runs.set(run.id, run)
    }
    const lines = [...runs.values()]
      .filter((run) => jobID === undefined || run.runType === "deploy" || isOfJob(jobID)(run))
      .map((run) => boundedLine(fromRun(run)))
    const assembled = assemble({
      window,
      runs: lines,
      baseline: valueOf(learned),
      matches: (job) =>
        (environmentID === undefined || job.environmentID === environmentID) &&
        (jobID === undefined || job.jobID === jobID)
    })
    const shown = [...assembled.jobs.flatMap(({ runs }) => runs), ...assembled.deploys]
    const statuses = yield* Effect.forEach(
      forLinks(shown),
      ({ id }) => Effect.map(attempt(RunsClient.schedulerStatus(id)), (status) => ({ id, status })),
      { concurrency: "unbounded" }
    )
    const pages = new Map<RunId, string>(statuses.flatMap(({ id, status }) => {
      const page = pageOf(valueOf(status)?.runLink)
      return page === undefined ? [] : [[id, page] as const]
    }))
    const withPage = (run: TimelineRun): TimelineRun => ({ ...run, ...omitUndefined({ runLink: pages.get(run.id) }) })
    const { error, rows, truncated, undecodable } = reading
    return {
      readAt,
      window,
      ...assembled,
      jobs: assembled.jobs.map((job) => ({ ...job, runs: job.runs.map(withPage) })),
      deploys: assembled.deploys.map(withPage),
      rows,
      truncated,
      ...omitUndefined({ undecodable, error }),
      unavailable: [
        ...unavailablePages("openRuns", [running, waiting]),
        ...unavailable("baseline", learned),
        ...statuses.flatMap(({ id, status }) => unavailable("runLink", status, id))
      ]
    }
  }))
