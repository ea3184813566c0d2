/** The evidence about a run that failed. Requests that do not depend on one another are made at once. */
import * as Effect from "effect/Effect"
import * as FailureCause from "../FailureCause.ts"
import { unknownStates } from "../inspection/nodeResults.ts"
import { attempt, type Part, unavailable, unavailablePages, valueOf } from "../inspection/part.ts"
import { runsFrom } from "../inspection/requests.ts"
import { type ChosenRun, readResponses, type RunResponses } from "../inspection/runById.ts"
import { type FailureReasons, lineOf, reasonsOf } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import type * as RunsClient from "../RunsClient.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { byNodes, byReasons } from "./compare.ts"
import { type EarlierRuns, readEarlierRuns, readFirstPage, streakIn, unavailableHistory } from "./earlierRuns.ts"
import { failedIn } from "./failedNodes.ts"
import { historyOf } from "./history.ts"
import type { Comparison } from "./historyModel.ts"
import { checkLaterRuns, readLaterPage, recoveryFacts } from "./laterRuns.ts"
import type { DiagnosedRun, Diagnosis } from "./model.ts"
import { nodeNamesOf, nodeOutcomes } from "./nodes.ts"
import { othersToCompare, readRelated, type RelatedResults, resultsIn, unavailableIn } from "./relatedRuns.ts"
import * as requests from "./requests.ts"
import { isOfNight, rootsOf, runsToSearch } from "./rootNodes.ts"
import { diagnosedRun } from "./runs.ts"
import {
  causeSinceOf,
  compareWith,
  earlierFailures,
  reachesBack,
  runsToCompare,
  runToFollow,
  seenBeforeOf
} from "./seenBefore.ts"
import { touchableOf } from "./suspectRank.ts"
import { type Around, deploysSince, suspectsOf } from "./suspects.ts"

const maxReasons = 100
const maxFollowed = 100

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
  const original = earlier?.back.rows.find(({ id }) => id === run.reRunID)
  const isFirst = original?.id === earlier?.streak?.firstFailure.id
  return original && {
    run: lineOf(original, reasons),
    compared: (isFirst ? compared : undefined) ?? byReasons(reasons, run.id, original.id)
  }
}

/** What depends on no other response: the run's own, and the rows around it. */
const readAround = Effect.fnUntraced(function*(
  { hasEarlierReasons, reasons: known, responses, run }: ChosenRun,
  others: ReadonlyArray<Run.AnyRun>
) {
  const environmentID = Run.environmentID(run)
  const [own, first, failures, failedRuns, laterPage, ofOthers] = yield* Effect.all([
    responses === undefined ? readResponses(run.id) : Effect.succeed(responses),
    readFirstPage(run),
    hasEarlierReasons
      ? Effect.succeed(undefined)
      : attempt(requests.failuresUpTo(run.id, environmentID, maxReasons)),
    attempt(requests.failedRunsUpTo(run.id, environmentID, maxReasons)),
    readLaterPage(run),
    readRelated("otherRuns", othersToCompare(run, others, known))
  ], { concurrency: "unbounded" })
  const reasons = new Map([...reasonsOf(valueOf(failures)?.runs ?? []), ...known])
  return { own, first, failures, failedRuns, laterPage, ofOthers, reasons }
})

type AroundRun = Effect.Success<ReturnType<typeof readAround>>

/** What depends on these: the rest of the history, and the node results of runs that may say more. */
const readRelatedRuns = (
  run: Run.AnyRun,
  { failedRuns, first, laterPage, ofOthers, own, reasons }: AroundRun
) => {
  const rows = valueOf(first)?.runs ?? []
  const streak = streakIn(run, rows)
  const failures = streak === undefined ? [] : earlierFailures(streak, valueOf(failedRuns)?.runs ?? [])
  const nights = [...valueOf(laterPage)?.runs ?? [], ...rows]
  const results = valueOf(own.results) ?? []
  const follow = streak && runToFollow(streak, failures, rows, reasons)
  return Effect.all({
    earlier: readEarlierRuns(run, first),
    later: checkLaterRuns(run, laterPage),
    ofEarlier: readRelated(
      "earlierFailures",
      streak === undefined || results.length === 0 ? [] : runsToCompare(streak, failures, reasons),
      ofOthers
    ),
    ofNight: readRelated("otherRuns", runsToSearch(run, failedIn(results), nights), ofOthers),
    followed: follow === undefined
      ? Effect.succeed(undefined)
      : Effect.map(
        attempt(runsFrom(follow.id, Run.environmentID(run), maxFollowed)),
        (page) => ({ run: follow, page })
      )
  }, { concurrency: "unbounded" })
}

/** Returns how the other failures of a window compare, by id. */
const compareOthers = (
  run: Run.AnyRun,
  others: ReadonlyArray<Run.AnyRun>,
  own: Part<ReadonlyArray<RunResult>>,
  ofOthers: RelatedResults,
  reasons: FailureReasons
): ReadonlyMap<number, Comparison> => {
  const results = new Map([...resultsIn(ofOthers), [run.id, valueOf(own) ?? []] as const])
  return new Map(others.map((other) => [other.id, compareWith(run, other, results, reasons)]))
}

/**
 * Reads the evidence about a failed run. Whatever fails is unavailable, and the rest holds without it. `others` are the other
 * failures of the window.
 */
export const readEvidence = Effect.fnUntraced(function*(
  chosen: ChosenRun,
  others: ReadonlyArray<Run.AnyRun> = []
): Effect.fn.Return<
  {
    readonly facts: Omit<Partial<Diagnosis>, "suspects"> & Pick<Diagnosis, "suspects">
    readonly reasons: FailureReasons
    readonly compared: ReadonlyMap<number, Comparison>
    readonly unavailable: Diagnosis["unavailable"]
  },
  never,
  RunsClient.RunsClient
> {
  const { run } = chosen
  const around = yield* readAround(chosen, others)
  const { failedRuns, failures, laterPage, ofOthers, own, reasons } = around
  const { earlier: earlierPart, followed, later, ofEarlier, ofNight } = yield* readRelatedRuns(run, around)

  const earlier = valueOf(earlierPart)
  const { back: { ended, rows } = { ended: "all", rows: [] }, firstResults, streak } = earlier ?? {}
  const laterRows = valueOf(laterPage)?.runs ?? []
  const results = valueOf(own.results) ?? []
  const failed = failedIn(results)
  const firstID = streak?.firstFailure.id ?? run.id
  const ofRuns = new Map([
    ...resultsIn(ofOthers, ofEarlier),
    [run.id, results] as const,
    ...firstResults === undefined ? [] : [[firstID, valueOf(firstResults) ?? []] as const]
  ])
  const compared = firstID === run.id
    ? undefined
    : byNodes(results, valueOf(firstResults)) ?? byReasons(reasons, run.id, firstID)

  const runs = new Map([...rows, ...laterRows].map((row) => [row.id, row]))
  const beside = Array.from(resultsIn(ofNight, ofOthers)).flatMap(([id, results]) => {
    const other = runs.get(Run.RunId.make(id))
    return other === undefined || !isOfNight(run, other) ? [] : [{ run: other, results }]
  })
  const roots = rootsOf(failed, results, beside, reasons)

  const failedRows = valueOf(failedRuns)?.runs ?? []
  const known = streak === undefined ? [] : earlierFailures(streak, failedRows)
  const seenBefore = streak && seenBeforeOf(
    streak,
    known,
    {
      rows,
      followed: followed && { run: followed.run, rows: valueOf(followed.page)?.runs ?? [] },
      truncated: !reachesBack(streak, failedRows, valueOf(failedRuns)?.hasMore ?? true)
    },
    ofRuns,
    reasons
  )

  const causeSince = streak && causeSinceOf(streak, known, ofRuns, reasons)
  const ownReason = reasons.get(run.id)
  const forSuspects: Around = {
    rows: [...rows, ...laterRows],
    reasons,
    compared,
    causeSince: known.find(({ id }) => id === causeSince?.run.id),
    about: touchableOf(failed, ownReason === undefined ? undefined : FailureCause.classify(ownReason))
  }
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
        history: streak && historyOf(
          streak,
          rows,
          ended === "enough" ? "all" : ended,
          reasons,
          compared,
          causeSince
        ),
        roots: roots.length === 0 ? undefined : roots,
        seenBefore,
        deploysSince: streak && deploysSince(streak, forSuspects),
        recovery: recovered.recovery
      }),
      suspects: streak === undefined ? { listed: [], more: 0 } : suspectsOf(streak, forSuspects)
    },
    reasons,
    compared: compareOthers(run, others, own.results, ofOthers, reasons),
    unavailable: [
      ...unavailableResponses,
      ...unavailableHistory(run, earlierPart),
      ...unavailablePages("runFailureReasons", [failures], run.id),
      ...unavailablePages("earlierFailures", [failedRuns, followed?.page], run.id),
      ...unavailableIn(ofOthers, ofEarlier, ofNight),
      ...recovered.unavailable
    ]
  }
})
