/** Long because each sentence of a list has its case. */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { Report, Run, RunCursor, RunList, RunWindow } from "../../src/index.ts"
import { commitOf, durationSeconds, startedAt, titleOf } from "../../src/list/runWords.ts"
import { lineText } from "../../src/report/toText.ts"
import * as Words from "../../src/report/words.ts"

const at = (time: string) => DateTime.makeUnsafe(`2026-11-03T${time}Z`)

/** A refresh of a minute. */
const run = (id: number, fields: Partial<RunList.RunLine> = {}): RunList.RunLine => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "completed",
  runStartTime: at("02:00:00"),
  runEndTime: at("02:01:00"),
  ...fields
})

/** A run without times. */
const untimed = (id: number, runStatus: string): RunList.RunLine => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus
})

const list = (fields: Partial<RunList.RunList>): RunList.RunList => ({
  query: {},
  timeZone: "UTC",
  orderBy: "id",
  orderByDirection: "desc",
  rows: 5,
  truncated: false,
  runs: [],
  ...fields
})

const textOf = (fields: Partial<RunList.RunList>, options?: Report.Options) =>
  Report.toText(RunList.report(list(fields), options)).split("\n")

const window: RunWindow.RunWindow = {
  since: at("00:00:00"),
  until: at("01:00:00"),
  timeZone: "UTC",
  timeZoneSource: "given"
}

describe("a run in words", () => {
  const words = Words.make()

  it("has a title of its type, its job, its commit and its environment, whichever it has", () => {
    const title = (fields: Partial<RunList.RunLine>) => lineText(titleOf(run(1, fields), words))
    assert.strictEqual(title({}), "refresh")
    assert.strictEqual(title({ jobName: "Daily" }), "refresh \"Daily\"")
    assert.strictEqual(
      title({ deployCommitMessage: "Add orders", environmentID: "3" }),
      "refresh \"Add orders\" in env 3"
    )
    assert.strictEqual(title({ deployCommit: "52ffe770cb64aa" }), "refresh of 52ffe770cb64")
    assert.deepStrictEqual(commitOf(run(1), words), [])
  })

  it("says why it shows no start", () => {
    const startOf = (runStatus: string) => startedAt(untimed(1, runStatus), words)
    assert.deepStrictEqual(["completed", "failed", "canceled", "running"].map(startOf), [
      " (start not known)",
      " (start not known)",
      " (not started)",
      " (not started)"
    ])
  })

  it("took the time between its start and its end, if it has both", () => {
    assert.strictEqual(durationSeconds(run(1)), 60)
    assert.strictEqual(durationSeconds(run(1, { runEndTime: at("02:00:00") })), 0)
    const { runEndTime: _end, ...started } = run(1)
    const { runStartTime: _start, ...ended } = run(1)
    assert.deepStrictEqual([started, ended].map(durationSeconds), [undefined, undefined])
  })
})

describe("the headline of a list", () => {
  it("says how many runs of which status, in which order", () => {
    const runs = [
      run(5),
      run(4, { runStatus: "failed" }),
      run(3, { runStatus: "failed" }),
      run(2, { runStatus: "running" })
    ]
    const [headline] = textOf({ runs })
    assert.strictEqual(headline, "4 runs, any time; times in UTC. Newest first: 2 failed, 1 completed, 1 running.")
    assert.strictEqual(
      textOf({ runs, orderByDirection: "asc" }, { bounds: { names: 1 } })[0],
      "4 runs, any time; times in UTC. Oldest first: 2 failed, 2 of other statuses."
    )
    const orderOf = (orderByDirection: "asc" | "desc") =>
      textOf({ runs: [run(5)], orderBy: "runEndTime", orderByDirection })[0]
    assert.deepStrictEqual(["asc" as const, "desc" as const].map(orderOf), [
      "1 run, any time; times in UTC. Earliest end first: 1 completed.",
      "1 run, any time; times in UTC. Latest end first: 1 completed."
    ])
  })

  it("says the filters", () => {
    const query: RunList.RunList["query"] = {
      runType: "refresh",
      runStatus: ["failed", "canceled"],
      environmentID: "3",
      projectID: "p 1",
      jobID: 15
    }
    const job = { jobID: 15, jobName: "Daily", asked: "daily", by: "name" } as const
    assert.strictEqual(
      textOf({ query, job })[0],
      "No runs (runType refresh, runStatus failed or canceled, environmentID 3, projectID \"p 1\", unchecked, jobID 15 \"Daily\"), any time; times in UTC."
    )
  })
})

describe("how far a list was read", () => {
  const linesOf = (fields: Partial<RunList.RunList>, options?: Report.Options) =>
    textOf({ runs: [run(5)], ...fields }, options)

  it("is said where it ended before the last run, with the call that goes on", () => {
    const endOf = (fields: Partial<RunList.RunList>) =>
      linesOf({ runs: [], query: { startingFrom: "9" }, ...fields }).slice(1)
    assert.deepStrictEqual(endOf({ truncated: "limit" }), [
      "More runs follow.",
      "Next: list {\"startingFrom\":\"9\"} for the runs that follow"
    ])
    assert.deepStrictEqual(endOf({ truncated: "row_limit", query: {} }), [
      "Not all was read. The reading stopped after 5 rows, at its limit of rows.",
      "Next: list {} for the runs that follow"
    ])
    const resumeFrom: RunCursor.RunCursor = {
      ...RunCursor.start({ orderBy: "id", orderByDirection: "desc" }),
      value: 7
    }
    assert.deepStrictEqual(endOf({ truncated: "time_limit", resumeFrom, window, query: { jobID: 15 } }), [
      "Not all was read. The reading stopped after 5 rows, at its limit of time.",
      "jobID filtered here, not by the API: 5 rows read.",
      "Next: list {\"since\":\"2026-11-03T00:00:00Z\",\"until\":\"2026-11-03T01:00:00Z\",\"jobID\":\"15\",\"startingFrom\":\"7\"} for the runs that follow"
    ])
    const error = { _tag: "Forbidden", message: "No.", isRetryable: false }
    assert.strictEqual(
      endOf({ truncated: "error", error })[0],
      "Not all was read. The reading stopped after 5 rows: \"No.\" Trying again is unlikely to help."
    )
  })

  it("goes on from where it began, if it did not get further", () => {
    const [step] = RunList.report(list({ truncated: "row_limit", query: { limit: 5 } })).nextSteps
    assert.deepStrictEqual(step?.arguments, { limit: 5 })
  })

  it("names a cursor without a value by its text", () => {
    const resumeFrom = RunCursor.start({ orderBy: "id", orderByDirection: "desc" })
    const step = RunList.report(list({ truncated: "limit", resumeFrom })).nextSteps[0]
    assert.strictEqual(step?.arguments["startingFrom"], RunCursor.encode(resumeFrom))
  })

  it("says which rows were skipped", () => {
    const skipped = (count: number, first: object) =>
      linesOf({ undecodable: { count, first: { index: 3, path: "", issue: "Expected a text", ...first } } })[1]
    assert.strictEqual(skipped(1, {}), "Skipped 1 undecodable row: row 3 of a page: \"Expected a text\".")
    assert.strictEqual(
      skipped(3, { id: Run.RunId.make(9), path: "runStatus" }),
      "Skipped 3 undecodable rows: run 9 at runStatus: \"Expected a text\" and 2 more."
    )
  })

  it("names the jobs of the rows, each by what is known of it", () => {
    const listed = [{ jobID: 1, jobName: "Daily" }, { jobID: 2 }, { jobName: "By hand" }]
    assert.strictEqual(
      linesOf({ jobs: { listed, more: 0 } })[1],
      "Jobs in these rows: \"Daily\" (job 1), job 2, \"By hand\"."
    )
    assert.strictEqual(
      linesOf({ jobs: { listed, more: 4 } }, { bounds: { names: 1 } })[1],
      "Jobs in these rows: \"Daily\" (job 1) and 6 more."
    )
  })

  it("says both filters that the API lacks", () => {
    assert.strictEqual(
      linesOf({ query: { runStatus: ["failed", "canceled"], jobID: 15 } })[1],
      "runStatus and jobID filtered here, not by the API: 5 rows read."
    )
  })
})

describe("an empty list", () => {
  it("says why, where runs without a start were asked for in a window", () => {
    const nearest = { latest: run(9) }
    const query: RunList.RunList["query"] = { runStatus: ["failed", "waitingToRun"] }
    const hint = "Runs that are waitingToRun may have no start time: list them without window, since and until."
    assert.include(textOf({ query, window, nearest }), hint)
    assert.notInclude(textOf({ query, nearest }), hint)
    assert.lengthOf(
      textOf({ query: { runStatus: ["failed"] }, window, nearest }).filter((one) => one.includes("start time")),
      0
    )
  })

  it("does not say that it ends where it was cut", () => {
    assert.deepStrictEqual(textOf({ truncated: "limit" }).filter((line) => line.startsWith("Nothing follows")), [])
    assert.deepStrictEqual(textOf({}).slice(1), ["Nothing follows this startingFrom: the list ends here."])
  })
})

describe("what a list leads to", () => {
  const stepsOf = (fields: Partial<RunList.RunList>, options?: Report.Options) =>
    RunList.report(list(fields), options).nextSteps.map(({ action, arguments: { runID, timeZone }, why }) => [
      action,
      runID,
      timeZone,
      why
    ])

  it("is the newest failed run, or what happened inside of the newest run of a job that has started", () => {
    const failed = run(4, { runStatus: "failed" })
    assert.deepStrictEqual(stepsOf({ runs: [failed, run(6, { runStatus: "failed" }), run(8)] }), [
      ["diagnose", 6, undefined, "why it failed"]
    ])
    const runs = [untimed(9, "waitingToRun"), run(8), run(7)]
    assert.deepStrictEqual(stepsOf({ runs, query: { jobID: 15, timeZone: "UTC" } }), [
      ["inspect", 8, "UTC", "what happened inside"]
    ])
    assert.deepStrictEqual(stepsOf({ runs: [run(8)] }, { timeZone: "Europe/Berlin" }), [
      ["inspect", 8, "Europe/Berlin", "what happened inside"]
    ])
    assert.deepStrictEqual(stepsOf({ runs: [untimed(9, "waitingToRun")] }), [])
    assert.deepStrictEqual(stepsOf({ runs }), [])
  })
})

describe("the rows of a list", () => {
  const rowsOf = (runs: ReadonlyArray<RunList.RunLine>, options?: Report.Options) => textOf({ runs }, options).slice(1)

  it("say once what all runs share, and not of a single run", () => {
    const shared = { environmentID: "3", snowflakeAuthType: "OAuth", jobID: 15, jobName: "Daily" }
    assert.deepStrictEqual(rowsOf([run(2, shared), run(1, shared)]), [
      "All runs: refresh, completed, env 3, \"Daily\" (job 15), auth OAuth.",
      "2026-11-03:",
      "2 02:00 1m",
      "1 02:00 1m"
    ])
    const [section] = RunList.report(list({ runs: [run(2, shared), run(1, shared)] })).sections
    assert.deepStrictEqual(section?.rows.map(({ cells }) => cells.length), [3, 3])
    assert.deepStrictEqual(rowsOf([run(2, shared)]).slice(0, 2), [
      "2026-11-03:",
      "2 refresh completed 02:00 1m env 3 \"Daily\" (job 15) auth OAuth"
    ])
  })

  it("have a section for each day, and one for runs without a start", () => {
    const runs = [
      untimed(9, "waitingToRun"),
      run(8),
      run(7, { runStartTime: DateTime.makeUnsafe("2026-11-02T23:00:00Z") }),
      run(6)
    ]
    assert.deepStrictEqual(rowsOf(runs).slice(0, 8), [
      "All runs: refresh.",
      "not started:",
      "9 waitingToRun",
      "2026-11-03:",
      "8 completed 02:00 1m",
      "2026-11-02:",
      "7 completed 23:00 3h1m",
      "2026-11-03:"
    ])
    const [section] = RunList.report(list({ runs })).sections
    assert.strictEqual(section?.layout, "table")
  })

  it("name the job of several rows once, by the name that its rows have", () => {
    const daily = { jobID: 15, jobName: "Daily" }
    const weekly = { jobID: 16, jobName: "Weekly" }
    const runs = [
      run(6, daily),
      run(5, daily),
      run(4, weekly),
      run(3, weekly),
      run(2, { jobName: "By hand" }),
      run(1, { jobID: 7 })
    ]
    assert.deepStrictEqual(rowsOf(runs).slice(1, 9), [
      "Jobs: 15 \"Daily\", 16 \"Weekly\".",
      "2026-11-03:",
      "6 02:00 1m job 15",
      "5 02:00 1m job 15",
      "4 02:00 1m job 16",
      "3 02:00 1m job 16",
      "2 02:00 1m \"By hand\"",
      "1 02:00 1m job 7"
    ])
    const unnamed = [run(3, { jobID: 7 }), run(2, { jobID: 7 }), run(1, { jobName: "x" }), run(0, { jobName: "x" })]
    assert.deepStrictEqual(rowsOf(unnamed).filter((line) => line.startsWith("Jobs")), [])
  })

  it("have the commit, the nodes and the run that was run again", () => {
    const runs = [run(2, { deployCommit: "52ffe770cb64aa", nodesInRun: 4, reRunID: Run.RunId.make(1) }), run(1)]
    assert.deepStrictEqual(rowsOf(runs).slice(2), ["2 02:00 1m re-run of 1 4 nodes commit 52ffe770cb64", "1 02:00 1m"])
  })
})

describe("the reasons of a list", () => {
  const failed = (id: number, runFailureReason?: string) =>
    run(id, { runStatus: "failed", ...(runFailureReason === undefined ? {} : { runFailureReason }) })
  const reasonsOf = (runs: ReadonlyArray<RunList.RunLine>, options?: Report.Options) =>
    textOf({ runs }, options).flatMap((line) => /^\d+ .*?\b((?:reason|no reason).*)$/.exec(line)?.[1] ?? [])

  it("stand at the first run that has them, whatever numbers and ids are in them", () => {
    const query = (id: string, rows: number) =>
      `Query 01b2c3d4-${id}-11ee-9999-0242ac120002 timed out after ${rows} rows`
    assert.deepStrictEqual(
      reasonsOf([failed(3, query("0a0a", 12)), failed(2, query("0B0B", 700)), failed(1, "Timed out")]),
      [
        "reason \"Query 01b2c3d4-0a0a-11ee-9999-0242ac120002 timed out after 12 rows\"",
        "reason as 3",
        "reason \"Timed out\""
      ]
    )
  })

  it("stand at each run where they name no cause, and are missed where there are none", () => {
    const none = "An error occurred"
    assert.deepStrictEqual(reasonsOf([failed(4, none), failed(3, none), failed(2), failed(1, "\u200b"), run(0)]), [
      `reason "${none}"`,
      `reason "${none}"`,
      "no reason given",
      "no reason given"
    ])
  })

  it("share their room, less what the rows take, and keep 60 characters", () => {
    const different = (count: number) => [
      run(count + 1),
      ...Array.from(
        { length: count },
        (_, index) => failed(count - index, `Object ${String.fromCharCode(65 + index).repeat(3)} ${"x".repeat(300)}`)
      )
    ]
    const lengths = (count: number, messages: number) =>
      new Set(
        reasonsOf(different(count), { bounds: { messages } }).map((reason) => reason.length - "reason \"\"".length)
      )
    // Six rows take 60.
    assert.deepStrictEqual([...lengths(5, 560)], [100])
    assert.deepStrictEqual([...lengths(5, 100)], [60])
    assert.deepStrictEqual([...lengths(5, 4000)], [160])
  })
})
