/** Failures that are one of several: run again, night after night, now and then, after something. */
import { production } from "../scenario/environments.ts"
import { deploy } from "../scenario/events.ts"
import { canceled, failure, inProgress, rerun } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, fortnight, idOf } from "./question.ts"

const reRunThatSucceeded = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
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
    inWords: "STG_ORDERS waited for a lock; the re-run has since completed, so nothing is left to do but to see who " +
      "held the lock.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "lock",
      causes: [{ class: "lock", code: "000625", nodes: 1, first: "STG_ORDERS" }],
      blocked: 9,
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        failed: 1
      },
      aftermath: { state: "succeeded", run: idOf(scenario, "again") }
    }
  }
}

const reRunThatFailedOtherwise = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    failure({ of: "Daily sales", error: SnowflakeError.timeout(600), nodes: "FCT_REVENUE", blocked: ["RPT_SALES"] }),
    rerun({ of: "Daily sales", name: "again" }),
    failure({ of: "again", error: SnowflakeError.nullInNonNullable, nodes: "DIM_CUSTOMER", blocked: ["FCT_REVENUE"] })
  )
  return {
    name: "a re-run that failed otherwise",
    inWords: "The re-run got past the time-out of its original and failed on a NULL in DIM_CUSTOMER: another cause.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "again"),
      nodes: 12,
      reRunOf: idOf(scenario, "Daily sales"),
      reason: "constraint",
      causes: [{ class: "constraint", code: "100072", nodes: 1, first: "DIM_CUSTOMER" }],
      blocked: 1,
      history: {
        failuresInARow: 2,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        cause: "different",
        failed: 2
      },
      others: [idOf(scenario, "Daily sales")]
    }
  }
}

const runningReRun = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    failure({ of: "Daily sales", error: SnowflakeError.internalError("7745522"), nodes: "DIM_ORDER" }),
    rerun({ of: "Daily sales", name: "again", at: { ago: "5 minutes" } })
  )
  return {
    name: "a re-run that is still going",
    inWords: "DIM_ORDER met an internal error of Snowflake; a re-run started five minutes ago and has not ended.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "internal",
      causes: [{ class: "internal", code: "000603", nodes: 1, first: "DIM_ORDER" }],
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        failed: 1
      },
      aftermath: { state: "running", run: idOf(scenario, "again") }
    }
  }
}

const flaky = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
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
    inWords:
      "FCT_SALES_DAILY ran into its time-out, as it did three nights before and every third night: 5 of 14. It is " +
      "the first failure in a row, and nothing changed.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "timeout",
      causes: [{ class: "timeout", code: "000630", nodes: 1, first: "FCT_SALES_DAILY" }],
      blocked: 1,
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        earlierFailure: idOf(scenario, "Daily sales", 3),
        failed: 5
      }
    }
  }
}

const fiveNights = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
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
    inWords: "DIM_CUSTOMER has failed five times in a row of one cause: the unknown column CUSTOMER_TIER. The deploy " +
      "that dropped it came before the first of them, five nights ago; the deploy two days ago came after.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "invalidIdentifier",
      causes: [{ class: "invalidIdentifier", code: "000904", nodes: 1, first: "DIM_CUSTOMER" }],
      blocked: 1,
      history: {
        failuresInARow: 5,
        firstFailure: idOf(scenario, "Daily sales", 4),
        lastSuccess: idOf(scenario, "Daily sales", 5),
        cause: "same",
        failed: 5
      },
      suspects: [`deploy ${idOf(scenario, "guilty")}`]
    }
  }
}

const failedDeploy = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
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
    inWords:
      "Both refreshes of production failed on DIM_ORDER, which is missing or not granted. The deploy before them " +
      "failed, and may have been applied in part.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Inventory"),
      nodes: 8,
      reason: "missingObjectOrGrant",
      causes: [{ class: "missingObjectOrGrant", code: "002003", nodes: 1, first: "FCT_ORDERS" }],
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Inventory"),
        lastSuccess: idOf(scenario, "Inventory", 1),
        failed: 1
      },
      suspects: [`deploy ${idOf(scenario, "half")}`],
      others: [idOf(scenario, "Daily sales")]
    }
  }
}

const theDeployItself = (): DiagnosisScenario => {
  const { scenario } = failedDeploy()
  return {
    name: "a failed deploy, asked for as such",
    inWords: "The deploy failed in DIM_ORDER on a syntax error; the deploy before it completed.",
    scenario,
    question: { runType: "deploy" },
    answer: {
      outcome: "failed",
      run: idOf(scenario, "half"),
      nodes: 5,
      reason: "unknown",
      causes: [{ class: "syntax", code: "001003", nodes: 1, first: "DIM_ORDER" }],
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "half"),
        lastSuccess: idOf(scenario, "old deploy"),
        failed: 1
      }
    }
  }
}

const canceledInBetween = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
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
    inWords: "STG_ORDERS has failed twice in a row of one cause: the canceled run between the two counts for neither.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "dataConversion",
      causes: [{ class: "dataConversion", code: "100038", nodes: 1, first: "STG_ORDERS" }],
      blocked: 2,
      history: {
        failuresInARow: 2,
        firstFailure: idOf(scenario, "Daily sales", 2),
        lastSuccess: idOf(scenario, "Daily sales", 3),
        cause: "same",
        canceledInBetween: 1,
        failed: 2
      }
    }
  }
}

const neverSucceeded = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
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
    inWords:
      "No node failed: none was run, since the role LOADER is missing or not granted. It has been so on all 14 " +
      "nights that there are; no success was found.",
    scenario,
    question: { jobID: 15 },
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "missingObjectOrGrant",
      history: {
        failuresInARow: 14,
        firstFailure: idOf(scenario, "Daily sales", 13),
        cause: "same",
        failed: 14
      }
    }
  }
}

const olderRun = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
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
    inWords: "FCT_MARGIN divided by zero four nights ago; the job has completed on the nights since.",
    scenario,
    question: { runID: idOf(scenario, "Daily sales", 4) },
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales", 4),
      nodes: 12,
      reason: "divisionByZero",
      causes: [{ class: "divisionByZero", code: "100051", nodes: 1, first: "FCT_MARGIN" }],
      blocked: 1,
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales", 4),
        lastSuccess: idOf(scenario, "Daily sales", 5),
        failed: 1
      },
      aftermath: { state: "succeeded", run: idOf(scenario, "Daily sales", 3) }
    }
  }
}

const recoveredForANight = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    failure({ of: "Daily sales", back: [0, 2], error: SnowflakeError.divisionByZero, nodes: "FCT_MARGIN" })
  )
  return {
    name: "a failure that was gone for one night",
    inWords:
      "FCT_MARGIN divided by zero two nights ago; the job completed on the night after, and failed again last night: it " +
      "is not over.",
    scenario,
    question: { runID: idOf(scenario, "Daily sales", 2) },
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales", 2),
      nodes: 12,
      reason: "divisionByZero",
      causes: [{ class: "divisionByZero", code: "100051", nodes: 1, first: "FCT_MARGIN" }],
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales", 2),
        lastSuccess: idOf(scenario, "Daily sales", 3),
        failed: 1
      },
      aftermath: {
        state: "succeeded",
        run: idOf(scenario, "Daily sales", 1),
        failedSince: idOf(scenario, "Daily sales")
      }
    }
  }
}

const afterAnother = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    failure({ of: "Daily sales", back: 1, error: SnowflakeError.divisionByZero, nodes: "FCT_MARGIN" }),
    deploy({ name: "fix", environmentID: production, at: { at: "15:00", daysAgo: 1 }, message: "Guard against zero" }),
    failure({ of: "Daily sales", error: SnowflakeError.syntaxError(")"), nodes: "FCT_MARGIN" }),
    rerun({ of: "Daily sales", name: "again", at: { ago: "2 minutes" } }),
    inProgress({ of: "again", status: "waitingToRun" })
  )
  return {
    name: "a fix that broke it otherwise",
    inWords:
      "FCT_MARGIN failed on a syntax error, and the night before on a division by zero: the deploy between the " +
      "two may have brought the second cause. A re-run is waiting.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "syntax",
      causes: [{ class: "syntax", code: "001003", nodes: 1, first: "FCT_MARGIN" }],
      history: {
        failuresInARow: 2,
        firstFailure: idOf(scenario, "Daily sales", 1),
        lastSuccess: idOf(scenario, "Daily sales", 2),
        cause: "different",
        failed: 2
      },
      suspects: [`deploy ${idOf(scenario, "fix")}`],
      aftermath: { state: "running", run: idOf(scenario, "again") }
    }
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
