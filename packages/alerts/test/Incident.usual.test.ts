import { RunBaseline, RunsClient, RunsInMemory } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { missing, night, play, type Step, told } from "./support/story.ts"

/**
 * What is usual for job 15: on forty nights, up to the second of November, it started at two o'clock. It failed on the last so
 * many of them, and on some of these a re-run completed.
 */
const nightly = (failed: number, saved: number) => {
  const runs = Array.from({ length: 40 }, (_, index) => 39 - index).flatMap((before) => {
    const row = (id: number, runStatus: string, minutes: number) => ({
      id,
      runType: "refresh",
      runStatus,
      runStartTime: DateTime.subtract(DateTime.makeUnsafe("2026-11-02T02:00Z"), { days: before, minutes: -minutes }),
      runEndTime: DateTime.subtract(DateTime.makeUnsafe("2026-11-02T02:05Z"), { days: before, minutes: -minutes }),
      runDetails: { environmentID: "3", jobID: 15, jobName: "Job 15" }
    })
    const first = row(1000 - before * 2, before < failed ? "failed" : "completed", 0)
    return before < saved ? [first, { ...row(first.id + 1, "completed", 10), reRunID: first.id }] : [first]
  })
  return RunsClient.list({ detail: true }).pipe(
    Stream.runCollect,
    Effect.map((all) => RunBaseline.fromRuns(all, { timeZone: "UTC" })),
    Effect.provide(RunsInMemory.layer({ runs }))
  )
}

describe("Incident, with what is usual", () => {
  it.effect("tells a job that is late, then missing, and its end: it ran, or is no longer in the window of the check", () =>
    Effect.gen(function*() {
      const checkBaseline = yield* nightly(0, 0)
      const late: ReadonlyArray<Step> = [
        [night("01:00"), { id: 9001, job: 16 }],
        [night("02:05"), "check"],
        [night("02:45"), "check"],
        [night("03:00"), "check"]
      ]
      expect(told(yield* play([...late, [night("03:05"), { id: 9002 }], [night("03:15"), "check"]], { checkBaseline })))
        .toEqual(["11-03 03:00 opened first late", "11-03 03:15 resolved gone late"])
      expect(
        told(
          yield* play([...late, [night("13:00"), "check"], [night("13:30"), "check"], [night("15:00"), "check"]], {
            checkBaseline
          })
        )
      )
        .toEqual([
          "11-03 03:00 opened first late",
          "11-03 13:00 updated worse missing",
          "11-03 15:00 resolved expired missing"
        ])
    }))

  it.effect("keeps a job quiet whose failures re-runs completed half the time, and no other", () =>
    Effect.gen(function*() {
      const steps: ReadonlyArray<Step> = [[night("02:00"), { id: 9001, error: missing }], [night("02:15"), "nothing"]]
      const saved = yield* nightly(6, 3)
      const notSaved = yield* nightly(6, 2)
      expect(told(yield* play(steps, { baseline: saved }))).toEqual(["11-03 02:15 opened first failures"])
      expect(told(yield* play(steps, { baseline: notSaved }))).toEqual(["11-03 02:00 opened first failures"])
      // Three failures show it, two do not, and nothing does of another job.
      const [three, two] = [yield* nightly(3, 2), yield* nightly(2, 2)]
      expect(told(yield* play(steps, { baseline: three, details: "brief" }))).toEqual([
        "11-03 02:15 opened first failures"
      ])
      expect(told(yield* play(steps, { baseline: two }))).toEqual(["11-03 02:00 opened first failures"])
      const other: ReadonlyArray<Step> = [[night("02:00"), { id: 9001, job: 16, error: missing }]]
      expect(told(yield* play(other, { baseline: saved }))).toEqual(["11-03 02:00 opened first failures"])
    }))
})
