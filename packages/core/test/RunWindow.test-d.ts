import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { describe, expectTypeOf, it } from "vitest"
import type { DeployRun, RefreshRun, Reported, Run, RunSummary } from "../src/Run.ts"
import type * as RunsClient from "../src/RunsClient.ts"
import type { InvalidQuery } from "../src/RunsError.ts"
import * as RunWindow from "../src/RunWindow.ts"

declare const window: RunWindow.RunWindow
type Of<A> = Stream.Stream<A, RunsClient.ListError, RunsClient.RunsClient>

describe("RunWindow", () => {
  it("lists the element that the query asks for", () => {
    expectTypeOf(RunWindow.list(window)).toEqualTypeOf<Of<RunSummary>>()
    expectTypeOf(RunWindow.list(window, { detail: true })).toEqualTypeOf<Of<Run>>()
    expectTypeOf(RunWindow.list(window, { detail: true, runType: "refresh" })).toEqualTypeOf<Of<RefreshRun>>()
    expectTypeOf(RunWindow.list(window, { detail: true, runType: "deploy", failureReasons: true }))
      .toEqualTypeOf<Of<Reported<DeployRun>>>()
  })

  it("is listed as a window, by a name, or by a selection", () => {
    expectTypeOf(RunWindow.list("last_night", { detail: true })).toEqualTypeOf<Of<Run>>()
    expectTypeOf(RunWindow.list({ since: new Date(), timeZone: "UTC" })).toEqualTypeOf<Of<RunSummary>>()
    expectTypeOf(RunWindow.list({ window: "today" })).toEqualTypeOf<Of<RunSummary>>()
    expectTypeOf(RunWindow.resolve).parameter(0).toEqualTypeOf<
      RunWindow.RunWindow | RunWindow.Name | RunWindow.Selection
    >()
    // @ts-expect-error no such name
    RunWindow.list("last_week")
  })

  it("is made with one kind of error", () => {
    expectTypeOf(RunWindow.lastNight()).toEqualTypeOf<Effect.Effect<RunWindow.RunWindow, InvalidQuery>>()
    expectTypeOf(RunWindow.make({ since: "12h" })).toEqualTypeOf<Effect.Effect<RunWindow.RunWindow, InvalidQuery>>()
    expectTypeOf(RunWindow.named).parameter(0).toEqualTypeOf<RunWindow.Name>()
  })
})
