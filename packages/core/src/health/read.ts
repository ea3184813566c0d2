/** The requests of a check: at most 4 round trips, and requests that do not depend on one another at once. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Result from "effect/Result"
import { isBefore } from "../diagnosis/windowRuns.ts"
import { attempt, Limits, type Part, readBack, unavailable, unavailablePages, valueOf } from "../inspection/part.ts"
import { reasonsOf } from "../inspection/runs.ts"
import { Bounds, Progress } from "../list/readRuns.ts"
import * as Run from "../Run.ts"
import * as RunBaseline from "../RunBaseline.ts"
import type { RunResult } from "../RunResult.ts"
import * as RunsClient from "../RunsClient.ts"
import type { RunWindow } from "../RunWindow.ts"
import { endsNow } from "../window/endsNow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Reading } from "./assess.ts"
import { type Evidence, evidenceOf, type Results } from "./evidence.ts"
import { toCompare } from "./inside.ts"
import type { Unavailable } from "./model.ts"
import { maxResults, planOf } from "./plan.ts"
import * as requests from "./requests.ts"
import { narrowed, unusualOf } from "./unusual.ts"

const maxRows = 2000
const pageSize = 1000
const maxOpen = 100
const maxAfter = 250
/** Rows to learn from, 1,000 a request, so that a first check stays within 60 requests. */
const maxLearned = 25_000

export interface Filter {
  readonly window: RunWindow
  readonly environmentID: string | undefined
  readonly jobID: number | undefined
  readonly baseline: RunBaseline.Baseline | "none" | undefined
}

/** Counts the requests of a check as they are made. */
interface Counter {
  /** Makes one request, and tells that it was made. */
  readonly one: <A, E, R>(request: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Adds requests that are going to be made. */
  readonly plan: (requests: number) => Effect.Effect<void>
}

const makeCounter = Effect.gen(function*(): Effect.gen.Return<Counter> {
  const progress = yield* Progress
  const counts = yield* Ref.make({ done: 0, total: 0 })
  const tell = Effect.flatMap(
    Ref.updateAndGet(counts, ({ done, total }) => ({ done: done + 1, total: Math.max(total, done + 1) })),
    ({ done, total }) => progress(done, total)
  )
  return {
    one: (request) => Effect.tap(request, () => tell),
    plan: (requests) => Ref.update(counts, ({ done, total }) => ({ done, total: total + requests }))
  }
})

/** Reads the rows. It fails if neither the runs of the window nor its failures are available. */
const readRows = Effect.fnUntraced(function*(
  { environmentID, jobID, window }: Filter,
  { one, plan }: Counter
): Effect.fn.Return<
  { readonly evidence: Evidence; readonly unavailable: ReadonlyArray<Unavailable> },
  RunsClient.ListError,
  RunsClient.RunsClient
> {
  const now = yield* DateTime.now
  const isPast = !endsNow(window, now)
  const page = requests.runsOfWindow(window, environmentID)
  yield* plan(isPast ? 6 : 5)
  const [first, failed, after, ...open] = yield* Effect.all([
    one(attempt(page(pageSize))),
    one(attempt(
      isPast
        ? requests.failuresOfWindow(window, environmentID, pageSize)
        : requests.newestFailures(environmentID, pageSize)
    )),
    isPast ? one(attempt(requests.runsAfter(window, environmentID, maxAfter))) : Effect.succeed(undefined),
    one(attempt(requests.newestRuns(environmentID, maxOpen))),
    one(attempt(requests.runsInStatus("running", environmentID, maxOpen))),
    one(attempt(requests.runsInStatus("waitingToRun", environmentID, maxOpen)))
  ], { concurrency: "unbounded" })
  if (Result.isFailure(first) && Result.isFailure(failed) && "request" in first.failure) {
    return yield* Effect.fail(first.failure)
  }

  const reachesBack = (rows: ReadonlyArray<Run.AnyRun>) => rows.some((run) => isBefore(window, run))
  const summaries = valueOf(failed)
  const firstRows = valueOf(first)
  const isShort = firstRows === undefined || (firstRows.hasMore && !reachesBack(firstRows.runs))
  const [rows, details] = yield* Effect.all([
    firstRows === undefined
      ? Effect.succeed(undefined)
      : readBack(firstRows, maxRows, (limit, after) => one(page(limit, after)), reachesBack),
    // Only detailed rows have the job.
    isShort && summaries?.runs.length !== 0
      ? one(attempt(requests.failuresWithDetails(window, environmentID, pageSize)))
      : Effect.succeed(undefined)
  ], { concurrency: "unbounded" })

  const pages = [...rows?.pages ?? [first], after, details, ...open]
  // The same run may have been read twice: what ended it came later.
  const detailed = new Map<number, Run.Run>()
  for (const run of pages.flatMap((part) => valueOf(part)?.runs ?? [])) {
    const before = detailed.get(run.id)
    if (before === undefined || !Run.hasEnded(before)) detailed.set(run.id, run)
  }
  const truncated = rows === undefined || (rows.ended !== "all" && rows.ended !== "enough")
  const evidence = evidenceOf({
    now,
    window,
    detailed: [...detailed.values()],
    failed: summaries?.runs ?? [],
    reasons: reasonsOf(summaries?.runs ?? []),
    truncated,
    hasGaps: truncated || rows.pages.some((part) => (valueOf(part)?.undecodable.length ?? 0) > 0),
    failuresTruncated: truncated && (summaries === undefined || (summaries.hasMore && !reachesBack(summaries.runs))),
    matches: (run) => jobID === undefined || Run.isOfJob(jobID)(run)
  })
  return {
    evidence,
    unavailable: [
      ...unavailablePages("runsOfWindow", rows?.pages ?? [first]),
      ...unavailablePages("runFailureReasons", [failed]),
      ...unavailablePages("laterRuns", [after]),
      ...unavailablePages("failedRuns", [details]),
      ...unavailablePages("openRuns", open)
    ]
  }
})

/** Learns what is usual, or brings it up to date. It has twice the time of a part, and what it has read by then counts. */
const readBaseline = Effect.fnUntraced(function*(
  { baseline, window }: Filter,
  { one }: Counter
): Effect.fn.Return<Part<RunBaseline.Baseline> | undefined, never, RunsClient.RunsClient> {
  if (baseline === "none") return undefined
  if (baseline !== undefined) return Result.succeed(baseline)
  const limits = yield* Limits
  const time = Duration.times(limits.partTimeout, 2)
  return yield* attempt(RunBaseline.current({ timeZone: window.timeZone, maxRows: maxLearned })).pipe(
    Effect.provideService(Bounds, { rows: maxLearned, time }),
    Effect.provideService(Progress, () => one(Effect.void)),
    Effect.provideService(Limits, { ...limits, partTimeout: Duration.sum(time, Duration.seconds(1)) })
  )
})

/** The unfinished runs of a baseline that it reads one by one, at a request each, have ids so far before the newest. */
const nearIDs = 1000
const maxSingle = 10

/** How many node results may be read, so that a check with a kept baseline stays within its requests. */
const limitOf = (baseline: RunBaseline.Baseline | undefined): number => {
  const { newestID = 0, unfinishedIDs = [] } = baseline ?? {}
  return maxResults - Math.min(maxSingle, unfinishedIDs.filter((id) => id < newestID - nearIDs).length)
}

/** Nothing is usual. */
const nothing = RunBaseline.fromRuns([])

/** Reads what a check needs. */
export const readAll = Effect.fnUntraced(function*(
  filter: Filter
): Effect.fn.Return<Reading, RunsClient.ListError, RunsClient.RunsClient> {
  const counter = yield* makeCounter
  const [rows, learned] = yield* Effect.all([readRows(filter, counter), readBaseline(filter, counter)], {
    concurrency: "unbounded"
  })
  const { evidence } = rows
  const whole = valueOf(learned)
  const baseline = whole && narrowed(whole, omitUndefined({ environmentID: filter.environmentID, jobID: filter.jobID }))
  const unusual = unusualOf(evidence, baseline ?? nothing)
  const suspects = new Set<number>(unusual.flatMap(({ run }) => run?.id ?? []))
  const plan = planOf(evidence, ({ id }) => suspects.has(id), limitOf(whole))
  const ids = new Set(
    [plan.failed, plan.before, plan.recoveries, plan.unfinished, plan.completed].flat().map(({ id }) => id)
  )
  const readResults = (ids: ReadonlySet<Run.RunId>) =>
    Effect.andThen(
      counter.plan(ids.size),
      Effect.forEach([...ids], (id) =>
        Effect.map(counter.one(attempt(RunsClient.results(id))), (results) => ({ id, results })), {
        concurrency: "unbounded"
      })
    )
  const read = yield* readResults(ids)
  const compared = toCompare([...plan.recoveries, ...plan.completed], evidence, resultsOf(read))
  const earlier = compared.flatMap(({ earlier }) => earlier.map(({ id }) => id)).filter((id) => !ids.has(id))
  const more = yield* readResults(new Set(earlier))
  return {
    evidence,
    baseline,
    unusual,
    plan,
    results: resultsOf([...read, ...more]),
    compared,
    unavailable: [
      ...rows.unavailable,
      ...unavailable("baseline", learned),
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
