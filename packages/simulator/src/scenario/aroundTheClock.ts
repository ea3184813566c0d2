/** Builds the scenario of a live simulator. Public through `Scenario.ts`. */
import type * as DateTime from "effect/DateTime"
import type { Scenario } from "./builder.ts"
import { finance, production, sales } from "./environments.ts"
import { job } from "./events.ts"
import { lastNight } from "./lastNight.ts"

/** How many days the history of the frequent jobs has. */
const days = 7

/**
 * Builds last night's history, and beside its nightly jobs four that run all day: every 15, 20 and 30 minutes and every hour,
 * for seven days. A live simulator goes on with all of them. Its options are those of {@link lastNight}.
 */
export const aroundTheClock = (options: {
  readonly now: DateTime.DateTime | Date | string
  readonly timeZone?: string | DateTime.TimeZone
  readonly seed?: number
}): Scenario =>
  lastNight(options).pipe(
    job({
      name: "Web events",
      jobID: 31,
      environmentID: production,
      at: { every: "15 minutes" },
      days,
      takes: "4 minutes",
      nodes: 6
    }),
    job({
      name: "Order stream",
      jobID: 32,
      environmentID: production,
      at: { every: "20 minutes" },
      days,
      takes: "6 minutes",
      nodes: sales
    }),
    job({
      name: "Stock levels",
      jobID: 33,
      environmentID: production,
      at: { every: "30 minutes" },
      days,
      takes: "8 minutes",
      nodes: 10
    }),
    job({
      name: "Cash position",
      jobID: 34,
      environmentID: finance,
      at: { every: "1 hour" },
      days,
      takes: "5 minutes",
      nodes: ["STG_LEDGER", "STG_INVOICES", "DIM_ACCOUNT", "FCT_CASH"]
    })
  )
