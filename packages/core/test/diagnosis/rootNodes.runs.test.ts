import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { failedIn } from "../../src/diagnosis/failedNodes.ts"
import { isOfNight, runsToSearch } from "../../src/diagnosis/rootNodes.ts"
import type * as Run from "../../src/Run.ts"
import { at, missing, node, run } from "../support/rootNodes.ts"

describe("the runs that are searched for a root", () => {
  const failed = (error: string) => failedIn([node("X", { error })])
  const ids = (error: string, rows: ReadonlyArray<Run.Run>) =>
    runsToSearch(run(9, { runStatus: "failed" }), failed(error), rows).map(({ id }): number => id)

  it("are of the same night, and at most 4", () => {
    const night = Array.from({ length: 6 }, (_, index) => run(index + 1, { runStatus: "failed", runEndTime: at(1) }))
    expect(ids(missing("S.T"), night)).toEqual([1, 2, 3, 4])
    const before = {
      runStartTime: DateTime.subtract(at(0), { hours: 19 }),
      runEndTime: DateTime.subtract(at(0), { hours: 18 })
    }
    expect(ids(missing("S.T"), [run(1, { ...before, runStatus: "failed" })])).toEqual([])
    expect(ids(missing("S.T"), [run(1, { runStartTime: at(40), runEndTime: at(50), runStatus: "failed" })])).toEqual([])
  })

  const hours = (start: number, end: number): Partial<Run.RefreshRun> => ({
    runStartTime: DateTime.add(at(0), { hours: start }),
    runEndTime: DateTime.add(at(0), { hours: end })
  })
  const lock = "Statement '01b9c0de' has locked table 'T' in transaction 1742 and this lock has not yet been released."
  const duplicate = "Duplicate row detected during DML action"

  it("are those at work beside it, those that did not complete, and for duplicates those that ended", () => {
    const { runEndTime: _, ...notEndedYet } = run(4, { ...hours(-3, 0), runStatus: "running" })
    const rows = [
      run(1, hours(-3, -2)),
      run(2, { ...hours(-3, -2), runStatus: "failed" }),
      run(3, hours(-3, 0)),
      notEndedYet
    ]
    expect(ids(lock, rows)).toEqual([3, 4])
    expect(ids(missing("S.T"), rows)).toEqual([2, 4, 3])
    expect(ids(duplicate, rows)).toEqual([3, 4, 1, 2])
    expect(ids("Division by zero", rows)).toEqual([3, 4])
    const deploy: Run.DeployRun = { ...run(5, hours(-3, -2)), runType: "deploy", runDetails: {} }
    expect(ids(duplicate, [deploy])).toEqual([])
    const oneOfTwo = failedIn([node("X", { error: "Division by zero" }), node("Z", { state: "error" })])
    expect(runsToSearch(run(9), oneOfTwo, rows).map(({ id }): number => id)).toEqual([3, 4])
    const both = failedIn([
      node("X", { error: missing("S.T") }),
      node("Y", { error: lock }),
      node("Z", { state: "error" })
    ])
    expect(runsToSearch(run(9), both, rows).map(({ id }): number => id)).toEqual([3, 4, 2])
  })

  it("began from 18 hours before it up to its end", () => {
    const own = run(9, hours(0, 1))
    const of = (start: number) => isOfNight(own, run(1, hours(start, start)))
    expect([of(-19), of(-18), of(0), of(1), of(2)]).toEqual([false, true, true, true, false])
    expect(isOfNight(own, own)).toBe(false)
    const { runEndTime: _, ...notEnded } = own
    expect(isOfNight(notEnded, run(1, hours(2, 3)))).toBe(true)
    // Where times are not known, they may be.
    const { runEndTime: _end, runStartTime: _start, ...waiting } = run(1)
    expect([isOfNight(own, waiting), isOfNight(notEnded, waiting)]).toEqual([false, true])
    const { runStartTime: _from, ...notStarted } = notEnded
    expect([isOfNight(notStarted, waiting), isOfNight(notStarted, run(1))]).toEqual([true, false])
    expect(runsToSearch(notEnded, failed(lock), [waiting]).map(({ id }): number => id)).toEqual([1])
    expect(runsToSearch(notStarted, failed(missing("S.T")), [{ ...waiting, runStatus: "waitingToRun" }])).toEqual([])
  })

  it("are none for a cause that no other run explains", () => {
    for (const error of ["JWT token is invalid.", "syntax error line 5 at position 10 unexpected 'FROM'."]) {
      expect(ids(error, [run(1), run(2, { runStatus: "failed" })])).toEqual([])
    }
  })
})
