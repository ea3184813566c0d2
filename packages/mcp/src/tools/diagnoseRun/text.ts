/** The answer of `diagnose_run` as text: the key facts, then the evidence for them, and calls that lead on. */
import * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as interval from "../../input/window.ts"
import * as reasons from "../../result/reasons.ts"
import { quote } from "../../result/untrustedText.ts"
import type { Cause, Content, NoFailure, Test, Unread } from "./model.ts"
import { at, bare, type Row, what } from "./row.ts"
import type { Sql } from "./sql.ts"
import { label, nodeName } from "./summary.ts"

export interface Options {
  readonly content: Content
  readonly window: RunWindow.RunWindow | undefined
  readonly zoneName: string
  /** What was asked for beside the window, in words. */
  readonly asked: string
}

const listed = (names: ReadonlyArray<string>, all: number): string =>
  names.join(", ") + (all > names.length ? ` and ${all - names.length} more` : "")

const excerpt = (sql: Sql): ReadonlyArray<string> => {
  const { cutCharacters, faultLine, fromLine, lines, totalLines } = sql
  const cut = cutCharacters === 0 ? "" : `, ${cutCharacters} characters cut`
  // What was cut out of the one line is said in it.
  if (fromLine === undefined) return [`   SQL (${totalLines} lines):`, ...lines.map((line) => `   | ${line}`)]
  return [
    `   SQL (lines ${fromLine}–${fromLine + lines.length - 1} of ${totalLines}${cut}):`,
    ...lines.map((line, index) => `   ${fromLine + index === faultLine ? ">" : "|"} ${line}`)
  ]
}

/** Evidence in one line, of the node that failed first in its group. */
const details = (cause: Cause, commonWarehouse: boolean): string => {
  const { nodes, queryID, sqlState, stage, warehouse } = cause
  const said = [
    ...(stage === undefined ? [] : [`stage ${quote(stage)}`]),
    ...(sqlState === undefined ? [] : [`SQLSTATE ${sqlState}`]),
    ...(queryID === undefined ? [] : [`query ${bare(queryID)}`]),
    ...(warehouse === undefined || commonWarehouse ? [] : [`warehouse ${quote(warehouse)}`])
  ]
  return said.length === 0 ? "" : `   ${nodes > 1 ? `${nodeName(cause)}: ` : ""}${said.join(", ")}`
}

const cause = (cause: Cause, index: number, all: ReadonlyArray<Cause>): ReadonlyArray<string> => {
  const { message, moreMessages, names, otherMessages = [], sql } = cause
  const nodes = cause.nodes === 1 ? nodeName(cause) : `${cause.nodes} nodes: ${listed(names.map(bare), cause.nodes)}`
  // The message of the first stands in the summary.
  const said = index === 0 || message === undefined ? "" : `: ${quote(message)}`
  const line = details(cause, index > 0 && cause.warehouse === all[0]?.warehouse)
  return [
    `${all.length === 1 ? "-" : `${index + 1}.`} ${label(cause)}, ${nodes}${said}`,
    ...(line === "" ? [] : [line]),
    ...(otherMessages.length === 0 ? [] : [
      `   also ${otherMessages.map(quote).join(", ")}${
        moreMessages === undefined ? "" : ` and ${moreMessages} more messages`
      }`
    ]),
    ...(sql === undefined || sql.lines.length === 0 ? [] : excerpt(sql))
  ]
}

const failedNodes = ({ causes = [], moreCauses, run }: Content): ReadonlyArray<string> => {
  const [first] = causes
  const isSaid = first?.class === run?.class && first?.message !== undefined
  return [
    ...(first === undefined || run?.runFailureReason === undefined || isSaid
      ? []
      : [`The run's own reason: ${quote(run.runFailureReason)} (${run.class})`]),
    ...(causes.length === 0 ? [] : ["Failed nodes, by cause:"]),
    ...causes.flatMap(cause),
    ...(moreCauses === undefined ? [] : [`and ${moreCauses} more causes`])
  ]
}

const blocked = ({ blocked = [], nodes }: Content): ReadonlyArray<string> => {
  const all = nodes?.["skipped"] ?? 0
  return blocked.length === 0 ? [] : [`Blocked (${all}): ${listed(blocked.map(bare), all)}`]
}

const test = ({ message, node, runID, test }: Test): string =>
  `- ${runID === undefined ? "" : `run ${runID}, `}${bare(node)}: ${test === undefined ? "a test" : quote(test)}${
    message === undefined ? "" : `: ${quote(message)}`
  }`

const tests = (found: ReadonlyArray<Test> | undefined, more: number | undefined): ReadonlyArray<string> =>
  found === undefined || found.length === 0 ? [] : [
    "Failed data tests (they fail no run):",
    ...found.map(test),
    ...(more === undefined ? [] : [`- and ${more} more`])
  ]

const suspects = ({ history, moreDeploys, run, suspects = [] }: Content): ReadonlyArray<string> => {
  if (history === undefined || run?.runType !== "refresh") return []
  if (suspects.length === 0) {
    return history.lastSuccess === undefined ? [] : [
      `Suspects: none. Between runs ${history.lastSuccess.id} and ${history.firstFailure.id} no deploy came to the ` +
      "environment, and default parameters, nodes, selector and sign-in are the same, as far as the API shows them"
    ]
  }
  return [
    "Suspects, not verdicts:",
    ...suspects.map(({ kind, run, what: said, why }) =>
      `- ${run === undefined ? `${kind} ${said}` : `${run.id}, ${what(run)}${at(run)}`}. ${why}`
    ),
    ...(moreDeploys === undefined ? [] : [`- and ${moreDeploys} more deploys`])
  ]
}

const reRuns = ({ aftermath, outcome }: Content): ReadonlyArray<string> => {
  if (aftermath === undefined || (outcome !== "failed" && outcome !== "canceled")) return []
  const { laterRuns, moreReRuns = 0, reRuns } = aftermath
  const again = reRuns.map((run) => `${run.id} ${bare(run.runStatus)}${at(run)}`)
  return [
    ...(again.length === 0 ? [] : [`Re-runs: ${listed(again, again.length + moreReRuns)}`]),
    ...(laterRuns === 0 ? [] : [`Later runs of the same job: ${laterRuns}`])
  ]
}

const failures = (content: Content): ReadonlyArray<string> => {
  const { moreFailures, otherFailures = [], run } = content
  if (otherFailures.length === 0) return []
  const said = reasons.sayOnce(
    [...(run === undefined ? [] : [run]), ...otherFailures].map(({ id, runFailureReason }) => ({
      id,
      reason: runFailureReason
    }))
  )
  return [
    "Also failed in the interval:",
    ...otherFailures.map((run) => `- ${run.id}, ${what(run)}${at(run)}: ${said.get(run.id) ?? "no reason given"}`),
    ...(moreFailures === undefined ? [] : [`- and ${moreFailures} more`])
  ]
}

const lines = (title: string, runs: ReadonlyArray<Row> | undefined, more: number | undefined): ReadonlyArray<string> =>
  runs === undefined ? [] : [
    `${title}: ${
      runs.map((run) =>
        `${run.id}, ${what(run)}${at(run)}${
          run.runFailureReason === undefined ? "" : `: ${quote(run.runFailureReason)}`
        }`
      ).join("; ")
    }${more === undefined ? "" : ` and ${more} more`}`
  ]

const quiet = (found: NoFailure | undefined): ReadonlyArray<string> => {
  if (found === undefined) return []
  const { atLeast, more = {}, olderFailure, testsNotReadOf, testsReadOf } = found
  const completed = found.ran.filter(({ runStatus }) => runStatus === "completed")
  return [
    ...tests(found.failedTests, more["failedTests"]),
    ...lines("Failed, of the other type", found.failedOfOtherType, more["failedOfOtherType"]),
    ...lines("Still running", found.stillRunning, more["stillRunning"]),
    ...lines("Canceled", found.canceled, more["canceled"]),
    ...lines("Waiting, never started", found.waiting, more["waiting"]),
    ...lines("Completed", completed.length === 0 ? undefined : completed, more["ran"]),
    ...(testsReadOf.length + testsNotReadOf === 0 ? [] : [
      `Data tests were looked at in ${testsReadOf.length} completed runs${
        testsNotReadOf === 0 ? "" : `, and not in ${atLeast ? "at least " : ""}${testsNotReadOf} more`
      }`
    ]),
    ...lines(
      "Latest failure before the interval, not diagnosed",
      olderFailure === undefined ? undefined : [olderFailure],
      undefined
    )
  ]
}

const parts: Readonly<Record<string, string>> = {
  run: "the run",
  details: "the details",
  reason: "the reason",
  reasons: "the reasons of failed runs",
  results: "the node results",
  link: "the web page",
  history: "the earlier runs",
  laterRuns: "the later runs",
  firstFailure: "the node results of the first failure",
  runsOfWindow: "runs of the interval",
  waitingRuns: "waiting runs",
  nearestRun: "the nearest run",
  dataTests: "the data tests"
}

const unread = ({ error, isRetryable, message, part, runID, status }: Unread): string =>
  `- ${parts[part] ?? part}${runID === undefined ? "" : ` of run ${runID}`}: ${
    status === undefined ? error : `${status} ${error}`
  }: ${quote(message)}${isRetryable ? " Trying again can help." : ""}`

export const render = ({ asked, content, window, zoneName }: Options): string =>
  [
    ...content.summary,
    ...failedNodes(content),
    ...blocked(content),
    ...tests(content.failedTests, content.moreFailedTests),
    ...suspects(content),
    ...reRuns(content),
    ...failures(content),
    ...quiet(content.noFailure),
    ...(content.couldNotRead === undefined ? [] : ["Could not read:", ...content.couldNotRead.map(unread)]),
    ...(content.run?.runLink === undefined ? [] : [`Page: ${content.run.runLink}`]),
    window === undefined
      ? `Times in ${zoneName}`
      : `Interval${asked}: ${content.noFailure === undefined ? RunWindow.format(window) : interval.toText(window)}`,
    ...content.nextCalls.map(({ arguments: args, tool, why }) => `Next: ${tool} ${JSON.stringify(args)} ${why}`)
  ].join("\n")
