import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { RunWatch } from "../../src/index.ts"
import { checked } from "../../src/watch/options.ts"
import { clientOver } from "../support/server.ts"

const origin = "https://app.coalescesoftware.io"
const overProject = (projectID?: string) => Effect.provide(clientOver({ history: () => [] }, { projectID }).layer)
const violationsOf = (options: object, query: object = {}) =>
  Effect.map(
    Effect.flip(checked(query, options)),
    ({ violations }) => violations.map(({ field, reason }) => `${field}: ${reason}`)
  ).pipe(overProject())

const refused: ReadonlyArray<readonly [options: object, violations: ReadonlyArray<string>, query?: object]> = [
  [{ resume: 5 }, ["resume: Expected a checkpoint or its string"]],
  [{ every: 0 }, ["every: Expected a duration above zero"]],
  [{ every: "Infinity" }, ["every: Expected a duration above zero"]],
  [{ idleEvery: 0 }, ["idleEvery: Expected a duration above zero"]],
  [{ every: 0, idleEvery: 0 }, [
    "every: Expected a duration above zero",
    "idleEvery: Expected a duration above zero"
  ]],
  [{ lag: "Infinity" }, ["lag: Expected a duration"]],
  [{ every: "soon", lag: "soon" }, ["every: Expected a duration above zero", "lag: Expected a duration"]],
  [{ lag: Duration.millis(-5) }, ["lag: Expected a duration"]],
  [{ maxWatched: 0 }, ["maxWatched: Expected a positive integer"]],
  [{ maxWatched: 1.5 }, ["maxWatched: Expected a positive integer"]],
  [{ since: -1 }, ["since: Expected the id of a run"]],
  [{}, [
    "orderBy: No such parameter of a watch; there are runType, environmentID, projectID, detail, failureReasons, " +
    "undecodableRows"
  ], { orderBy: "id" }],
  [{}, ["query: Expected an object of parameters"], [{ runType: "refresh" }]]
]

describe("the options of a watch", () => {
  it.effect.each(refused)(
    "are refused by name and reason: %j",
    ([options, violations, query]) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* violationsOf(options, query), violations)
      })
  )

  it.effect("are refused where they say twice where the watch begins", () =>
    Effect.gen(function*() {
      const { checkpoint } = yield* RunWatch.poll().pipe(overProject())
      assert.deepStrictEqual(yield* violationsOf({ since: 5, resume: checkpoint }), [
        "since: Belongs to a new watch; this one continues where its checkpoint says"
      ])
    }))

  it.effect("have defaults, and a wait without unfinished runs that follows the other", () =>
    Effect.gen(function*() {
      const { begin, every, idleEvery } = yield* checked({}, {}).pipe(overProject())
      assert.deepStrictEqual([every, idleEvery].map(Duration.toSeconds), [30, 120])
      assert.deepInclude(begin.options, { origin, watches: { origin }, maxWatched: 1000, since: undefined })
      assert.strictEqual(Duration.toMinutes(begin.options.lag), 10)
      assert.isUndefined(begin.checkpoint)
      const other = yield* checked({}, { every: "1 minute", lag: 0, since: 0, maxWatched: 1 }).pipe(overProject())
      assert.deepStrictEqual([other.every, other.idleEvery].map(Duration.toMinutes), [1, 4])
      assert.deepInclude(other.begin.options, { since: 0, maxWatched: 1, lag: Duration.zero })
    }))

  it.effect("take the project of the client where the query names none, and every parameter of a watch", () =>
    Effect.gen(function*() {
      const watchesOf = (query: object) =>
        checked(query, {}).pipe(overProject("7"), Effect.map((o) => o.begin.options.watches))
      assert.deepStrictEqual(yield* watchesOf({ projectID: undefined }), { origin, projectID: "7" })
      const all = {
        runType: "refresh",
        environmentID: "3",
        projectID: "8",
        detail: true,
        failureReasons: true,
        undecodableRows: "skip"
      }
      const filters = { origin, runType: "refresh", environmentID: "3", projectID: "8" }
      assert.deepStrictEqual(yield* watchesOf(all), filters)
    }))
})
