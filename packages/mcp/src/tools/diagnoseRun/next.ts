/** At most three calls that lead on from a diagnosis, each ready to make. */
import type { Facts } from "./model.ts"
import type { Input, NextCall } from "./schema.ts"

const most = 3

const day = 86_400_000

/** The last seven days where the run is in them, otherwise the seven up to its own. */
const week = (start: string | undefined, now: number) => {
  if (start === undefined || Date.parse(start) > now - 7 * day) return { window: "last_7_days" }
  const until = start.slice(0, 10)
  return { since: new Date(Date.parse(until) - 6 * day).toISOString().slice(0, 10), until }
}

/** `now` in epoch milliseconds. */
export const make = (facts: Facts, input: Input, now: number): ReadonlyArray<NextCall> => {
  const { aftermath, history, interval, moreFailures, noFailure, otherFailures = [], run } = facts
  const zone = input.timeZone === undefined ? {} : { timeZone: input.timeZone }
  const diagnose = (runID: number, why: string): NextCall => ({
    tool: "diagnose_run",
    arguments: { runID, ...zone },
    why
  })
  const within = interval === undefined ? {} : { since: interval.since, until: interval.until }
  const narrowed = {
    ...(input.environmentID === undefined ? {} : { environmentID: input.environmentID }),
    ...(input.jobID === undefined ? {} : { jobID: input.jobID })
  }
  const isRetryable = facts.couldNotRead?.some(({ isRetryable }) => isRetryable) === true

  const calls: Array<NextCall> = []
  if (isRetryable) calls.push({ tool: "diagnose_run", arguments: { ...input }, why: "to read what could not be read" })
  if (facts.outcome === "failed") {
    if (aftermath?.state === "failed" && aftermath.run !== undefined) {
      calls.push(diagnose(aftermath.run.id, "why it failed again"))
    }
    if (aftermath?.failedSince !== undefined) calls.push(diagnose(aftermath.failedSince.id, "why it failed since"))
    const reason = run?.runFailureReason
    const another = otherFailures.find(({ runFailureReason }) => runFailureReason !== reason) ?? otherFailures[0]
    if (another !== undefined) calls.push(diagnose(another.id, "why another one failed"))
    if (moreFailures !== undefined) {
      calls.push({
        tool: "list_runs",
        arguments: {
          ...within,
          ...narrowed,
          ...zone,
          runType: input.runType ?? "refresh",
          runStatus: "failed",
          limit: 200
        },
        why: "all that failed"
      })
    }
    if (history?.sameCause === "different" || history?.sameCause === "partly") {
      calls.push(diagnose(history.firstFailure.id, "why the first of these failures failed"))
    }
    if (history !== undefined && run !== undefined) {
      calls.push({
        tool: "summarize_runs",
        arguments: {
          ...week(run.runStartTime, now),
          ...(run.environmentID === undefined ? {} : { environmentID: run.environmentID }),
          ...(run.jobID === undefined ? { runType: run.runType } : { jobID: String(run.jobID) }),
          groupBy: "day",
          ...zone
        },
        why: "how it went night by night"
      })
    }
  }
  if (noFailure !== undefined) {
    const deploy = noFailure.failedOfOtherType?.[0]
    if (deploy !== undefined) calls.push(diagnose(deploy.id, `why this ${deploy.runType} failed`))
    const tested = noFailure.failedTests?.[0]?.runID
    if (tested !== undefined) calls.push(diagnose(tested, "its data tests"))
    if (noFailure.olderFailure !== undefined) {
      calls.push(diagnose(noFailure.olderFailure.id, "why that older run failed"))
    }
    if (facts.outcome === "nothingRan") {
      calls.push({
        tool: "list_runs",
        arguments: { window: "last_7_days", ...narrowed, ...zone },
        why: "what ran lately"
      })
    }
    const going = noFailure.stillRunning?.[0] ?? noFailure.waiting?.[0]
    if (going !== undefined) calls.push(diagnose(going.id, "how far it is"))
  }
  const distinct = new Map(calls.toReversed().map((call) => [`${call.tool} ${JSON.stringify(call.arguments)}`, call]))
  return [...distinct.values()].toReversed().slice(0, most)
}
