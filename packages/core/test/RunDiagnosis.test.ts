import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { RunDiagnosis, RunList } from "../src/index.ts"
import { diagnose, logged, over } from "./support/diagnosed.ts"
import { failing } from "./support/failedNight.ts"
import { divided, run } from "./support/health.ts"

describe("the options of a diagnosis", () => {
  const refused = (options: RunDiagnosis.Options) => {
    const { change, log } = logged()
    return Effect.map(Effect.flip(diagnose({ runs: [] }, options, change)), (error) => {
      expect(log).toEqual([])
      return error._tag === "InvalidQuery"
        ? error.violations.map(({ field, reason }) => `${field}: ${reason}`)
        : error._tag
    })
  }

  it.effect("are refused by name before any request", () =>
    Effect.gen(function*() {
      for (const historyLimit of [0, 1251, 1.5, -1, Number.NaN]) {
        expect(yield* refused({ historyLimit })).toEqual(["historyLimit: Expected an integer from 1 to 1250"])
      }
      const narrowed = {
        window: "today",
        since: "1d",
        until: "1h",
        environmentID: "3",
        jobID: 1,
        runType: "refresh"
      } as const
      expect(yield* refused({ runID: 1, ...narrowed })).toEqual(
        Object.keys(narrowed).map((name) => `${name}: Cannot be combined with runID`)
      )
      expect(yield* refused({ jobID: 1, runType: "deploy" })).toEqual([
        "jobID: A deploy has no job: leave out jobID, or runType"
      ])
    }))

  it.effect("may be at their bounds", () =>
    Effect.gen(function*() {
      for (const historyLimit of [1, 1250]) {
        expect((yield* diagnose({ runs: [failing(1, 7, 1)] }, { historyLimit })).outcome).toBe("failed")
      }
    }))
})

describe("the outcome of a diagnosis", () => {
  it.effect("of a run by its id follows from its status, and from its end", () =>
    Effect.gen(function*() {
      const outcomes = [
        ["completed", "completed", undefined],
        ["failed", "failed", "notYet"],
        ["canceled", "canceled", "notYet"],
        ["running", "running", undefined],
        ["initializing", "running", undefined],
        ["rendering", "running", undefined],
        ["waitingToRun", "waiting", undefined],
        ["paused", "otherStatus", undefined]
      ] as const
      for (const [status, outcome, recovery] of outcomes) {
        const found = yield* diagnose({ runs: [run(1, { job: 7, start: 1, status })] }, {
          runID: 1,
          timeZone: "Africa/Lagos"
        })
        expect([found.outcome, found.recovery?.state, found.timeZone]).toEqual([outcome, recovery, "Africa/Lagos"])
        expect(found).toMatchObject({
          run: { id: 1, runStatus: status },
          filter: {},
          suspects: { listed: [], more: 0 },
          otherFailures: { listed: [], more: 0, truncated: false },
          unavailable: []
        })
        expect(found).not.toHaveProperty("window")
      }
      const ended = yield* diagnose({ runs: [run(1, { job: 7, start: 1, status: "running", took: 1 })] }, { runID: 1 })
      expect(ended.outcome).toBe("otherStatus")
    }))

  it.effect("of a window says whether anything ran, unless that is not known", () =>
    Effect.gen(function*() {
      const outcome = (count: number, options: RunDiagnosis.Options = {}) =>
        Effect.map(
          diagnose({
            runs: Array.from({ length: count }, (_, index) => run(index + 1, { job: 7, start: index / 1000 }))
          }, options),
          ({ outcome }) => outcome
        )
      expect(yield* outcome(0)).toBe("nothingRan")
      // Last night, in the zone of the machine.
      expect((yield* over({ runs: [] })(RunDiagnosis.diagnose())).outcome).toBe("nothingRan")
      expect(yield* outcome(1)).toBe("noneFailed")
      // More runs than were read are of another type.
      expect(yield* outcome(300, { runType: "deploy" })).toBe("noneFailed")
    }))

  it.effect("comes with what was searched", () =>
    Effect.gen(function*() {
      const runs = [failing(1, 7, 1)]
      const { filter, job, otherFailures, window } = yield* diagnose({ runs }, { jobID: "Job 7", environmentID: "3" })
      expect(filter).toEqual({ runType: "refresh", environmentID: "3", jobID: 7 })
      expect(job).toMatchObject({ jobID: 7, jobName: "Job 7" })
      expect(window?.name).toBe("last_night")
      // There is nothing to compare it with.
      expect(otherFailures).toEqual({ listed: [], more: 0, truncated: false })
      const all = yield* diagnose({ runs: [...runs, failing(2, 8, 2, { reason: divided })] })
      expect(all.filter).toEqual({ runType: "refresh" })
      expect(all).not.toHaveProperty("job")
      expect(all.otherFailures.causes).toEqual({ same: 0, other: 0, notKnown: 1 })
    }))
})

describe("the facts of a diagnosis", () => {
  it.effect("encode to plain JSON, and decode to the same", () =>
    Effect.gen(function*() {
      const decode = Schema.decodeUnknownSync(RunDiagnosis.Diagnosis)
      const runs = [run(1, { job: 7, start: 1 })]
      for (const night of [runs, [...runs, failing(2, 7, 2)]]) {
        const found = yield* diagnose({ runs: night })
        const json = JSON.parse(JSON.stringify(Schema.encodeSync(RunDiagnosis.Diagnosis)(found)))
        expect(decode(json)).toEqual(found)
        expect(() => decode({ ...json, suspects: { listed: [], more: "1" } })).toThrow("more")
      }
    }))
})

describe("the progress of a diagnosis", () => {
  it.effect("counts the requests that have ended, of those that were begun", () =>
    Effect.gen(function*() {
      const told: Array<readonly [number, number | undefined]> = []
      yield* diagnose({ runs: [failing(1, 7, 1)] }, { runID: 1 }).pipe(
        Effect.provideService(RunList.Progress, (done, total) => Effect.sync(() => void told.push([done, total])))
      )
      expect(told.map(([done]) => done)).toEqual(told.map((_, index) => index + 1))
      expect(told.at(-1)).toEqual([told.length, told.length])
    }))
})
