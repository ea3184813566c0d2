/** The requests of a check: at most 4 round trips, and requests that do not depend on one another at once. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Result from "effect/Result"
import { isBefore } from "../diagnosis/windowRuns.ts"
import { attempt, type Part, readBack, unavailable, unavailablePages, valueOf } from "../inspection/part.ts"
import { reasonsOf } from "../inspection/runs.ts"
import { Progress } from "../list/readRuns.ts"
import * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import * as RunsClient from "../RunsClient.ts"
import type { RunWindow } from "../RunWindow.ts"
import type { Reading } from "./assess.ts"
import { type Evidence, evidenceOf, type Results } from "./evidence.ts"
import { toCompare } from "./inside.ts"
import type { Unavailable } from "./model.ts"
import { planOf } from "./plan.ts"
import * as requests from "./requests.ts"

const maxRows = 2000
const pageSize = 1000
const maxOpen = 100
const maxAfter = 250

export interface Filter {
  readonly window: RunWindow
  readonly environmentID: string | undefined
  readonly jobID: number | undefined
}

/** Reads the rows. It fails if neither the runs of the window nor its failures are available. */
const readRows = Effect.fnUntraced(function*(
  { environmentID, jobID, window }: Filter
): Effect.fn.Return<
  { readonly evidence: Evidence; readonly requests: number; readonly unavailable: ReadonlyArray<Unavailable> },
  RunsClient.ListError,
  RunsClient.RunsClient
> {
  const now = yield* DateTime.now
  const isPast = DateTime.isLessThan(window.until, now)
  const page = requests.runsOfWindow(window, environmentID)
  const [first, failed, after, ...open] = yield* Effect.all([
    attempt(page(pageSize)),
    attempt(
      isPast
        ? requests.failuresOfWindow(window, environmentID, pageSize)
        : requests.newestFailures(environmentID, pageSize)
    ),
    isPast ? attempt(requests.runsAfter(window, environmentID, maxAfter)) : Effect.succeed(undefined),
    attempt(requests.newestRuns(environmentID, maxOpen)),
    attempt(requests.runsInStatus("running", environmentID, maxOpen)),
    attempt(requests.runsInStatus("waitingToRun", environmentID, maxOpen))
  ], { concurrency: "unbounded" })
  if (Result.isFailure(first) && Result.isFailure(failed) && "request" in first.failure) {
    return yield* Effect.fail(first.failure)
  }

  const reachesBack = (rows: ReadonlyArray<Run.AnyRun>) => rows.some((run) => isBefore(window, run))
  const summaries = valueOf(failed)
  const firstRows = valueOf(first)
  const isShort = firstRows === undefined || (firstRows.hasMore && !reachesBack(firstRows.runs))
  const [rows, details] = yield* Effect.all([
    firstRows === undefined ? Effect.succeed(undefined) : readBack(firstRows, maxRows, page, reachesBack),
    // Only detailed rows have the job.
    isShort && summaries?.runs.length !== 0
      ? attempt(requests.failuresWithDetails(window, environmentID, pageSize))
      : Effect.succeed(undefined)
  ], { concurrency: "unbounded" })

  const pages = [...rows?.pages ?? [first], after, details, ...open]
  // The same run may have been read twice: what ended it came later.
  const detailed = new Map<number, Run.Run>()
  for (const run of pages.flatMap((part) => valueOf(part)?.runs ?? [])) {
    const before = detailed.get(run.id)
    if (before === undefined || !Run.hasEnded(before)) detailed.set(run.id, run)
  }
  const matches = (run: Run.AnyRun) => jobID === undefined || Run.isOfJob(jobID)(run)
  const evidence = evidenceOf({
    now,
    window,
    detailed: [...detailed.values()],
    failed: summaries?.runs ?? [],
    reasons: reasonsOf(summaries?.runs ?? []),
    truncated: rows === undefined || (rows.ended !== "all" && rows.ended !== "enough"),
    failuresTruncated: summaries === undefined
      ? isShort
      : summaries.hasMore && !reachesBack(summaries.runs),
    matches
  })
  return {
    evidence,
    requests: 2 + open.length + (isPast ? 1 : 0) + (rows?.pages.length === 2 ? 1 : 0) + (details === undefined ? 0 : 1),
    unavailable: [
      ...unavailablePages("runsOfWindow", rows?.pages ?? [first]),
      ...unavailablePages("runFailureReasons", [failed]),
      ...unavailablePages("laterRuns", [after]),
      ...unavailablePages("failedRuns", [details]),
      ...unavailablePages("openRuns", open)
    ]
  }
})

/** Reads what a check needs. */
export const readAll = Effect.fnUntraced(function*(
  filter: Filter
): Effect.fn.Return<Reading, RunsClient.ListError, RunsClient.RunsClient> {
  const rows = yield* readRows(filter)
  const { evidence } = rows
  const plan = planOf(evidence)
  const ids = new Set(
    [plan.failed, plan.before, plan.recoveries, plan.unfinished, plan.completed].flat().map(({ id }) => id)
  )
  const progress = yield* Progress
  const done = yield* Ref.make(rows.requests)
  const readResults = Effect.fnUntraced(function*(ids: Iterable<Run.RunId>, total: number) {
    return yield* Effect.forEach(
      [...ids],
      (id) =>
        attempt(RunsClient.results(id)).pipe(
          Effect.map((results) => ({ id, results })),
          Effect.tap(() =>
            Effect.flatMap(Ref.updateAndGet(done, (count) => count + 1), (count) => progress(count, total))
          )
        ),
      { concurrency: "unbounded" }
    )
  })
  yield* progress(rows.requests, rows.requests + ids.size)
  const read = yield* readResults(ids, rows.requests + ids.size)
  const results = resultsOf(read)
  const compared = toCompare([...plan.recoveries, ...plan.completed], evidence, results)
  const earlier = new Set(compared.flatMap(({ earlier }) => earlier.map(({ id }) => id)).filter((id) => !ids.has(id)))
  const more = yield* readResults(earlier, rows.requests + ids.size + earlier.size)
  return {
    evidence,
    plan,
    results: resultsOf([...read, ...more]),
    compared,
    unavailable: [
      ...rows.unavailable,
      ...read.flatMap(({ id, results }) => unavailable("results", results, id)),
      ...more.flatMap(({ id, results }) => unavailable("earlierResults", results, id))
    ]
  }
})

const resultsOf = (
  read: ReadonlyArray<{ readonly id: Run.RunId; readonly results: Part<ReadonlyArray<RunResult>> }>
): Results =>
  new Map(read.flatMap(({ id, results }) => {
    const nodes = valueOf(results)
    return nodes === undefined ? [] : [[id, nodes] as const]
  }))
