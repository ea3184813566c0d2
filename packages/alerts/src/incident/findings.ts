/** Puts the other findings of a check into incidents. */
import * as RunHealth from "@coalesce-runs/core/RunHealth"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { findingKey, identityOf, incidentID } from "./key.ts"
import type { Incident, Job, Kind, Severity, Why } from "./model.ts"
import { night } from "./options.ts"

type Finding = Exclude<RunHealth.Finding, { readonly kind: "failedBefore" | "failures" }>

const severities: { readonly [K in Kind]: Severity } = {
  failures: "critical",
  missing: "critical",
  stopped: "critical",
  stuck: "critical",
  failedNodes: "warning",
  long: "warning",
  waiting: "warning",
  late: "warning",
  otherStatus: "warning",
  noNodes: "warning",
  fewerNodes: "warning",
  noRows: "warning",
  failedTests: "warning",
  slow: "info",
  watch: "critical"
}

/** The kinds from the first that a thing is to what it may become. */
const isWorse = (kind: Kind, before: Kind): boolean =>
  severities[kind] === "critical" && severities[before] !== "critical"

/** A job that started late has started: nobody needs to be told. */
const hasStarted = (finding: Finding): boolean => finding.kind === "late" && finding.run !== undefined

const isOther = (finding: RunHealth.Finding): finding is Finding =>
  finding.kind !== "failures" && finding.kind !== "failedBefore"

const jobOf = (finding: Finding, at: DateTime.Utc): Job => {
  const { run } = finding
  const when = "expectedAt" in finding || "since" in finding ? finding.expectedAt ?? finding.since : undefined
  return {
    ...identityOf("runType" in finding ? finding : finding.run),
    ...(run === undefined ? {} : { runID: run.id }),
    failures: 1,
    succession: 1,
    at: when ?? run?.runEndTime ?? run?.runStartTime ?? at,
    over: false
  }
}

/** A finding of a check, with the incident that it belongs to. */
export interface Found {
  readonly key: string
  readonly finding: Finding
  readonly job: Job
}

/** Returns what a check found beside failures. */
export const foundIn = (health: RunHealth.Health): ReadonlyArray<Found> =>
  health.findings.filter(isOther).filter((finding) => !hasStarted(finding)).map((finding) => {
    const job = jobOf(finding, health.checkedAt)
    return { key: findingKey(finding.kind, job), finding, job }
  })

const opened = ({ finding, job, key }: Found, { checkedAt, filter }: RunHealth.Health): Incident => ({
  id: incidentID(key, job.at),
  key,
  kind: finding.kind,
  severity: severities[finding.kind],
  ...(job.environmentID === undefined ? {} : { environmentID: job.environmentID }),
  since: job.at,
  until: job.at,
  failures: 1,
  jobs: [job],
  moreJobs: 0,
  loop: false,
  messages: 0,
  pending: { why: "first", notBefore: checkedAt },
  relapses: 0,
  filter
})

const seenAgain = (incident: Incident, { finding: { kind }, job }: Found, at: DateTime.Utc): Incident => {
  const isNew = DateTime.isGreaterThan(job.at, incident.until)
  const why: Why | undefined = isWorse(kind, incident.kind)
    ? "worse"
    : Duration.isGreaterThanOrEqualTo(DateTime.distance(incident.until, job.at), night)
    ? "anotherNight"
    : undefined
  const { overAt: _, resolvedAt: _resolved, ...rest } = incident
  return {
    ...rest,
    kind,
    severity: severities[kind],
    until: DateTime.max(incident.until, job.at),
    failures: incident.failures + (isNew ? 1 : 0),
    jobs: [job],
    relapses: incident.relapses + (incident.resolvedAt === undefined ? 0 : 1),
    ...(incident.resolvedAt !== undefined
      ? { pending: { why: "again" as const, notBefore: at } }
      : why === undefined || incident.pending !== undefined
      ? {}
      : { pending: { why, notBefore: at } })
  }
}

const sameFilter = Schema.toEquivalence(RunHealth.Health.fields.filter)

/** A check says that something is over only if it read all that it would have found it in. */
const isWhole = ({ ran, unavailable }: RunHealth.Health): boolean => !ran.truncated && unavailable.length === 0

/** Ends what the check no longer finds. What lies before its window it cannot find: that is `expired`. */
const notFound = (incident: Incident, health: RunHealth.Health): Incident => {
  const { checkedAt, filter, window } = health
  if (
    incident.filter === undefined || incident.overAt !== undefined || !isWhole(health) ||
    !sameFilter(incident.filter, filter)
  ) return incident
  const isInWindow = DateTime.isGreaterThanOrEqualTo(incident.until, window.since)
  const why: Why = isInWindow ? "gone" : "expired"
  return {
    ...incident,
    jobs: incident.jobs.map((job) => ({ ...job, over: true })),
    overAt: checkedAt,
    pending: { why, notBefore: checkedAt }
  }
}

/** Puts what a check found into incidents, and ends those that it no longer finds. */
export const addFindings = (
  incidents: ReadonlyArray<Incident>,
  health: RunHealth.Health
): ReadonlyArray<Incident> => {
  const found = new Map(foundIn(health).map((one) => [one.key, one]))
  const known = incidents.map((incident) => {
    const one = incident.kind === "failures" ? undefined : found.get(incident.key)
    if (one === undefined) return notFound(incident, health)
    found.delete(incident.key)
    return seenAgain(incident, one, health.checkedAt)
  })
  return [...known, ...[...found.values()].map((one) => opened(one, health))]
}
