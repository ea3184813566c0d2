// `diagnose_run` over every scenario, through the whole server: its text, its structured content, and its next steps.
import * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import * as Scenario from "@coalesce-runs/simulator/Scenario"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { scenarios } from "../../../../test/over-http/expectedFacts/scenarios.ts"
import { factsOf, maxTokens } from "../../../../test/over-http/support/diagnosis.ts"
import { toText } from "../../src/result/toText.ts"
import { client, textOf, tokens } from "../support/asked.ts"

/** Structured content has each SQL on one line: no text in it has control characters. */
const withoutSql = (text: string): string => text.replaceAll(/^ {3}(?:SQL |[|>] ).*\n/gm, "")

const decode = Schema.decodeUnknownEffect(RunDiagnosis.Diagnosis)

const toolOf: Readonly<Record<string, string>> = {
  check: "check_runs",
  diagnose: "diagnose_run",
  inspect: "inspect_run",
  list: "list_runs",
  summarize: "summarize_runs"
}

describe("the result for every scenario", () => {
  for (const scenario of scenarios) {
    it.effect(scenario.name, () =>
      Effect.gen(function*() {
        const { call, client: asked } = yield* client(scenario.history)
        // The client checks structured content against the schema that the list advertises.
        yield* Effect.promise(() => asked.listTools())
        const timeZone = DateTime.zoneToString(scenario.history.timeZone)
        const result = yield* call("diagnose_run", { ...scenario.question, timeZone })
        expect(result.isError).toBeFalsy()

        const facts = yield* Effect.orDie(decode(result.structuredContent))
        const { expected, summary } = scenario
        expect({ summary, ...factsOf(facts) }).toEqual({ summary, ...expected })
        expect(tokens(JSON.stringify(result.structuredContent))).toBeLessThanOrEqual(4000)

        // The text is the report of these facts.
        const report = RunDiagnosis.report(facts, { timeZone })
        expect(withoutSql(textOf(result))).toBe(
          withoutSql(textOf({ content: [{ type: "text", text: toText(report) }] }))
        )
        expect(tokens(textOf(result))).toBeLessThanOrEqual(maxTokens(scenario))
        // Every next step works as it stands.
        for (const { action, arguments: args } of report.nextSteps) {
          const tool = toolOf[action] ?? ""
          const next = yield* call(tool, { ...args })
          expect(next.isError, `${tool} ${JSON.stringify(args)}: ${textOf(next)}`).toBeFalsy()
        }
      }))
  }

  it.effect("names next steps by their tools", () =>
    Effect.gen(function*() {
      const scenario = scenarios.find(({ name }) => name === "a re-run that failed of another cause")
      if (scenario === undefined) throw new Error("There is no such scenario")
      const { call } = yield* client(scenario.history)
      const result = yield* call("diagnose_run", { ...scenario.question, timeZone: "Europe/London" })
      expect(textOf(result).split("\n").filter((line) => line.startsWith("Next: "))).toEqual([
        "Next: check_runs {\"timeZone\":\"Europe/London\"} the causes of the other failures",
        `Next: diagnose_run {"runID":${
          scenario.expected.others?.[0]
        },"timeZone":"Europe/London"} why the first failure of the streak failed`,
        expect.stringMatching(
          /^Next: summarize_runs \{"window":"last_7_days",.*"groupBy":"day","timeZone":"Europe\/London"\} /
        )
      ])
    }))
})

describe("the demo's night", () => {
  it.effect("says of each other failure whether it is over", () =>
    Effect.gen(function*() {
      const { call } = yield* client(Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" }))
      const rows = textOf(yield* call("diagnose_run", {})).split("\n").filter((line) => /^- \d+, refresh /.test(line))
      expect(rows.map((row) => /^- (\d+), .*; (.*)$/.exec(row)?.slice(1))).toEqual([
        ["1200", "not recovered"],
        ["1199", "not recovered"],
        ["1198", "not recovered"],
        ["1196", "recovered by 1197"]
      ])
    }))

  it.effect.each([{}, { timeZone: "Europe/London" }])(
    "costs at most 800 tokens with %o",
    (args) =>
      Effect.gen(function*() {
        const { call } = yield* client(Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" }))
        expect(tokens(textOf(yield* call("diagnose_run", args)))).toBeLessThanOrEqual(800)
      })
  )
})
