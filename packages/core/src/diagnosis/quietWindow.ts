/** A window in which nothing failed: what ran, what is still running, and the data tests that failed. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { firstOf } from "../inspection/boundedList.ts"
import { failedTestsOf } from "../inspection/nodeResults.ts"
import { attempt, type Part, unavailable, unavailablePages, valueOf } from "../inspection/part.ts"
import { lineOf, newestFirst } from "../inspection/runs.ts"
import { readNearest } from "../list/nearestRuns.ts"
import * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import * as RunsClient from "../RunsClient.ts"
import * as RunWindow from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { didNotRun, keptBaseline, needsHistory } from "./didNotRun.ts"
import type { NoFailure } from "./model.ts"
import { nodeOutcomes } from "./nodes.ts"
import * as requests from "./requests.ts"
import { endedIn, isBefore, matchesFilter, type WindowFilter, type WindowRuns } from "./windowRuns.ts"

const maxListed = 10
const maxChecked = 5
const maxTests = 10
const newest = 100
const maxOlder = 250
const maxEarlier = 1000
const maxAbsent = 5

const countStatuses = (runs: ReadonlyArray<Run.Run>): NoFailure["statuses"] => {
  const counts = new Map<Run.RunStatus, number>()
  for (const { runStatus } of runs) counts.set(runStatus, (counts.get(runStatus) ?? 0) + 1)
  return Array.from(counts, ([status, count]) => ({ status, count }))
}

const hasStarted = (run: Run.Run): boolean => run.runStartTime !== undefined

const runsOf = (part: Part<RunsClient.RunPage<Run.Run>> | undefined) => valueOf(part)?.runs ?? []

interface Checked {
  readonly run: Run.Run
  readonly results: Part<ReadonlyArray<RunResult>>
}

const dataTestsOf = (checked: ReadonlyArray<Checked>, completed: number): NoFailure["dataTests"] => {
  const read = checked.flatMap(({ results, run }) => {
    const nodes = valueOf(results)
    return nodes === undefined ? [] : [{ run, tests: failedTestsOf(nodes) }]
  })
  return {
    checked: read.map(({ run }) => run.id),
    unchecked: completed - read.length,
    failures: read.flatMap(({ run, tests }) =>
      tests.length === 0 ? [] : [{ run: lineOf(run), failedTests: firstOf(tests, maxTests) }]
    )
  }
}

/**
 * Reads what else is known of a window in which nothing failed. `failures` are those that only the failures before the window
 * show: they began before it and failed in it.
 */
export const readQuietWindow = Effect.fnUntraced(function*(
  filter: WindowFilter,
  found: WindowRuns
) {
  const { environmentID, jobID, runType, window } = filter
  const kept = yield* keptBaseline(filter)
  const matches = matchesFilter({ jobID, runType })
  const rows = newestFirst((found.rows?.rows ?? []).filter(matches))
  const ran = rows.filter((run) => RunWindow.contains(window, run))
  const completed = ran.filter(({ runStatus }) => runStatus === "completed")
  const nothingRan = !found.truncated && ran.length === 0
  const before = rows.find((run) => isBefore(window, run))
  const hasAllRows = found.rows?.ended === "all"
  const ask = <A, R>(isNeeded: boolean, effect: Effect.Effect<A, RunsClient.ListError, R>) =>
    isNeeded ? attempt(effect) : Effect.succeed(undefined)

  // A run that was canceled or has not ended can have a failed node, and is checked before the completed ones.
  const unfinished = rows.filter((run) =>
    hasStarted(run) && run.runStatus !== "completed" &&
    (RunWindow.contains(window, run) || !Run.hasEnded(run))
  )
  const [waiting, older, nearest, earlier, checked] = yield* Effect.all([
    attempt(requests.newestRuns(environmentID, newest)),
    // The failures that were read are of every job, and only rows with details say of which.
    ask(
      jobID !== undefined && found.olderFailures.length === 0 && !found.hasOlderPage && !hasAllRows,
      requests.failuresBefore(window, environmentID, maxOlder)
    ),
    ask(
      nothingRan,
      readNearest(
        { window, runType, environmentID, jobID },
        before === undefined && !hasAllRows ? undefined : { before: before && lineOf(before) }
      )
    ),
    // When jobs usually start.
    ask(
      kept === undefined && found.rows !== undefined && !found.truncated &&
        needsHistory(filter, found.rows.rows, hasAllRows),
      requests.runsBefore(window, environmentID, runType, maxEarlier)
    ),
    // The results of the latest runs, at one request each.
    Effect.forEach(
      [...unfinished, ...completed].slice(0, maxChecked),
      (run) => Effect.map(attempt(RunsClient.results(run.id)), (results): Checked => ({ run, results })),
      {
        concurrency: "unbounded"
      }
    )
  ], { concurrency: "unbounded" })

  const latest = runsOf(waiting).filter((run) => matches(run) && !ran.some(({ id }) => id === run.id))
  const going = newestFirst([...ran, ...latest.filter((run) => !hasStarted(run) || isBefore(window, run))])
    .filter((run) => !Run.hasEnded(run))
  const now = yield* DateTime.now
  const history = [...new Map([...runsOf(earlier), ...found.rows?.rows ?? []].map((run) => [run.id, run])).values()]
  const absent = found.truncated
    ? []
    : didNotRun(filter, history, runsOf(waiting).filter((run) => !hasStarted(run)), kept, now)
  const olderFailures = newestFirst(runsOf(older).filter(matches))
  const olderFailure = found.olderFailures[0] ?? olderFailures[0]
  const lines = (runs: ReadonlyArray<Run.AnyRun>) => firstOf(runs.map((run) => lineOf(run, found.reasons)), maxListed)
  const noFailure: NoFailure = {
    ran: lines(ran),
    statuses: countStatuses(ran),
    didNotRun: firstOf(absent, maxAbsent),
    truncated: found.truncated,
    failuresTruncated: found.failuresTruncated,
    ...omitUndefined({
      nearest: valueOf(nearest),
      olderFailure: olderFailure && lineOf(olderFailure, found.reasons)
    }),
    stillRunning: lines(going.filter(hasStarted)),
    canceled: lines(ran.filter(({ runStatus }) => runStatus === "canceled")),
    waiting: lines(going.filter((run) => !hasStarted(run))),
    failedOfOtherType: lines(found.failuresOfOtherType),
    failedNodes: checked.flatMap(({ results, run }) => {
      const nodes = completed.includes(run) ? undefined : valueOf(results)
      const outcomes = nodes && nodeOutcomes(nodes)
      return outcomes === undefined || outcomes.failed === 0
        ? []
        : [{ run: lineOf(run, found.reasons), nodes: outcomes }]
    }),
    dataTests: dataTestsOf(checked.filter(({ run }) => completed.includes(run)), completed.length)
  }
  return {
    noFailure,
    failures: olderFailures.filter((run) => endedIn(window, run)),
    unavailable: [
      ...unavailablePages("waitingRuns", [waiting]),
      ...unavailablePages("history", [older, earlier]),
      ...unavailable("nearestRun", nearest),
      ...checked.flatMap(({ results, run }) =>
        unavailable(completed.includes(run) ? "dataTests" : "results", results, run.id)
      )
    ]
  }
})
