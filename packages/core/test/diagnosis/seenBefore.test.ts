import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { streakOf } from "../../src/diagnosis/history.ts"
import {
  causeSinceOf,
  earlierFailures,
  reachesBack,
  runsToCompare,
  runToFollow,
  seenBeforeOf
} from "../../src/diagnosis/seenBefore.ts"
import * as Run from "../../src/Run.ts"

// A run a day: run 1 on the first of January 2026.
const start = (id: number) => DateTime.makeUnsafe(Date.UTC(2026, 0, id, 2))

const refresh = (id: number, runStatus: Run.RunStatus, fields: Partial<Run.RefreshRun> = {}): Run.RefreshRun => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus,
  runStartTime: start(id),
  runEndTime: DateTime.add(start(id), { minutes: 10 }),
  runDetails: { environmentID: "3", jobID: 1 },
  ...fields
})

const deploy = (id: number): Run.DeployRun => ({
  id: Run.RunId.make(id),
  runType: "deploy",
  runStatus: "completed",
  runStartTime: start(id),
  runDetails: { environmentID: "3", deployCommit: `c${id}` }
})

const same = "invalid identifier 'X'"
const other = "Division by zero"

const seen = (
  rows: ReadonlyArray<Run.Run>,
  reasons: Readonly<Record<number, string>>,
  {
    failed = [],
    followed,
    truncated = false
  }: {
    readonly failed?: ReadonlyArray<Run.Run>
    readonly followed?: { readonly run: Run.Run; readonly rows: ReadonlyArray<Run.Run> }
    readonly truncated?: boolean
  } = {}
) => {
  const streak = streakOf(refresh(200, "failed"), rows)
  const texts = new Map(Object.entries({ 200: same, ...reasons }).map(([id, text]) => [Number(id), text]))
  const failures = earlierFailures(streak, failed)
  return {
    streak,
    texts,
    failures,
    facts: seenBeforeOf(streak, failures, { rows, followed, truncated }, new Map(), texts)
  }
}

describe("whether a cause was seen before", () => {
  it("counts the failures of the same job in 90 days, without those of the streak", () => {
    const rows = [
      refresh(199, "failed"),
      refresh(198, "completed"),
      refresh(197, "failed"),
      refresh(196, "completed"),
      refresh(195, "failed", { runDetails: { environmentID: "3", jobID: 2 } }),
      refresh(194, "failed"),
      refresh(193, "failed")
    ]
    const { facts } = seen(rows, { 199: same, 197: same, 195: same, 194: other }, { failed: [refresh(100, "failed")] })
    expect(facts).toMatchObject({ failures: 3, same: 1, notKnown: 1, passed: 1, passedUnchanged: 1 })
    expect(facts?.occurrences.listed).toMatchObject([{ run: { id: 197 }, passed: { id: 198 }, by: "laterRun" }])
    expect(seen([refresh(198, "completed")], {}).facts).toBeUndefined()
  })

  it("says what came between the failure and the next success", () => {
    const between = [
      refresh(199, "completed"),
      refresh(198, "completed"),
      deploy(197),
      deploy(196),
      refresh(195, "failed")
    ]
    expect(seen(between, { 195: same }).facts?.occurrences.listed).toMatchObject([
      { passed: { id: 198 }, deploys: { listed: [{ id: 197 }, { id: 196 }], more: 0 } }
    ])
    const again = refresh(196, "completed", { reRunID: Run.RunId.make(195) })
    const reRun = [refresh(198, "completed"), deploy(197), again, refresh(195, "failed")]
    expect(seen(reRun, { 195: same }).facts).toMatchObject({
      passedOnReRun: 1,
      passedUnchanged: 1,
      occurrences: { listed: [{ passed: { id: 196 }, by: "reRun", deploys: { listed: [] } }] }
    })
  })

  it("names the nodes that failed of it, if their results were read", () => {
    const results = (name: string) => [{
      nodeID: name,
      name,
      runState: "error",
      queryResults: [{ success: false, error: { errorString: same } }]
    }, {
      nodeID: "OTHER",
      name: "OTHER",
      runState: "error",
      queryResults: [{ success: false, error: { errorString: other } }]
    }]
    const rows = [refresh(199, "completed"), refresh(198, "failed")]
    const { failures, streak } = seen(rows, {})
    const read = new Map([[200, results("NOW").slice(0, 1)], [198, results("THEN")]])
    const earlier = { rows, followed: undefined, truncated: false }
    expect(seenBeforeOf(streak, failures, earlier, read, new Map())?.occurrences.listed[0]?.nodes.listed).toEqual([
      "THEN"
    ])
  })

  it("does not take a success behind a gap in the rows for the next one", () => {
    const rows = [refresh(199, "completed")]
    const old = refresh(150, "failed")
    const before = seen(rows, { 150: same }, { failed: [old] })
    expect(before.facts?.occurrences.listed[0]).not.toHaveProperty("passed")
    expect(runToFollow(before.streak, before.failures, rows, before.texts)?.id).toBe(150)
    const followed = { run: old, rows: [deploy(151), refresh(152, "completed")] }
    expect(seen(rows, { 150: same }, { failed: [old], followed }).facts?.occurrences.listed).toMatchObject([
      { passed: { id: 152 }, deploys: { listed: [{ id: 151 }] } }
    ])
  })

  it("needs the node results of failures whose reasons name no cause: at most 4, 2 of them of the streak", () => {
    const rows = [
      ...[199, 198, 197, 196].map((id) => refresh(id, "failed")),
      refresh(195, "completed"),
      ...[194, 193, 192].map((id) => refresh(id, "failed"))
    ]
    const { failures, streak, texts } = seen(rows, { 199: "3 nodes failed", 193: same })
    expect(runsToCompare(streak, failures, texts).map(({ id }): number => id)).toEqual([199, 198, 194, 192])
  })

  it("reaches back 90 days, to the first failure, or says that it does not", () => {
    const { streak } = seen([], {})
    expect(reachesBack(streak, [refresh(199, "failed")], false)).toBe(true)
    expect(reachesBack(streak, [refresh(199, "failed")], true)).toBe(false)
    expect(reachesBack(streak, [refresh(199, "failed"), refresh(100, "failed")], true)).toBe(true)
  })
})

describe("since when a streak has its cause", () => {
  const rows = [199, 198, 197].map((id) => refresh(id, "failed"))
  const since = (reasons: Readonly<Record<number, string>>) => {
    const { failures, streak, texts } = seen([...rows, refresh(196, "completed")], reasons)
    const found = causeSinceOf(streak, failures, new Map(), texts)
    return found && [found.run.id, found.failures, found.isAtLeast]
  }

  it("is the first of the failures up to the run that all had it", () => {
    expect(since({ 199: same, 198: other, 197: same })).toEqual([199, 2, false])
    expect(since({ 199: other, 198: same, 197: same })).toEqual([200, 1, false])
    expect(since({ 199: same, 198: "3 nodes failed", 197: other })).toEqual([199, 2, true])
    expect(since({ 199: same, 198: same, 197: same })).toBeUndefined()
  })
})
