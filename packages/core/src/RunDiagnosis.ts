/**
 * Gathers the evidence on why a run failed, in a few concurrent requests: its reason, its failed nodes and what they follow
 * from, the streak of failures it belongs to, whether the cause was seen before, what changed before the streak and since,
 * and whether a later run recovered.
 *
 * **What it guarantees**
 *
 * - It names suspects, each with what changed and when. It gives no verdict.
 * - A part that is unavailable is listed in `unavailable`, and the rest still comes. It fails only if the run itself
 *   cannot be chosen.
 * - Every list is bounded and says how many items it lacks.
 * - It costs at most 24 requests in at most 4 round trips, and a few more with a `jobID`. A plain failure costs 7 in 2.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { factsOfResponses, readEvidence } from "./diagnosis/failureEvidence.ts"
import type { Comparison } from "./diagnosis/historyModel.ts"
import { readLaterRuns, recoveryFacts } from "./diagnosis/laterRuns.ts"
import type { Diagnosis } from "./diagnosis/model.ts"
import { readQuietWindow } from "./diagnosis/quietWindow.ts"
import { diagnosedRun } from "./diagnosis/runs.ts"
import { isOver, readWindow, type WindowFilter, type WindowRuns, withDetails } from "./diagnosis/windowRuns.ts"
import { checkOptions, duration, type Rule, runID, type Shape, unchecked } from "./error/check.ts"
import { countRequests, defaultLimits, Limits, maxHistoryLimit, unavailablePages } from "./inspection/part.ts"
import { readRunById } from "./inspection/runById.ts"
import { lineOf } from "./inspection/runs.ts"
import { inProject } from "./list/inProject.ts"
import { requireJob } from "./list/job.ts"
import { type Selection, selectionRules, selectionShape } from "./list/selection.ts"
import * as Run from "./Run.ts"
import * as RunsClient from "./RunsClient.ts"
import * as RunWindow from "./RunWindow.ts"
import { resolveSelection } from "./window/make.ts"
import { omitUndefined } from "./wire/omitUndefined.ts"

export { Comparison, DeploySince, History, Recovery, Suspect } from "./diagnosis/historyModel.ts"
export { DiagnosedRun, Diagnosis, DidNotRun, NoFailure, OtherFailure, Unavailable } from "./diagnosis/model.ts"
export { FailedNode, FailureGroup, NodeOutcomes } from "./diagnosis/nodeModel.ts"
export { report } from "./diagnosis/report.ts"
export { Root } from "./diagnosis/rootModel.ts"
export { Occurrence, SeenBefore } from "./diagnosis/seenModel.ts"
export { FailedTest } from "./inspection/nodeModel.ts"

/**
 * Which run to diagnose, and how far to search.
 *
 * **Details**
 *
 * Pass either `runID`, or a window whose latest failed run is diagnosed. Default: last night. `environmentID`, `jobID` and
 * `runType` narrow a window and cannot be combined with `runID`.
 */
export interface Options extends Selection {
  /** The run to diagnose, by its id. */
  readonly runID?: number | undefined
  /** The type of the runs among which the failed one is searched. Default: `refresh`. */
  readonly runType?: Run.KnownRunType | undefined
  /** How many runs of the environment, of any job, are searched for the last success: 1 to 1250. Default: 1000. */
  readonly historyLimit?: number | undefined
  /** How long a part may take, retries included, before it counts as unavailable. Default: 20 seconds. */
  readonly partTimeout?: Duration.Input | undefined
}

const shape: Shape<Options> = {
  ...selectionShape,
  runID,
  historyLimit: unchecked,
  partTimeout: duration
}

const maxOthers = 10

const narrowing = ["window", "since", "until", "environmentID", "jobID", "runType"] as const

const rulesOf = (options: Options): ReadonlyArray<Rule<Options>> => {
  const { historyLimit: limit = 1, runID } = options
  return [
    ...(runID === undefined
      ? selectionRules(options)
      : narrowing.map((name): Rule<Options> => [options[name] !== undefined, name, "Cannot be combined with runID"])),
    [
      !(Number.isSafeInteger(limit) && limit >= 1 && limit <= maxHistoryLimit),
      "historyLimit",
      `Expected an integer from 1 to ${maxHistoryLimit}`
    ]
  ]
}

const outcomeOf = (run: Run.AnyRun): Diagnosis["outcome"] => {
  const { runStatus } = run
  // A run with an end has ended, whatever its status is called.
  if (Run.hasEnded(run) && !Run.isTerminal(runStatus)) return "otherStatus"
  return Run.matchStatus<Diagnosis["outcome"]>(runStatus, {
    completed: () => "completed",
    failed: () => "failed",
    canceled: () => "canceled",
    running: () => "running",
    initializing: () => "running",
    rendering: () => "running",
    waitingToRun: () => "waiting",
    orElse: () => "otherStatus"
  })
}

/** The keys that are always there, as they are when nothing was found. */
const emptyDiagnosis = (timeZone: string) =>
  Effect.map(DateTime.now, (diagnosedAt) => ({
    diagnosedAt,
    timeZone,
    filter: {},
    suspects: { listed: [], more: 0 },
    otherFailures: { listed: [], more: 0, truncated: false }
  }))

const diagnoseById = Effect.fnUntraced(function*(
  runID: Run.RunId,
  options: Options
): Effect.fn.Return<Diagnosis, RunsClient.ListError, RunsClient.RunsClient> {
  // A window only to find the zone: the one that was asked for, or the machine's.
  const empty = yield* emptyDiagnosis((yield* RunWindow.today({ timeZone: options.timeZone })).timeZone)
  const chosen = yield* readRunById(runID)
  const { run, unavailable: { details, runFailureReason } } = chosen
  const outcome = outcomeOf(run)
  if (outcome === "failed") {
    const { facts, reasons, unavailable } = yield* readEvidence(chosen)
    const ofRun = [
      ...(facts.history === undefined ? details : []),
      ...(reasons.has(run.id) ? [] : runFailureReason)
    ]
    return { ...empty, outcome, ...facts, unavailable: [...ofRun, ...unavailable] }
  }
  const { nodes, runLink, unavailable } = factsOfResponses(run.id, chosen.responses)
  const later = outcome === "canceled" ? yield* readLaterRuns(run) : undefined
  const recovered = later && recoveryFacts(run, later, chosen.responses.results)
  return {
    ...empty,
    outcome,
    run: diagnosedRun(run, chosen.reasons, runLink),
    ...nodes,
    ...omitUndefined({ recovery: recovered?.recovery }),
    unavailable: [...details, ...runFailureReason, ...unavailable, ...recovered?.unavailable ?? []]
  }
})

const countCauses = (compared: ReadonlyArray<Comparison>) => {
  const same = compared.filter(({ cause }) => cause === "same").length
  const notKnown = compared.filter(({ cause }) => cause === "notKnown").length
  return { same, other: compared.length - same - notKnown, notKnown }
}

/** Diagnoses the latest failed run of a window, and compares the others with it. */
const diagnoseFailures = Effect.fnUntraced(function*(
  filter: WindowFilter,
  found: WindowRuns,
  run: Run.AnyRun,
  others: ReadonlyArray<Run.AnyRun>
) {
  const [{ compared, facts, unavailable }, detailed] = yield* Effect.all([
    readEvidence({ run, reasons: found.reasons, hasEarlierReasons: found.hasReasons, responses: undefined }, others),
    withDetails(filter, others.slice(0, maxOthers))
  ], { concurrency: "unbounded" })
  return {
    outcome: "failed" as const,
    ...facts,
    otherFailures: {
      listed: detailed.runs.map((run) => ({
        ...lineOf(run, found.reasons),
        ...omitUndefined({ compared: compared.get(run.id), recovery: isOver(run, found) })
      })),
      more: others.length - detailed.runs.length,
      truncated: found.failuresTruncated,
      ...others.length === 0 ? {} : { causes: countCauses([...compared.values()]) }
    },
    unavailable: [...found.unavailable, ...unavailablePages("runsOfWindow", [detailed.page]), ...unavailable]
  }
})

const diagnoseWindow = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<Diagnosis, RunsClient.ListError, RunsClient.RunsClient> {
  const { environmentID, projectID, runType = "refresh" } = options
  const window = yield* resolveSelection(options)
  const { job, jobID } = yield* requireJob(options)
  const filter = { window, runType, environmentID, jobID }
  const found = yield* readWindow(filter)
  const about = {
    ...(yield* emptyDiagnosis(window.timeZone)),
    window,
    filter: { runType, ...omitUndefined({ environmentID, projectID, jobID }) },
    ...omitUndefined({ job })
  }
  const [run, ...others] = found.failures
  if (run !== undefined) return { ...about, ...(yield* diagnoseFailures(filter, found, run, others)) }
  const { failures: [late, ...otherLate], noFailure, unavailable } = yield* readQuietWindow(filter, found)
  // Their reasons are not among those that were read.
  if (late !== undefined) {
    return { ...about, ...(yield* diagnoseFailures(filter, { ...found, hasReasons: false }, late, otherLate)) }
  }
  const isEmpty = !found.truncated && noFailure.statuses.length === 0
  return {
    ...about,
    outcome: isEmpty ? "nothingRan" : "noneFailed",
    noFailure,
    unavailable: [...found.unavailable, ...unavailable]
  }
})

/**
 * Diagnoses a run: the one with this id, or the latest failed one of a window.
 *
 * **Details**
 *
 * If nothing failed in the window, it says what ran, what is still running or waiting, and which data tests failed in the
 * latest completed runs. An older failure is named and not diagnosed.
 *
 * It fails with `InvalidQuery` before any request, if no job or several have the name in `jobID`, or with the error of the request that is needed to choose a run.
 * Every other error is an item of `unavailable`.
 *
 * **Example** (Last night's failure, in a few words)
 *
 * ```ts
 * import { RunDiagnosis } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   const { nodes, outcome, run } = yield* RunDiagnosis.diagnose({ timeZone: "Europe/London" })
 *   if (outcome !== "failed") return "nothing failed"
 *   return `run ${run?.id}: ${nodes?.groups.listed[0]?.first.cause?.message ?? run?.cause?.message ?? "no message"}`
 * })
 * ```
 */
export const diagnose = Effect.fn("RunDiagnosis.diagnose")(function*(
  options: Options = {}
): Effect.fn.Return<Diagnosis, RunsClient.ListError, RunsClient.RunsClient> {
  yield* checkOptions(options, shape, () => rulesOf(options))
  const { historyLimit = defaultLimits.historyLimit, partTimeout = defaultLimits.partTimeout } = options
  return yield* Effect.provideService(
    options.runID === undefined ? diagnoseWindow(options) : diagnoseById(Run.RunId.make(options.runID), options),
    Limits,
    { historyLimit, partTimeout: Duration.fromInputUnsafe(partTimeout) }
  )
}, (effect, ...[options]) => countRequests(inProject(options?.projectID)(effect)))
