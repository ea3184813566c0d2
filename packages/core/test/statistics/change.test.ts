import { assert, describe, it } from "@effect/vitest"
import { RunStatistics } from "../../src/index.ts"
import { detailed, type Sample, sample, summary } from "../support/statistics.ts"

describe("RunStatistics.change", () => {
  const byJob = (all: ReadonlyArray<Sample>, options: { maxGroups?: number; maxCauses?: number } = {}) =>
    RunStatistics.fromRuns(all.map(detailed), { groupBy: "job", ...options })
  const earlier = byJob([
    sample(1, "completed", { job: 7, millis: 100 }),
    sample(2, "failed", { job: 8, millis: 300, reason: "Division by zero" })
  ])
  const laterRuns = [
    sample(3, "failed", { job: 7, millis: 500, reason: "NULL result in a non-nullable column" }),
    sample(4, "failed", { job: 9, millis: 500, reason: "Statement reached its timeout" }),
    sample(5, "completed", { job: 7, millis: 500 })
  ]

  it("subtracts the earlier from the later, in all and per group", () => {
    const { groups, successRate, ...change } = RunStatistics.change(byJob(laterRuns), earlier)
    assert.closeTo(successRate ?? Number.NaN, 1 / 3 - 1 / 2, 1e-6)
    assert.deepStrictEqual<unknown>(change, {
      runs: 1,
      failed: 1,
      p50Millis: 500 - 100,
      p95Millis: 500 - 100,
      newCauses: ["statement reached its timeout", "null result in a non-nullable column"],
      goneCauses: ["division by zero"],
      newGroups: ["job 9 in no environment"],
      goneGroups: [{ key: "job 8 in no environment", jobID: 8, jobName: "Job 8", runType: "refresh" }]
    })
    assert.deepStrictEqual(groups, [
      { key: "job 7 in no environment", runs: 1, failed: 1, successRate: -0.5, p50Millis: 400, p95Millis: 400 }
    ])
  })

  it("compares no days, because they do not recur", () => {
    const day = RunStatistics.fromRuns([summary(sample(1, "completed"))], { groupBy: "day" })
    const change = RunStatistics.change(day, day)
    for (const key of ["groups", "newGroups", "goneGroups"]) assert.notProperty(change, key)
  })

  it("names nothing as new or gone that may only not be listed", () => {
    const change = RunStatistics.change(byJob(laterRuns, { maxGroups: 1, maxCauses: 1 }), earlier)
    for (const key of ["goneGroups", "goneCauses"]) assert.notProperty(change, key)
    assert.property(change, "newCauses")
    const back = RunStatistics.change(earlier, byJob(laterRuns, { maxGroups: 1, maxCauses: 1 }))
    for (const key of ["newGroups", "newCauses"]) assert.notProperty(back, key)
  })
})
