/** The evidence about a run that failed. Requests that do not depend on one another are made at once. */
import * as Effect from "effect/Effect"
import { type Identity, identityOf } from "../inspection/identity.ts"
import { unknownStates } from "../inspection/nodeResults.ts"
import {
  attempt,
  Limits,
  missing,
  type PagesBack,
  type Part,
  readBack,
  unavailable,
  unavailablePages,
  valueOf
} from "../inspection/part.ts"
import { runsUpTo } from "../inspection/requests.ts"
import { type ChosenRun, readResponses, type RunResponses } from "../inspection/runById.ts"
import { type FailureReasons, lineOf, reasonsOf } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import * as RunsClient from "../RunsClient.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { byNodes, byReasons } from "./compare.ts"
import { historyOf, type Streak, streakOf } from "./history.ts"
import type { Comparison } from "./historyModel.ts"
import type { DiagnosedRun, Unavailable } from "./model.ts"
import { nodeNamesOf, nodeOutcomes } from "./nodes.ts"
import { type Checked, recoveryOf, runToCheck } from "./recovery.ts"
import * as requests from "./requests.ts"
import { diagnosedRun } from "./runs.ts"
import { suspectsOf } from "./suspects.ts"

const firstPage = 250
const maxLater = 100
const maxReasons = 100

/** The runs up to the failed one, back to its last success. */
interface EarlierRuns {
  readonly back: PagesBack<Run.Run>
  /** Absent if the run's job is not known, since its details are unavailable. */
  readonly streak: Streak | undefined
  /** The node results of the streak's first failure, if that is another run. */
  readonly firstResults: Part<ReadonlyArray<RunResult>> | undefined
}

const readEarlierRuns = Effect.fnUntraced(function*(
  run: Run.AnyRun
): Effect.fn.Return<Part<EarlierRuns>, never, RunsClient.RunsClient> {
  const { historyLimit } = yield* Limits
  const page = runsUpTo(run.id, Run.environmentID(run))
  const streakIn = (rows: ReadonlyArray<Run.Run>) => {
    // The rows begin with the run itself: they have its details even if the first request for them failed.
    const detailed = Run.isDetailed(run) ? run : rows.find(({ id }) => id === run.id)
    return detailed && streakOf(detailed, rows)
  }
  const first = yield* attempt(page(Math.min(firstPage, historyLimit)))
  return yield* Effect.result(Effect.gen(function*() {
    const isEnough = (rows: ReadonlyArray<Run.Run>) => streakIn(rows)?.lastSuccess !== undefined
    const back = yield* readBack(yield* Effect.fromResult(first), historyLimit, page, isEnough)
    const streak = streakIn(back.rows)
    const isFirst = streak === undefined || streak.firstFailure.id === run.id
    const firstResults = isFirst ? undefined : yield* attempt(RunsClient.results(streak.firstFailure.id))
    return { back, streak, firstResults }
  }))
})

/** The later runs of the environment, and the results of one that may have run the failed nodes. */
interface LaterRuns {
  readonly page: Part<RunsClient.RunPage<Run.Run>>
  readonly identity: Identity | undefined
  readonly check: { readonly run: Run.Run; readonly results: Part<ReadonlyArray<RunResult>> } | undefined
}

/** Reads the later runs of the environment. */
export const readLaterRuns = Effect.fnUntraced(function*(
  run: Run.AnyRun
): Effect.fn.Return<LaterRuns, never, RunsClient.RunsClient> {
  const page = yield* attempt(requests.runsFrom(run.id, Run.environmentID(run), maxLater))
  const later = valueOf(page)?.runs ?? []
  const identity = Run.isDetailed(run) ? identityOf(run, later) : undefined
  const toCheck = runToCheck(run, identity, later)
  const check = toCheck && { run: toCheck, results: yield* attempt(RunsClient.results(toCheck.id)) }
  return { page, identity, check }
})

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

/** Returns the facts in the responses of a single run, and what they lack. */
export const factsOfResponses = (id: Run.RunId, { results, status }: RunResponses) => {
  const nodes = valueOf(results)
  return {
    runLink: valueOf(status)?.runLink,
    nodes: nodes === undefined ? {} : { nodes: nodeOutcomes(nodes) },
    unavailable: [
      ...unavailable("results", results, id),
      ...unknownStates(nodes ?? [], id),
      ...unavailable("runLink", status, id)
    ]
  }
}

const originalOf = (
  run: Run.AnyRun,
  earlier: EarlierRuns | undefined,
  compared: Comparison | undefined,
  reasons: FailureReasons
): DiagnosedRun["original"] => {
  const original = run.reRunID === undefined ? undefined : earlier?.back.rows.find(({ id }) => id === run.reRunID)
  const isFirst = original?.id === earlier?.streak?.firstFailure.id
  return original && {
    run: lineOf(original, reasons),
    compared: (isFirst ? compared : undefined) ?? byReasons(reasons, run.id, original.id)
  }
}

const unavailableHistory = ({ id }: Run.AnyRun, part: Part<EarlierRuns>): ReadonlyArray<Unavailable> => {
  const earlier = valueOf(part)
  return [
    ...unavailable("history", part, id),
    ...unavailablePages("history", earlier?.back.pages ?? [], id),
    ...(earlier !== undefined && earlier.streak === undefined
      ? missing("history", "NoDetails", "The run's job is not known, since its details are unavailable.", id)
      : []),
    ...unavailable("firstFailure", earlier?.firstResults, earlier?.streak?.firstFailure.id)
  ]
}

/** Reads the evidence about a failed run. Whatever fails is unavailable, and the rest holds without it. */
export const readEvidence = Effect.fnUntraced(function*(
  { hasEarlierReasons, reasons: known, responses, run }: ChosenRun
) {
  const [own, earlierPart, failures, later] = yield* Effect.all([
    responses === undefined ? readResponses(run.id) : Effect.succeed(responses),
    readEarlierRuns(run),
    hasEarlierReasons
      ? Effect.succeed(undefined)
      : attempt(requests.failuresUpTo(run.id, Run.environmentID(run), maxReasons)),
    readLaterRuns(run)
  ], { concurrency: "unbounded" })

  const reasons = new Map([...reasonsOf(valueOf(failures)?.runs ?? []), ...known])
  const earlier = valueOf(earlierPart)
  const laterPage = valueOf(later.page)
  const { back: { ended, rows } = { ended: "all", rows: [] }, firstResults, streak } = earlier ?? {}
  const first = streak?.firstFailure.id ?? run.id
  const results = valueOf(own.results) ?? []
  const compared = first === run.id
    ? undefined
    : byNodes(results, valueOf(firstResults)) ?? byReasons(reasons, run.id, first)
  const around = [...rows, ...laterPage?.runs ?? []]
  const recovered = recoveryFacts(run, later, own.results, streak?.identity)
  const { nodes, runLink, unavailable: unavailableResponses } = factsOfResponses(run.id, own)
  return {
    facts: {
      run: {
        ...diagnosedRun(streak?.run ?? run, reasons, runLink),
        ...omitUndefined({ original: originalOf(run, earlier, compared, reasons) })
      },
      ...nodes,
      ...omitUndefined({
        nodeNames: nodeNamesOf(reasons.values(), [...results, ...valueOf(firstResults) ?? []]),
        history: streak && historyOf(streak, rows, ended === "enough" ? "all" : ended, reasons, compared),
        recovery: recovered.recovery
      }),
      suspects: streak === undefined ? { listed: [], more: 0 } : suspectsOf(streak, around, reasons, compared)
    },
    reasons,
    unavailable: [
      ...unavailableResponses,
      ...unavailableHistory(run, earlierPart),
      ...unavailablePages("runFailureReasons", [failures], run.id),
      ...recovered.unavailable
    ]
  }
})
