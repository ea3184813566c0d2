/**
 * Decides where messages of incidents go, and when, as `alerts.yml` says: by environment, job, class, kind and severity, and not
 * while quiet hours or a mute hold them back.
 *
 * **What it guarantees**
 *
 * - A destination that was told of an incident is told when it is over: at once, and whatever the routes, the mutes, the hours and
 *   the severity are by then. A destination that was not told is not told of the end either.
 * - What is held back is told when the hours or the mute end, once for each incident, unless the incident is over by then.
 * - No message is left out unless the file says so.
 *
 * **Details**
 *
 * The machine is pure: {@link begin} and {@link advance} go from one {@link State} to the next. Call `advance` for the messages of each
 * `Incident.Step`, and every few minutes without any, so that what was held back is told in time.
 *
 * @since 0.1.0
 */
import type * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import type { Config } from "./AlertsConfig.ts"
import * as Incident from "./Incident.ts"
import * as planning from "./routes/plan.ts"

export type { Decision, Plan } from "./routes/plan.ts"

/** The version of {@link State}. */
const version = 1

/** The destinations that were told of an incident. */
const Told = Schema.Struct({ incidentID: Schema.String, to: Schema.Array(Schema.String) })

/** The last message of an incident that is held back, and the destinations that it is held back from. */
const Held = Schema.Struct({ message: Incident.Message, to: Schema.Array(Schema.String) })

/** What was told where, and what is held back. It encodes to plain JSON. */
export const State = Schema.Struct({
  version: Schema.Literal(version),
  told: Schema.Array(Told),
  held: Schema.Array(Held)
})

export interface State extends Schema.Schema.Type<typeof State> {}

/** A message that is told now, and the names of the destinations that it goes to: `Delivery.enqueue(messages, to)` takes them. */
export interface Telling {
  readonly message: Incident.Message
  readonly to: ReadonlyArray<string>
}

/** What follows from messages. */
export interface Step {
  readonly state: State
  /** What to tell now, in order. */
  readonly tellings: ReadonlyArray<Telling>
  /** What is held back after it, for whoever asks why nothing was told. */
  readonly held: ReadonlyArray<{ readonly message: Incident.Message } & planning.Plan>
}

/** Returns the state before anything was told. */
export const begin = (): State => ({ version, told: [], held: [] })

/**
 * Returns where a message goes, and when: a {@link Plan} for each destination that a route leads to.
 *
 * **Details**
 *
 * `told` has the names of the destinations that were told of the incident before: a resolution goes to them alone. A route matches if one job
 * of the incident is of its jobs. A mute matches only if all of them are.
 */
export const plan = (
  config: Config,
  message: Incident.Message,
  now: DateTime.Utc,
  told: ReadonlyArray<string> = []
): ReadonlyArray<planning.Plan> => planning.plan(config, message, now, told)

const toldOf = ({ told }: State, incidentID: string): ReadonlyArray<string> =>
  told.find((one) => one.incidentID === incidentID)?.to ?? []

/** Plans a message, for some destinations only, and keeps what came of it. */
const take = (
  { held, state, tellings }: Step,
  { config, message, now, only }: {
    readonly config: Config
    readonly message: Incident.Message
    readonly now: DateTime.Utc
    readonly only?: ReadonlyArray<string>
  }
): Step => {
  const { incidentID } = message
  const before = toldOf(state, incidentID)
  const plans = plan(config, message, now, before).filter(({ destination }) => only?.includes(destination) ?? true)
  const to = plans.flatMap(({ decision, destination }) => decision._tag === "Told" ? [destination] : [])
  const waits = plans.filter(({ decision }) => decision._tag !== "Told")
  const others = state.told.filter((one) => one.incidentID !== incidentID)
  const isEnd = message.status === "resolved"
  const told = isEnd ? [] : [...new Set([...before, ...to])]
  // The end of an incident, or what is newer, takes the place of what is held back.
  const stillHeld = state.held.flatMap((one) =>
    one.message.incidentID !== incidentID
      ? [one]
      : isEnd
      ? []
      : [{ ...one, to: one.to.filter((name) => !plans.some(({ destination }) => destination === name)) }]
  )
  return {
    state: {
      ...state,
      told: told.length === 0 ? others : [...others, { incidentID, to: told }],
      held: waits.length === 0
        ? stillHeld
        : [...stillHeld, { message, to: waits.map(({ destination }) => destination) }]
    },
    tellings: to.length === 0 ? tellings : [...tellings, { message, to }],
    held: [...held, ...waits.map((one) => ({ ...one, message }))]
  }
}

/**
 * Returns the state after an `Incident.Step`, and what to tell where. Without messages it tells what was held back and is due.
 *
 * **Details**
 *
 * Enqueue the tellings, then store both states: after a crash in between the same tellings are made again, and an outbox drops them.
 */
export const advance = (
  config: Config,
  state: State,
  { messages, state: { incidents } }: Incident.Step,
  now: DateTime.Utc
): Step => {
  const known = new Set(incidents.map(({ id }) => id))
  const start: Step = {
    state: {
      version,
      told: state.told.filter(({ incidentID }) => known.has(incidentID)),
      held: state.held.filter(({ message }) => known.has(message.incidentID))
    },
    tellings: [],
    held: []
  }
  const next = messages.reduce<Step>((step, message) => take(step, { config, message, now }), start)
  return next.state.held.reduce<Step>(
    (step, { message, to }) => take(step, { config, message, now, only: to }),
    { ...next, state: { ...next.state, held: [] }, held: [] }
  )
}
