/**
 * Reads node results for a summary: the causes that the runs' own reasons do not name, the jobs of each cause, the nodes, the
 * failed data tests. It is bounded: a request each for at most 20 runs, the latest of each job first, all at once.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as RunsClient from "../client/service.ts"
import { nodeOutcomes } from "../diagnosis/nodes.ts"
import type { FailureCause } from "../FailureCause.ts"
import { failedTestsOf, nameOf } from "../inspection/nodeResults.ts"
import { attempt, valueOf } from "../inspection/part.ts"
import { detailed } from "../inspection/requests.ts"
import { jobKey, jobOf } from "../list/jobKey.ts"
import { apiFilters, matches, type Query } from "../list/readRuns.ts"
import { boundedLine, fromRun } from "../list/RunLine.ts"
import * as Run from "../Run.ts"
import * as RunResult from "../RunResult.ts"
import { contains, type RunWindow, toQuery } from "../RunWindow.ts"
import type { NodeCount, Nodes, Tests } from "./insideModel.ts"
import type { CauseCount, RunStatistics } from "./model.ts"

const maxRead = 20
const pageSize = 1000
const maxNodes = 100
const maxTests = 5
const maxJobs = 5

type WindowQuery = Query & { readonly window: RunWindow }

/** The latest runs of a window in a status, or in any, with their jobs. None where the request fails. */
const runsOf = Effect.fnUntraced(function*(query: WindowQuery, runStatus?: "completed" | "failed") {
  const { window } = query
  const { environmentID, ...filters } = apiFilters({ ...query, runStatus: runStatus === undefined ? [] : [runStatus] })
  const page = yield* attempt(detailed(
    {
      ...toQuery(window),
      ...filters
    },
    environmentID,
    pageSize
  ))
  return (valueOf(page)?.runs ?? []).filter((run) =>
    contains(window, run) && matches(query, { ...fromRun(run), runStatus: run.runStatus })
  )
})

const keyOf = (run: Run.Run): string => `${Run.environmentID(run)}/${jobKey(jobOf(run))}`

/** The latest run of each job, then the one before of each, and so on. */
const latestOfEachJob = (runs: ReadonlyArray<Run.Run>): ReadonlyArray<Run.Run> => {
  const ranks = new Map<string, number>()
  return runs.map((run) => {
    const rank = ranks.get(keyOf(run)) ?? 0
    ranks.set(keyOf(run), rank + 1)
    return { run, rank }
  }).sort((a, b) => a.rank - b.rank).map(({ run }) => run)
}

interface Read {
  readonly run: Run.Run
  readonly results: ReadonlyArray<RunResult.RunResult>
}

/** Reads the node results of the first of these runs. */
const read = (runs: ReadonlyArray<Run.Run>) =>
  Effect.map(
    Effect.forEach(
      runs.slice(0, maxRead),
      (run) =>
        Effect.map(attempt(RunsClient.results(run.id)), (results): ReadonlyArray<Read> =>
          Result.isSuccess(results) ? [{ run, results: results.success }] : []),
      { concurrency: "unbounded" }
    ),
    (read) =>
      read.flat()
  )

/** Takes the runs of one cause from where they were counted, and adds them to their own. */
const recount = (causes: ReadonlyArray<CauseCount>, found: ReadonlyMap<Run.AnyRun, FailureCause>) => {
  const byKey = new Map(causes.map((cause) => [cause.key, cause]))
  for (const [run, cause] of found) {
    const unnamed = byKey.get("")
    if (unnamed !== undefined) byKey.set("", { ...unnamed, failures: Math.max(0, unnamed.failures - 1) })
    const { id, runStartTime } = run
    const ref = { id, ...(runStartTime === undefined ? {} : { runStartTime }) }
    const { class: name, code, key, message, sqlState } = cause
    const known = byKey.get(key)
    byKey.set(key, {
      ...known ?? {
        class: name,
        key,
        message,
        ...(code === undefined ? {} : { code }),
        ...(sqlState === undefined ? {} : { sqlState }),
        atLeast: false
      },
      failures: (known?.failures ?? 0) + 1,
      firstRun: known === undefined || id < known.firstRun.id ? ref : known.firstRun,
      lastRun: known === undefined || id > known.lastRun.id ? ref : known.lastRun
    })
  }
  return [...byKey.values()].filter(({ failures }) => failures > 0)
    .sort((a, b) => b.failures - a.failures || b.lastRun.id - a.lastRun.id)
}

/**
 * Returns statistics whose causes are those of the node results where the runs' own reasons name none, each with its jobs.
 * `keys` are the causes that the reasons name, by the ids of failed runs.
 */
export const withCauses = Effect.fnUntraced(function*(
  statistics: RunStatistics,
  query: WindowQuery,
  keys: ReadonlyMap<number, string>
) {
  const { causes, statusCounts } = statistics
  if (statusCounts.failed === 0) return { statistics }
  const runs = yield* runsOf(query, "failed")
  const unnamed = latestOfEachJob(runs.filter(({ id }) => keys.get(id) === ""))
  const results = yield* read(unnamed)
  const found = new Map(results.flatMap(({ results, run }) => {
    const cause = nodeOutcomes(results).groups.listed[0]?.first.cause
    return cause === undefined ? [] : [[run, cause] as const]
  }))
  const keyOfRun = new Map([...keys, ...Array.from(found, ([run, { key }]) => [Number(run.id), key] as const)])
  const jobsOf = (key: string): CauseCount["jobs"] => {
    const jobs = new Map(
      runs.filter(({ id }) => keyOfRun.get(id) === key).map((run) => [keyOf(run), fromRun(run)] as const)
    )
    const listed = Array.from(jobs.values(), ({ environmentID, jobID, jobName }) => ({
      ...(jobID === undefined ? {} : { jobID }),
      ...(jobName === undefined ? {} : { jobName }),
      ...(environmentID === undefined ? {} : { environmentID })
    })).filter(({ jobID }) => jobID !== undefined)
    return listed.length === 0
      ? undefined
      : { listed: listed.slice(0, maxJobs), more: Math.max(0, listed.length - maxJobs) }
  }
  const named = recount(causes, found).map((cause): CauseCount => {
    const jobs = jobsOf(cause.key)
    return { ...cause, ...(jobs === undefined ? {} : { jobs }) }
  })
  const without = [...keys.values()].filter((key) => key === "").length
  return {
    statistics: { ...statistics, causes: named },
    ...(without === 0 ? {} : { causesRead: { runs: results.length, notRead: without - results.length } })
  }
})

/** The time that a node's queries took, in milliseconds. */
const millisOf = ({ queryResults = [] }: RunResult.RunResult): number =>
  queryResults.reduce((sum, { endTime, startTime }) =>
    endTime === undefined || startTime === undefined
      ? sum
      : sum + Math.max(0, DateTime.toEpochMillis(endTime) - DateTime.toEpochMillis(startTime)), 0)

const middle = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2
}

/** Counts the nodes of the latest ended runs of a window. */
export const countNodes = Effect.fnUntraced(function*(
  query: WindowQuery
): Effect.fn.Return<Schema.Schema.Type<typeof Nodes>, never, RunsClient.RunsClient> {
  const ended = (yield* runsOf(query)).filter(({ runStatus }) => runStatus === "completed" || runStatus === "failed")
  const results = yield* read(ended)
  const nodes = new Map<string, { failed: number; readonly millis: Array<number> }>()
  for (const result of results.flatMap(({ results }) => results)) {
    const outcome = RunResult.outcome(result)
    if (outcome === "skipped") continue
    const node = nodes.get(nameOf(result)) ?? { failed: 0, millis: [] }
    nodes.set(nameOf(result), node)
    if (outcome === "failed") node.failed++
    node.millis.push(millisOf(result))
  }
  const counted = Array.from(nodes, ([name, { failed, millis }]): NodeCount => ({
    name,
    runs: millis.length,
    failed,
    totalMillis: millis.reduce((sum, one) => sum + one, 0),
    p50Millis: middle(millis)
  })).sort((a, b) => b.failed - a.failed || b.totalMillis - a.totalMillis)
  return {
    runs: results.length,
    notRead: ended.length - results.length,
    listed: counted.slice(0, maxNodes),
    more: Math.max(0, counted.length - maxNodes)
  }
})

/** Finds the failed data tests of the latest completed run of each job. */
export const findFailedTests = Effect.fnUntraced(function*(
  query: WindowQuery
): Effect.fn.Return<Schema.Schema.Type<typeof Tests>, never, RunsClient.RunsClient> {
  const completed = yield* runsOf(query, "completed")
  const latest = [...new Map(completed.toReversed().map((run) => [keyOf(run), run])).values()].reverse()
  const results = yield* read(latest)
  return {
    runs: results.length,
    notRead: latest.length - results.length,
    listed: results.flatMap(({ results, run }) => {
      const tests = failedTestsOf(results)
      return tests.length === 0 ? [] : [{
        run: boundedLine(fromRun(run)),
        failedTests: tests.slice(0, maxTests),
        more: Math.max(0, tests.length - maxTests)
      }]
    })
  }
})
