import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import { RunsClient } from "../../src/index.ts"
import { clientOver, runs } from "../support/server.ts"

it.effect("a span for each page, with what it asked for and what it brought", () =>
  Effect.gen(function*() {
    const spans: Array<Tracer.Span> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const { layer } = clientOver({ history: () => runs(7) })
    yield* RunsClient.list({ pageSize: 5 }).pipe(
      Stream.runDrain,
      Effect.provide(Layer.merge(layer, Layer.succeed(Tracer.Tracer, tracer)))
    )
    assert.deepStrictEqual(
      spans.filter((span) => span.name === "RunsClient.listPage").map((span) => Object.fromEntries(span.attributes)),
      [1, 2].map((number) => ({
        "coalesce.page.number": number,
        "coalesce.query.order_by": "id",
        "coalesce.query.order_by_direction": "desc",
        "coalesce.query.detail": false,
        "coalesce.page.rows": number === 1 ? 5 : 2,
        "coalesce.page.runs": number === 1 ? 5 : 2,
        "coalesce.page.has_more": number === 1
      }))
    )
  }))

it.effect("requests, retries, rows and latency are counted", () =>
  Effect.gen(function*() {
    const { layer } = clientOver(
      {
        history: () => runs(7),
        spoil: (answer, _, index) => index === 0 ? new Response(null, { status: 503 }) : answer
      },
      { retry: Schedule.recurs(1) }
    )
    const metrics = yield* RunsClient.list({ pageSize: 5 }).pipe(
      Stream.runDrain,
      Effect.andThen(Metric.snapshot),
      Effect.provide(layer),
      // A registry of its own: other tests count too.
      Effect.provideService(Metric.MetricRegistry, new Map())
    )
    const counts = metrics.filter((metric) => metric.id.startsWith("coalesce_runs_")).map((metric) => [
      metric.id,
      metric.attributes?.["outcome"],
      "count" in metric.state ? Number(metric.state.count) : undefined
    ])
    assert.sameDeepMembers(counts, [
      ["coalesce_runs_requests", "ServiceUnavailable", 1],
      ["coalesce_runs_requests", "Success", 2],
      ["coalesce_runs_request_latency", undefined, 3],
      ["coalesce_runs_retries", undefined, 1],
      ["coalesce_runs_rows", undefined, 7]
    ])
  }))
