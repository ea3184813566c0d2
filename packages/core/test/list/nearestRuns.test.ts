import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { Run, RunList, RunsClient, type RunWindow } from "../../src/index.ts"
import { findNearest, nearestLines, NearestRuns, readNearest } from "../../src/list/nearestRuns.ts"
import type { Query } from "../../src/list/readRuns.ts"
import { lineText } from "../../src/report/toText.ts"
import * as Words from "../../src/report/words.ts"
import { clientOver, type WireRun } from "../support/server.ts"

const second = Duration.seconds(1)
const hourLong = Duration.hours(1)

const hour = (count: number) => DateTime.makeUnsafe(Date.UTC(2026, 10, 3, count))

/** The hours from 2 to 3. */
const window: RunWindow.RunWindow = { since: hour(2), until: hour(3), timeZone: "UTC", timeZoneSource: "given" }

const wire = (id: number, at: number, fields: Partial<WireRun> = {}): WireRun => ({
  id,
  runType: "refresh",
  runStatus: "completed",
  environmentID: "3",
  runStartTime: DateTime.formatIso(hour(at)),
  ...fields
})

/** What is nearest over a history, and the requests: by what, how many, in which form. */
const nearestIn = (history: ReadonlyArray<WireRun>, query: Query, known?: { readonly before: undefined }) => {
  const { layer, log } = clientOver({ history: () => history, next: "null" })
  return Effect.map(Effect.exit(readNearest(query, known)), (exit) => ({
    found: exit._tag === "Success" ? exit.value : undefined,
    requests: log.requests.map((params) =>
      [params.get("orderBy"), params.get("orderByDirection"), params.get("limit")].join(" ")
    )
  })).pipe(Effect.provide(layer))
}

const idsOf = (found: NearestRuns | undefined) => [found?.before?.id, found?.after?.id, found?.latest?.id]

describe("the nearest runs", () => {
  const around = [wire(1, 0), wire(2, 1), wire(5, 3), wire(6, 4)]

  it.effect("are the last before a window and the first after it, for one row of each side", () =>
    Effect.gen(function*() {
      const { found, requests } = yield* nearestIn(around, { window })
      assert.deepStrictEqual(idsOf(found), [2, 5, undefined])
      assert.sameMembers(requests, ["runStartTime desc 1", "runStartTime asc 1"])
      const before = yield* nearestIn(around.slice(0, 2), { window })
      assert.deepStrictEqual(idsOf(before.found), [2, undefined, undefined])
      const after = yield* nearestIn(around.slice(2), { window })
      assert.deepStrictEqual(idsOf(after.found), [undefined, 5, undefined])
      for (const { requests } of [before, after]) {
        assert.lengthOf(requests.filter((request) => request.startsWith("id")), 0)
      }
    }))

  it.effect("are not asked for before the window where those are known", () =>
    Effect.gen(function*() {
      const { found, requests } = yield* nearestIn(around, { window }, { before: undefined })
      assert.deepStrictEqual(idsOf(found), [undefined, 5, undefined])
      assert.deepStrictEqual(requests, ["runStartTime asc 1"])
    }))

  it.effect("match each of several statuses, farther off than another run, or are of any status", () =>
    Effect.gen(function*() {
      const query: Query = { window, runStatus: ["failed", "canceled"] }
      const { found, requests } = yield* nearestIn([wire(1, 0, { runStatus: "failed" }), wire(2, 1), wire(5, 3)], query)
      assert.deepStrictEqual(idsOf(found), [1, 5, undefined])
      assert.include(requests, "runStartTime desc 1000")
    }))

  it.effect("are the latest of any kind where no side has one", () =>
    Effect.gen(function*() {
      const startless = [wire(7, 0), wire(8, 0)].map(({ runStartTime: _, ...run }) => run)
      const { found, requests } = yield* nearestIn(startless, { window })
      assert.deepStrictEqual(idsOf(found), [undefined, undefined, 8])
      assert.notProperty(found, "environments")
      assert.include(requests, "id desc 1")
      assert.deepStrictEqual((yield* nearestIn(startless, {})).requests[0], "id desc 1")
    }))

  it.effect("name the environments that there are, at most 20, where none is in the one that was asked for", () =>
    Effect.gen(function*() {
      const query: Query = { window, environmentID: "prod" }
      const many = Array.from({ length: 30 }, (_, index) => wire(index + 1, 1, { environmentID: String(index) }))
      const { found, requests } = yield* nearestIn(many, query)
      assert.strictEqual(found?.latest?.id, Run.RunId.make(30))
      assert.deepStrictEqual(found?.environments, Array.from({ length: 20 }, (_, index) => String(29 - index)))
      assert.include(requests, "id desc 100")
      const ofJob = yield* nearestIn(many, { ...query, jobID: 99 })
      assert.deepStrictEqual([ofJob.found?.latest, ofJob.found?.environments?.length], [undefined, 20])
      assert.notProperty((yield* nearestIn([], query)).found, "environments")
      const unnamed = clientOver({
        history: () => many,
        spoil: ({ data: _, ...body }, { size }) => ({
          ...body,
          data: [{ id: 9 + size, runType: "refresh", runStatus: "failed", runDetails: {} }]
        })
      })
      assert.notProperty(yield* readNearest(query).pipe(Effect.provide(unnamed.layer)), "environments")
    }))

  it.effect("of a job in any environment are not joined by the latest run, which is of another", () =>
    Effect.gen(function*() {
      const { found, requests } = yield* nearestIn(around, { window, jobID: 99 })
      assert.deepStrictEqual(found, {})
      assert.sameMembers(requests, ["runStartTime desc 1000", "runStartTime asc 1000"])
    }))

  it.effect("are not known where a row cannot be decoded or no time is left, and that is a fact", () =>
    Effect.gen(function*() {
      const odd = clientOver({ history: () => [wire(2, 1, { runStatus: "" })] })
      assert.deepStrictEqual(yield* findNearest({ window }, hourLong).pipe(Effect.provide(odd.layer)), {
        unavailable: "error"
      })
      const silent = RunsClient.layer({ accessToken: "a-token-for-tests" }).pipe(
        Layer.provide(Layer.succeed(HttpClient.HttpClient, HttpClient.make(() => Effect.never)))
      )
      const fiber = yield* Effect.forkChild(findNearest({ window }, second).pipe(Effect.provide(silent)))
      yield* TestClock.adjust(second)
      assert.deepStrictEqual(yield* Fiber.join(fiber), { unavailable: "time_limit" })
      const states = ["time_limit", "error", "other"].map((unavailable) => Schema.is(NearestRuns)({ unavailable }))
      assert.deepStrictEqual(states, [true, true, false])
    }))

  it.effect("are asked for without a further request for what lies behind them", () =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({ history: () => around, states: "nothing" })
      yield* findNearest({ window, jobID: 99 }, hourLong).pipe(Effect.provide(layer))
      assert.lengthOf(log.requests, 2)
    }))
})

describe("the nearest runs in words", () => {
  const words = Words.make({ bounds: { names: 2 } })
  const run = (id: number, at: number, runStatus = "completed"): RunList.RunLine => ({
    id: Run.RunId.make(id),
    runType: "refresh",
    runStatus,
    runStartTime: hour(at)
  })
  const said = (nearest: NearestRuns, query: Query = {}) =>
    nearestLines(nearest, { window, ...query }, words).map(lineText)

  it("say how far each is from its end of the window", () => {
    assert.deepStrictEqual(said({ before: run(1, 0), after: run(5, 6) }), [
      "The nearest run before the window is run 1 (refresh, completed, 2026-11-03 00:00), 2 hours before it.",
      "The nearest run after the window is run 5 (refresh, completed, 2026-11-03 06:00), 3 hours after it."
    ])
    assert.deepStrictEqual(nearestLines({ before: run(1, 0) }, {}, words), [])
  })

  it("say which filters they match", () => {
    const query: Query = { runStatus: ["failed", "canceled"], environmentID: "3", jobID: "Daily" }
    const job = { jobName: "Daily" }
    assert.deepStrictEqual(
      said({ before: { ...run(1, 0, "failed"), ...job }, after: { ...run(5, 6), ...job } }, query).map((line) =>
        line.slice(0, line.indexOf(" is run"))
      ),
      [
        "The nearest refresh that matches environmentID, runStatus, jobID before the window",
        "The nearest refresh that matches environmentID, jobID, of any status after the window"
      ]
    )
    assert.deepStrictEqual(
      said({ after: run(5, 6) }, { runStatus: ["failed", "canceled"] }).map((line) =>
        line.slice(0, line.indexOf(" is run"))
      ),
      ["The nearest run of any status after the window"]
    )
  })

  it("say what there is where there is none, and what is not known", () => {
    const none = "The token sees no runs at all: the account has none, or the token may not see them."
    assert.deepStrictEqual(said({}), [none])
    assert.deepStrictEqual(said({ latest: run(9, 9) }), [
      "The latest run of any kind is run 9 (refresh, completed, 2026-11-03 09:00)."
    ])
    const { runStartTime: _, ...waiting } = run(9, 9, "waitingToRun")
    assert.deepStrictEqual(said({ latest: waiting }, { environmentID: "3" }), [
      "No run that matches environmentID is before or after the window.",
      "The latest run of any kind is run 9 (refresh, waitingToRun, not started)."
    ])
    assert.deepStrictEqual(said({ environments: ["3", "5", "7"] }, { jobID: 15, environmentID: "9" }), [
      "No refresh that matches environmentID, jobID is among the 1000 rows before or after the window.",
      "Environments of the latest runs: 3, 5 and 1 more."
    ])
    assert.deepStrictEqual(said({ environments: ["3", "5"] }, { runType: "deploy" }), [
      "No deploy is before or after the window.",
      none,
      "Environments of the latest runs: 3, 5."
    ])
    assert.deepStrictEqual(said({ unavailable: "error" }), ["The nearest run is not known: a request failed."])
    assert.deepStrictEqual(said({ unavailable: "time_limit" }), ["The nearest run is not known: no time was left."])
  })
})
