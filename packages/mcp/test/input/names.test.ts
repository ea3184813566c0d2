import * as Scenario from "@coalesce-runs/simulator/Scenario"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { diagnoseRun } from "../../src/tools/diagnoseRun/tool.ts"
import { listRuns } from "../../src/tools/listRuns/tool.ts"
import { summarizeRuns } from "../../src/tools/summarizeRuns/tool.ts"
import { layerOf, textOf } from "../support/asked.ts"
import { run } from "../support/call.ts"
import { connected } from "../support/server.ts"

const scenario = Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" })

const env = (variables: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnvRecord(variables))

const named = Effect.provide(Layer.merge(layerOf(scenario), env({ COALESCE_ENVIRONMENTS: "3=production, 5 = QA" })))

describe("the names of environments and users", () => {
  it.effect("stand beside their ids in every tool", () =>
    Effect.gen(function*() {
      const lists = yield* run(listRuns)({ window: "last_night", limit: 3, environmentID: "3" })
      expect(lists.text).toContain("environmentID production (3)")
      expect(lists.text).toContain("env production (3)")
      expect((yield* run(diagnoseRun)({})).text).toContain("in env production (3)")
      const byEnvironment = yield* run(summarizeRuns)({ groupBy: "environment" })
      expect(byEnvironment.text).toContain("- environment production (3): ")
      expect(byEnvironment.text).toContain("- environment QA (5): ")
      expect((yield* run(summarizeRuns)({ groupBy: "job" })).text).toContain("\"deploys\" in env production (3): ")
    }).pipe(named))

  it.effect("of users stand beside their ids in an inspection and a summary by user, in results of the server", () =>
    Effect.gen(function*() {
      const users = env({ COALESCE_USERS: "service-account=Night shift;u9=Nobody" })
      const { client } = yield* connected(Layer.merge(layerOf(scenario), users), "modern")
      const told = (name: string, args: Record<string, unknown>) =>
        Effect.map(Effect.promise(() => client.callTool({ name, arguments: args })), textOf)
      expect(yield* told("inspect_run", { jobID: "Daily sales" })).toContain(
        "\nStarted by user \"Night shift\" (service-account) with "
      )
      expect(yield* told("summarize_runs", { groupBy: "user" })).toContain(
        "\n- user \"Night shift\" (service-account): "
      )
    }))
})
