/**
 * The evidence about a run that failed: what its nodes say, the row of failures it belongs to, what changed, what came
 * after. Everything that depends on nothing else is asked for at once.
 */
import * as Effect from "effect/Effect"
import * as Run from "../Run.ts"
import { outcome, type RunResult } from "../RunResult.ts"
import type * as RunsClient from "../RunsClient.ts"
import type { Chosen } from "./choose.ts"
import { byNodes, byReasons } from "./compare.ts"
import { aftermathOf, historyOf, type Rows, type Streak, streakOf } from "./history.ts"
import { diagnosedRun, type Reasons, reasonsOf, runLine } from "./lines.ts"
import type { Comparison, DiagnosedRun, Diagnosis } from "./model.ts"
import { nodesReport } from "./nodes.ts"
import { noteUndecodable, readBack, type Reading } from "./reading.ts"
import * as requests from "./requests.ts"
import { suspectsOf } from "./suspects.ts"

const firstPage = 250
const maxLater = 100
const maxReasons = 100

/** What a chosen run may bring along from the way it was chosen. */
export interface Known {
  readonly results: ReadonlyArray<RunResult> | undefined
  readonly link: string | undefined
}

/** What the evidence is of a diagnosis. */
export type Evidence = Pick<Diagnosis, "run" | "nodes" | "history" | "suspects" | "moreDeploys" | "aftermath">

interface Past {
  readonly rows: Rows
  readonly streak: Streak | undefined
  readonly firstResults: ReadonlyArray<RunResult> | undefined
}

/** The run's past: back to its last success, and what the nodes of the first failure since say. */
const pastOf = Effect.fnUntraced(function*(
  client: RunsClient.Service,
  reading: Reading,
  run: Run.AnyRun,
  limit: number
): Effect.fn.Return<Past | undefined> {
  const page = requests.runsUpTo(client, run.id, Run.environmentID(run))
  const first = yield* reading.attempt("history", page(Math.min(firstPage, limit)), run.id)
  if (first === undefined) return undefined
  const streakIn = (rows: ReadonlyArray<Run.Run>) => {
    // The rows begin with the run itself: its details, where they could not be read before.
    const detailed = Run.isDetailed(run) ? run : rows.find(({ id }) => id === run.id)
    return detailed === undefined ? undefined : streakOf(detailed, rows)
  }
  const { ended, rows } = yield* readBack(
    reading,
    "history",
    first,
    limit,
    page,
    (rows) => streakIn(rows)?.lastSuccess !== undefined
  )
  const streak = streakIn(rows)
  if (streak === undefined) {
    reading.note("history", "NoDetails", "The run's job is not known, since its details could not be read.", run.id)
  }
  return {
    rows: { rows, ended: ended === "enough" ? "all" : ended },
    streak,
    firstResults: streak === undefined || streak.firstFailure.id === run.id
      ? undefined
      : yield* reading.attempt("firstFailure", client.results(streak.firstFailure.id), streak.firstFailure.id)
  }
})

const originalOf = (
  run: Run.AnyRun,
  past: Past | undefined,
  compared: Comparison | undefined,
  reasons: Reasons
): Pick<DiagnosedRun, "original"> => {
  const original = run.reRunID === undefined ? undefined : past?.rows.rows.find(({ id }) => id === run.reRunID)
  if (original === undefined) return {}
  const isFirst = original.id === past?.streak?.firstFailure.id
  return {
    original: {
      run: runLine(original, reasons),
      compared: isFirst && compared !== undefined ? compared : byReasons(reasons, run.id, original.id)
    }
  }
}

/** Results and page of a run, unless they are known already. */
const nodesAndLink = (
  client: RunsClient.Service,
  reading: Reading,
  run: Run.AnyRun,
  known: Known | undefined
): Effect.Effect<Known> =>
  known !== undefined ? Effect.succeed(known) : Effect.all({
    results: reading.attempt("results", client.results(run.id), run.id),
    link: Effect.map(reading.attempt("link", client.schedulerStatus(run.id), run.id), (status) => status?.runLink)
  }, { concurrency: "unbounded" })

/** The report on results, where they could be read, with a word on states that are not known. */
export const reportOf = (reading: Reading, run: Run.AnyRun, results: ReadonlyArray<RunResult> | undefined) => {
  if (results === undefined) return {}
  const strange = results.filter((result) => result.runState !== undefined && outcome(result) === "unknown")
  if (strange.length > 0) {
    const states = [...new Set(strange.map(({ runState }) => JSON.stringify(runState)))].slice(0, 3).join(", ")
    reading.note(
      "results",
      "UnknownState",
      `${strange.length} of ${results.length} nodes are in a state that is not known, such as ${states}.`,
      run.id
    )
  }
  return { nodes: nodesReport(results) }
}

/** The later runs of the environment. */
export const laterOf = Effect.fnUntraced(function*(client: RunsClient.Service, reading: Reading, run: Run.AnyRun) {
  const page = yield* reading.attempt(
    "laterRuns",
    requests.runsFrom(client, run.id, Run.environmentID(run), maxLater),
    run.id
  )
  noteUndecodable(reading, "laterRuns", page?.undecodable ?? [])
  return page
})

export const gather = Effect.fnUntraced(function*(
  client: RunsClient.Service,
  reading: Reading,
  { hasReasons, reasons: known, run }: Chosen,
  before: Known | undefined,
  historyLimit: number
): Effect.fn.Return<Evidence> {
  const [{ link, results }, past, failures, later] = yield* Effect.all([
    nodesAndLink(client, reading, run, before),
    pastOf(client, reading, run, historyLimit),
    hasReasons ? Effect.succeed(undefined) : reading.attempt(
      "reasons",
      requests.failuresUpTo(client, run.id, Run.environmentID(run), maxReasons),
      run.id
    ),
    laterOf(client, reading, run)
  ], { concurrency: "unbounded" })

  const reasons = new Map([...reasonsOf(failures?.runs ?? []), ...known])
  const streak = past?.streak
  if (streak !== undefined) reading.found("details")
  if (reasons.has(run.id)) reading.found("reason")
  const first = streak?.firstFailure
  const compared = first === undefined || first.id === run.id
    ? undefined
    : byNodes(results, past?.firstResults) ?? byReasons(reasons, run.id, first.id)
  const rows = [...past?.rows.rows ?? [], ...later?.runs ?? []]
  return {
    run: {
      ...diagnosedRun(streak?.run ?? run, reasons, link),
      ...originalOf(run, past, compared, reasons)
    },
    ...reportOf(reading, run, results),
    ...(streak === undefined || past === undefined ? {} : { history: historyOf(streak, past.rows, reasons, compared) }),
    ...(streak === undefined ? { suspects: [], moreDeploys: 0 } : suspectsOf(streak, rows, reasons, compared)),
    ...(later === undefined ? {} : { aftermath: aftermathOf(run, streak?.identity, later.runs, later.hasMore) })
  }
})
