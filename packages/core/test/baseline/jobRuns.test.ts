// Which runs stand beside which job of a baseline.
import { assert, describe, it } from "@effect/vitest"
import { jobRuns, startMinute } from "../../src/baseline/jobRuns.ts"
import { RunBaseline, RunList } from "../../src/index.ts"
import { at, nights, refresh } from "../support/baseline.ts"

const start = at("2026-11-02T02:00:00Z")
const run = (id: number, jobID: number, jobName?: string) =>
  refresh({ id, start, jobID, ...(jobName === undefined ? {} : { jobName }) })

const baseline = RunBaseline.fromRuns(nights("2026-10-02", 6, (_, index) => run(1 + index, 7)), { timeZone: "UTC" })

describe("the runs beside what is usual", () => {
  it("are those of each job that the baseline knows, then of those that it does not, by id and as lines", () => {
    const [first, second, other] = [run(20, 7), run(21, 7), run(22, 8)]
    const { runDetails: _, ...summary } = run(23, 7)
    const found = jobRuns(baseline, [second, other, first, summary, second, RunList.fromRun(run(19, 8))])
    assert.deepStrictEqual(found.map(({ identity, runs }) => [identity.jobID, runs.map(({ id }): number => id)]), [
      [7, [20, 21]],
      [8, [19, 22]]
    ])
    assert.deepStrictEqual(found[0]?.runs[0], RunList.fromRun(first))
    assert.strictEqual(found[0]?.job, baseline.jobs[0])
    assert.isUndefined(found[1]?.job)
  })

  it("give an unknown job the latest of its names", () => {
    const { runDetails, ...rest } = run(33, 8)
    const { jobName: _, ...nameless } = runDetails
    const runs = [run(31, 8, "Old"), run(32, 8, "New"), { ...rest, runDetails: nameless }]
    assert.strictEqual(jobRuns(baseline, runs)[1]?.identity.jobName, "New")
    assert.notProperty(jobRuns(baseline, [{ ...rest, runDetails: nameless }])[1]?.identity ?? {}, "jobName")
  })

  it("started in the minute that had begun", () => {
    assert.strictEqual(startMinute(refresh({ id: 1, start: start + 59_999 })), start / 60_000)
    assert.isUndefined(startMinute(refresh({ id: 1 })))
  })
})
