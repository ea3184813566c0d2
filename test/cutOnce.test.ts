// A long text of the API is cut once, in the middle, with a true count, whatever it goes through: facts, report, text of a tool.
import {
  Report,
  RunDiagnosis,
  RunHealth,
  RunInspection,
  RunList,
  type RunResult,
  RunsInMemory,
  RunStatistics
} from "@coalesce-runs/core"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"

const now = Date.parse("2026-11-03T08:00:00Z")
const hour = 3_600_000
const iso = (ago: number) => new Date(now - ago).toISOString()

/** A text of words that are all different, so that a part of it is found in one place. It begins with its name. */
const longText = (name: string, length: number): string => {
  let text = name
  for (let index = 0; text.length < length; index++) text += ` ${name}${index}word`
  return text.slice(0, length).trimEnd()
}

const names = ["reason", "message", "stage", "node", "job", "commit", "selector", "test"] as const

type Lengths = { readonly [Name in typeof names[number]]: number }

const lengths: fc.Arbitrary<Lengths> = fc.record(
  Object.fromEntries(names.map((name) => [name, fc.oneof(fc.constant(30), fc.integer({ min: 100, max: 6000 }))])) as {
    [Name in typeof names[number]]: fc.Arbitrary<number>
  }
)

const world = (texts: Readonly<Record<string, string>>) => {
  const node = (name: string | undefined, error: string | undefined): RunResult.RunResult => ({
    nodeID: "n1",
    ...(name === undefined ? {} : { name }),
    runState: error === undefined ? "complete" : "error",
    queryResults: [{
      name: texts["stage"] ?? "",
      success: error === undefined,
      sql: "SELECT 1",
      startTime: DateTime.makeUnsafe(now - 3 * hour),
      endTime: DateTime.makeUnsafe(now - 2 * hour),
      ...(error === undefined ? {} : { error: { errorString: error } })
    }]
  })
  const refresh = (id: number, runStatus: string, ago: number) => ({
    id,
    runType: "refresh",
    runStatus,
    environmentID: "3",
    runStartTime: iso(ago),
    runEndTime: iso(ago - hour),
    runDetails: { environmentID: "3", jobID: 7, jobName: texts["job"] },
    ...(runStatus === "failed" ? { runFailureReason: texts["reason"] } : {})
  })
  return RunsInMemory.layer({
    runs: [
      refresh(1, "completed", 40 * hour),
      {
        id: 2,
        runType: "deploy",
        runStatus: "completed",
        environmentID: "3",
        runStartTime: iso(30 * hour),
        runEndTime: iso(29 * hour),
        runDetails: { environmentID: "3", deployCommit: "9f2c4e1ab7d0", deployCommitMessage: texts["commit"] }
      },
      refresh(3, "failed", 4 * hour),
      {
        ...refresh(4, "failed", 5 * hour),
        runDetails: { environmentID: "3", includeNodesSelector: texts["selector"] }
      }
    ],
    results: {
      1: [node(texts["node"], undefined)],
      3: [node(texts["node"], texts["message"]), {
        ...node("TESTED", undefined),
        nodeID: "n2",
        hasTestFailures: true,
        queryResults: [{ name: "a test", success: false, error: { errorString: texts["test"] ?? "" } }]
      }],
      4: [node(texts["node"], texts["message"])]
    }
  })
}

const reports = Effect.gen(function*() {
  const timeZone = "UTC"
  return [
    RunDiagnosis.report(yield* RunDiagnosis.diagnose({ timeZone })),
    RunDiagnosis.report(yield* RunDiagnosis.diagnose({ runID: 4, timeZone })),
    RunHealth.report(yield* RunHealth.check({ timeZone })),
    RunInspection.report(yield* RunInspection.inspect({ runID: 3, timeZone })),
    RunInspection.report(yield* RunInspection.inspect({ runID: 3, node: "n1", timeZone })),
    RunList.report(yield* RunList.list({ timeZone, detail: true })),
    RunStatistics.report(yield* RunStatistics.summarize({ since: "3d", timeZone, groupBy: "job", tests: true }))
  ]
})

const mark = /…?\[(\d+) characters cut\]…?/g

/** The pieces of text from the API in a report: what is quoted, and names. */
const piecesOf = (report: Report.Report): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  JSON.stringify(report, (key, value: unknown) => {
    if ((key === "quote" || key === "name") && typeof value === "string") pieces.push(value)
    return value
  })
  return pieces
}

describe("a long text of the API", () => {
  it("is cut once on its way through facts and report, with the true count of what is missing", async () => {
    let cuts = 0
    await fc.assert(
      fc.asyncProperty(lengths, async (drawn) => {
        const texts = Object.fromEntries(names.map((name) => [name, longText(name, drawn[name])]))
        const told = await Effect.runPromise(
          Effect.andThen(TestClock.setTime(now), reports).pipe(
            Effect.provide(world(texts)),
            Effect.provide(TestClock.layer())
          )
        )
        for (const piece of told.flatMap(piecesOf)) {
          const marks = [...piece.matchAll(mark)]
          assert.isAtMost(marks.length, 1, piece)
          const [found] = marks
          if (found === undefined) continue
          cuts++
          const [head = "", tail = ""] = piece.split(found[0])
          // The key of a job without an id names its selector.
          const whole = Object.values(texts).flatMap((text) => [text, `refreshes of ${text}`]).find((text) =>
            text.startsWith(head) && text.endsWith(tail)
          )
          assert.isDefined(whole, piece)
          assert.strictEqual(head.length + tail.length + Number(found[1]), whole.length, piece)
        }
      }),
      { numRuns: 40, seed: 11 }
    )
    assert.isAbove(cuts, 100)
  }, 60_000)
})
