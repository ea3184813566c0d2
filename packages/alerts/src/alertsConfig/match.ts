/** Decides whether a route, a mute or the file itself is about an incident. */
import * as Arr from "effect/Array"
import type { Job, Message, Severity } from "../Incident.ts"
import type { Config, Mute, Route } from "./model.ts"

/** The conditions of a route or a mute. All of them must hold. */
export type Match = Omit<Route, "to"> | Omit<Mute, "reason" | "to" | "until">

const ranks: { readonly [S in Severity]: number } = { info: 0, warning: 1, critical: 2 }

/** Returns whether a severity is the other one or above it. */
export const isAtLeast = (severity: Severity, least: Severity): boolean => ranks[severity] >= ranks[least]

/** Returns the ids of environments that are named by id or by name. */
export const environmentIDsOf = ({ report }: Config, environments: ReadonlyArray<string>): ReadonlyArray<string> => {
  const named = Object.entries(report?.names?.environments ?? {})
  return environments.flatMap((environment) => {
    const ids = named.flatMap(([id, name]) => name.toLowerCase() === environment.toLowerCase() ? [id] : [])
    return ids.length > 0 ? ids : [environment]
  })
}

/** A text in which `*` stands for any text. It is compared piece by piece, so that no name can make it slow. */
const matchesPattern = (text: string, pattern: string): boolean => {
  const [first = "", ...rest] = pattern.toLowerCase().split("*")
  const lower = text.toLowerCase()
  const last = rest.pop()
  if (last === undefined) return lower === first
  if (!lower.startsWith(first)) return false
  let position = first.length
  for (const piece of rest) {
    const found = lower.indexOf(piece, position)
    if (found < 0) return false
    position = found + piece.length
  }
  return lower.length - last.length >= position && lower.endsWith(last)
}

/** Returns whether a job is named by its id, its name or its selector. */
const isNamed = ({ includeNodesSelector, jobID, jobName }: Job, name: string): boolean =>
  (jobID !== undefined && String(jobID) === name) ||
  [jobName, includeNodesSelector].some((text) => text !== undefined && matchesPattern(text, name))

/** Whether a match must hold of one job of an incident, or of all of them. */
export type Jobs = "all" | "some"

/**
 * Returns whether a message is of a match. A route is about an incident that hits one of its jobs; a mute only about one that
 * hits no other.
 */
export const matches = (config: Config, match: Match, message: Message, which: Jobs): boolean => {
  const { cause, environmentID, jobs, kind, severity } = message
  const names = match.job === undefined ? undefined : Arr.ensure(match.job)
  const isOfMatch = (job: Job) => names === undefined || names.some((name) => isNamed(job, name))
  return (match.environment === undefined ||
    (environmentID !== undefined && environmentIDsOf(config, Arr.ensure(match.environment)).includes(environmentID))) &&
    (match.class === undefined || (cause !== undefined && Arr.ensure(match.class).includes(cause.class))) &&
    (match.kind === undefined || Arr.ensure(match.kind).includes(kind)) &&
    (match.minSeverity === undefined || isAtLeast(severity, match.minSeverity)) &&
    (names === undefined ||
      (jobs.listed.some(isOfMatch) && (which === "some" || (jobs.more === 0 && jobs.listed.every(isOfMatch)))))
}
