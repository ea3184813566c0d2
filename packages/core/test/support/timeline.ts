/** Windows and usual starts, for the tests of a timeline. */
import * as DateTime from "effect/DateTime"
import type { RunWindow } from "../../src/index.ts"

export const window = (since: string, until: string, timeZone = "UTC"): RunWindow.RunWindow => ({
  since: DateTime.makeUnsafe(since),
  until: DateTime.makeUnsafe(until),
  timeZone,
  timeZoneSource: "given"
})

/** The usual starts of a job at 02:00. */
export const daily = (timeZone: string, weekdays = [1, 2, 3, 4, 5, 6, 7]) => ({
  starts: {
    times: [{
      at: "02:00",
      timeZone,
      weekdays,
      fitsBothClocks: false,
      toleranceMinutes: 1,
      days: 20,
      daysDue: 20,
      streak: 20,
      lateAfterMinutes: 30,
      earlyMinutes: 30
    }],
    runs: 20
  }
})
