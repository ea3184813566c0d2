/** What tracers, metrics and logs see of requests. `docs/observability.md` lists it. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type { RunsError } from "../RunsError.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { UndecodableRow } from "./decode.ts"
import type { ValidQuery } from "./query.ts"

const requests = Metric.counter("coalesce_runs_requests", {
  description: "Requests sent to Coalesce, every attempt counted",
  incremental: true
})

const retries = Metric.counter("coalesce_runs_retries", {
  description: "Attempts that followed a failed one",
  incremental: true
})

const rows = Metric.counter("coalesce_runs_rows", { description: "Runs decoded from pages", incremental: true })

const droppedFields = Metric.counter("coalesce_runs_dropped_fields", {
  description: "Optional fields of responses in a form that this library does not know",
  incremental: true
})

const latency = Metric.timer("coalesce_runs_request_latency", {
  description: "Time of one request to Coalesce, headers and body"
})

type Attributes = Readonly<Record<string, unknown>>

/** The host of a connection, as every span and metric names it. */
export const addressOf = (origin: string): Readonly<Record<"server.address", string>> => ({
  "server.address": new URL(origin).hostname
})

const ofError = (error: RunsError): Attributes => ({
  "error.type": error._tag,
  ...("status" in error ? { "http.response.status_code": error.status } : {})
})

/** Counts an attempt that follows a failed one. */
export const countRetry = (origin: string): Effect.Effect<void> =>
  Metric.update(Metric.withAttributes(retries, addressOf(origin)), 1)

/** Counts the decoded runs of a page. */
export const countRows = (origin: string, count: number): Effect.Effect<void> =>
  Metric.update(Metric.withAttributes(rows, addressOf(origin)), count)

/** Counts the optional fields of a response whose form is odd. */
export const countDropped = (url: string, count: number): Effect.Effect<void> =>
  count === 0 ? Effect.void : Metric.update(Metric.withAttributes(droppedFields, addressOf(url)), count)

/** Logs rows that were skipped, for streams of runs, which have no place for them. */
export const logSkipped = (rows: ReadonlyArray<UndecodableRow>): Effect.Effect<void> =>
  Effect.forEach(
    rows,
    ({ id, index, issue, path }) =>
      Effect.logWarning(
        `Skipped 1 undecodable row, ${id === undefined ? `number ${index} of a page` : `run ${id}`}: ${path}: ${issue}`
      ),
    { discard: true }
  )

/** Traces an operation that sends requests: a span of kind `client`, with the type of its error. */
export const withSpan = (name: string, origin: string, attributes: Attributes) =>
<A, E extends RunsError, R>(
  effect: Effect.Effect<A, E, R>
) =>
  effect.pipe(
    Effect.tapError((error) => Effect.annotateCurrentSpan(ofError(error))),
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
  ...omitUndefined({
    "coalesce.query.run_type": query.runType,
    "coalesce.query.run_status": query.runStatus,
    "coalesce.query.environment_id": query.environmentID && scrub(query.environmentID)
  })
})

/** Adds an event to the current span for a failed attempt. */
const recordFailure = (error: RunsError, attempt: number) =>
  Effect.flatMap(Effect.option(Effect.currentSpan), (span) =>
    Option.isNone(span)
      ? Effect.void
      : Effect.map(Clock.currentTimeNanos, (now) =>
        span.value.event("coalesce.attempt.failed", now, {
          "coalesce.attempt.number": attempt,
          ...ofError(error)
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
              Metric.update(Metric.withAttributes(requests, { ...attributes, outcome }), 1),
              Metric.update(Metric.withAttributes(latency, attributes), Duration.millis(now - before))
            )
          })
        )
      )
  )
