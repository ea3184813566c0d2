/** Decides which incidents are told now, and makes their messages. */
import type * as Report from "@coalesce-runs/core/Report"
import * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import * as RunHealth from "@coalesce-runs/core/RunHealth"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { brief } from "./brief.ts"
import { foundIn } from "./findings.ts"
import type { Incident, Message, Why } from "./model.ts"
import { loopGap, night, type Options } from "./options.ts"

/** After so long without a failure nobody makes it good any more: the run is beyond every history. */
const longest = Duration.days(28)

const maxListed = 20

const isPast = (time: DateTime.Utc, after: Duration.Input, at: DateTime.Utc): boolean =>
  DateTime.isLessThanOrEqualTo(DateTime.addDuration(time, after), at)

/** What is to be told of an incident now, `forget` if it is not to be kept, and nothing if it stays as it is. */
export const dueOf = (
  incident: Incident,
  at: DateTime.Utc,
  { remindEvery, resolveAfter = loopGap }: Options
): Why | "forget" | undefined => {
  const { loop, often, overAt, pending, quietUntil, relapses, resolvedAt, toldAt, until } = incident
  if (resolvedAt !== undefined) return isPast(resolvedAt, night, at) ? "forget" : undefined
  if (overAt !== undefined) {
    const isGone = pending?.why === "gone" || pending?.why === "expired"
    // Flakes that nobody was told of may be a loop.
    if (toldAt === undefined) return isGone || isPast(until, loopGap, at) ? "forget" : undefined
    // What came back once is over when it stays away, and so is what may come back soon.
    const isSteady = relapses > 0
      ? isPast(overAt, night, at)
      : isGone || !(loop || often === true) || isPast(until, resolveAfter, at)
    return !isSteady ? undefined : isGone ? pending.why : "recovered"
  }
  if (quietUntil !== undefined && DateTime.isGreaterThan(quietUntil, at)) return undefined
  if (pending !== undefined && DateTime.isLessThanOrEqualTo(pending.notBefore, at)) return pending.why
  if (incident.kind === "failures" && isPast(until, longest, at)) return "expired"
  return toldAt !== undefined && remindEvery !== undefined && isPast(toldAt, remindEvery, at) ? "reminder" : undefined
}

/** What was read for the messages. */
export interface Facts {
  readonly diagnoses: ReadonlyArray<RunDiagnosis.Diagnosis>
  readonly health: RunHealth.Health | undefined
}

type Body = Pick<Message, "diagnosis" | "finding" | "report" | "runLink">

const briefDiagnosis = brief(RunDiagnosis.Diagnosis)
const briefHealth = brief(RunHealth.Health)

/** Tells what was told last or, of the watch, what it says of itself. */
const ofLast = ({ report }: Incident): Body | undefined => report && { report }

/** Returns the diagnosis of the latest run of an incident among these. */
const ofDiagnosis = (incident: Incident, { diagnoses }: Facts, options: Options): Body | undefined => {
  const found =
    incident.jobs.flatMap(({ runID }) => diagnoses.filter(({ run }) => run !== undefined && run.id === runID))[0]
  if (found === undefined) return incident.overAt === undefined ? undefined : ofLast(incident)
  const diagnosis = options.details === "full" ? found : briefDiagnosis(found)
  const runLink = diagnosis.run?.runLink
  return {
    diagnosis,
    report: RunDiagnosis.report(diagnosis, options.report),
    ...(runLink === undefined ? {} : { runLink })
  }
}

const ofFinding = (incident: Incident, { health }: Facts, options: Options): Body | undefined => {
  const found = health && foundIn(health).find(({ key }) => key === incident.key)
  if (health === undefined || found === undefined) return ofLast(incident)
  const alone = { ...health, findings: [found.finding], unavailable: [] }
  const shown = options.details === "full" ? alone : briefHealth(alone)
  const [finding = found.finding] = shown.findings
  return { finding, report: named(RunHealth.report(shown, options.report)) }
}

/** Lets a report of one finding begin with it: a headline that counts one thing does not say which job it is. */
const named = (report: Report.Report): Report.Report => {
  const [first, ...sections] = report.sections
  const [row] = first?.rows ?? []
  return first?.title === undefined || row === undefined
    ? report
    : { ...report, headline: [...first.title, ": ", ...row.cells.flat()], sections }
}

const statusOf = ({ toldAt }: Incident, why: Why): Message["status"] =>
  why === "recovered" || why === "gone" || why === "expired" ? "resolved" : toldAt === undefined ? "opened" : "updated"

const messageOf = (incident: Incident, why: Why, at: DateTime.Utc, body: Body): Message => {
  const { cause, environmentID, failures, id, jobs, kind, messages, moreJobs, severity, since, until } = incident
  const listed = jobs.slice(0, maxListed)
  return {
    id: `${id}-${messages + 1}`,
    incidentID: id,
    sequence: messages + 1,
    status: statusOf(incident, why),
    why,
    at,
    kind,
    severity,
    ...(environmentID === undefined ? {} : { environmentID }),
    ...(cause === undefined ? {} : { cause }),
    since,
    until,
    failures,
    jobs: { listed, more: jobs.length - listed.length + moreJobs },
    ...body
  }
}

const afterMessage = (incident: Incident, { at, report, status }: Message): Incident => {
  const { pending: _, quietUntil: _quiet, ...rest } = incident
  return {
    ...rest,
    messages: incident.messages + 1,
    toldAt: at,
    ...(status === "resolved" ? { resolvedAt: at } : {}),
    // A finding may not be found any more, and a run may be deleted: then this is all that is known of it.
    report: incident.kind === "failures" ? { ...report, lines: [], sections: [], nextSteps: [] } : report
  }
}

/** Makes the message of an incident that is due, if what it needs was read. Returns no incident if it is to be forgotten. */
export const tell = (
  incident: Incident,
  at: DateTime.Utc,
  facts: Facts,
  options: Options
): readonly [incident: Incident | undefined, message?: Message] => {
  const why = dueOf(incident, at, options)
  if (why === undefined) return [incident]
  if (why === "forget") return [undefined]
  const body = incident.kind === "failures"
    ? ofDiagnosis(incident, facts, options)
    : ofFinding(incident, facts, options)
  if (body === undefined) return [incident]
  const message = messageOf(incident, why, at, body)
  return [afterMessage(incident, message), message]
}
