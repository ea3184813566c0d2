/** Failures of which not everything can be read. */
import { edit, failure, results } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, fortnight, idOf } from "./question.ts"

const failed = (reason?: string | null) =>
  fortnight().pipe(
    failure({
      of: "Daily sales",
      error: SnowflakeError.insufficientPrivileges("STG"),
      nodes: "STG_ORDERS",
      blocked: 3,
      ...(reason === undefined ? {} : { reason })
    })
  )

const history = (scenario: ReturnType<typeof failed>) => ({
  failuresInARow: 1,
  firstFailure: idOf(scenario, "Daily sales"),
  lastSuccess: idOf(scenario, "Daily sales", 1),
  failed: 1
})

const forbiddenResults = (): DiagnosisScenario => {
  const scenario = failed().pipe(results({ of: "Daily sales", results: "forbidden" }))
  return {
    name: "results forbidden",
    inWords:
      "The run failed for a missing privilege, says its reason. Which nodes failed is not known: the token may " +
      "not read the results.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      reason: "privilege",
      history: history(scenario),
      couldNotRead: ["results 403"]
    }
  }
}

const unknownShape = (): DiagnosisScenario => {
  const scenario = failed().pipe(results({ of: "Daily sales", results: { body: { nodes: { STG_ORDERS: "error" } } } }))
  return {
    name: "results of a shape that is not known",
    inWords: "The run failed for a missing privilege, says its reason. Which nodes failed is not known: the results " +
      "came in a shape that is not known.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      reason: "privilege",
      history: history(scenario),
      couldNotRead: ["results DecodeError"]
    }
  }
}

const unknownState = (): DiagnosisScenario => {
  const scenario = failed().pipe(
    edit({
      of: "Daily sales",
      change: (run) => ({
        ...run,
        results: [{ nodeID: "1", name: "STG_ORDERS", isRunning: false, queryResults: [], runState: "exploded" }]
      })
    })
  )
  return {
    name: "a node in a state that is not known",
    inWords: "The run failed for a missing privilege, says its reason. Its one node is in a state that is not known.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 1,
      reason: "privilege",
      history: history(scenario),
      couldNotRead: ["results UnknownState"]
    }
  }
}

const noReason = (): DiagnosisScenario => {
  const scenario = failed(null)
  return {
    name: "no reason",
    inWords: "The run gives no reason; its nodes do: STG_ORDERS lacks a privilege, and blocked three.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      causes: [{ class: "privilege", code: "003001", nodes: 1, first: "STG_ORDERS" }],
      blocked: 3,
      history: history(scenario)
    }
  }
}

export const unreadable = (): ReadonlyArray<DiagnosisScenario> => [
  forbiddenResults(),
  unknownShape(),
  unknownState(),
  noReason()
]
