/** What tracers and metrics see of requests. `docs/observability.md` lists it. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type { RunsError } from "../RunsError.ts"
import * as metrics from "./metrics.ts"
import type { ValidQuery } from "./query.ts"

type Attributes = Readonly<Record<string, unknown>>

/** The host of a connection, as every span and metric names it. */
export const addressOf = (origin: string): Readonly<Record<"server.address", string>> => ({
  "server.address": new URL(origin).hostname
})

/** Traces an operation that sends requests: a span of kind `client`, with the type of its error. */
export const withSpan = (name: string, origin: string, attributes: Attributes) =>
<A, E extends RunsError, R>(
  effect: Effect.Effect<A, E, R>
) =>
  effect.pipe(
    Effect.tapError((error) =>
      Effect.annotateCurrentSpan({
        "error.type": error._tag,
        ...("status" in error ? { "http.response.status_code": error.status } : {})
      })
    ),
    Effect.withSpan(name, {
      kind: "client",
      attributes: { "http.request.method": "GET", ...addressOf(origin), ...attributes }
    })
  )

/** Names the order, the detail and the filters of a query; a filter that is not set has no attribute. */
export const ofQuery = (query: ValidQuery, scrub: (text: string) => string): Attributes => ({
  "coalesce.query.order_by": query.orderBy,
  "coalesce.query.order_by_direction": query.orderByDirection,
  "coalesce.query.detail": query.detail,
  ...(query.runType === undefined ? {} : { "coalesce.query.run_type": query.runType }),
  ...(query.runStatus === undefined ? {} : { "coalesce.query.run_status": query.runStatus }),
  ...(query.environmentID === undefined ? {} : { "coalesce.query.environment_id": scrub(query.environmentID) })
})

/** Adds an event to the current span for a failed attempt. */
const recordFailure = (error: RunsError, attempt: number) =>
  Effect.flatMap(Effect.option(Effect.currentSpan), (span) =>
    Option.isNone(span)
      ? Effect.void
      : Effect.map(Clock.currentTimeNanos, (now) =>
        span.value.event("coalesce.attempt.failed", now, {
          "coalesce.attempt.number": attempt,
          "error.type": error._tag,
          ...("status" in error ? { "http.response.status_code": error.status } : {})
        })))

/** Counts and times one attempt of a request, and records its failure. */
export const measured = (attributes: Readonly<Record<string, string>>, attempt: number) =>
<A, E extends RunsError, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.flatMap(
    Clock.currentTimeMillis,
    (before) =>
      Effect.tapError(effect, (error) => recordFailure(error, attempt)).pipe(
        Effect.onExit((exit) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) => {
            const outcome = Exit.isSuccess(exit)
              ? "Success"
              : Option.match(Cause.findErrorOption(exit.cause), {
                onNone: () => "Interrupted",
                onSome: ({ _tag }) => _tag
              })
            return Effect.andThen(
              Metric.update(Metric.withAttributes(metrics.requests, { ...attributes, outcome }), 1),
              Metric.update(Metric.withAttributes(metrics.latency, attributes), Duration.millis(now - before))
            )
          })
        )
      )
  )
