/** What tests of windows say of times. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import type { RunsError, RunWindow } from "../../src/index.ts"

/** What an effect gives at an instant. */
export const at = <A, E, R>(now: string, effect: Effect.Effect<A, E, R>) =>
  Effect.andThen(TestClock.setTime(Date.parse(now)), effect)

export const utc = (window: RunWindow.RunWindow) => [
  DateTime.formatIso(window.since).replace(":00.000Z", "Z"),
  DateTime.formatIso(window.until).replace(":00.000Z", "Z")
]

export const instant = (text: string) => DateTime.makeUnsafe(Date.parse(text))

export const fields = (error: RunsError.InvalidQuery) => error.violations.map(({ field }) => field)
