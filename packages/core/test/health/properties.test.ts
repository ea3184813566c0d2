import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as FastCheck from "fast-check"
import type { RunHealth } from "../../src/index.ts"
import { check, completed, divided, failed, failuresIn, type Node, quota, run } from "../support/health.ts"

const messages = [quota, divided, "undefined", "002003 (42S02): Object 'RAW.ORDERS' does not exist or not authorized."]

const resultsOf = (kind: number): ReadonlyArray<Node> =>
  kind === 0
    ? []
    : kind === 1
    ? [completed("ORDERS", 0), completed("B")]
    : [completed("B"), failed(messages[kind % messages.length] ?? "")]

const planned = FastCheck.record({
  job: FastCheck.integer({ min: 1, max: 4 }),
  env: FastCheck.constantFrom("3", "4"),
  status: FastCheck.constantFrom(
    "completed",
    "failed",
    "failed",
    "failed",
    "canceled",
    "running",
    "waitingToRun",
    "paused"
  ),
  start: FastCheck.option(FastCheck.integer({ min: -100, max: 89 }), { nil: undefined }),
  took: FastCheck.option(FastCheck.integer({ min: 0, max: 80 }), { nil: undefined }),
  of: FastCheck.option(FastCheck.integer({ min: 1, max: 40 }), { nil: undefined }),
  isLoose: FastCheck.boolean(),
  reason: FastCheck.option(FastCheck.constantFrom(...messages), { nil: undefined }),
  kind: FastCheck.integer({ min: 0, max: 6 })
})

/** Every id that stands in facts as the id of a run. */
const idsIn = (value: unknown): ReadonlyArray<number> => {
  if (Array.isArray(value)) return value.flatMap(idsIn)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, field]) =>
    (name === "id" || name === "runID" || name === "reRunID") && typeof field === "number"
      ? [field]
      : (name === "runIDs" || name === "comparedWith") && Array.isArray(field)
      ? field
      : idsIn(field)
  )
}

const failedIDs = (health: RunHealth.Health): ReadonlyArray<number> =>
  failuresIn(health).flatMap(({ runIDs }) => runIDs.map(Number)).sort((a, b) => a - b)

it.effect("each failed run of the window is in exactly one finding, and no finding names a run that there is not", () =>
  Effect.promise(() =>
    FastCheck.assert(
      FastCheck.asyncProperty(FastCheck.array(planned, { maxLength: 40 }), async (all) => {
        const runs = all.map(({ env, isLoose, job, of, reason, start, status, took }, index) =>
          run(index + 1, {
            env,
            status,
            ...(reason === undefined ? {} : { reason }),
            ...(isLoose ? {} : { job }),
            ...(of === undefined || of > index ? {} : { of }),
            ...(start === undefined ? {} : { start: start / 10 }),
            ...(took === undefined ? {} : { took: took / 10 })
          })
        )
        const results = Object.fromEntries(all.map(({ kind }, index) => [index + 1, resultsOf(kind)]))
        const { health, text } = await Effect.runPromise(
          check({ runs, results }).pipe(Effect.provide(TestClock.layer()))
        )
        const since = health.window.since.epochMilliseconds
        const until = health.window.until.epochMilliseconds
        const isIn = (time: unknown) => {
          const millis = Date.parse(String(time))
          return millis >= since && millis < until
        }
        const expected = runs.filter(({ runEndTime, runStartTime, runStatus }) =>
          runStatus === "failed" && runStartTime !== undefined &&
          (isIn(runStartTime) || (Date.parse(String(runStartTime)) < since && isIn(runEndTime)))
        ).map(({ id }) => id)
        const found = failedIDs(health)
        // A failed run without a start may be of the window too; it comes once at most.
        expect(found.filter((id) => runs[id - 1]?.runStartTime !== undefined)).toEqual(expected)
        expect(new Set(found).size).toBe(found.length)
        for (const id of idsIn(health.findings)) expect(runs[id - 1]).toBeDefined()
        const open = failuresIn(health).reduce((sum, { openRuns }) => sum + openRuns, 0)
        expect(open).toBeLessThanOrEqual(found.length)
        expect(text.length).toBeGreaterThan(0)
      }),
      { numRuns: 200 }
    )
  ))
