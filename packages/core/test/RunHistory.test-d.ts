import type * as Stream from "effect/Stream"
import { describe, expectTypeOf, it } from "vitest"
import type { DeployRun, Reported, Run, RunSummary } from "../src/Run.ts"
import * as RunHistory from "../src/RunHistory.ts"
import type * as RunsClient from "../src/RunsClient.ts"

type Of<A> = Stream.Stream<A, RunsClient.ListError, RunsClient.RunsClient>

describe("RunHistory.list", () => {
  it("returns the element type of the query", () => {
    expectTypeOf(RunHistory.list()).toEqualTypeOf<Of<RunSummary>>()
    expectTypeOf(RunHistory.list({ detail: true }, { concurrency: 2 })).toEqualTypeOf<Of<Run>>()
    expectTypeOf(RunHistory.list({ detail: true, runType: "deploy", failureReasons: true }))
      .toEqualTypeOf<Of<Reported<DeployRun>>>()
  })

  it("takes no order but its own", () => {
    // @ts-expect-error: a history is read by id
    RunHistory.list({ orderBy: "runStartTime" })
  })
})
