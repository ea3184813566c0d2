/**
 * Makes requests fail. A {@link Fault} is one thing that a server or a network can do to a response; a {@link Rule} says
 * which requests have it. The simulator takes a list of rules, and the first that applies to a request wins.
 *
 * **Example** (Two failures, then a page that repeats a row)
 *
 * ```ts
 * import { Faults } from "@coalesce-runs/simulator"
 *
 * const faults: Faults.Faults = [
 *   Faults.first(2, Faults.status(503, { retryAfter: 1 })),
 *   Faults.nth(4, Faults.duplicateRows())
 * ]
 *
 * faults.length // => 2
 * ```
 *
 * @since 0.1.0
 */
export type { Fault, FaultRequest, Faults, Page, Row, Rule } from "./faults/model.ts"
export {
  backwardNext,
  duplicateRows,
  emptyPage,
  malformedRow,
  missingRows,
  page,
  repeatedNext
} from "./faults/pages.ts"
export { emptyBody, notJson, redirect, response, status, wrongShape } from "./faults/responses.ts"
export { after, always, every, first, type Matching, nth } from "./faults/rules.ts"
export { delay, drip, hang, reset, truncated } from "./faults/transport.ts"
