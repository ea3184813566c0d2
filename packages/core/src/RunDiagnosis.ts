/**
 * Why did it fail? The evidence about a failed run, gathered in a few concurrent requests: its reason, its failed nodes,
 * the row of failures that it belongs to, what changed before them, and what came after.
 *
 * **What it guarantees**
 *
 * - It gathers evidence and names suspects, each with the reason for being one. It gives no verdict.
 * - What could not be read is said in `couldNotRead`, and the rest still comes. It fails only where the run itself
 *   cannot be chosen.
 * - It is bounded: every list of an answer has a length that it keeps to, and says how many more there are.
 * - It costs at most 8 requests in at most 4 round trips. More come only where the search back for the last success goes
 *   beyond its first page, or where the runs of a job are looked for among many others.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as choose from "./diagnosis/choose.ts"
import { gather, laterOf, reportOf } from "./diagnosis/gather.ts"
import { aftermathOf, identityOf } from "./diagnosis/history.ts"
import { diagnosedRun, runLine } from "./diagnosis/lines.ts"
import type { Diagnosis } from "./diagnosis/model.ts"
import { noFailure } from "./diagnosis/noFailure.ts"
import * as Reading from "./diagnosis/reading.ts"
import * as Run from "./Run.ts"
import * as RunsClient from "./RunsClient.ts"
import { InvalidQuery } from "./RunsError.ts"
import * as RunWindow from "./RunWindow.ts"

export {
  FailedNode,
  FailedTest,
  FailureGroup,
  FailureGroupLine,
  NodesReport,
  Reason,
  RunLine,
  SqlExcerpt
} from "./diagnosis/evidence.ts"
export {
  Aftermath,
  Comparison,
  DiagnosedRun,
  Diagnosis,
  History,
  NoFailure,
  Suspect,
  Unread
} from "./diagnosis/model.ts"

/**
 * Which run, and how far to look.
 *
 * **Details**
 *
 * Either `runID`, or a window in which the latest failed run is taken: `window`, or `since` and `until` as
 * `RunWindow.make` reads them; last night where none is given. `environmentID`, `jobID` and `runType` narrow a window,
 * and go with no `runID`.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends RunWindow.Options {
  readonly runID?: number | undefined
  /** A window, or the name of one. */
  readonly window?: RunWindow.RunWindow | RunWindow.Name | undefined
  readonly environmentID?: string | undefined
  readonly jobID?: number | undefined
  /** `refresh` where it is not given. */
  readonly runType?: Run.KnownRunType | undefined
  /** How many runs of the environment, of any job, are searched for the last success: 1 to 1250; 1000 unless given. */
  readonly historyLimit?: number | undefined
  /** How long a part may take with its retries before it counts as not readable; 20 seconds unless given. */
  readonly partTimeout?: Duration.Input | undefined
}

const maxOthers = 10
const defaultHistoryLimit = 1000
const maxHistoryLimit = 1250

const refuse = (field: string, reason: string) => ({ field, reason })

const violationsOf = (options: Options): InvalidQuery["violations"] => {
  const given = (names: ReadonlyArray<keyof Options>) => names.filter((name) => options[name] !== undefined)
  const { historyLimit: limit, runID } = options
  const twoWindows = options.window === undefined ? [] : given(["since", "until"])
  return [
    ...(runID === undefined
      ? twoWindows.map((name) => refuse(name, "A window has its own ends: give either window, or since and until"))
      : given(["window", "since", "until", "environmentID", "jobID", "runType"])
        .map((name) => refuse(name, "Narrows a window, and runID names the run: give one of them"))),
    ...(runID === undefined || (Number.isSafeInteger(runID) && runID >= 0)
      ? []
      : [refuse("runID", "Expected the integer id of a run")]),
    ...(options.jobID === undefined || Number.isSafeInteger(options.jobID)
      ? []
      : [refuse("jobID", "Expected the integer id of a job")]),
    ...(options.jobID !== undefined && options.runType === "deploy" ? [refuse("jobID", "A deploy has no job")] : []),
    ...(limit === undefined || (Number.isSafeInteger(limit) && limit >= 1 && limit <= maxHistoryLimit)
      ? []
      : [refuse("historyLimit", `Expected an integer from 1 to ${maxHistoryLimit}`)])
  ]
}

const windowOf = (options: Options): Effect.Effect<RunWindow.RunWindow, InvalidQuery> => {
  const { since, timeZone, until, window } = options
  if (window !== undefined && typeof window !== "string") return Effect.succeed(window)
  return since === undefined && until === undefined
    ? RunWindow.named(window ?? "last_night", { timeZone })
    : RunWindow.make({ since, until, timeZone })
}

/** What a run that did not fail is told as. */
const outcomeOf = ({ runStatus }: Run.AnyRun): Diagnosis["outcome"] =>
  Run.matchStatus<Diagnosis["outcome"]>(runStatus, {
    completed: () => "completed",
    failed: () => "failed",
    canceled: () => "canceled",
    running: () => "running",
    initializing: () => "running",
    rendering: () => "running",
    waitingToRun: () => "waiting",
    orElse: () => "otherStatus"
  })

const nothing = {
  filter: {},
  suspects: [],
  moreDeploys: 0,
  otherFailures: { listed: [], more: 0, atLeast: false }
} satisfies Partial<Diagnosis>

const diagnoseById = Effect.fnUntraced(function*(
  client: RunsClient.Service,
  reading: Reading.Reading,
  runID: Run.RunId,
  historyLimit: number
): Effect.fn.Return<Diagnosis, RunsClient.ListError> {
  const chosen = yield* choose.byId(client, reading, runID)
  const { run } = chosen
  const outcome = outcomeOf(run)
  if (outcome === "failed") {
    const evidence = yield* gather(client, reading, chosen, chosen, historyLimit)
    return { ...nothing, outcome, ...evidence, couldNotRead: reading.unread }
  }
  const later = outcome === "canceled" ? yield* laterOf(client, reading, run) : undefined
  const identity = later !== undefined && Run.isDetailed(run) ? identityOf(run, later.runs) : undefined
  return {
    ...nothing,
    outcome,
    run: diagnosedRun(run, chosen.reasons, chosen.link),
    ...reportOf(reading, run, chosen.results),
    ...(later === undefined ? {} : { aftermath: aftermathOf(run, identity, later.runs, later.hasMore) }),
    couldNotRead: reading.unread
  }
})

const diagnoseWindow = Effect.fnUntraced(function*(
  client: RunsClient.Service,
  reading: Reading.Reading,
  options: Options,
  historyLimit: number
): Effect.fn.Return<Diagnosis, RunsClient.ListError> {
  const { environmentID, jobID, runType = "refresh" } = options
  const window = yield* windowOf(options)
  const wanted = { window, runType, environmentID, jobID }
  const found = yield* choose.ofWindow(client, reading, wanted)
  const asked = {
    ...nothing,
    window,
    filter: {
      runType,
      ...(environmentID === undefined ? {} : { environmentID }),
      ...(jobID === undefined ? {} : { jobID })
    },
    couldNotRead: reading.unread
  }
  const [latest, ...others] = found.failures
  if (latest === undefined) {
    const instead = yield* noFailure(client, reading, wanted, found)
    const isEmpty = found.isWhole && instead.statuses.length === 0
    return { ...asked, outcome: isEmpty ? "nothingRan" : "noneFailed", noFailure: instead }
  }
  const chosen = { run: latest, reasons: found.reasons, hasReasons: found.hasReasons }
  const [evidence, listed] = yield* Effect.all([
    gather(client, reading, chosen, undefined, historyLimit),
    choose.withDetails(client, reading, wanted, others.slice(0, maxOthers))
  ], { concurrency: "unbounded" })
  return {
    ...asked,
    outcome: "failed",
    ...evidence,
    otherFailures: {
      listed: listed.map((run) => runLine(run, found.reasons)),
      more: others.length - listed.length,
      atLeast: found.atLeast
    }
  }
})

/**
 * Gathers the evidence about a run: the one with this id, or the latest failed one of a window.
 *
 * **Details**
 *
 * In a window in which nothing failed it says what did run, what is still going or waiting, and which data tests failed
 * in the latest completed runs; an older failure is named and not diagnosed.
 *
 * It fails with an `InvalidQuery` before any request, and with the error of the request without which no run can be
 * chosen. Everything else that goes wrong is a line of `couldNotRead`.
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
 *   return `run ${run?.id}: ${nodes?.groups[0]?.first.cause?.message ?? run?.cause?.message ?? "no message"}`
 * })
 * ```
 *
 * @category accessors
 * @since 0.1.0
 */
export const diagnose = Effect.fn("RunDiagnosis.diagnose")(function*(
  options: Options = {}
): Effect.fn.Return<Diagnosis, RunsClient.ListError, RunsClient.RunsClient> {
  const violations = violationsOf(options)
  if (violations.length > 0) return yield* new InvalidQuery({ violations })
  const client = yield* RunsClient.client
  const reading = Reading.make(Duration.fromInputUnsafe(options.partTimeout ?? "20 seconds"))
  const limit = options.historyLimit ?? defaultHistoryLimit
  return yield* options.runID === undefined
    ? diagnoseWindow(client, reading, options, limit)
    : diagnoseById(client, reading, Run.RunId.make(options.runID), limit)
})
