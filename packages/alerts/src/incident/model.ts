/** Describes incidents and their messages. Public: `Incident` exports it. */
import * as FailureCause from "@coalesce-runs/core/FailureCause"
import * as Report from "@coalesce-runs/core/Report"
import * as Run from "@coalesce-runs/core/Run"
import * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import * as RunHealth from "@coalesce-runs/core/RunHealth"
import * as Schema from "effect/Schema"

const optionally = Schema.optionalKey
const Time = RunDiagnosis.Diagnosis.fields.diagnosedAt
const time = optionally(Time)
const text = optionally(Schema.String)
const count = Schema.Int

/** What an incident is about: failed runs of one cause, a finding of `RunHealth` of this kind, or the watch itself. */
export const Kind = Schema.Literals([
  "failures",
  "missing",
  "stopped",
  "stuck",
  "failedNodes",
  "long",
  "waiting",
  "late",
  "otherStatus",
  "noNodes",
  "fewerNodes",
  "noRows",
  "failedTests",
  "slow",
  "watch"
])

export type Kind = typeof Kind.Type

/** How urgent an incident is, in PagerDuty's words. */
export const Severity = Schema.Literals(["critical", "warning", "info"])

export type Severity = typeof Severity.Type

/** What changed since the last message. Each is told once. */
export const Why = Schema.Literals([
  "first",
  "anotherJob",
  "anotherNight",
  "loop",
  "again",
  "worse",
  "reminder",
  "recovered",
  "gone",
  "expired"
])

export type Why = typeof Why.Type

/** A job that an incident hit: a job of an environment, a selector, or the deploys of an environment. */
export const Job = Schema.Struct({
  key: Schema.String,
  runType: Run.RunType,
  environmentID: text,
  jobID: optionally(Schema.Int),
  jobName: text,
  includeNodesSelector: text,
  /** Its latest run of the incident. Absent if none started. */
  runID: optionally(Run.RunId),
  /** How many of its runs were seen to fail. */
  failures: count,
  /** How many of them came one after another within an hour. */
  succession: count,
  /** When that run ended or, of a job that did not run, when it was due. */
  at: Time,
  /** Whether it has recovered. */
  over: Schema.Boolean
})

export interface Job extends Schema.Schema.Type<typeof Job> {}

/** An incident, as a {@link State} keeps it. */
export const Incident = Schema.Struct({
  /** Names it, the same each time. Another incident of the same key has another. */
  id: Schema.String,
  /** What makes two failures one incident. */
  key: Schema.String,
  kind: Kind,
  severity: Severity,
  environmentID: text,
  cause: optionally(FailureCause.FailureCause),
  /** When it began. */
  since: Time,
  /** When it was last seen. */
  until: Time,
  failures: count,
  /** The jobs, the one that failed last first. At most 100. */
  jobs: Schema.Array(Job),
  /** How many jobs are not among them. They count as recovered with the others. */
  moreJobs: count,
  /** Whether a job of it fails in a loop. */
  loop: Schema.Boolean,
  /** Whether a job of it passes and fails within an hour, so that one that passes may fail again soon. Absent if none is known to. */
  often: optionally(Schema.Boolean),
  /** How many messages were made. */
  messages: count,
  /** When the last one was made. Absent while the incident is quiet. */
  toldAt: time,
  /** Quiet until then, in case a retry makes it good. */
  quietUntil: time,
  /** The next message, and the earliest time for it. */
  pending: optionally(Schema.Struct({ why: Why, notBefore: Time })),
  /** When all its jobs had recovered. */
  overAt: time,
  /** When that was told. */
  resolvedAt: time,
  /** How often it came back after that. */
  relapses: count,
  /** The check that found it. Only of a finding. */
  filter: optionally(RunHealth.Health.fields.filter),
  /** Its last report. Of failures only the headline: the run is diagnosed again. */
  report: optionally(Report.Report)
})

export interface Incident extends Schema.Schema.Type<typeof Incident> {}

/** The version of {@link State}. */
export const version = 1

/** What is known of all incidents that are not over, and of those that were resolved in the last hours. It encodes to plain JSON. */
export const State = Schema.Struct({ version: Schema.Literal(version), incidents: Schema.Array(Incident) })

export interface State extends Schema.Schema.Type<typeof State> {}

/**
 * What is told of an incident. It encodes to plain JSON.
 *
 * **Details**
 *
 * `sequence` counts the messages of an incident from 1. `id` is the incident's id, a hyphen and the sequence: it is the same each
 * time that a message is made from the same state, so that a receiver can drop the second one.
 */
export const Message = Schema.Struct({
  id: Schema.String,
  incidentID: Schema.String,
  sequence: count,
  status: Schema.Literals(["opened", "updated", "resolved"]),
  why: Why,
  at: Time,
  kind: Kind,
  severity: Severity,
  environmentID: text,
  cause: optionally(FailureCause.FailureCause),
  since: Time,
  until: Time,
  failures: count,
  /** At most 20. */
  jobs: Schema.Struct({ listed: Schema.Array(Job), more: count }),
  /** The page of the latest run in the web app, where it is known. */
  runLink: text,
  /** The words: core's own report. */
  report: Report.Report,
  /** The facts, of failures. */
  diagnosis: optionally(RunDiagnosis.Diagnosis),
  /** The facts, of a finding. */
  finding: optionally(RunHealth.Finding)
})

export interface Message extends Schema.Schema.Type<typeof Message> {}
