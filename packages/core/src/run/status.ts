/** The type and the status of a run. Public through `Run.ts`. */
import * as Schema from "effect/Schema"

/** The statuses that the API documents. */
export const knownStatuses = [
  "canceled",
  "completed",
  "failed",
  "initializing",
  "rendering",
  "running",
  "waitingToRun"
] as const

const statuses: ReadonlyArray<string> = knownStatuses

/** A value that the API gained after this version. */
const newer = Schema.StringForLiteralAutocomplete.check(Schema.isNonEmpty())

export type KnownRunStatus = (typeof knownStatuses)[number]

/** A run's status: one that the API documents, or the text of a newer one. */
export const RunStatus = Schema.Union([Schema.Literals(knownStatuses), newer])

export type RunStatus = typeof RunStatus.Type

/** The run types that the API documents. */
export const knownTypes = ["deploy", "refresh"] as const

export type KnownRunType = (typeof knownTypes)[number]

/**
 * What a run does. A summary keeps an unknown type. A detailed row cannot, because its type says how to decode its
 * details.
 */
export const RunType = Schema.Union([Schema.Literals(knownTypes), newer])

export type RunType = typeof RunType.Type

/** Returns whether a status is one that the API documents. */
export const isKnownStatus = (status: string): status is KnownRunStatus => statuses.includes(status)

/** Returns whether a run with this status has ended. An unknown status counts as not ended. */
export const isTerminal = (status: RunStatus): status is "canceled" | "completed" | "failed" =>
  status === "canceled" || status === "completed" || status === "failed"

/**
 * Matches on a status: `Run.matchStatus(status, { completed: () => "ok", …, orElse: (status) => status })`. Every
 * documented status needs a case, and `orElse` takes the others. A status that a later version documents becomes a
 * compile error here.
 */
export const matchStatus = <A>(
  status: RunStatus,
  cases: { readonly [S in KnownRunStatus]: () => A } & { readonly orElse: (status: string) => A }
): A => isKnownStatus(status) ? cases[status]() : cases.orElse(status)
