import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { RunStatistics, RunWindow } from "../../src/index.ts"
import { clientOver, type WireRun } from "../support/server.ts"

const minute = 60_000

/** A refresh of ten minutes; odd ids are of job 7. */
const run = (id: number, start: string, runStatus = "completed", reason?: string): WireRun => ({
  id,
  runType: "refresh",
  runStatus,
  environmentID: id % 2 === 0 ? "2" : "1",
  runStartTime: new Date(start).toISOString(),
  runEndTime: new Date(Date.parse(start) + 10 * minute).toISOString(),
  ...(id % 2 === 0 ? {} : { runDetails: { jobID: 7 } }),
  ...(reason === undefined ? {} : { runFailureReason: reason })
})

// London is one hour ahead of UTC, but from 01:00 UTC of 2026-10-25 on.
const history: ReadonlyArray<WireRun> = [
  run(1, "2026-10-23T16:59:59Z", "failed", "before both nights"),
  run(2, "2026-10-23T17:00:00Z"),
  run(3, "2026-10-24T01:00:00Z", "failed", "Division by zero"),
  run(4, "2026-10-24T07:59:59Z", "canceled"),
  run(5, "2026-10-24T08:00:00Z", "failed", "after nine in the morning"),
  run(6, "2026-10-24T17:00:00Z"),
  run(7, "2026-10-25T01:30:00Z", "failed", "Numeric value '3W' is not recognized"),
  run(8, "2026-10-25T08:59:00Z", "failed", "Numeric value '4X' is not recognized")
]

const morning = "2026-10-25T09:00:00Z"

const over = (runs: ReadonlyArray<WireRun>, options?: RunStatistics.SummarizeOptions) => {
  const { layer, log } = clientOver({ history: () => runs })
  return TestClock.setTime(Date.parse(morning)).pipe(
    Effect.andThen(RunStatistics.summarize(options)),
    Effect.map((summary) => ({ summary, requests: log.requests })),
    Effect.provide(layer)
  )
}

const timeZone = "Europe/London"

describe("RunStatistics.summarize", () => {
  it.effect("counts last night by default", () =>
    Effect.gen(function*() {
      const { requests, summary } = yield* over(history, { timeZone })
      assert.strictEqual(summary.window.name, "last_night")
      assert.strictEqual(summary.statistics.runs, 3)
      assert.strictEqual(summary.statistics.statusCounts.failed, 2)
      assert.deepStrictEqual(
        summary.statistics.causes.map((cause) => [cause.class, cause.failures, cause.firstRun.id, cause.lastRun.id]),
        [
          ["dataConversion", 2, 7, 8]
        ]
      )
      assert.notProperty(summary, "previous")
      // The second finds the jobs of the causes.
      assert.deepStrictEqual(
        requests.map((params) => [params.get("detail"), params.get("runStatus")]),
        [[null, null], ["true", "failed"]]
      )
    }))

  it.effect("takes a window, and the filters of the API", () =>
    Effect.gen(function*() {
      const window = yield* RunWindow.make({ since: "2026-10-23T00:00Z", until: "2026-10-25T00:00Z" })
      const { requests, summary } = yield* over(history, { window, environmentID: "1", runType: "refresh" })
      assert.deepStrictEqual(summary.window, window)
      assert.strictEqual(summary.statistics.runs, 3)
      assert.deepStrictEqual([requests[0]?.get("environmentID"), requests[0]?.get("runType")], ["1", "refresh"])
    }))

  it.effect("reads detailed refreshes of a job, and the reasons of those that failed", () =>
    Effect.gen(function*() {
      const { requests, summary } = yield* over(history, { window: "last_7_days", timeZone, jobID: 7 })
      assert.deepStrictEqual([summary.statistics.runs, summary.statistics.statusCounts.failed], [4, 4])
      assert.isTrue(summary.statistics.causes.every(({ message }) => message !== undefined))
      assert.isTrue(requests.every((params) => params.get("runType") === "refresh"))
      assert.include(requests.map((params) => params.get("detail")), "true")
    }))

  it.effect("groups by job", () =>
    Effect.gen(function*() {
      const { summary } = yield* over(history, { timeZone, groupBy: "job" })
      assert.deepStrictEqual(
        summary.statistics.groups?.map(({ statusCounts, jobID, key }) => [key, jobID, statusCounts.failed]),
        [
          ["refreshes of everything in environment 2", undefined, 1],
          ["job 7 in environment 1", 7, 1]
        ]
      )
    }))

  it.effect("groups by the days of the window's zone", () =>
    Effect.gen(function*() {
      const days = (timeZone: string) =>
        Effect.map(
          over([run(1, "2026-10-24T23:30:00Z")], { timeZone, window: "last_24_hours", groupBy: "day" }),
          ({ summary }) => summary.statistics.groups?.map(({ day }) => day)
        )
      assert.deepStrictEqual(yield* days("Europe/London"), ["2026-10-25"])
      assert.deepStrictEqual(yield* days("UTC"), ["2026-10-24"])
    }))

  it.effect("compares with the window before if asked to", () =>
    Effect.gen(function*() {
      const { requests, summary } = yield* over(history, { timeZone, compare: true, groupBy: "environment" })
      assert.strictEqual(summary.previous?.statistics.runs, 3)
      assert.deepStrictEqual(summary.previous?.window.until, DateTime.makeUnsafe("2026-10-24T08:00:00Z"))
      assert.deepStrictEqual(summary.change, {
        runs: 0,
        failed: 1,
        successRate: 1 / 3 - 1 / 2,
        p50Millis: 0,
        p95Millis: 0,
        newCauses: ["numeric value … is not recognized"],
        goneCauses: ["division by zero"],
        groups: [
          { key: "environment 2", runs: 0, failed: 1, successRate: -0.5, p50Millis: 0, p95Millis: 0 },
          { key: "environment 1", runs: 0, failed: 0, successRate: 0 }
        ],
        newGroups: [],
        goneGroups: []
      })
      assert.lengthOf(requests, 3)
      const json = JSON.stringify(Schema.encodeSync(RunStatistics.Summary)(summary))
      assert.deepStrictEqual(Schema.decodeUnknownSync(RunStatistics.Summary)(JSON.parse(json)), summary)
    }))

  it.effect("fails as the client does, and names an unknown zone", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(over(history, { timeZone: "Mars/Olympus" }))
      assert.strictEqual(error._tag, "InvalidQuery")
    }))
})
