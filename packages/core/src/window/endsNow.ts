/** Says whether a window ends now. Reading what comes before its runs takes moments. */
import * as DateTime from "effect/DateTime"
import type { RunWindow } from "./model.ts"

/** A window that ended so many milliseconds ago still ends now. */
const moments = 60_000

export const endsNow = ({ until }: Pick<RunWindow, "until">, now: DateTime.Utc): boolean =>
  DateTime.toEpochMillis(now) - DateTime.toEpochMillis(until) < moments
