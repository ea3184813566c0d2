/** Decides where a message goes, and when. */
import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import { isAtLeast, matches } from "../alertsConfig/match.ts"
import type { Config } from "../alertsConfig/model.ts"
import type { Message } from "../Incident.ts"
import { localTime, quietUntil } from "./quietHours.ts"

/** What happens to a message at a destination. */
export type Decision =
  /** It is told at once. */
  | { readonly _tag: "Told" }
  /** Quiet hours hold it back until then. */
  | { readonly _tag: "Held"; readonly until: DateTime.Utc }
  /** A mute holds it back until then. */
  | { readonly _tag: "Muted"; readonly until: DateTime.Utc; readonly reason: string }

/** A destination of a message. */
export interface Plan {
  readonly destination: string
  readonly decision: Decision
}

/** The destinations of every route that matches, or of the default. Without routes and default, all of them. */
const routed = (config: Config, message: Message): ReadonlyArray<string> => {
  const { default: otherwise, destinations, routes = [] } = config
  const all = Object.keys(destinations)
  const matching = routes.filter((route) => matches(config, route, message, "some"))
  const to = matching.length > 0
    ? matching.flatMap((route) => Arr.ensure(route.to))
    : otherwise === undefined
    ? all
    : otherwise === "none"
    ? []
    : Arr.ensure(otherwise)
  return all.filter((name) => to.includes(name))
}

const isFor = (to: string | ReadonlyArray<string> | undefined, destination: string): boolean =>
  to === undefined || Arr.ensure(to).includes(destination)

/** The mute that lasts longest. */
const mutedBy = (config: Config, message: Message, destination: string, now: DateTime.Utc): Decision | undefined => {
  const mutes = (config.mute ?? [])
    .filter((mute) => isFor(mute.to, destination) && matches(config, mute, message, "all"))
    .map(({ reason, until }) => ({ _tag: "Muted" as const, reason, until: localTime(until, config.timeZone) }))
    .filter(({ until }) => DateTime.isGreaterThan(until, now))
  return mutes.toSorted((a, b) => DateTime.Order(b.until, a.until))[0]
}

const decide = (config: Config, message: Message, destination: string, now: DateTime.Utc): Decision => {
  const muted = mutedBy(config, message, destination, now)
  if (muted !== undefined) return muted
  const hours = (config.quietHours ?? []).filter(({ passes, to }) =>
    isFor(to, destination) && (passes === undefined || !isAtLeast(message.severity, passes))
  )
  const until = quietUntil(hours, now, config.timeZone)
  return until === undefined ? { _tag: "Told" } : { _tag: "Held", until }
}

/** Decides for each destination. A resolution goes to those that were told of the incident, at once, and to no other. */
export const plan = (
  config: Config,
  message: Message,
  now: DateTime.Utc,
  told: ReadonlyArray<string>
): ReadonlyArray<Plan> =>
  message.status === "resolved"
    ? Object.keys(config.destinations).filter((name) => told.includes(name))
      .map((destination) => ({ destination, decision: { _tag: "Told" } }))
    : routed(config, message).map((destination) => ({
      destination,
      decision: decide(config, message, destination, now)
    }))
