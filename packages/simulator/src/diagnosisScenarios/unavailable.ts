/** Failures with parts that are unavailable. */
import { edit, failure, results } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, fortnight } from "./DiagnosisScenario.ts"

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

const forbiddenResults = (): DiagnosisScenario => {
  const history = failed().pipe(results({ of: "Daily sales", results: "forbidden" }))
  return {
    name: "results forbidden",
    history,
    question: {}
  }
}

const unknownShape = (): DiagnosisScenario => {
  const history = failed().pipe(results({ of: "Daily sales", results: { body: { nodes: { STG_ORDERS: "error" } } } }))
  return {
    name: "results of an unknown shape",
    history,
    question: {}
  }
}

const unknownState = (): DiagnosisScenario => {
  const history = failed().pipe(
    edit({
      of: "Daily sales",
      change: (run) => ({
        ...run,
        results: [{ nodeID: "1", name: "STG_ORDERS", isRunning: false, queryResults: [], runState: "exploded" }]
      })
    })
  )
  return {
    name: "a node in an unknown state",
    history,
    question: {}
  }
}

const noReason = (): DiagnosisScenario => {
  const history = failed(null)
  return {
    name: "no reason",
    history,
    question: {}
  }
}

export const unavailable = (): ReadonlyArray<DiagnosisScenario> => [
  forbiddenResults(),
  unknownShape(),
  unknownState(),
  noReason()
]
