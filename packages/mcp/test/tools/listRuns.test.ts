import * as RunList from "@coalesce-runs/core/RunList"
import * as Faults from "@coalesce-runs/simulator/Faults"
import type { SimulatedRun } from "@coalesce-runs/simulator/SimulatedRun"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { tokens } from "../support/asked.ts"
import { call, clientOf } from "../support/call.ts"
import * as History from "../support/history.ts"
import { morning, over, requests, some } from "../support/listRuns.ts"

describe("the rows", () => {
  it.effect("up to 200 of them, from several pages", () =>
    Effect.gen(function*() {
      const { facts, next } = yield* call({ limit: 200 })
      expect(facts.runs).toHaveLength(200)
      expect(facts.truncated).toBe("limit")
      expect(next).toEqual({ limit: 200, startingFrom: "4101" })
      expect((yield* requests).length).toBeGreaterThan(4)
    }).pipe(over(History.runs({ count: 300, isFailed: () => false }), { maxLimit: 50 })))

  it.effect.each<[what: string, reason: ((index: number) => string) | undefined]>([
    ["four reasons that come again", undefined],
    [
      "a reason of its own for each failure",
      (index) =>
        `002003 (42S02): SQL compilation error:\nObject 'RAW.STRIPE.${
          String.fromCharCode(65 + index % 26).repeat(1 + index / 26)
        }_PAYMENTS' does not exist or not authorized.`
    ]
  ])("200 with detail and %s are at most 6,000 tokens", ([, reason]) =>
    Effect.gen(function*() {
      const { facts, text } = yield* call({ limit: 200, detail: true })
      expect(facts.runs).toHaveLength(200)
      expect(text.match(/^4\d{3} /gm)).toHaveLength(200)
      expect(tokens(text)).toBeLessThanOrEqual(6000)
    }).pipe(
      over(History.runs({
        count: 210,
        isFailed: (index) => index % 9 === 2,
        ...(reason === undefined ? {} : { reason })
      }))
    ))

  it.effect("cost both forms of one page when the API has every filter", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* call({ runStatus: ["failed"], runType: "refresh", environmentID: 4, limit: "3" })
      expect(facts.runs.every((run) => run.runStatus === "failed" && run.environmentID === "4")).toBe(true)
      expect(text).not.toContain("filtered here")
      expect(yield* requests).toHaveLength(2)
    }).pipe(over(some)))

  it.effect("have their reason and their job with detail", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* call({ detail: true, limit: 40 })
      const failed = facts.runs.filter(({ runStatus }) => runStatus === "failed")
      expect(failed.map(({ runFailureReason }) => runFailureReason)).toEqual(
        some.filter(({ runStatus }) => runStatus === "failed").toReversed().map(({ runFailureReason }) =>
          runFailureReason
        )
      )
      const last = facts.runs.find(({ id }) => Number(id) === 4003)
      expect(last).toMatchObject({
        jobID: 13,
        jobName: "Marketing attribution",
        nodesInRun: 12,
        snowflakeAuthType: "KeyPair"
      })
      const deploy = facts.runs.find(({ runType }) => runType === "deploy")
      expect(deploy).toMatchObject({
        deployCommit: "9f2c4e1ab7d0c3e58f6a",
        deployCommitMessage: "Rename ORDER_ID to ORDER_KEY in STG_ORDERS"
      })
      expect(text).toMatch(/^Jobs: .*\b13 "Marketing attribution"/m)
      expect(text).toMatch(/^4003 refresh failed .* job 13 12 nodes reason /m)
      expect(text).toContain(" commit 9f2c4e1ab7d0 \"Rename ORDER_ID to ORDER_KEY in STG_ORDERS\"")
    }).pipe(over(some)))

  it.effect("never have more of the credentials than the kind", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* call({ detail: true, limit: 40 })
      expect(JSON.stringify(facts) + text).not.toMatch(/secret/i)
    }).pipe(over(some)))

  it.effect("that cannot be decoded are skipped, and the text says so", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* call({ limit: 10 })
      expect(facts.runs).toHaveLength(10)
      expect(facts.undecodable).toMatchObject({ count: 1, first: { id: 4039, path: "runStatus" } })
      expect(text).toContain("\nSkipped 1 undecodable row: run 4039 at runStatus: ")
    }).pipe(over(some.map((run) => run.id === 4039 ? { ...run, runStatus: "" } : run))))
})

describe("what is filtered here", () => {
  it.effect("is named, with the rows that were read", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* call({ runStatus: ["failed", "canceled"], jobID: "daily SALES" })
      expect(facts.runs.map(({ id, jobName, runStatus }) => ({ id, jobName, runStatus }))).toEqual([
        { id: 4021, jobName: "Daily sales", runStatus: "failed" }
      ])
      // A deploy has no job: the API was not asked for any.
      expect(facts.rows).toBe(35)
      expect(text).toContain("(runStatus failed or canceled, jobID 11 \"Daily sales\")")
      expect(text).toContain("\nrunStatus and jobID filtered here, not by the API: 35 rows read.\n")
    }).pipe(over(some)))

  it.effect("takes a job by its id, as number or text", () =>
    Effect.gen(function*() {
      const ids = (jobID: unknown) =>
        Effect.map(call({ jobID, limit: 3 }), ({ facts }) => facts.runs.map(({ jobID }) => jobID))
      expect(yield* ids(12)).toEqual([12, 12, 12])
      expect(yield* ids("12")).toEqual([12, 12, 12])
    }).pipe(over(some)))

  it.effect("stops at its bound and says where to continue, even without a row", () =>
    Effect.gen(function*() {
      const { facts, next, text } = yield* call({ jobID: "no such job" })
      expect(facts).toMatchObject({ runs: [], rows: 5000, truncated: "row_limit" })
      expect(next).toEqual({ jobID: "no such job", startingFrom: "5001" })
      expect(text).toMatch(/^No match yet in 5000 rows/)
      expect(text).toContain("Not all was read. The reading stopped after 5000 rows, at its limit of rows.")
      // Two for the name, and then both forms of ten pages.
      expect((yield* requests).length).toBeLessThanOrEqual(2 + 20)
    }).pipe(
      over(Array.from({ length: 10_000 }, (_, index): SimulatedRun => ({
        id: index + 1,
        runType: "refresh",
        runStatus: "completed",
        runDetails: { jobID: 1 }
      })))
    ), 20_000)
})

describe("the time of a call", () => {
  // Each request takes 15 seconds of the test's clock; what it asks goes over real HTTP.
  const slow = Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      HttpClient.HttpClient,
      HttpClient.transformResponse((response) => Effect.andThen(Effect.sleep("15 seconds"), response))
    )
  ).pipe(Layer.provide(FetchHttpClient.layer))

  it.effect("is bounded: it returns what it has, and where to continue", () =>
    Effect.gen(function*() {
      yield* morning
      const calling = yield* Effect.forkChild(
        call({ runStatus: ["failed", "canceled"], limit: 200, since: "2026-11-02T00:00Z" })
      )
      for (let second = 0; second < 41; second++) {
        yield* TestClock.adjust("1 second")
        yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 4)))
      }
      const { facts, next, text } = yield* Fiber.join(calling)
      // Two pages of 10 came, the second with the run at the first one's edge again; the third was cut off.
      expect(facts).toMatchObject({ rows: 19, truncated: "time_limit" })
      expect(next).toMatchObject({
        runStatus: ["failed", "canceled"],
        limit: 200,
        since: "2026-11-02T00:00:00Z",
        until: "2026-11-03T09:30:00Z"
      })
      expect(next?.["startingFrom"]).toMatch(/^c1\.runStartTime\.desc\./)
      expect(text).toContain("The reading stopped after 19 rows, at its limit of time.")
    }).pipe(
      Effect.provideService(RunList.Bounds, { rows: 10 * 500, time: RunList.Bounds.defaultValue().time }),
      Effect.provide(clientOf({ runs: some, maxLimit: 10 }, { retry: Schedule.recurs(0) }, slow))
    ))
})

describe("an error", () => {
  it.effect("after some rows come with them", () =>
    Effect.gen(function*() {
      const { facts, next, text } = yield* call({ limit: 30 })
      expect(facts).toMatchObject({ truncated: "error", error: { _tag: "ServiceUnavailable", status: 503 } })
      expect(facts.runs).toHaveLength(10)
      expect(next).toEqual({ limit: 30, startingFrom: "4031" })
      expect(text).toMatch(
        /The reading stopped after 10 rows: "GET .* 503 Service Unavailable.*" Trying again can help\./
      )
    }).pipe(over(some, { maxLimit: 10, faults: [Faults.after(2, Faults.status(503))] })))

  it.effect("after rows of which none matched continue from there", () =>
    Effect.gen(function*() {
      const { facts, next, text } = yield* call({ jobID: "99" })
      expect(facts).toMatchObject({ runs: [], rows: 10, truncated: "error", error: { status: 429 } })
      expect(next).toEqual({ jobID: "99", startingFrom: "4029" })
      expect(text).toMatch(/^No match yet in 10 rows/)
      expect(text).toMatch(
        /The reading stopped after 10 rows: "GET .* 429 Too Many Requests.*" Trying again can help\./
      )
    }).pipe(over(some, { maxLimit: 10, faults: [Faults.after(2, Faults.status(429))] })))
})

describe("every kind of result", () => {
  const bounded = (rows: number) =>
    Effect.provideService(RunList.Bounds, { rows, time: RunList.Bounds.defaultValue().time })

  it.effect.each<[what: string, args: object, options: Simulator.Options, rows: number]>([
    ["complete", { window: "last_night", runStatus: "failed", timeZone: "Europe/London" }, {}, 5000],
    ["cut at the limit", { window: "today", limit: 2 }, {}, 5000],
    ["cut at the bound, with rows", { runStatus: ["failed", "canceled"] }, {}, 30],
    ["cut at the bound, without a row", { jobID: "none" }, {}, 10],
    // Runs that completed have no reasons to ask for.
    ["cut by an error", { limit: 8, runStatus: "completed" }, {
      maxLimit: 4,
      faults: [Faults.after(1, Faults.status(403))]
    }, 5000],
    ["empty, in a window", { since: "2026-10-01", until: "2026-10-07", environmentID: "3" }, {}, 5000],
    ["empty, of a job", { jobID: "Dayly sales" }, {}, 5000],
    ["the end of a list", { startingFrom: "4001" }, {}, 5000],
    ["with an undecodable row", { limit: 2 }, {
      runs: some.map((run) => run.id === 4039 ? { ...run, runStatus: "" } : run)
    }, 5000]
  ])("%s", ([, args, options, rows]) =>
    Effect.gen(function*() {
      yield* morning
      const { facts, text } = yield* call({ timeZone: "UTC", ...args })
      expect(text.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")).toMatchSnapshot()
      expect(Schema.decodeUnknownSync(RunList.RunList)(Schema.encodeSync(RunList.RunList)(facts))).toEqual(facts)
    }).pipe(bounded(rows), over(options.runs ?? some, options)))
})
