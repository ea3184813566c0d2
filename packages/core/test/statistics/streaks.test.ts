import { assert, describe, it } from "@effect/vitest"
import { RunStatistics } from "../../src/index.ts"
import { sample, summary } from "../support/statistics.ts"

describe("streaks of runs", () => {
  const streaksOf = (statuses: string) => {
    const names: Record<string, string> = { C: "completed", F: "failed", x: "canceled", r: "running" }
    const all = [...statuses].map((letter, index) => sample(index + 1, names[letter] ?? letter))
    return [all, all.toReversed()].map((all) => RunStatistics.fromRuns(all.map(summary)).streaks)
  }

  it.each([
    ["CFF", ["failed", 2, 2, 3], [2, 2, 3]],
    ["CFxF", ["failed", 2, 2, 4], [2, 2, 4]],
    ["FFCx", ["completed", 1, 3, 3], [2, 1, 2]],
    ["FFxrFCC", ["completed", 2, 6, 7], [3, 1, 5]],
    ["FFCFF", ["failed", 2, 4, 5], [2, 4, 5]],
    ["xr", undefined, undefined],
    ["C", ["completed", 1, 1, 1], undefined]
  ])("are found in %s", (statuses, current, longest) => {
    for (const streaks of streaksOf(statuses)) {
      const { current: now, inOrder, longestFailing } = streaks
      assert.isTrue(inOrder)
      assert.deepStrictEqual<unknown>(now && [now.runStatus, now.runs, now.firstRunID, now.lastRunID], current)
      assert.deepStrictEqual<unknown>(
        longestFailing && [longestFailing.runs, longestFailing.firstRunID, longestFailing.lastRunID],
        longest
      )
    }
  })

  it("follow the starts if the ids are in another order", () => {
    // From the newest start on: the run with the smaller id waited longer.
    const { streaks } = RunStatistics.fromRuns([
      summary(sample(5, "failed", { start: 9000 })),
      summary(sample(6, "completed", { start: 8000 }))
    ])
    assert.strictEqual(streaks.current?.runStatus, "failed")
  })

  it("follow the ids or the ends if the starts are in no order", () => {
    const at = (id: number, status: string, start: number, end: number) =>
      summary({ id, status, start, millis: end - start })
    const byID = [at(1, "completed", 30, 60), at(2, "failed", 10, 70), at(3, "failed", 20, 50)]
    const byEnd = [at(2, "completed", 30, 60), at(3, "failed", 10, 70), at(1, "failed", 20, 80)]
    for (const runs of [byID, byID.toReversed(), byEnd, byEnd.toReversed()]) {
      const { current, inOrder } = RunStatistics.fromRuns(runs).streaks
      assert.isTrue(inOrder)
      assert.deepStrictEqual([current?.runStatus, current?.runs], ["failed", 2])
    }
  })

  it("are not found in runs without an order", () => {
    const runs = [2, 1, 3].map((id) => summary(sample(id, "failed", { millis: 1 })))
    assert.deepStrictEqual(RunStatistics.fromRuns(runs).streaks, { inOrder: false })
  })
})
