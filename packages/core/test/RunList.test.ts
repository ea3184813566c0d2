import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { Run, RunList } from "../src/index.ts"
import { history, hour, list, refresh } from "./support/list.ts"
import { clientOver } from "./support/server.ts"

describe("RunList.fromRun", () => {
  it("keeps what a report needs of a detailed run, with the reason of its summary row", () => {
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
    const excluding = { ...runDetails, excludeNodesSelector: "{ A }" }
    expect(RunList.fromRun({ ...refresh, runDetails: excluding }).excludeNodesSelector).toBe("{ A }")
    const detailsOfJob = { ...excluding, jobID: 15 }
    const ofJob = RunList.fromRun({ ...refresh, runDetails: detailsOfJob })
    expect(ofJob).not.toHaveProperty("includeNodesSelector")
    expect(ofJob).not.toHaveProperty("excludeNodesSelector")
    const summary: Run.RunSummary = {
      id: Run.RunId.make(1),
      runType: "refresh",
      runStatus: "failed",
      runFailureReason: "own"
    }
    expect(RunList.fromRun(summary, "other").runFailureReason).toBe("own")
  })
})

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
          history: () => history.map((run) => run.id === 99 ? { ...run, runStatus: "" } : run),
          maxLimit: 10,
          spoil: (response, _, index) => index < 2 ? response : new Response("", { status: 503 })
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

  it.effect("has the reason of a run that was canceled, too, from the two forms of one page", () =>
    Effect.gen(function*() {
      const canceled = history.map((run) =>
        run.id === 99 ? { ...run, runStatus: "canceled", runFailureReason: "Canceled by a deploy" } : run
      )
      const { list: found, log, text } = yield* list({ limit: 3 }, { history: () => canceled })
      expect(found.runs.map(({ runFailureReason }) => runFailureReason)).toEqual([
        undefined,
        "Canceled by a deploy",
        "reason of 98"
      ])
      expect(text).toContain("\"Canceled by a deploy\"")
      expect(log.requests.length).toBe(2)
    }))

  it.effect("has the reason of its last run though another begins between the two forms of the page", () =>
    Effect.gen(function*() {
      let requests = 0
      const growing = () => {
        requests++
        return requests === 1 ? history.slice(0, 98) : history
      }
      const { list: found } = yield* list({ limit: 1 }, { history: growing })
      expect(found.runs).toMatchObject([{ id: 98, runFailureReason: "reason of 98" }])
    }))

  it.effect("cuts long texts in the middle", () =>
    Effect.gen(function*() {
      const long = history.map((run) => run.id === 98 ? { ...run, runFailureReason: "x".repeat(10_000) } : run)
      const { list: found } = yield* list({ runStatus: "failed", limit: 1 }, { history: () => long })
      expect(found.runs[0]?.runFailureReason).toMatch(/^x+…\[\d{4} characters cut\]…x+$/)
      expect(found.runs[0]?.runFailureReason?.length).toBeLessThanOrEqual(500)
    }))

  it.effect("says where to continue among runs without a time, too", () =>
    Effect.gen(function*() {
      const running = [1, 2, 3].map((
        id
      ) => ({ id, runType: "refresh", runStatus: "running", environmentID: "1" } as const))
      const server = { history: () => running, untimed: "last" } as const
      const first = yield* list({ orderBy: "runEndTime", limit: 2 }, server)
      expect(first.list.runs.map(({ id }) => id)).toEqual([1, 2])
      const startingFrom = first.list.resumeFrom
      expect(startingFrom).toMatchObject({ seen: [], untimed: [1, 2] })
      const rest = yield* list({ startingFrom }, server)
      expect(rest.list.runs.map(({ id }) => id)).toEqual([3])
      expect(rest.list.truncated).toBe(false)
    }))

  it.effect("looks for no nearest runs where it found some, or did not read all", () =>
    Effect.gen(function*() {
      const { list: found } = yield* list({ ...hour, limit: 100 })
      expect(found.truncated).toBe(false)
      expect(found).not.toHaveProperty("nearest")
      const { list: bounded } = yield* Effect.provideService(list({ jobID: 9 }), RunList.Bounds, {
        ...RunList.Bounds.defaultValue(),
        rows: 10
      })
      expect(bounded).toMatchObject({ runs: [], truncated: "row_limit" })
      expect(bounded).not.toHaveProperty("nearest")
      expect(bounded).not.toHaveProperty("jobs")
    }))

  it.effect("names at most 20 of the jobs that there are where none is the one that was asked for", () =>
    Effect.gen(function*() {
      const jobs = history.slice(0, 25).map((run) => ({
        ...run,
        runType: "refresh" as const,
        runDetails: { jobID: run.id }
      }))
      const { list: found } = yield* list({ jobID: 99 }, { history: () => jobs })
      expect(found.jobs?.listed.map(({ jobID }) => jobID)).toEqual(Array.from({ length: 20 }, (_, index) => 25 - index))
      expect(found.jobs?.more).toBe(5)
      const decoded = Schema.decodeUnknownExit(RunList.RunList)
      const encoded = Schema.encodeUnknownSync(RunList.RunList)(found)
      expect(Exit.isSuccess(decoded(encoded))).toBe(true)
      expect(Exit.isSuccess(decoded({ ...encoded, jobs: { listed: [{ jobID: "15" }], more: 0 } }))).toBe(false)
      expect(Exit.isSuccess(decoded({ ...encoded, jobs: { listed: [{ jobID: 15 }], more: "0" } }))).toBe(false)
    }))

  it.effect("finds the nearest runs of an empty window in the time that is left", () =>
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
        { spoil: (response, _, index) => index < 2 ? response : new Response("", { status: 500 }) }
      )
      expect(none.list.nearest).toEqual({ unavailable: "error" })
    }))
})
