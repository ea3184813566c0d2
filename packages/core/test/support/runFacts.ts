/** Facts of runs and of their usual times, for the tests of words. */
import * as DateTime from "effect/DateTime"
import { Run, type RunList } from "../../src/index.ts"

export const at = (time: string, day = "03") => DateTime.makeUnsafe(`2026-11-${day}T${time}Z`)

export const id = (number: number) => Run.RunId.make(number)

/** A failed refresh of job 15, from 02:00 to 02:10. */
export const run = (number: number, fields: Partial<RunList.RunLine> = {}): RunList.RunLine => ({
  id: id(number),
  runType: "refresh",
  runStatus: "failed",
  runStartTime: at("02:00:00"),
  runEndTime: at("02:10:00"),
  environmentID: "3",
  jobID: 15,
  ...fields
})

/** A job that starts at 02:00 on each day. */
export const daily = {
  at: "02:00",
  timeZone: "UTC",
  fitsBothClocks: false,
  toleranceMinutes: 10,
  days: 28,
  daysDue: 28,
  streak: 28,
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  lateAfterMinutes: 30,
  earlyMinutes: 10
}
