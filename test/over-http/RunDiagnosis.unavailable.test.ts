// Every unavailable part is listed, and the rest of the diagnosis stays the same.
import type { RunDiagnosis, RunsClient } from "@coalesce-runs/core"
import { Faults, Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { type ExpectedScenario, scenarioOf } from "./expectedFacts/scenarios.ts"
import { asked } from "./support/diagnosis.ts"

const byId = (scenario: ExpectedScenario): ExpectedScenario => ({
  ...scenario,
  question: { runID: scenario.expected.run ?? 0 }
})

// Every kind of request of a diagnosis, and its part.
const kinds = {
  runsOfWindow: ({ query }) => query.orderBy === "runStartTime" && query.detail === "true",
  runFailureReasons: ({ query }) => query.runStatus === "failed",
  runFailureReason: ({ query }) => query.limit === "1",
  history: ({ query }) =>
    query.orderByDirection === "desc" && query.orderBy === "id" && query.detail === "true" &&
    query.startingFrom !== undefined,
  laterRuns: ({ query }) => query.orderByDirection === "asc",
  waitingRuns: ({ query }) => query.orderBy === "id" && query.startingFrom === undefined,
  details: ({ path }) => /^\/api\/v1\/runs\/\d+$/.test(path),
  runLink: ({ path }) => path === "/scheduler/runStatus"
} satisfies Record<string, (request: Faults.FaultRequest) => boolean>

type Kind = keyof typeof kinds

const faults = {
  forbidden: Faults.status(403),
  notFound: Faults.status(404, { body: "html" }),
  error: Faults.status(500, { errorString: "Bearer simulated-token is at fault" }),
  wrongShape: Faults.wrongShape({ nodes: [] }),
  notAPage: Faults.wrongShape("no"),
  html: Faults.notJson,
  empty: Faults.emptyBody,
  reset: Faults.reset
}

type Trouble = { readonly [K in Kind | "results" | "otherResults"]: keyof typeof faults | "none" }

const trouble: FastCheck.Arbitrary<Trouble> = (() => {
  const one = FastCheck.oneof(
    { weight: 2, arbitrary: FastCheck.constant("none" as const) },
    { weight: 1, arbitrary: FastCheck.constantFrom(...Object.keys(faults) as ReadonlyArray<keyof typeof faults>) }
  )
  return FastCheck.record({
    runsOfWindow: one,
    runFailureReasons: one,
    runFailureReason: one,
    history: one,
    laterRuns: one,
    waitingRuns: one,
    details: one,
    runLink: one,
    results: one,
    otherResults: one
  })
})()

const rules = (trouble: Trouble, run: number | undefined): Faults.Faults => {
  const rule = (name: keyof Trouble, matching: (request: Faults.FaultRequest) => boolean) => {
    const fault = trouble[name]
    return fault === "none" ? [] : [Faults.always(faults[fault], matching)]
  }
  const isResults = ({ path }: Faults.FaultRequest) => path.endsWith("/results")
  const own = `/api/v1/runs/${run}/results`
  return [
    ...(Object.keys(kinds) as ReadonlyArray<Kind>).flatMap((kind) => rule(kind, kinds[kind])),
    ...rule("results", (request) => isResults(request) && request.path === own),
    ...rule("otherResults", (request) => isResults(request) && request.path !== own)
  ]
}

const partsOf = ({ unavailable }: RunDiagnosis.Diagnosis) => new Set(unavailable.map(({ part }) => part))

// The scheduler's response may have any shape, because all of its fields are optional.
const isRead = (trouble: Trouble, name: keyof Trouble) =>
  trouble[name] === "none" || (name === "runLink" && trouble[name] === "wrongShape")

const check = (
  scenario: ExpectedScenario,
  assert: (
    trouble: Trouble,
    result: Result.Result<RunDiagnosis.Diagnosis, { readonly _tag: string }>,
    whole: RunDiagnosis.Diagnosis
  ) => void
) =>
  asked(scenario, (diagnose) =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const whole = yield* diagnose
      const run = yield* Effect.map(
        Effect.context<RunsClient.RunsClient>(),
        (context) => Effect.runPromiseWith(context)
      )
      yield* Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(trouble, async (trouble) => {
            await run(simulator.setFaults(rules(trouble, scenario.expected.run)))
            const result = await run(Effect.result(diagnose))
            expect(JSON.stringify(result)).not.toContain("simulated-token")
            assert(trouble, result, whole)
          }),
          { numRuns: 60 }
        )
      )
    }))

/** Checks the evidence about a failed run, whether it was found by its id or in a window. */
const evidence = (trouble: Trouble, found: RunDiagnosis.Diagnosis, whole: RunDiagnosis.Diagnosis) => {
  const parts = partsOf(found)
  expect(found.outcome).toBe("failed")
  expect(found.run?.id).toBe(whole.run?.id)
  // Unavailable results must never read as "no node failed".
  if (isRead(trouble, "results")) expect(found.nodes).toEqual(whole.nodes)
  else expect(found).not.toHaveProperty("nodes")
  expect(parts.has("results")).toBe(!isRead(trouble, "results"))
  expect(parts.has("runLink")).toBe(!isRead(trouble, "runLink"))
  expect(found.run?.runLink).toBe(trouble.runLink === "none" ? whole.run?.runLink : undefined)

  expect(parts.has("laterRuns")).toBe(!isRead(trouble, "laterRuns"))
  if (trouble.laterRuns !== "none") expect(found).not.toHaveProperty("recovery")
  // Without the history and its own details, a run does not know the later runs of its job.
  else if (trouble.history === "none") expect(found.recovery).toEqual(whole.recovery)

  expect(parts.has("history")).toBe(!isRead(trouble, "history"))
  if (trouble.history !== "none") {
    expect(found).not.toHaveProperty("history")
    expect(found.suspects).toEqual({ listed: [], more: 0 })
  } else {
    expect(found.history?.streakLength).toBe(whole.history?.streakLength)
    expect(found.history?.lastSuccess?.id).toBe(whole.history?.lastSuccess?.id)
    expect(found.history?.searched).toEqual(whole.history?.searched)
    expect(found.suspects.listed.length).toBe(whole.suspects.listed.length)
    expect(parts.has("firstFailure")).toBe(!isRead(trouble, "otherResults"))
    // If its nodes and its reason are unavailable, the cause is not known. It is never another cause.
    expect([whole.history?.comparedWithFirst?.cause, "notKnown"]).toContain(found.history?.comparedWithFirst?.cause)
  }
}

const nights = scenarioOf("a first failure five nights ago")

describe("if any subset of the requests of a diagnosis fails", () => {
  it.effect("the failed run of last night is diagnosed from the parts that are available", () =>
    check(nights, (trouble, result, whole) => {
      if (trouble.runsOfWindow !== "none" && trouble.runFailureReasons !== "none") {
        expect(Result.isFailure(result)).toBe(true)
        return
      }
      if (Result.isFailure(result)) throw new Error(`It failed with ${result.failure._tag}`)
      const found = result.success
      evidence(trouble, found, whole)
      const parts = partsOf(found)
      expect(parts.has("runsOfWindow")).toBe(!isRead(trouble, "runsOfWindow"))
      expect(parts.has("runFailureReasons")).toBe(!isRead(trouble, "runFailureReasons"))
      expect(found.run?.cause).toEqual(trouble.runFailureReasons === "none" ? whole.run?.cause : undefined)
    }))

  it.effect("a run by its id is diagnosed from the parts that are available", () =>
    check(byId(nights), (trouble, result, whole) => {
      if (trouble.details !== "none" && trouble.runFailureReason !== "none") {
        expect(Result.isFailure(result)).toBe(true)
        return
      }
      if (Result.isFailure(result)) throw new Error(`It failed with ${result.failure._tag}`)
      const found = result.success
      evidence(trouble, found, whole)
      const parts = partsOf(found)
      // The history begins with the run, so its details and its reason come twice.
      expect(parts.has("details")).toBe(!isRead(trouble, "details") && !isRead(trouble, "history"))
      expect(parts.has("runFailureReason")).toBe(
        !isRead(trouble, "runFailureReason") && !isRead(trouble, "runFailureReasons")
      )
      expect(found.run?.jobID).toBe(trouble.details !== "none" && trouble.history !== "none" ? undefined : 15)
    }))

  it.effect("a night on which nothing failed never reads as one on which nothing ran", () =>
    check(scenarioOf("nothing failed, but tests did"), (trouble, result, whole) => {
      if (trouble.runsOfWindow !== "none" && trouble.runFailureReasons !== "none") {
        expect(Result.isFailure(result)).toBe(true)
        return
      }
      if (Result.isFailure(result)) throw new Error(`It failed with ${result.failure._tag}`)
      const { noFailure: found, outcome } = result.success
      const parts = partsOf(result.success)
      expect(outcome).toBe("noneFailed")
      expect(parts.has("waitingRuns")).toBe(!isRead(trouble, "waitingRuns"))
      expect(parts.has("runsOfWindow")).toBe(!isRead(trouble, "runsOfWindow"))
      if (trouble.runsOfWindow !== "none") {
        expect(found).toMatchObject({ truncated: true, dataTests: { checked: [] } })
        return
      }
      expect(found?.ran.listed.map(({ id }) => id)).toEqual(whole.noFailure?.ran.listed.map(({ id }) => id))
      expect(parts.has("dataTests")).toBe(!isRead(trouble, "otherResults"))
      expect(found?.dataTests).toEqual(
        trouble.otherResults === "none" ? whole.noFailure?.dataTests : { checked: [], unchecked: 3, failures: [] }
      )
    }))
})
