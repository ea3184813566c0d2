/** Expected facts of failures with parts that are unavailable. */
import type { Expectations, IdOf } from "./ExpectedFacts.ts"

const history = (id: IdOf) => ({
  streakLength: 1,
  firstFailure: id("Daily sales"),
  lastSuccess: id("Daily sales", 1),
  failed: 1
})

export const unavailable: Expectations = {
  "results forbidden": {
    summary:
      "The run failed for a missing privilege, says its reason. Which nodes failed is not known: the token may " +
      "not read the results.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      reason: "privilege",
      history: history(id),
      unavailable: ["results 403"]
    })
  },
  "results of an unknown shape": {
    summary: "The run failed for a missing privilege, says its reason. Which nodes failed is not known: the results " +
      "came in a shape that is not known.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      reason: "privilege",
      history: history(id),
      unavailable: ["results DecodeError"]
    })
  },
  "a node in an unknown state": {
    summary: "The run failed for a missing privilege, says its reason. Its one node is in a state that is not known.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 1,
      reason: "privilege",
      history: history(id),
      unavailable: ["results UnknownState"]
    })
  },
  "no reason": {
    summary: "The run gives no reason; its nodes do: STG_ORDERS lacks a privilege, and blocked three.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 12,
      causes: [{ class: "privilege", code: "003001", nodes: 1, first: "STG_ORDERS" }],
      blocked: 3,
      history: history(id)
    })
  }
}
