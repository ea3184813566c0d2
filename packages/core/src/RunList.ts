/**
 * Lists runs in words: which runs there are in a window, one row each.
 *
 * @since 0.1.0
 */
export { fromRun, RunLine } from "./list/RunLine.ts"
