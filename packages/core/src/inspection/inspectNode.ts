/** What a run did to each node, as facts. */
import * as DateTime from "effect/DateTime"
import { shortText } from "../list/RunLine.ts"
import type * as Run from "../Run.ts"
import * as RunResult from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { maskSecrets } from "../wire/text.ts"
import type { NodeCounts } from "./model.ts"
import type { InspectedNode, NodeState, Stage } from "./nodeModel.ts"
import { causeOf, endingQuery, failedTestsOf, maxName, textOf } from "./nodeResults.ts"

/** What the nodes are measured by. */
export interface Clock {
  readonly now: DateTime.Utc
  readonly hasEnded: boolean
  /** How long the run took or, if it has not ended, has taken. */
  readonly runMillis: number | undefined
}

type Times = Pick<RunResult.QueryResult, "startTime" | "endTime">

const millisBetween = (start: DateTime.Utc | undefined, end: DateTime.Utc | undefined): number | undefined => {
  const millis = start === undefined || end === undefined
    ? -1
    : DateTime.toEpochMillis(end) - DateTime.toEpochMillis(start)
  return millis < 0 ? undefined : millis
}

/** Returns how long a run took or, if it has not ended, has taken. */
export const runMillisOf = (
  { runEndTime, runStartTime }: Pick<Run.AnyRun, "runStartTime" | "runEndTime">,
  now: DateTime.Utc,
  hasEnded: boolean
): number | undefined => millisBetween(runStartTime, hasEnded ? runEndTime : now)

/** Rendering has no name of its own. */
const stageName = (query: RunResult.QueryResult, { renderQueryResult }: RunResult.RunResult): string | undefined =>
  shortText(query.name, maxName) ?? (query === renderQueryResult ? "Render" : undefined)

const stagesOf = ({ queryResults = [], renderQueryResult }: RunResult.RunResult) =>
  renderQueryResult === undefined ? queryResults : [renderQueryResult, ...queryResults]

const isRunning = (query: RunResult.QueryResult): boolean => query.isRunning === true && query.endTime === undefined

const durationOf = (query: RunResult.QueryResult, { hasEnded, now }: Clock): number | undefined =>
  millisBetween(query.startTime, query.endTime ?? (isRunning(query) && !hasEnded ? now : undefined))

const errorOf = (query: RunResult.QueryResult) => {
  const cause = causeOf(query)
  return { cause, errorString: cause === undefined ? textOf(query) : undefined }
}

/** Returns the stages of a node, each with its whole SQL. */
export const stageFacts = (result: RunResult.RunResult, clock: Clock): ReadonlyArray<Stage> =>
  stagesOf(result).map((query) => {
    const { endTime, isRunning, rowsDeleted, rowsInserted, rowsUpdated, startTime, success } = query
    const sql = query.sql === undefined ? undefined : maskSecrets(query.sql)
    return omitUndefined({
      name: stageName(query, result),
      type: shortText(query.type, maxName),
      status: shortText(query.status, maxName),
      success,
      isRunning,
      startTime,
      endTime,
      durationMillis: durationOf(query, clock),
      rowsInserted,
      rowsUpdated,
      rowsDeleted,
      warehouse: shortText(query.warehouse, maxName),
      queryID: shortText(query.queryID, maxName),
      ...errorOf(query),
      sql,
      sqlLength: sql?.length
    })
  })

/** Returns the state of a node: one without any state in a run that has not ended waits for its turn. */
export const stateOf = (result: RunResult.RunResult, { hasEnded }: Pick<Clock, "hasEnded">): NodeState => {
  const state = RunResult.outcome(result)
  return state === "unknown" && result.runState === undefined && !hasEnded ? "waiting" : state
}

/** Adds up a count of rows; undefined if no stage has it. */
const sum = (counts: ReadonlyArray<number | undefined>): number | undefined =>
  counts.reduce((all, one) => one === undefined ? all : (all ?? 0) + one, undefined)

const ends = (times: ReadonlyArray<Times>) => {
  const starts = times.flatMap(({ startTime }) => startTime === undefined ? [] : [startTime])
  const ends = times.flatMap(({ endTime }) => endTime === undefined ? [] : [endTime])
  return {
    start: starts.length === 0 ? undefined : starts.reduce(DateTime.min),
    end: ends.length === 0 ? undefined : ends.reduce(DateTime.max)
  }
}

/** The stage that tells most of a node: the one that failed, the one that is running, or the longest. */
const tellingStage = (result: RunResult.RunResult, state: NodeState, clock: Clock) => {
  if (state === "failed") return endingQuery(result)
  const stages = stagesOf(result)
  if (state === "running") return stages.findLast(isRunning) ?? stages.at(-1)
  const longest = (a: RunResult.QueryResult, b: RunResult.QueryResult) =>
    (durationOf(b, clock) ?? 0) > (durationOf(a, clock) ?? 0) ? b : a
  return stages.length === 0 ? undefined : stages.reduce(longest)
}

/** Returns what a run did to a node, without its stages. */
export const inspectNode = (result: RunResult.RunResult, clock: Clock): InspectedNode => {
  const stages = stagesOf(result)
  const state = stateOf(result, clock)
  const stage = tellingStage(result, state, clock)
  const { end, start } = ends(stages)
  const isNow = state === "running" && !clock.hasEnded
  const durationMillis = millisBetween(start, isNow ? clock.now : end)
  const share = durationMillis === undefined || clock.runMillis === undefined || clock.runMillis === 0
    ? undefined
    : Math.min(1, Math.round(1000 * durationMillis / clock.runMillis) / 1000)
  const isTelling = state === "failed" || state === "running"
  return {
    nodeID: shortText(result.nodeID, maxName),
    ...omitUndefined({
      name: shortText(result.name, maxName),
      runState: shortText(result.runState, maxName),
      startTime: start,
      endTime: isNow ? undefined : end,
      durationMillis,
      share,
      rowsInserted: sum(stages.map(({ rowsInserted }) => rowsInserted)),
      rowsUpdated: sum(stages.map(({ rowsUpdated }) => rowsUpdated)),
      rowsDeleted: sum(stages.map(({ rowsDeleted }) => rowsDeleted)),
      stage: isTelling && stage !== undefined ? stageName(stage, result) : undefined,
      warehouse: shortText(stage?.warehouse ?? stages.find(({ warehouse }) => warehouse)?.warehouse, maxName),
      queryID: shortText(stage?.queryID, maxName),
      ...(state === "failed" && stage !== undefined ? errorOf(stage) : {})
    }),
    state,
    failedTests: failedTestsOf([result])
  }
}

/** Counts the nodes in each state. */
export const countNodes = (nodes: ReadonlyArray<InspectedNode>): NodeCounts => {
  const howMany = (state: NodeState) => nodes.filter((node) => node.state === state).length
  return {
    total: nodes.length,
    completed: howMany("completed"),
    failed: howMany("failed"),
    skipped: howMany("skipped"),
    canceled: howMany("canceled"),
    running: howMany("running"),
    waiting: howMany("waiting"),
    unknown: howMany("unknown"),
    withFailedTests: nodes.filter(({ failedTests }) => failedTests.length > 0).length
  }
}
