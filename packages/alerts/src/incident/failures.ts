/** Puts failed runs into incidents: from a diagnosis of one, or from the causes that a check found. */
import * as FailureCause from "@coalesce-runs/core/FailureCause"
import * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import type * as RunHealth from "@coalesce-runs/core/RunHealth"
import type { RunLine } from "@coalesce-runs/core/RunList"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { brief } from "./brief.ts"
import { failuresKey, identityOf, incidentID } from "./key.ts"
import type { Incident, Job, Why } from "./model.ts"
import { loopGap, loopLength, maxJobs, night, type Options, quietOf, updateAfter } from "./options.ts"

/** A failed run, whatever said so. */
export interface Failure {
  readonly run: RunLine
  readonly cause: FailureCause.FailureCause | undefined
  /** What is known of whether it is over. */
  readonly recovery: RunDiagnosis.Recovery["state"] | undefined
  /** Whether its job passed within an hour before it, or passes within an hour after it without being run again. */
  readonly often: boolean
}

const endOf = ({ runEndTime, runStartTime }: RunLine): DateTime.Utc | undefined => runEndTime ?? runStartTime

const isNear = (a: DateTime.Utc | undefined, b: DateTime.Utc | undefined): boolean =>
  a !== undefined && b !== undefined && Duration.isLessThanOrEqualTo(Duration.abs(DateTime.distance(a, b)), loopGap)

const passesOften = (
  run: RunLine,
  lastSuccess: RunLine | undefined,
  recovery: Pick<RunDiagnosis.Recovery, "by" | "run" | "state"> | undefined
): boolean =>
  [lastSuccess, recovery?.state === "recovered" && recovery.by === "laterRun" ? recovery.run : undefined]
    .some((success) => success !== undefined && isNear(endOf(success), endOf(run)))

/** The cause of a diagnosed failure: of what it follows from in another run, of its nodes, or of its reason. */
const causeOf = ({ nodes, roots, run }: RunDiagnosis.Diagnosis): FailureCause.FailureCause | undefined =>
  roots?.find((root) => root.run !== undefined && root.cause !== undefined)?.cause ??
    nodes?.groups.listed[0]?.first.cause ?? run?.cause

/** Returns the failure that a diagnosis is about. None if its run did not fail. */
export const failureOf = (diagnosis: RunDiagnosis.Diagnosis): Failure | undefined =>
  diagnosis.outcome !== "failed" || diagnosis.run === undefined
    ? undefined
    : {
      run: diagnosis.run,
      cause: causeOf(diagnosis),
      recovery: diagnosis.recovery?.state,
      often: passesOften(diagnosis.run, diagnosis.history?.lastSuccess, diagnosis.recovery)
    }

/** Returns the latest failure of each job that a check found, those aside whose cause it did not read. */
export const failuresOf = ({ findings }: RunHealth.Health): ReadonlyArray<Failure> =>
  findings.flatMap((finding): ReadonlyArray<Failure> => {
    if (finding.kind === "failedBefore") {
      return [{ run: finding.run, cause: finding.cause, recovery: "notYet", often: false }]
    }
    if (finding.kind !== "failures" || finding.causeFrom === "notRead") return []
    return finding.affected.listed.map(({ recovery, run, streak }) => ({
      run,
      cause: finding.cause,
      recovery: recovery?.state,
      often: passesOften(run, streak?.lastSuccess, recovery)
    }))
  })

const briefCause = brief(FailureCause.FailureCause)

/** Returns a message to come: now, or when the last one is long enough ago. One that waits keeps what it tells. */
const pendingOf = (incident: Incident, why: Why, at: DateTime.Utc, options: Options): Incident => {
  if (incident.toldAt === undefined || incident.pending !== undefined) return incident
  const notBefore = DateTime.addDuration(incident.toldAt, updateAfter(options, incident.messages))
  return { ...incident, pending: { why, notBefore: why === "again" ? at : notBefore } }
}

const opened = (failure: Failure, at: DateTime.Utc, endedAt: DateTime.Utc, options: Options): Incident => {
  const { cause, run } = failure
  const job = { ...identityOf(run), runID: run.id, failures: 1, succession: 1, at: endedAt, over: false }
  const key = failuresKey(cause, job)
  const quiet = quietOf(options, run)
  return {
    id: incidentID(key, endedAt),
    key,
    kind: "failures",
    severity: "critical",
    ...(run.environmentID === undefined ? {} : { environmentID: run.environmentID }),
    ...(cause === undefined ? {} : { cause: options.details === "full" ? cause : briefCause(cause) }),
    since: endedAt,
    until: endedAt,
    failures: 1,
    jobs: [job],
    moreJobs: 0,
    loop: false,
    ...(failure.often ? { often: true } : {}),
    messages: 0,
    ...(Duration.isZero(quiet) ? {} : { quietUntil: DateTime.addDuration(endedAt, quiet) }),
    pending: { why: "first", notBefore: at },
    relapses: 0
  }
}

/** Counts a failure that the incident does not know yet. */
const withFailure = (
  incident: Incident,
  { run }: Failure,
  at: DateTime.Utc,
  endedAt: DateTime.Utc,
  options: Options
): Incident => {
  const identity = identityOf(run)
  const known = incident.jobs.find(({ key }) => key === identity.key)
  const job: Job = {
    ...identity,
    runID: run.id,
    failures: (known?.failures ?? 0) + 1,
    succession: known !== undefined && isNear(known.at, endedAt) ? known.succession + 1 : 1,
    at: endedAt,
    over: false
  }
  const jobs = [job, ...incident.jobs.filter(({ key }) => key !== identity.key)]
  const loops = job.succession >= loopLength
  const why: Why | undefined = incident.resolvedAt !== undefined
    ? "again"
    : known === undefined
    ? "anotherJob"
    : Duration.isGreaterThanOrEqualTo(DateTime.distance(incident.until, endedAt), night)
    ? "anotherNight"
    : loops && !incident.loop
    ? "loop"
    : undefined
  const { overAt, quietUntil, resolvedAt: _resolved, ...rest } = incident
  const quiet = DateTime.addDuration(endedAt, quietOf(options, run))
  // A second failure of the job is no flake, unless the first was made good. Four of them are none in any case.
  const stillQuiet = quietUntil === undefined || loops
    ? undefined
    : overAt !== undefined
    ? quiet
    : known === undefined
    ? DateTime.min(quietUntil, quiet)
    : undefined
  const next: Incident = {
    ...rest,
    until: DateTime.max(incident.until, endedAt),
    failures: incident.failures + 1,
    jobs: jobs.slice(0, maxJobs),
    moreJobs: incident.moreJobs + Math.max(0, jobs.length - maxJobs),
    loop: incident.loop || loops,
    relapses: incident.relapses + (incident.resolvedAt === undefined ? 0 : 1),
    ...(stillQuiet === undefined ? {} : { quietUntil: stillQuiet })
  }
  return why === undefined ? next : pendingOf(next, why, at, options)
}

/** Keeps a job's recovery. A retry that has not ended prolongs the quiet. */
const withRecovery = (incident: Incident, { recovery, run }: Failure, at: DateTime.Utc, options: Options): Incident => {
  if (recovery === "running" && incident.quietUntil !== undefined) {
    const quiet = quietOf(options, run)
    const last = DateTime.addDuration(incident.until, Duration.times(quiet, 4))
    const quietUntil = DateTime.min(DateTime.max(incident.quietUntil, DateTime.addDuration(at, quiet)), last)
    return { ...incident, quietUntil }
  }
  if (recovery !== "recovered" || incident.resolvedAt !== undefined) return incident
  const jobs = incident.jobs.map((job) => job.runID === run.id ? { ...job, over: true } : job)
  const isOver = jobs.every(({ over }) => over)
  return { ...incident, jobs, ...(isOver && incident.overAt === undefined ? { overAt: at } : {}) }
}

/** Puts a failure into its incident, or opens one. A failure that is over before it was seen opens none. */
export const addFailure = (
  incidents: ReadonlyArray<Incident>,
  failure: Failure,
  at: DateTime.Utc,
  options: Options
): ReadonlyArray<Incident> => {
  const { run } = failure
  const endedAt = endOf(run) ?? at
  const job = identityOf(run)
  const key = failuresKey(failure.cause, job)
  const ofFailures = incidents.filter(({ kind }) => kind === "failures")
  const ofRun = (incident: Incident) => incident.jobs.find(({ runID }) => runID === run.id)
  // A run stays in its incident, even if its cause is read otherwise later. The same run may fail again.
  const found = ofFailures.find(ofRun) ?? ofFailures.find((incident) => incident.key === key)
  if (found === undefined) {
    return failure.recovery === "recovered" ? incidents : [...incidents, opened(failure, at, endedAt, options)]
  }
  const known = ofRun(found) ?? found.jobs.find((one) => one.key === job.key)
  const isNew = known === undefined || DateTime.isGreaterThan(endedAt, known.at)
  const counted = isNew && !(known === undefined && failure.recovery === "recovered")
    ? withFailure(found, failure, at, endedAt, options)
    : found
  const next = withRecovery(failure.often ? { ...counted, often: true } : counted, failure, at, options)
  return incidents.map((incident) => incident === found ? next : incident)
}
