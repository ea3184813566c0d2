import * as Effect from "effect/Effect"
import type { UndecodableRow } from "./decode.ts"

/** Logs rows that were skipped, for streams of runs, which have no place for them. */
export const logSkipped = (rows: ReadonlyArray<UndecodableRow>): Effect.Effect<void> =>
  Effect.forEach(
    rows,
    ({ id, index, issue, path }) =>
      Effect.logWarning(
        `Skipped 1 undecodable row, ${id === undefined ? `number ${index} of a page` : `run ${id}`}: ${path}: ${issue}`
      ),
    { discard: true }
  )
