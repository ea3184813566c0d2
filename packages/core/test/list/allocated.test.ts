import { assert, describe, it } from "@effect/vitest"
import { RunBaseline, RunStatistics } from "../../src/index.ts"
import { allocatedBy } from "../support/allocated.ts"
import { detailed } from "../support/statistics.ts"

const count = 20_000

const start = Date.UTC(2026, 9, 20)

/** Runs of 40 jobs on one day, of which those of four fail without a reason. */
const runs = Array.from({ length: count }, (_, id) =>
  detailed({
    id,
    status: id % 10 === 0 ? "failed" : "completed",
    start: start + id * 4000,
    millis: 1000 + id % 90_000,
    environment: String(id % 3),
    job: id % 40
  }))

const folds: ReadonlyArray<readonly [name: string, fold: (some: typeof runs) => unknown]> = [
  ["statistics by job", (some) => RunStatistics.fromRuns(some, { groupBy: "job" })],
  ["a baseline", (some) => RunBaseline.fromRuns(some, { timeZone: "UTC" })]
]

describe("what a fold throws away for each run", () => {
  // A key of its job for each run took more, as a list anew of the failed runs of a day does.
  it.each(folds)("is less than 400 bytes: %s", (_, fold) => {
    // Once, so that most of it is compiled. What is the same for half of the runs, such as the result, is not counted.
    fold(runs)
    const bytes = allocatedBy(() => fold(runs)) - allocatedBy(() => fold(runs.slice(0, count / 2)))
    assert.isBelow(bytes / (count / 2), 400)
  })
})
