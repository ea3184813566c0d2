import { assert, describe, it } from "@effect/vitest"
import type { Diagnosis, NoFailure } from "../../src/diagnosis/model.ts"
import { type Report, RunDiagnosis } from "../../src/index.ts"
import { at, diagnosis, group, history, nodes, quiet, recovery, run, window } from "../support/diagnosisFacts.ts"

const stepsOf = (facts: Diagnosis, options?: Report.Options) =>
  RunDiagnosis.report(facts, options).nextSteps.map(({ action, arguments: args, why }) => [action, args, why] as const)
const ends = { since: "2026-11-02T18:00:00Z", until: "2026-11-03T08:00:00Z" }
const filter = { environmentID: "3", projectID: "p", jobID: 15 } as const
const filters = { environmentID: "3", projectID: "p", jobID: "15" }

describe("the next steps of a failure", () => {
  const of = (fields: Partial<Diagnosis>, ofRun = {}) => stepsOf(diagnosis(fields, ofRun))
  const others = (fields: Partial<Diagnosis["otherFailures"]>): Partial<Diagnosis> => ({
    otherFailures: { listed: [run(8)], more: 0, truncated: false, ...fields }
  })
  const timeZone = "UTC"

  it("are none where nothing is left to do", () => {
    assert.deepStrictEqual(of({}), [])
  })

  it("are why it failed again, or since", () => {
    assert.deepStrictEqual(of({ recovery: recovery({ state: "failedAgain", run: run(10) }) }), [
      ["diagnose", { runID: 10, timeZone }, "why it failed again"]
    ])
    assert.deepStrictEqual(of({ recovery: recovery({ state: "relapsed", run: run(10), failedSince: run(11) }) }), [
      ["diagnose", { runID: 11, timeZone }, "why it failed since"]
    ])
    assert.deepStrictEqual(of({ recovery: recovery({ state: "failedAgain" }) }), [])
  })

  it("are the causes of the other failures of the window, and all of them", () => {
    const check = "the causes of the other failures"
    assert.deepStrictEqual(of({ ...others({ causes: { same: 0, other: 1, notKnown: 0 } }), window, filter }), [
      ["check", { ...ends, ...filters }, check]
    ])
    assert.deepStrictEqual(
      of({ ...others({ causes: { same: 0, other: 0, notKnown: 1 } }), window: { ...window, name: "last_night" } }),
      [["check", {}, check]]
    )
    assert.deepStrictEqual(of({ ...others({ causes: { same: 1, other: 0, notKnown: 0 } }), window }), [])
    assert.deepStrictEqual(of({ ...others({ more: 2 }), window, filter }), [
      ["list", { ...ends, ...filters, runType: "refresh", runStatus: "failed", limit: 200 }, "all that failed"]
    ])
    assert.include(of({ ...others({ more: 2 }), window, filter: { runType: "deploy" } })[0]?.[1], { runType: "deploy" })
  })

  it("are why the first of a streak failed, if not for the same cause", () => {
    const streak = (cause: "same" | "notKnown" | "different") =>
      of({ history: history({ firstFailure: run(5), comparedWithFirst: { cause } }) })[0]
    assert.deepStrictEqual(streak("different"), [
      "diagnose",
      { runID: 5, timeZone },
      "why the first failure of the streak failed"
    ])
    assert.deepStrictEqual([streak("same")?.[0], streak("notKnown")?.[0]], ["summarize", "summarize"])
  })

  it("are the nodes of several causes, or each night of the job", () => {
    const causes = (more: number) => ({ nodes: nodes({ groups: { listed: [group()], more } }), history: history() })
    assert.deepStrictEqual(of(causes(1)), [["inspect", { runID: 9, timeZone }, "its nodes, beside the last success"]])
    const week = { window: "last_7_days" }
    assert.deepStrictEqual(of(causes(0)), [
      ["summarize", { ...week, environmentID: "3", jobID: "15", groupBy: "day", timeZone }, "each night"]
    ])
    const summarized = (ofRun: object) => of({ history: history() }, ofRun)[0]?.[1]
    const old = summarized({ runStartTime: at("02:00:00", "01"), environmentID: "a\u0000b" })
    assert.notProperty(old, "environmentID")
    assert.deepInclude(of({ history: history(), diagnosedAt: at("02:00:00", "10") })[0]?.[1], {
      since: "2026-10-28",
      until: "2026-11-03"
    })
    assert.deepInclude(of({ history: history(), diagnosedAt: at("01:59:59", "10") })[0]?.[1], week)
    const { runStartTime: _start, jobID: _job, environmentID: _env, ...bare } = run(9)
    assert.deepStrictEqual(stepsOf({ ...diagnosis({ history: history() }), run: bare })[0]?.[1], {
      ...week,
      runType: "refresh",
      groupBy: "day",
      timeZone
    })
  })

  it("are first to retry what is unavailable, if that can help", () => {
    const part = { part: "results", error: "RequestTimeout", message: "No." } as const
    const unavailable = [{ ...part, isRetryable: false }, { ...part, isRetryable: true }]
    const why = "to retry what is unavailable"
    assert.deepStrictEqual(of({ unavailable }), [["diagnose", { runID: 9, timeZone }, why]])
    assert.deepStrictEqual(of({ unavailable: unavailable.slice(0, 1) }), [])
    const causes = nodes({ groups: { listed: [group()], more: 1 } })
    assert.deepStrictEqual(of({ unavailable, nodes: causes }).map(([action]) => action), ["diagnose", "inspect"])
    assert.deepStrictEqual(of({ unavailable, window, filter }), [["diagnose", { ...ends, ...filters }, why]])
    assert.deepStrictEqual(of({ unavailable, window, filter: { runType: "deploy" } }), [
      ["diagnose", { ...ends, runType: "deploy" }, why]
    ])
  })

  it("are three at most, each once, and name a zone that a call would not find", () => {
    const facts: Partial<Diagnosis> = {
      recovery: recovery({ state: "failedAgain", run: run(10), failedSince: run(10) }),
      ...others({ causes: { same: 0, other: 1, notKnown: 0 }, more: 2 }),
      history: history(),
      window
    }
    assert.deepStrictEqual(of(facts).map(([action]) => action), ["diagnose", "check", "list"])
    const zones = (fields: Partial<Diagnosis>, options?: Report.Options) =>
      stepsOf(diagnosis({ ...facts, ...fields }), options).map(([, args]) => args["timeZone"])
    assert.deepStrictEqual(zones({}), [undefined, undefined, undefined])
    assert.deepStrictEqual(zones({ window: { ...window, timeZoneSource: "given" } }), ["UTC", "UTC", "UTC"])
    assert.deepStrictEqual(zones({}, { timeZone: "Europe/Berlin" }), [
      "Europe/Berlin",
      "Europe/Berlin",
      "Europe/Berlin"
    ])
  })
})

describe("the next steps of a quiet window", () => {
  const none = { listed: [], more: 0 }
  const of = (noFailure: Partial<NoFailure>, fields: Partial<Diagnosis> = {}) => stepsOf(quiet(noFailure, fields))

  it("are what failed beside it, its data tests and an older failure", () => {
    const tests = { checked: [], unchecked: 0, failures: [{ run: run(5), failedTests: none }] }
    const failedOfOtherType = { listed: [run(4, { runType: "deploy" })], more: 0 }
    assert.deepStrictEqual(of({ failedOfOtherType, dataTests: tests, olderFailure: run(6) }), [
      ["diagnose", { runID: 4 }, "why this deploy failed"],
      ["diagnose", { runID: 5 }, "its data tests"],
      ["diagnose", { runID: 6 }, "why that older run failed"]
    ])
    assert.deepStrictEqual(of({ failedOfOtherType: { listed: [run(4)], more: 0 } }), [
      ["diagnose", { runID: 4 }, "why this run failed"]
    ])
    assert.deepStrictEqual(of({}), [])
  })

  it("are what ran lately, what else did not run, and how far a run is", () => {
    assert.deepStrictEqual(of({}, { outcome: "nothingRan", filter }), [
      ["list", { window: "last_7_days", ...filters }, "what ran lately"]
    ])
    assert.deepStrictEqual(of({ didNotRun: { listed: [], more: 2 } }, { filter }), [
      ["check", { ...ends, ...filters }, "what else did not run"]
    ])
    const [running, waiting] = [{ listed: [run(7)], more: 0 }, { listed: [run(8)], more: 0 }]
    assert.deepStrictEqual(of({ stillRunning: running, waiting }), [
      ["inspect", { runID: 7 }, "how far it is, at which nodes"]
    ])
    assert.deepStrictEqual(of({ waiting }), [["diagnose", { runID: 8 }, "how far it is"]])
  })
})

describe("the next step of a run that has not failed", () => {
  it("is what happened inside, or how far it is", () => {
    const of = (outcome: Diagnosis["outcome"]) => stepsOf(diagnosis({ outcome, window }))
    assert.deepStrictEqual(of("completed"), [["inspect", { runID: 9 }, "what happened inside, node by node"]])
    assert.deepStrictEqual(of("running"), [["inspect", { runID: 9 }, "how far it is, at which nodes"]])
    assert.deepStrictEqual(of("waiting"), [])
  })
})
