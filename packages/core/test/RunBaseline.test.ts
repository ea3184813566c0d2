import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Run, RunBaseline, RunList } from "../src/index.ts"
import { at, nights, refresh } from "./support/baseline.ts"

const learn = (runs: ReadonlyArray<Run.Run>, options: RunBaseline.FoldOptions = {}) =>
  RunBaseline.fromRuns(runs, { timeZone: "Europe/London", ...options })

const only = (baseline: RunBaseline.Baseline): RunBaseline.Job => {
  const [job, ...others] = baseline.jobs
  assert.lengthOf(others, 0)
  if (job === undefined) throw new Error("no job")
  return job
}

describe("RunBaseline", () => {
  it("learns when a nightly job starts, how long it takes, its nodes and its failures", () => {
    const runs = nights("2026-11-02", 14, (day, index) =>
      refresh({
        id: 100 + index,
        start: at(`${day}T02:0${index % 3}:00Z`),
        seconds: 600 + 60 * (index % 2),
        runStatus: index === 3 ? "failed" : "completed"
      }))
    const reRun = refresh({ id: 200, start: at("2026-11-05T08:00:00Z"), seconds: 660, reRunID: 103 })
    const job = only(learn([...runs, reRun]))
    assert.strictEqual(job.runs, 15)
    assert.deepStrictEqual(
      job.starts?.times?.map(({ at, days, daysDue, streak, weekdays }) => ({
        at,
        days,
        daysDue,
        streak,
        weekdays
      })),
      [{ at: "02:01", days: 14, daysDue: 14, streak: 14, weekdays: [1, 2, 3, 4, 5, 6, 7] }]
    )
    assert.deepStrictEqual(job.duration, { p50Millis: 630_000, p95Millis: 660_000, longestMillis: 660_000, runs: 14 })
    assert.deepStrictEqual(job.nodes, { p50: 12, runs: 14 })
    assert.deepStrictEqual(job.failed, { rate: 1 / 14, failed: 1, runs: 14, savedByReRun: 1 })
  })

  it("says nothing of four runs", () => {
    const runs = nights("2026-11-02", 4, (day, index) => refresh({ id: 1 + index, start: at(`${day}T02:00:00Z`) }))
    const { days: _, key, runs: count, ...rest } = only(learn(runs))
    assert.strictEqual(key, "job 7 in environment 3")
    assert.strictEqual(count, 4)
    assert.deepStrictEqual(rest, { runType: "refresh", environmentID: "3", jobID: 7, jobName: "Nightly" })
  })

  it.effect("is folded from a stream by its sink, and encodes to JSON and back", () =>
    Effect.gen(function*() {
      const runs = nights("2026-11-02", 10, (day, index) => refresh({ id: 1 + index, start: at(`${day}T02:00:00Z`) }))
      const baseline = yield* Stream.run(Stream.fromIterable(runs), RunBaseline.sink({ timeZone: "UTC" }))
      assert.deepStrictEqual(baseline, RunBaseline.fromRuns(runs, { timeZone: "UTC" }))
      const codec = Schema.fromJsonString(RunBaseline.Baseline)
      const text = yield* Schema.encodeEffect(codec)(baseline)
      assert.deepStrictEqual(yield* Schema.decodeEffect(codec)(text), baseline)
    }))

  it("finds what is usual for a run, a line of it, and no summary", () => {
    const runs = nights("2026-11-02", 6, (day, index) => refresh({ id: 1 + index, start: at(`${day}T02:00:00Z`) }))
    const baseline = learn(runs)
    const [run] = runs
    if (run === undefined) throw new Error("no run")
    assert.strictEqual(RunBaseline.usual(baseline, run)?.duration?.runs, 6)
    assert.deepStrictEqual(RunBaseline.usual(baseline, RunList.fromRun(run)), RunBaseline.usual(baseline, run))
    const { runDetails: _, ...summary } = run
    assert.isUndefined(RunBaseline.usual(baseline, { ...summary, environmentID: "3" }))
  })

  it("tells a nightly that did not start", () => {
    const runs = nights("2026-11-02", 14, (day, index) => refresh({ id: 1 + index, start: at(`${day}T02:00:00Z`) }))
    const baseline = learn(runs)
    const window = {
      since: DateTime.makeUnsafe(at("2026-11-15T18:00:00Z")),
      until: DateTime.makeUnsafe(at("2026-11-16T12:00:00Z"))
    }
    const found = (now: string) =>
      RunBaseline.deviations(baseline, [], DateTime.makeUnsafe(at(now)), window).map(({ expectedAt, kind }) => [
        kind,
        expectedAt && DateTime.formatIso(expectedAt)
      ])
    assert.deepStrictEqual(found("2026-11-16T02:45:00Z"), [])
    assert.deepStrictEqual(found("2026-11-16T03:15:00Z"), [["late", "2026-11-16T02:00:00.000Z"]])
    assert.deepStrictEqual(found("2026-11-16T08:00:00Z"), [["missing", "2026-11-16T02:00:00.000Z"]])
  })
})
