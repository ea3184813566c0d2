/** When a job is due again, after a moment that can lie behind the scenario's now. */
import type * as Duration from "effect/Duration"
import * as Calendar from "./calendar.ts"

/**
 * When a job is due: at one or more times of day in the zone, at a regular distance, or at a place in the night (see
 * `Scenario.When`).
 */
export type Schedule =
  | string
  | ReadonlyArray<string>
  | { readonly every: Duration.Input }
  | { readonly night: number }

/** A job of a scenario, as a live simulator goes on with it. */
export interface Job {
  readonly name: string
  readonly environmentID: string
  readonly details: Readonly<Record<string, unknown>>
  readonly nodes: ReadonlyArray<string>
  /** In milliseconds. */
  readonly takes: number
  readonly schedule: DueTimes
}

/** A schedule whose durations are milliseconds. */
export interface DueTimes {
  /** Times of day, or a distance, or as long after 18:00 as a place in the night. */
  readonly at:
    | { readonly timesOfDay: ReadonlyArray<string> }
    | { readonly every: number }
    | { readonly after18: number }
  readonly weekdays: ReadonlyArray<number> | undefined
}

export const isTimesOfDay = (at: Schedule): at is string | ReadonlyArray<string> =>
  typeof at === "string" || Array.isArray(at)

/** How many days ahead a job is searched: one that is due on one day of the week is found whatever the zone does. */
const daysAhead = 9

const from = function*(times: DueTimes["at"], calendar: Calendar.Calendar): Generator<number> {
  if ("every" in times) {
    const first = Math.floor(calendar.now / times.every) * times.every
    for (let time = first; time < calendar.now + daysAhead * 86_400_000; time += times.every) yield time
    return
  }
  // Yesterday's night goes on today.
  for (let daysAgo = 1; daysAgo > -daysAhead; daysAgo--) {
    if ("after18" in times) yield Calendar.wallClock(calendar, "18:00", daysAgo) + times.after18
    else yield* times.timesOfDay.map((time) => Calendar.wallClock(calendar, time, daysAgo)).sort((a, b) => a - b)
  }
}

/** Returns the first time after `now` at which a job is due, or undefined if it is due on no day. */
export const nextDue = ({ at, weekdays }: DueTimes, calendar: Calendar.Calendar): number | undefined => {
  for (const time of from(at, calendar)) {
    if (time > calendar.now && weekdays?.includes(Calendar.weekday(calendar, time)) !== false) return time
  }
  return undefined
}
