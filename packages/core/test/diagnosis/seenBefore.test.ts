// Long because it holds a row for each way in which a cause was there before.
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
import type { RunResult } from "../../src/RunResult.ts"

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

  it("takes the runs between the failure and the diagnosed run alone for what came after", () => {
    const old = refresh(150, "failed")
    const passed = (...rows: ReadonlyArray<Run.Run>) =>
      seen([refresh(199, "failed")], { 150: same }, { failed: [old], followed: { run: old, rows } }).facts
    expect(passed(refresh(201, "completed"))).toMatchObject({
      same: 1,
      passed: 0,
      passedUnchanged: 0,
      passedOnReRun: 0
    })
    expect(passed(refresh(151, "canceled"), refresh(152, "completed"))?.occurrences.listed).toMatchObject([
      { passed: { id: 152 } }
    ])
    // Rows that do not follow this failure say nothing of it.
    const older = refresh(149, "failed")
    const two = seen([refresh(199, "failed")], { 150: same, 149: same }, {
      failed: [old, older],
      followed: { run: old, rows: [refresh(151, "completed")] }
    })
    expect(two.facts).toMatchObject({ same: 2, passed: 1 })
  })

  it("counts a success without a deploy before it as unchanged, and a re-run of the failure as that", () => {
    const rows = [
      refresh(199, "completed"),
      refresh(198, "completed"),
      deploy(197),
      refresh(196, "failed"),
      refresh(195, "completed", { reRunID: Run.RunId.make(194) }),
      refresh(194, "failed")
    ]
    expect(seen(rows, { 196: same, 194: same }).facts).toMatchObject({
      same: 2,
      passed: 2,
      passedUnchanged: 1,
      passedOnReRun: 1
    })
  })

  it("counts completed deploys between the two alone", () => {
    const failed = refresh(190, "failed")
    const deploysOf = (...between: ReadonlyArray<Run.Run>) =>
      seen([refresh(199, "completed"), ...between, failed], { 190: same }).facts?.occurrences.listed[0]?.deploys.listed
        .map(({ id }): number => id)
    expect(deploysOf(deploy(195))).toEqual([195])
    expect(deploysOf({ ...deploy(195), runStatus: "failed" })).toEqual([])
    expect(deploysOf(refresh(195, "completed", { runDetails: { environmentID: "3", jobID: 2 } }))).toEqual([])
    // One with a greater id that started before the failure, and one that started after the success.
    expect(deploysOf({ ...deploy(195), runStartTime: start(189) })).toEqual([])
    expect(deploysOf({ ...deploy(195), runStartTime: start(200) })).toEqual([])
  })

  it("lists no deploy beside a deploy that passed", () => {
    const last: Run.DeployRun = { ...deploy(200), runStatus: "failed" }
    const first: Run.DeployRun = { ...deploy(196), runStatus: "failed" }
    // By its id the next, which began after another: only of a refresh do deploys between say what changed.
    const rows: ReadonlyArray<Run.Run> = [{ ...deploy(199), runStartTime: start(197) }, deploy(198), first]
    const streak = streakOf(last, rows)
    const texts = new Map([[200, same], [196, same]])
    const found = seenBeforeOf(
      streak,
      earlierFailures(streak, []),
      { rows, followed: undefined, truncated: false },
      new Map(),
      texts
    )
    expect(found?.occurrences.listed).toMatchObject([{ passed: { id: 198 }, deploys: { listed: [] } }])
  })

  describe("elsewhere", () => {
    const missing = (object: string) => `Object '${object}' does not exist or not authorized.`
    const failedNode = (name: string, error: string): RunResult => ({
      nodeID: name,
      name,
      runState: "error",
      queryResults: [{ success: false, error: { errorString: error } }]
    })
    const rows = [refresh(199, "completed"), refresh(198, "failed"), refresh(197, "failed"), refresh(196, "failed")]
    const elsewhere = (
      reasons: Readonly<Record<number, string>>,
      read: Readonly<Record<number, ReadonlyArray<RunResult>>> = {}
    ) => {
      const { failures, streak, texts } = seen(rows, { 200: missing("A.T"), ...reasons })
      const results = new Map(Object.entries(read).map(([id, nodes]) => [Number(id), nodes]))
      return seenBeforeOf(streak, failures, { rows, followed: undefined, truncated: false }, results, texts)?.elsewhere
    }

    it("lists failures of the same kind on other objects, which their reasons name", () => {
      expect(elsewhere({ 198: missing("A.T"), 197: missing("A.U"), 196: other })).toMatchObject({
        listed: [{ run: { id: 197 }, nodes: { listed: [] }, objects: { listed: ["A.U"], more: 0 } }],
        more: 0
      })
      // A value has no name: the message of a node, or of no reason at all.
      const value = (text: string) => [failedNode(text.toUpperCase(), `Numeric value '${text}' is not recognized`)]
      const nameless = { listed: [{ nodes: { listed: ["B"] }, objects: { listed: [], more: 0 } }] }
      expect(elsewhere({}, { 200: value("a"), 197: value("b") })).toMatchObject(nameless)
      expect(elsewhere({ 197: other }, { 200: value("a"), 197: value("b") })).toMatchObject(nameless)
    })

    it("prefers the objects and names of nodes that were read", () => {
      const read = {
        200: [failedNode("N", missing("A.T"))],
        // The last names no cause.
        197: [failedNode("U", missing("A.U")), failedNode("V", missing("A.V")), failedNode("W", "3 nodes failed")]
      }
      expect(elsewhere({ 197: missing("A.W") }, read)).toMatchObject({
        listed: [{ run: { id: 197 }, nodes: { listed: ["U", "V"] }, objects: { listed: ["A.U", "A.V"] } }]
      })
      expect(elsewhere({}, read)).toMatchObject({ listed: [{ objects: { listed: ["A.U", "A.V"] } }] })
    })
  })

  it("follows the latest of the failures that are older than the rows and may have the cause", () => {
    const follow = (rows: ReadonlyArray<Run.Run>, reasons: Readonly<Record<number, string>>, ...ids: Array<number>) => {
      const { failures, streak, texts } = seen(rows, reasons, { failed: ids.map((id) => refresh(id, "failed")) })
      return runToFollow(streak, failures, rows, texts)?.id
    }
    const rows = [refresh(199, "completed"), refresh(180, "failed")]
    expect(follow(rows, { 180: same })).toBeUndefined()
    expect(follow(rows, { 180: same, 170: other, 160: same }, 170, 160)).toBe(160)
    expect(follow(rows, { 180: same, 160: same }, 160, 170)).toBe(170)
    expect(follow(rows, { 170: other }, 170)).toBeUndefined()
  })

  it("needs the node results of failures whose reasons name no cause: at most 4, 2 of them of the streak", () => {
    const rows = [
      ...[199, 198, 197, 196].map((id) => refresh(id, "failed")),
      refresh(195, "completed"),
      ...[194, 193, 192].map((id) => refresh(id, "failed"))
    ]
    const { failures, streak, texts } = seen(rows, { 199: "3 nodes failed", 193: same })
    expect(runsToCompare(streak, failures, texts).map(({ id }): number => id)).toEqual([199, 198, 194, 192])
    const compared = (rows: ReadonlyArray<Run.Run>) => {
      const { failures, streak, texts } = seen(rows, {})
      return runsToCompare(streak, failures, texts).map(({ id }): number => id)
    }
    // Those of the first failure of the streak are read anyway.
    expect(compared([refresh(199, "failed"), refresh(198, "completed")])).toEqual([])
    const before = [197, 196, 195].map((id) => refresh(id, "failed"))
    expect(compared([refresh(199, "completed"), ...before])).toEqual([197, 196, 195])
    const six = [199, 198, 197, 195, 194, 193].map((id) => refresh(id, "failed"))
    expect(compared([...six, refresh(196, "completed")])).toEqual([199, 198, 195, 194])
  })

  it("reaches back 90 days, to the first failure, or says that it does not", () => {
    const { streak } = seen([], {})
    expect(reachesBack(streak, [refresh(199, "failed")], false)).toBe(true)
    expect(reachesBack(streak, [refresh(199, "failed")], true)).toBe(false)
    expect(reachesBack(streak, [refresh(199, "failed"), refresh(100, "failed")], true)).toBe(true)
  })
})

describe("the earlier failures of a run", () => {
  const ids = (run: Run.Run, rows: ReadonlyArray<Run.Run>, failed: ReadonlyArray<Run.Run>) =>
    earlierFailures(streakOf(run, rows), failed).map(({ id }): number => id)

  it("are those of its job, the latest first, before it and within 90 days", () => {
    const ofOther = refresh(190, "failed", { runDetails: { environmentID: "3", jobID: 2 } })
    const later = refresh(201, "failed")
    const run = refresh(200, "failed")
    expect(ids(run, [refresh(198, "failed")], [later, run, ofOther, refresh(150, "failed"), refresh(199, "failed")]))
      .toEqual([199, 198, 150])
    expect(ids(run, [], [refresh(110, "failed"), refresh(109, "failed")])).toEqual([110])
  })

  it("count where a start is not known", () => {
    const { runStartTime: _, ...notStarted } = refresh(200, "failed")
    const { runStartTime: _start, ...alsoNot } = refresh(199, "failed")
    expect(ids(notStarted, [alsoNot], [refresh(2, "failed")])).toEqual([199, 2])
    expect(ids(refresh(200, "failed"), [alsoNot], [])).toEqual([199])
    expect(reachesBack(streakOf(refresh(200, "failed"), []), [alsoNot], true)).toBe(false)
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

  it("is not said of a streak of two, nor by failures before the streak", () => {
    const of = (rows: ReadonlyArray<Run.Run>, reasons: Readonly<Record<number, string>>) => {
      const { failures, streak, texts } = seen(rows, reasons)
      return causeSinceOf(streak, failures, new Map(), texts)?.run.id
    }
    const success = refresh(197, "completed")
    expect(of([refresh(199, "failed"), success], { 199: other })).toBeUndefined()
    expect(of([refresh(199, "failed"), refresh(198, "failed"), success], { 199: same, 198: other })).toBe(199)
    const before = [refresh(199, "failed"), refresh(198, "failed"), success, refresh(196, "failed")]
    expect(of(before, { 199: same, 198: same, 196: other })).toBeUndefined()
  })
})
