/**
 * A window on the times at which runs started, such as last night, and the runs that started in it, for no more requests
 * than the pages that overlap it.
 *
 * **Details**
 *
 * A window has both ends, as instants in UTC, and the time zone in which it was meant. Times of day are those of that
 * zone: where daylight saving begins or ends, a night has 17 or 19 hours, and a day 23 or 25.
 *
 * @since 0.1.0
 */
export { format } from "./window/format.ts"
export { last, lastNight, make, named, resolve, today, yesterday } from "./window/make.ts"
export * from "./window/model.ts"
export * from "./window/previous.ts"
export * from "./window/runs.ts"
