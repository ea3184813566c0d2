/** Tells the 404 of a run that does not exist from that of a wrong address. */
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import type * as RunsError from "@coalesce-runs/core/RunsError"
import * as Effect from "effect/Effect"
import { ExplainedFailure, type ToolError } from "./failure.ts"

const noSuchRun = (instead: string, runID: number, latest: number | undefined): ExplainedFailure =>
  new ExplainedFailure({
    failure: {
      what: `There is no run ${runID}, or this token may not see it: Coalesce returned its list of runs, and 404 Not ` +
        `Found for this run.${
          latest === undefined ? " This token sees no runs at all." : ` The latest run is ${latest}.`
        }`,
      retry: "not with this runID.",
      next: `check the id: it is a run's number, not the UUID of a web address. list_runs lists them; ${instead}.`
    }
  })

/**
 * Explains a 404 of a run with one more request: the list of runs is there only if the address is right. `instead` says what
 * to do without the id.
 */
export const explainNotFound = (runID: number | undefined, instead: string) =>
<A, R>(
  effect: Effect.Effect<A, ToolError, R>
): Effect.Effect<A, ToolError, R | RunsClient.RunsClient> =>
  runID === undefined ? effect : Effect.catchTag(effect, "NotFound", (error: RunsError.NotFound) =>
    Effect.matchEffect(
      RunsClient.listPage({ orderBy: "id", orderByDirection: "desc", limit: 1, undecodableRows: "skip" }),
      {
        onFailure: () => Effect.fail(error),
        onSuccess: ({ runs: [latest] }) => Effect.fail(noSuchRun(instead, runID, latest?.id))
      }
    ))
