import type * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import { describe, expectTypeOf, it } from "vitest"
import { type Run, RunsClient, RunStatistics } from "../src/index.ts"

describe("a sink of statistics", () => {
  it("takes any runs, but by job detailed ones", () => {
    expectTypeOf(RunStatistics.sink()).toEqualTypeOf<Sink.Sink<RunStatistics.RunStatistics, Run.AnyRun>>()
    expectTypeOf(RunStatistics.sink({ groupBy: "day" })).toEqualTypeOf<
      Sink.Sink<RunStatistics.RunStatistics, Run.AnyRun>
    >()
    expectTypeOf(RunStatistics.sink({ groupBy: "job" })).toEqualTypeOf<
      Sink.Sink<RunStatistics.RunStatistics, Run.Run>
    >()
    expectTypeOf(RunStatistics.sink<RunStatistics.Options>).returns
      .toEqualTypeOf<Sink.Sink<RunStatistics.RunStatistics, Run.Run>>()
  })

  it("composes with the streams of the client", () => {
    Stream.run(RunsClient.list(), RunStatistics.sink())
    Stream.run(RunsClient.list({ detail: true, failureReasons: true }), RunStatistics.sink({ groupBy: "job" }))
    // @ts-expect-error A summary has no job.
    Stream.run(RunsClient.list(), RunStatistics.sink({ groupBy: "job" }))
  })
})
