/** Long because each sentence of a summary has its case. */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { Report, Run, RunStatistics, type RunWindow } from "../../src/index.ts"
import type { CauseCount, Counted, Group } from "../../src/statistics/model.ts"

const at = (day: string) => DateTime.makeUnsafe(`2026-11-${day}T02:00:00Z`)
const id = (number: number) => Run.RunId.make(number)

const window: RunWindow.RunWindow = { since: at("03"), until: at("04"), timeZone: "UTC", timeZoneSource: "given" }
const before: RunWindow.RunWindow = { ...window, since: at("02"), until: at("03") }

const counts = (fields: Partial<Counted["statusCounts"]> = {}): Counted["statusCounts"] => ({
  completed: 0,
  failed: 0,
  canceled: 0,
  running: 0,
  rendering: 0,
  initializing: 0,
  waitingToRun: 0,
  unknown: 0,
  ...fields
})

const counted = (fields: Partial<RunStatistics.RunStatistics> = {}): RunStatistics.RunStatistics => ({
  runs: 4,
  statusCounts: counts({ completed: 3, failed: 1 }),
  successRate: 0.75,
  causes: [],
  streaks: { inOrder: true },
  ...fields
})

const summary = (
  statistics: Partial<RunStatistics.RunStatistics>,
  fields: Partial<RunStatistics.Summary> = {}
): RunStatistics.Summary => ({
  query: {},
  window,
  statistics: counted(statistics),
  rows: 9,
  truncated: false,
  ...fields
})

const linesOf = (...[statistics, fields]: Parameters<typeof summary>) =>
  Report.toText(RunStatistics.report(summary(statistics, fields))).split("\n")
const bounded = (bounds: Partial<Report.Bounds>, ...facts: Parameters<typeof summary>) =>
  Report.toText(RunStatistics.report(summary(...facts), { bounds })).split("\n")

/** The lines below a title that begins so, and the title. */
const sectionOf = (lines: ReadonlyArray<string>, start: string) => {
  const from = lines.findIndex((line) => line.startsWith(start))
  const to = lines.findIndex((line, index) => index > from && !line.startsWith("- "))
  return from < 0 ? [] : lines.slice(from, to < 0 ? undefined : to)
}

const cause = (key: string, fields: Partial<CauseCount> = {}): CauseCount => ({
  class: "syntax",
  key,
  failures: 1,
  atLeast: false,
  firstRun: { id: id(1), runStartTime: at("03") },
  lastRun: { id: id(2) },
  ...fields
})

const group = (key: string, fields: Partial<Group> = {}): Group => ({ key, ...counted(), ...fields })

describe("the headline of a summary", () => {
  it("counts at least where not all was read, and names unknown statuses", () => {
    assert.strictEqual(
      linesOf({})[0],
      "4 runs: 3 completed, 1 failed. Success rate 75 % of those that completed or failed."
    )
    const unknown = { statusCounts: counts({ completed: 3, unknown: 2 }), unknownStatuses: ["lost", "gone"] }
    assert.include(linesOf(unknown)[0], "4 runs: 3 completed, 2 of unknown status (lost, gone). Success")
    assert.include(bounded({ names: 1 }, unknown)[0], "2 of unknown status (lost). Success")
    const cut = linesOf({}, { truncated: "row_limit" })
    assert.isTrue(cut[0]?.startsWith("At least 4 runs: "))
    assert.strictEqual(cut[2], "Only the latest runs of the window are counted.")
    assert.notInclude(linesOf({}), "Only the latest runs of the window are counted.")
  })
})

describe("what changed", () => {
  const previous = { window: before, statistics: counted() }
  const change = { runs: 4, failed: -1 }
  const said = (fields: Partial<RunStatistics.Summary>, statistics = {}) =>
    linesOf(statistics, fields).slice(2).filter((line) => !line.startsWith("Next"))
  const span = "2026-11-02 02:00 – 2026-11-03 02:00 UTC (2026-11-02T02:00Z – 2026-11-03T02:00Z)"

  it("is told by its signs, as far as it is known", () => {
    assert.deepStrictEqual(said({ change, previous }), [`Change from the window before (${span}): failed -1, runs +4.`])
    assert.include(said({ change: { runs: 0, failed: 0 }, previous })[0], ": failed +0, runs +0.")
    const all = { ...change, successRate: -0.1234, p50Millis: 65_000, p95Millis: -9400 }
    assert.deepStrictEqual(said({ change: all, previous }), [
      `Change from the window before (${span}): failed -1, runs +4, success rate -12.3 points, p50 +1m5s, p95 -9.4s.`
    ])
    assert.deepStrictEqual([said({ change }), said({ previous })], [[], []])
    const empty = { window: before, statistics: counted({ runs: 0 }) }
    assert.deepStrictEqual(said({ change, previous: empty }, { runs: 0 }), [])
    assert.lengthOf(said({ change, previous: empty }), 1)
  })

  it("shows the window before in the zone of the options", () => {
    const report = RunStatistics.report(summary({}, { change, previous }), { timeZone: "Europe/Paris" })
    assert.include(Report.toText(report), "window before (2026-11-02 03:00 – 2026-11-03 03:00 Europe/Paris (")
  })

  it("names causes and groups that are gone, and rows that were skipped before", () => {
    const statistics = counted({ causes: [cause("a", { message: "A" }), cause("b", { message: "B" }), cause("c")] })
    const goneGroups = [{ key: "1", jobID: 1, jobName: "One" }, { key: "2" }]
    const undecodable = { count: 1, first: { index: 0, path: "id", issue: "Missing key" } }
    const facts = {
      change: { ...change, goneCauses: ["a", "b"], goneGroups },
      previous: { window: before, statistics, undecodable }
    }
    const lines = said(facts)
    assert.strictEqual(
      lines[0],
      "In the window before: Skipped 1 undecodable row: row 0 of a page at id: \"Missing key\"."
    )
    assert.deepStrictEqual(lines.slice(2), [
      "Causes that did not recur: syntax \"A\", syntax \"B\".",
      "Ran only in the window before: \"One\" (job 1), \"2\"."
    ])
    assert.strictEqual(bounded({ names: 2 }, {}, facts)[4], lines[2])
    assert.deepStrictEqual(bounded({ names: 1 }, {}, facts).slice(4, 6), [
      "Causes that did not recur: syntax \"A\" and 1 more.",
      "Ran only in the window before: \"One\" (job 1) and 1 more."
    ])
  })

  it.each<[why: NonNullable<RunStatistics.Summary["changeUnavailable"]>, said: string]>([
    ["truncated", "this window was not read whole"],
    ["row_limit", "it was not read whole: the reading reached its limit of rows"],
    ["time_limit", "it was not read whole: the reading reached its limit of time"],
    ["error", "it was not read whole: a request failed"],
    ["beyond_history", "it reaches beyond the history: no run began before it"]
  ])("is unavailable: %s", (changeUnavailable, why) => {
    assert.deepStrictEqual(said({ changeUnavailable }), [
      `There is no comparison with the window before, because ${why}.`
    ])
  })
})

describe("streaks and durations", () => {
  const line = (
    statistics: Partial<RunStatistics.RunStatistics>,
    start: string,
    fields: Partial<RunStatistics.Summary> = {}
  ) => linesOf(statistics, fields).find((line) => line.startsWith(start))

  it("say the streak of one job, and that it may have begun before", () => {
    const streaks = (runs: number) => ({
      streaks: { inOrder: true, current: { runStatus: "failed" as const, runs, firstRunID: id(1), lastRunID: id(2) } }
    })
    const ofJob = { query: { jobID: 7 } }
    assert.strictEqual(line(streaks(2), "Current", ofJob), "Current streak: the latest 2 runs failed.")
    assert.strictEqual(line(streaks(4), "Current", ofJob), "Current streak: the latest 4 or more runs failed.")
    assert.isUndefined(line(streaks(1), "Current", ofJob))
    assert.isUndefined(line(streaks(2), "Current"))
    assert.isUndefined(line({}, "Current", ofJob))
  })

  it("say how exact they are, below ten seconds with tenths", () => {
    const durations = {
      runs: 3,
      exact: true,
      p50Millis: 1840,
      p95Millis: 12_340,
      longest: { runID: id(7), millis: 61_400 }
    }
    assert.strictEqual(
      line({ durations }, "Durations"),
      "Durations of 3 completed runs (exact): p50 1.8s, p95 12s, longest 1m1s (run 7)."
    )
    assert.include(
      line({ durations: { ...durations, exact: false, runs: 1 } }, "Durations"),
      "1 completed run (p50 and p95 within 1 %): "
    )
    assert.strictEqual(line({ failedMillis: 90_000 }, "1 failed"), "1 failed run took 1m30s together.")
    const causesRead = { runs: 2, notRead: 0 }
    const from = "The causes of 2 failed runs come from their node results, since their reasons name none"
    assert.strictEqual(line({}, "The causes", { causesRead }), `${from}.`)
    assert.strictEqual(
      line({}, "The causes", { causesRead: { ...causesRead, notRead: 3 } }),
      `${from}; the results of 3 more were not read.`
    )
  })
})

describe("the causes of a summary", () => {
  it("are told with how often, from which run to which, of which jobs", () => {
    const jobs = {
      listed: [{ jobID: 1, jobName: "One", environmentID: "3" }, { jobID: 1, jobName: "One", environmentID: "4" }, {
        jobID: 2
      }],
      more: 1
    }
    const causes = [
      cause("a", { code: "904", failures: 3, atLeast: true, message: "A", jobs }),
      cause("b", { jobs: { ...jobs, more: 2 } }),
      cause("c")
    ]
    const facts = [{ causes }, { change: { runs: 0, failed: 0, newCauses: ["b"] } }] as const
    assert.deepStrictEqual(sectionOf(linesOf(...facts), "Failures"), [
      "Failures by cause (1; new: not in the window before):",
      "- at least 3 syntax 904: \"A\", runs 1 (2026-11-03 02:00) to 2, in \"One\" (job 1), \"a job\" and 1 more job",
      "- 1 syntax: no cause named, run 2, new, in \"One\" (job 1), \"a job\" and 2 more jobs",
      "- 1 syntax: no cause named, run 2"
    ])
    assert.deepStrictEqual(sectionOf(linesOf({ causes: causes.slice(1, 2) }, { query: { jobID: 1 } }), "Failures"), [
      "Failures by cause (1):",
      "- 1 syntax: no cause named, run 2"
    ])
  })

  it("count those that are not shown", () => {
    const causes = [cause("a"), cause("b", { failures: 2 }), cause("c", { failures: 3 })]
    const otherCauses = { causes: 4, atLeast: true, failures: 10 }
    const more = (facts: Partial<RunStatistics.RunStatistics>, bounds: Partial<Report.Bounds>, groupBy?: "cause") =>
      sectionOf(bounded(bounds, { causes, ...facts }, groupBy === undefined ? {} : { groupBy }), "Failures").at(-1)
    assert.strictEqual(more({}, { rows: 2 }), "- and 3 failures of 1 other cause")
    assert.strictEqual(more({}, { rows: 1 }), "- and 5 failures of 2 other causes")
    assert.strictEqual(more({ otherCauses }, { rows: 2 }), "- and 13 failures of at least 5 other causes")
    assert.strictEqual(
      more({ otherCauses: { causes: 1, atLeast: false, failures: 1 } }, {}),
      "- and 1 failure of 1 other cause"
    )
    assert.strictEqual(more({}, { rows: 9, groups: 2 }, "cause"), "- and 3 failures of 1 other cause")
    assert.isFalse(more({}, {})?.startsWith("- and"))
    assert.deepStrictEqual(sectionOf(linesOf({ otherCauses }), "Failures"), [])
  })
})

describe("the groups of a summary", () => {
  const rows = (
    groups: ReadonlyArray<Group>,
    fields: Partial<RunStatistics.RunStatistics> = {},
    more: Partial<RunStatistics.Summary> = {}
  ) => sectionOf(linesOf({ groupBy: "job", groups, ...fields }, more), "By ")
  const name = (fields: Partial<Group>) => rows([group("the key", fields)])[1]?.replace(/: 3 completed.*/, "").slice(2)

  it("are named by what they are", () => {
    assert.strictEqual(name({}), "\"the key\"")
    assert.strictEqual(name({ userID: "u1" }), "user u1")
    assert.strictEqual(name({ environmentID: "3" }), "environment 3")
    const ofJob = { runType: "refresh", jobID: 15, jobName: "Daily" }
    assert.strictEqual(name({ ...ofJob, environmentID: "3" }), "\"Daily\" (job 15 in env 3)")
    assert.strictEqual(name(ofJob), "\"Daily\" (job 15)")
    assert.strictEqual(name({ runType: "refresh", jobID: 15 }), "\"the key\"")
    assert.strictEqual(name({ runType: "refresh", jobName: "Daily" }), "\"the key\"")
    assert.strictEqual(
      name({ key: "deploys in environment 3", runType: "deploy", environmentID: "3" }),
      "\"deploys\" in env 3"
    )
    assert.strictEqual(name({ key: "deploys", runType: "deploy", environmentID: "3" }), "\"deploys\"")
  })

  it("say what their runs did, and what is worth a word of what changed", () => {
    const durations = {
      runs: 1,
      exact: true,
      p50Millis: 60_000,
      p95Millis: 90_000,
      longest: { runID: id(1), millis: 1 }
    }
    const fact = (fields: Partial<Group>, change?: object) =>
      rows(
        [group("k", fields)],
        {},
        change === undefined
          ? {}
          : { change: { runs: 0, failed: 0, groups: [{ key: "k", runs: 0, failed: 0, ...change }] } }
      )[1]
    const start = "- \"k\": 3 completed, 1 failed, success 75 %"
    assert.strictEqual(fact({}), start)
    assert.strictEqual(fact({ durations }), `${start}, p50 1m`)
    assert.strictEqual(fact({ durations: { ...durations, runs: 2 } }), `${start}, p50 1m, p95 1m30s`)
    const { successRate: _, ...rateless } = counted()
    assert.strictEqual(rows([{ key: "k", ...rateless }])[1], "- \"k\": 3 completed, 1 failed")
    assert.strictEqual(
      fact({ causes: [cause("a", { failures: 3, atLeast: true }), cause("b"), cause("c")] }),
      `${start}, at least 3 syntax (last 2), 1 syntax (last 2)`
    )
    assert.strictEqual(
      fact({}, { failed: 2, successRate: -0.05, p50Millis: 60_000 }),
      `${start}, failed +2, success -5 points, p50 +1m`
    )
    assert.strictEqual(fact({}, { failed: 0, successRate: 0.0004, p50Millis: -59_999 }), start)
  })

  it("say the streak of a job that fails now", () => {
    const current = (runStatus: "failed" | "completed", runs: number) => ({
      streaks: { inOrder: true, current: { runStatus, runs, firstRunID: id(1), lastRunID: id(2) } }
    })
    const said = (fields: Partial<Group>, groupBy: RunStatistics.GroupBy = "job") =>
      rows([group("k", fields)], { groupBy })[1]
    assert.isTrue(said(current("failed", 2))?.endsWith(", the latest 2 failed"))
    assert.isTrue(said(current("failed", 4))?.endsWith(", the latest 4 or more failed"))
    for (const fields of [current("failed", 1), current("completed", 3)]) assert.notInclude(said(fields), "latest")
    assert.notInclude(said(current("failed", 2), "environment"), "latest")
  })

  it.each<[groupBy: RunStatistics.GroupBy, order: string]>([
    ["hour", "from the first"],
    ["day", "the latest first"],
    ["week", "the latest first"],
    ["job", "those that fail now first, then most failures first"],
    ["user", "most failures first"]
  ])("are ordered by %s", (groupBy, order) => {
    assert.strictEqual(rows([group("k")], { groupBy })[0], `By ${groupBy}, ${order}:`)
  })

  it("count those that are not shown", () => {
    const groups = [group("a"), group("b"), group("c")]
    const more = (bounds: Partial<Report.Bounds>, fields: object = {}) =>
      sectionOf(bounded(bounds, { groupBy: "job", groups, ...fields }), "By ").at(-1)
    assert.strictEqual(more({ groups: 2 }), "- and 1 more")
    const otherGroups = { groups: 5, atLeast: true, ...counted() }
    assert.strictEqual(more({ groups: 2 }, { otherGroups }), "- and at least 6 more")
    assert.strictEqual(more({}, { otherGroups }), "- and at least 5 more")
    assert.isFalse(more({})?.startsWith("- and"))
  })
})

describe("the nodes and the data tests of a summary", () => {
  it("say how many runs were read, and of each node how long it took", () => {
    const node = { name: "ORDERS", runs: 2, failed: 0, totalMillis: 120_000 }
    const nodes = {
      runs: 3,
      notRead: 0,
      listed: [node, { ...node, name: "ITEMS", runs: 1, failed: 1, p50Millis: 1500 }],
      more: 2
    }
    assert.deepStrictEqual(sectionOf(linesOf({}, { nodes }), "By node"), [
      "By node, in the latest 3 ended runs, most failures first, then the longest:",
      "- ORDERS: 2 runs, 2m in all",
      "- ITEMS: 1 run, 1 failed, p50 1.5s, 2m in all",
      "- and 2 more"
    ])
    const cut = bounded({ groups: 1 }, {}, { nodes: { ...nodes, runs: 1, notRead: 4 } })
    assert.deepStrictEqual(sectionOf(cut, "By node"), [
      "By node, in the latest 1 ended run, most failures first, then the longest; the results of 4 runs more were not read:",
      "- ORDERS: 2 runs, 2m in all",
      "- and 3 more"
    ])
    assert.lengthOf(sectionOf(linesOf({}, { nodes: { ...nodes, more: 0 } }), "By node"), 3)
  })

  it("name the tests that failed, or say that none did", () => {
    const run = { id: id(9), runType: "refresh", runStatus: "completed", jobID: 15 }
    const failedTests = [{ node: "ORDERS", test: "unique", message: "2 rows" }, { node: "ITEMS" }]
    const tests = { runs: 2, notRead: 1, listed: [{ run, failedTests, more: 3 }, { run, failedTests, more: 0 }] }
    assert.deepStrictEqual(sectionOf(linesOf({}, { tests }), "Failed data"), [
      "Failed data tests in the latest completed run of 2 jobs; the results of 1 run more were not read:",
      "- refresh of job 15: unique of ORDERS \"2 rows\", a test of ITEMS and 3 more",
      "- refresh of job 15: unique of ORDERS \"2 rows\", a test of ITEMS"
    ])
    assert.strictEqual(sectionOf(bounded({ rows: 1 }, {}, { tests }), "Failed data").at(-1), "- and 1 more")
    assert.include(
      linesOf({}, { tests: { runs: 1, notRead: 0, listed: [] } }),
      "Data tests: none failed in the latest completed run of 1 job"
    )
  })
})
