import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { Report, Run, RunList } from "../src/index.ts"
import { durationSeconds, startedAt, titleOf, took } from "../src/list/runWords.ts"
import { lineText } from "../src/report/toText.ts"
import * as Words from "../src/report/words.ts"
import { clientOver, runs, type Server } from "./support/server.ts"

const time = (text: string) => DateTime.makeUnsafe(text)

const refresh: Run.Run = {
  id: Run.RunId.make(1202),
  runType: "refresh",
  runStatus: "failed",
  reRunID: Run.RunId.make(1200),
  runStartTime: time("2026-11-03T02:00:00Z"),
  runEndTime: time("2026-11-03T02:10:02Z"),
  runDetails: { environmentID: "3", jobID: 15, jobName: "Daily sales", includeNodesSelector: "{ * }", nodesInRun: 12 }
}

const deploy: Run.Run = {
  id: Run.RunId.make(7),
  runType: "deploy",
  runStatus: "running",
  runDetails: { environmentID: "3", deployCommit: "52ffe770cb64aa", deployCommitMessage: "New \"order\" model" }
}

const words = Words.make()

describe("RunList.fromRun", () => {
  it("keeps of a detailed run what a report needs, with the reason of its summary row", () => {
    const line = RunList.fromRun(refresh, "a reason")
    expect(line).toEqual({
      id: 1202,
      runType: "refresh",
      runStatus: "failed",
      reRunID: 1200,
      runStartTime: refresh.runStartTime,
      runEndTime: refresh.runEndTime,
      environmentID: "3",
      jobID: 15,
      jobName: "Daily sales",
      nodesInRun: 12,
      runFailureReason: "a reason"
    })
    const json = JSON.parse(JSON.stringify(Schema.encodeUnknownSync(RunList.RunLine)(line)))
    expect(json.runStartTime).toBe("2026-11-03T02:00:00.000Z")
    expect(Schema.decodeUnknownSync(RunList.RunLine)(json)).toEqual(line)
  })

  it("keeps the selector of a refresh without a job, and the reason of a summary", () => {
    const { jobID: _, jobName: __, ...runDetails } = { ...refresh.runDetails, jobID: 15, jobName: "" }
    expect(RunList.fromRun({ ...refresh, runDetails }).includeNodesSelector).toBe("{ * }")
    const summary: Run.RunSummary = {
      id: Run.RunId.make(1),
      runType: "refresh",
      runStatus: "failed",
      runFailureReason: "own"
    }
    expect(RunList.fromRun(summary, "other").runFailureReason).toBe("own")
  })
})

describe("a run in words", () => {
  it.each(
    [
      [RunList.fromRun(refresh), "refresh \"Daily sales\" (job 15) in env 3"],
      [RunList.fromRun(deploy), "deploy of 52ffe770cb64 \"New \\\"order\\\" model\" in env 3"],
      [{ id: Run.RunId.make(1), runType: "refresh", runStatus: "failed", jobID: 4 }, "refresh of job 4"],
      [
        { id: Run.RunId.make(1), runType: "refresh", runStatus: "failed", includeNodesSelector: "{a}" },
        "refresh of \"{a}\""
      ]
    ] satisfies ReadonlyArray<readonly [RunList.RunLine, string]>
  )("has a title", (run, title) => {
    expect(lineText(titleOf(run, words))).toBe(title)
  })

  it("says when it started and how long it took", () => {
    expect(startedAt(RunList.fromRun(refresh), words)).toBe(" (2026-11-03 02:00)")
    expect(startedAt(RunList.fromRun(deploy), words)).toBe(" (not started)")
    expect(took(RunList.fromRun(refresh))).toBe(", after 10m2s")
    expect(took(RunList.fromRun(deploy))).toBe("")
    const backwards = RunList.fromRun({ ...refresh, runEndTime: time("2026-11-03T01:00:00Z") })
    expect(durationSeconds(backwards)).toBe(0)
  })
})

/** A hundred runs, one a minute from 2026-01-01 00:01 on: each fifth a deploy, each seventh failed, of two jobs in turn. */
const history = runs(100).map((run) => ({
  ...run,
  ...(run.runType === "refresh"
    ? { runDetails: { jobID: 1 + run.id % 2, refreshDescription: run.id % 2 === 0 ? "Even" : "Odd" } }
    : {})
}))

const list = (options: RunList.Options, server: Partial<Server> = {}) => {
  const { layer, log } = clientOver({ history: () => history, ...server }, { retry: Schedule.recurs(0) })
  return Effect.map(
    Effect.provide(RunList.list({ timeZone: "UTC", ...options }), layer),
    (list) => ({ list, ids: list.runs.map(({ id }) => Number(id)), text: Report.toText(RunList.report(list)), log })
  )
}

const hour = { since: "2026-01-01T00:00Z", until: "2026-01-01T01:00Z" }

describe("RunList.list", () => {
  it.effect("lists runs of any time by id, with what was asked and where to continue", () =>
    Effect.gen(function*() {
      const { ids, list: found } = yield* list({ limit: 2, runStatus: "failed" })
      expect(ids).toEqual([98, 91])
      expect(found).toMatchObject({
        query: { timeZone: "UTC", runStatus: ["failed"], limit: 2 },
        orderBy: "id",
        orderByDirection: "desc",
        rows: 2,
        truncated: "limit"
      })
      const twice = yield* list({ limit: 2, runStatus: ["failed", "failed"] })
      expect(twice.list).toEqual(found)
      const next = yield* list({ limit: 2, runStatus: "failed", startingFrom: found.resumeFrom })
      expect(next.ids).toEqual([84, 77])
    }))

  it.effect("encodes to plain JSON, and decodes to the same facts", () =>
    Effect.gen(function*() {
      const lists = [
        yield* list({ ...hour, limit: 3, detail: true }),
        yield* list({ ...hour, environmentID: "9" }),
        yield* list({ jobID: "Evn" }),
        yield* list({}, {
          history: () => history.map((run) => run.id === 99 ? { ...run, runEndTime: "soon" } : run),
          maxLimit: 10,
          spoil: (answer, _, index) => index < 2 ? answer : new Response("", { status: 503 })
        })
      ]
      for (const { list } of lists) {
        const json: unknown = JSON.parse(JSON.stringify(Schema.encodeUnknownSync(RunList.RunList)(list)))
        expect(Schema.decodeUnknownSync(RunList.RunList)(json)).toEqual(list)
      }
      expect(lists.map(({ list }) => Object.keys(list))).toEqual([
        expect.arrayContaining(["window", "resumeFrom"]),
        expect.arrayContaining(["nearest"]),
        expect.arrayContaining(["nearest", "jobs"]),
        expect.arrayContaining(["undecodable", "error"])
      ])
    }))

  it.effect("takes the window of a name, and the direction of a cursor", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-01-01T01:00:00Z"))
      const { ids, list: found } = yield* list({ window: "today", limit: 3, orderByDirection: "asc" })
      expect(ids).toEqual([1, 2, 3])
      expect(found.window?.name).toBe("today")
      const next = yield* list({ window: "today", limit: 3, startingFrom: found.resumeFrom })
      expect(next.ids).toEqual([4, 5, 6])
      expect(next.list.orderByDirection).toBe("asc")
    }))

  it.effect("names each wrong option before any request", () =>
    Effect.gen(function*() {
      const fields = (options: RunList.Options) => {
        const { layer, log } = clientOver({ history: () => history })
        return Effect.map(Effect.flip(Effect.provide(RunList.list(options), layer)), (error) => {
          expect(log.requests).toEqual([])
          return error._tag === "InvalidQuery" ? error.violations.map(({ field }) => field) : error._tag
        })
      }
      expect(yield* fields({ window: "today", since: "1d", until: "1h" })).toEqual(["since", "until"])
      expect(yield* fields({ since: "1d", orderBy: "id", startingFrom: 12 })).toEqual(["orderBy", "startingFrom"])
      expect(yield* fields({ jobID: 1, runType: "deploy", limit: 0 })).toEqual(["jobID", "limit"])
      expect(yield* fields({ jobID: "x".repeat(401), environmentID: "x".repeat(401) })).toEqual([
        "environmentID",
        "jobID"
      ])
      expect(yield* fields({ until: "1h" })).toEqual(["since"])
      expect(yield* fields({ timeZone: "Mars" })).toEqual(["timeZone"])
      expect(yield* fields({ startingFrom: "yesterday" })).toEqual(["startingFrom"])
    }))

  it.effect("cuts long texts in the middle", () =>
    Effect.gen(function*() {
      const long = history.map((run) => run.id === 98 ? { ...run, runFailureReason: "x".repeat(10_000) } : run)
      const { list: found } = yield* list({ runStatus: "failed", limit: 1 }, { history: () => long })
      expect(found.runs[0]?.runFailureReason).toMatch(/^x+…\[\d{4} characters cut\]…x+$/)
      expect(found.runs[0]?.runFailureReason?.length).toBeLessThanOrEqual(500)
    }))

  it.effect("finds the nearest runs of an empty window, in no more time than it has left", () =>
    Effect.gen(function*() {
      const { list: found } = yield* list({ since: "2026-01-01T02:00Z", until: "2026-01-01T03:00Z" })
      expect(found.nearest).toMatchObject({ before: { id: 100 } })
      const gap = yield* list({ since: "2026-01-01T00:10:10Z", until: "2026-01-01T00:10:50Z", runType: "refresh" })
      expect(gap.list.nearest).toMatchObject({ before: { id: 9 }, after: { id: 11 } })
      const waiting = { id: 101, runType: "refresh", runStatus: "waitingToRun", environmentID: "9" } as const
      const unstarted = yield* list({ ...hour, environmentID: "9" }, {
        history: () => [...history, waiting],
        untimed: "last"
      })
      expect(unstarted.list.nearest).toMatchObject({ latest: { id: 101 } })
      expect(unstarted.text).toContain("No run that matches environmentID is before or after the window.")
      const none = yield* list(
        { since: "2026-01-01T02:00Z", until: "2026-01-01T03:00Z" },
        { spoil: (answer, _, index) => index === 0 ? answer : new Response("", { status: 500 }) }
      )
      expect(none.list.nearest).toEqual({ unavailable: "error" })
    }))
})

describe("RunList.report", () => {
  it.effect("has a row a run, says once what the runs share, and each reason once", () =>
    Effect.gen(function*() {
      const same = history.map((run) =>
        run.runStatus === "failed" ? { ...run, runFailureReason: `Statement ${run.id} timed out` } : run
      )
      const { text } = yield* list({ ...hour, runStatus: ["failed", "canceled"], detail: true, limit: 3 }, {
        history: () => same
      })
      expect(text).toBe(
        `3 runs (runStatus failed or canceled), 2026-01-01 00:00 – 2026-01-01 01:00 UTC (2026-01-01T00:00Z – 2026-01-01T01:00Z); runs that have not started are not in it. Newest first: 3 failed.
More runs follow.
runStatus filtered here, not by the API: 24 rows read.
All runs: refresh, failed.
Jobs: 1 "Even".
2026-01-01:
56 00:56 30s env 3 job 1 reason "Statement 56 timed out"
49 00:49 30s env 2 "Odd" (job 2) reason as 56
42 00:42 30s env 1 job 1 reason as 56
Next: list {"since":"2026-01-01T00:00:00Z","until":"2026-01-01T01:00:00Z","timeZone":"UTC","runStatus":["failed","canceled"],"detail":true,"limit":3,"startingFrom":"c1.runStartTime.desc.mjups2o0.10"} for the runs that follow`
      )
    }))

  it.effect("tells times in the zone that the reader chose", () =>
    Effect.gen(function*() {
      const { list: found } = yield* list({ ...hour, limit: 1 })
      const text = Report.toText(RunList.report(found, { timeZone: "America/New_York" }))
      expect(text).toContain("2025-12-31 19:00 – 2025-12-31 20:00 America/New_York (2026-01-01T00:00Z")
      expect(text).toContain("\n2025-12-31:\n59 refresh completed 19:59 30s env 3")
    }))

  it.effect("says what ended the reading, and what was skipped", () =>
    Effect.gen(function*() {
      const { text } = yield* list({ jobID: "Evn" }, {
        history: () => history.map((run) => run.id === 99 ? { ...run, runEndTime: "soon" } : run),
        maxLimit: 10,
        spoil: (answer, _, index) => index < 4 ? answer : new Response("", { status: 503 })
      })
      expect(text).toMatch(/^No match yet in \d+ rows \(jobID Evn\), any time; times in UTC\.\n/)
      expect(text).toMatch(/Not all was read\. The reading stopped after \d+ rows: "GET .* Trying again can help\./)
      expect(text).toContain("jobID filtered here, not by the API: ")
      expect(text).toContain("Skipped 1 undecodable row: run 99 at runEndTime: \"Expected an ISO 8601 date-time")
      expect(text).toMatch(
        /\nNext: list \{"timeZone":"UTC","jobID":"Evn","startingFrom":"\d+"\} for the runs that follow$/
      )
    }))

  it.effect("of an empty list says what is near, and which jobs there are", () =>
    Effect.gen(function*() {
      expect((yield* list({ jobID: "Evn" })).text).toBe(
        `No runs (jobID Evn), any time; times in UTC.
jobID filtered here, not by the API: 80 rows read.
Jobs in these rows: "Odd" (job 2), "Even" (job 1).
The latest run of any kind is run 100 (deploy, completed, 2026-01-01 01:40).`
      )
      expect((yield* list({ startingFrom: 1 })).text).toBe(
        "No runs, any time; times in UTC.\nNothing follows this startingFrom: the list ends here."
      )
      expect((yield* list({}, { history: () => [] })).text).toContain("The token sees no runs at all")
      const waiting = yield* list({ ...hour, runStatus: ["waitingToRun", "initializing"] })
      expect(waiting.text).toContain("Runs that are waitingToRun or initializing may have no start time")
      expect(waiting.text).toContain(
        "The nearest run of any status after the window is run 60 (deploy, completed, 2026-01-01 01:00), 1 minute after it."
      )
      const undecodable = yield* list({}, { history: () => history.map((run) => ({ ...run, runEndTime: "soon" })) })
      expect(undecodable.text).toMatch(/^No runs that could be decoded, any time/)
      expect(undecodable.text).toContain("The nearest run is not known: a request failed.")
    }))

  it("bounds the messages of many different failures together", () => {
    const failures: RunList.RunList = {
      query: {},
      timeZone: "UTC",
      orderBy: "id",
      orderByDirection: "desc",
      rows: 100,
      truncated: false,
      runs: Array.from({ length: 100 }, (_, index) => ({
        id: Run.RunId.make(100 - index),
        runType: "refresh",
        runStatus: "failed",
        runFailureReason: `Object ${String.fromCharCode(65 + index % 50).repeat(1 + index)} ${
          "does not exist ".repeat(20)
        }`
      }))
    }
    expect(Report.toText(RunList.report(failures)).length).toBeLessThan(100 * 100)
    expect(Report.toText(RunList.report({ ...failures, runs: failures.runs.slice(0, 2) }))).toMatch(
      /^100 reason "Object A .{140,160}"$/m
    )
  })

  it("names a job in its row where its id has two names, and masks secrets in reasons", () => {
    const run = { ...RunList.fromRun(refresh, "CREATE STAGE failed: AWS_SECRET_KEY='hush'"), runStatus: "failed" }
    const text = Report.toText(RunList.report({
      query: {},
      timeZone: "UTC",
      orderBy: "id",
      orderByDirection: "desc",
      rows: 3,
      truncated: false,
      runs: [run, { ...run, id: Run.RunId.make(2) }, { ...run, id: Run.RunId.make(1), jobName: "Renamed" }]
    }))
    expect(text).toContain("\nJobs: 15 \"Daily sales\".\n")
    expect(text).toMatch(
      /^1202 02:00 10m2s job 15 re-run of 1200 12 nodes reason "CREATE STAGE failed: AWS_SECRET_KEY='\*\*\*'"$/m
    )
    expect(text).toMatch(/^1 02:00 10m2s "Renamed" \(job 15\) re-run of 1200 12 nodes reason as 1202$/m)
  })
})
