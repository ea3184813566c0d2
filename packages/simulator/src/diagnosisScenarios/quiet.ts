/** Nights on which nothing failed, and runs that did not. */
import { make, type Scenario } from "../scenario/builder.ts"
import { production, sales } from "../scenario/environments.ts"
import { deploy, job, refresh } from "../scenario/events.ts"
import { canceled, failure, inProgress, testFailure } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, fortnight, idOf, now, timeZone } from "./question.ts"

const nothingFailedButTests = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
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
    inWords:
      "No refresh failed: three completed. In Daily sales two data tests failed, which does not fail a run. The " +
      "latest failure is of Inventory, six nights earlier.",
    scenario,
    question: {},
    answer: {
      outcome: "noneFailed",
      noFailure: {
        ran: 3,
        testsRead: 3,
        failedTests: [{
          run: idOf(scenario, "Daily sales"),
          tests: ["STG_CUSTOMERS: CUSTOMER_ID is unique", "DIM_ORDER: ORDER_DATE is not null"]
        }],
        olderFailure: idOf(scenario, "Inventory", 6)
      }
    }
  }
}

const nothingRan = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    refresh({
      name: "Backfill",
      environmentID: "7",
      at: { at: "11:00", daysAgo: 2 },
      includeNodesSelector: "{ STG_* }"
    })
  )
  return {
    name: "nothing ran",
    inWords: "Nothing ran in environment 7 last night; the nearest run is the backfill two days before.",
    scenario,
    question: { environmentID: "7" },
    answer: { outcome: "nothingRan", noFailure: { ran: 0, nearest: idOf(scenario, "Backfill") } }
  }
}

const nothingAtAll = (): DiagnosisScenario => ({
  name: "no runs at all",
  inWords: "There is no run at all: nothing ran last night, nor before.",
  scenario: make({ now, timeZone }),
  question: {},
  answer: { outcome: "nothingRan", noFailure: { ran: 0 } }
})

/** A night on which one run was canceled, one is going on and one has never started. */
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
  const scenario = unfinished()
  return {
    name: "a canceled run, one still going, one never started",
    inWords:
      "Nothing failed: Daily sales was canceled, Forecast is still running, Dashboard is waiting and never started.",
    scenario,
    question: { environmentID: production },
    answer: {
      outcome: "noneFailed",
      noFailure: {
        ran: 3,
        canceled: [idOf(scenario, "Daily sales")],
        stillRunning: [idOf(scenario, "Forecast")],
        waiting: [idOf(scenario, "Dashboard")],
        testsRead: 1
      }
    }
  }
}

const canceledById = (): DiagnosisScenario => {
  const scenario = unfinished()
  return {
    name: "a canceled run by its id",
    inWords: "The run was canceled; it did not fail.",
    scenario,
    question: { runID: idOf(scenario, "Daily sales") },
    answer: { outcome: "canceled", run: idOf(scenario, "Daily sales"), nodes: 12 }
  }
}

const canceledThenCompleted = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(canceled({ of: "Daily sales", back: 1 }))
  return {
    name: "a canceled run whose job has completed since",
    inWords: "The run was canceled; the job completed on the night after.",
    scenario,
    question: { runID: idOf(scenario, "Daily sales", 1) },
    answer: {
      outcome: "canceled",
      run: idOf(scenario, "Daily sales", 1),
      nodes: 12,
      aftermath: { state: "succeeded", run: idOf(scenario, "Daily sales") }
    }
  }
}

const runningById = (): DiagnosisScenario => {
  const scenario = unfinished()
  return {
    name: "a run still going by its id",
    inWords: "The run is still running: it has not failed so far.",
    scenario,
    question: { runID: idOf(scenario, "Forecast") },
    answer: { outcome: "running", run: idOf(scenario, "Forecast"), nodes: 12 }
  }
}

const waitingById = (): DiagnosisScenario => {
  const scenario = unfinished()
  return {
    name: "a waiting run by its id",
    inWords: "The run is waiting and never started.",
    scenario,
    question: { runID: idOf(scenario, "Dashboard") },
    answer: { outcome: "waiting", run: idOf(scenario, "Dashboard"), nodes: 0 }
  }
}

const completedById = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    testFailure({ of: "Daily sales", node: "DIM_ORDER", test: "ORDER_DATE is not null" })
  )
  return {
    name: "a completed run by its id",
    inWords: "The run completed; a data test of DIM_ORDER failed in it.",
    scenario,
    question: { runID: idOf(scenario, "Daily sales") },
    answer: {
      outcome: "completed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      failedTests: ["DIM_ORDER: ORDER_DATE is not null"]
    }
  }
}

const onlyADeploy = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    deploy({ name: "half", environmentID: production, at: { at: "06:30" }, message: "New order model" }),
    failure({ of: "half", error: SnowflakeError.syntaxError("FROM"), nodes: ["DIM_ORDER"] })
  )
  return {
    name: "no refresh failed, but a deploy did",
    inWords: "Every refresh completed. A deploy failed in the morning.",
    scenario,
    question: {},
    answer: {
      outcome: "noneFailed",
      noFailure: { ran: 3, testsRead: 3, failedOfOtherType: [idOf(scenario, "half")] }
    }
  }
}

const manyCompleted = (): DiagnosisScenario => {
  const scenario = make({ now, timeZone }).pipe(
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
    inWords: "14 runs completed and none failed. The data tests of the latest five were read, those of nine were not.",
    scenario,
    question: { jobID: 9 },
    answer: { outcome: "noneFailed", noFailure: { ran: 14, testsRead: 5, testsNotRead: 9 } }
  }
}

const waitingAlone = (): DiagnosisScenario => {
  const scenario = make({ now, timeZone }).pipe(
    job({ name: "Nightly", jobID: 9, environmentID: production, at: "02:00", days: 3 }),
    inProgress({ of: "Nightly", status: "waitingToRun" })
  )
  return {
    name: "the nightly run never started",
    inWords: "Nothing ran last night: the nightly run has been waiting since, and never started.",
    scenario,
    question: {},
    answer: {
      outcome: "nothingRan",
      noFailure: { ran: 0, waiting: [idOf(scenario, "Nightly")], nearest: idOf(scenario, "Nightly", 1) }
    }
  }
}

const notThisJob = (): DiagnosisScenario => {
  const scenario = make({ now, timeZone }).pipe(
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
    name: "nothing of this job ran, though much else did",
    inWords: "The monthly job did not run last night. It ran last eight days ago, and failed then.",
    scenario,
    question: { jobID: 40 },
    answer: {
      outcome: "nothingRan",
      noFailure: { ran: 0, nearest: idOf(scenario, "Monthly"), olderFailure: idOf(scenario, "Monthly") }
    }
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
