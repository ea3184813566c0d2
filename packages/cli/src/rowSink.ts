/** Where an export writes its rows. */
import type * as Run from "@coalesce-runs/core/Run"
import type * as Effect from "effect/Effect"

export interface RowSink {
  /** The run behind which to go on, and how many rows are there. */
  readonly last: number | undefined
  readonly count: number
  /** Whether anybody still wants the rows. */
  readonly isRead: () => boolean
  readonly write: (rows: ReadonlyArray<Run.Row>) => Effect.Effect<void, unknown>
  readonly finish: Effect.Effect<void, unknown>
  readonly close: (isDone: boolean) => Effect.Effect<void>
  /** Says how to go on after an error. */
  readonly howToGoOn: (rows: number, last: number | undefined) => string | undefined
}
