/** The run that was asked for by its id. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as RunsClient from "../client/service.ts"
import type * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import { attempt, counted, missing, type Part, unavailable, unavailablePages, valueOf } from "./part.ts"
import * as requests from "./requests.ts"
import { type FailureReasons, reasonsOf } from "./runs.ts"

/** A run that is to be diagnosed, with what was read on the way to it. */
export interface ChosenRun {
  /** The detailed row if it is available, otherwise the summary. */
  readonly run: Run.AnyRun
  readonly reasons: FailureReasons
  /** Whether the reasons of the failures before it are among them. */
  readonly hasEarlierReasons: boolean
  readonly responses: RunResponses | undefined
}

/** What the endpoints of a single run returned. */
export interface RunResponses {
  readonly results: Part<ReadonlyArray<RunResult>>
  readonly status: Part<Run.SchedulerStatus>
}

export const readResponses = (id: Run.RunId): Effect.Effect<RunResponses, never, RunsClient.RunsClient> =>
  Effect.all({
    results: attempt(RunsClient.results(id)),
    status: attempt(RunsClient.schedulerStatus(id))
  }, { concurrency: "unbounded" })

const notListed = "List Runs does not return the run, and no other response has its runFailureReason."

/** Reads a run's two rows, its results and its page in one round trip. Either row is enough to continue. */
export const readRunById = Effect.fnUntraced(function*(id: Run.RunId) {
  const [details, listed, responses] = yield* Effect.all([
    counted(RunsClient.get(id)),
    counted(requests.summaryOf(id)),
    readResponses(id)
  ], { concurrency: "unbounded" })
  const summary = valueOf(listed)?.runs.find((run) => run.id === id)
  const run: Run.AnyRun = valueOf(details) ?? summary ?? (yield* Effect.fromResult(details))
  const reasons = reasonsOf(summary === undefined ? [] : [summary])
  return {
    run,
    reasons,
    hasEarlierReasons: false,
    responses,
    unavailable: {
      // The history has the details of the run as well, and the earlier reasons have its reason.
      details: unavailable("details", details, id),
      runFailureReason: Result.isSuccess(listed) && summary === undefined
        ? missing("runFailureReason", "NotListed", notListed, id)
        : unavailablePages("runFailureReason", [listed], id)
    }
  }
})
