// Whether later runs made a failure good, as tables of calls.
import { describe, expect, it } from "@effect/vitest"
import { type Checked, recoveryOf, runToCheck } from "../../src/diagnosis/recovery.ts"
import { identityOf } from "../../src/inspection/identity.ts"
import * as Run from "../../src/Run.ts"
import type { RunResult } from "../../src/RunResult.ts"
import { refresh, start } from "../support/hourly.ts"

const nodes = (nodesInRun: number) => ({ runDetails: { environmentID: "3", jobID: 1, nodesInRun } })
const reRun = (id: number, runStatus: Run.RunStatus, of = 10): Run.RefreshRun =>
  refresh(id, runStatus, { reRunID: Run.RunId.make(of) })

const failed = refresh(10, "failed", nodes(5))

const results = (states: Readonly<Record<string, "complete" | "error">>): ReadonlyArray<RunResult> =>
  Object.entries(states).map(([nodeID, runState]) => ({ nodeID, runState }))

const failedResults = results({ a: "complete", b: "error", c: "error" })

const recovery = (
  later: ReadonlyArray<Run.Run>,
  { checked, own, run = failed }: {
    readonly own?: ReadonlyArray<RunResult>
    readonly checked?: Checked
    readonly run?: Run.Run
  } = {}
) => recoveryOf(run, identityOf(run, later), later, false, own, checked)

const told = (...options: Parameters<typeof recovery>) => {
  const { by, heldFailedNodes, run, state } = recovery(...options)
  return [state, by, run?.id, heldFailedNodes]
}

describe("the recovery of a failed run", () => {
  it("is the best news of the later runs, the first of those", () => {
    const all = ["canceled", "failed", "running", "completed", "completed"].map((status, index) =>
      refresh(11 + index, status, nodes(5))
    )
    expect(told(all)).toEqual(["recovered", "laterRun", 14, undefined])
    expect(told(all.toReversed())).toEqual(["recovered", "laterRun", 14, undefined])
    expect(told(all.slice(0, 3))).toEqual(["running", "laterRun", 13, undefined])
    expect(told(all.slice(0, 2))).toEqual(["failedAgain", "laterRun", 12, undefined])
    expect(told(all.slice(0, 1))).toEqual(["canceled", "laterRun", 11, undefined])
    expect(told([])).toEqual(["notYet", undefined, undefined, undefined])
    const small = refresh(11, "completed", nodes(4))
    expect(told([small])).toEqual(["unconfirmed", "laterRun", 11, undefined])
    expect(told([small, refresh(12, "failed", nodes(5))])).toEqual(["failedAgain", "laterRun", 12, undefined])
    expect(told([small, refresh(12, "canceled", nodes(5))])).toEqual(["unconfirmed", "laterRun", 11, undefined])
    expect(told([refresh(11, "someday", { runEndTime: start(12) })])).toEqual(["canceled", "laterRun", 11, undefined])
  })

  it("counts later runs of the job, and lists at most 5 re-runs, the newest first", () => {
    const reRuns = Array.from({ length: 7 }, (_, index) => reRun(11 + index, "failed"))
    const other = refresh(30, "completed", { runDetails: { environmentID: "3", jobID: 2 } })
    const found = recovery([...reRuns, refresh(20, "failed"), refresh(21, "failed"), other])
    expect(found.reRuns.listed.map(({ id }) => id)).toEqual([17, 16, 15, 14, 13])
    expect(found.reRuns.more).toBe(2)
    expect(found.laterRuns).toBe(2)
    expect(found.searched).toEqual({ rows: 10, hasMore: false })
    // Without the job of the run only its re-runs are known to be of it.
    const { by, laterRuns, state } = recoveryOf(failed, undefined, [refresh(20, "completed"), reRuns[0] ?? other], true)
    expect([state, by, laterRuns]).toEqual(["failedAgain", "reRun", 0])
  })

  it("is one of a re-run of the same original, or of a re-run of a re-run", () => {
    const run = reRun(12, "failed", 9)
    expect(told([reRun(13, "completed", 9)], { run })).toEqual(["recovered", "reRun", 13, undefined])
    expect(told([reRun(13, "completed", 12)], { run })).toEqual(["recovered", "reRun", 13, undefined])
    expect(told([reRun(14, "completed", 13), reRun(13, "failed", 12)], { run })).toEqual([
      "recovered",
      "reRun",
      14,
      undefined
    ])
    const noJob = { runDetails: { environmentID: "3" } }
    const elsewhere = { ...reRun(13, "completed", 8), ...noJob }
    expect(told([elsewhere], { run })[0]).toBe("notYet")
  })

  it("needs the failed nodes, where the results of both runs are known", () => {
    const later = reRun(11, "completed")
    const checked = (states: Parameters<typeof results>[0]): Checked => ({ run: later, results: results(states) })
    const own = failedResults
    expect(told([later], { own, checked: checked({ b: "complete", c: "complete" }) })).toEqual([
      "recovered",
      "reRun",
      11,
      undefined
    ])
    expect(told([later], { own, checked: checked({ b: "complete", c: "error" }) })).toEqual([
      "unconfirmed",
      "reRun",
      11,
      false
    ])
    expect(told([later], { own, checked: checked({ b: "complete" }) })).toEqual(["unconfirmed", "reRun", 11, false])
    expect(told([later], { own, checked: { run: later, results: undefined } })).toEqual([
      "recovered",
      "reRun",
      11,
      undefined
    ])
    // Of a run without failed nodes nothing can be missing.
    expect(told([later], { own: results({ a: "complete" }), checked: checked({}) })).toEqual([
      "recovered",
      "reRun",
      11,
      undefined
    ])
    const notBeside = { own: results({ a: "complete" }), checked: { run: later, results: [] } }
    expect(told([refresh(12, "completed")], notBeside)).toEqual(["recovered", "laterRun", 12, undefined])
    // Of another run than the one that was checked its row must say so.
    const [same, smaller] = [refresh(12, "completed", nodes(5)), refresh(12, "completed", nodes(4))]
    const missing = checked({ b: "complete" })
    expect(told([later, same], { own, checked: missing })).toEqual(["recovered", "laterRun", 12, undefined])
    expect(told([later, smaller], { own, checked: missing })).toEqual(["unconfirmed", "reRun", 11, false])
    expect(told([smaller], { own, checked: missing })).toEqual(["unconfirmed", "laterRun", 12, false])
    expect(told([refresh(12, "completed")], { own, checked: missing })).toEqual([
      "unconfirmed",
      "laterRun",
      12,
      undefined
    ])
  })

  it("is undone by the latest run, if that failed", () => {
    const since = (...later: ReadonlyArray<Run.Run>) => {
      const { failedSince, state } = recovery(later)
      return [state, failedSince?.id]
    }
    const [good, bad] = [
      (id: number) => refresh(id, "completed", nodes(5)),
      (id: number) => refresh(id, "failed", nodes(5))
    ]
    expect(since(good(11), bad(12))).toEqual(["relapsed", 12])
    expect(since(bad(12), good(11))).toEqual(["relapsed", 12])
    expect(since(good(11), bad(12), good(13))).toEqual(["recovered", undefined])
    expect(since(good(11), bad(12), refresh(13, "running"))).toEqual(["relapsed", 12])
    expect(since(bad(11))).toEqual(["failedAgain", undefined])
    expect(since(refresh(11, "completed", nodes(4)), bad(12))).toEqual(["failedAgain", undefined])
  })
})

describe("the later run whose results are read", () => {
  const toCheck = (...later: ReadonlyArray<Run.Run>) => runToCheck(failed, identityOf(failed, later), later)?.id

  it("is the newest completed re-run, else the newest completed run", () => {
    expect(toCheck()).toBeUndefined()
    expect(toCheck(refresh(11, "failed"), reRun(12, "running"))).toBeUndefined()
    expect(toCheck(refresh(11, "completed"), refresh(12, "completed"))).toBe(12)
    expect(toCheck(reRun(11, "completed"), reRun(12, "completed"), reRun(13, "failed"), refresh(14, "completed"))).toBe(
      12
    )
  })

  it("is none, if the row of one says that it ran the failed nodes", () => {
    expect(toCheck(refresh(11, "completed", nodes(5)))).toBeUndefined()
    expect(toCheck(reRun(11, "completed"), refresh(12, "completed", nodes(6)))).toBeUndefined()
    expect(toCheck(refresh(11, "completed", nodes(4)))).toBe(11)
    expect(toCheck(refresh(11, "failed", nodes(5)), refresh(12, "completed", nodes(4)))).toBe(12)
  })
})
