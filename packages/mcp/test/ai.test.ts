// The tools for effect/ai beside the server's: a fake language model calls each, and gets what a client of the server gets.
import * as Faults from "@coalesce-runs/simulator/Faults"
import * as Scenario from "@coalesce-runs/simulator/Scenario"
import { describe, expect, it } from "@effect/vitest"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as AiTool from "effect/ai/Tool"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Ai from "../src/ai.ts"
import { definitions } from "../src/definitions.ts"
import * as failure from "../src/result/failure.ts"
import * as asked from "./support/asked.ts"
import { broken } from "./support/broken.ts"
import { connected } from "./support/server.ts"

interface Call {
  readonly name: string
  readonly params: object
}

/** A language model that makes these calls at once, and sees these tools. */
const modelOf = (calls: ReadonlyArray<Call>) => {
  const seen: Array<ReadonlyArray<AiTool.Any>> = []
  const model = LanguageModel.make({
    generateText: ({ tools }) =>
      Effect.sync(() => {
        seen.push(tools)
        return calls.map(({ name, params }, index) =>
          ({ type: "tool-call", id: `call-${index}`, name, params }) as const
        )
      }),
    streamText: () => Stream.die("not asked")
  })
  return { layer: Layer.effect(LanguageModel.LanguageModel, model), seen }
}

const scenario = Scenario.lastNight({ now: "2026-03-10T08:00:00Z" })

/** The results of a model's calls, and the texts of the server for the same calls. */
const results = (calls: ReadonlyArray<Call>, options: Parameters<typeof asked.layerOf>[1] = {}) =>
  Effect.gen(function*() {
    // One simulator for both, whose address is in both texts.
    const runs = yield* Layer.build(asked.layerOf(scenario, options))
    const { client } = yield* connected(Layer.succeedContext(runs))
    const { layer, seen } = modelOf(calls)
    const response = yield* LanguageModel.generateText({ prompt: "What happened?", toolkit: Ai.toolkit }).pipe(
      Effect.provide([layer, Ai.layer]),
      Effect.provideContext(runs)
    )
    const ofServer = yield* Effect.forEach(
      calls,
      ({ name, params }) => Effect.promise(() => client.callTool({ name, arguments: { ...params } }))
    )
    return {
      seen,
      // The calls run at the same time, and end in any order.
      ofModel: calls.map((_, index) => {
        const result = response.toolResults.find(({ id }) => id === `call-${index}`)
        const text = asked.textOf({
          content: [{ type: "text", text: typeof result?.result === "string" ? result.result : "no text" }]
        })
        return { name: result?.name, isFailure: result?.isFailure, text }
      }),
      ofServer: ofServer.map((result, index) => ({
        name: calls[index]?.name,
        isFailure: result.isError === true,
        text: asked.textOf(result)
      }))
    }
  })

const eachTool: ReadonlyArray<Call> = [
  { name: "check_runs", params: { timeZone: "London" } },
  { name: "list_runs", params: { status: "Failed", window: "last night", limit: "3" } },
  { name: "diagnose_run", params: {} },
  { name: "inspect_run", params: { job: "Daily sales", compareWith: "none" } },
  { name: "summarize_runs", params: { window: "yesterday", groupBy: "per job" } }
]

describe("the tools for effect/ai", () => {
  it("are those of the server, with the same descriptions and parameters, and only read", () => {
    const tools = Object.values(Ai.toolkit.tools)
    expect(tools.map((tool) => ({
      name: tool.name,
      title: Option.getOrUndefined(Context.getOption(tool.annotations, AiTool.Title)),
      description: AiTool.getDescription(tool),
      inputSchema: AiTool.getJsonSchema(tool)
    }))).toEqual(definitions)
    for (const { annotations } of tools) {
      expect([Context.get(annotations, AiTool.Readonly), Context.get(annotations, AiTool.Destructive)])
        .toEqual([true, false])
    }
  })

  it.effect("give a model the texts of the server, for arguments that are read as leniently", () =>
    Effect.gen(function*() {
      const { ofModel, ofServer, seen } = yield* results(eachTool)
      expect(ofModel).toEqual(ofServer)
      expect(ofModel.map(({ isFailure, name }) => [name, isFailure])).toEqual(
        eachTool.map(({ name }) => [name, false])
      )
      expect(ofModel[2]?.text).toMatch(/^Run \d+ /)
      expect(seen.map((tools) => tools.map(({ name }) => name))).toEqual([definitions.map(({ name }) => name)])
    }))

  it.effect("give a model the server's words of an error, as a failed result", () =>
    Effect.gen(function*() {
      const wrong = eachTool.map(({ name }) => ({ name, params: { environment: 3, colour: "red" } }))
      const { ofModel, ofServer } = yield* results(wrong)
      expect(ofModel).toEqual(ofServer)
      expect(ofModel.every(({ isFailure, text }) => isFailure === true && text.includes("colour"))).toBe(true)
      const forbidden = yield* results(eachTool, { faults: [Faults.always(Faults.status(403))] })
      expect(forbidden.ofModel).toEqual(forbidden.ofServer)
      expect(forbidden.ofModel.every(({ isFailure, text }) => isFailure === true && text.includes("403"))).toBe(true)
    }))

  it.effect("say no more of a fault of their own than that it happened", () =>
    Effect.gen(function*() {
      const { layer } = modelOf([{ name: "list_runs", params: {} }])
      const { toolResults } = yield* LanguageModel.generateText({ prompt: "What ran?", toolkit: Ai.toolkit }).pipe(
        Effect.provide([layer, Ai.layer.pipe(Layer.provide(broken))])
      )
      expect(toolResults.map(({ isFailure, result }) => [isFailure, result])).toEqual([
        [true, failure.render(failure.unexpected("list_runs"))]
      ])
    }))
})
