/** What the runs around a failed one say: since when it fails, whether that was seen before, whether it is over. */
import type { RunLine } from "../list/RunLine.ts"
import { commitOf, startedAt } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line } from "../report/model.ts"
import { local, plural } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import type { Comparison, History } from "./historyModel.ts"
import type { Diagnosis } from "./model.ts"
import type { Occurrence, SeenBefore } from "./seenModel.ts"

const comparisons: { readonly [K in Comparison["cause"]]: string } = {
  same: "with the same cause",
  partly: "with partly the same cause",
  sameKind: "with the same kind of error on another object",
  different: "with another cause",
  notKnown: "with a cause that cannot be compared"
}

export const howCompared = (compared: Comparison | undefined): string => comparisons[compared?.cause ?? "notKnown"]

const sameRuns = { job: "this job", selector: "this selector", deploy: "deploys here" } as const

const ends: { readonly [K in History["searched"]["ended"]]: string } = {
  found: "",
  all: "",
  limit: ", the limit of this search",
  unavailable: ", where the next page is unavailable"
}

const successOf = ({ lastSuccess, sameBy, searched }: History, words: Words): string => {
  if (lastSuccess !== undefined) return `the last success is run ${lastSuccess.id}${startedAt(lastSuccess, words)}`
  const rows = plural(searched.rows, "run")
  const back = searched.since === undefined ? "" : ` back to ${local(searched.since, words.zone).day}`
  return `no success of ${sameRuns[sameBy]} was found in ${rows} of the environment${back}${ends[searched.ended]}`
}

/** Since when the runs fail, and since when of this cause. */
export const sinceLine = ({ history }: Diagnosis, words: Words): Line => {
  if (history === undefined) return ["Since: not known, as the earlier runs are unavailable."]
  const { canceledInStreak, causeSince, comparedWithFirst, firstFailure, recent, sameBy, searched, streakLength } =
    history
  const isWhole = searched.ended === "found" || searched.ended === "all"
  const idOf = (run: RunLine) => `run ${run.id}${startedAt(run, words)}`
  const streak = streakLength === 1
    ? isWhole ? "this run is the first failure" : "this run is the first failure that was found"
    : `${idOf(firstFailure)} began a streak of ${streakLength}${
      isWhole ? "" : " or more"
    } failures, which this run continues ${howCompared(comparedWithFirst)}`
  const since = causeSince === undefined
    ? ""
    : `; with this cause ${causeSince.isAtLeast ? "at least " : ""}since ${idOf(causeSince.run)}`
  const canceled = canceledInStreak === 0 ? "" : `; ${plural(canceledInStreak, "run")} canceled in between`
  const ended = plural(recent.failed + recent.completed, "ended run")
  // Unless all runs were read, there may be others.
  const read = searched.ended === "all" ? "" : " read"
  return [
    `Since: ${streak}${since}; ${successOf(history, words)}${canceled}. ${recent.failed} of ${ended}${read} of ${
      sameRuns[sameBy]
    } failed.`
  ]
}

/** `passed again after deploy 1031 "Guard against zero"`, `passed when run again (1031)`. */
const endOf = ({ by, deploys: { listed, more }, passed }: Occurrence, words: Words): Line => {
  const [deploy] = listed
  if (passed === undefined) return ["what ended it is not known"]
  if (deploy !== undefined) {
    const others = listed.length - 1 + more
    return line`passed again after deploy ${deploy.id} ${commitOf(deploy, words)}${
      others === 0 ? "" : ` and ${others} more`
    }`
  }
  return [
    by === "reRun"
      ? `passed when run again (${passed.id})`
      : `passed in the next run ${passed.id}, with no deploy between`
  ]
}

const eachOf = ({ passed, passedOnReRun, passedUnchanged, same }: SeenBefore): string => {
  if (same < 2) return ""
  if (passedOnReRun === same) return "; each passed when run again, as a flake does"
  if (passedUnchanged === same) return "; each passed with no deploy between, as a flake does"
  return `; ${passedUnchanged} of ${passed} known to have passed did so with no deploy between`
}

/** Whether the cause was seen before, how it ended then, and where else the kind of error was. */
export const seenLines = ({ nodes, seenBefore }: Diagnosis, words: Words): ReadonlyArray<Line> => {
  if (seenBefore === undefined) return []
  const { elsewhere, failures, notKnown, occurrences, same, truncated } = seenBefore
  // That other causes were there before is no news.
  if (same + notKnown + elsewhere.listed.length === 0) return []
  const dayOf = ({ id, runStartTime }: RunLine) =>
    `run ${id}${runStartTime === undefined ? "" : ` on ${local(runStartTime, words.zone).day}`}`
  const [latest] = occurrences.listed
  const now = new Set(nodes?.groups.listed.flatMap((group) => group.nodes.listed))
  const then = latest?.nodes.listed.filter((name) => !now.has(name)) ?? []
  const where = then.length === 0 ? [] : line` in ${join(then.map((one) => [words.name(one)]), ", ")}`
  const atLeast = truncated || notKnown > 0 ? "at least " : ""
  const unknown = notKnown === 0 ? "" : `, ${notKnown} of them of a cause that is not known`
  const seen = latest === undefined
    ? [`not this cause, in ${truncated ? "at least " : ""}${plural(failures, "failure")} of 90 days${unknown}`]
    : line`${atLeast}${plural(same, "time")} in 90 days, the latest ${dayOf(latest.run)}${where}, ${
      endOf(latest, words)
    }${eachOf(seenBefore)}`
  const [other] = elsewhere.listed
  const places = other === undefined ? [] : [...other.objects.listed, ...other.nodes.listed].slice(0, 2)
  return [line`Seen before: ${seen}.${
    other === undefined
      ? []
      : line` The same kind of error was elsewhere in ${dayOf(other.run)}${
        places.length === 0 ? [] : line`: ${join(places.map((one) => [words.name(one)]), ", ")}`
      }.`
  }`]
}

/** The deploys since the failure. */
export const deployedSinceLines = ({ deploysSince }: Diagnosis, words: Words): ReadonlyArray<Line> => {
  if (deploysSince === undefined) return []
  const { listed, more } = deploysSince
  const deploys = listed.map(({ reverts, run, touches }) =>
    line`${run.id} ${commitOf(run, words)}${startedAt(run, words)}${
      run.runStatus === "completed" ? [] : line`, ${words.status(run.runStatus)}`
    }${reverts ? ", a revert" : ""}${
      touches.length === 0 ? [] : line`, which names ${join(touches.map((one) => [words.name(one)]), ", ")}`
    }`
  )
  return [line`Deployed since: ${join(deploys, "; ")}${more === 0 ? "" : ` and ${more} more`}.`]
}

/** Whether the run was made good by a later one. */
export const recoveryLine = ({ outcome, recovery }: Diagnosis, words: Words): Line => {
  if (recovery === undefined) return ["Recovery: not known, as the later runs are unavailable."]
  const { by, failedSince, run, searched, state } = recovery
  const which = run === undefined ? "" : `${by === "reRun" ? "re-run" : "later run"} ${run.id}${startedAt(run, words)}`
  // A success may come after what was read.
  const among = searched.hasMore ? ` among the next ${plural(searched.rows, "run")} of the environment` : ""
  const not = searched.hasMore ? "Not known to be recovered" : "Not recovered"
  switch (state) {
    case "recovered":
      return [`Recovered: ${which} completed.`]
    case "relapsed": {
      const since = failedSince && `${failedSince.id}${startedAt(failedSince, words)}`
      return [`${not}: ${which} completed, but run ${since} failed after it${among}.`]
    }
    case "running":
      return line`Not recovered yet: ${which} is ${words.status(run?.runStatus ?? "running")}.`
    case "failedAgain":
      return [
        `${not}: ${which} failed${outcome === "canceled" ? "" : " as well"}${among && `, and none completed${among}`}.`
      ]
    case "unconfirmed":
      return recovery.heldFailedNodes === false
        ? [`Not recovered: ${which} completed, but without all of the failed nodes.`]
        : [`Not known to be recovered: ${which} completed, but whether it ran the failed nodes is not known.`]
    case "canceled":
      return run?.runStatus === "canceled"
        ? [`Not recovered: ${which} was canceled, and no other run has ended.`]
        : line`Not known to be recovered: ${which} ended with the status ${words.status(run?.runStatus ?? "")}.`
    case "notYet":
      return [`Not recovered yet: it was not run again${among}.`]
  }
}
