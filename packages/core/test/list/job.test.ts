/** Long because each way to name a job has its case. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import {
  Report,
  RunDiagnosis,
  RunHealth,
  RunList,
  type RunsClient,
  RunsInMemory,
  RunStatistics
} from "../../src/index.ts"
import { resolveJob } from "../../src/list/job.ts"
import { clientOver, type NextStyle } from "../support/server.ts"

const start = Date.parse("2026-03-01T00:00:00Z")

/** Refreshes, one an hour, the last the latest. */
const refreshes = (jobs: ReadonlyArray<readonly [jobID: number | undefined, name: string, environmentID?: string]>) =>
  jobs.map(([jobID, refreshDescription, environmentID = "3"], index) => ({
    id: 1 + index,
    runType: "refresh",
    runStatus: "completed",
    environmentID,
    runStartTime: new Date(start + index * 3_600_000).toISOString(),
    runEndTime: new Date(start + index * 3_600_000 + 60_000).toISOString(),
    runDetails: { ...(jobID === undefined ? {} : { jobID }), refreshDescription, environmentID }
  }))

const over = (runs: RunsInMemory.TestOptions["runs"]) => <A, E>(effect: Effect.Effect<A, E, RunsClient.RunsClient>) =>
  TestClock.setTime(start + 30 * 86_400_000).pipe(
    Effect.andThen(effect),
    Effect.provide(RunsInMemory.layer({ runs, results: {} }))
  )

const night = refreshes([
  [16, "Daily sales"],
  [15, "Daily sales"],
  [undefined, "By hand"],
  [17, "Customer 360"],
  [18, "Customer 361", "5"],
  [20, "Same", "3"],
  [21, "Same", "5"],
  [22, "Job 15"],
  [16, "Sales, weekly"],
  [19, "Finance_close 42"]
])

/** What was taken, and the line that says so. */
const listed = (jobID: number | string, environmentID?: string) =>
  Effect.map(RunList.list({ jobID, environmentID, timeZone: "UTC" }), (list) => ({
    id: list.query.jobID,
    by: list.job?.by,
    name: list.job?.jobName,
    ids: list.runs.map(({ id }) => Number(id)),
    said: Report.toText(RunList.report(list)).split("\n").find((line) => /^Read jobID|earlier name/.test(line))
  }))

describe("a job", () => {
  it.effect.each<[asked: number | string, id: number, by: string | undefined, said: string | undefined]>([
    [15, 15, undefined, undefined],
    ["15", 15, undefined, undefined],
    ["#15", 15, undefined, undefined],
    ["job #17", 17, undefined, undefined],
    ["\"Customer 360\" (job 17)", 17, undefined, undefined],
    [" 15 ", 15, undefined, undefined],
    ["job17", 17, undefined, undefined],
    ["Job  #17", 17, undefined, undefined],
    ["job 15", 22, "name", undefined],
    ["daily SALES ", 15, "name", undefined],
    ["customer 360", 17, "name", undefined],
    [
      "360 customer",
      17,
      "part",
      "Read jobID \"360 customer\" as \"Customer 360\" (job 17), the only job with such a name."
    ],
    [
      "Finance close 42",
      19,
      "part",
      "Read jobID \"Finance close 42\" as \"Finance_close 42\" (job 19), the only job with such a name."
    ],
    ["finance", 19, "part", "Read jobID \"finance\" as \"Finance_close 42\" (job 19), the only job with such a name."],
    [
      "the weekly sales job",
      16,
      "part",
      "Read jobID \"the weekly sales job\" as \"Sales, weekly\" (job 16), the only job with such a name."
    ]
  ])("%s is job %i", ([asked, id, by, said]) =>
    Effect.gen(function*() {
      expect(yield* listed(asked)).toMatchObject({ id, by, said })
    }).pipe(over(night)))

  it.effect("is the closest of several that its name may mean", () =>
    Effect.gen(function*() {
      const jobs = refreshes([[1, "Sales EU daily"], [2, "EU daily sales"], [3, "Customer 36"], [4, "Customer 360"]])
      const found = (name: string) => Effect.map(listed(name), ({ by, id }) => [id, by]).pipe(over(jobs))
      expect(yield* found("sales_eu")).toEqual([1, "part"])
      expect(yield* found("customer_36")).toEqual([3, "part"])
      expect(yield* found("sales of EU")).toEqual(["sales of EU", undefined])
      const words = refreshes([[1, "Lathe, part one"], [2, "Theory, part one"], [3, "Part one"]])
      for (const [asked, id] of [["one lathe", 1], ["one theory", 2]] as const) {
        expect((yield* listed(asked).pipe(over(words))).id).toBe(id)
      }
    }))

  it.effect.each(["***", "the job", "the job!", "There", "job 15 of old"])(
    "is none where %s has no word of a name",
    (asked) =>
      Effect.gen(function*() {
        const found = yield* listed(asked)
        expect([found.id, found.by]).toEqual([asked, undefined])
      }).pipe(over(night))
  )

  it.effect("whose runs have no name is found by its id alone", () =>
    Effect.gen(function*() {
      const unnamed = refreshes([[7, "Daily"], [8, "Gone"]]).map((run) =>
        run.id === 1 ? { ...run, runDetails: { jobID: 7, environmentID: "3" } } : run
      )
      expect(yield* listed("daily").pipe(over(unnamed))).toMatchObject({ id: "daily", by: undefined })
      expect(yield* listed("7").pipe(over(unnamed))).toMatchObject({ id: 7, ids: [1] })
    }))

  it.effect("that was not seen is refused with the jobs that there are, up to eight", () =>
    Effect.gen(function*() {
      const reasonOf = (runs: ReturnType<typeof refreshes>) =>
        Effect.map(Effect.flip(RunDiagnosis.diagnose({ jobID: "no such", since: "7d", timeZone: "UTC" })), (error) =>
          error._tag === "InvalidQuery" ? error.violations[0]?.reason : undefined).pipe(over(runs))
      expect(yield* reasonOf([])).toBe("No job has this id or name among the latest 0 refreshes")
      expect(yield* reasonOf(refreshes([[7, "Daily", "5"]]))).toBe(
        "No job has this id or name among the latest 1 refresh. There are 7 \"Daily\""
      )
      const jobs = (count: number) =>
        refreshes(Array.from({ length: count }, (_, index) => [index, `Job-${index}`]))
      const eight = Array.from({ length: 8 }, (_, index) => `${7 - index} "Job-${7 - index}"`).join(", ")
      expect(yield* reasonOf(jobs(8))).toBe(
        `No job has this id or name among the latest 8 refreshes. There are ${eight}`
      )
      expect(yield* reasonOf(jobs(9))).toMatch(/^No job has .* 2 "Job-2", 1 "Job-1" and 1 more$/)
    }))

  it.effect("costs no request by its id, one by a name on the first page, and two by one further back", () =>
    Effect.gen(function*() {
      const requestsOf = (jobID: string, count: number, next?: NextStyle) => {
        const history = Array.from({ length: count }, (_, index) => ({
          id: 1000 + index,
          runType: "refresh" as const,
          runStatus: "completed",
          environmentID: "3",
          runDetails: { jobID: 7, refreshDescription: index === 0 ? "First" : "Daily" }
        }))
        const { layer, log } = clientOver({ history: () => history, ...(next === undefined ? {} : { next }) })
        return Effect.map(resolveJob({ jobID }), (found) => [
          found.jobID,
          ...log.requests.map((request) => Number(request.get("limit")))
        ]).pipe(Effect.provide(layer))
      }
      expect(yield* requestsOf("15", 3)).toEqual([15])
      expect(yield* requestsOf("#15", 3)).toEqual([15])
      expect(yield* requestsOf("daily", 300)).toEqual([7, 250])
      expect(yield* requestsOf("first", 300)).toEqual([7, 250, 1000])
      expect(yield* requestsOf("nothing", 3)).toEqual(["nothing", 250, 1000])
      expect(yield* requestsOf("nothing", 3, "null")).toEqual(["nothing", 250])
    }))

  it.effect("of one name, without environments, is told apart by its id alone", () =>
    Effect.gen(function*() {
      const twice = refreshes([[20, "Same"], [21, "Same"]]).map(({ environmentID: _, ...run }) => ({
        ...run,
        runDetails: { jobID: run.runDetails.jobID, refreshDescription: "Same" }
      }))
      const error = yield* Effect.flip(resolveJob({ jobID: "Same" })).pipe(
        Effect.provide(RunsInMemory.layer({ runs: twice, results: {} }))
      )
      expect(error.message).toContain("pass one of the ids 21 \"Same\", 20 \"Same\".")
    }))

  it("that was taken for a name is a fact of three kinds", () => {
    const job = { jobID: 7, jobName: "Daily", asked: "day" }
    const kinds = ["name", "formerName", "part", "guess"].map((by) => Schema.is(RunList.JobMatch)({ ...job, by }))
    expect(kinds).toEqual([true, true, true, false])
    expect(Schema.is(RunList.JobMatch)({ by: "name" })).toBe(false)
  })

  it.effect("that was seen under another name exists: it is found by an earlier name, and all of its runs with it", () =>
    Effect.gen(function*() {
      const renamed = refreshes([[15, "Nightly"], [15, "Nightly"], [17, "Other"], [15, "Daily"], [17, "Other"]])
      const found = yield* listed("nightly").pipe(over(renamed))
      expect(found).toEqual({
        id: 15,
        by: "formerName",
        name: "Daily",
        ids: [4, 2, 1],
        said: "\"nightly\" is an earlier name of \"Daily\" (job 15)."
      })
    }))

  it.effect.each<[asked: string, reason: string]>([
    [
      "customer",
      "Several jobs have \"customer\" in their name: pass one of the ids 18 \"Customer 361\", 17 \"Customer 360\""
    ],
    [
      "Same",
      "Several jobs have \"Same\" in their name: pass one of the ids 21 \"Same\" in environment 5, 20 \"Same\" in environment 3"
    ]
  ])("is refused with the choices where several have the name %s", ([asked, reason]) =>
    Effect.gen(function*() {
      const options = { jobID: asked, timeZone: "UTC", since: "7d" }
      const refused = yield* Effect.all([
        Effect.flip(RunList.list(options)),
        Effect.flip(RunStatistics.summarize(options)),
        Effect.flip(RunDiagnosis.diagnose(options)),
        Effect.flip(RunHealth.check(options))
      ])
      for (const error of refused) {
        expect(error).toMatchObject({ violations: [{ field: "jobID", reason }], requestsSent: true })
        expect(error.message).toBe(`Invalid query. \`jobID\`: ${reason}.`)
      }
      expect((yield* listed("Same", "5")).id).toBe(21)
    }).pipe(over(night)))

  it.effect("is refused with a bounded list of choices", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(RunDiagnosis.diagnose({ jobID: "load", since: "7d", timeZone: "UTC" }))
      expect(error.message).toContain("11 \"Load 11 x")
      expect(error.message).toContain(" and 4 more")
      expect(error.message.length).toBeLessThan(900)
    }).pipe(over(refreshes(Array.from({ length: 12 }, (_, index) => [index, `Load ${index} ${"x".repeat(300)}`])))))

  it.effect("of this very name far back comes before one that has the name in its own", () =>
    Effect.gen(function*() {
      const jobs = Array.from(
        { length: 400 },
        (_, index): [number, string] => index < 2 ? [7, "Sales"] : [8, "Sales EU"]
      )
      expect(yield* listed("sales").pipe(over(refreshes(jobs)))).toMatchObject({ id: 7, by: "name", ids: [2, 1] })
    }))

  it.effect("that was not seen is searched in the rows by its name, and in a diagnosis refused with those there are", () =>
    Effect.gen(function*() {
      expect(yield* listed("By hand")).toMatchObject({ id: "By hand", ids: [3] })
      const error = yield* Effect.flip(RunDiagnosis.diagnose({ jobID: "no such", since: "7d", timeZone: "UTC" }))
      expect(error).toMatchObject({
        violations: [{
          field: "jobID",
          reason: expect.stringMatching(/^No job has this id or name among the latest 10 refreshes\. There are 19 "Fin/)
        }]
      })
    }).pipe(over(night)))

  it.effect("by its name is the same job in a list, a summary and a diagnosis, each of which shows its latest name", () =>
    Effect.gen(function*() {
      const options = { jobID: "weekly", since: "2026-03-01", until: "2026-03-02", timeZone: "UTC" }
      const job = { jobID: 16, jobName: "Sales, weekly", asked: "weekly", by: "part" }
      const list = yield* RunList.list(options)
      const summary = yield* RunStatistics.summarize(options)
      const diagnosis = yield* RunDiagnosis.diagnose(options)
      const health = yield* RunHealth.check(options)
      expect([list.job, summary.job, diagnosis.job, health.job]).toEqual([job, job, job, job])
      expect([list.query.jobID, summary.query.jobID, diagnosis.filter.jobID]).toEqual([16, 16, 16])
      for (
        const report of [
          RunList.report(list),
          RunStatistics.report(summary),
          RunDiagnosis.report(diagnosis),
          RunHealth.report(health)
        ]
      ) {
        expect(Report.toText(report)).toMatch(/jobID 16 "Sales, weekly"/)
        expect(Report.toText(report)).toContain("Read jobID \"weekly\" as \"Sales, weekly\" (job 16)")
      }
    }).pipe(over(night)))
})

describe("the nearest run", () => {
  it.effect("is of the job that was asked for in every call, or none is named", () =>
    Effect.gen(function*() {
      const window = { since: "2026-03-20", until: "2026-03-21", timeZone: "UTC" }
      const textOf = (jobID: number) =>
        Effect.all([
          Effect.map(RunList.list({ ...window, jobID }), (facts) => Report.toText(RunList.report(facts))),
          Effect.map(RunStatistics.summarize({ ...window, jobID }), (facts) =>
            Report.toText(RunStatistics.report(facts))),
          Effect.map(RunDiagnosis.diagnose({ ...window, jobID }), (facts) =>
            Report.toText(RunDiagnosis.report(facts)))
        ])
      for (const text of yield* textOf(17)) {
        expect(text).toContain(
          "The nearest refresh that matches jobID before the window is run 4 (refresh \"Customer 360\""
        )
      }
      for (const text of yield* textOf(99)) {
        expect(text).toContain("No refresh that matches jobID is among the 1000 rows before or after the window.")
        expect(text).not.toMatch(/\brun \d/)
      }
    }).pipe(over(night)))

  it.effect("is joined by the environments that there are, where there is none in the one that was asked for", () =>
    Effect.gen(function*() {
      const window = { environmentID: "prod", since: "2026-03-20", until: "2026-03-21", timeZone: "UTC" }
      const names = { environments: { "3": "production" } }
      const said = "Environments of the latest runs: production (3), 5."
      expect(Report.toText(RunList.report(yield* RunList.list(window), { names }))).toContain(said)
      expect(Report.toText(RunDiagnosis.report(yield* RunDiagnosis.diagnose(window), { names }))).toContain(said)
    }).pipe(over(night)))
})
