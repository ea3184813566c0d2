/** Long because each sentence of a failure has its case. */
import { assert, describe, it } from "@effect/vitest"
import type { History, Recovery } from "../../src/diagnosis/historyModel.ts"
import type { Diagnosis } from "../../src/diagnosis/model.ts"
import type { Root } from "../../src/diagnosis/rootModel.ts"
import type { SeenBefore } from "../../src/diagnosis/seenModel.ts"
import type { FailureCause } from "../../src/index.ts"
import {
  at,
  cause,
  deploy,
  diagnosis,
  group,
  history,
  id,
  lineOf,
  linesOf,
  nodes,
  recovery,
  run
} from "../support/diagnosisFacts.ts"

const headlineOf = (...facts: Parameters<typeof diagnosis>) => linesOf(diagnosis(...facts))[0] ?? ""

const named = "Run 9 failed: refresh of job 15 in env 3 (2026-11-03 02:00)"
const unread = "Recovery: not known, as the later runs are unavailable."
const division = "ORDERS: \"Division by zero\" (divisionByZero 100051)"

describe("the headline of a failure", () => {
  it("says what failed and why, whether it is over, and what to look at", () => {
    assert.strictEqual(
      headlineOf({ nodes: nodes(), recovery: recovery() }),
      `${named}: ${division}. Not recovered yet: it was not run again. Look at: the divisor in the node's SQL, and new rows where it is 0.`
    )
    assert.strictEqual(
      headlineOf(),
      `${named}: no message says why. ${unread} Look at: the run in Coalesce, as nothing here says why.`
    )
  })

  it("says why in the words of the nodes or, where they say nothing, of the run", () => {
    const said = (...facts: Parameters<typeof diagnosis>) =>
      headlineOf(...facts).slice(named.length + 2).replace(/\. Recovery: .*/, "")
    const mute = group({ key: "", class: "unknown", first: { nodeID: "n1", stage: "Insert" } })
    const of = (...listed: ReadonlyArray<ReturnType<typeof group>>) => ({
      nodes: nodes({ groups: { listed, more: 0 } })
    })
    assert.strictEqual(said(of(group({ count: 3 }))), "ORDERS and 2 more: \"Division by zero\" (divisionByZero 100051)")
    assert.strictEqual(said(of(mute)), "n1: stage \"Insert\" failed without a message (no cause named)")
    assert.strictEqual(
      said(of(group({ key: "", first: { nodeID: "n1" } }))),
      "n1: it failed without a message (no cause named)"
    )
    assert.strictEqual(
      said(of(group({ key: "", first: { nodeID: "n1", errorString: "undefined" } }))),
      "n1: \"undefined\" (no cause named)"
    )
    const reason = { runFailureReason: "Statement 12 timed out" }
    assert.strictEqual(said(of(mute), reason), "\"Statement 12 timed out\"")
    assert.strictEqual(said({}, reason), "\"Statement 12 timed out\"")
    assert.strictEqual(said(of(group()), reason), division)
    const { code: _, ...uncoded } = cause
    assert.strictEqual(said({}, { ...reason, cause }), "\"Division by zero\" (divisionByZero 100051)")
    assert.strictEqual(said({}, { ...reason, cause: uncoded }), "\"Division by zero\" (divisionByZero)")
  })

  it("names the nodes whose ids a reason names", () => {
    const facts = diagnosis(
      { nodeNames: [{ nodeID: "n1", name: "ORDERS" }, { nodeID: "n2", name: "ITEMS" }] },
      {
        runFailureReason:
          "GraphExecutor halted and finished; encountered failures for node(s): [n1, n3]; no nodes skipped"
      }
    )
    assert.include(linesOf(facts)[0], "skipped\" (failed: ORDERS and 1 more). Recovery")
    const { nodeNames: _, ...nameless } = facts
    const other = { ...facts, nodeNames: [{ nodeID: "n2", name: "ITEMS" }] }
    assert.strictEqual(linesOf(other)[0], linesOf(nameless)[0])
    assert.include(
      headlineOf({ nodeNames: [{ nodeID: "n1", name: "ORDERS" }] }, { cause }),
      "\"Division by zero\" (division"
    )
  })

  it("says of a re-run what it ran again, and whether that failed alike", () => {
    const reRun = { reRunID: id(7) }
    assert.include(headlineOf({}, reRun), "02:00), a re-run of 7: no")
    const original = (fields: object) =>
      headlineOf({}, { ...reRun, original: { run: run(7), compared: { cause: "same", ...fields } } })
    assert.include(original({}), ", a re-run of 7 (2026-11-03 02:00), with the same cause: no")
    assert.include(original({ cause: "partly" }), ", with partly the same cause: no")
    assert.include(original({ cause: "sameKind" }), ", with the same kind of error on another object: no")
    assert.include(original({ cause: "different" }), ", with another cause: no")
    assert.include(original({ cause: "notKnown" }), ", with a cause that cannot be compared: no")
  })

  it("counts the other failures of the window, by whether they have this cause", () => {
    const of = (fields: Partial<Diagnosis["otherFailures"]>, rest: Partial<Diagnosis> = {}) =>
      headlineOf({ otherFailures: { listed: [run(8)], more: 1, truncated: false, ...fields }, ...rest })
    assert.isTrue(of({}).endsWith("why. The latest of 3 failed refreshes."))
    assert.isTrue(
      of({ truncated: true }, { filter: { runType: "deploy" } }).endsWith("The latest of at least 3 failed deploys.")
    )
    assert.isTrue(of({ causes: { same: 0, other: 2, notKnown: 0 } }).endsWith("The latest of 3 failed refreshes."))
    assert.isTrue(
      of({ causes: { same: 2, other: 0, notKnown: 0 } }).startsWith("All 3 failed refreshes have one cause. Run 9")
    )
    assert.isTrue(
      of({ truncated: true, causes: { same: 2, other: 0, notKnown: 0 } }).startsWith(
        "3 of at least 3 failed refreshes have the cause of run 9. Run 9"
      )
    )
    assert.isTrue(
      of({ more: 3, causes: { same: 1, other: 1, notKnown: 2 } }).startsWith(
        "2 of 5 failed refreshes have the cause of run 9, 1 another, 2 one that is not known. Run 9"
      )
    )
    assert.isTrue(headlineOf().startsWith(named))
  })
})

describe("what the nodes of a failed run did", () => {
  const counted = (fields: Parameters<typeof nodes>[0], ofRun = {}) =>
    linesOf(diagnosis({ nodes: nodes(fields) }, ofRun))[1]

  it("is counted, with how many causes, and how long the run took", () => {
    assert.strictEqual(linesOf(diagnosis())[1], "Which nodes failed is not known, as the node results are unavailable.")
    assert.strictEqual(counted({ total: 0 }), "The run has no node results.")
    assert.strictEqual(counted({}), "1 of 12 nodes failed.")
    assert.strictEqual(counted({ total: 1 }), "1 of 1 node failed.")
    const groups = { listed: [group(), group({ key: "" })], more: 2 }
    assert.strictEqual(
      counted({ failed: 6, groups, withoutCause: 1, skipped: 2, unknown: 1 }),
      "6 of 12 nodes failed for 3 causes, 1 without a named cause, 2 blocked by them did not run, 1 in an unknown state."
    )
    assert.strictEqual(counted({}, { durationMillis: 602_400 }), "1 of 12 nodes failed. It took 10m2s.")
    const usual = history({ usual: { p50Millis: 660_000, runs: 13 } })
    assert.strictEqual(
      linesOf(diagnosis({ nodes: nodes(), history: usual }, { durationMillis: 602_400 }))[1],
      "1 of 12 nodes failed. It took 10m2s, usually 11m (13 runs)."
    )
  })

  it("is joined by the reason of the run, where that says something else", () => {
    const own = (first: ReturnType<typeof group>, ofRun: object) =>
      lineOf(diagnosis({ nodes: nodes({ groups: { listed: [first], more: 0 } }) }, ofRun), "The run's own")
    const timeout = { ...cause, class: "timeout", message: "Timed out" } as const
    assert.strictEqual(own(group(), { cause: timeout }), "The run's own reason: \"Timed out\" (timeout)")
    assert.strictEqual(own(group(), { runFailureReason: "It broke" }), "The run's own reason: \"It broke\"")
    assert.isUndefined(own(group(), { cause }))
    assert.isUndefined(own(group(), {}))
    assert.isUndefined(own(group({ first: { nodeID: "n1" } }), { runFailureReason: "It broke" }))
    assert.isUndefined(lineOf(diagnosis({}, { runFailureReason: "It broke" }), "The run's own"))
  })
})

describe("what a failure follows from", () => {
  const root = (fields: Partial<Root> = {}): Root => ({
    kind: "notMade",
    by: "object",
    nodes: { listed: ["ORDERS"], more: 0 },
    object: "MART.DIM",
    node: "DIM",
    outcome: "failed",
    ...fields
  })
  const said = (fields: Partial<Root>) => {
    const facts = diagnosis({ nodes: nodes(), roots: [root(fields)] })
    const clause = /100051\)(.*?)\. Recovery/.exec(linesOf(facts)[0] ?? "")?.[1]
    return [clause, lineOf(facts, "Root: ")]
  }
  const other = { run: run(4) }
  const inOther = "Root: run 4, refresh of job 15 in env 3,"

  it("is said in the headline and in a line", () => {
    assert.deepStrictEqual(said({}), [
      ", which follows from DIM",
      "Root: this run did not make MART.DIM: its node DIM failed. ORDERS follows, by the object's name."
    ])
    assert.deepStrictEqual(said({ ...other, by: "queryID", cause, nodes: { listed: ["ORDERS", "ITEMS"], more: 3 } }), [
      ", which follows from DIM in run 4",
      `${inOther} did not make MART.DIM: its node DIM failed, "Division by zero" (divisionByZero). ORDERS, ITEMS and 3 more follow.`
    ])
    const { object: _, ...objectless } = root({ kind: "failedTest", test: "unique", ...other })
    assert.deepStrictEqual(said({ kind: "failedTest", test: "unique", ...other }), [
      ", after a failed data test of DIM in run 4",
      `${inOther} had a failed data test before, "unique" of DIM. ORDERS follows, by the object's name.`
    ])
    assert.include(said({ kind: "failedTest" })[1], "had a failed data test before, one for unique rows of DIM.")
    assert.deepStrictEqual(said({ kind: "stillAtWork", ...other }), [
      ", while DIM in run 4 was still at work",
      `${inOther} was still at work on MART.DIM. ORDERS read it.`
    ])
    assert.deepStrictEqual(said({ kind: "heldLock", ...other }), [
      ", while DIM in run 4 wrote to it",
      `${inOther} wrote to MART.DIM with its node DIM at that time. ORDERS follows, by the object's name.`
    ])
    assert.deepStrictEqual(said({ kind: "heldLock", by: "queryID", ...other }), [
      ", which was locked by DIM in run 4",
      `${inOther} held the lock on MART.DIM with its node DIM, by the id of the query. ORDERS follows.`
    ])
    assert.include(
      lineOf(diagnosis({ roots: [{ ...objectless, kind: "stillAtWork" }] }), "Root: "),
      "at work on a table."
    )
  })

  it.each<[outcome: Root["outcome"], said: string]>([
    ["failed", "failed"],
    ["skipped", "was skipped"],
    ["canceled", "was canceled"],
    ["running", "is running"],
    ["completed", "completed"],
    ["unknown", "ended in an unknown state"]
  ])("is a node that %s", (outcome, words) => {
    assert.include(said({ outcome, cause })[1], `its node DIM ${words}. ORDERS`)
  })

  it("is not said in the headline of another node, which may have no name", () => {
    const of = (first: object, listed: ReadonlyArray<string>) =>
      headlineOf({
        nodes: nodes({ groups: { listed: [group({ first: { nodeID: "n1", cause, ...first } })], more: 0 } }),
        roots: [root({ nodes: { listed, more: 0 } })]
      })
    assert.notInclude(of({ name: "ORDERS" }, ["ITEMS"]), "follows from")
    assert.include(of({}, ["ITEMS", "n1"]), "which follows from DIM")
    assert.notInclude(headlineOf({ roots: [root()] }), "follows from")
  })

  it("names as many of the nodes as there is room for", () => {
    const facts = diagnosis({ roots: [root({ nodes: { listed: ["A", "B", "C"], more: 2 } })] })
    assert.isTrue(
      lineOf(facts, "Root: ", { bounds: { names: 1 } })?.endsWith(". A and 4 more follow, by the object's name.")
    )
  })

  it("is looked at first: a root, or a run that was at work at the time", () => {
    const looked = (fields: Partial<Root>) => /Look at: (.*)\.$/.exec(headlineOf({ roots: [root(fields)] }))?.[1]
    assert.strictEqual(looked(other), "run 4, the root")
    assert.strictEqual(looked({ ...other, kind: "failedTest" }), "run 4, the root")
    assert.strictEqual(looked({ ...other, kind: "heldLock", by: "queryID" }), "run 4, the root")
    assert.strictEqual(looked({ ...other, kind: "heldLock" }), "run 4, which was at work at that time")
    assert.strictEqual(looked({ ...other, kind: "stillAtWork" }), "run 4, which was at work at that time")
    assert.strictEqual(looked({}), "the run in Coalesce, as nothing here says why")
    const own = headlineOf({ roots: [root({}), root(other)] })
    assert.isTrue(own.endsWith("Look at: run 4, the root."))
  })
})

describe("since when a run fails", () => {
  const since = (fields: Partial<History> = {}) => lineOf(diagnosis({ history: history(fields) }), "Since: ")?.slice(7)
  const last = "the last success is run 8 (2026-11-02 02:00)"
  const recent = "1 of 5 ended runs read of this job failed."

  it("is not known without the earlier runs", () => {
    assert.strictEqual(lineOf(diagnosis(), "Since"), "Since: not known, as the earlier runs are unavailable.")
  })

  it("is the run itself or the first of a streak, as far as was read", () => {
    assert.strictEqual(since(), `this run is the first failure; ${last}. ${recent}`)
    const { lastSuccess: _, ...none } = history({ searched: { rows: 100, ended: "all" } })
    const all = lineOf(
      diagnosis({ history: { ...none, recent: { failed: 1, completed: 0, canceled: 0, other: 0 } } }),
      "Since: "
    )
    assert.strictEqual(
      all,
      "Since: this run is the first failure; no success of this job was found in 100 runs of the environment. 1 of 1 ended run of this job failed."
    )
    const searched = { rows: 1, since: at("00:00:00", "01"), ended: "limit" } as const
    assert.strictEqual(
      lineOf(diagnosis({ history: { ...none, sameBy: "selector", searched } }), "Since: "),
      "Since: this run is the first failure that was found; no success of this selector was found in 1 run of the environment back to 2026-11-01, the limit of this search. 1 of 5 ended runs read of this selector failed."
    )
    assert.include(
      lineOf(
        diagnosis({ history: { ...none, sameBy: "deploy", searched: { rows: 9, ended: "unavailable" } } }),
        "Since: "
      ),
      "no success of deploys here was found in 9 runs of the environment, where the next page is unavailable."
    )
    const streak = { streakLength: 3, firstFailure: run(7), comparedWithFirst: { cause: "same" } } as const
    assert.strictEqual(
      since(streak),
      `run 7 (2026-11-03 02:00) began a streak of 3 failures, which this run continues with the same cause; ${last}. ${recent}`
    )
    const { comparedWithFirst: _compared, ...uncompared } = streak
    assert.include(since(uncompared), "which this run continues with a cause that cannot be compared; ")
    assert.include(
      since({ ...streak, searched: { rows: 100, ended: "limit" } }),
      "began a streak of 3 or more failures, which"
    )
  })

  it("is said of this cause as well, and how many were canceled in between", () => {
    const causeSince = { run: run(8), failures: 2, isAtLeast: false }
    assert.include(since({ causeSince }), `first failure; with this cause since run 8 (2026-11-03 02:00); ${last}. `)
    assert.include(since({ causeSince: { ...causeSince, isAtLeast: true } }), "; with this cause at least since run 8")
    assert.include(since({ canceledInStreak: 1 }), `${last}; 1 run canceled in between. `)
  })
})

describe("whether a failure is over", () => {
  const said = (fields: Partial<Recovery>, rest: Partial<Diagnosis> = {}) =>
    /why\. (.*) Look at/.exec(headlineOf({ recovery: recovery(fields), ...rest }))?.[1]
  const reRun = { by: "reRun", run: run(10, { runStatus: "completed" }) } as const
  const later = { by: "laterRun", run: run(11) } as const
  const more = { rows: 5, hasMore: true }
  const among = " among the next 5 runs of the environment"

  it("is said by the run that decides it", () => {
    assert.strictEqual(said({ state: "recovered", ...reRun }), "Recovered: re-run 10 (2026-11-03 02:00) completed.")
    assert.strictEqual(said({ state: "recovered", ...later }), "Recovered: later run 11 (2026-11-03 02:00) completed.")
    assert.strictEqual(
      said({ state: "relapsed", ...reRun, failedSince: run(12) }),
      "Not recovered: re-run 10 (2026-11-03 02:00) completed, but run 12 (2026-11-03 02:00) failed after it."
    )
    assert.strictEqual(
      said({ state: "relapsed", ...reRun, failedSince: run(12), searched: more }),
      `Not known to be recovered: re-run 10 (2026-11-03 02:00) completed, but run 12 (2026-11-03 02:00) failed after it${among}.`
    )
    assert.strictEqual(
      said({ state: "running", by: "reRun", run: run(10, { runStatus: "paused" }) }),
      "Not recovered yet: re-run 10 (2026-11-03 02:00) is paused."
    )
    assert.strictEqual(said({ state: "running" }), "Not recovered yet:  is running.")
  })

  it("is not where it failed again, or nothing ran", () => {
    assert.strictEqual(
      said({ state: "failedAgain", ...later }),
      "Not recovered: later run 11 (2026-11-03 02:00) failed as well."
    )
    assert.strictEqual(
      said({ state: "failedAgain", ...later, searched: more }),
      `Not known to be recovered: later run 11 (2026-11-03 02:00) failed as well, and none completed${among}.`
    )
    assert.strictEqual(said({ searched: more }), `Not recovered yet: it was not run again${among}.`)
  })

  it("is not known where a run completed perhaps without the nodes, or was canceled", () => {
    assert.strictEqual(
      said({ state: "unconfirmed", ...reRun }),
      "Not known to be recovered: re-run 10 (2026-11-03 02:00) completed, but whether it ran the failed nodes is not known."
    )
    assert.strictEqual(
      said({ state: "unconfirmed", ...reRun, heldFailedNodes: false }),
      "Not recovered: re-run 10 (2026-11-03 02:00) completed, but without all of the failed nodes."
    )
    assert.strictEqual(
      said({ state: "canceled", by: "reRun", run: run(10, { runStatus: "canceled" }) }),
      "Not recovered: re-run 10 (2026-11-03 02:00) was canceled, and no other run has ended."
    )
    assert.strictEqual(
      said({ state: "canceled", by: "reRun", run: run(10, { runStatus: "lost" }) }),
      "Not known to be recovered: re-run 10 (2026-11-03 02:00) ended with the status lost."
    )
  })
})

describe("whether a cause was seen before", () => {
  const seen = (fields: Partial<SeenBefore>, rest: Partial<Diagnosis> = {}) =>
    lineOf(
      diagnosis({
        seenBefore: {
          failures: 4,
          truncated: false,
          same: 0,
          notKnown: 0,
          passed: 0,
          passedUnchanged: 0,
          passedOnReRun: 0,
          occurrences: { listed: [], more: 0 },
          elsewhere: { listed: [], more: 0 },
          ...fields
        },
        ...rest
      }),
      "Seen before: "
    )?.slice(13)
  const once = { run: run(5), nodes: { listed: ["ORDERS"], more: 0 }, deploys: { listed: [], more: 0 } }
  const passed = { passed: run(6, { runStatus: "completed" }) }
  const of = (fields: object) => ({ same: 1, occurrences: { listed: [{ ...once, ...fields }], more: 0 } })
  const first = "1 time in 90 days, the latest run 5 on 2026-11-03"

  it("is nothing where it was not", () => {
    assert.isUndefined(seen({}))
    assert.strictEqual(
      seen({ notKnown: 1 }),
      "not this cause, in 4 failures of 90 days, 1 of them of a cause that is not known."
    )
    assert.strictEqual(
      seen({ notKnown: 2, failures: 1, truncated: true }),
      "not this cause, in at least 1 failure of 90 days, 2 of them of a cause that is not known."
    )
  })

  it("says when and where the latest was, and what ended it", () => {
    assert.strictEqual(seen(of({})), `${first} in ORDERS, what ended it is not known.`)
    assert.strictEqual(seen(of({}), { nodes: nodes() }), `${first}, what ended it is not known.`)
    assert.strictEqual(seen(of({ ...passed, by: "reRun" }), { nodes: nodes() }), `${first}, passed when run again (6).`)
    const after = (listed: ReadonlyArray<ReturnType<typeof deploy>>, more: number) =>
      seen(of({ ...passed, deploys: { listed, more } }), { nodes: nodes() })
    const commit = "passed again after deploy 31 52ffe770cb64 \"Add orders\""
    assert.strictEqual(after([deploy(31)], 0), `${first}, ${commit}.`)
    assert.strictEqual(after([deploy(31), deploy(32)], 1), `${first}, ${commit} and 2 more.`)
    assert.strictEqual(
      seen(of(passed), { nodes: nodes() }),
      `${first}, passed in the next run 6, with no deploy between.`
    )
    const { runStartTime: _, ...startless } = run(5)
    assert.include(seen(of({ run: startless })), "the latest run 5 in ORDERS")
  })

  it("is at least so often where not all is known, and may be a flake", () => {
    const three = { ...of({}), same: 3 }
    assert.include(seen({ ...three, truncated: true }), "at least 3 times in 90 days")
    assert.include(seen({ ...three, notKnown: 1 }), "at least 3 times in 90 days")
    assert.include(seen({ ...three, same: 2, passedOnReRun: 2 }), "; each passed when run again")
    assert.include(seen({ ...of({}), notKnown: 1 }), "at least 1 time in 90 days")
    const places = { ...once, nodes: { listed: ["A", "B"], more: 0 } }
    assert.include(seen(of(places)), "2026-11-03 in A, B, what")
    assert.include(seen({ ...three, passedOnReRun: 3 }), "; each passed when run again, as a flake does.")
    assert.include(seen({ ...three, passedUnchanged: 3 }), "; each passed with no deploy between, as a flake does.")
    assert.include(
      seen({ ...three, passed: 2, passedUnchanged: 1 }),
      "; 1 of 2 known to have passed did so with no deploy between."
    )
    assert.notInclude(seen({ ...of({}), passedOnReRun: 1 }), "flake")
  })

  it("says where else the kind of error was", () => {
    const elsewhere = (objects: ReadonlyArray<string>, names: ReadonlyArray<string>) => ({
      elsewhere: {
        listed: [{ run: run(4), nodes: { listed: names, more: 0 }, objects: { listed: objects, more: 0 } }],
        more: 0
      }
    })
    assert.strictEqual(
      seen(elsewhere(["A"], ["B", "C"])),
      "not this cause, in 4 failures of 90 days. The same kind of error was elsewhere in run 4 on 2026-11-03: A, B."
    )
    assert.isDefined(seen({ ...elsewhere([], []), notKnown: 1 }))
    assert.isTrue(seen(elsewhere([], []))?.endsWith("elsewhere in run 4 on 2026-11-03."))
  })
})

describe("what to look at", () => {
  const looked = (facts: Partial<Diagnosis>, ofRun = {}) => / Look at: (.*)\.$/.exec(headlineOf(facts, ofRun))?.[1]
  const of = (causeClass: FailureCause.CauseClass) => ({
    nodes: nodes({ groups: { listed: [group({ class: causeClass })], more: 0 } })
  })

  it.each<[causeClass: FailureCause.CauseClass, place: string]>([
    [
      "missingObjectOrGrant",
      "whether the object exists, and whether the role still has its grant: the database does not say which"
    ],
    ["invalidIdentifier", "the name in the SQL, and its source's columns"],
    ["syntax", "the node's SQL at the place that the message names"],
    ["compilation", "the node's SQL"],
    ["privilege", "the role's privileges on what the message names"],
    ["dataConversion", "the source's new rows: the value that the message quotes"],
    ["constraint", "the source's new rows that break the constraint"],
    ["duplicateRow", "the source's rows that have the same key"],
    ["truncation", "the value that is longer than its column"],
    ["sizeLimit", "the size of the statement, of its result or of the file that the message names"],
    ["divisionByZero", "the divisor in the node's SQL, and new rows where it is 0"],
    ["warehouseOrQuota", "the warehouse and its quota: no node is at fault"],
    ["timeout", "how long the statement took before, the size of the warehouse, and the timeout setting"],
    ["canceled", "who or what canceled the statement"],
    ["lock", "what else wrote to the table at that time"],
    [
      "storage",
      "the storage integration, the bucket's policy and the credentials behind the stage: no node is at fault"
    ],
    ["authenticationOrNetwork", "the credentials of the environment and the network policy: no node is at fault"],
    ["userCode", "the procedure or function that the message names"],
    ["internal", "the platform's status; a new run may succeed"],
    ["unknown", "the message, and the SQL of the node"]
  ])("is by the class %s: %s", (causeClass, place) => {
    assert.strictEqual(looked(of(causeClass)), place)
    assert.strictEqual(looked({}, { runFailureReason: "x", cause: { ...cause, class: causeClass } }), place)
  })

  it("is the run where nothing says why, and else the message", () => {
    const mute = (first: object, ofRun = {}) =>
      looked({
        nodes: nodes({ groups: { listed: [group({ class: "unknown", first: { nodeID: "n1", ...first } })], more: 0 } })
      }, ofRun)
    assert.strictEqual(mute({}), "the run in Coalesce, as nothing here says why")
    assert.strictEqual(mute({ errorString: "undefined" }), "the message, and the SQL of the node")
    assert.strictEqual(mute({}, { runFailureReason: "x" }), "the message, and the SQL of the node")
  })

  const why = "It lies between."
  const deployed = (number: number, touches?: ReadonlyArray<string>) => ({
    kind: "deploy" as const,
    run: deploy(number),
    why,
    ...(touches === undefined ? {} : { touches })
  })
  const suspected = (
    listed: Diagnosis["suspects"]["listed"],
    more = 0,
    causeClass: FailureCause.CauseClass = "syntax"
  ) => looked({ ...of(causeClass), suspects: { listed, more } })
  const syntax = "the node's SQL at the place that the message names"

  it("names a change that touches the failure first, and then no other", () => {
    assert.strictEqual(
      suspected([deployed(31), deployed(32, ["ORDER_ID"])]),
      `deploy 32, whose message names ORDER_ID (suspected); ${syntax}`
    )
    assert.strictEqual(suspected([deployed(32, [])]), `deploy 32 (suspected); ${syntax}`)
  })

  it("names two changes before what a class tells, and behind it where that tells more", () => {
    assert.strictEqual(
      suspected([deployed(31), deployed(32), deployed(33)], 2),
      `deploy 31, deploy 32 and 3 more (suspected); ${syntax}`
    )
    for (
      const telling of [
        "dataConversion",
        "constraint",
        "duplicateRow",
        "truncation",
        "divisionByZero",
        "privilege",
        "warehouseOrQuota",
        "authenticationOrNetwork",
        "storage",
        "lock"
      ] as const
    ) {
      assert.isTrue(suspected([deployed(31)], 0, telling)?.endsWith("; deploy 31 (suspected)"), telling)
    }
  })

  it("names each kind of change", () => {
    const change = (suspect: Diagnosis["suspects"]["listed"][number]) =>
      suspected([suspect])?.replace(` (suspected); ${syntax}`, "")
    assert.strictEqual(change({ kind: "parameters", changes: { listed: [], more: 0 }, why }), "the changed parameters")
    assert.strictEqual(change({ kind: "nodeCount", before: 1, after: 2, why }), "the changed number of nodes")
    assert.strictEqual(change({ kind: "selector", why }), "the changed selector")
    assert.strictEqual(change({ kind: "parallelism", before: 1, after: 2, why }), "the changed parallelism")
    const signIn = (...fields: ReadonlyArray<string>) => change({ kind: "credentials", fields, why })
    assert.strictEqual(signIn("snowflakeRole"), "the changed sign-in")
    assert.strictEqual(signIn("snowflakeWarehouse"), "the changed warehouse")
    assert.strictEqual(signIn("snowflakeWarehouse", "snowflakeRole"), "the changed warehouse and sign-in")
  })
})

describe("what was deployed since", () => {
  const since = (fields: object, more = 0) => ({
    listed: [{ run: deploy(46), reverts: false, touches: [], ...fields }],
    more
  })

  it("is listed with what it names", () => {
    const said = (fields: object, more = 0) =>
      lineOf(diagnosis({ deploysSince: since(fields, more) }), "Deployed since: ")?.slice(16)
    const commit = "46 52ffe770cb64 \"Add orders\" (2026-11-03 01:00)"
    assert.strictEqual(said({}), `${commit}.`)
    assert.strictEqual(
      said({ reverts: true, touches: ["A", "B"] }, 2),
      `${commit}, a revert, which names A, B and 2 more.`
    )
    const two = { listed: [deploy(46), deploy(47)].map((run) => ({ run, reverts: false, touches: [] })), more: 0 }
    assert.strictEqual(
      lineOf(diagnosis({ deploysSince: two }), "Deployed since: ")?.slice(16),
      `${commit}; ${commit.replace("46", "47")}.`
    )
    assert.strictEqual(said({ run: deploy(46, { runStatus: "failed" }) }), `${commit}, failed.`)
  })

  it("is a reason to run it again where it helps and nothing ran since", () => {
    const again = (fields: object, rest: Partial<Diagnosis> = {}) =>
      /Run it again: (.*?)\. Look/.exec(headlineOf({ deploysSince: since(fields), ...rest }))?.[1]
    const suspects: Diagnosis["suspects"] = { listed: [{ kind: "deploy", run: deploy(31), why: "" }], more: 0 }
    assert.strictEqual(again({ touches: ["A"] }), "deploy 46 has changed since what failed")
    assert.strictEqual(again({ reverts: true }, { suspects }), "deploy 46 took back what was deployed")
    assert.isUndefined(again({ reverts: true }))
    assert.isUndefined(again({ reverts: true }, { suspects: { listed: [{ kind: "selector", why: "" }], more: 0 } }))
    assert.isUndefined(again({}, { suspects }))
    assert.isUndefined(again({ touches: ["A"], run: deploy(46, { runStatus: "failed" }) }))
    const ran = (fields: Partial<Recovery>) => again({ touches: ["A"] }, { recovery: recovery(fields) })
    assert.isUndefined(ran({ state: "recovered", run: run(40) }))
    assert.isUndefined(ran({ state: "running", run: run(40) }))
    assert.isUndefined(ran({ state: "failedAgain", run: run(47) }))
    assert.isDefined(ran({ state: "failedAgain", run: run(45) }))
    assert.isDefined(ran({}))
  })
})
