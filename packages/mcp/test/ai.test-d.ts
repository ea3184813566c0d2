import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { describe, expectTypeOf, it } from "vitest"
import * as Ai from "../src/ai.ts"

type HandlerOf<Name> = Name extends string ? Tool.Handler<Name> : never

type Names = "check_runs" | "list_runs" | "diagnose_run" | "inspect_run" | "summarize_runs"

describe("the toolkit", () => {
  it("has the five tools by name, and their handlers need a client alone", () => {
    expectTypeOf<keyof (typeof Ai.toolkit)["tools"]>().toEqualTypeOf<Names>()
    expectTypeOf<Layer.Success<typeof Ai.layer>>().toEqualTypeOf<HandlerOf<Names>>()
    expectTypeOf<Layer.Services<typeof Ai.layer>>().toEqualTypeOf<RunsClient.RunsClient>()
    expectTypeOf<Layer.Error<typeof Ai.layer>>().toBeNever()
  })

  it("merges with tools of a program's own", () => {
    const merged = Toolkit.merge(Ai.toolkit, Toolkit.make())
    expectTypeOf<keyof (typeof merged)["tools"]>().toEqualTypeOf<Names>()
  })

  it("gives text, and a model that uses it needs the handlers", () => {
    const answer = LanguageModel.generateText({ prompt: "", toolkit: Ai.toolkit })
    expectTypeOf<Extract<Effect.Services<typeof answer>, HandlerOf<Names>>>().toEqualTypeOf<HandlerOf<Names>>()
    type Result = Effect.Success<typeof answer>["toolResults"][number]
    expectTypeOf<Extract<Result, { readonly isFailure: false }>["result"]>().toEqualTypeOf<string>()
  })
})
