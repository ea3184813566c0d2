/** Diagnoses of nights made up for them, by a client whose requests a test can watch and change. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { type ListRunsQuery, RunBaseline, RunDiagnosis, RunsClient, RunsError, RunsInMemory } from "../../src/index.ts"
import { type Night, now } from "./health.ts"

/** A client with other ways to read. */
export type Change = (client: RunsClient.Shape) => Partial<RunsClient.Shape>

/** Runs an effect at 09:00 UTC of 2026-11-03 over a night, without a baseline that was kept before. */
export const over =
  (night: Night, ...changes: ReadonlyArray<Change>) =>
  <A, E>(effect: Effect.Effect<A, E, RunsClient.RunsClient>): Effect.Effect<A, E> =>
    Effect.andThen(TestClock.setTime(now), effect).pipe(
      Effect.provide(
        Layer.effect(RunsClient.RunsClient)(
          Effect.map(
            RunsClient.RunsClient,
            (client) =>
              changes.reduce<RunsClient.Shape>((changed, change) => ({ ...changed, ...change(changed) }), client)
          )
        ).pipe(Layer.provide(RunsInMemory.layer(night)))
      ),
      Effect.provideService(RunBaseline.Cache, RunBaseline.makeCache())
    )

/** Diagnoses last night, or what the options say. */
export const diagnose = (night: Night, options: RunDiagnosis.Options = {}, ...changes: ReadonlyArray<Change>) =>
  over(night, ...changes)(RunDiagnosis.diagnose({ timeZone: "UTC", ...options }))

export const forbidden = Effect.fail(
  new RunsError.Forbidden({ request: { method: "GET", url: "https://runs.invalid" } })
)

/** Returns what a diagnosis requests a page of rows for. */
export const kindOf = ({
  detail,
  limit,
  orderBy,
  orderByDirection,
  runStatus,
  runType,
  startingFrom
}: ListRunsQuery.ListRunsQuery = {}) => {
  if (orderBy === "runStartTime") {
    if (orderByDirection === "asc") return "after the window"
    if (runStatus === "failed") {
      return detail !== true
        ? "failures of the window"
        : runType === undefined
        ? "failures before the window"
        : "details of failures"
    }
    return runType === undefined
      ? "runs of the window"
      : limit === 1
      ? "the nearest run before the window"
      : "runs before the window"
  }
  if (orderByDirection === "asc") return "later runs"
  if (runStatus === "failed") return detail === true ? "failed runs" : "reasons"
  return startingFrom === undefined ? "newest runs" : limit === 1 ? "summary" : "history"
}

export type Kind = ReturnType<typeof kindOf>

/** Refuses requests of these kinds. */
export const refusing = (...kinds: ReadonlyArray<Kind>): Change => ({ listPage }) => ({
  listPage: (query) => kinds.includes(kindOf(query)) ? forbidden : listPage(query)
})

/** Refuses the node results of these runs. */
export const withoutResults = (...ids: ReadonlyArray<number>): Change => ({ results }) => ({
  results: (id) => ids.includes(id) ? forbidden : results(id)
})

/** Changes the rows of pages of one kind. */
export const rowsOf = (
  kind: Kind,
  change: (runs: RunsClient.RunPage["runs"]) => RunsClient.RunPage["runs"]
): Change =>
({ listPage }) => ({
  listPage: (query) =>
    kindOf(query) === kind
      ? Effect.map(listPage(query), (page) => ({ ...page, runs: change(page.runs) }))
      : listPage(query)
})

/** Says that the first page of a window is the last one of all. */
export const allOnOnePage: Change = ({ listPage }) => ({
  listPage: (query) =>
    kindOf(query) === "runs of the window"
      ? Effect.map(listPage(query), (page) => ({ ...page, hasMore: false }))
      : listPage(query)
})

/** Keeps what was requested: kinds of pages, and runs by their ids. */
export const logged = () => {
  const log: Array<Kind | `results ${number}` | `run ${number}`> = []
  const change: Change = ({ get, listPage, results }) => ({
    listPage: (query) => Effect.suspend(() => (log.push(kindOf(query)), listPage(query))),
    get: (id) => Effect.suspend(() => (log.push(`run ${id}`), get(id))),
    results: (id) => Effect.suspend(() => (log.push(`results ${id}`), results(id)))
  })
  return { log, change }
}

export const idsOf = ({ listed }: { readonly listed: ReadonlyArray<{ readonly id: number }> }) =>
  listed.map(({ id }): number => id)
