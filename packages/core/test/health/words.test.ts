/** Long because each sentence of a check has its case. */
import { assert, describe, it } from "@effect/vitest"
import type { Finding, Health, Unusual } from "../../src/health/model.ts"
import type { Report } from "../../src/index.ts"
import {
  affected,
  at,
  failures,
  headlineOf,
  health,
  id,
  linesOf,
  report,
  run,
  unusual
} from "../support/healthFacts.ts"

const ran = "24 runs of 8 jobs started since 2026-11-02 18:00: 22 completed, 2 failed."

describe("the headline of a check", () => {
  it("says that nothing needs attention, and what ran", () => {
    assert.deepStrictEqual(linesOf({}), [
      `Nothing needs attention. ${ran}`,
      "Window: 2026-11-02 18:00 – 2026-11-03 09:00 UTC"
    ])
    const unread = { part: "baseline", error: "Forbidden", message: "No.", isRetryable: false } as const
    assert.strictEqual(
      linesOf({ unavailable: [unread] })[0],
      `Nothing was found that needs attention, but not all was read. ${ran}`
    )
  })

  it("says what has recovered, where nothing else needs attention", () => {
    const over = { openRuns: 0, recovered: 1, notYet: 0 }
    assert.strictEqual(
      headlineOf(failures(over)),
      `Nothing needs attention. 1 failed refresh of one cause has recovered. ${ran}`
    )
    assert.strictEqual(
      headlineOf(failures({ ...over, runIDs: [id(9), id(8)] }), failures({ ...over, runTypes: ["deploy"] })),
      `Nothing needs attention. 3 failed runs of 2 causes have recovered. ${ran}`
    )
  })

  it("counts the open failures by their causes, and each other kind", () => {
    assert.deepStrictEqual(linesOf({ findings: [failures()] }).slice(0, 2), [
      "1 thing needs attention: 1 failed refresh of one cause.",
      ran
    ])
    const nounOf = (runType: string) => headlineOf(failures({ runTypes: [runType] }))?.slice(25)
    assert.deepStrictEqual(["deploy", "other"].map(nounOf), [
      "1 failed deploy of one cause.",
      "1 failed run of one cause."
    ])
    const { cause: _cause, ...none } = failures({ causeFrom: "none" })
    assert.strictEqual(headlineOf(none), "1 thing needs attention: 1 failed refresh.")
    const { cause: _, ...hidden } = failures({ causeFrom: "notRead", jobs: 0, openRuns: 4 })
    const follows = failures({ follows: { runID: id(3), node: "ORDERS" }, openRuns: 2 })
    const findings = [failures(), hidden, follows, failures({ openRuns: 0 }), unusual({}), unusual({ kind: "missing" })]
    assert.strictEqual(
      headlineOf(...findings),
      "3 things need attention: 7 failed refreshes of one cause, 1 job that did not run, 1 late job."
    )
    const read = { ...health({}).read, failuresTruncated: true }
    assert.strictEqual(
      linesOf({ findings: [failures(), { ...hidden, jobs: 2 }], read })[0],
      "2 things need attention: at least 5 failed refreshes of one cause."
    )
  })

  it.each<[kind: Unusual["kind"], one: string, many: string]>([
    ["missing", "1 job that did not run", "2 jobs that did not run"],
    ["stopped", "1 job that no longer runs", "2 jobs that no longer run"],
    ["stuck", "1 run that is stuck", "2 runs that are stuck"],
    ["long", "1 run that runs far longer than usual", "2 runs that run far longer than usual"],
    ["waiting", "1 waiting run", "2 waiting runs"],
    ["late", "1 late job", "2 late jobs"],
    ["noNodes", "1 run without a node", "2 runs without a node"],
    ["fewerNodes", "1 run with far fewer nodes than usual", "2 runs with far fewer nodes than usual"],
    ["slow", "1 run that took far longer than usual", "2 runs that took far longer than usual"]
  ])("names what is %s", (kind, one, many) => {
    assert.strictEqual(headlineOf(unusual({ kind })), `1 thing needs attention: ${one}.`)
    assert.strictEqual(headlineOf(unusual({ kind }), unusual({ kind })), `2 things need attention: ${many}.`)
  })

  it.each<[finding: Finding, one: string, many: string]>([
    [
      { kind: "failedBefore", run: run(9), failures: 1, truncated: false },
      "1 job that failed before and has not run since",
      "2 jobs that failed before and have not run since"
    ],
    [
      { kind: "failedNodes", run: run(9), failed: 1, nodes: 3 },
      "1 running or canceled run with a failed node",
      "2 running or canceled runs with failed nodes"
    ],
    [
      { kind: "otherStatus", run: run(9) },
      "1 run that ended in an unknown status",
      "2 runs that ended in unknown statuses"
    ],
    [
      { kind: "noRows", run: run(9), nodes: { listed: [], more: 0 }, comparedWith: [] },
      "1 run with nodes that changed no row",
      "2 runs with nodes that changed no row"
    ],
    [
      { kind: "failedTests", run: run(9), failedTests: { listed: [], more: 0 } },
      "1 run with failed data tests",
      "2 runs with failed data tests"
    ]
  ])("names a finding: %j", (finding, one, many) => {
    assert.strictEqual(headlineOf(finding), `1 thing needs attention: ${one}.`)
    assert.strictEqual(headlineOf(finding, finding), `2 things need attention: ${many}.`)
  })
})

describe("what ran", () => {
  const ranOf = (fields: Partial<Health["ran"]>) => linesOf({ ran: { ...health({}).ran, ...fields } })

  it("is said beside what is usual, and at least where not all was read", () => {
    const usual = { fewest: 24, most: 25, weeks: 4 }
    assert.include(
      ranOf({ usual })[0],
      "24 runs of 8 jobs started since 2026-11-02 18:00 (24 to 25 in the same hours of the 4 weeks before): 22 completed"
    )
    assert.include(
      ranOf({ runs: 0, usual: { ...usual, most: 24, weeks: 1 } })[0],
      "No run started since 2026-11-02 18:00 (24 in the same hours of the 1 week before)."
    )
    assert.deepStrictEqual(ranOf({ truncated: true }).slice(0, 2), [
      `Nothing needs attention. At least ${ran}`,
      "Not all runs of the window were read, so what did not run is not known."
    ])
  })
})

describe("deploys", () => {
  const ranOf = (fields: Partial<Health["ran"]>) => linesOf({ ran: { ...health({}).ran, ...fields } })[0]

  it("are counted beside the jobs, as a deploy is of no job", () => {
    assert.include(ranOf({ deploys: 1 }), "24 runs (23 of 8 jobs and 1 deploy) started since 2026-11-02 18:00: 22")
    assert.include(ranOf({ runs: 2, jobs: 1, deploys: 1 }), " 2 runs (1 of 1 job and 1 deploy) started since")
    assert.include(ranOf({ runs: 2, jobs: 0, deploys: 2 }), " 2 deploys started since 2026-11-02 18:00: ")
  })
})

describe("what was not read", () => {
  const readOf = (fields: Partial<Health["read"]>, ...findings: ReadonlyArray<Finding>) =>
    linesOf({ findings, read: { ...health({}).read, ...fields } }).slice(1).filter((line) =>
      !/^(?:- | |Window|Next|24 runs|Failures|Late)/.test(line)
    )

  it("is nothing where all was read", () => {
    assert.deepStrictEqual([readOf({}), readOf({}, unusual({}), failures())], [[], []])
    const baseline = { runs: 900, jobs: 8, truncated: false } as const
    assert.deepStrictEqual(readOf({ baseline }), [])
  })

  it("is said with how much of how much was read", () => {
    const baseline = { runs: 900, jobs: 8, truncated: "row_limit" } as const
    assert.deepStrictEqual(
      readOf({ baseline, unfinished: { read: 2, notRead: 1 }, completed: { read: 4, notRead: 3 } }),
      [
        "What is usual was learned from 900 runs, at the limit of the reading.",
        "Failed nodes were looked for in 2 of 3 running or canceled runs.",
        "Data tests and rows were checked in the latest runs of 4 of 7 completed jobs."
      ]
    )
    assert.deepStrictEqual(readOf({ baseline: { ...baseline, since: at("00:00:00", "01") } }), [
      "What is usual was learned from 900 runs since 2026-11-01 00:00, at the limit of the reading."
    ])
    const failed = { read: 2, notRead: 3 }
    const { cause: _, ...hidden } = failures({ causeFrom: "notRead" })
    assert.deepStrictEqual(readOf({ failed }, hidden), ["The node results of 2 of 5 failed runs were read."])
    assert.deepStrictEqual(readOf({ failed }, unusual({}), failures(), { ...hidden, jobs: 0 }), [
      "The node results of 2 of 5 failed runs were read; the others are failures of the same jobs."
    ])
  })
})

describe("the sections of a check", () => {
  const titlesOf = (...findings: ReadonlyArray<Finding>) =>
    report({ findings }).sections.flatMap(({ title = [] }) => title)

  it("tell open failures, those that were not read, other findings, and what has recovered", () => {
    const over = failures({ openRuns: 0, recovered: 1, notYet: 0 })
    const { cause: _, ...hidden } = failures({ causeFrom: "notRead" })
    assert.deepStrictEqual(
      titlesOf(over, failures(), hidden, unusual({}), unusual({ kind: "missing" }), unusual({ kind: "stopped" })),
      [
        "Failures, by cause",
        "Failures whose cause was not read",
        "Late",
        "Did not run, though it usually does",
        "Failed and recovered",
        "Window"
      ]
    )
  })

  it("have the findings of their kind alone", () => {
    const over = failures({ openRuns: 0, recovered: 1, notYet: 0 })
    const { sections } = report({ findings: [failures(), unusual({}), unusual({ kind: "waiting" }), over] })
    assert.deepStrictEqual(sections.map(({ rows }) => rows.length), [1, 1, 1, 1, 1])
  })

  it.each<[kind: Unusual["kind"], title: string]>([
    ["missing", "Did not run, though it usually does"],
    ["stuck", "Running far longer than usual"],
    ["long", "Running far longer than usual"],
    ["waiting", "Waiting"],
    ["noNodes", "Completed, but with far fewer nodes than usual"],
    ["fewerNodes", "Completed, but with far fewer nodes than usual"],
    ["slow", "Completed, but took far longer than usual"]
  ])("say what is %s", (kind, title) => {
    assert.deepStrictEqual(titlesOf(unusual({ kind })), [title, "Window"])
  })

  it.each<[finding: Finding, title: string]>([
    [
      { kind: "failedBefore", run: run(9), failures: 1, truncated: false },
      "Failed before the window, and have not run since"
    ],
    [
      { kind: "failedNodes", run: run(9), failed: 1, nodes: 3 },
      "Nodes have failed in runs that have not failed as a whole"
    ],
    [{ kind: "otherStatus", run: run(9) }, "Ended in a status that is not known"],
    [
      { kind: "noRows", run: run(9), nodes: { listed: [], more: 0 }, comparedWith: [] },
      "Completed, but nodes changed no row"
    ],
    [{ kind: "failedTests", run: run(9), failedTests: { listed: [], more: 0 } }, "Completed, but data tests failed"]
  ])("say what a finding is: %j", (finding, title) => {
    assert.deepStrictEqual(titlesOf(finding), [title, "Window"])
  })

  it("have 8 of 10 rows of causes, and 5 of each other kind", () => {
    const causes = (count: number) => report({ findings: Array.from({ length: count }, () => failures()) }).sections[0]
    assert.deepStrictEqual([causes(8)?.more, causes(9)?.more, causes(11)?.more], [undefined, ["1 more cause"], [
      "3 more causes"
    ]])
    const late = report({ findings: Array.from({ length: 7 }, () => unusual({})) }).sections[0]
    assert.deepStrictEqual([late?.rows.length, late?.more], [5, ["2 more"]])
    assert.lengthOf(
      report({ findings: Array.from({ length: 7 }, () => unusual({})) }, { bounds: { rows: 3 } }).sections[0]?.rows ??
        [],
      2
    )
  })

  it("end with the window, its filters and whose zone it is", () => {
    const window = { ...health({}).window, timeZoneSource: "fallback" as const }
    assert.deepStrictEqual(
      linesOf({ window, filter: { environmentID: "3" } }).at(-1),
      "Window (environmentID 3): 2026-11-02 18:00 – 2026-11-03 09:00 UTC, as this machine has no time zone"
    )
    assert.strictEqual(
      linesOf({}, { timeZone: "Europe/Berlin" }).at(-1),
      "Window: 2026-11-02 19:00 – 2026-11-03 10:00 Europe/Berlin"
    )
  })

  it("stand below what is usual, where it was asked for", () => {
    const usual = [{ key: "15", runType: "refresh", jobID: 15, runs: 3 }]
    assert.strictEqual(linesOf({ usual })[1], "Usually, refresh of job 15: 3 runs: too few to say what is usual.")
  })
})

describe("the next steps of a check", () => {
  const stepsOf = (fields: Partial<Health>, options?: Report.Options) =>
    report(fields, options).nextSteps.map(({ action, arguments: args, why }) => [action, args, why])

  it("diagnose the failures that need attention, one by its run and several by the latest", () => {
    const several = failures({ jobs: 2, affected: { listed: [affected(7)], more: 1 } })
    const over = failures({ openRuns: 0 })
    const follows = failures({ follows: { runID: id(3), node: "ORDERS" } })
    const empty = failures({ affected: { listed: [], more: 0 } })
    assert.deepStrictEqual(stepsOf({ findings: [over, follows, empty, failures(), several] }), [
      ["diagnose", { runID: 9 }, "why it failed"],
      ["diagnose", { runID: 7 }, "why, by its latest run"]
    ])
  })

  it("look into a run, or at the latest runs of a job that did not run", () => {
    const step = (finding: Finding) => stepsOf({ findings: [finding] })[0]
    const latest = ["list", { jobID: "15", environmentID: "3", window: "last_7_days" }, "its latest runs"]
    const inside = ["inspect", { runID: 9 }, "its nodes, beside the last success"]
    assert.deepStrictEqual(step(unusual({ kind: "missing", expectedAt: at("02:00:00") })), latest)
    assert.deepStrictEqual(step(unusual({ kind: "stopped" })), latest)
    assert.deepStrictEqual(step(unusual({ kind: "slow", run: run(9) })), inside)
    assert.deepStrictEqual(step({ kind: "otherStatus", run: run(9) }), inside)
    assert.deepStrictEqual(step({ kind: "failedBefore", run: run(9), failures: 1, truncated: false }), [
      "diagnose",
      { runID: 9 },
      "why it failed before"
    ])
    assert.isUndefined(step(unusual({ kind: "waiting", run: run(9) })))
    assert.isUndefined(step(unusual({ kind: "slow" })))
    const { jobID: _, ...jobless } = unusual({ kind: "stopped" })
    assert.isUndefined(step(jobless))
  })

  it("are three, and name the zone that was asked for", () => {
    const findings = [failures(), failures(), failures(), failures()]
    assert.lengthOf(stepsOf({ findings }), 3)
    const zoneOf = (fields: Partial<Health>, options?: Report.Options) =>
      report(
        { findings: [failures(), unusual({ kind: "stopped" }), { kind: "otherStatus", run: run(9) }], ...fields },
        options
      )
        .nextSteps.map((step) => step.arguments["timeZone"])
    const window = { ...health({}).window, timeZoneSource: "given" as const }
    assert.deepStrictEqual(zoneOf({ window }), ["UTC", "UTC", "UTC"])
    assert.deepStrictEqual(zoneOf({ window }, { timeZone: "+01:00" }), ["+01:00", "+01:00", "+01:00"])
    assert.deepStrictEqual(zoneOf({}), [undefined, undefined, undefined])
  })
})
