/** Builds the scenario of last night. Public through `Scenario.ts`. */
import type * as DateTime from "effect/DateTime"
import * as check from "../check/options.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { make, type Scenario } from "./builder.ts"
import { finance, production, sales } from "./environments.ts"
import { deploy, job } from "./events.ts"
import { canceled, failure, inProgress, nodeWork, rerun, testFailure } from "./outcomes.ts"
import { sqlOf } from "./platforms.ts"

const staging = "2"

/** How many nights the history has. */
const nights = 22

const dimOrderSql = [
  `INSERT INTO "ANALYTICS"."MART"."DIM_ORDER" ("ORDER_KEY", "ORDER_DATE", "CUSTOMER_KEY", "STATUS")`,
  `SELECT`,
  `  "SRC"."ORDER_ID" AS "ORDER_KEY",`,
  `  "SRC"."ORDER_DATE" AS "ORDER_DATE",`,
  `  "SRC"."CUSTOMER_KEY" AS "CUSTOMER_KEY",`,
  `  "SRC"."STATUS" AS "STATUS"`,
  `FROM "ANALYTICS"."STG"."STG_ORDERS" "SRC"`
].join("\n")

const quota = SnowflakeError.quotaExceeded("FINANCE_WH", "FINANCE_MONTHLY")

/**
 * Builds a night on which five refreshes failed, of four known causes. It is the same night for any `now` and any time zone.
 *
 * **Details**
 *
 * Last night is from 18:00 of the day before to noon of the day, or to now if that is earlier. Its runs, in order:
 *
 * | run | environment | outcome |
 * |---|---|---|
 * | deploy `Rename ORDER_ID to ORDER_KEY in STG_ORDERS` | 3 | completed |
 * | Source checks | 3 | completed, with a failed data test in `STG_CUSTOMERS` |
 * | Inventory snapshot | 3 | failed: `STG_INVENTORY`, a numeric value `3W` |
 * | Inventory snapshot, run again | 3 | completed |
 * | Finance close | 5 | failed: the quota of the resource monitor `FINANCE_MONTHLY` is used up; three nodes, one cause |
 * | Finance reporting | 5 | failed: the same quota |
 * | Marketing attribution | 3 | failed for the third night in succession: no privileges on schema `MARKETING` |
 * | Customer 360 | 3 | canceled |
 * | Daily sales | 3 | failed: `DIM_ORDER`, invalid identifier `"SRC"."ORDER_ID"`, which blocked five nodes |
 * | Demand forecast | 3 | running |
 * | Executive dashboard | 3 | waiting to run: no start time |
 *
 * **Why did last night's refresh fail?** The latest failure is Daily sales. It failed for the first time in eleven nights,
 * with a new cause: the deploy to environment 3 between its last success and this failure renamed the column that
 * `DIM_ORDER` still reads. It was not run again.
 *
 * The three weeks before have three other failures: Marketing attribution's, a deploy to environment 2 six nights before,
 * and Daily sales eleven nights before (a lock), which completed when it was run again.
 *
 * **Example** (The same night at any time of the day)
 *
 * ```ts
 * import { Scenario } from "@coalesce-runs/simulator"
 *
 * const early = Scenario.lastNight({ now: "2026-03-10T00:05:00Z" })
 * const late = Scenario.lastNight({ now: "2026-03-10T23:59:00Z" })
 *
 * Scenario.find(early, "Daily sales").id === Scenario.find(late, "Daily sales").id // => true
 * ```
 */
export const lastNight = (options: {
  readonly now: DateTime.DateTime | Date | string
  readonly timeZone?: string | DateTime.TimeZone
  readonly seed?: number
}): Scenario => {
  check.checkOptions("Scenario.lastNight", options, {
    now: check.required(check.moment),
    timeZone: check.zone,
    seed: check.number
  })
  // Behind its first third, a whole night is past midnight. So no job is due again after noon, and only the night itself
  // differs between a call at 00:05 and one at 23:59.
  const nightly = (name: string, jobID: number, night: number, takes: `${number} minutes`, nodes: number) =>
    job({ name, jobID, environmentID: production, at: { night }, days: nights, takes, nodes })

  const jobs = make(options).pipe(
    nightly("Source checks", 11, 0.35, "4 minutes", 10),
    nightly("Inventory snapshot", 12, 0.39, "6 minutes", 8),
    job({
      name: "Finance close",
      jobID: 21,
      environmentID: finance,
      at: { night: 0.47 },
      days: nights,
      takes: "9 minutes",
      nodes: ["STG_LEDGER", "STG_INVOICES", "DIM_ACCOUNT", "FCT_LEDGER", "FCT_CLOSE"]
    }),
    job({
      name: "Finance reporting",
      jobID: 22,
      environmentID: finance,
      at: { night: 0.53 },
      days: nights,
      takes: "5 minutes",
      nodes: ["RPT_BALANCE", "RPT_CASH_FLOW"]
    }),
    nightly("Marketing attribution", 14, 0.58, "8 minutes", 14),
    nightly("Customer 360", 16, 0.63, "12 minutes", 20),
    job({
      name: "Daily sales",
      jobID: 15,
      environmentID: production,
      at: { night: 0.7 },
      days: nights,
      takes: "11 minutes",
      nodes: sales,
      includeNodesSelector: `{subgraph:"Sales"}`
    }),
    nightly("Demand forecast", 17, 0.85, "14 minutes", 16),
    nightly("Executive dashboard", 18, 0.93, "3 minutes", 6)
  )

  const withDeploys = jobs.pipe(
    deploy({
      name: "earlier deploy",
      environmentID: production,
      at: { night: 0.05, nightsAgo: 12 },
      message: "Add DIM_PRODUCT"
    }),
    deploy({
      name: "failed deploy",
      environmentID: staging,
      at: { night: 0.03, nightsAgo: 6 },
      message: "Try the new order model"
    }),
    failure({ of: "failed deploy", error: SnowflakeError.syntaxError("FROM"), nodes: ["DIM_ORDER"] }),
    deploy({
      name: "staging deploy",
      environmentID: staging,
      at: { night: 0.04, nightsAgo: 2 },
      message: "Rename ORDER_ID to ORDER_KEY in STG_ORDERS"
    }),
    deploy({
      environmentID: production,
      at: { night: 0.08 },
      commit: "9f2c4e1ab7d05386c1e4f0a2b8d7c6935e1f4a08",
      message: "Rename ORDER_ID to ORDER_KEY in STG_ORDERS"
    })
  )

  return withDeploys.pipe(
    testFailure({
      of: "Source checks",
      node: "STG_CUSTOMERS",
      test: "CUSTOMER_ID is unique",
      message: "Test failed: 14 rows share a CUSTOMER_ID."
    }),
    failure({
      of: "Inventory snapshot",
      error: SnowflakeError.badNumber("3W"),
      nodes: "STG_INVENTORY",
      blocked: 2
    }),
    rerun({ of: "Inventory snapshot", at: { night: 0.44 } }),
    failure({ of: "Finance close", error: quota, nodes: ["STG_LEDGER", "STG_INVOICES", "DIM_ACCOUNT"], blocked: 2 }),
    failure({ of: "Finance reporting", error: quota, nodes: ["RPT_BALANCE", "RPT_CASH_FLOW"] }),
    failure({
      of: "Marketing attribution",
      back: [0, 1, 2],
      error: SnowflakeError.insufficientPrivileges("MARKETING"),
      nodes: "FCT_CAMPAIGN_TOUCHES",
      blocked: 1
    }),
    canceled({ of: "Customer 360", after: "5 minutes" }),
    failure({
      of: "Daily sales",
      back: 11,
      error: SnowflakeError.locked("01b9c0de-0003-11aa-0000-0f7a00aa1234", "STG_ORDERS", 1742181600000),
      nodes: "STG_ORDERS",
      blocked: 9
    }),
    rerun({ of: "Daily sales", back: 11, name: "Daily sales after the lock" }),
    failure({
      of: "Daily sales",
      error: SnowflakeError.invalidIdentifier(`"SRC"."ORDER_ID"`, 3, 2),
      nodes: "DIM_ORDER",
      blocked: ["FCT_ORDER_LINES", "FCT_SALES_DAILY", "FCT_REVENUE", "FCT_MARGIN", "RPT_SALES"]
    }),
    nodeWork({
      of: "Daily sales",
      back: Array.from({ length: nights }, (_, back) => back),
      node: "DIM_ORDER",
      sql: dimOrderSql
    }),
    nodeWork({
      of: "Daily sales",
      node: "STG_ORDERS",
      sql: sqlOf("snowflake", "STG_ORDERS").insert.replace(`AS "ORDER_ID"`, `AS "ORDER_KEY"`)
    }),
    inProgress({ of: "Demand forecast" }),
    inProgress({ of: "Executive dashboard", status: "waitingToRun" })
  )
}
