/**
 * A window in which nothing failed: what did run, what is still going, and what hides in the runs that completed.
 */
import * as Effect from "effect/Effect"
import * as Run from "../Run.ts"
import type * as RunsClient from "../RunsClient.ts"
import * as RunWindow from "../RunWindow.ts"
import { isBefore, isOfJob, type OfWindow, type Wanted } from "./choose.ts"
import { newestFirst, runLine } from "./lines.ts"
import { firstOf } from "./list.ts"
import type { NoFailure } from "./model.ts"
import { failedTestsOf } from "./nodes.ts"
import { noteUndecodable, type Reading } from "./reading.ts"
import * as requests from "./requests.ts"

const maxListed = 10
const maxRead = 5
const maxTests = 10
const newest = 100
const nearby = 50
const maxOlder = 250
const maxEarlier = 1000

const countStatuses = (runs: ReadonlyArray<Run.Run>): NoFailure["statuses"] => {
  const counts = new Map<Run.RunStatus, number>()
  for (const { runStatus } of runs) counts.set(runStatus, (counts.get(runStatus) ?? 0) + 1)
  return Array.from(counts, ([status, count]) => ({ status, count }))
}

const hasStarted = (run: Run.Run): boolean => run.runStartTime !== undefined

/** The failed data tests of completed runs: one request each. */
const dataTests = Effect.fnUntraced(function*(
  client: RunsClient.Service,
  reading: Reading,
  completed: ReadonlyArray<Run.Run>
): Effect.fn.Return<NoFailure["dataTests"]> {
  const results = yield* Effect.forEach(
    completed.slice(0, maxRead),
    (run) => Effect.map(reading.attempt("dataTests", client.results(run.id), run.id), (results) => ({ run, results })),
    { concurrency: "unbounded" }
  )
  const read = results.flatMap(({ results, run }) =>
    results === undefined ? [] : [{ run, tests: failedTestsOf(results) }]
  )
  return {
    read: read.map(({ run }) => run.id),
    notRead: completed.length - read.length,
    failures: read.filter(({ tests }) => tests.length > 0).map(({ run, tests }) => ({
      run: runLine(run, new Map()),
      failedTests: firstOf(tests, maxTests)
    }))
  }
})

/** The run nearest to a window in which nothing ran. */
const nearestOf = (
  window: RunWindow.RunWindow,
  before: Run.Run | undefined,
  after: Run.Run | undefined
): NoFailure["nearest"] => {
  const distance = {
    before: before?.runStartTime === undefined
      ? Infinity
      : window.since.epochMilliseconds - before.runStartTime.epochMilliseconds,
    after: after?.runStartTime === undefined
      ? Infinity
      : after.runStartTime.epochMilliseconds - window.until.epochMilliseconds
  }
  const side = distance.after < distance.before ? "after" : "before"
  const run = side === "after" ? after : before
  return run === undefined ? undefined : { run: runLine(run, new Map()), side }
}

export const noFailure = Effect.fnUntraced(function*(
  client: RunsClient.Service,
  reading: Reading,
  wanted: Wanted,
  found: OfWindow
): Effect.fn.Return<NoFailure> {
  const { environmentID, jobID, runType, window } = wanted
  const isAsked = (run: Run.AnyRun): boolean => run.runType === runType && isOfJob(jobID)(run)
  const rows = newestFirst((found.rows?.rows ?? []).filter(isAsked))
  const ran = rows.filter((run) => RunWindow.contains(window, run))
  const nothingRan = found.isWhole && ran.length === 0
  const before = rows.find((run) => isBefore(window, run))
  // The reasons tell of every job. Whether one of them is of this job, only rows with details say.
  const isAll = found.rows?.ended === "all"
  const mayFindOlder = jobID !== undefined && found.olderFailures.length === 0 && !isAll

  const [waiting, older, earlier, after, tests] = yield* Effect.all([
    reading.attempt("waitingRuns", requests.newestRuns(client, environmentID, newest)),
    mayFindOlder
      ? reading.attempt(
        "history",
        requests.runsBefore(client, window, environmentID, { runStatus: "failed" }, maxOlder)
      )
      : Effect.succeed(undefined),
    nothingRan && before === undefined && !isAll
      ? reading.attempt(
        "nearestRun",
        requests.runsBefore(client, window, environmentID, { runType }, jobID === undefined ? 1 : maxEarlier)
      )
      : Effect.succeed(undefined),
    nothingRan
      ? reading.attempt("nearestRun", requests.runsAfter(client, window, environmentID, nearby))
      : Effect.succeed(undefined),
    dataTests(client, reading, ran.filter(({ runStatus }) => runStatus === "completed"))
  ], { concurrency: "unbounded" })

  for (const page of [waiting, older, earlier, after]) noteUndecodable(reading, "runsOfWindow", page?.undecodable ?? [])
  const latest = (waiting?.runs ?? []).filter((run) => isAsked(run) && !ran.some(({ id }) => id === run.id))
  const going = newestFirst([...ran, ...latest.filter((run) => !hasStarted(run) || isBefore(window, run))])
    .filter(({ runStatus }) => !Run.isTerminal(runStatus))
  const olderFailure = found.olderFailures[0] ?? newestFirst((older?.runs ?? []).filter(isAsked))[0]
  const nearest = nothingRan
    ? nearestOf(window, before ?? earlier?.runs.find(isAsked), after?.runs.find(isAsked))
    : undefined
  const line = (run: Run.AnyRun) => runLine(run, found.reasons)
  return {
    ran: firstOf(ran.map(line), maxListed),
    statuses: countStatuses(ran),
    atLeast: !found.isWhole,
    isCertain: !found.atLeast,
    ...(nearest === undefined ? {} : { nearest }),
    stillRunning: firstOf(going.filter(hasStarted).map(line), maxListed),
    canceled: firstOf(ran.filter(({ runStatus }) => runStatus === "canceled").map(line), maxListed),
    waiting: firstOf(going.filter((run) => !hasStarted(run)).map(line), maxListed),
    failedOfOtherType: firstOf(found.failuresOfOtherType.map(line), maxListed),
    dataTests: tests,
    ...(olderFailure === undefined ? {} : { olderFailure: line(olderFailure) })
  }
})
