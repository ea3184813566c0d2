import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { durationWords, failedWords, nodesWords, startsWords, timeWords } from "../../src/baseline/words.ts"
import { Report, Run, RunBaseline } from "../../src/index.ts"

const time = (fields: Partial<NonNullable<NonNullable<RunBaseline.Usual["starts"]>["times"]>[number]> = {}) => ({
  at: "02:00",
  timeZone: "UTC",
  fitsBothClocks: false,
  toleranceMinutes: 10,
  days: 12,
  daysDue: 14,
  streak: 14,
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  lateAfterMinutes: 30,
  earlyMinutes: 10,
  ...fields
})

describe("when a job usually starts", () => {
  it("is told by the time of the day, and on how many days it did", () => {
    assert.strictEqual(timeWords(time()), "started about 02:00 UTC on each of the last 14 nights")
    assert.strictEqual(timeWords(time({ streak: 3 })), "started about 02:00 UTC on 12 of the last 14 nights")
    assert.strictEqual(
      timeWords(time({ days: 1, daysDue: 1, streak: 1 })),
      "started about 02:00 UTC on each of the last 1 night"
    )
  })

  it.each([["07:59", "nights"], ["08:00", "days"], ["17:59", "days"], ["18:00", "nights"]])(
    "is at %s one of %s",
    (at, noun) => assert.isTrue(timeWords(time({ at })).endsWith(noun))
  )

  it.each<[weekdays: ReadonlyArray<number>, said: string]>([
    [[1, 2, 3, 4, 5], " (Mon to Fri)"],
    [[5, 6, 7], " (Fri to Sun)"],
    [[1, 2], " (Mon, Tue)"],
    [[1, 3, 5], " (Mon, Wed, Fri)"],
    [[4], " (Thu)"],
    [[6], " (Sat)"],
    [[1, 2, 3, 4, 5, 6, 7], ""]
  ])("says its days of the week: %j", (weekdays, said) => {
    assert.strictEqual(timeWords(time({ weekdays })), `started about 02:00 UTC on each of the last 14 nights${said}`)
  })

  it("is told by the interval, or by each of its times", () => {
    const every = { minutes: 90, days: 1, weekdays: [1, 2, 3, 4, 5] }
    assert.strictEqual(startsWords({ every, runs: 200 }), "started every 1h30m (Mon to Fri), on 1 day (200 starts)")
    const times = [time(), time({ at: "14:00" })]
    assert.strictEqual(
      startsWords({ times, runs: 28 }),
      "started about 02:00 UTC on each of the last 14 nights, started about 14:00 UTC on each of the last 14 days"
    )
    assert.strictEqual(startsWords({ runs: 28 }), "")
  })

  it("is told by the time that is nearest to an instant, over midnight too", () => {
    const near = (at: string, ...times: ReadonlyArray<string>) =>
      startsWords({ times: times.map((at) => time({ at })), runs: 28 }, DateTime.makeUnsafe(`2026-11-03T${at}:00Z`))
        .slice(14, 19)
    assert.strictEqual(near("03:00", "14:00", "02:00"), "02:00")
    assert.strictEqual(near("13:00", "02:00", "14:00"), "14:00")
    assert.strictEqual(near("23:50", "20:00", "00:10"), "00:10")
    assert.strictEqual(near("00:10", "04:00", "23:50"), "23:50")
    const paris = [time({ at: "02:00" }), time({ at: "03:30", timeZone: "Asia/Tokyo" })]
    const said = startsWords({ times: paris, runs: 28 }, DateTime.makeUnsafe("2026-11-03T18:00:00Z"))
    assert.include(said, "03:30 Asia/Tokyo")
  })
})

describe("what a job usually does", () => {
  it("says from how many runs it is known", () => {
    assert.strictEqual(
      durationWords({ p50Millis: 1_080_400, p95Millis: 1_500_000, runs: 26 }),
      "18m (p95 25m, 26 runs)"
    )
    assert.strictEqual(durationWords({ p50Millis: 1_080_000, runs: 1 }), "18m (1 run)")
    assert.strictEqual(nodesWords({ p50: 119.6, runs: 26 }), "120 nodes (26 runs)")
    assert.strictEqual(nodesWords({ p50: 1, runs: 1 }), "1 node (1 run)")
    const failed = { rate: 0, failed: 2, runs: 28, savedByReRun: 0 }
    assert.strictEqual(failedWords(failed), "2 of 28 runs failed")
    assert.strictEqual(
      failedWords({ ...failed, failed: 0, runs: 1, savedByReRun: 1 }),
      "none of 1 run failed, 1 saved by a re-run"
    )
  })
})

describe("the report of a baseline", () => {
  const job = (jobID: number, fields: Partial<RunBaseline.Job> = {}): RunBaseline.Job => ({
    key: String(jobID),
    runType: "refresh",
    jobID,
    runs: 20,
    days: [],
    ...fields
  })
  const baseline = (fields: Partial<RunBaseline.Baseline> = {}): RunBaseline.Baseline => ({
    version: 1,
    timeZone: "UTC",
    maxDays: 28,
    newestID: Run.RunId.make(9),
    runs: 60,
    otherRuns: 0,
    truncated: false,
    days: [],
    unfinishedIDs: [],
    jobs: [],
    ...fields
  })
  const linesOf = (fields: Partial<RunBaseline.Baseline>, options?: Report.Options) =>
    Report.toText(RunBaseline.report(baseline(fields), options)).split("\n")
  const duration = { p50Millis: 60_000, p95Millis: 60_000, longestMillis: 60_000, runs: 20 }

  it("says from which runs it was learned, and in whose zone", () => {
    assert.deepStrictEqual(linesOf({}), ["Learned from 60 runs of 0 jobs."])
    const [oldest, newest] = [DateTime.makeUnsafe("2026-10-01T02:00:00Z"), DateTime.makeUnsafe("2026-11-03T02:00:00Z")]
    assert.strictEqual(
      linesOf({ oldest, newest, runs: 1 })[0],
      "Learned from 1 run of 0 jobs, from 2026-10-01 02:00 to 2026-11-03 02:00 UTC."
    )
    assert.include(linesOf({ oldest, newest }, { timeZone: "Europe/Berlin" })[0], "2026-11-03 03:00 Europe/Berlin.")
    assert.deepStrictEqual([linesOf({ oldest })[0], linesOf({ newest })[0]], [linesOf({})[0], linesOf({})[0]])
  })

  it("says what was not read, and what is left out", () => {
    const left = (fields: Partial<RunBaseline.Baseline>) => linesOf(fields).slice(1)
    assert.deepStrictEqual(left({ truncated: "row_limit" }), [
      "Earlier runs of the last 28 days were not read: the most rows were reached."
    ])
    assert.deepStrictEqual(left({ truncated: "time_limit", otherRuns: 3 }), [
      "Earlier runs of the last 28 days were not read: the time was reached.",
      "3 runs of more than 0 jobs are left out."
    ])
  })

  it("tells the jobs with the most runs first, and counts the others", () => {
    const jobs = [job(1, { runs: 4 }), job(2, { duration }), job(3, { starts: { times: [time()], runs: 20 }, runs: 9 })]
    assert.deepStrictEqual(linesOf({ jobs }).slice(1), [
      "- refresh of job 2: no usual start; took 1m (p95 1m, 20 runs)",
      "- refresh of job 3: started about 02:00 UTC on each of the last 14 nights",
      "- refresh of job 1: 4 runs: too few to say what is usual"
    ])
    assert.strictEqual(linesOf({ jobs }, { bounds: { groups: 2 } }).at(-1), "- and 1 more job")
  })

  it("says all that is usual for a job", () => {
    const all = {
      starts: { times: [time()], runs: 20 },
      duration,
      nodes: { p50: 3, runs: 20 },
      failed: { rate: 0, failed: 1, runs: 20, savedByReRun: 0 }
    }
    assert.strictEqual(
      linesOf({ jobs: [job(1, all)] })[1],
      "- refresh of job 1: started about 02:00 UTC on each of the last 14 nights; took 1m (p95 1m, 20 runs); 3 nodes (20 runs); 1 of 20 runs failed"
    )
    const few = (runs: number) => linesOf({ jobs: [job(1, { runs, nodes: { p50: 3, runs } })] })[1]
    assert.deepStrictEqual([few(5), few(4)], [
      "- refresh of job 1: no usual start; 3 nodes (5 runs)",
      "- refresh of job 1: 3 nodes (4 runs)"
    ])
    assert.strictEqual(
      linesOf({ jobs: [job(1, { runs: 5 })] })[1],
      "- refresh of job 1: 5 runs: too few to say what is usual"
    )
  })
})
