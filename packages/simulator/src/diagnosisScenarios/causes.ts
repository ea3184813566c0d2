/** Nights with one or two causes of failure. */
import { finance, production } from "../scenario/environments.ts"
import { deploy } from "../scenario/events.ts"
import { edit, failure } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, fortnight } from "./DiagnosisScenario.ts"

const droppedColumn = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    deploy({
      name: "rename",
      environmentID: production,
      at: { at: "17:30", daysAgo: 1 },
      commit: "9f2c4e1ab7d05386c1e4f0a2b8d7c6935e1f4a08",
      message: "Rename ORDER_ID to ORDER_KEY in STG_ORDERS"
    }),
    // It went to another environment, so it is no suspect.
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
    history,
    question: {}
  }
}

const revokedGrant = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({
      of: "Daily sales",
      error: SnowflakeError.missingObject("RAW.SHOP.PAYMENTS"),
      nodes: "STG_PAYMENTS",
      blocked: 3
    })
  )
  return {
    name: "a revoked grant",
    history,
    question: {}
  }
}

const changedRole = (): DiagnosisScenario => {
  const history = fortnight().pipe(
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
    history,
    question: {}
  }
}

const usedUpQuota = (): DiagnosisScenario => {
  const quota = SnowflakeError.quotaExceeded("TRANSFORM_WH", "MONTHLY")
  const history = fortnight().pipe(
    failure({ of: "Finance close", error: SnowflakeError.noWarehouse, nodes: 5 }),
    failure({ of: "Daily sales", error: quota, nodes: 12 }),
    failure({ of: "Inventory", error: quota, nodes: 8 })
  )
  return {
    name: "the quota of a resource monitor used up",
    history,
    question: {}
  }
}

const badCast = (): DiagnosisScenario => {
  const history = fortnight().pipe(
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
    history,
    question: { environmentID: production }
  }
}

const oneRoot = (): DiagnosisScenario => {
  const names = Array.from({ length: 40 }, (_, index) => `RPT_${String(index + 1).padStart(2, "0")}`)
  const history = fortnight().pipe(
    failure({
      of: "Daily sales",
      error: SnowflakeError.duplicateRow(`1204, "EU"`),
      nodes: "DIM_CUSTOMER",
      blocked: names
    })
  )
  return {
    name: "one failure that blocked 40 nodes",
    history,
    question: {}
  }
}

const oneCause = (): DiagnosisScenario => {
  const names = Array.from({ length: 30 }, (_, index) => `STG_FEED_${String(index + 1).padStart(2, "0")}`)
  // The same error in each, about another table.
  const history = names.reduce(
    (history, name) =>
      history.pipe(
        failure({ of: "Daily sales", error: SnowflakeError.missingObject(`RAW.FEED.${name.slice(4)}`), nodes: name })
      ),
    fortnight()
  )
  return {
    name: "30 nodes with one cause",
    history,
    question: {}
  }
}

const twoCauses = (): DiagnosisScenario => {
  const history = fortnight().pipe(
    failure({
      of: "Daily sales",
      error: SnowflakeError.timeout(120),
      nodes: ["STG_ORDERS", "STG_CUSTOMERS"],
      blocked: ["DIM_CUSTOMER"]
    }),
    failure({ of: "Daily sales", error: SnowflakeError.divisionByZero, nodes: "FCT_MARGIN", blocked: ["RPT_SALES"] })
  )
  return {
    name: "two unrelated causes",
    history,
    question: { jobID: 15 }
  }
}

const changedParameters = (): DiagnosisScenario => {
  const history = fortnight().pipe(
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
    history,
    question: {}
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
