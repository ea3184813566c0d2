import * as RunsInMemory from "@coalesce-runs/core/RunsInMemory"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { argsSchema } from "../../src/prompts/whyDidItFail.ts"
import { fromError, render } from "../../src/result/failure.ts"
import { tools } from "../../src/tools/all.ts"
import { listRuns } from "../../src/tools/listRuns/tool.ts"

const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`argument${index}`, index]))

const refusalOf = (args: unknown) =>
  Effect.map(
    Effect.flip(Effect.provide(listRuns.run(args), RunsInMemory.layer({ runs: [] }))),
    (error) => render(fromError("list_runs", error))
  )

describe("a refusal has a bound", () => {
  it.effect("names the first 20 unknown arguments, and says once which there are", () =>
    Effect.gen(function*() {
      const text = yield* refusalOf(many)
      expect(text).toContain("argument0, argument1, ")
      expect(text).toContain("argument19 and 19980 more: There is no such argument")
      expect(text).not.toContain("argument20,")
      expect(text.match(/The arguments are window/g)).toHaveLength(1)
      expect(text.length).toBeLessThan(1000)
    }))

  it.effect("cuts each name", () =>
    Effect.gen(function*() {
      expect((yield* refusalOf({ ["x".repeat(100_000)]: 1 })).length).toBeLessThan(600)
    }))

  it.effect("drops repeats", () =>
    Effect.gen(function*() {
      const text = yield* refusalOf({
        runStatus: Array.from({ length: 5000 }, () => "failled"),
        orderBy: "x".repeat(10_000)
      })
      expect(text.length).toBeLessThan(600)
      expect(text.match(/runStatus/g)).toHaveLength(1)
    }))

  it.effect.each(tools)(
    "of every tool: $definition.name, with long names, long values and lists of them",
    (tool) =>
      Effect.gen(function*() {
        const values = ["x".repeat(100_000), Array(3000).fill("x y"), { a: "x".repeat(100_000) }, 1e300, true]
        const names = [...Object.keys(Object(tool.definition.inputSchema["properties"])), "z".repeat(50_000), "no"]
        for (const value of values) {
          const args = Object.fromEntries([
            ...names.map((name) => [name, value]),
            ...Object.entries(many).slice(0, 2000)
          ])
          const error = yield* Effect.flip(Effect.provide(tool.run(args), RunsInMemory.layer({ runs: [] })))
          const text = render(fromError(tool.definition.name, error))
          expect(text.length).toBeLessThan(4000)
          expect(text.match(/There is no such argument/g)).toHaveLength(1)
          expect(text).toMatch(/ and \d+ more: There is no such argument/)
        }
      })
  )

  it("also for the prompt", async () => {
    const result = await argsSchema["~standard"].validate(many)
    const issues = "issues" in result ? result.issues ?? [] : []
    expect(issues).toHaveLength(1)
    expect(issues[0]?.message).toMatch(/^argument0, .* and 19980 more: there is no such argument/)
    expect(issues[0]?.message.length).toBeLessThan(1000)
  })
})
