/** Failures with others before or after them: re-runs, streaks, flaky jobs, failures after a deploy. */
import { find } from "../scenario/builder.ts"
import { production } from "../scenario/environments.ts"
import { deploy } from "../scenario/events.ts"
import { canceled, failure, inProgress, rerun } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, fortnight } from "./DiagnosisScenario.ts"

const reRunThatSucceeded = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({
      of: "Daily sales",
      error: SnowflakeError.locked("01b9c0de-0003-11aa-0000-0f7a00aa1234", "STG_ORDERS", 1742181600000),
      nodes: "STG_ORDERS",
      blocked: 9
    }),
    rerun({ of: "Daily sales", name: "again" })
  )
  return {
    name: "a re-run that succeeded",
    history,
    question: {}
  }
}

const reRunThatFailedOtherwise = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({ of: "Daily sales", error: SnowflakeError.timeout(600), nodes: "FCT_REVENUE", blocked: ["RPT_SALES"] }),
    rerun({ of: "Daily sales", name: "again" }),
    failure({ of: "again", error: SnowflakeError.nullInNonNullable, nodes: "DIM_CUSTOMER", blocked: ["FCT_REVENUE"] })
  )
  return {
    name: "a re-run that failed of another cause",
    history,
    question: {}
  }
}

const runningReRun = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({ of: "Daily sales", error: SnowflakeError.internalError("7745522"), nodes: "DIM_ORDER" }),
    rerun({ of: "Daily sales", name: "again", at: { ago: "5 minutes" } })
  )
  return {
    name: "a re-run that is still going",
    history,
    question: {}
  }
}

const flaky = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({
      of: "Daily sales",
      back: (back) => back % 3 === 0,
      error: SnowflakeError.timeout(120),
      nodes: "FCT_SALES_DAILY",
      blocked: ["RPT_SALES"]
    })
  )
  return {
    name: "a flaky job that fails every third night",
    history,
    question: {}
  }
}

const fiveNights = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    deploy({
      name: "guilty",
      environmentID: production,
      at: { at: "18:00", daysAgo: 5 },
      message: "Drop CUSTOMER_TIER"
    }),
    deploy({ name: "later", environmentID: production, at: { at: "18:00", daysAgo: 2 }, message: "Add RPT_SALES_EU" }),
    failure({
      of: "Daily sales",
      back: [0, 1, 2, 3, 4],
      error: SnowflakeError.invalidIdentifier("CUSTOMER_TIER"),
      nodes: "DIM_CUSTOMER",
      blocked: ["FCT_REVENUE"]
    })
  )
  return {
    name: "a first failure five nights ago",
    history,
    question: {}
  }
}

const failedDeploy = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    deploy({ name: "half", environmentID: production, at: { at: "00:30" }, message: "New order model" }),
    failure({ of: "half", error: SnowflakeError.syntaxError("FROM"), nodes: ["DIM_ORDER"] }),
    failure({
      of: "Daily sales",
      error: SnowflakeError.missingObject("ANALYTICS.MART.DIM_ORDER"),
      nodes: "DIM_ORDER",
      blocked: 5
    }),
    failure({ of: "Inventory", error: SnowflakeError.missingObject("ANALYTICS.MART.DIM_ORDER"), nodes: "FCT_ORDERS" })
  )
  return {
    name: "a failed deploy, then refreshes on it",
    history,
    question: {}
  }
}

const theDeployItself = (): DiagnosisScenario => {
  const { history } = failedDeploy()
  return {
    name: "a failed deploy, selected by runType",
    history,
    question: { runType: "deploy" }
  }
}

const canceledInBetween = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({
      of: "Daily sales",
      back: [0, 2],
      error: SnowflakeError.badNumber("3W"),
      nodes: "STG_ORDERS",
      blocked: 2
    }),
    canceled({ of: "Daily sales", back: 1 })
  )
  return {
    name: "a canceled run between two failures",
    history,
    question: {}
  }
}

const neverSucceeded = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({
      of: "Daily sales",
      back: () => true,
      error: SnowflakeError.missingRole("LOADER"),
      nodes: 0,
      reason: "250001: Role 'LOADER' specified in the connect string does not exist or not authorized."
    })
  )
  return {
    name: "a job that never succeeded",
    history,
    question: { jobID: 15 }
  }
}

const olderRun = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({
      of: "Daily sales",
      back: 4,
      error: SnowflakeError.divisionByZero,
      nodes: "FCT_MARGIN",
      blocked: ["RPT_SALES"]
    })
  )
  return {
    name: "a failure of last week by its id",
    history,
    question: { runID: find(history, "Daily sales", 4).id }
  }
}

const recoveredForANight = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({ of: "Daily sales", back: [0, 2], error: SnowflakeError.divisionByZero, nodes: "FCT_MARGIN" })
  )
  return {
    name: "a failure that was gone for one night",
    history,
    question: { runID: find(history, "Daily sales", 2).id }
  }
}

const afterAnother = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({ of: "Daily sales", back: 1, error: SnowflakeError.divisionByZero, nodes: "FCT_MARGIN" }),
    deploy({ name: "fix", environmentID: production, at: { at: "15:00", daysAgo: 1 }, message: "Guard against zero" }),
    failure({ of: "Daily sales", error: SnowflakeError.syntaxError(")"), nodes: "FCT_MARGIN" }),
    rerun({ of: "Daily sales", name: "again", at: { ago: "2 minutes" } }),
    inProgress({ of: "again", status: "waitingToRun" })
  )
  return {
    name: "a fix that caused another failure",
    history,
    question: {}
  }
}

export const sequences = (): ReadonlyArray<DiagnosisScenario> => [
  reRunThatSucceeded(),
  reRunThatFailedOtherwise(),
  runningReRun(),
  flaky(),
  fiveNights(),
  failedDeploy(),
  theDeployItself(),
  canceledInBetween(),
  neverSucceeded(),
  olderRun(),
  recoveredForANight(),
  afterAnother()
]
