// The bundled bin, alone in a folder, asked why the night failed by a real client over stdio.
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { scenarioOf } from "../../../test/over-http/expectedFacts/scenarios.ts"
import { textOf, tokens } from "./support/asked.ts"
import { copyOfBin } from "./support/process.ts"
import { type Era, newClient } from "./support/server.ts"

const large = scenarioOf("a run of 2,000 nodes")
const run = large.expected.run ?? 0

const scope = Scope.makeUnsafe()
let env: Record<string, string>
let bin: string

beforeAll(async () => {
  const services = await Effect.runPromise(Layer.buildWithScope(Simulator.layer({ scenario: large.history }), scope))
  const simulator = Context.get(services, Simulator.Simulator)
  bin = copyOfBin()
  env = { COALESCE_ACCESS_TOKEN: Redacted.value(simulator.token), COALESCE_BASE_URL: simulator.url }
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

describe.each<Era>(["legacy", "modern"])("over stdio in the %s era", (era) => {
  it("answers for a run, sums up its week, and offers the prompt", async () => {
    const client = newClient(era)
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [bin, "--structured"], env, stderr: "ignore" })
    )
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      "list_runs",
      "diagnose_run",
      "summarize_runs"
    ])
    const diagnosed = await client.callTool({ name: "diagnose_run", arguments: { runID: run } })
    expect(diagnosed.structuredContent).toMatchObject({ outcome: "failed", run: { id: run }, nodes: { total: 2000 } })
    const text = textOf(diagnosed)
    expect(text).toMatch(new RegExp(`^Run ${run} failed: refresh "Everything"`))
    expect(text).toContain("447 of 2000 nodes failed of 7 causes, 900 blocked by them did not run")
    expect(tokens(text)).toBeLessThanOrEqual(1200)

    const summary = await client.callTool({
      name: "summarize_runs",
      arguments: { since: "2026-03-03", until: "2026-03-10", timeZone: "Europe/London", groupBy: "job" }
    })
    expect(summary.structuredContent).toMatchObject({ runs: 8, runStatus: { completed: 7, failed: 1 } })

    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(["why_did_it_fail"])
    await client.close()
  })
})
