/** Nights on which nothing failed, and runs that did not fail. */
import { find, make, type Scenario } from "../scenario/builder.ts"
import { production, sales } from "../scenario/environments.ts"
import { deploy, job, refresh } from "../scenario/events.ts"
import { canceled, failure, inProgress, testFailure } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, fortnight, now, timeZone } from "./DiagnosisScenario.ts"

const nothingFailedButTests = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    testFailure({
      of: "Daily sales",
      node: "STG_CUSTOMERS",
      test: "CUSTOMER_ID is unique",
      message: "14 rows share an id."
    }),
    testFailure({ of: "Daily sales", node: "DIM_ORDER", test: "ORDER_DATE is not null" }),
    failure({ of: "Inventory", back: 6, error: SnowflakeError.stringTooLong("Llanfairpwll"), nodes: "STG_ORDERS" })
  )
  return {
    name: "nothing failed, but tests did",
    history,
    question: {}
  }
}

const nothingRan = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    refresh({
      name: "Backfill",
      environmentID: "7",
      at: { at: "11:00", daysAgo: 2 },
      includeNodesSelector: "{ STG_* }"
    })
  )
  return {
    name: "nothing ran",
    history,
    question: { environmentID: "7" }
  }
}

const nothingAtAll = (): DiagnosisScenario => ({
  name: "no runs at all",
  history: make({ now, timeZone }),
  question: {}
})

/** A night on which one run was canceled, one is still running and one has never started. */
const unfinished = (): Scenario =>
  fortnight().pipe(
    canceled({ of: "Daily sales" }),
    refresh({ name: "Forecast", jobID: 17, environmentID: production, at: { ago: "20 minutes" }, status: "running" }),
    refresh({
      name: "Dashboard",
      jobID: 18,
      environmentID: production,
      at: { ago: "10 minutes" },
      status: "waitingToRun"
    })
  )

const canceledNight = (): DiagnosisScenario => {
  const history = unfinished()
  return {
    name: "a canceled run, one still going, one never started",
    history,
    question: { environmentID: production }
  }
}

const canceledById = (): DiagnosisScenario => {
  const history = unfinished()
  return {
    name: "a canceled run by its id",
    history,
    question: { runID: find(history, "Daily sales").id }
  }
}

const canceledThenCompleted = (): DiagnosisScenario => {
  const history = fortnight().pipe(canceled({ of: "Daily sales", back: 1 }))
  return {
    name: "a canceled run whose job has completed since",
    history,
    question: { runID: find(history, "Daily sales", 1).id }
  }
}

const runningById = (): DiagnosisScenario => {
  const history = unfinished()
  return {
    name: "a run still going by its id",
    history,
    question: { runID: find(history, "Forecast").id }
  }
}

const waitingById = (): DiagnosisScenario => {
  const history = unfinished()
  return {
    name: "a waiting run by its id",
    history,
    question: { runID: find(history, "Dashboard").id }
  }
}

const completedById = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    testFailure({ of: "Daily sales", node: "DIM_ORDER", test: "ORDER_DATE is not null" })
  )
  return {
    name: "a completed run by its id",
    history,
    question: { runID: find(history, "Daily sales").id }
  }
}

const onlyADeploy = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    deploy({ name: "half", environmentID: production, at: { at: "06:30" }, message: "New order model" }),
    failure({ of: "half", error: SnowflakeError.syntaxError("FROM"), nodes: ["DIM_ORDER"] })
  )
  return {
    name: "no refresh failed, but a deploy did",
    history,
    question: {}
  }
}

const manyCompleted = (): DiagnosisScenario => {
  const history = make({ now, timeZone }).pipe(
    job({
      name: "Hourly",
      jobID: 9,
      environmentID: production,
      at: { every: "1 hour" },
      days: 3,
      takes: "4 minutes",
      nodes: sales
    })
  )
  return {
    name: "more completed runs than are read for tests",
    history,
    question: { jobID: 9 }
  }
}

const waitingAlone = (): DiagnosisScenario => {
  const history = make({ now, timeZone }).pipe(
    job({ name: "Nightly", jobID: 9, environmentID: production, at: "02:00", days: 3 }),
    inProgress({ of: "Nightly", status: "waitingToRun" })
  )
  return {
    name: "the nightly run never started",
    history,
    question: {}
  }
}

const notThisJob = (): DiagnosisScenario => {
  const history = make({ now, timeZone }).pipe(
    job({
      name: "Busy",
      jobID: 9,
      environmentID: production,
      at: { every: "30 minutes" },
      days: 9,
      takes: "4 minutes",
      nodes: 3
    }),
    refresh({ name: "Monthly", jobID: 40, environmentID: production, at: { at: "05:00", daysAgo: 8 } }),
    failure({ of: "Monthly", error: SnowflakeError.nullInNonNullable, nodes: "DIM_CUSTOMERS" })
  )
  return {
    name: "a job that did not run among many that did",
    history,
    question: { jobID: 40 }
  }
}

export const quiet = (): ReadonlyArray<DiagnosisScenario> => [
  nothingFailedButTests(),
  nothingRan(),
  nothingAtAll(),
  notThisJob(),
  canceledNight(),
  canceledById(),
  canceledThenCompleted(),
  runningById(),
  waitingById(),
  completedById(),
  onlyADeploy(),
  manyCompleted(),
  waitingAlone()
]
