/** Expected facts of nights with equal times, and of nights on which daylight saving begins or ends. */
import type { Expectations, ExpectedFacts, IdOf } from "./ExpectedFacts.ts"

const late = (id: IdOf): ExpectedFacts => ({
  outcome: "failed",
  run: id("Late"),
  nodes: 12,
  reason: "invalidIdentifier",
  causes: [{ class: "invalidIdentifier", code: "002028", nodes: 1, first: "DIM_ORDER" }],
  history: {
    streakLength: 2,
    firstFailure: id("Early"),
    lastSuccess: id("Before"),
    cause: "same",
    failed: 2
  }
})

export const clocks: Expectations = {
  "runs that started in the same millisecond": {
    summary:
      "Three of the five refreshes of 02:00 failed without a warehouse. The one with the greatest id counts as " +
      "the latest.",
    facts: (id) => ({
      outcome: "failed",
      othersSame: 2,
      run: id("D"),
      nodes: 12,
      reason: "warehouseOrQuota",
      causes: [{ class: "warehouseOrQuota", code: "000606", nodes: 1, first: "STG_ORDERS" }],
      history: {
        streakLength: 1,
        firstFailure: id("D"),
        lastSuccess: id("D", 1),
        failed: 1
      },
      others: [id("C"), id("B")]
    })
  },
  "the night on which the clock goes back": {
    summary:
      "The night began at 18:00 of summer time: the failure ten minutes later is last night's, the one ten minutes " +
      "before is not.",
    facts: late
  },
  "the night on which the clock goes forward": {
    summary:
      "The night began at 18:00 of winter time: the failure ten minutes later is last night's, the one ten minutes " +
      "before is not.",
    facts: late
  }
}
