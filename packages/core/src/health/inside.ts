/** What the node results of runs show that their rows do not: failed nodes and tests, and nodes without rows. */
import { nodeOutcomes } from "../diagnosis/nodes.ts"
import { firstOf } from "../inspection/boundedList.ts"
import { failedTestsOf } from "../inspection/nodeResults.ts"
import { lineOf } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import { outcome, type RunResult } from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Evidence, Results } from "./evidence.ts"
import { withoutSql } from "./failedCause.ts"
import type { Finding } from "./model.ts"
import type { Plan } from "./plan.ts"

const maxListed = 10
/** Fewer rows than this are not many. */
const manyRows = 100
/** How many earlier runs a run without rows is compared with, and how many such runs are. */
const maxEarlier = 2
const maxCompared = 2

/** Runs that were canceled or have not ended, in which a node has failed. */
export const failedInsideOf = (unfinished: Plan["unfinished"], results: Results): ReadonlyArray<Finding> =>
  unfinished.flatMap((run): ReadonlyArray<Finding> => {
    const read = results.get(run.id)
    const nodes = read && nodeOutcomes(read)
    if (nodes === undefined || nodes.failed === 0) return []
    const first = nodes.groups.listed[0]?.first
    return [{
      kind: "failedNodes",
      run: lineOf(run),
      failed: nodes.failed,
      nodes: nodes.total,
      ...omitUndefined({ node: first && withoutSql(first) })
    }]
  })

/** Completed runs in which data tests failed. */
export const failedTestsIn = (completed: ReadonlyArray<Run.Run>, results: Results): ReadonlyArray<Finding> =>
  completed.flatMap((run): ReadonlyArray<Finding> => {
    const tests = failedTestsOf(results.get(run.id) ?? [])
    return tests.length === 0 ? [] : [{ kind: "failedTests", run: lineOf(run), failedTests: firstOf(tests, maxListed) }]
  })

/** The rows that each completed node inserted, updated and deleted. A node whose queries tell of no rows has none here. */
const rowsByNode = (results: ReadonlyArray<RunResult>): ReadonlyMap<string, number> => {
  const rows = new Map<string, number>()
  for (const result of results) {
    if (outcome(result) !== "completed") continue
    const counts = (result.queryResults ?? []).flatMap(({ rowsDeleted, rowsInserted, rowsUpdated }) =>
      [rowsInserted, rowsUpdated, rowsDeleted].filter((count) => count !== undefined)
    )
    if (counts.length > 0) rows.set(result.nodeID, counts.reduce((sum, count) => sum + count, 0))
  }
  return rows
}

/** A completed run with nodes that changed no row, and the completed runs of its job before it. */
export interface Compared {
  readonly run: Run.Run
  readonly earlier: ReadonlyArray<Run.Run>
}

/** Chooses the runs to compare with those before them: first those in which every node changed no row. */
export const toCompare = (
  completed: ReadonlyArray<Run.Run>,
  { jobs }: Evidence,
  results: Results
): ReadonlyArray<Compared> =>
  completed.flatMap((run) => {
    const rows = [...rowsByNode(results.get(run.id) ?? []).values()]
    const empty = rows.filter((count) => count === 0).length
    const runs = jobs.runsOf(jobs.keyOf(run))
    const earlier = runs.slice(runs.findIndex(({ id }) => id === run.id) + 1)
      .filter((other) => other.runStatus === "completed" && other.reRunID === undefined).slice(0, maxEarlier)
    return empty === 0 || earlier.length < maxEarlier || run.reRunID !== undefined
      ? []
      : [{ run, earlier, share: empty / rows.length }]
  }).sort((a, b) => b.share - a.share).slice(0, maxCompared).map(({ earlier, run }) => ({ run, earlier }))

/** Runs with nodes that changed no row, and many in each of the runs before. */
export const noRowsOf = (compared: ReadonlyArray<Compared>, results: Results): ReadonlyArray<Finding> =>
  compared.flatMap(({ earlier, run }): ReadonlyArray<Finding> => {
    const nodes = results.get(run.id) ?? []
    const rows = rowsByNode(nodes)
    const before = earlier.map(({ id }) => rowsByNode(results.get(id) ?? []))
    const empty = nodes.flatMap(({ name, nodeID }) => {
      const rowsBefore = Math.min(...before.map((one) => one.get(nodeID) ?? 0))
      return rows.get(nodeID) === 0 && rowsBefore >= manyRows ? [{ node: name ?? nodeID, rowsBefore }] : []
    }).sort((a, b) => b.rowsBefore - a.rowsBefore)
    return empty.length === 0
      ? []
      : [{
        kind: "noRows",
        run: lineOf(run),
        nodes: firstOf(empty, maxListed),
        comparedWith: earlier.map(({ id }) => id)
      }]
  })
