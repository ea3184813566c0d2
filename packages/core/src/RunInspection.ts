/**
 * Shows the inside of a run, node by node: state, duration, rows, tests, errors and SQL, beside the last success or another
 * run.
 *
 * **What it guarantees**
 *
 * - Every node can be reached: a page says how many there are and how to continue, and so does SQL that is read in chunks.
 * - A part that is unavailable is listed in `unavailable`, and the rest still comes. It fails only if the run itself
 *   cannot be found.
 * - It costs at most 4 round trips: 1 for the run and its nodes, and up to 3 for the run beside it. The name of a job costs one
 *   or two more.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { checkOptions, duration, type Rule, runID, type Shape, text, unchecked } from "./error/check.ts"
import * as FailureCause from "./FailureCause.ts"
import { firstOf } from "./inspection/boundedList.ts"
import { compareRuns } from "./inspection/compareRuns.ts"
import { type Clock, runMillisOf } from "./inspection/inspectNode.ts"
import type { InspectedRun, Inspection } from "./inspection/model.ts"
import { unknownStates } from "./inspection/nodeResults.ts"
import { matchingNodes, pageOfNodes } from "./inspection/pageOfNodes.ts"
import { parametersOf } from "./inspection/parameters.ts"
import { countRequests, defaultLimits, Limits, unavailable, unavailablePages, valueOf } from "./inspection/part.ts"
import * as read from "./inspection/readRuns.ts"
import { lineOf, pageOf } from "./inspection/runs.ts"
import { requireJob } from "./list/job.ts"
import { shortText } from "./list/RunLine.ts"
import * as Run from "./Run.ts"
import type * as RunsClient from "./RunsClient.ts"
import * as RunWindow from "./RunWindow.ts"
import { omitUndefined } from "./wire/omitUndefined.ts"

export { readCompareWith } from "./inspection/compareWith.ts"
export {
  Change,
  Comparison,
  DifferenceKind,
  InspectedRun,
  Inspection,
  NodeCounts,
  NodeDifference,
  Nodes,
  SqlChange,
  Unavailable
} from "./inspection/model.ts"
export { FailedTest, InspectedNode, NodeState, Stage } from "./inspection/nodeModel.ts"
export { report } from "./inspection/report.ts"

/** How many nodes a page has, unless `limit` is set. */
export const defaultLimit = 12

/** The most nodes of a page. */
export const maxLimit = 200

/** Which run to inspect, which of its nodes, and beside which run. */
export interface Options {
  /** The run, by its id. Default: the latest run that matches `jobID`, `environmentID` and `runType`. */
  readonly runID?: number | undefined
  /** The job whose latest run is inspected, by its id or, for one or two more requests, its name. */
  readonly jobID?: number | string | undefined
  readonly environmentID?: string | undefined
  /** Default: `refresh`. */
  readonly runType?: Run.KnownRunType | undefined
  /**
   * The node whose stages and SQL are shown, by its name or id in any case; `*` stands for any characters. A part of a name
   * counts if only one node has it. Default: every node, without stages.
   */
  readonly node?: string | undefined
  /** The run beside it: the last success of the same job before it, a run by its id, or none. Default: `last_success`. */
  readonly compareWith?: "last_success" | "none" | number | undefined
  /** The most nodes of the page, 1 to 200. Default: 12. */
  readonly limit?: number | undefined
  /** Exclusive: how many nodes come before the page. Default: 0. */
  readonly startingFrom?: number | undefined
  /** Exclusive: how many characters of the SQL of the first node were shown before. Only with `node`. Default: 0. */
  readonly sqlFrom?: number | undefined
  /** The most characters of SQL of the page. Only with `node`. Default: all. */
  readonly sqlLimit?: number | undefined
  /** The zone in which a report tells times. Default: the machine's. */
  readonly timeZone?: RunWindow.Selection["timeZone"]
  /** How long a part may take, retries included, before it counts as unavailable. Default: 20 seconds. */
  readonly partTimeout?: Duration.Input | undefined
}

const position: Shape<Options>["startingFrom"] = [
  "Expected an integer from 0",
  (value) => Number.isSafeInteger(value) && Number(value) >= 0
]

const shape: Shape<Options> = {
  runID,
  jobID: [
    "Expected the integer id of a job, or its name",
    (value) => Number.isSafeInteger(value) || (Predicate.isString(value) && /\S/.test(value))
  ],
  environmentID: text,
  runType: ["Expected refresh or deploy", (value) => Run.knownTypes.some((known) => known === value)],
  node: ["Expected the name of a node", (value) => Predicate.isString(value) && /[^\s*]|\*/.test(value)],
  compareWith: [
    "Expected last_success, none or the integer id of a run",
    (value) => value === "last_success" || value === "none" || (Number.isSafeInteger(value) && Number(value) >= 0)
  ],
  limit: [
    `Expected an integer from 1 to ${maxLimit}`,
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= maxLimit
  ],
  startingFrom: position,
  sqlFrom: position,
  sqlLimit: ["Expected an integer from 1", (value) => Number.isSafeInteger(value) && Number(value) >= 1],
  timeZone: unchecked,
  partTimeout: duration
}

/** Longer than any id or name. A report repeats them. */
const maxText = 400

const rulesOf = (options: Options): ReadonlyArray<Rule<Options>> => {
  const { compareWith, environmentID = "", jobID = "", node = "", runID, runType } = options
  return [
    ...(["jobID", "environmentID", "runType"] as const).map((name): Rule<Options> => [
      runID !== undefined && options[name] !== undefined,
      name,
      "Cannot be combined with runID"
    ]),
    [jobID !== "" && runType === "deploy", "jobID", "A deploy has no job: leave out jobID, or runType"],
    [runID !== undefined && compareWith === runID, "compareWith", "Expected another run than runID"],
    ...(["sqlFrom", "sqlLimit"] as const).map((name): Rule<Options> => [
      node === "" && options[name] !== undefined,
      name,
      "Only with node"
    ]),
    [environmentID.length > maxText, "environmentID", `Longer than ${maxText} characters`],
    [String(jobID).length > maxText, "jobID", `Longer than ${maxText} characters`],
    [node.length > maxText, "node", `Longer than ${maxText} characters`]
  ]
}

const maxParameters = 20

const runFacts = (
  { reasons, responses, run }: read.InspectedRows,
  { runMillis }: Clock
): InspectedRun => {
  const line = lineOf(run, reasons)
  const { excludeNodesSelector, includeNodesSelector, parallelism } = Run.details(run)
  const { runTimeParameters, userID } = Run.isDetailed(run) ? run : {}
  return {
    ...line,
    ...omitUndefined({
      durationMillis: runMillis,
      parallelism,
      includeNodesSelector: shortText(includeNodesSelector),
      excludeNodesSelector: shortText(excludeNodesSelector),
      userID: shortText(userID),
      runTimeParameters: runTimeParameters && firstOf(parametersOf(runTimeParameters), maxParameters),
      runLink: pageOf(valueOf(responses.status)?.runLink),
      cause: line.runFailureReason === undefined ? undefined : FailureCause.classify(line.runFailureReason)
    })
  }
}

const clockOf = (run: Run.AnyRun, now: DateTime.Utc): Clock => {
  const hasEnded = Run.hasEnded(run)
  return { now, hasEnded, runMillis: runMillisOf(run, now, hasEnded) }
}

const atOnce = { concurrency: "unbounded" } as const

const readBoth = Effect.fnUntraced(function*(
  options: Options
) {
  const { compareWith = "last_success", environmentID, runID, runType = "refresh" } = options
  const given = typeof compareWith === "number"
    ? read.readOther(Run.RunId.make(compareWith))
    : Effect.succeed(undefined)
  if (runID !== undefined) {
    const [rows, other] = yield* Effect.all([read.readByID(Run.RunId.make(runID)), given], atOnce)
    const beside = compareWith === "last_success" ? yield* read.readLastSuccess(rows.run) : other
    return { rows, other: beside, unavailable: [] }
  }
  const { job, jobID } = yield* requireJob(options)
  const { rows: found, run } = yield* read.readLatest({ environmentID, jobID, runType })
  const searched = { rows: found.rows.length, hasMore: found.ended !== "all" }
  const unavailable = unavailablePages("runs", found.pages)
  if (run === undefined) return { searched, job, jobID, unavailable }
  const beside = compareWith === "last_success" ? read.readLastSuccess(run, found) : given
  const [rows, other] = yield* Effect.all([read.readRow(run), beside], atOnce)
  return { rows, other, searched, job, jobID, unavailable }
})

/**
 * Inspects a run: the one with this id, or the latest of a job, an environment or all.
 *
 * **Details**
 *
 * A page has the most telling nodes first. With `node` it has every stage of the nodes that match, with their SQL; `next`
 * continues both.
 *
 * It fails with `InvalidQuery` before any request, or if no job or several have the name in `jobID`, or with the error of the request that is needed to find the run. Every
 * other error is an item of `unavailable`.
 *
 * **Example** (The slowest node of a run, and what differs from the last success)
 *
 * ```ts
 * import { RunInspection } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   const { comparison, nodes } = yield* RunInspection.inspect({ runID: 1202 })
 *   const [first] = nodes?.listed ?? []
 *   const changed = comparison?.differences.listed.map(({ kinds, name }) => `${name} ${kinds.join(", ")}`)
 *   return { first: first?.name, changed }
 * })
 * ```
 */
export const inspect = Effect.fn("RunInspection.inspect")(function*(
  options: Options = {}
): Effect.fn.Return<Inspection, RunsClient.ListError, RunsClient.RunsClient> {
  yield* checkOptions(options, shape, () => rulesOf(options))
  const { limit, node, partTimeout = defaultLimits.partTimeout, sqlFrom = 0, sqlLimit = Infinity, startingFrom = 0 } =
    options
  // A window only to find the zone: the one that was asked for, or the machine's.
  const { timeZone } = yield* RunWindow.today({ timeZone: options.timeZone })
  const { job, jobID, other, rows, searched, unavailable: ofSearch } = yield* Effect.provideService(
    countRequests(readBoth(options)),
    Limits,
    {
      ...defaultLimits,
      partTimeout: Duration.fromInputUnsafe(partTimeout)
    }
  )
  const inspectedAt = yield* DateTime.now
  const { environmentID, runID, runType } = options
  const about = {
    inspectedAt,
    timeZone,
    query: omitUndefined({ runID, jobID, environmentID, runType, node, limit }),
    ...omitUndefined({ job, searched })
  }
  if (rows === undefined) return { ...about, unavailable: ofSearch }

  const { responses, run } = rows
  const clock = clockOf(run, inspectedAt)
  const results = valueOf(responses.results)
  const otherResults = valueOf(other?.results)
  const isAsked = new Set(
    [results, otherResults].flatMap((one) => matchingNodes(one ?? [], node).found.map(({ nodeID }) => nodeID))
  )
  return {
    ...about,
    run: runFacts(rows, clock),
    ...omitUndefined({
      nodes: results &&
        pageOfNodes(results, clock, { node, limit: limit ?? defaultLimit, startingFrom, sqlFrom, sqlLimit }),
      comparison: other?.run && compareRuns(
        { run: other.run, clock: clockOf(other.run, inspectedAt), results: otherResults },
        { run, clock, results },
        other.by,
        (nodeID) => isAsked.has(nodeID)
      )
    }),
    unavailable: [
      ...ofSearch,
      ...rows.unavailable,
      ...unavailable("results", responses.results, run.id),
      ...unknownStates(results ?? [], run.id),
      ...unavailable("runLink", responses.status, run.id),
      ...other?.unavailable ?? []
    ]
  }
})
