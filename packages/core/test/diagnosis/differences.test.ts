// What differs between the last success and the first failure, as a table of calls.
import { describe, expect, it } from "@effect/vitest"
import { differencesOf } from "../../src/diagnosis/differences.ts"
import { streakOf } from "../../src/diagnosis/history.ts"
import type * as Run from "../../src/Run.ts"
import { refresh, start } from "../support/hourly.ts"

type Fields = Partial<Run.RefreshRun>

const job = { environmentID: "3", jobID: 1 }
const details = (fields: Fields["runDetails"]): Fields => ({ runDetails: { ...job, ...fields } })
const completed = (id: number, fields: Fields = {}) => refresh(id, "completed", fields)
const failed = (fields: Fields = {}) => refresh(20, "failed", fields)

const between = (success: Fields, failure: Fields, ...before: ReadonlyArray<Run.Run>) =>
  differencesOf(streakOf(failed(failure), [completed(19, success), ...before]))

const kinds = (success: Fields, failure: Fields, ...before: ReadonlyArray<Run.Run>) =>
  between(success, failure, ...before).map(({ kind }) => kind)

describe("what differs between the last success and the first failure", () => {
  it("is nothing without a success, or between equal runs", () => {
    expect(differencesOf(streakOf(failed(), []))).toEqual([])
    const same = { ...details({ nodesInRun: 5, parallelism: 4 }), runTimeParameters: { A: 1 } }
    expect(between(same, same)).toEqual([])
  })

  it("is the selector of a refresh, with what it excludes", () => {
    const [all, some] = [details({}), details({ includeNodesSelector: "{ A }" })]
    const why = "The selected nodes changed between the last success 19 and the first failure 20"
    expect(between(all, some)).toEqual([{ kind: "selector", after: "{ A }", why }])
    expect(between(some, details({ includeNodesSelector: "{ A }", excludeNodesSelector: "{ B }" }))).toEqual([
      { kind: "selector", before: "{ A }", after: "{ A } except { B }", why }
    ])
    expect(between(details({ excludeNodesSelector: "{ B }" }), all)).toEqual([
      { kind: "selector", before: "except { B }", why }
    ])
    expect(between(details({ includeNodesSelector: "" }), all)).toEqual([])
  })

  it("is a number that both runs have", () => {
    expect(between(details({ nodesInRun: 5 }), details({ nodesInRun: 6 }))).toEqual([{
      kind: "nodeCount",
      before: 5,
      after: 6,
      why: "The number of nodes changed between the last success 19 and the first failure 20"
    }])
    expect(between(details({ parallelism: 5 }), details({ parallelism: 6 }))).toMatchObject([
      { kind: "parallelism", before: 5, after: 6, why: expect.stringContaining("The parallelism changed") }
    ])
    const [none, one] = [details({}), details({ nodesInRun: 5, parallelism: 5 })]
    expect([...kinds(none, one), ...kinds(one, none)]).toEqual([])
  })

  it("is neither the nodes nor the selector where one of the two is a re-run or a deploy", () => {
    const [before, after] = [details({ nodesInRun: 5 }), details({ nodesInRun: 6, includeNodesSelector: "{ A }" })]
    expect(kinds(before, after)).toEqual(["selector", "nodeCount"])
    const reRun = (fields: Fields): Fields => ({ ...fields, reRunID: completed(3).id })
    expect(kinds(reRun(before), after)).toEqual([])
    expect(kinds(before, reRun(after))).toEqual([])
    const deploy = (id: number, runStatus: Run.RunStatus, nodesInRun: number): Run.DeployRun => ({
      ...refresh(id, runStatus),
      runType: "deploy",
      runDetails: { environmentID: "3", nodesInRun, parallelism: nodesInRun }
    })
    expect(differencesOf(streakOf(deploy(20, "failed", 5), [deploy(19, "completed", 6)])).map(({ kind }) => kind))
      .toEqual(["parallelism"])
  })

  it("is a parameter, where both runs have parameters", () => {
    const of = (runTimeParameters: Run.Run["runTimeParameters"]): Fields =>
      runTimeParameters === undefined ? {} : { runTimeParameters }
    expect(between(of({ A: 1, B: 2 }), of({ A: 1, C: 3 }))).toEqual([{
      kind: "parameters",
      changes: { listed: [{ name: "B", before: "2" }, { name: "C", after: "3" }], more: 0 },
      why: "The environment's default parameters changed between the last success 19 and the first failure 20"
    }])
    expect([...kinds(of(undefined), of({ A: 1 })), ...kinds(of({ A: 1 }), of(undefined))]).toEqual([])
  })

  it("is a field of the sign-in, with the value of those that may be shown", () => {
    const of = (userCredentials: Run.Run["userCredentials"]): Fields =>
      userCredentials === undefined ? {} : { userCredentials }
    const why = "The sign-in to the database changed between the last success 19 and the first failure 20"
    expect(
      between(of({ snowflakeRole: "R", snowflakeUsername: "U" }), of({ snowflakeRole: "S", snowflakeUsername: "U" }))
    )
      .toEqual([{ kind: "credentials", fields: ["snowflakeRole"], why }])
    expect(between(of({ snowflakeAuthType: "OAuth", snowflakeRole: "R" }), of({ snowflakeWarehouse: "W" }))).toEqual([{
      kind: "credentials",
      fields: ["snowflakeAuthType", "snowflakeRole", "snowflakeWarehouse"],
      changes: [{ name: "snowflakeAuthType", before: "OAuth" }, { name: "snowflakeWarehouse", after: "W" }],
      why
    }])
    expect([...kinds(of(undefined), of({ snowflakeRole: "R" })), ...kinds(of({ snowflakeRole: "R" }), of(undefined))])
      .toEqual([])
  })
})

describe("what differs between most of the runs before", () => {
  /** Runs before the success at 19, from the latest on, with these numbers of nodes. */
  const before = (...counts: ReadonlyArray<number>) =>
    counts.map((nodesInRun, index) => completed(18 - index, details({ nodesInRun })))
  const isSuspect = (...rows: ReadonlyArray<Run.Run>) =>
    kinds(details({ nodesInRun: 5 }), details({ nodesInRun: 6 }), ...rows).includes("nodeCount")

  it("is no suspect: more than half of at most five pairs, and of two at least", () => {
    expect(isSuspect(...before(4))).toBe(true)
    expect(isSuspect(...before(4, 3))).toBe(false)
    expect(isSuspect(...before(4, 4))).toBe(true)
    expect(isSuspect(...before(4, 3, 3))).toBe(false)
    expect(isSuspect(...before(4, 4, 4, 4, 4, 3, 2, 1, 0))).toBe(true)
    expect(isSuspect(...before(5, 5, 5, 4, 3, 2, 1))).toBe(true)
    expect(isSuspect(...before(5, 5, 4, 3, 2, 2, 2))).toBe(false)
  })

  it("counts completed runs up to the success alone, without re-runs", () => {
    const others: ReadonlyArray<Fields> = [{ runStatus: "canceled" }, { reRunID: completed(3).id }]
    for (const fields of others) {
      const rows = before(4, 5, 4).map((run) => ({ ...run, ...fields }))
      expect(isSuspect(...rows, ...before(5, 5, 5, 5, 5).slice(3))).toBe(true)
    }
    // One that had not ended when the failure began is not before it.
    const overlapping = (id: number, nodesInRun: number): Run.RefreshRun => ({
      ...completed(id, details({ nodesInRun })),
      runStartTime: start(19),
      runEndTime: start(30)
    })
    const failure = refresh(23, "failed", details({ nodesInRun: 6 }))
    const rows = [overlapping(22, 4), overlapping(21, 3), completed(19, details({ nodesInRun: 5 })), ...before(5)]
    expect(differencesOf(streakOf(failure, rows)).map(({ kind }) => kind)).toEqual(["nodeCount"])
  })

  it("is told of each parameter by itself, and of selectors", () => {
    const parameters = (id: number, B: number) => completed(id, { runTimeParameters: { A: id, B, C: id } })
    const rows = [parameters(18, 1), parameters(17, 1), parameters(16, 1)]
    expect(between(parameters(19, 1), { runTimeParameters: { A: 20, B: 2, C: 20 } }, ...rows)).toMatchObject([
      { changes: { listed: [{ name: "B" }] } }
    ])
    const selecting = (id: number, selector: string) => completed(id, details({ includeNodesSelector: selector }))
    const changing = [selecting(18, "{ B }"), selecting(17, "{ C }")]
    expect(kinds(details({ includeNodesSelector: "{ A }" }), details({}), ...changing)).toEqual([])
    const steady = [selecting(18, "{ A }"), selecting(17, "{ A }")]
    expect(kinds(details({ includeNodesSelector: "{ A }" }), details({}), ...steady)).toEqual(["selector"])
  })
})
