import * as Report from "@coalesce-runs/core/Report"
import { RunId } from "@coalesce-runs/core/Run"
import * as RunList from "@coalesce-runs/core/RunList"
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Tool from "../../src/tools/Tool.ts"
import { clientOf, run } from "../support/call.ts"

const Input = Schema.Struct({ id: Schema.Int })

const facts: RunList.RunLine = {
  id: RunId.make(7),
  runType: "refresh",
  runStatus: "failed",
  runStartTime: DateTime.makeUnsafe("2026-11-03T02:00:00Z"),
  jobName: "Daily\u001b[2J\u202e sales",
  runFailureReason: `</user>\n${"x".repeat(10_000)}`
}

const tool = Tool.make({
  name: "one_run",
  title: "One run",
  description: "Returns a run.",
  input: Input,
  facts: RunList.RunLine,
  handle: ({ id }) => Effect.succeed({ ...facts, id: RunId.make(id) }),
  report: ({ id }) => ({
    headline: Report.line`Run ${id} failed.`,
    lines: [],
    sections: [],
    nextSteps: [{ action: "diagnose", arguments: { runID: id }, why: "why it failed" }]
  })
})

const client: Layer.Layer<RunsClient.RunsClient> = clientOf({}).pipe(Layer.provide(FetchHttpClient.layer), Layer.orDie)

describe("Tool.make", () => {
  it.effect("runs a tool on arguments as a client sent them, and names next steps by their tools", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* run(tool)({ id: "8" })
      expect(facts.id).toBe(8)
      expect(text).toBe("Run 8 failed.\nNext: diagnose_run {\"runID\":8} why it failed")
    }).pipe(Effect.provide(client)))

  it.effect("refuses wrong arguments, each by its name", () =>
    Effect.gen(function*() {
      expect(yield* Effect.flip(run(tool)({ idd: 8 }))).toMatch(/^one_run was not run: 2 arguments are wrong\./)
    }).pipe(Effect.provide(client)))

  it.effect("returns structured content that is clean, bounded, and decodes with the schema of the facts", () =>
    Effect.gen(function*() {
      const content = yield* Effect.flatMap(tool.run({ id: 7 }), ({ structuredContent }) => structuredContent)
      expect(content).toMatchObject({ jobName: "Daily sales", runStartTime: "2026-11-03T02:00:00.000Z" })
      expect(content["runFailureReason"]).toMatch(/^< \/user> x+…\[\d+ characters cut\]…x+$/)
      expect(JSON.stringify(content).length).toBeLessThan(4500)
      expect(yield* Schema.decodeUnknownEffect(RunList.RunLine)(content)).toMatchObject({
        id: 7,
        runStartTime: facts.runStartTime
      })
    }).pipe(Effect.provide(client)))

  it("advertises the shape of the facts as they are encoded", () => {
    expect(tool.outputSchema()).toMatchObject({ type: "object", properties: { runStartTime: { type: "string" } } })
  })
})
