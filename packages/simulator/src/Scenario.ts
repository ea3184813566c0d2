/**
 * Builds histories of runs from what happened: jobs on schedules, deploys, failures with their node results, re-runs. A
 * scenario is relative to a moment (`now`) in a time zone, and the same each time for the same `seed`.
 *
 * **Example** (A column dropped by a deploy)
 *
 * ```ts
 * import { Scenario, SnowflakeError } from "@coalesce-runs/simulator"
 *
 * const scenario = Scenario.make({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" }).pipe(
 *   Scenario.job({ name: "Nightly sales", environmentID: "3", at: "02:00", days: 14, takes: "12 minutes", nodes: 12 }),
 *   Scenario.deploy({ environmentID: "3", at: { at: "19:30", daysAgo: 1 }, message: "Drop ORDER_ID" }),
 *   Scenario.failure({ of: "Nightly sales", error: SnowflakeError.invalidIdentifier("ORDER_ID"), blocked: 4 })
 * )
 *
 * const run = Scenario.find(scenario, "Nightly sales")
 * run.runStatus // => "failed"
 * run.runStartTime?.slice(0, 16) // => "2026-03-10T02:00"
 * ```
 *
 * @since 0.1.0
 */
export { aroundTheClock } from "./scenario/aroundTheClock.ts"
export { find, make, missing, project, runs, type Scenario, type When, type Which } from "./scenario/builder.ts"
export { deploy, job, type Refresh, refresh } from "./scenario/events.ts"
export { generate } from "./scenario/generate.ts"
export { lastNight } from "./scenario/lastNight.ts"
export type { DatabaseError } from "./scenario/nodes.ts"
export {
  canceled,
  delayed,
  edit,
  failure,
  inProgress,
  nodes,
  nodeWork,
  rerun,
  results,
  slow,
  testFailure
} from "./scenario/outcomes.ts"
export type { Platform, Project } from "./scenario/platforms.ts"
export type { Schedule } from "./scenario/schedule.ts"
