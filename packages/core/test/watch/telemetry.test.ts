import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import { RunWatch } from "../../src/index.ts"
import { clientOver, type WireRun } from "../support/server.ts"
import { spansOf } from "../support/spans.ts"

const run = (id: number, runStatus: string): WireRun => ({ id, runType: "refresh", runStatus, environmentID: "1" })
const address = { "server.address": "app.coalescesoftware.io" }

/** The attributes of a poll. The first one asks for the runs of each status that is no end. */
const seen = (requests: number, events: number, unfinished: number) => ({
  "coalesce.watch.requests": requests,
  "coalesce.watch.events": events,
  "coalesce.watch.unfinished_runs": unfinished,
  "coalesce.watch.has_more": false
})

/** Polls three times: the second poll sees other runs, and the third fails. */
const polls = () => {
  let history = [run(1, "running"), run(2, "running")]
  let isDown = false
  const client = clientOver(
    {
      history: () => history,
      spoil: (body) => isDown ? new Response(null, { status: 403 }) : body
    },
    { retry: Schedule.recurs(0) }
  )
  const poll = Effect.gen(function*() {
    const { checkpoint } = yield* RunWatch.poll()
    history = [run(1, "completed"), run(2, "running"), run(3, "running"), run(4, "running")]
    yield* RunWatch.poll(checkpoint)
    isDown = true
    yield* RunWatch.poll(checkpoint)
  })
  return { layer: client.layer, poll }
}

describe("the telemetry of a watch", () => {
  it.effect("is a span for each poll, with its requests, its events and what has not ended", () =>
    Effect.gen(function*() {
      const { layer, poll } = polls()
      const spans = yield* spansOf(poll, layer, "RunWatch.")
      assert.deepStrictEqual<unknown>(spans.map(({ attributes, name }) => ({ name, ...attributes })), [
        { name: "RunWatch.poll", ...address, ...seen(6, 1, 2) },
        { name: "RunWatch.poll", ...address, ...seen(1, 3, 3) },
        { name: "RunWatch.poll", ...address, "error.type": "Forbidden" }
      ])
    }))

  it.effect("counts polls by their outcome, and events, and tells what has not ended", () =>
    Effect.gen(function*() {
      const { layer, poll } = polls()
      const metrics = yield* Effect.exit(poll).pipe(
        Effect.andThen(Metric.snapshot),
        Effect.provide(layer),
        // A registry of its own: other tests count too.
        Effect.provideService(Metric.MetricRegistry, new Map())
      )
      const found = metrics.filter(({ id }) => id.startsWith("coalesce_watch_"))
      assert.sameDeepMembers<object>(
        found.map(({ attributes, id, state }) => ({ id, ...attributes, ...state })),
        [
          { id: "coalesce_watch_polls", ...address, outcome: "Success", count: 2, incremental: true },
          { id: "coalesce_watch_polls", ...address, outcome: "Forbidden", count: 1, incremental: true },
          { id: "coalesce_watch_events", ...address, count: 4, incremental: true },
          { id: "coalesce_watch_unfinished_runs", ...address, value: 3 }
        ]
      )
      for (const { description, id } of found) assert.isNotEmpty(description, id)
    }))
})
