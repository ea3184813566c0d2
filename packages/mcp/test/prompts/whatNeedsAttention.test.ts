import * as Scenario from "@coalesce-runs/simulator/Scenario"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { get } from "../../src/prompts/whatNeedsAttention.ts"
import { checkRuns } from "../../src/tools/checkRuns/tool.ts"
import { client, textOf } from "../support/asked.ts"

const scenario = Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" })

it.effect("what_needs_attention asks for a check_runs with the arguments that were picked", () =>
  Effect.gen(function*() {
    const { call, client: asked } = yield* client(scenario)
    const { prompts } = yield* Effect.promise(() => asked.listPrompts())
    const listed = prompts.find(({ name }) => name === "what_needs_attention")
    expect(listed?.arguments?.map(({ name }) => name)).toEqual(["window", "jobID", "environmentID", "timeZone"])
    for (const { name } of listed?.arguments ?? []) {
      expect(checkRuns.definition.inputSchema).toHaveProperty(["properties", name])
    }
    const picked = { environmentID: "5", window: "", timeZone: "Europe/London" }
    const { messages } = yield* Effect.promise(() =>
      asked.getPrompt({ name: "what_needs_attention", arguments: picked })
    )
    const args = { environmentID: "5", timeZone: "Europe/London" }
    expect(messages).toEqual(get(args).messages)
    expect(messages).toMatchObject([{
      content: {
        text: expect.stringContaining("Call check_runs with {\"environmentID\":\"5\",\"timeZone\":\"Europe/London\"}.")
      }
    }])
    expect(textOf(yield* call("check_runs", args))).toMatch(
      /^1 thing needs attention: 2 failed refreshes of one cause\./
    )
  }))
