/** The next steps of a report: at most three calls that answer a further question. */
import * as DateTime from "effect/DateTime"
import { maxReadable } from "../list/report.ts"
import type { NextStep } from "../report/model.ts"
import { isoUtc } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { isOther } from "./compare.ts"
import type { DiagnosedRun, Diagnosis, NoFailure } from "./model.ts"

const maxSteps = 3

/** The seven days up to now if the run is in them, otherwise the seven days up to its own. */
const weekOf = ({ runStartTime }: DiagnosedRun, now: DateTime.Utc): NextStep["arguments"] => {
  const weekAgo = DateTime.subtract(now, { days: 7 })
  if (runStartTime === undefined || DateTime.isGreaterThan(runStartTime, weekAgo)) return { window: "last_7_days" }
  const day = (time: DateTime.Utc) => DateTime.formatIsoDateUtc(time)
  return { since: day(DateTime.subtract(runStartTime, { days: 6 })), until: day(runStartTime) }
}

/** An id that would have to be cleaned is left out: cleaned, it would be another. */
const environmentOf = ({ environmentID }: DiagnosedRun, { bounds, text }: Words): NextStep["arguments"] =>
  environmentID === undefined || text(environmentID, bounds.id) !== environmentID ? {} : { environmentID }

const filterOf = ({ filter: { environmentID, jobID, projectID } }: Diagnosis): NextStep["arguments"] =>
  omitUndefined({ environmentID, projectID, jobID: jobID?.toString() })

const endsOf = ({ window }: Diagnosis): NextStep["arguments"] =>
  window === undefined ? {} : { since: isoUtc(window.since), until: isoUtc(window.until) }

const diagnoseStep = (runID: number | undefined, why: string): ReadonlyArray<NextStep> =>
  runID === undefined ? [] : [{ action: "diagnose", arguments: { runID }, why }]

const inspectStep = (runID: number | undefined, why: string): ReadonlyArray<NextStep> =>
  runID === undefined ? [] : [{ action: "inspect", arguments: { runID }, why }]

const listStep = (args: NextStep["arguments"], why: string): NextStep => ({ action: "list", arguments: args, why })

const checkStep = (diagnosis: Diagnosis, why: string): NextStep => ({
  action: "check",
  // Without a window it checks last night, up to now.
  arguments: { ...(diagnosis.window?.name === "last_night" ? {} : endsOf(diagnosis)), ...filterOf(diagnosis) },
  why
})

const retrySteps = (diagnosis: Diagnosis): ReadonlyArray<NextStep> => {
  if (!diagnosis.unavailable.some(({ isRetryable }) => isRetryable)) return []
  const why = "to retry what is unavailable"
  if (diagnosis.window === undefined) return diagnoseStep(diagnosis.run?.id, why)
  const type = diagnosis.filter.runType === "deploy" ? { runType: "deploy" } : {}
  return [{ action: "diagnose", arguments: { ...endsOf(diagnosis), ...filterOf(diagnosis), ...type }, why }]
}

const failureSteps = (diagnosis: Diagnosis, run: DiagnosedRun, words: Words): ReadonlyArray<NextStep> => {
  const { diagnosedAt, filter, history, nodes, otherFailures, recovery } = diagnosis
  const { notKnown = 0, other = 0 } = otherFailures.causes ?? {}
  return [
    ...(recovery?.state === "failedAgain" ? diagnoseStep(recovery.run?.id, "why it failed again") : []),
    ...diagnoseStep(recovery?.failedSince?.id, "why it failed since"),
    ...(other + notKnown > 0 ? [checkStep(diagnosis, "the causes of the other failures")] : []),
    ...(otherFailures.more === 0 ? [] : [
      listStep({
        ...endsOf(diagnosis),
        ...filterOf(diagnosis),
        runType: filter.runType ?? "refresh",
        runStatus: "failed",
        limit: maxReadable
      }, "all that failed")
    ]),
    ...(isOther(history?.comparedWithFirst)
      ? diagnoseStep(history?.firstFailure.id, "why the first failure of the streak failed")
      : []),
    // Of several causes not all is told.
    ...(nodes !== undefined && nodes.groups.listed.length + nodes.groups.more > 1
      ? inspectStep(run.id, "its nodes, beside the last success")
      : history === undefined
      ? []
      : [{
        action: "summarize" as const,
        arguments: {
          ...weekOf(run, diagnosedAt),
          ...environmentOf(run, words),
          ...(run.jobID === undefined ? { runType: run.runType } : { jobID: String(run.jobID) }),
          groupBy: "day"
        },
        why: "each night"
      }])
  ]
}

const quietSteps = (diagnosis: Diagnosis, noFailure: NoFailure): ReadonlyArray<NextStep> => {
  const [failed] = noFailure.failedOfOtherType.listed
  const [running] = noFailure.stillRunning.listed
  return [
    ...diagnoseStep(failed?.id, `why this ${failed?.runType === "deploy" ? "deploy" : "run"} failed`),
    ...diagnoseStep(noFailure.dataTests.failures[0]?.run.id, "its data tests"),
    ...diagnoseStep(noFailure.olderFailure?.id, "why that older run failed"),
    ...(diagnosis.outcome === "nothingRan"
      ? [listStep({ window: "last_7_days", ...filterOf(diagnosis) }, "what ran lately")]
      : []),
    ...(noFailure.didNotRun.more === 0 ? [] : [checkStep(diagnosis, "what else did not run")]),
    ...inspectStep(running?.id, "how far it is, at which nodes"),
    ...(running === undefined ? diagnoseStep(noFailure.waiting.listed[0]?.id, "how far it is") : [])
  ]
}

/** What happened inside a run that was asked for by its id and has not failed. One that waits has no inside. */
const insideSteps = ({ outcome }: Diagnosis, { id }: DiagnosedRun): ReadonlyArray<NextStep> =>
  outcome === "waiting"
    ? []
    : inspectStep(id, outcome === "running" ? "how far it is, at which nodes" : "what happened inside, node by node")

/** `timeZone` is the zone that the reader asked for. */
export const nextSteps = (
  diagnosis: Diagnosis,
  timeZone: string | undefined,
  words: Words
): ReadonlyArray<NextStep> => {
  const { noFailure, outcome, run } = diagnosis
  const steps = [
    ...retrySteps(diagnosis),
    ...(run === undefined
      ? []
      : outcome === "failed"
      ? failureSteps(diagnosis, run, words)
      : insideSteps(diagnosis, run)),
    ...(noFailure === undefined ? [] : quietSteps(diagnosis, noFailure))
  ].map((step) => ({ ...step, arguments: { ...step.arguments, ...omitUndefined({ timeZone }) } }))
  const isFirst = (step: NextStep, index: number) =>
    steps.findIndex((other) =>
      other.action === step.action && JSON.stringify(other.arguments) === JSON.stringify(step.arguments)
    ) === index
  return steps.filter(isFirst).slice(0, maxSteps)
}
