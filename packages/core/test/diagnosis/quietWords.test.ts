import { assert, describe, it } from "@effect/vitest"
import type { Diagnosis, NoFailure } from "../../src/diagnosis/model.ts"
import { at, diagnosis, id, linesOf, nodes, quiet, recovery, run, sectionOf } from "../support/diagnosisFacts.ts"

const none = { listed: [], more: 0 }
const title = ", refresh of job 15 in env 3 (2026-11-03 02:00)"
const completed = (number: number) => run(number, { runStatus: "completed" })

describe("a window in which nothing failed", () => {
  const said = (noFailure: Partial<NoFailure>, fields: Partial<Diagnosis> = {}) =>
    linesOf(quiet(noFailure, fields)).filter((line) => !/^(?:Window|- |Next|.*:$)/.test(line))
  const headline = "No refresh failed in the window: 3 completed, 1 running."

  it("says so, and what ran, as far as it was read", () => {
    assert.deepStrictEqual(said({}), [headline])
    assert.deepStrictEqual(said({ truncated: true, failuresTruncated: true }, { filter: { runType: "deploy" } }), [
      "No deploy failed in the window, as far as it was read: at least 3 completed, 1 running."
    ])
    assert.deepStrictEqual(said({ statuses: [] }), [
      "No failed refresh was found in the window, of which not all runs are available."
    ])
  })

  it("says that nothing ran, what waits, and what is nearest", () => {
    const nothing = { outcome: "nothingRan" } as const
    const started = "No refresh started in the window, so none failed"
    assert.deepStrictEqual(said({}, nothing), [`${started}.`])
    assert.deepStrictEqual(said({ failuresTruncated: true }, nothing), [
      "No refresh started in the window, and none failed in it, as far as it was read."
    ])
    const waiting = { listed: [run(9, { runStatus: "waitingToRun" })], more: 0 }
    assert.deepStrictEqual(said({ waiting }, nothing), [
      `${started}, and run 9, refresh of job 15 in env 3, waits to start.`
    ])
    assert.deepStrictEqual(said({ nearest: { before: completed(7) } }, { ...nothing, filter: { jobID: 15 } }), [
      `${started}. The nearest refresh that matches jobID before the window is run 7 (refresh of job 15 in env 3, completed, 2026-11-03 02:00), 8 hours before it.`
    ])
  })

  it("says first what did not run, then which nodes failed, and counts failed tests", () => {
    const starts = { every: { minutes: 60, days: 9, weekdays: [1, 2, 3, 4, 5, 6, 7] }, runs: 200 }
    const job = { kind: "missing", runType: "refresh", jobID: 7, jobName: "Daily", environmentID: "3" } as const
    const failed = { run: run(9, { runStatus: "running" }), nodes: nodes() }
    const tests = { run: run(5), failedTests: { listed: [{ node: "A" }, { node: "B" }], more: 1 } }
    assert.deepStrictEqual(
      said({
        didNotRun: {
          listed: [job, { ...job, kind: "late" }, { ...job, kind: "stopped", starts, since: at("01:00:00") }],
          more: 2
        },
        failedNodes: [failed],
        dataTests: { checked: [], unchecked: 0, failures: [tests, tests] }
      }),
      [
        "1 of 12 nodes failed in run 9, whose status is running: ORDERS: \"Division by zero\" (divisionByZero 100051).",
        "\"Daily\" (job 7) in env 3 did not run: it usually does.",
        "\"Daily\" (job 7) in env 3 has not started yet: it usually does.",
        "\"Daily\" (job 7) in env 3 does not run any more: it started every 1h, on 9 days (200 starts), and last did at 2026-11-03 01:00.",
        "2 more jobs did not run though they usually do.",
        headline,
        "But 6 data tests failed."
      ]
    )
    const absent = (fields: object, more = 0) =>
      said({ didNotRun: { listed: [{ kind: "missing", runType: "refresh", ...fields }], more } })
    assert.deepStrictEqual(absent({}), ["A refresh did not run: it usually does.", headline])
    assert.deepStrictEqual(absent({ jobID: 7, starts }, 1), [
      "A refresh of job 7 did not run: it started every 1h, on 9 days (200 starts).",
      "1 more job did not run though it usually does.",
      headline
    ])
    const mute = nodes({ total: 1, groups: { listed: [], more: 0 } })
    assert.deepStrictEqual(
      said({ failedNodes: [{ ...failed, nodes: mute }] })[0],
      "1 of 1 node failed in run 9, whose status is running."
    )
    const one = { ...tests, failedTests: { listed: [{ node: "A" }], more: 0 } }
    assert.include(said({ dataTests: { checked: [], unchecked: 0, failures: [one] } }), "But 1 data test failed.")
  })
})

describe("the runs of a quiet window", () => {
  const titles = ["Failed, of the other type", "Still running", "Canceled", "Waiting, never started"]

  it("are listed by what became of them, with their reasons", () => {
    const listed = (number: number, fields = {}) => ({ listed: [run(number, fields)], more: number })
    const facts = quiet({
      failedOfOtherType: listed(1, { runFailureReason: "It broke" }),
      stillRunning: listed(2),
      canceled: listed(3),
      waiting: listed(4),
      ran: { listed: [completed(5), run(6, { runStatus: "running" })], more: 7 },
      olderFailure: run(8)
    })
    assert.deepStrictEqual(titles.map((title) => sectionOf(facts, title)), [
      [`- 1${title}: "It broke"`, "- and 1 more"],
      [`- 2${title}`, "- and 2 more"],
      [`- 3${title}`, "- and 3 more"],
      [`- 4${title}`, "- and 4 more"]
    ])
    assert.deepStrictEqual(sectionOf(facts, "Completed"), [`- 5${title}`, "- and 7 more"])
    assert.deepStrictEqual(sectionOf(facts, "Latest failure before the window, not diagnosed"), [`- 8${title}`])
    assert.deepStrictEqual(sectionOf(quiet({ stillRunning: listed(2), truncated: true }), "Still running").slice(1), [
      "- and at least 2 more"
    ])
    assert.deepStrictEqual(linesOf(quiet()).length, 2)
  })

  it("say how many had their data tests checked, and which failed", () => {
    const checked = (dataTests: Partial<NoFailure["dataTests"]>, truncated = false) =>
      linesOf(quiet({ dataTests: { checked: [], unchecked: 0, failures: [], ...dataTests }, truncated }))
        .find((line) => line.startsWith("Data tests"))
    assert.strictEqual(checked({ checked: [id(1), id(2)] }), "Data tests checked: in 2 completed runs")
    assert.strictEqual(
      checked({ checked: [id(1)], unchecked: 3 }),
      "Data tests checked: in 1 completed run; 3 more were not checked"
    )
    assert.strictEqual(
      checked({ unchecked: 3 }, true),
      "Data tests checked: in 0 completed runs; at least 3 more were not checked"
    )
    assert.isUndefined(checked({}))
    assert.isDefined(checked({ checked: [id(1)], unchecked: 1 }))
    const failures = [
      { run: run(5), failedTests: { listed: [{ node: "A", test: "unique" }], more: 2 } },
      { run: run(6), failedTests: { listed: [{ node: "B" }], more: 3 } }
    ]
    assert.deepStrictEqual(
      sectionOf(
        quiet({ dataTests: { checked: [], unchecked: 0, failures } }),
        "Failed data tests, which do not fail a run"
      ),
      ["- run 5, A: \"unique\"", "- run 6, B: a test", "- and 5 more"]
    )
  })

  it("are followed by the window, which excludes what has not started", () => {
    assert.strictEqual(
      linesOf(quiet()).at(-1),
      "Window: 2026-11-02 18:00 – 2026-11-03 08:00 UTC; it excludes runs that have not started"
    )
  })
})

describe("a run that was asked for and has not failed", () => {
  const said = (outcome: Diagnosis["outcome"], ofRun = {}, fields: Partial<Diagnosis> = {}) =>
    linesOf(diagnosis({ outcome, ...fields }, { runStatus: "completed", ...ofRun }))

  it("is told by its outcome", () => {
    const rest = ": refresh of job 15 in env 3, completed (2026-11-03 02:00), after 10m."
    const verdict = (outcome: Diagnosis["outcome"]) => said(outcome)[0]?.replace(rest, "")
    assert.strictEqual(verdict("completed"), "Run 9 completed, so it did not fail")
    assert.strictEqual(verdict("running"), "Run 9 has not ended, and has not failed so far")
    assert.strictEqual(verdict("waiting"), "Run 9 is waiting and never started, so it did not fail")
    assert.strictEqual(verdict("canceled"), "Run 9 was canceled, and did not fail by itself")
    assert.strictEqual(verdict("otherStatus"), "Run 9 has ended with a status that does not say how")
    assert.strictEqual(verdict("noneFailed"), "Run 9 did not fail")
    const { runEndTime: _, ...open } = run(9, { runStatus: "lost" })
    assert.strictEqual(
      linesOf({ ...diagnosis({ outcome: "otherStatus" }), run: open })[0],
      "Run 9 has a status that is not known here: refresh of job 15 in env 3, lost (2026-11-03 02:00)."
    )
    const { run: _run, ...runless } = diagnosis()
    assert.strictEqual(linesOf(runless)[0], "The diagnosis names no run.")
  })

  it("says which of its nodes have failed, and counts the others", () => {
    assert.deepStrictEqual(
      said("running", { runStatus: "running" }, { nodes: nodes({ running: 2, skipped: 1 }) }).slice(0, 2),
      [
        "1 of 12 nodes failed in run 9, whose status is running: ORDERS: \"Division by zero\" (divisionByZero 100051). It is refresh of job 15 in env 3 (2026-11-03 02:00), after 10m.",
        "12 nodes: 1 failed, 11 completed, 1 skipped, 2 running."
      ]
    )
    const fine = nodes({ failed: 0, total: 1, completed: 1, canceled: 2, unknown: 3, groups: { listed: [], more: 0 } })
    assert.match(said("completed", {}, { nodes: fine })[0] ?? "", /^Run 9 completed, so it did not fail: /)
    assert.strictEqual(said("completed", {}, { nodes: fine })[1], "1 node: 1 completed, 2 canceled, 3 unknown.")
    assert.strictEqual(
      said("completed", {}, { nodes: nodes({ failed: 0, total: 0, groups: none }) })[1],
      "Time zone: UTC"
    )
  })

  it("says of a canceled one whether it was made good", () => {
    const again = recovery({ state: "failedAgain", by: "reRun", run: run(10) })
    assert.strictEqual(
      said("canceled", {}, { recovery: again })[1],
      "Not recovered: re-run 10 (2026-11-03 02:00) failed."
    )
    assert.strictEqual(said("completed", {}, { recovery: again })[1], "Time zone: UTC")
  })
})
