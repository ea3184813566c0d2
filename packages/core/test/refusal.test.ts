/** Refusals of options that nobody would write by hand: however many, however long, however often the same. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as FastCheck from "fast-check"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  Connection,
  Report,
  RunBaseline,
  RunDiagnosis,
  RunHealth,
  RunHistory,
  RunInspection,
  RunList,
  RunsClient,
  RunsInMemory,
  RunStatistics,
  RunTimeline,
  RunWatch,
  RunWindow
} from "../src/index.ts"
import * as node from "../src/node.ts"
import { passed } from "./support/passed.ts"

type Refused = Effect.Effect<unknown, unknown, RunsClient.RunsClient>

/** What a call refuses, thrown or failed. */
const attempt = (call: () => unknown): Refused =>
  Effect.flatMap(
    Effect.try({ try: call, catch: (error) => error }),
    (value): Refused => Effect.isEffect(value) ? passed(value) : Effect.void
  )

const report: Report.Report = { headline: ["Nothing failed."], lines: [], sections: [], nextSteps: [] }

const calls: ReadonlyArray<readonly [name: string, call: (options: never) => unknown]> = [
  ["a query of a page", (options) => RunsClient.listPage(options)],
  ["a query of a stream", (options) => Stream.runDrain(RunsClient.list(options))],
  ["options of get", (options) => RunsClient.get(7, options)],
  ["a query of RunHistory", (query) => Stream.runDrain(RunHistory.list(query))],
  ["options of RunHistory", (options) => Stream.runDrain(RunHistory.list({}, options))],
  ["a query of RunWatch", (query) => Stream.runDrain(RunWatch.watch(query))],
  ["options of RunWatch", (options) => Stream.runDrain(RunWatch.watch({}, options))],
  ["options of RunWindow", (options) => RunWindow.resolve(options)],
  ["options of RunList", (options) => RunList.list(options)],
  ["options of RunDiagnosis", (options) => RunDiagnosis.diagnose(options)],
  ["options of RunInspection", (options) => RunInspection.inspect(options)],
  ["options of RunHealth", (options) => RunHealth.check(options)],
  ["options of RunTimeline", (options) => RunTimeline.read(options)],
  ["options of RunBaseline", (options) => RunBaseline.learn(options)],
  ["options of RunStatistics", (options) => RunStatistics.summarize(options)],
  ["options of Report", (options) => Report.toText(report, options)],
  ["settings of a client", (options) => RunsClient.make(options)],
  ["settings of a connection", (options) => Connection.make(options)],
  ["options of the configuration", (options) => node.configProvider(options)]
]

/** How many names that no option has, and a text that each of them begins with, so many times. */
const text = FastCheck.string({ minLength: 1, maxLength: 12, unit: "grapheme" })
const many = FastCheck.oneof(
  FastCheck.record({ count: FastCheck.integer({ min: 1, max: 45 }), text, times: FastCheck.constantFrom(1, 2000) }),
  FastCheck.record({ count: FastCheck.constant(2000), text, times: FastCheck.constant(1) })
)

describe("a refusal has a bound", () => {
  it.effect.each(calls)(
    "of %s: the first 20 names, whatever is passed",
    ([, call]) =>
      Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(many, async ({ count, text, times }) => {
            const names = Array.from({ length: count }, (_, index) => `?${text.repeat(times)}${index}`)
            const error = await Effect.runPromise(
              Effect.flip(attempt(() => call(passed(Object.fromEntries(names.map((one) => [one, 1])))))).pipe(
                Effect.provide(RunsInMemory.layer({ runs: [] }))
              )
            )
            if (!(error instanceof Error)) throw new Error("It throws what is no error")
            assert.isBelow(error.message.length, 4000)
            assert.isBelow(JSON.stringify(error).length, 20_000)
            // The options that there are stand in it once.
            assert.isAtMost(error.message.split("there are ").length, 2)
            if ("violations" in error && Array.isArray(error.violations)) {
              assert.isAtMost(error.violations.length, 21)
              const more = /`others`: (\d+) more are wrong/.exec(error.message)
              assert.strictEqual(Number(more?.[1] ?? 0), Math.max(0, count - 20))
            }
          }),
          { numRuns: 8 }
        )
      )
  )

  it.effect("of a profile that does not exist: 20 of the file's, each cut", () =>
    Effect.gen(function*() {
      const file = join(mkdtempSync(join(tmpdir(), "coalesce-runs-")), "config")
      const sections = Array.from({ length: 500 }, (_, index) => `[${"p ".repeat(500)}${index}]\ntoken = a`)
      writeFileSync(file, sections.join("\n"))
      const error = yield* Effect.flip(node.configProvider({ file, profile: "q ".repeat(10_000), env: {} }))
      assert.match(error.message, / and 480 more/)
      assert.isBelow(error.message.length, 3000)
    }))

  it.effect("names a parameter once, with one reason, however often it is wrong", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(
        Effect.provide(
          RunsClient.listPage(passed({ runStatus: ["a", "b", "a"], limit: "5", no: 1 })),
          RunsInMemory.layer({ runs: [] })
        )
      )
      assert.deepStrictEqual(
        error._tag === "InvalidQuery" ? error.violations.map(({ field }) => field).sort() : [],
        ["limit", "no", "runStatus"]
      )
    }))
})
