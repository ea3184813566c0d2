/** Expected facts of failures that were there before, of suspects that touch what failed, and of nights of one cause. */
import type { Expectations, ExpectedFacts, IdOf } from "./ExpectedFacts.ts"

/** Daily sales failed last night, and succeeded the night before. */
const failed = (
  id: IdOf,
  history: Partial<NonNullable<ExpectedFacts["history"]>> = {}
): Pick<ExpectedFacts, "history" | "nodes" | "outcome" | "run"> => ({
  outcome: "failed",
  run: id("Daily sales"),
  nodes: 12,
  history: {
    streakLength: 1,
    firstFailure: id("Daily sales"),
    lastSuccess: id("Daily sales", 1),
    failed: 1,
    ...history
  }
})

const twoCauses = (id: IdOf): ExpectedFacts => ({
  ...failed(id, {
    streakLength: 5,
    firstFailure: id("Daily sales", 4),
    lastSuccess: id("Daily sales", 5),
    failed: 5,
    cause: "different",
    causeSince: id("Daily sales", 2)
  }),
  causes: [{ class: "divisionByZero", code: "100051", nodes: 1, first: "FCT_MARGIN" }]
})

const reverted = (id: IdOf): ExpectedFacts => ({
  ...failed(id),
  reason: "invalidIdentifier",
  causes: [{ class: "invalidIdentifier", code: "000904", nodes: 1, first: "DIM_ORDER" }],
  suspects: [`deploy ${id("rename")}`],
  touches: [`deploy ${id("rename")}: ORDER_ID`],
  deploysSince: [`${id("revert")} reverts`]
})

export const memory: Expectations = {
  "a cause seen before, which a deploy ended": {
    summary: "FCT_MARGIN divided by zero six nights ago as well, and passed again after the deploy that guarded it.",
    facts: (id) => ({
      ...failed(id, { failed: 2, earlierFailure: id("Daily sales", 6) }),
      reason: "divisionByZero",
      causes: [{ class: "divisionByZero", code: "100051", nodes: 1, first: "FCT_MARGIN" }],
      blocked: 1,
      seenBefore: {
        failures: 1,
        same: 1,
        passed: 1,
        latest: { run: id("Daily sales", 6), passed: id("Daily sales", 5), deploys: [id("mend")] }
      }
    })
  },
  "a flake that passed each time when it was run again, and whose reasons name no cause": {
    summary: "FCT_REVENUE timed out on two nights before; each time the re-run passed, with nothing deployed.",
    facts: (id) => ({
      ...failed(id, { failed: 3, earlierFailure: id("Daily sales", 3) }),
      causes: [{ class: "timeout", code: "000630", nodes: 1, first: "FCT_REVENUE" }],
      seenBefore: {
        failures: 2,
        same: 2,
        passed: 2,
        passedUnchanged: 2,
        passedOnReRun: 2,
        latest: { run: id("Daily sales", 3), passed: id("again") }
      }
    })
  },
  "a streak of two causes": {
    summary: "The streak of five began with a syntax error; for three nights it has been a division by zero.",
    facts: (id) => ({ ...twoCauses(id), reason: "divisionByZero" })
  },
  "a streak of two causes whose reasons name none": {
    summary: "The same, as the node results of the streak say.",
    facts: twoCauses
  },
  "the same kind of error on another object before": {
    summary: "RAW.SHOP.PAYMENTS is missing; five nights ago it was RAW.SHOP.REFUNDS.",
    facts: (id) => ({
      ...failed(id, { failed: 2, earlierFailure: id("Daily sales", 5) }),
      reason: "missingObjectOrGrant",
      causes: [{ class: "missingObjectOrGrant", code: "002003", nodes: 1, first: "STG_PAYMENTS" }],
      seenBefore: { failures: 1, same: 0, elsewhere: [id("Daily sales", 5)] }
    })
  },
  "a deploy that names the column, behind a nearer one that does not": {
    summary: "Of two deploys the earlier one dropped the column that is missing now.",
    facts: (id) => ({
      ...failed(id),
      reason: "invalidIdentifier",
      causes: [{ class: "invalidIdentifier", code: "000904", nodes: 1, first: "DIM_CUSTOMER" }],
      suspects: [`deploy ${id("guilty")}`, `deploy ${id("nearer")}`],
      touches: [`deploy ${id("guilty")}: CUSTOMER_TIER`]
    })
  },
  "bad data, and a deploy that has nothing to do with it": {
    summary: "A value that is no number; the deploy of the evening names nothing of it.",
    facts: (id) => ({
      ...failed(id),
      reason: "dataConversion",
      causes: [{ class: "dataConversion", code: "100038", nodes: 1, first: "STG_ORDERS" }],
      suspects: [`deploy ${id("other")}`]
    })
  },
  "a parameter that differs every night, and a smaller warehouse": {
    summary: "FCT_REVENUE timed out on another warehouse, with less parallelism; the load date changes every night.",
    facts: (id) => ({
      ...failed(id),
      reason: "timeout",
      causes: [{ class: "timeout", code: "000630", nodes: 1, first: "FCT_REVENUE" }],
      suspects: ["credentials snowflakeAuthType, snowflakeWarehouse", "parallelism 8 to 2"],
      touches: [
        "credentials snowflakeAuthType, snowflakeWarehouse: snowflakeWarehouse",
        "parallelism 8 to 2: parallelism"
      ]
    })
  },
  "a deploy that was reverted after the failure": {
    summary: "The deploy that renamed ORDER_ID was reverted in the morning, and the job has not run since.",
    facts: reverted
  },
  "a revert and a run since": {
    summary: "The same, and the re-run after the revert completed.",
    facts: (id) => ({ ...reverted(id), recovery: { state: "recovered", run: id("again") } })
  },
  "one cause in three jobs, whose reasons name none": {
    summary: "Three refreshes in two environments failed of one used-up quota, as their nodes say.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Inventory"),
      nodes: 8,
      causes: [{ class: "warehouseOrQuota", code: "090073", nodes: 3, first: "STG_ORDERS" }],
      history: {
        streakLength: 1,
        firstFailure: id("Inventory"),
        lastSuccess: id("Inventory", 1),
        failed: 1
      },
      others: [id("Daily sales"), id("Finance close")],
      othersSame: 2
    })
  },
  "a nightly that did not run, while another job did": {
    summary: "Nothing failed, but the nightly load did not start, for the first time in 14 nights.",
    facts: () => ({ outcome: "noneFailed", noFailure: { ran: 1, didNotRun: ["Nightly load"], testsChecked: 1 } })
  },
  "a nightly that did not run, asked for by its job": {
    summary: "The nightly load did not start, for the first time in 14 nights.",
    facts: (id) => ({
      outcome: "nothingRan",
      noFailure: { ran: 0, didNotRun: ["Nightly load"], nearest: id("Nightly load") }
    })
  }
}
