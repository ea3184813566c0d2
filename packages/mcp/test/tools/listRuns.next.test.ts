import { Bounds } from "@coalesce-runs/core/RunList"
import type { SimulatedRun } from "@coalesce-runs/simulator/SimulatedRun"
import type * as Simulator from "@coalesce-runs/simulator/Simulator"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { call, clientOf } from "../support/call.ts"

const start = Date.parse("2026-11-02T18:00:00Z")

/** Histories in which many runs share a start, some have none, and a few cannot be decoded. */
const history = fc.array(
  fc.record({
    minute: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined, freq: 8 }),
    status: fc.constantFrom("completed", "failed", "canceled"),
    isDeploy: fc.boolean(),
    isBroken: fc.constantFrom(true, false, false, false, false, false, false),
    environment: fc.constantFrom("1", "2"),
    job: fc.integer({ min: 1, max: 2 })
  }),
  { maxLength: 40 }
).map((drafts): ReadonlyArray<SimulatedRun> =>
  drafts.map(({ environment, isBroken, isDeploy, job, minute, status }, index) => ({
    id: index + 1,
    runType: isDeploy ? "deploy" : "refresh",
    // Text that is empty is no status: such a row cannot be decoded.
    runStatus: isBroken ? "" : status,
    environmentID: environment,
    ...(minute === undefined ? {} : { runStartTime: new Date(start + minute * 60_000).toISOString() }),
    runDetails: isDeploy ? { deployCommit: "abc" } : { jobID: job, refreshDescription: `Job ${job}` }
  }))
)

const optional = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: undefined })

const question = fc.record({
  limit: fc.integer({ min: 1, max: 7 }),
  orderByDirection: optional(fc.constantFrom("asc" as const, "desc" as const)),
  runStatus: optional(fc.constantFrom("failed", ["failed"], ["failed", "canceled"])),
  runType: optional(fc.constantFrom("deploy" as const, "refresh" as const)),
  environmentID: optional(fc.constantFrom("1", "2")),
  jobID: optional(fc.constantFrom("1", "job 2")),
  detail: optional(fc.boolean()),
  span: optional(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 3 }))),
  orderBy: optional(fc.constantFrom("id" as const, "runStartTime" as const))
})

type Question = typeof question extends fc.Arbitrary<infer A> ? A : never

const argumentsOf = ({ span, orderBy, jobID, runType, ...rest }: Question) => ({
  ...rest,
  ...(jobID !== undefined && runType === "deploy" ? {} : { jobID }),
  runType,
  ...(span === undefined
    ? { orderBy }
    : {
      since: new Date(start + span[0] * 60_000).toISOString(),
      until: new Date(start + (span[0] + span[1]) * 60_000).toISOString()
    })
})

/** What the results together must contain: the history, filtered and in order, as a person would write it down. */
const expected = (runs: ReadonlyArray<SimulatedRun>, asked: ReturnType<typeof argumentsOf>): ReadonlyArray<string> => {
  const { environmentID, jobID, runStatus, runType, since, until } = { since: undefined, until: undefined, ...asked }
  const byTime = since !== undefined || ("orderBy" in asked && asked.orderBy === "runStartTime")
  const sign = asked.orderByDirection === "asc" ? 1 : -1
  const keyOf = (run: SimulatedRun) => byTime ? Date.parse(run.runStartTime ?? "") : run.id
  return runs
    .filter((run) => {
      const time = Date.parse(run.runStartTime ?? "")
      return run.runStatus !== "" && (!byTime || run.runStartTime !== undefined) &&
        (since === undefined || time >= Date.parse(since)) && (until === undefined || time < Date.parse(until)) &&
        (runStatus === undefined || [runStatus].flat().includes(run.runStatus)) &&
        (runType === undefined || run.runType === runType) &&
        (environmentID === undefined || run.environmentID === environmentID) &&
        (jobID === undefined ||
          (run.runType === "refresh" && String(run.runDetails?.["jobID"]) === (jobID === "1" ? "1" : "2")))
    })
    // Ties are the server's to order: here by id, as the simulator is told.
    .sort((a, b) => sign * (keyOf(a) - keyOf(b)) || a.id - b.id)
    .map((run) => `${byTime ? run.runStartTime : ""} ${run.id}`)
}

// Few rows a call, so that its bound is met all the time.
const bounds = fc.constantFrom(5000, 3, 8, 16)

const server = fc.record({
  next: fc.constantFrom<NonNullable<Simulator.Options["next"]>>("absent", "last", "always", "null"),
  maxLimit: fc.constantFrom(1000, 2, 5)
})

describe("the next step of list_runs", () => {
  it("followed to the end, returns every matching run once and in order", () =>
    fc.assert(
      fc.asyncProperty(history, question, bounds, server, (drafts, question, bound, server) => {
        // A bound is higher than the rows that may be broken on a page, here as in earnest.
        const runs = bound > 8
          ? drafts
          : drafts.map((run): SimulatedRun => ({ ...run, runStatus: run.runStatus || "failed" }))
        const asked = argumentsOf(question)
        const byTime = "since" in asked || asked.orderBy === "runStartTime"
        // Ties that no page can hold are an error, and not of this property.
        const maxLimit = byTime ? 1000 : server.maxLimit
        return Effect.gen(function*() {
          const seen: Array<string> = []
          let args: unknown = asked
          for (let calls = 0; args !== undefined; calls++) {
            expect(calls).toBeLessThan(200)
            const { facts, next } = yield* call(args)
            expect(facts.runs.length).toBeLessThanOrEqual(question.limit)
            expect(facts.rows).toBeLessThanOrEqual(bound)
            expect(next === undefined).toBe(facts.truncated === false)
            for (const { id, runStartTime } of facts.runs) {
              seen.push(`${byTime && runStartTime !== undefined ? DateTime.formatIso(runStartTime) : ""} ${id}`)
            }
            args = next
          }
          expect(seen).toEqual(expected(runs, asked))
        }).pipe(
          Effect.provideService(Bounds, { rows: bound, time: Duration.seconds(40) }),
          Effect.provide(clientOf({ runs, ties: "asc", next: server.next, maxLimit })),
          Effect.runPromise
        )
      }),
      { numRuns: 100 }
    ))
})
