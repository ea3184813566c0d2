/** How far a diagnosis searches and how long it waits. */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"

export interface Limits {
  /** How many runs of the environment, of any job, are searched for the last success. */
  readonly historyLimit: number
  /** How long a part may take, retries included, before it counts as unavailable. */
  readonly partTimeout: Duration.Duration
}

export const defaultLimits: Limits = { historyLimit: 1000, partTimeout: Duration.seconds(20) }

/** The most that `historyLimit` may be. */
export const maxHistoryLimit = 1250

/** The limits of the diagnosis that is being made. */
export const Limits = Context.Reference<Limits>("@coalesce-runs/core/RunDiagnosis/Limits", {
  defaultValue: () => defaultLimits
})
