/** `summarize_runs`: how the runs of an interval went, and what changed from the interval before. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunStatistics from "@coalesce-runs/core/RunStatistics"
import * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as job from "../../input/job.ts"
import * as interval from "../../input/window.ts"
import * as nearest from "../../result/nearestRun.ts"
import * as scanNotes from "../../result/notes.ts"
import { Bounds, type Scan, scan } from "../../result/scan.ts"
import * as time from "../../result/time.ts"
import type { NextCall } from "../diagnoseRun/schema.ts"
import * as Tool from "../Tool.ts"
import * as Counts from "./content.ts"
import { type Content, Input, Output, violations } from "./schema.ts"
import { render } from "./text.ts"

const name = "summarize_runs"

const pageSize = 500

interface Wanted {
  readonly input: Input
  readonly jobID: number | undefined
  readonly zone: DateTime.TimeZone
}

const filtersOf = ({ input: { environmentID, runType }, jobID }: Wanted) => ({
  ...(environmentID === undefined ? {} : { environmentID }),
  ...(jobID !== undefined ? { runType: "refresh" as const } : runType === undefined ? {} : { runType })
})

/** The runs of a window, as many as the bounds of a call allow. Only detailed rows know their job. */
const read = (window: RunWindow.RunWindow, wanted: Wanted) => {
  const { input, jobID } = wanted
  return scan({
    query: {
      ...RunWindow.toQuery(window),
      ...filtersOf(wanted),
      ...(input.groupBy === "job" || jobID !== undefined ? { detail: true, failureReasons: true } : {}),
      pageSize
    },
    limit: Number.MAX_SAFE_INTEGER,
    keep: (run) =>
      RunWindow.contains(window, run) &&
      (jobID === undefined || (Run.isDetailed(run) && run.runType === "refresh" && run.runDetails.jobID === jobID)),
    isPast: (run) => RunWindow.isPast(window, "desc", run)
  })
}

const count = ({ runs }: Scan, { input: { groupBy }, zone }: Wanted): RunStatistics.RunStatistics => {
  const options = { timeZone: zone, maxCauses: 50 }
  return groupBy === "job"
    ? RunStatistics.fromRuns(runs.filter(Run.isDetailed), { ...options, groupBy })
    : RunStatistics.fromRuns(runs, { ...options, groupBy })
}

const nextOf = (
  { causes, truncated }: Pick<Content, "causes" | "truncated">,
  { input }: Wanted,
  window: RunWindow.RunWindow,
  { cursor: { value: read } }: Scan
): ReadonlyArray<NextCall> => {
  const { since: _since, until: _until, window: _window, ...same } = input
  const zone = input.timeZone === undefined ? {} : { timeZone: input.timeZone }
  const within = { since: time.isoUtc(window.since), until: time.isoUtc(window.until) }
  // How far the rows reach, those of other jobs too. Without any, the same call would be made again.
  const oldest = read === undefined || read >= window.until.epochMilliseconds ? undefined : read
  const { groupBy: _groupBy, ...filters } = same
  return [
    ...(truncated === false || oldest === undefined ? [] : [{
      tool: name,
      // Runs that started in the same millisecond may be on either side: counting one twice is better than not at all.
      arguments: { ...same, ...within, until: time.isoUtc(DateTime.makeUnsafe(oldest + 1)) },
      why: "counts the rest of the interval"
    }]),
    ...causes.slice(0, 2).map(({ class: cause, lastRunID }) => ({
      tool: "diagnose_run",
      arguments: { runID: lastRunID, ...zone },
      why: `why the latest of ${cause} failed`
    })),
    ...(causes.length === 0 ? [] : [{
      tool: "list_runs",
      arguments: { ...filters, ...within, runStatus: "failed" },
      why: "the failed runs one by one"
    }])
  ].slice(0, 3)
}

const handle = Effect.fn(name)(function*(input: Input) {
  const started = yield* Clock.currentTimeMillis
  const { window, zone } = yield* interval.resolveOr(input, "last_night")
  const bounds = yield* Bounds
  const left = Effect.map(
    Clock.currentTimeMillis,
    (now) => Duration.millis(Math.max(0, Duration.toMillis(bounds.time) - (now - started)))
  )
  const jobID = input.jobID === undefined ? undefined : yield* job.resolve(input.jobID, input.environmentID)
  const wanted: Wanted = { input, jobID, zone }

  const scanned = yield* Effect.provideService(read(window, wanted), Bounds, { ...bounds, time: yield* left })
  const statistics = count(scanned, wanted)
  const earlier = RunWindow.previous(window)
  // With what is left of the bounds, and only where it says something: half an interval is not compared with a whole one.
  const rows = bounds.rows - scanned.scanned
  const before = scanned.truncated === false && rows > 0
    ? yield* Effect.result(Effect.provideService(read(earlier, wanted), Bounds, { rows, time: yield* left }))
    : undefined
  const compared = before !== undefined && Result.isSuccess(before) && before.success.truncated === false
    ? count(before.success, wanted)
    : undefined
  const near = scanned.runs.length === 0 && scanned.truncated === false
    ? yield* nearest.find({ window, filters: filtersOf(wanted), isContinued: false, time: yield* left, zone })
    : []

  const notes = [
    ...(jobID === undefined ? [] : [`jobID filtered here, not by the API: ${scanned.scanned} rows looked at`]),
    ...scanNotes.ofScan(name, scanned),
    ...(compared !== undefined ? [] : ["The interval before was not read whole, so nothing is compared with it"]),
    ...near
  ]
  const counted = Counts.make({
    now: statistics,
    before: compared === undefined || statistics.runs + compared.runs === 0
      ? undefined
      : { window: earlier, statistics: compared, change: RunStatistics.change(statistics, compared) },
    isOneJob: jobID !== undefined,
    zone
  })
  const truncated = scanned.truncated === "limit" ? "scan_limit" : scanned.truncated
  const content: Content = {
    interval: interval.toContent(window, zone),
    ...counted,
    scanned: scanned.scanned,
    truncated,
    nextCalls: nextOf({ causes: counted.causes, truncated }, wanted, window, scanned),
    ...(notes.length === 0 ? {} : { notes })
  }
  return { content, text: render({ content, window, before: compared === undefined ? undefined : earlier, input }) }
})

export const summarizeRuns = Tool.legacy({
  name,
  title: "Summarize Coalesce runs",
  description:
    "Summarizes how runs went (default: last night): success rate, counts by status, p50, p95 and longest duration, " +
    "failures by cause, and the change from the window before. `groupBy` answers \"which job fails most?\" and \"how was the " +
    "week?\".",
  input: Input,
  output: Output,
  violations,
  handle
})
