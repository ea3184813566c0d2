// What an observation reads, and what it does with what is gone.
import { Incident } from "@coalesce-runs/alerts"
import { RunHealth, RunsClient, RunsInMemory } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { night } from "./support/story.ts"

const at = (time: string, day?: number) =>
  Effect.as(
    TestClock.setTime(Date.parse(`${night(time, day)}Z`)),
    DateTime.toUtc(DateTime.makeUnsafe(`${night(time, day)}Z`))
  )

const failed = (id: number, jobID: number, environmentID = "3") => ({
  id,
  runType: "refresh",
  runStatus: "failed",
  environmentID,
  runStartTime: `${night("01:50")}Z`,
  runEndTime: `${night("01:55")}Z`,
  runDetails: { environmentID, jobID, jobName: `Job ${jobID}` }
})

const withRuns = (...runs: Parameters<typeof RunsInMemory.layer>[0]["runs"]) =>
<A, E>(
  effect: Effect.Effect<A, E, RunsClient.RunsClient>
) => Effect.provide(effect, RunsInMemory.layer({ runs }))

const check = (options: RunHealth.Options = {}) =>
  RunHealth.check({ since: "12h", baseline: "none", timeZone: "UTC", ...options })

const observed = (state: Incident.State, options: RunHealth.Options = {}) =>
  Effect.flatMap(check(options), (health) => Incident.observe(state, { health }))

const kinds = ({ messages }: Incident.Step) => messages.map(({ status, why }) => `${status} ${why}`)

describe("Incident.observe", () => {
  it.effect("resolves failures whose run was deleted, with the headline that was told last", () =>
    Effect.gen(function*() {
      yield* at("02:00")
      const { messages: [opened], state } = yield* withRuns(failed(1, 15))(observed(Incident.begin()))
      yield* at("02:30")
      const options = { remindEvery: "10 minutes" } as const
      const gone = yield* withRuns(failed(9, 99))(Incident.observe(state, {}, options))
      expect(kinds(gone)).toEqual(["resolved gone"])
      expect(gone.messages[0]?.report.headline).toEqual(opened?.report.headline)
    }))

  it.effect("diagnoses at most 20 runs, and tells the rest at the next observation", () =>
    Effect.gen(function*() {
      yield* at("02:00")
      const runs = Array.from({ length: 18 }, (_, index) => failed(index + 1, index + 1))
      const later = Array.from({ length: 12 }, (_, index) => failed(index + 101, index + 101, "4"))
      const first = yield* withRuns(...runs)(Effect.map(check(), (health) => {
        const more = Incident.advance(Incident.begin(), { health }, { diagnoses: [] }, health.checkedAt)
        return more.state
      }))
      const state = yield* withRuns(...later)(
        Effect.map(check(), (health) => Incident.advance(first, { health }, { diagnoses: [] }, health.checkedAt).state)
      )
      expect(state.incidents).toHaveLength(30)
      const all = withRuns(...runs, ...later)
      const one = yield* all(Incident.observe(state))
      const two = yield* all(Incident.observe(one.state))
      const three = yield* all(Incident.observe(two.state))
      expect([one, two, three].map(({ messages }) => messages.length)).toEqual([20, 10, 0])
      expect(new Set([one, two].flatMap(({ messages }) => messages.map(({ id }) => id))).size).toBe(30)
    }))

  it.effect("fails if a diagnosis fails, unless its run is gone", () =>
    Effect.gen(function*() {
      yield* at("02:00")
      const { state } = yield* withRuns(failed(1, 15))(observed(Incident.begin()))
      const due = {
        ...state,
        incidents: state.incidents.map((one) => ({ ...one, pending: { why: "again" as const, notBefore: one.since } }))
      }
      const refused = RunsClient.layer({ accessToken: "a-token-for-tests", region: "eu" }).pipe(
        Layer.provide(Layer.succeed(
          HttpClient.HttpClient,
          HttpClient.make((request) =>
            Effect.succeed(HttpClientResponse.fromWeb(request, new Response("{}", { status: 401 })))
          )
        ))
      )
      const error = yield* Effect.flip(Effect.provide(Incident.observe(due), refused))
      expect(error._tag).toBe("Unauthorized")
    }))

  it.effect("lets only a check of the same filter end what a check found", () =>
    Effect.gen(function*() {
      yield* at("02:00")
      const waiting = {
        ...failed(1, 15),
        runStatus: "waitingToRun",
        runStartTime: `${night("00:30")}Z`,
        runEndTime: undefined
      }
      const { runEndTime: _, ...row } = waiting
      const opened = yield* withRuns(row)(observed(Incident.begin()))
      expect(kinds(opened)).toEqual(["opened first"])
      yield* at("02:15")
      const completed = { ...failed(1, 15), runStatus: "completed" }
      const other = yield* withRuns(completed)(observed(opened.state, { environmentID: "3" }))
      expect(kinds(other)).toEqual([])
      expect(kinds(yield* withRuns(completed)(observed(other.state)))).toEqual(["resolved gone"])
    }))

  it.effect("makes the same message of the same state, under the same id", () =>
    Effect.gen(function*() {
      yield* at("02:00")
      const [one, two] = yield* withRuns(failed(1, 15))(
        Effect.all([observed(Incident.begin()), observed(Incident.begin())])
      )
      expect(one.messages.map(({ id }) => id)).toEqual(two.messages.map(({ id }) => id))
      expect(one.messages).toHaveLength(1)
    }))

  it.effect("gives up on failures that nothing has made good for 28 days", () =>
    Effect.gen(function*() {
      yield* at("02:00")
      const opened = yield* withRuns(failed(1, 15))(observed(Incident.begin()))
      yield* TestClock.adjust("28 days")
      const ended = yield* withRuns(failed(1, 15))(Incident.observe(opened.state))
      expect(kinds(ended)).toEqual(["resolved expired"])
      yield* TestClock.adjust("6 hours")
      expect((yield* withRuns(failed(1, 15))(Incident.observe(ended.state))).state.incidents).toEqual([])
    }))
})
