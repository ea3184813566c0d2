/** Expected facts of failures that follow from another node. */
import type { Expectations, ExpectedFacts, IdOf } from "./ExpectedFacts.ts"

/** Daily sales failed for the first time, and was not run again. */
const failedOnce = (id: IdOf): Pick<ExpectedFacts, "history" | "nodes" | "outcome" | "run"> => ({
  outcome: "failed",
  run: id("Daily sales"),
  nodes: 12,
  history: {
    streakLength: 1,
    firstFailure: id("Daily sales"),
    lastSuccess: id("Daily sales", 1),
    failed: 1
  }
})

const feed = (cause: number): string => `FCT_FEED_${5 * cause + 1}`

export const roots: Expectations = {
  "a node that misses a table that another node of the run failed to make": {
    summary: "STG_ORDERS divided by zero; DIM_ORDER and FCT_ORDER_LINES miss its table, so they follow from it.",
    facts: (id) => ({
      ...failedOnce(id),
      reason: "divisionByZero",
      causes: [
        { class: "divisionByZero", code: "100051", nodes: 1, first: "STG_ORDERS" },
        { class: "missingObjectOrGrant", code: "002003", nodes: 2, first: "DIM_ORDER" }
      ],
      blocked: 1,
      roots: [{ kind: "notMade", by: "object", node: "STG_ORDERS", nodes: ["DIM_ORDER", "FCT_ORDER_LINES"] }]
    })
  },
  "a node that misses a table that an earlier run of the night failed to make": {
    summary: "FCT_REVENUE misses STG_REFUNDS, which the load before it failed to make because of a bad number.",
    facts: (id) => ({
      ...failedOnce(id),
      reason: "missingObjectOrGrant",
      causes: [{ class: "missingObjectOrGrant", code: "002003", nodes: 1, first: "FCT_REVENUE" }],
      blocked: 1,
      roots: [{ kind: "notMade", by: "object", node: "STG_REFUNDS", nodes: ["FCT_REVENUE"], run: id("Load shop") }],
      others: [id("Load shop")],
      othersOther: 1
    })
  },
  "a failed uniqueness test before a merge that met duplicate rows": {
    summary: "DIM_CUSTOMER merged duplicate rows of STG_CLIENTS, whose test for unique rows had failed in the load.",
    facts: (id) => ({
      ...failedOnce(id),
      reason: "duplicateRow",
      causes: [{ class: "duplicateRow", code: "100090", nodes: 1, first: "DIM_CUSTOMER" }],
      roots: [{ kind: "failedTest", by: "object", node: "STG_CLIENTS", nodes: ["DIM_CUSTOMER"], run: id("Load shop") }]
    })
  },
  "a lock that another run held": {
    summary: "STG_ORDERS waited for a lock that the statement of a node of the load held.",
    facts: (id) => ({
      ...failedOnce(id),
      reason: "lock",
      causes: [{ class: "lock", code: "000625", nodes: 1, first: "STG_ORDERS" }],
      blocked: 9,
      roots: [{
        kind: "heldLock",
        by: "queryID",
        node: "STG_ORDERS_DELTA",
        nodes: ["STG_ORDERS"],
        run: id("Load shop")
      }]
    })
  },
  "a job that was still at work on what another one read": {
    summary: "DIM_CUSTOMER met a NULL in STG_CLIENTS, which the load was still writing.",
    facts: (id) => ({
      ...failedOnce(id),
      reason: "constraint",
      causes: [{ class: "constraint", code: "100072", nodes: 1, first: "DIM_CUSTOMER" }],
      roots: [{ kind: "stillAtWork", by: "object", node: "STG_CLIENTS", nodes: ["DIM_CUSTOMER"], run: id("Load shop") }]
    })
  },
  "30 failed nodes of six causes": {
    summary: "Six causes, each in five nodes that the run did not have before.",
    facts: (id) => ({
      ...failedOnce(id),
      nodes: 42,
      reason: "divisionByZero",
      causes: [
        { class: "divisionByZero", code: "100051", nodes: 5, first: feed(0) },
        { class: "dataConversion", code: "100038", nodes: 5, first: feed(1) },
        { class: "constraint", code: "100072", nodes: 5, first: feed(2) },
        { class: "syntax", code: "001003", nodes: 5, first: feed(3) },
        { class: "truncation", code: "100078", nodes: 5, first: feed(4) },
        { class: "timeout", code: "000630", nodes: 5, first: feed(5) }
      ],
      suspects: ["nodeCount 12 to 42"]
    })
  }
}
