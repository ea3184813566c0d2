/** What tracers and metrics see of the polls of a watch. `docs/observability.md` lists it. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { addressOf } from "../client/telemetry.ts"
import type { AnyRun } from "../Run.ts"
import type { RunsError } from "../RunsError.ts"
import type { Poll } from "./conclude.ts"

const polls = Metric.counter("coalesce_watch_polls", { description: "Polls of watches", incremental: true })

const events = Metric.counter("coalesce_watch_events", { description: "Events of watches", incremental: true })

const unfinished = Metric.gauge("coalesce_watch_unfinished_runs", {
  description: "Runs that have not ended, as the last poll saw them"
})

const count = (origin: string, outcome: string) =>
  Metric.update(Metric.withAttributes(polls, { ...addressOf(origin), outcome }), 1)

/** Traces a poll and counts it. */
export const withPollSpan = (origin: string) =>
<A extends AnyRun, E extends RunsError, R>(
  effect: Effect.Effect<{ readonly poll: Poll<A>; readonly requests: number }, E, R>
): Effect.Effect<Poll<A>, E, R> =>
  effect.pipe(
    Effect.tap(({ poll: { checkpoint, events: reported, hasMore }, requests }) =>
      Effect.all([
        Effect.annotateCurrentSpan({
          "coalesce.watch.requests": requests,
          "coalesce.watch.events": reported.length,
          "coalesce.watch.unfinished_runs": checkpoint.unfinished.length,
          "coalesce.watch.has_more": hasMore
        }),
        count(origin, "Success"),
        Metric.update(Metric.withAttributes(events, addressOf(origin)), reported.length),
        Metric.update(Metric.withAttributes(unfinished, addressOf(origin)), checkpoint.unfinished.length)
      ], { discard: true })
    ),
    Effect.tapError((error) =>
      Effect.andThen(Effect.annotateCurrentSpan("error.type", error._tag), count(origin, error._tag))
    ),
    Effect.map(({ poll }) => poll),
    Effect.withSpan("RunWatch.poll", { attributes: addressOf(origin) })
  )
