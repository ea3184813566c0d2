/**
 * The key facts of a diagnosis, a sentence each: what failed, why, since when, how it stands now and what to look at.
 * A client that shows nothing else has shown what matters.
 */
import type * as FailureCause from "@coalesce-runs/core/FailureCause"
import * as time from "../../result/time.ts"
import { quote } from "../../result/untrustedText.ts"
import type { Cause, Facts, NoFailure, Suspect } from "./model.ts"
import { at, bare, type Row, what } from "./row.ts"

/** Where to look, by the class of a failure. */
const look: { readonly [K in FailureCause.CauseClass]: string | undefined } = {
  missingObjectOrGrant:
    "whether the object exists, and whether the role still has its grant: Snowflake does not say which",
  invalidIdentifier: "the column or name in the node's SQL, and what its source has now",
  syntax: "the node's SQL at the place that Snowflake names",
  compilation: "the node's SQL",
  privilege: "the role's privileges on what the message names",
  dataConversion: "the source's new rows: the value that the message quotes",
  constraint: "the source's new rows that break the constraint",
  duplicateRow: "the source's rows that have the same key",
  truncation: "the value that is longer than its column",
  sizeLimit: "the size of the statement, of its result or of the file that the message names",
  divisionByZero: "the divisor in the node's SQL, and new rows where it is 0",
  warehouseOrQuota: "the warehouse and its resource monitor: no node is at fault",
  timeout: "how long the statement ran before, the size of the warehouse, and the time-out's setting",
  canceled: "who or what canceled the statement",
  lock: "what else wrote to the table at that time",
  storage: "the storage integration, the bucket's policy and the credentials behind the stage: no node is at fault",
  authenticationOrNetwork: "the credentials of the environment and the network policy: no node is at fault",
  userCode: "the procedure or function that the message names",
  internal: "Snowflake's status; it may pass when the run is started again",
  unknown: undefined
}

const isClass = (name: string): name is FailureCause.CauseClass => Object.hasOwn(look, name)

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

const classOf = ({ class: name, code }: { readonly class: string; readonly code?: string }): string =>
  code === undefined ? name : `${name} ${code}`

/** The node of a group that failed first. */
export const nodeName = ({ names: [name] }: Cause): string => name === undefined ? "a node" : bare(name)

const nodes = (facts: Facts): string => {
  const { nodes, blocked } = facts
  if (nodes === undefined) return "which nodes failed is not known, as the node results could not be read"
  if (nodes["total"] === 0) return "the run has no node results"
  const skipped = nodes["skipped"] ?? 0
  const causes = (facts.causes?.length ?? 0) + (facts.moreCauses ?? 0)
  return `${nodes["failed"] ?? 0} of ${plural(nodes["total"] ?? 0, "node")} failed` +
    (causes > 1 ? ` of ${causes} causes` : "") +
    (blocked === undefined ? "" : `, ${skipped} blocked by them did not run`) +
    (nodes["unknown"] === undefined ? "" : `, ${nodes["unknown"]} in a state that is not known`)
}

const why = (facts: Facts): string => {
  const { causes: [first] = [], run } = facts
  const says = first?.message !== undefined
    ? `${nodeName(first)}${first.nodes > 1 ? ` and ${first.nodes - 1} more` : ""}: ${quote(first.message)} (${
      classOf(first)
    })`
    : run?.runFailureReason !== undefined && run.class !== undefined
    ? `${quote(run.runFailureReason)} (${
      classOf({ class: run.class, ...(run.code === undefined ? {} : { code: run.code }) })
    })`
    : "no message says why"
  return `Why: ${says}. ${nodes(facts)[0]?.toUpperCase()}${nodes(facts).slice(1)}.`
}

/** How the cause of a failure compares with that of another, whose name follows. */
const compared = (cause: string | undefined): string =>
  cause === "same"
    ? "with the same cause as"
    : cause === "partly"
    ? "with partly the same cause as"
    : cause === "different"
    ? "with another cause than"
    : "not known whether with the same cause as"

const since = ({ history, run }: Facts): string => {
  if (history === undefined || run === undefined) return "Since: not known, as the earlier runs could not be read."
  const { earlierFailure, failuresInARow, firstFailure, lastSuccess, recent, searched } = history
  const ofWhat = history.sameBy === "job" ? "this job" : history.sameBy === "deploy" ? "deploys here" : "this selector"
  const success = lastSuccess === undefined
    ? `no success of ${ofWhat} found in ${plural(searched.rows, "run")} of the environment${
      searched.since === undefined ? "" : ` back to ${searched.since.slice(0, 10)}`
    }${
      searched.ended === "limit"
        ? ", the limit of this search"
        : searched.ended === "unreadable"
        ? ", then unreadable"
        : ""
    }`
    : `last success ${lastSuccess.id}${at(lastSuccess)}`
  const row = failuresInARow === 1
    ? "this run is the first failure"
    : `run ${firstFailure.id}${at(firstFailure)}, ${failuresInARow} failures in a row, this one ${
      compared(history.sameCause)
    } the first`
  const canceled = history.canceledInBetween === undefined ? "" : `; ${history.canceledInBetween} canceled in between`
  const earlier = earlierFailure === undefined
    ? ""
    : ` Before that success ${earlierFailure.id}${at(earlierFailure)} failed, ${
      compared(history.earlierSameCause)
    } ${firstFailure.id}.`
  const all = recent.failed + recent.completed
  return `Since: ${row}; ${success}${canceled}. ${recent.failed} of ${
    plural(all, "ended run")
  } of ${ofWhat} failed.${earlier}`
}

const now = ({ aftermath, outcome }: Facts): string => {
  if (aftermath === undefined) return "Now: not known, as the later runs could not be read."
  const { by, failedSince, isWhole, run, searchedRows, state } = aftermath
  const which = `${by === "reRun" ? "re-run" : "later run"} ${run?.id}${run === undefined ? "" : at(run)}`
  switch (state) {
    case "succeeded":
      return failedSince === undefined
        ? `Now: over, as it seems: ${which} completed.`
        : `Now: ${which} completed, but ${failedSince.id}${at(failedSince)} failed after it.`
    case "running":
      return `Now: ${which} is ${bare(run?.runStatus ?? state)}.`
    case "failed":
      return `Now: ${which} failed${outcome === "canceled" ? "" : " as well"}.`
    case "canceled":
      return `Now: ${which} was canceled, and none has ended otherwise.`
    default:
      return `Now: not run again${isWhole ? "" : ` among the next ${searchedRows} runs of the environment`}.`
  }
}

/** A suspect in a few words. */
const suspected = ({ kind, run, what }: Suspect): string =>
  run === undefined
    ? `${kind} ${what}`
    : `${what}${run.deployCommitMessage === undefined ? "" : ` ${quote(run.deployCommitMessage)}`}`

const lookAt = ({ causes: [first] = [], run, suspects = [] }: Facts): string => {
  const name = first?.class ?? run?.class ?? "unknown"
  const place = isClass(name) ? look[name] : undefined
  const more = suspects.length > 2 ? ` and ${suspects.length - 2} more` : ""
  const parts = [
    ...(suspects.length === 0
      ? []
      : [`${suspects.slice(0, 2).map(suspected).join(", ")}${more} (suspected, not proven)`]),
    ...(place === undefined ? [] : [place])
  ]
  const isSaid = first?.message !== undefined || run?.runFailureReason !== undefined
  const otherwise = isSaid ? "the message, and the SQL of the node" : "the run in Coalesce, as nothing here says why"
  return `Look at: ${parts.length === 0 ? otherwise : parts.join("; ")}.`
}

const took = ({ durationSeconds }: Row): string =>
  durationSeconds === undefined ? "" : `, after ${time.shortDuration(durationSeconds)}`

const failed = (facts: Facts, kind: string): ReadonlyArray<string> => {
  const { otherFailures = [], moreFailures = 0, reRunOf, run } = facts
  if (run === undefined) return []
  const others = otherFailures.length + moreFailures
  return [
    `Run ${run.id} failed: ${what(run)}${at(run)}${took(run)}.` +
    (reRunOf === undefined
      ? run.reRunID === undefined ? "" : ` It is a re-run of ${run.reRunID}.`
      : ` It is a re-run of ${reRunOf.id}${at(reRunOf)}, ${compared(reRunOf.sameCause)} that.`) +
    (others === 0 ? "" : ` The latest of ${others + 1} failed ${kind} in the interval.`),
    why(facts),
    since(facts),
    now(facts),
    lookAt(facts)
  ]
}

const counts = ({ atLeast, statuses }: NoFailure): string =>
  (atLeast ? "at least " : "") +
  Object.entries(statuses).map(([status, count]) => `${count} ${bare(status)}`).join(", ")

const noneFailed = (facts: Facts, kind: string): ReadonlyArray<string> => {
  const { noFailure } = facts
  if (noFailure === undefined) return []
  const { nearest, nearestSide } = noFailure
  const ran = facts.outcome === "nothingRan"
    ? `No ${kind} started in the interval, so none failed. ${
      nearest === undefined
        ? "None was found near it either."
        : `The nearest, ${nearestSide} it, is run ${nearest.id}, ${what(nearest)}, ${bare(nearest.runStatus)}${
          at(nearest)
        }.`
    }`
    : Object.keys(noFailure.statuses).length === 0
    ? `No failed ${kind} was found in the interval, of which not all runs could be read.`
    : `No ${kind} failed in the interval${noFailure.isCertain ? "" : ", as far as it was read"}: ${counts(noFailure)}.`
  const tests = noFailure.failedTests?.length ?? 0
  return [
    ran,
    ...(tests === 0 ? [] : [`But data tests failed, which does not fail a run: ${tests} are listed.`])
  ]
}

const other: Readonly<Record<string, string>> = {
  completed: "completed, so it did not fail",
  running: "has not ended, and has not failed so far",
  waiting: "is waiting and never started, so it did not fail",
  canceled: "was canceled, and did not fail by itself",
  otherStatus: "is in a status that is not known here"
}

const byItself = (facts: Facts): ReadonlyArray<string> => {
  const { aftermath, failedTests = [], nodes, run } = facts
  if (run === undefined) return []
  const states = Object.entries(nodes ?? {}).filter(([key]) => key !== "total").map(([key, count]) => `${count} ${key}`)
  return [
    `Run ${run.id} ${other[facts.outcome] ?? bare(run.runStatus)}: ${what(run)}, ${bare(run.runStatus)}${at(run)}${
      took(run)
    }.`,
    ...(nodes === undefined || nodes["total"] === 0
      ? []
      : [`${plural(nodes["total"] ?? 0, "node")}: ${states.join(", ")}.`]),
    ...(failedTests.length === 0 ? [] : ["Data tests failed in it, which does not fail a run."]),
    ...(facts.outcome === "canceled" && aftermath !== undefined ? [now(facts)] : [])
  ]
}

export const make = (facts: Facts, runType: string): ReadonlyArray<string> =>
  facts.outcome === "failed"
    ? failed(facts, runType === "deploy" ? "deploys" : "refreshes")
    : facts.noFailure !== undefined
    ? noneFailed(facts, runType)
    : byItself(facts)

/** How a group of failed nodes is called in text: its class and code. */
export const label = (cause: Cause): string => classOf(cause)
