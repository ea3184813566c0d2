import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Report, Run, RunList } from "../../src/index.ts"
import { history, hour, list, refresh } from "../support/list.ts"

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
Next: list {"since":"2026-01-01T00:00:00Z","until":"2026-01-01T01:00:00Z","timeZone":"UTC","runStatus":["failed","canceled"],"detail":true,"limit":3,"startingFrom":"c1.runStartTime.desc.mjups2o0.10"} for the runs that follow
Next: diagnose {"runID":56,"timeZone":"UTC"} why it failed`
      )
    }))

  it.effect("leads to why the newest failed run failed, and without one to what happened inside the newest run of a job", () =>
    Effect.gen(function*() {
      const stepsOf = (options: Parameters<typeof list>[0]) =>
        Effect.map(
          list({ ...hour, ...options }),
          ({ list }) =>
            RunList.report(list).nextSteps.flatMap(({ action, arguments: { runID } }) =>
              typeof runID === "number" ? [`${action} ${runID}`] : []
            )
        )
      expect(yield* stepsOf({})).toEqual(["diagnose 56"])
      expect(yield* stepsOf({ orderByDirection: "asc" })).toEqual(["diagnose 21"])
      expect(yield* stepsOf({ runStatus: "completed" })).toEqual([])
      expect(yield* stepsOf({ runStatus: "completed", jobID: 1 })).toEqual([expect.stringMatching(/^inspect \d+$/)])
      expect(yield* stepsOf({ runStatus: "completed", limit: 1 })).toEqual([
        expect.stringMatching(/^inspect \d+$/)
      ])
      expect(yield* stepsOf({ jobID: 4711 })).toEqual([])
    }))

  it.effect("shows times in the chosen zone", () =>
    Effect.gen(function*() {
      const { list: found } = yield* list({ ...hour, limit: 1 })
      const text = Report.toText(RunList.report(found, { timeZone: "America/New_York" }))
      expect(text).toContain("2025-12-31 19:00 – 2025-12-31 20:00 America/New_York (2026-01-01T00:00Z")
      expect(text).toContain("\n2025-12-31:\n59 refresh completed 19:59 30s env 3")
    }))

  it.effect("says to a person how long ago each run started", () =>
    Effect.gen(function*() {
      const { list: found } = yield* list({ ...hour, limit: 1 })
      const text = Report.toText(RunList.report(found, { now: new Date("2026-01-01T05:00:00Z") }))
      expect(text).toContain("\n2026-01-01:\n59 refresh completed 00:59, 4h ago 30s env 3")
    }))

  it.effect("says what ended the reading, and what was skipped", () =>
    Effect.gen(function*() {
      const { text } = yield* list({ jobID: "Evn" }, {
        history: () => history.map((run) => run.id === 99 ? { ...run, runStatus: "" } : run),
        maxLimit: 10,
        spoil: (response, _, index) => index < 4 ? response : new Response("", { status: 503 })
      })
      expect(text).toMatch(/^No match yet in \d+ rows \(jobID Evn\), any time; times in UTC\.\n/)
      expect(text).toMatch(/Not all was read\. The reading stopped after \d+ rows: "GET .* Trying again can help\./)
      expect(text).toContain("jobID filtered here, not by the API: ")
      expect(text).toContain("Skipped 1 undecodable row: run 99 at runStatus: \"Expected")
      expect(text).toMatch(
        /\nNext: list \{"timeZone":"UTC","jobID":"Evn","startingFrom":"\d+"\} for the runs that follow$/
      )
    }))

  it.effect("says which runs are nearest to an empty list, and which jobs there are", () =>
    Effect.gen(function*() {
      expect((yield* list({ jobID: "Evn" })).text).toBe(
        `No runs (jobID Evn), any time; times in UTC.
jobID filtered here, not by the API: 80 rows read.
Jobs in these rows: "Odd" (job 2), "Even" (job 1).`
      )
      expect((yield* list({ startingFrom: 1 })).text).toBe(
        "No runs, any time; times in UTC.\nNothing follows this startingFrom: the list ends here."
      )
      expect((yield* list({}, { history: () => [] })).text).toContain("The token sees no runs at all")
      const waiting = yield* list({ ...hour, runStatus: ["waitingToRun", "initializing"] })
      expect(waiting.text).toContain("Runs that are waitingToRun or initializing may have no start time")
      expect(waiting.text).toContain(
        "The nearest run of any status after the window is run 60 (deploy in env 1, completed, 2026-01-01 01:00), 1 minute after it."
      )
      const undecodable = yield* list({}, { history: () => history.map((run) => ({ ...run, runStatus: "" })) })
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

  it("names a job in its row if its id has two names, and masks secrets in reasons", () => {
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
