import { describe, expect, it } from "@effect/vitest"
import { historyOf, streakOf } from "../../src/diagnosis/history.ts"
import { recoveryOf } from "../../src/diagnosis/recovery.ts"
import { diagnosedRun } from "../../src/diagnosis/runs.ts"
import { touchableOf } from "../../src/diagnosis/suspectRank.ts"
import { suspectsOf } from "../../src/diagnosis/suspects.ts"
import * as Run from "../../src/Run.ts"
import { end, refresh, start } from "../support/hourly.ts"

// A run is a letter, the newest last: c completed, f failed, x canceled, r running; of job 1, an hour apart.
const statuses = { c: "completed", f: "failed", x: "canceled", r: "running" } as const

const deploy = (id: number, fields: Partial<Run.DeployRun> = {}): Run.DeployRun => ({
  id: Run.RunId.make(id),
  runType: "deploy",
  runStatus: "completed",
  runStartTime: start(id),
  runEndTime: end(id),
  runDetails: { environmentID: "3", deployCommit: "0a1b" },
  ...fields
})

const runsOf = (letters: string): ReadonlyArray<Run.RefreshRun> =>
  Array.from(
    letters,
    (letter, index) => refresh(index + 1, statuses[letter === "c" || letter === "f" || letter === "x" ? letter : "r"])
  )

const streak = (letters: string) => {
  const runs = runsOf(letters)
  const run = runs.at(-1)
  if (run === undefined) throw new Error("no run")
  return streakOf(run, runs.toReversed())
}

const told = (letters: string) => {
  const found = streak(letters)
  const history = historyOf(found, runsOf(letters).toReversed(), "all", new Map(), undefined)
  return [
    history.streakLength,
    history.firstFailure.id,
    history.lastSuccess?.id,
    history.canceledInStreak,
    history.earlierFailure?.run.id,
    history.searched.ended
  ]
}

const around = (rows: ReadonlyArray<Run.Run>, cause?: "same" | "different") => ({
  rows,
  reasons: new Map(),
  compared: cause && { cause },
  about: touchableOf([], undefined)
})

describe("the streak of failures", () => {
  const rows: ReadonlyArray<readonly [string, ReadonlyArray<unknown>]> = [
    ["f", [1, 1, undefined, 0, undefined, "all"]],
    ["cf", [1, 2, 1, 0, undefined, "found"]],
    ["cff", [2, 2, 1, 0, undefined, "found"]],
    ["cfcf", [1, 4, 3, 0, 2, "found"]],
    // A canceled run neither ends nor lengthens it, and one before the first failure belongs to no streak.
    ["cfxf", [2, 2, 1, 1, undefined, "found"]],
    ["cxfxxf", [2, 3, 1, 2, undefined, "found"]],
    ["cxf", [1, 3, 1, 0, undefined, "found"]],
    ["xf", [1, 2, undefined, 0, undefined, "all"]],
    // Nor does one that has not ended.
    ["cfrf", [2, 2, 1, 0, undefined, "found"]],
    ["fff", [3, 1, undefined, 0, undefined, "all"]]
  ]
  for (const [letters, expected] of rows) it(letters, () => expect(told(letters)).toEqual(expected))

  it("is of one job, and of one pair of selectors where there is no job", () => {
    const other = refresh(2, "completed", { runDetails: { environmentID: "3", jobID: 2 } })
    expect(streakOf(refresh(3, "failed"), [other, refresh(1, "completed")]).lastSuccess?.id).toBe(1)

    const selected = (id: number, status: Run.RunStatus, include: string, exclude?: string) =>
      refresh(id, status, {
        runDetails: {
          includeNodesSelector: include,
          ...(exclude === undefined ? {} : { excludeNodesSelector: exclude })
        }
      })
    const run = selected(9, "failed", "{ A }", "{ B }")
    const rows = [
      selected(8, "completed", "{ A }"),
      selected(7, "completed", "{ A }", "{ B }"),
      refresh(6, "completed")
    ]
    expect(streakOf(run, rows)).toMatchObject({ identity: { by: "selector" }, lastSuccess: { id: 7 } })
  })

  it("takes a re-run that names no job for a run of its original's", () => {
    const again = (id: number, of: number, status: Run.RunStatus) =>
      refresh(id, status, { reRunID: Run.RunId.make(of), runDetails: { environmentID: "3" } })
    const rows = [again(4, 3, "completed"), refresh(3, "failed"), refresh(2, "completed")]
    expect(streakOf(refresh(5, "failed"), rows).lastSuccess?.id).toBe(4)
    expect(streakOf(again(4, 3, "failed"), rows.slice(1))).toMatchObject({
      identity: { by: "job" },
      failures: 2,
      lastSuccess: { id: 2 }
    })
  })
})

describe("the default parameters of two runs", () => {
  const changes = (before: Record<string, unknown>, after: Record<string, unknown>) => {
    const failing = streakOf(refresh(2, "failed", { runTimeParameters: after }), [
      refresh(1, "completed", { runTimeParameters: before })
    ])
    return suspectsOf(failing, around([])).listed
  }

  it("are the same in another order of keys", () => {
    expect(changes({ A: { x: 1, y: [{ p: 1, q: 2 }] }, B: 2 }, { B: 2, A: { y: [{ q: 2, p: 1 }], x: 1 } })).toEqual([])
  })

  it("show no secret that lies deeper", () => {
    const suspects = changes(
      { CONFIG: { database: "A", login: { password: "hunter2" } } },
      { CONFIG: { database: "B", login: { password: "hunter3" }, url: "x?sas='hunter4'" } }
    )
    expect(suspects).toMatchObject([{
      changes: { listed: [{ name: "CONFIG", before: "{\"database\":\"A\",\"login\":{\"password\":\"(hidden)\"}}" }] }
    }])
    expect(JSON.stringify(suspects)).not.toContain("hunter")
  })
})

describe("another environment", () => {
  // The rows are of all environments where that of the run was not known when they were asked for.
  const elsewhere = { environmentID: "9", jobID: 1 }

  it("has no success of this one, nor a deploy to it", () => {
    const rows = [
      deploy(8, { runDetails: { environmentID: "9", deployCommit: "0a1b" } }),
      refresh(7, "completed", { runDetails: elsewhere }),
      deploy(6),
      refresh(5, "completed")
    ]
    const failing = streakOf(refresh(9, "failed"), rows)
    expect(failing.lastSuccess?.id).toBe(5)
    expect(suspectsOf(failing, around(rows)).listed).toMatchObject([{ kind: "deploy", run: { id: 6 } }])
    expect(
      recoveryOf(failing.run, failing.identity, [refresh(10, "completed", { runDetails: elsewhere })], false).state
    )
      .toBe("notYet")
    const deployed = streakOf(deploy(9, { runStatus: "failed" }), rows)
    expect(deployed.lastSuccess?.id).toBe(6)
  })
})

describe("the page of a run", () => {
  it("is one of the web, or none", () => {
    const link = (text: string) => diagnosedRun(refresh(1, "failed"), new Map(), text).runLink
    expect(link("https://app.example.com/runs/1")).toBe("https://app.example.com/runs/1")
    for (const text of ["javascript:alert(1)", "https://a b", "ftp://example.com", `https://${"a".repeat(600)}`]) {
      expect(link(text)).toBeUndefined()
    }
  })
})

describe("the recovery of a failed run", () => {
  const run = refresh(10, "failed")
  const { identity } = streakOf(run, [])
  const again = (id: number, status: Run.RunStatus, of = 10) => refresh(id, status, { reRunID: Run.RunId.make(of) })
  const after = (...later: ReadonlyArray<Run.Run>) => {
    const { by, laterRuns, reRuns, run: decisive, state } = recoveryOf(run, identity, later, false)
    return [state, by, decisive?.id, reRuns.listed.map(({ id }): number => id), laterRuns]
  }

  it("has the state of the best news", () => {
    expect(after()).toEqual(["notYet", undefined, undefined, [], 0])
    expect(after(again(11, "failed"))).toEqual(["failedAgain", "reRun", 11, [11], 0])
    expect(after(again(11, "failed"), again(12, "running"))).toEqual(["running", "reRun", 12, [12, 11], 0])
    expect(after(refresh(11, "completed"), again(12, "completed"))).toEqual(["recovered", "reRun", 12, [12], 1])
    expect(after(again(11, "failed"), refresh(12, "completed"))).toEqual(["recovered", "laterRun", 12, [11], 1])
    expect(after(again(11, "canceled"))).toEqual(["canceled", "reRun", 11, [11], 0])
    expect(after(again(11, "paused"))).toEqual(["running", "reRun", 11, [11], 0])
  })

  it("is undone by a failure after the success", () => {
    const failedSince = (...later: ReadonlyArray<Run.Run>) => recoveryOf(run, identity, later, false).failedSince?.id
    expect(failedSince(refresh(11, "completed"), refresh(12, "failed"))).toBe(12)
    expect(after(refresh(11, "completed"), refresh(12, "failed"))).toEqual(["relapsed", "laterRun", 11, [], 2])
    expect(failedSince(refresh(11, "completed"), refresh(12, "failed"), refresh(13, "canceled"))).toBe(12)
    expect(failedSince(refresh(11, "completed"), refresh(12, "failed"), refresh(13, "completed"))).toBeUndefined()
    expect(failedSince(refresh(11, "failed"), again(12, "completed"))).toBeUndefined()
    expect(failedSince(refresh(11, "failed"))).toBeUndefined()
  })

  it("follows re-runs of re-runs, and leaves those of others", () => {
    expect(after(again(11, "failed"), again(13, "completed", 11), again(14, "completed", 9))).toEqual(
      ["recovered", "reRun", 13, [13, 11], 1]
    )
  })
})

describe("suspects", () => {
  const kinds = (
    failing: ReturnType<typeof streakOf>,
    rows: ReadonlyArray<Run.Run>,
    cause?: "same" | "different"
  ) =>
    suspectsOf(failing, around(rows, cause)).listed.map((suspect) =>
      suspect.kind === "deploy" ? `deploy ${suspect.run.id}: ${suspect.why}` : suspect.kind
    )

  it("are the deploys between the last success and the first failure", () => {
    const failing = streakOf(refresh(9, "failed"), [refresh(7, "failed"), refresh(4, "completed")])
    const rows = [deploy(8), deploy(6), deploy(5, { runStatus: "failed" }), deploy(3)]
    expect(kinds(failing, rows, "same")).toEqual([
      "deploy 6: Deployed between the last success 4 and the first failure 7",
      "deploy 5: Failed between the last success 4 and the first failure 7; it may be applied in part"
    ])
    expect(kinds(failing, rows, "different")[0]).toBe(
      "deploy 8: Deployed between the first failure 7 and 9, which failed for another cause"
    )
  })

  it("are deploys that overlap either of the two", () => {
    const failing = streakOf(refresh(9, "failed", { runEndTime: end(12) }), [refresh(4, "completed")])
    expect(kinds(failing, [deploy(3, { runEndTime: end(5) }), deploy(10)])).toEqual([
      "deploy 10: Deployed while the first failing run 9 was running",
      "deploy 3: Deployed between the last success 4 and the first failure 9"
    ])
  })

  it("is the latest deploy alone where no success was found, and the rest is counted where there are many", () => {
    const failing = streakOf(refresh(9, "failed"), [])
    expect(kinds(failing, [deploy(8), deploy(7)])).toEqual(
      ["deploy 8: Deployed before the first failure 9 that was found"]
    )
    const many = streakOf(refresh(20, "failed"), [refresh(1, "completed")])
    const deploys = Array.from({ length: 9 }, (_, index) => deploy(index + 5))
    expect(suspectsOf(many, around(deploys))).toMatchObject({ listed: { length: 5 }, more: 4 })
  })

  it("are changes between the two runs, and no value of a secret among them", () => {
    const before = refresh(1, "completed", {
      runTimeParameters: { DATE: "1", GONE: [1], API_KEY: "old", SAME: { a: 1 } },
      userCredentials: { snowflakeRole: "A", snowflakeUsername: "ANNA" },
      runDetails: { environmentID: "3", jobID: 1, nodesInRun: 12, includeNodesSelector: "{ A }" }
    })
    const after = refresh(2, "failed", {
      runTimeParameters: { DATE: "2", API_KEY: "new", SAME: { a: 1 } },
      userCredentials: { snowflakeRole: "B", snowflakeUsername: "BERT" },
      runDetails: { environmentID: "3", jobID: 1, nodesInRun: 14, includeNodesSelector: "{ A } OR { B }" }
    })
    const { listed: suspects } = suspectsOf(streakOf(after, [before]), around([]))
    expect(suspects).toMatchObject([
      {
        kind: "parameters",
        changes: {
          listed: [
            { name: "API_KEY", before: "(hidden)", after: "(hidden)" },
            { name: "DATE", before: "\"1\"", after: "\"2\"" },
            { name: "GONE", before: "[1]" }
          ],
          more: 0
        }
      },
      { kind: "credentials", fields: ["snowflakeUsername", "snowflakeRole"] },
      { kind: "selector", before: "{ A }", after: "{ A } OR { B }" },
      { kind: "nodeCount", before: 12, after: 14 }
    ])
    expect(JSON.stringify(suspects)).not.toMatch(/ANNA|BERT|old|new/)
  })

  it("is not the number of nodes of a re-run, which may have run the failed ones alone", () => {
    const before = refresh(1, "completed", { runDetails: { jobID: 1, nodesInRun: 12 } })
    const after = refresh(3, "failed", { reRunID: Run.RunId.make(2), runDetails: { jobID: 1, nodesInRun: 1 } })
    expect(kinds(streakOf(after, [before]), [])).toEqual([])
  })
})
