/** Nights with one thing, or two, that went wrong. */
import { finance, production } from "../scenario/environments.ts"
import { deploy } from "../scenario/events.ts"
import { edit, failure } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, fortnight, idOf } from "./question.ts"

const droppedColumn = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    deploy({
      name: "rename",
      environmentID: production,
      at: { at: "17:30", daysAgo: 1 },
      commit: "9f2c4e1ab7d05386c1e4f0a2b8d7c6935e1f4a08",
      message: "Rename ORDER_ID to ORDER_KEY in STG_ORDERS"
    }),
    // To another environment, so no suspect.
    deploy({ name: "elsewhere", environmentID: finance, at: { at: "18:30", daysAgo: 1 }, message: "Add STG_LEDGER" }),
    failure({
      of: "Daily sales",
      error: SnowflakeError.invalidIdentifier(`"SRC"."ORDER_ID"`, 8, 2),
      nodes: "DIM_ORDER",
      blocked: ["FCT_ORDER_LINES", "FCT_SALES_DAILY", "FCT_REVENUE", "FCT_MARGIN", "RPT_SALES"],
      prefixed: true
    })
  )
  return {
    name: "a dropped column after a deploy",
    inWords: "DIM_ORDER failed on the unknown column ORDER_ID and blocked five nodes, for the first time. The deploy " +
      "that renamed ORDER_ID stands between the last success and this failure. It has not been run again.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "invalidIdentifier",
      causes: [{ class: "invalidIdentifier", code: "000904", nodes: 1, first: "DIM_ORDER" }],
      blocked: 5,
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        failed: 1
      },
      suspects: [`deploy ${idOf(scenario, "rename")}`]
    }
  }
}

const revokedGrant = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    failure({
      of: "Daily sales",
      error: SnowflakeError.missingObject("RAW.SHOP.PAYMENTS"),
      nodes: "STG_PAYMENTS",
      blocked: 3
    })
  )
  return {
    name: "a revoked grant",
    inWords: "STG_PAYMENTS cannot see RAW.SHOP.PAYMENTS: the table is gone or the role has lost its grant, Snowflake " +
      "does not say which. Nothing was deployed since the last success.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "missingObjectOrGrant",
      causes: [{ class: "missingObjectOrGrant", code: "002003", nodes: 1, first: "STG_PAYMENTS" }],
      blocked: 3,
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        failed: 1
      }
    }
  }
}

const changedRole = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    failure({
      of: "Daily sales",
      error: SnowflakeError.insufficientPrivileges("MART"),
      nodes: ["DIM_CUSTOMER", "DIM_PRODUCT"],
      blocked: 4
    }),
    edit({
      of: "Daily sales",
      change: (run) => ({ ...run, userCredentials: { ...run.userCredentials, snowflakeRole: "REPORTER" } })
    })
  )
  return {
    name: "another role without a privilege",
    inWords:
      "Two dimensions may not be written to schema MART. The run signed in with another role than the last one " +
      "that succeeded.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "privilege",
      causes: [{ class: "privilege", code: "003001", nodes: 2, first: "DIM_CUSTOMER" }],
      blocked: 4,
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        failed: 1
      },
      suspects: ["credentials snowflakeRole"]
    }
  }
}

const usedUpQuota = (): DiagnosisScenario => {
  const quota = SnowflakeError.quotaExceeded("TRANSFORM_WH", "MONTHLY")
  const scenario = fortnight().pipe(
    failure({ of: "Finance close", error: SnowflakeError.noWarehouse, nodes: 5 }),
    failure({ of: "Daily sales", error: quota, nodes: 12 }),
    failure({ of: "Inventory", error: quota, nodes: 8 })
  )
  return {
    name: "the quota of a resource monitor used up",
    inWords: "All nodes failed: the resource monitor MONTHLY has no quota left, so the warehouse does not start. Two " +
      "other refreshes failed in the same night.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Inventory"),
      nodes: 8,
      reason: "warehouseOrQuota",
      causes: [{ class: "warehouseOrQuota", code: "090073", nodes: 8, first: "STG_ORDERS" }],
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Inventory"),
        lastSuccess: idOf(scenario, "Inventory", 1),
        failed: 1
      },
      others: [idOf(scenario, "Daily sales"), idOf(scenario, "Finance close")]
    }
  }
}

const badCast = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    failure({
      of: "Daily sales",
      error: SnowflakeError.badNumber("3W"),
      nodes: "STG_ORDERS",
      blocked: 2,
      prefixed: true
    })
  )
  return {
    name: "a bad cast on new data",
    inWords: "STG_ORDERS read the value 3W where a number was wanted. Nothing changed since the last success but, it " +
      "seems, the data.",
    scenario,
    question: { environmentID: production },
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "dataConversion",
      causes: [{ class: "dataConversion", code: "100038", nodes: 1, first: "STG_ORDERS" }],
      blocked: 2,
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        failed: 1
      }
    }
  }
}

const oneRoot = (): DiagnosisScenario => {
  const names = Array.from({ length: 40 }, (_, index) => `RPT_${String(index + 1).padStart(2, "0")}`)
  const scenario = fortnight().pipe(
    failure({
      of: "Daily sales",
      error: SnowflakeError.duplicateRow(`1204, "EU"`),
      nodes: "DIM_CUSTOMER",
      blocked: names
    })
  )
  return {
    name: "one failure that blocked 40 nodes",
    inWords: "One node failed, DIM_CUSTOMER, on a duplicate row; the 40 others did not fail, they were never run.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 52,
      reason: "duplicateRow",
      causes: [{ class: "duplicateRow", code: "100090", nodes: 1, first: "DIM_CUSTOMER" }],
      blocked: 40,
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        failed: 1
      },
      // The run has 40 nodes more than the one before it.
      suspects: ["nodeCount 12 to 52"]
    }
  }
}

const oneCause = (): DiagnosisScenario => {
  const names = Array.from({ length: 30 }, (_, index) => `STG_FEED_${String(index + 1).padStart(2, "0")}`)
  // The same error in each, about another table.
  const scenario = names.reduce(
    (scenario, name) =>
      scenario.pipe(
        failure({ of: "Daily sales", error: SnowflakeError.missingObject(`RAW.FEED.${name.slice(4)}`), nodes: name })
      ),
    fortnight()
  )
  return {
    name: "30 nodes with one cause",
    inWords:
      "30 nodes failed alike: each cannot see its table in RAW.FEED. It is a schema that is gone or a grant that " +
      "was lost; not known which.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 42,
      reason: "missingObjectOrGrant",
      causes: [{ class: "missingObjectOrGrant", code: "002003", nodes: 30, first: "STG_FEED_01" }],
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        failed: 1
      },
      suspects: ["nodeCount 12 to 42"]
    }
  }
}

const twoCauses = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    failure({
      of: "Daily sales",
      error: SnowflakeError.timeout(120),
      nodes: ["STG_ORDERS", "STG_CUSTOMERS"],
      blocked: ["DIM_CUSTOMER"]
    }),
    failure({ of: "Daily sales", error: SnowflakeError.divisionByZero, nodes: "FCT_MARGIN", blocked: ["RPT_SALES"] })
  )
  return {
    name: "two causes that have nothing to do with each other",
    inWords: "Two staging nodes ran into the time-out of 120 seconds, and FCT_MARGIN divided by zero.",
    scenario,
    question: { jobID: 15 },
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "timeout",
      causes: [
        { class: "timeout", code: "000630", nodes: 2, first: "STG_ORDERS" },
        { class: "divisionByZero", code: "100051", nodes: 1, first: "FCT_MARGIN" }
      ],
      blocked: 2,
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        failed: 1
      }
    }
  }
}

const changedParameters = (): DiagnosisScenario => {
  const scenario = fortnight().pipe(
    edit({
      of: "Daily sales",
      back: (back) => back > 0,
      change: (run) => ({ ...run, runTimeParameters: { LOAD_DATE: "today", REGION: "EU" } })
    }),
    failure({
      of: "Daily sales",
      error: SnowflakeError.badTimestamp("tomorrow"),
      nodes: "STG_ORDERS",
      rendering: true
    }),
    edit({
      of: "Daily sales",
      change: (run) => ({ ...run, runTimeParameters: { LOAD_DATE: "tomorrow", REGION: "EU" } })
    })
  )
  return {
    name: "changed parameters",
    inWords: "STG_ORDERS could not be rendered with the timestamp \"tomorrow\": the default parameter LOAD_DATE was " +
      "\"today\" when it last succeeded.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Daily sales"),
      nodes: 12,
      reason: "dataConversion",
      causes: [{ class: "dataConversion", code: "100035", nodes: 1, first: "STG_ORDERS" }],
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Daily sales"),
        lastSuccess: idOf(scenario, "Daily sales", 1),
        failed: 1
      },
      suspects: ["parameters LOAD_DATE"]
    }
  }
}

export const causes = (): ReadonlyArray<DiagnosisScenario> => [
  droppedColumn(),
  revokedGrant(),
  changedRole(),
  usedUpQuota(),
  badCast(),
  oneRoot(),
  oneCause(),
  twoCauses(),
  changedParameters()
]
