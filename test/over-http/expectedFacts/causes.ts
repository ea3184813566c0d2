/** Expected facts of nights with one or two causes of failure. */
import type { Expectations } from "./ExpectedFacts.ts"

export const causes: Expectations = {
  "a dropped column after a deploy": {
    summary: "DIM_ORDER failed on the unknown column ORDER_ID and blocked five nodes, for the first time. The deploy " +
      "that renamed ORDER_ID stands between the last success and this failure. It has not been run again.",
    facts: (id) => ({
      outcome: "failed",
      touches: [`deploy ${id("rename")}: ORDER_ID`],
      run: id("Daily sales"),
      nodes: 12,
      reason: "invalidIdentifier",
      causes: [{ class: "invalidIdentifier", code: "000904", nodes: 1, first: "DIM_ORDER" }],
      blocked: 5,
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        failed: 1
      },
      suspects: [`deploy ${id("rename")}`]
    })
  },
  "a revoked grant": {
    summary: "STG_PAYMENTS cannot see RAW.SHOP.PAYMENTS: the table is gone or the role has lost its grant, Snowflake " +
      "does not say which. Nothing was deployed since the last success.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 12,
      reason: "missingObjectOrGrant",
      causes: [{ class: "missingObjectOrGrant", code: "002003", nodes: 1, first: "STG_PAYMENTS" }],
      blocked: 3,
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        failed: 1
      }
    })
  },
  "another role without a privilege": {
    summary:
      "Two dimensions may not be written to schema MART. The run signed in with another role than the last one " +
      "that succeeded.",
    facts: (id) => ({
      outcome: "failed",
      touches: ["credentials snowflakeRole: snowflakeRole"],
      run: id("Daily sales"),
      nodes: 12,
      reason: "privilege",
      causes: [{ class: "privilege", code: "003001", nodes: 2, first: "DIM_CUSTOMER" }],
      blocked: 4,
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        failed: 1
      },
      suspects: ["credentials snowflakeRole"]
    })
  },
  "the quota of a resource monitor used up": {
    summary: "All nodes failed: the resource monitor MONTHLY has no quota left, so the warehouse does not start. Two " +
      "other refreshes failed in the same night.",
    facts: (id) => ({
      outcome: "failed",
      othersSame: 1,
      othersOther: 1,
      run: id("Inventory"),
      nodes: 8,
      reason: "warehouseOrQuota",
      causes: [{ class: "warehouseOrQuota", code: "090073", nodes: 8, first: "STG_ORDERS" }],
      history: {
        streakLength: 1,
        firstFailure: id("Inventory"),
        lastSuccess: id("Inventory", 1),
        failed: 1
      },
      others: [id("Daily sales"), id("Finance close")]
    })
  },
  "a bad cast on new data": {
    summary: "STG_ORDERS read the value 3W where a number was wanted. Nothing changed since the last success but, it " +
      "seems, the data.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 12,
      reason: "dataConversion",
      causes: [{ class: "dataConversion", code: "100038", nodes: 1, first: "STG_ORDERS" }],
      blocked: 2,
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        failed: 1
      }
    })
  },
  "one failure that blocked 40 nodes": {
    summary: "One node failed, DIM_CUSTOMER, on a duplicate row; the 40 others did not fail, they were never run.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 52,
      reason: "duplicateRow",
      causes: [{ class: "duplicateRow", code: "100090", nodes: 1, first: "DIM_CUSTOMER" }],
      blocked: 40,
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        failed: 1
      },
      // The run has 40 nodes more than the one before it.
      suspects: ["nodeCount 12 to 52"]
    })
  },
  "30 nodes with one cause": {
    summary:
      "30 nodes failed alike: each cannot see its table in RAW.FEED. It is a schema that is gone or a grant that " +
      "was lost; not known which.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 42,
      reason: "missingObjectOrGrant",
      causes: [{ class: "missingObjectOrGrant", code: "002003", nodes: 30, first: "STG_FEED_01" }],
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        failed: 1
      },
      suspects: ["nodeCount 12 to 42"]
    })
  },
  "two unrelated causes": {
    summary: "Two staging nodes ran into the time-out of 120 seconds, and FCT_MARGIN divided by zero.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 12,
      reason: "timeout",
      causes: [
        { class: "timeout", code: "000630", nodes: 2, first: "STG_ORDERS" },
        { class: "divisionByZero", code: "100051", nodes: 1, first: "FCT_MARGIN" }
      ],
      blocked: 2,
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        failed: 1
      }
    })
  },
  "changed parameters": {
    summary: "STG_ORDERS could not be rendered with the timestamp \"tomorrow\": the default parameter LOAD_DATE was " +
      "\"today\" when it last succeeded.",
    facts: (id) => ({
      outcome: "failed",
      touches: ["parameters LOAD_DATE: LOAD_DATE"],
      run: id("Daily sales"),
      nodes: 12,
      reason: "dataConversion",
      causes: [{ class: "dataConversion", code: "100035", nodes: 1, first: "STG_ORDERS" }],
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        failed: 1
      },
      suspects: ["parameters LOAD_DATE"]
    })
  }
}
