import { assert, describe, it } from "@effect/vitest"
import type { Affected, Failures } from "../../src/health/model.ts"
import type { Report } from "../../src/index.ts"
import { affected, at, failures, id, linesOf, rowsOf, run, startless } from "../support/healthFacts.ts"

describe("a cause of one job", () => {
  const rowOf = (fields: Partial<Failures>, options?: Report.Options) => rowsOf(failures(fields), options)[0]
  const cause = "\"Division by zero\" (divisionByZero 100051)."

  it("is its run, whether it is new, whether it is over, and what failed", () => {
    assert.strictEqual(
      rowOf({}),
      `- 9, refresh of job 15 in env 3 (2026-11-03 02:00): new, has not run again. ${cause}`
    )
    const node = { nodeID: "n1", name: "ORDERS", stage: "Insert" }
    assert.include(rowOf({ node }), `. ORDERS: ${cause}`)
    assert.include(rowOf({ node: { nodeID: "n1" } }), `. n1: ${cause}`)
    assert.include(
      rowOf({ follows: { runID: id(3), node: "ORDERS" } }),
      `${cause} It follows from run 3, which did not make ORDERS.`
    )
    assert.include(rowOf({ runIDs: [id(9), id(8)] }), "has not run again (the latest of 2 with this cause). \"Division")
    const loop = { failures: 40, since: at("03:00:00"), everySeconds: 600 }
    assert.include(
      rowOf({ runIDs: [id(9), id(8)], affected: { listed: [affected(9, { loop })], more: 0 } }),
      ": failed 40 times since 2026-11-03 03:00, every 10m, has not run again. \"Division"
    )
  })

  it("names no cause where there is none, and its message or stage", () => {
    const { cause: _, ...none } = failures({ causeFrom: "none" })
    const said = (fields: Partial<Failures>) => rowsOf({ ...none, ...fields })[0]?.split("has not run again. ")[1]
    assert.strictEqual(said({}), "no message (no cause named).")
    assert.strictEqual(
      said({ node: { nodeID: "n1", stage: "Insert" } }),
      "n1: \"Insert\" failed without a message (no cause named)."
    )
    assert.strictEqual(
      said({ node: { nodeID: "n1", errorString: "undefined" } }),
      "n1: \"undefined\" (no cause named)."
    )
    const { code: _code, ...uncoded } = failures().cause ?? { class: "divisionByZero", key: "", message: "" }
    assert.strictEqual(rowOf({ cause: uncoded })?.split("again. ")[1], "\"Division by zero\" (divisionByZero).")
  })

  it.each<[streak: Affected["streak"], said: string]>([
    [undefined, ": has"],
    [{ failures: 1, truncated: true }, ": has"],
    [{ failures: 2, truncated: true }, ": failure 2 or later in succession, has"],
    [
      { failures: 2, truncated: false, since: at("01:00:00") },
      ": the 2nd failure in succession since 2026-11-03 01:00, has"
    ],
    [{ failures: 3, truncated: false }, ": the 3rd failure"],
    [{ failures: 4, truncated: false }, ": the 4th failure"],
    [{ failures: 10, truncated: false }, ": the 10th failure"],
    [{ failures: 11, truncated: false }, ": the 11th failure"],
    [{ failures: 12, truncated: false }, ": the 12th failure"],
    [{ failures: 13, truncated: false }, ": the 13th failure"],
    [{ failures: 14, truncated: false }, ": the 14th failure"],
    [{ failures: 21, truncated: false }, ": the 21st failure"],
    [{ failures: 111, truncated: false }, ": the 111th failure"],
    [{ failures: 122, truncated: false }, ": the 122nd failure"]
  ])("says which failure in succession it is: %j", (streak, said) => {
    const { streak: _, ...one } = affected(9)
    const listed = [{ ...one, ...(streak === undefined ? {} : { streak }) }]
    assert.include(rowOf({ affected: { listed, more: 0 } }), `(2026-11-03 02:00)${said}`)
  })

  it.each<[recovery: Affected["recovery"], said: string]>([
    [undefined, "whether it is over is not known"],
    [{ state: "recovered", by: "reRun", run: run(10) }, "recovered: re-run 10 (2026-11-03 02:00) completed"],
    [{ state: "recovered", by: "laterRun", run: run(10) }, "recovered: later run 10 (2026-11-03 02:00) completed"],
    [
      { state: "relapsed", by: "reRun", run: run(10), failedSince: run(11) },
      "not over: re-run 10 (2026-11-03 02:00) completed, but 11 failed after it"
    ],
    [{ state: "relapsed" }, "not over: a later run completed, but a later run failed after it"],
    [{ state: "running", by: "reRun", run: run(10) }, "not over yet: re-run 10 (2026-11-03 02:00) is running"],
    [{ state: "running", by: "reRun", run: startless }, "not over yet: re-run 9 (not started) is waiting"],
    [{ state: "running" }, "not over yet: a later run is running"],
    [{ state: "failedAgain" }, "not over: a later run failed too"],
    [{ state: "unconfirmed" }, "not known to be over: a later run completed, perhaps without the failed nodes"],
    [{ state: "canceled" }, "not over: a later run was canceled"]
  ])("says whether it is over: %j", (recovery, said) => {
    const { recovery: _, ...one } = affected(9)
    const listed = [{ ...one, ...(recovery === undefined ? {} : { recovery }) }]
    assert.include(rowOf({ affected: { listed, more: 0 } }), `: new, ${said}. "Division`)
  })

  it("says how many other causes its run has", () => {
    const of = (otherCauses: number) => rowOf({ affected: { listed: [affected(9, { otherCauses })], more: 0 } })
    assert.include(of(1), ": new, 1 other cause in this run, has")
    assert.include(of(2), ": new, 2 other causes in this run, has")
    assert.include(of(0), ": new, has")
  })
})

describe("a cause of several jobs", () => {
  const several = (fields: Partial<Failures>): Failures =>
    failures({
      runIDs: [id(9), id(8), id(7)],
      openRuns: 3,
      jobs: 3,
      notYet: 3,
      environments: ["3", "5"],
      since: at("02:00:00"),
      until: at("04:10:00"),
      affected: { listed: [affected(9), affected(8), affected(7)], more: 0 },
      ...fields
    })
  const cause = "\"Division by zero\" (divisionByZero 100051)."

  it("says once what holds for all jobs", () => {
    assert.deepStrictEqual(rowsOf(several({})), [
      `- 3 refreshes of 3 jobs in envs 3, 5 failed between 2026-11-03 02:00 and 04:10, all of one cause: ${cause} All are new. None has run again.`,
      "   9, refresh of job 15 in env 3 (2026-11-03 02:00)",
      "   8, refresh of job 15 in env 3 (2026-11-03 02:00)",
      "   7, refresh of job 15 in env 3 (2026-11-03 02:00)"
    ])
  })

  it("says of each job what does not hold for all", () => {
    const old = { streak: { failures: 2, truncated: false } }
    const listed = [affected(9, old), affected(8, { recovery: { state: "recovered" } }), affected(7)]
    const said = (recovered: number, notYet: number) =>
      rowsOf(several({ affected: { listed, more: 0 }, recovered, notYet }))
    assert.deepStrictEqual(said(1, 2).map((line) => line.slice(line.indexOf(cause) < 0 ? 0 : line.indexOf(cause))), [
      `${cause} 1 of 3 have recovered, 2 have not run again.`,
      "   9, refresh of job 15 in env 3 (2026-11-03 02:00): the 2nd failure in succession, has not run again",
      "   8, refresh of job 15 in env 3 (2026-11-03 02:00): new, recovered: a later run completed",
      "   7, refresh of job 15 in env 3 (2026-11-03 02:00): new, has not run again"
    ])
    assert.include(said(1, 1)[0], "1 of 3 have recovered, 1 has not run again.")
    assert.include(said(1, 0)[0], "1 of 3 have recovered.")
    const over = rowsOf(several({ affected: { listed, more: 0 }, recovered: 3, notYet: 0 }))
    assert.include(over[0], `${cause} All have recovered.`)
    assert.strictEqual(over[2], "   8, refresh of job 15 in env 3 (2026-11-03 02:00): new")
  })

  it.each<[what: string, fields: Partial<Failures>]>([
    ["a list that lacks some", { affected: { listed: [affected(9), affected(8)], more: 1 } }],
    ["a loop", {
      affected: { listed: [affected(9, { loop: { failures: 9, since: at("01:00:00"), everySeconds: 60 } })], more: 0 }
    }],
    ["a streak that is not known", {
      affected: { listed: [affected(9, { streak: { failures: 1, truncated: true } })], more: 0 }
    }],
    ["a run without a streak", { affected: { listed: [{ run: run(9), failures: 1 }], more: 0 } }]
  ])("does not say that all are new beside %s", (_, fields) => {
    assert.notInclude(rowsOf(several(fields))[0], "All are new.")
  })

  it("says when they failed, and the day once", () => {
    const when = (fields: Partial<Failures>) => /failed(.*), all of/.exec(rowsOf(several(fields))[0] ?? "")?.[1]
    assert.strictEqual(when({ until: at("02:00:40") }), " at 2026-11-03 02:00")
    assert.strictEqual(when({ since: at("22:00:00", "02") }), " between 2026-11-02 22:00 and 2026-11-03 04:10")
    const { since: _since, ...open } = several({})
    const { until: _until, ...closed } = several({})
    for (const one of [open, closed]) assert.include(rowsOf(one)[0], " failed, all of one cause")
  })

  it("names environments and objects, so many as there is room for", () => {
    const objects = { listed: ["ORDERS", "ITEMS"], more: 0 }
    assert.deepStrictEqual(rowsOf(several({ environments: ["3"], objects })).slice(0, 2), [
      `- 3 refreshes of 3 jobs in env 3 failed between 2026-11-03 02:00 and 04:10, all with one kind of error: ${cause} All are new. None has run again.`,
      "   about ORDERS, ITEMS"
    ])
    const [row, about] = rowsOf(several({ environments: ["3", "5", "7"], objects: { ...objects, more: 3 } }), {
      bounds: { names: 1 }
    })
    assert.include(row, "in envs 3 and 2 more failed")
    assert.strictEqual(about, "   about ORDERS and 4 more")
    assert.include(rowsOf(several({ environments: [] }))[0], "of 3 jobs failed between")
  })

  it("lists fewer jobs of later causes, and of the fourth its latest run alone", () => {
    const listed = [affected(9), affected(8), affected(7), affected(6), affected(5)]
    const many = several({ jobs: 7, notYet: 7, affected: { listed, more: 2 } })
    const lines = linesOf({ findings: [many, many, many, many] })
    const rows = lines.flatMap((line, index) => line.startsWith("- 3 refreshes") ? [index] : [])
    const lengths = rows.map((row, index) =>
      (rows[index + 1] ?? lines.findIndex((line) => line.startsWith("Window"))) - row - 1
    )
    assert.deepStrictEqual(lengths, [5, 3, 3, 0])
    assert.deepStrictEqual(lines.filter((line) => line.startsWith("   and ")), [
      "   and 3 more jobs",
      "   and 5 more jobs",
      "   and 5 more jobs"
    ])
    assert.strictEqual(
      lines[rows[3] ?? -1],
      `- 3 refreshes of 7 jobs (latest run 9): ${cause} None has run again.`
    )
    assert.include(rowsOf(several({ jobs: 4, notYet: 4 })), "   and 1 more job")
  })

  it("has less of the message of later causes", () => {
    const message = "x".repeat(400)
    const long = several({ cause: { class: "divisionByZero", key: "k", message } })
    const lengths = linesOf({ findings: [long, long, long, long] }, { bounds: { message: 200, shortMessage: 100 } })
      .flatMap((line) => line.startsWith("- 3 refreshes") ? [/"(.*)"/.exec(line)?.[1]?.length ?? 0] : [])
    assert.deepStrictEqual(lengths, [200, 100, 100, 40])
  })

  it("is of runs where it is of both types", () => {
    const typed = (...runTypes: ReadonlyArray<string>) => rowsOf(several({ runTypes }))[0]?.slice(0, 14)
    assert.deepStrictEqual(
      [typed("refresh"), typed("deploy"), typed("refresh", "deploy"), typed("other"), typed()],
      ["- 3 refreshes ", "- 3 deploys of", "- 3 runs of 3 ", "- 3 runs of 3 ", "- 3 runs of 3 "]
    )
  })

  it("that was not read is told by the jobs that no other cause hit", () => {
    const { cause: _, ...hidden } = several({ causeFrom: "notRead" })
    assert.deepStrictEqual(rowsOf(hidden), [
      "- 3 refreshes, of 3 jobs without another cause above",
      "   9, refresh of job 15 in env 3 (2026-11-03 02:00): new, has not run again",
      "   8, refresh of job 15 in env 3 (2026-11-03 02:00): new, has not run again",
      "   7, refresh of job 15 in env 3 (2026-11-03 02:00): new, has not run again"
    ])
    const listed = [affected(9), affected(8), affected(7), affected(6)]
    assert.strictEqual(rowsOf({ ...hidden, jobs: 5, affected: { listed, more: 1 } }).at(-1), "   and 2 more jobs")
    assert.lengthOf(linesOf({ findings: [{ ...hidden, jobs: 0 }] }).filter((line) => line.startsWith("- ")), 0)
  })
})
