/** The later runs of a failed or canceled run's environment, and what they say of its recovery. */
import * as Effect from "effect/Effect"
import { type Identity, identityOf } from "../inspection/identity.ts"
import { attempt, type Part, unavailable, unavailablePages, valueOf } from "../inspection/part.ts"
import { runsFrom } from "../inspection/requests.ts"
import * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import * as RunsClient from "../RunsClient.ts"
import { type Checked, recoveryOf, runToCheck } from "./recovery.ts"

const maxLater = 100

type Page = Part<RunsClient.RunPage<Run.Run>>

/** The later runs of the environment, and the results of one that may have run the failed nodes. */
export interface LaterRuns {
  readonly page: Page
  readonly identity: Identity | undefined
  readonly check: { readonly run: Run.Run; readonly results: Part<ReadonlyArray<RunResult>> } | undefined
}

/** Reads the rows after a run. */
export const readLaterPage = (run: Run.AnyRun): Effect.Effect<Page, never, RunsClient.RunsClient> =>
  attempt(runsFrom(run.id, Run.environmentID(run), maxLater))

/** Reads the results of the later run that may have run the failed nodes. */
export const checkLaterRuns = Effect.fnUntraced(function*(
  run: Run.AnyRun,
  page: Page
): Effect.fn.Return<LaterRuns, never, RunsClient.RunsClient> {
  const later = valueOf(page)?.runs ?? []
  const identity = Run.isDetailed(run) ? identityOf(run, later) : undefined
  const toCheck = runToCheck(run, identity, later)
  const check = toCheck && { run: toCheck, results: yield* attempt(RunsClient.results(toCheck.id)) }
  return { page, identity, check }
})

/** Reads both, one after the other. */
export const readLaterRuns = (run: Run.AnyRun): Effect.Effect<LaterRuns, never, RunsClient.RunsClient> =>
  Effect.flatMap(readLaterPage(run), (page) => checkLaterRuns(run, page))

/** Returns what came after a run. `identity` is what its earlier runs say of it. */
export const recoveryFacts = (
  run: Run.AnyRun,
  { check, identity: own, page }: LaterRuns,
  results: Part<ReadonlyArray<RunResult>>,
  identity = own
) => {
  const later = valueOf(page)
  const checked: Checked | undefined = check && { run: check.run, results: valueOf(check.results) }
  return {
    recovery: later && recoveryOf(run, identity, later.runs, later.hasMore, valueOf(results), checked),
    unavailable: [
      ...unavailablePages("laterRuns", [page], run.id),
      ...unavailable("results", check?.results, check?.run.id)
    ]
  }
}
