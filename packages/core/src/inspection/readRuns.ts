/** Reads the run that is inspected and the one beside it, in at most four round trips. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as RunsClient from "../client/service.ts"
import * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import { identityOf } from "./identity.ts"
import type { Comparison, Unavailable } from "./model.ts"
import {
  attempt,
  counted,
  Limits,
  missing,
  type PagesBack,
  type Part,
  readBack,
  unavailable,
  unavailablePages,
  valueOf
} from "./part.ts"
import * as requests from "./requests.ts"
import { type ChosenRun, readResponses, readRunById, type RunResponses } from "./runById.ts"
import { reasonsOf } from "./runs.ts"

/** Which run is the latest that is meant. */
export interface Latest {
  readonly jobID: number | undefined
  readonly environmentID: string | undefined
  readonly runType: Run.KnownRunType
}

/** The run that is inspected. */
export interface InspectedRows extends Pick<ChosenRun, "run" | "reasons"> {
  readonly responses: RunResponses
  readonly unavailable: ReadonlyArray<Unavailable>
}

type Rows = PagesBack<Run.Run>

const firstPage = 250

const isOfType = (runType: string): runType is Run.KnownRunType => Run.knownTypes.some((known) => known === runType)

/** Reads the newest rows until one is of the job. */
export const readLatest = Effect.fnUntraced(function*(
  { environmentID, jobID, runType }: Latest
): Effect.fn.Return<
  { readonly run: Run.Run | undefined; readonly rows: Rows },
  RunsClient.ListError,
  RunsClient.RunsClient
> {
  const { historyLimit } = yield* Limits
  const page = requests.runsUpTo(undefined, environmentID, runType)
  const isAsked = (run: Run.Run) => jobID === undefined || Run.jobID(run) === jobID
  const first = yield* Effect.flatMap(counted(page(Math.min(firstPage, historyLimit))), Effect.fromResult)
  const rows = yield* readBack(first, historyLimit, page, (rows) => rows.some(isAsked))
  const asked = rows.rows.filter(isAsked)
  // A run that waits has no inside yet.
  return { run: asked.find(({ runStartTime }) => runStartTime !== undefined) ?? asked[0], rows }
})

/** Reads what a row alone does not say. */
export const readRow = Effect.fnUntraced(function*(run: Run.Run) {
  const [responses, listed] = yield* Effect.all([
    readResponses(run.id),
    run.runStatus === "failed" ? attempt(requests.summaryOf(run.id)) : Effect.succeed(undefined)
  ], { concurrency: "unbounded" })
  const summary = valueOf(listed)?.runs.find(({ id }) => id === run.id)
  return {
    run,
    responses,
    reasons: reasonsOf(summary === undefined ? [] : [summary]),
    unavailable: unavailablePages("runFailureReason", [listed], run.id)
  }
})

export const readByID = Effect.fnUntraced(function*(id: Run.RunId) {
  const { reasons, responses, run, unavailable: { details, runFailureReason } } = yield* readRunById(id)
  const isAsked = run.runStatus === "failed" && !reasons.has(id)
  return { run, responses, reasons, unavailable: [...details, ...(isAsked ? runFailureReason : [])] }
})

/** The run beside the inspected one. */
export interface OtherRun {
  readonly by: Comparison["by"]
  readonly run: Run.AnyRun | undefined
  readonly results: Part<ReadonlyArray<RunResult>> | undefined
  readonly unavailable: ReadonlyArray<Unavailable>
}

/** Reads a run to compare with by its id. */
export const readOther = Effect.fnUntraced(function*(id: Run.RunId) {
  const [details, results] = yield* Effect.all(
    [attempt(RunsClient.get(id)), attempt(RunsClient.results(id))],
    { concurrency: "unbounded" }
  )
  return {
    by: "given" as const,
    run: valueOf(details),
    results,
    unavailable: [...unavailable("otherRun", details, id), ...unavailable("otherResults", results, id)]
  }
})

/** The latest run of the same job that completed before a run. */
const lastSuccessOf = (run: Run.Run, rows: ReadonlyArray<Run.Run>): Run.Run | undefined => {
  const identity = identityOf(run, rows)
  return rows.filter((other) => other.id < run.id && other.runStatus === "completed" && identity.is(other))
    .reduce<Run.Run | undefined>(
      (latest, other) => latest === undefined || other.id > latest.id ? other : latest,
      undefined
    )
}

/** Reads the last success before a run. `read` are rows that were read on the way to the run, the newest first. */
export const readLastSuccess = Effect.fnUntraced(function*(
  run: Run.AnyRun,
  read?: Rows
): Effect.fn.Return<OtherRun, never, RunsClient.RunsClient> {
  const none = (unavailable: ReadonlyArray<Unavailable>): OtherRun => ({
    by: "lastSuccess",
    run: undefined,
    results: undefined,
    unavailable
  })
  const { historyLimit } = yield* Limits
  const page = requests.runsUpTo(run.id, Run.environmentID(run), isOfType(run.runType) ? run.runType : undefined)
  const first = read === undefined
    ? yield* attempt(page(Math.min(firstPage, historyLimit)))
    : read.pages[read.pages.length - 1]
  if (first === undefined || Result.isFailure(first)) return none(unavailable("lastSuccess", first, run.id))
  // The rows begin with the run itself: they have its details even if the request for them failed.
  const detailedIn = (rows: ReadonlyArray<Run.Run>) => Run.isDetailed(run) ? run : rows.find(({ id }) => id === run.id)
  const successIn = (rows: ReadonlyArray<Run.Run>) => {
    const detailed = detailedIn(rows)
    return detailed && lastSuccessOf(detailed, rows)
  }
  const isOver = read !== undefined && read.pages.length > 1
  const back: Rows = isOver
    ? read
    : yield* readBack(first.success, historyLimit, page, (rows) => successIn(rows) !== undefined)
  const success = successIn(back.rows)
  if (success !== undefined) {
    const results = yield* attempt(RunsClient.results(success.id))
    return { by: "lastSuccess", run: success, results, unavailable: unavailable("otherResults", results, success.id) }
  }
  const pages = unavailablePages("lastSuccess", back.pages, run.id)
  if (pages.length > 0) return none(pages)
  const why = detailedIn(back.rows) === undefined
    ? "The run's job is not known, since its details are unavailable."
    : `Among the ${back.rows.length} runs that were read, none is an earlier success of the same job.`
  return none(missing("lastSuccess", "NotFound", why, run.id))
})
