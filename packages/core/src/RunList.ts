/**
 * Lists runs in words: which runs there are in a window, one row each.
 *
 * @since 0.1.0
 */
export { Bounds, Progress, ReadingError, Truncated, Undecodable } from "./list/readRuns.ts"
export { fromRun, RunLine } from "./list/RunLine.ts"
