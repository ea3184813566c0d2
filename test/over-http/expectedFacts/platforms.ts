/** Expected facts of nights in an account with a project on each platform. */
import type { Expectations } from "./ExpectedFacts.ts"

export const platforms: Expectations = {
  "a missing table on Databricks": {
    summary:
      "Lakehouse cannot find raw.shop.orders, for the first time, after a deploy that reads another table. The runs of " +
      "other projects that failed in the same night are not among its failures.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Lakehouse"),
      nodes: 8,
      reason: "missingObjectOrGrant",
      causes: [{ class: "missingObjectOrGrant", code: "TABLE_OR_VIEW_NOT_FOUND", nodes: 1, first: "STG_ORDERS" }],
      blocked: 3,
      history: { streakLength: 1, firstFailure: id("Lakehouse"), lastSuccess: id("Lakehouse", 1), failed: 1 },
      suspects: [`deploy ${id("lakehouse deploy")}`],
      touches: [`deploy ${id("lakehouse deploy")}: ORDERS`]
    })
  },
  "a merge of duplicate rows on BigQuery": {
    summary: "Web analytics merges rows that match more than once. Four nights before it failed of a quota.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Web analytics"),
      nodes: 8,
      reason: "duplicateRow",
      causes: [{ class: "duplicateRow", nodes: 1, first: "DIM_ORDERS" }],
      blocked: 2,
      history: {
        streakLength: 1,
        firstFailure: id("Web analytics"),
        lastSuccess: id("Web analytics", 1),
        failed: 2,
        earlierFailure: id("Web analytics", 4)
      },
      seenBefore: { failures: 1, same: 0 }
    })
  },
  "an unknown column on Fabric": {
    summary: "Ledger does not find the column cust_id, for the second night in succession.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Ledger"),
      nodes: 8,
      reason: "invalidIdentifier",
      causes: [{ class: "invalidIdentifier", nodes: 1, first: "STG_PAYMENTS" }],
      history: {
        streakLength: 2,
        firstFailure: id("Ledger", 1),
        lastSuccess: id("Ledger", 2),
        cause: "same",
        failed: 2
      }
    })
  },
  "a project on Snowflake beside projects on other platforms": {
    summary: "Warehouse read the value 3W where a number was wanted, for the first time.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Warehouse"),
      nodes: 8,
      reason: "dataConversion",
      causes: [{ class: "dataConversion", code: "100038", nodes: 1, first: "STG_ORDERS" }],
      history: { streakLength: 1, firstFailure: id("Warehouse"), lastSuccess: id("Warehouse", 1), failed: 1 }
    })
  }
}
