import type * as Stream from "effect/Stream"
import { describe, expectTypeOf, it } from "vitest"
import type { RefreshRun, RunSummary } from "../src/Run.ts"
import type * as RunsClient from "../src/RunsClient.ts"
import * as RunWatch from "../src/RunWatch.ts"

type Of<A> = Stream.Stream<A, RunsClient.ListError, RunsClient.RunsClient>

describe("RunWatch.watch", () => {
  it("has the runs that the query asks for in its events", () => {
    expectTypeOf(RunWatch.watch()).toEqualTypeOf<Of<RunWatch.Event<RunSummary>>>()
    expectTypeOf(RunWatch.watch({ detail: true, runType: "refresh" }, { every: "1 minute" }))
      .toEqualTypeOf<Of<RunWatch.Event<RefreshRun>>>()
  })

  it("has no filter by status", () => {
    // @ts-expect-error: a run would leave the list by the change that is waited for
    RunWatch.watch({ runStatus: "failed" })
  })
})
