/**
 * A window on the times at which runs started, such as last night: from `since`, and before `until`. And the runs that
 * started in it, for no more requests than the pages that overlap it.
 *
 * **Details**
 *
 * A window has both ends, as instants in UTC, and the time zone in which it was meant. Times of day are those of that
 * zone, also where daylight saving begins or ends: a night may have 17 or 19 hours, and a day 23 or 25.
 *
 * @since 0.1.0
 */
export { format } from "./window/format.ts"
export { last, lastNight, make, named, resolve, today, yesterday } from "./window/make.ts"
export {
  type Input,
  type Name,
  names,
  type Options,
  RunWindow,
  type Selection,
  type ZoneOptions
} from "./window/model.ts"
export { previous } from "./window/previous.ts"
export { contains, isPast, list, toQuery, type WindowQuery } from "./window/runs.ts"
