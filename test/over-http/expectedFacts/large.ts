/** Expected facts of a run of 2,000 nodes. */
import type { Expectations } from "./ExpectedFacts.ts"

export const large: Expectations = {
  "a run of 2,000 nodes": {
    summary:
      "447 of 2,000 nodes failed and blocked 900: for 400 the quota of the resource monitor MONTHLY was used up, " +
      "30 miss RAW.SHOP.REFUNDS or a grant on it, and 17 failed of five smaller causes.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Everything"),
      nodes: 2000,
      reason: "warehouseOrQuota",
      causes: [
        { class: "warehouseOrQuota", code: "090073", nodes: 400, first: "STG_ORDERS_031" },
        { class: "missingObjectOrGrant", code: "002003", nodes: 30, first: "STG_REFUNDS" },
        { class: "dataConversion", code: "100038", nodes: 7, first: "STG_SESSIONS_003" },
        { class: "timeout", code: "000630", nodes: 4, first: "STG_ORDERS_004" },
        { class: "invalidIdentifier", code: "000904", nodes: 3, first: "STG_SESSIONS_004" },
        { class: "divisionByZero", code: "100051", nodes: 2, first: "STG_ORDERS_005" },
        { class: "duplicateRow", code: "100090", nodes: 1, first: "STG_SESSIONS_005" }
      ],
      blocked: 900,
      failedTests: ["STG_ORDERS_006: no duplicate keys", "STG_ORDERS_011: not empty"],
      history: {
        streakLength: 1,
        firstFailure: id("Everything"),
        lastSuccess: id("Everything", 1),
        failed: 1
      }
    })
  }
}
