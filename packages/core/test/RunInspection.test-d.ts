import type * as Effect from "effect/Effect"
import { describe, expectTypeOf, it } from "vitest"
import { type Report, RunInspection, type RunsClient } from "../src/index.ts"

describe("an inspection", () => {
  it("needs a client, and fails with the errors of a list", () => {
    expectTypeOf(RunInspection.inspect({ runID: 1, compareWith: "none" })).toEqualTypeOf<
      Effect.Effect<RunInspection.Inspection, RunsClient.ListError, RunsClient.RunsClient>
    >()
    expectTypeOf(RunInspection.report).returns.toEqualTypeOf<Report.Report>()
  })

  it("is beside the last success, a run by its id, or none", () => {
    RunInspection.inspect({ jobID: "Daily sales", compareWith: 1191, node: "STG_*" })
    // @ts-expect-error There is no such run to compare with.
    RunInspection.inspect({ compareWith: "best" })
    // @ts-expect-error A run has one type.
    RunInspection.inspect({ runType: "refreshes" })
  })

  it("has states and kinds of difference that a switch can exhaust", () => {
    expectTypeOf<RunInspection.NodeState>().toEqualTypeOf<
      "completed" | "failed" | "skipped" | "canceled" | "running" | "waiting" | "unknown"
    >()
    expectTypeOf<RunInspection.DifferenceKind>().toEqualTypeOf<
      "newlyFailed" | "newlyFailedTest" | "changedSql" | "gone" | "fewerRows" | "new" | "slower"
    >()
  })
})
