/** `diagnose_run`: why did it fail? The library's diagnosis in words, with the calls that lead on. */
import * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import { Bounds } from "@coalesce-runs/core/RunList"
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as job from "../../input/job.ts"
import * as interval from "../../input/window.ts"
import * as failure from "../../result/failure.ts"
import { clean, lengths } from "../../result/untrustedText.ts"
import * as Tool from "../Tool.ts"
import * as Facts from "./content.ts"
import type { Content } from "./model.ts"
import * as Next from "./next.ts"
import { Input, Output, violations } from "./schema.ts"
import * as Summary from "./summary.ts"
import { render } from "./text.ts"

const name = "diagnose_run"

/** Three of them in a row, and the choice of the run before, stay within the time of a call. */
const partTimeout = "12 seconds"

/** A 404 may mean that there is no such run, or that nothing is at this address: one more request tells. */
const notFound = (runID: number, error: RunsError.NotFound) =>
  Effect.matchEffect(
    RunsClient.listPage({ orderBy: "id", orderByDirection: "desc", limit: 1, undecodableRows: "skip" }),
    {
      onFailure: () => Effect.fail(error),
      onSuccess: ({ runs: [latest] }) =>
        Effect.fail(
          new failure.ExplainedFailure({
            failure: {
              what:
                `There is no run ${runID}, or this token may not see it: Coalesce answers its list, and 404 Not Found ` +
                `for this run.${
                  latest === undefined ? " This token sees no runs at all." : ` The latest run is ${latest.id}.`
                }`,
              retry: "not with this runID.",
              next:
                "check the id: it is a run's number, not the UUID of a web address. list_runs lists them; without " +
                "runID, diagnose_run takes the latest failed run of an interval."
            }
          })
        )
    }
  )

const tooLong = (time: Duration.Duration) =>
  new failure.ExplainedFailure({
    failure: {
      what: `Which run to diagnose could not be read within ${Duration.format(time)}, so there is no diagnosis.`,
      retry: "yes: Coalesce may be slow for a moment.",
      next: "make the same call again, or name the run by runID, which takes fewer requests."
    }
  })

const handle = Effect.fn(name)(function*(input: Input) {
  const { window, zone, zoneName } = yield* interval.resolveOr(input, "last_night")
  const { time } = yield* Bounds

  const { runID, runType } = input
  const diagnosis = yield* Effect.gen(function*() {
    const jobID = input.jobID === undefined ? undefined : yield* job.resolve(input.jobID, input.environmentID)
    const options = runID === undefined ? { window, environmentID: input.environmentID, jobID, runType } : { runID }
    return yield* RunDiagnosis.diagnose({ ...options, partTimeout })
  }).pipe(
    Effect.catchTag("NotFound", (error) => runID === undefined ? Effect.fail(error) : notFound(runID, error)),
    Effect.timeoutOrElse({ duration: time, orElse: () => Effect.fail(tooLong(time)) })
  )

  const facts = Facts.make(diagnosis, zone)
  const { outcome, ...evidence } = facts
  const content: Content = {
    outcome,
    summary: Summary.make(facts, runType ?? "refresh"),
    ...evidence,
    nextCalls: Next.make(facts, input, yield* Clock.currentTimeMillis)
  }
  const filters = [
    ...(input.environmentID === undefined ? [] : [`environmentID ${clean(input.environmentID, lengths.id)}`]),
    ...(input.jobID === undefined ? [] : [`jobID ${clean(input.jobID, lengths.name)}`])
  ]
  return {
    content,
    text: render({
      content,
      window: diagnosis.window,
      zoneName,
      asked: filters.length === 0 ? "" : ` (${filters.join(", ")})`
    })
  }
})

export const diagnoseRun = Tool.legacy({
  name,
  title: "Why did a Coalesce run fail?",
  description:
    "Explains in one call why a run failed: the failed nodes with Snowflake's message, code and SQL, since when, what " +
    "changed before (suspects, not verdicts), re-runs, and what was unavailable. Without arguments it takes the latest " +
    "failed refresh of last night and lists the other failures. If nothing failed: what ran, and failed data tests.",
  input: Input,
  output: Output,
  violations,
  handle
})
