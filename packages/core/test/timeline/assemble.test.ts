/** How a timeline stays within its limits. */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { Run, type RunBaseline, RunList, RunTimeline } from "../../src/index.ts"
import { assemble } from "../../src/timeline/assemble.ts"
import { at, refresh } from "../support/baseline.ts"
import { daily, window } from "../support/timeline.ts"

const night = window("2026-11-02T18:00:00Z", "2026-11-03T12:00:00Z")

const assembled = (runs: ReadonlyArray<Parameters<typeof refresh>[0]>) =>
  assemble({
    window: night,
    runs: runs.map((options) => RunList.fromRun(refresh(options))),
    baseline: undefined,
    matches: () => true
  })

describe("the limits of a timeline", () => {
  const start = at("2026-11-02T18:00:00Z")

  it("keeps 2,000 of 2,500 runs, those that did not complete first and then the latest, and counts the others", () => {
    const { found, jobs, more } = assembled(
      Array.from({ length: 2500 }, (_, index) => ({
        id: index + 1,
        start: start + index * 20_000,
        jobID: index % 10,
        ...(index < 40 ? { runStatus: "failed" } : {})
      }))
    )
    const shown = jobs.flatMap(({ runs }) => runs)
    assert.deepStrictEqual(found, { runs: 2500, deploys: 0 })
    assert.deepStrictEqual(more, { jobs: 0, runs: 500, deploys: 0 })
    assert.lengthOf(shown, RunTimeline.limits.runs)
    assert.lengthOf(shown.filter(({ runStatus }) => runStatus === "failed"), 40)
    assert.isTrue(shown.some(({ id }) => id === 2500))
    assert.isFalse(shown.some(({ id }) => id === 41))
    assert.strictEqual(jobs.reduce((sum, job) => sum + job.runs.length + job.more, 0), 2500)
  })

  it("keeps 200 of 230 jobs, those with failures first, in the order of their starts", () => {
    const { jobs, more } = assembled(
      Array.from({ length: 230 }, (_, index) => ({
        id: index + 1,
        start: start + index * 60_000,
        jobID: index,
        ...(index >= 220 ? { runStatus: "failed" } : {})
      }))
    )
    assert.lengthOf(jobs, RunTimeline.limits.jobs)
    assert.strictEqual(more.jobs, 30)
    assert.strictEqual(more.runs, 30)
    const ids = jobs.map(({ jobID }) => jobID ?? 0)
    assert.deepStrictEqual(ids, [...ids].sort((a, b) => a - b))
    assert.deepStrictEqual(ids.slice(-10), [220, 221, 222, 223, 224, 225, 226, 227, 228, 229])
  })

  it("keeps the runs of a job and the deploys in the order of their starts, those without one last", () => {
    const untimed = (id: number, runType: string): RunList.RunLine => ({
      id: Run.RunId.make(id),
      runType,
      runStatus: "waitingToRun",
      jobID: 1
    })
    const timed = (id: number, minutes: number, runType = "refresh"): RunList.RunLine => ({
      ...untimed(id, runType),
      runStatus: "completed",
      runStartTime: DateTime.makeUnsafe(start + minutes * 60_000)
    })
    const { deploys, jobs } = assemble({
      window: night,
      runs: [
        untimed(9, "refresh"),
        timed(3, 7),
        untimed(8, "refresh"),
        timed(2, 7),
        timed(4, 5),
        untimed(10, "deploy"),
        timed(6, 9, "deploy"),
        timed(5, 8, "deploy")
      ],
      baseline: undefined,
      matches: () => true
    })
    assert.deepStrictEqual(jobs.map(({ runs }) => runs.map(({ id }) => Number(id))), [[4, 2, 3, 8, 9]])
    assert.deepStrictEqual(deploys.map(({ id }) => Number(id)), [5, 6, 10])
  })

  it("keeps 100 of 120 deploys, and counts the others", () => {
    const { deploys, found, more } = assemble({
      window: night,
      runs: Array.from({ length: 120 }, (_, index) => ({
        id: Run.RunId.make(index + 1),
        runType: "deploy",
        runStatus: index < 5 ? "failed" : "completed",
        runStartTime: DateTime.makeUnsafe(start + index * 60_000),
        runEndTime: DateTime.makeUnsafe(start + index * 60_000)
      })),
      baseline: undefined,
      matches: () => true
    })
    assert.deepStrictEqual([found.deploys, more.deploys, deploys.length], [120, 20, 100])
    assert.deepStrictEqual(deploys.slice(3, 7).map(({ id }) => Number(id)), [4, 5, 26, 27])
  })

  it("orders jobs that start together by their number, and keeps those with more runs", () => {
    const together = assembled([10, 9, 100].map((jobID, index) => ({ id: index + 1, start, jobID })))
    assert.deepStrictEqual(together.jobs.map(({ jobID }) => jobID), [9, 10, 100])
    const { jobs } = assembled(
      Array.from({ length: 201 }, (_, index) => ({ id: index + 1, start: start + index, jobID: index % 200 }))
        .concat({ id: 300, start: start + 900, jobID: 900 }, { id: 301, start: start + 901, jobID: 900 })
    )
    const ids = jobs.map(({ jobID }) => jobID ?? 0)
    assert.deepStrictEqual([ids.length, ids.includes(0), ids.includes(900), ids.includes(199)], [
      200,
      true,
      true,
      false
    ])
  })

  it("adds the jobs of a baseline that usually start in the window and did not, of those that were asked for", () => {
    const of = (key: string, fields: object = {}): RunBaseline.Job => ({
      key,
      runType: "refresh",
      jobID: Number(key),
      runs: 20,
      days: [],
      ...daily("UTC"),
      ...fields
    })
    const { starts: _, ...irregular } = of("9")
    const asked: Array<RunBaseline.Usual> = []
    const { jobs } = assemble({
      window: night,
      runs: [],
      baseline: {
        version: 1,
        timeZone: "UTC",
        maxDays: 28,
        runs: 60,
        otherRuns: 0,
        truncated: false,
        days: [],
        unfinishedIDs: [],
        jobs: [
          of("7", { jobName: "Daily" }),
          of("8"),
          irregular,
          of("10", { runType: "deploy" }),
          of("11", { starts: { runs: 9 } })
        ]
      },
      matches: (job) => {
        asked.push(job)
        return job.jobID !== 8
      }
    })
    assert.deepStrictEqual(jobs.map(({ jobID, jobName, runType }) => [jobID, jobName, runType]), [[
      7,
      "Daily",
      "refresh"
    ]])
    assert.deepStrictEqual(asked.map(({ key, runType, runs }) => [key, runType, runs]), [["7", "refresh", 20], [
      "8",
      "refresh",
      20
    ]])
  })

  it("names the selector of a refresh without a job, and puts runs whose row does not say their job together", () => {
    const { jobs } = assembled([
      { id: 1, start, jobID: undefined, nodesInRun: undefined },
      { id: 2, start, jobID: undefined, nodesInRun: 3, includeNodesSelector: "{ A }" }
    ])
    assert.deepStrictEqual(jobs.map(({ key }) => key), ["refreshes of { A } in environment 3", "unknown job"])
    assert.deepStrictEqual(jobs.map(({ runType }) => runType), ["refresh", "refresh"])
  })
})
