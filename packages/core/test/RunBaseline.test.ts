import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
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

/** A copy for each value in a tree, which has an empty object in its place, and where that is. */
const damagedCopies = (value: unknown, path = ""): ReadonlyArray<readonly [path: string, copy: unknown]> => {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      damagedCopies(item, `${path}/${index}`).map(([path, copy]) => [path, value.with(index, copy)] as const)
    )
  }
  if (typeof value !== "object" || value === null) return [[path, {}]]
  return Object.entries(value).flatMap(([key, item]) =>
    damagedCopies(item, `${path}/${key}`).map(([path, copy]) => [path, { ...value, [key]: copy }] as const)
  )
}

/** Damages each value that is kept of something: the places, and those at which what is left is read all the same. */
const damages = <A, I>(schema: Schema.Codec<A, I>, value: A) => {
  const codec = Schema.toCodecJson(schema)
  const isRead = Schema.decodeUnknownOption(codec)
  const copies = damagedCopies(Schema.encodeSync(codec)(value))
  return {
    places: [...new Set(copies.map(([path]) => path.replaceAll(/\/\d+/g, "/n")))],
    read: copies.flatMap(([path, copy]) => Option.isSome(isRead(copy)) ? [path] : [])
  }
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

  it("is not read where any value of what was kept is damaged", () => {
    const nightly = nights("2026-11-02", 14, (day, index) =>
      refresh({
        id: 1 + index,
        start: at(`${day}T02:00:00Z`),
        runStatus: index < 2 ? "failed" : "completed",
        ...(index === 13 ? { reRunID: 1 } : {})
      }))
    const often = nights(
      "2026-11-02",
      14,
      (day, index) =>
        Array.from(
          { length: 24 },
          (_, hour) =>
            refresh({ id: 100 + 100 * index + hour, start: at(`${day}T00:00:00Z`) + hour * 3_600_000, jobID: 8 })
        )
    )
    const baseline = learn([...nightly, ...often.flat()])
    const window = {
      since: DateTime.makeUnsafe(at("2026-11-15T18:00:00Z")),
      until: DateTime.makeUnsafe(at("2026-11-16T12:00:00Z"))
    }
    const found = RunBaseline.deviations(baseline, [], window.until, window)
    const [ofBaseline, ofDeviations] = [
      damages(RunBaseline.Baseline, baseline),
      damages(Schema.Array(RunBaseline.Deviation), found)
    ]
    assert.deepStrictEqual([ofBaseline.read, ofDeviations.read], [[], []])
    assert.includeMembers(ofBaseline.places, [
      "/jobs/n/starts/times/n/at",
      "/jobs/n/starts/every/minutes",
      "/jobs/n/failed/savedByReRun",
      "/jobs/n/days/n/failedIDs/n"
    ])
    assert.includeMembers(ofDeviations.places, ["/n/kind", "/n/usual/nodes/p50"])
  })

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
