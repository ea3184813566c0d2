/**
 * Turns ends of runs and checks of their health into incidents, and says when there is something to tell: one message when an
 * incident opens, few while it lasts, one when it is over.
 *
 * **What it guarantees**
 *
 * - Failures of one cause in one environment are one incident, whatever jobs they hit. Failures that name no cause are one if
 *   they are of one job.
 * - Nothing is told twice: an update says that another job, or another night, was hit, that a job fails in a loop, or that what
 *   was resolved came back.
 * - A failure that a retry makes good while it is kept quiet is told to nobody.
 * - The body of a message is core's own report, made when the message is made.
 *
 * **Details**
 *
 * The machine is pure: {@link begin} and {@link advance} go from one {@link State} to the next, and {@link request} says which
 * runs to diagnose in between. {@link observe} is the three of them over a `RunsClient`.
 *
 * @since 0.1.0
 */
import * as Run from "@coalesce-runs/core/Run"
import * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import type * as RunHealth from "@coalesce-runs/core/RunHealth"
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { array, assertOptions, checkOptions, plain, required, type Shape } from "./check/options.ts"
import { addFailure, failureOf, failuresOf } from "./incident/failures.ts"
import { addFindings } from "./incident/findings.ts"
import { type Incident, type Message, type State, version } from "./incident/model.ts"
import { type Options, shape } from "./incident/options.ts"
import { dueOf, tell } from "./incident/tell.ts"
import { addWatch, type WatchState } from "./incident/watch.ts"

export { Incident, Job, Kind, Message, Severity, State, version, Why } from "./incident/model.ts"
export type { Options } from "./incident/options.ts"
export type { WatchState } from "./incident/watch.ts"

/** What was seen: a run that ended, a check, how the watch itself fares, or only that time has passed. */
export interface Observation {
  /** An `Ended` of `RunWatch`. Watch with `detail: true`, so that a run says its job. */
  readonly ended?: { readonly run: Run.AnyRun; readonly to: Run.RunStatus } | undefined
  /** A check of `RunHealth`. */
  readonly health?: RunHealth.Health | undefined
  /** How the watch itself fares: an incident of its own, which a poll that succeeds resolves. */
  readonly watch?: WatchState | undefined
}

const observationShape: Shape<Observation> = { ended: plain, health: plain, watch: plain }

/** What was read for an observation. */
export interface Evidence {
  /** Diagnoses of the runs that {@link request} named, in any order. */
  readonly diagnoses: ReadonlyArray<RunDiagnosis.Diagnosis>
  /** Runs that do not exist any more. They count as recovered. */
  readonly gone?: ReadonlyArray<Run.RunId> | undefined
}

const evidenceShape: Shape<Evidence> = { diagnoses: required(array), gone: array }

/** What follows from an observation. */
export interface Step {
  readonly state: State
  /** What to tell, in order. */
  readonly messages: ReadonlyArray<Message>
}

/** An observation leads to at most so many diagnoses. What is due beyond them is told at the next one. */
const maxDiagnoses = 20

/** Returns the state before anything was seen. */
export const begin = (): State => ({ version, incidents: [] })

/** Adds what needs no diagnosis. */
const observed = (
  { incidents }: State,
  { health, watch }: Observation,
  at: DateTime.Utc,
  options: Options
): ReadonlyArray<Incident> => {
  const withWatch = watch === undefined ? incidents : addWatch(incidents, watch, at)
  return health === undefined
    ? withWatch
    : failuresOf(health).reduce(
      (sum, failure) => addFailure(sum, failure, at, options),
      addFindings(withWatch, health)
    )
}

/** Whether a run may have made good a job of an incident: it is of the job, as far as its row says. */
const mayEnd = ({ kind, resolvedAt, jobs }: Incident, run: Run.AnyRun): ReadonlyArray<Run.RunId> => {
  if (kind !== "failures" || resolvedAt !== undefined) return []
  const jobID = Run.jobID(run)
  const environmentID = Run.environmentID(run)
  return jobs.flatMap((job) =>
    job.runID !== undefined && !job.over && run.id > job.runID &&
      (environmentID === undefined || job.environmentID === environmentID) &&
      (jobID === undefined || job.jobID === jobID)
      ? [job.runID]
      : []
  )
}

/**
 * Returns the runs to diagnose for an observation, at most 20: a run that failed, the failures that a completed run may have
 * made good, and the latest run of each incident that is to be told.
 */
export const request = (
  state: State,
  observation: Observation,
  at: DateTime.Utc,
  options: Options = {}
): ReadonlyArray<Run.RunId> => {
  assertOptions(observation, observationShape)
  assertOptions(options, shape)
  const { ended } = observation
  const incidents = observed(state, observation, at, options)
  const due = incidents.flatMap((incident) => {
    const why = incident.kind === "failures" ? dueOf(incident, at, options) : undefined
    const runID = incident.jobs[0]?.runID
    return why === undefined || why === "forget" || runID === undefined ? [] : [runID]
  })
  const ofEnd = ended === undefined
    ? []
    : ended.to === "failed"
    ? [ended.run.id]
    : ended.to === "completed"
    ? incidents.flatMap((incident) => mayEnd(incident, ended.run))
    : []
  return [...new Set([...ofEnd, ...due])].slice(0, maxDiagnoses)
}

const withoutGone = (incident: Incident, gone: ReadonlyArray<Run.RunId>, at: DateTime.Utc): Incident => {
  if (!incident.jobs.some(({ runID }) => runID !== undefined && gone.includes(runID))) return incident
  const jobs = incident.jobs.map((job) =>
    job.runID !== undefined && gone.includes(job.runID) ? { ...job, over: true } : job
  )
  return jobs.every(({ over }) => over) && incident.overAt === undefined
    ? { ...incident, jobs, overAt: at, pending: { why: "gone", notBefore: at } }
    : { ...incident, jobs }
}

/**
 * Returns the state after an observation, and what to tell. `at` is now: time that passes ends what is quiet and brings
 * reminders.
 *
 * **Details**
 *
 * A message about failures needs a diagnosis of one of its runs. Without one it stays due, and {@link request} names the run
 * again.
 */
export const advance = (
  state: State,
  observation: Observation,
  evidence: Evidence,
  at: DateTime.Utc,
  options: Options = {}
): Step => {
  assertOptions(observation, observationShape)
  assertOptions(evidence, evidenceShape)
  assertOptions(options, shape)
  const { diagnoses, gone = [] } = evidence
  const seen = diagnoses.flatMap((diagnosis) => failureOf(diagnosis) ?? [])
    .reduce(
      (sum, failure) => addFailure(sum, failure, at, options),
      observed(state, observation, at, options)
    )
  const told = seen
    .map((incident) => withoutGone(incident, gone, at))
    .map((incident) => tell(incident, at, { diagnoses, health: observation.health }, options))
  return {
    state: { version, incidents: told.flatMap(([incident]) => incident ?? []) },
    messages: told.flatMap(([, message]) => message ?? [])
  }
}

/**
 * Observes: diagnoses what {@link request} names, and advances. Call it for each `Ended` of a watch, for each check, and
 * every few minutes without either, so that what is quiet is told in time.
 *
 * **Details**
 *
 * Keep the state and the messages in one write, before what was observed counts as handled: after a crash in between a run may be
 * good again, and a message that was kept alone would open an incident that nobody resolves. It fails with the error of a diagnosis that a retry or another token may make good; a run that is gone is left out.
 *
 * **Example** (A failure opens an incident)
 *
 * ```ts
 * import { Incident } from "@coalesce-runs/alerts"
 * import { RunHealth, RunsInMemory } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const hourAgo = new Date(Date.now() - 3_600_000)
 * const Runs = RunsInMemory.layer({
 *   runs: [{ id: 41, runType: "refresh", runStatus: "failed", runStartTime: hourAgo, runEndTime: hourAgo }]
 * })
 *
 * const program = Effect.gen(function*() {
 *   const health = yield* RunHealth.check({ since: "2h" })
 *   const { messages } = yield* Incident.observe(Incident.begin(), { health })
 *   return messages.map(({ status, why }) => `${status}: ${why}`)
 * })
 *
 * await Effect.runPromise(Effect.provide(program, Runs)) // => ["opened: first"]
 * ```
 */
export const observe = Effect.fn("Incident.observe")(function*(
  state: State,
  observation: Observation = {},
  options: Options = {}
): Effect.fn.Return<Step, RunsClient.ListError, RunsClient.RunsClient> {
  yield* checkOptions(observation, observationShape)
  yield* checkOptions(options, shape)
  const at = yield* DateTime.now
  const read = yield* Effect.forEach(
    request(state, observation, at, options),
    (runID) =>
      RunDiagnosis.diagnose({ runID }).pipe(
        Effect.map((diagnosis) => ({ diagnosis })),
        Effect.catchIf((error) => error._tag === "NotFound", () => Effect.succeed({ gone: runID }))
      )
  )
  return advance(
    state,
    observation,
    {
      diagnoses: read.flatMap((one) => "diagnosis" in one ? [one.diagnosis] : []),
      gone: read.flatMap((one) => "gone" in one ? [one.gone] : [])
    },
    at,
    options
  )
})
