/** Failures that follow from another node, in the same run or in another run of the night. */
import { find, type Scenario } from "../scenario/builder.ts"
import { production } from "../scenario/environments.ts"
import { job } from "../scenario/events.ts"
import { failure, testFailure } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, fortnight } from "./DiagnosisScenario.ts"

const loader = (at: string, takes: `${number} minutes`, nodes: ReadonlyArray<string>) =>
  job({ name: "Load shop", jobID: 31, environmentID: production, at, takes, nodes })

const sameRun = (): DiagnosisScenario => ({
  name: "a node that misses a table that another node of the run failed to make",
  history: fortnight().pipe(
    failure({ of: "Daily sales", error: SnowflakeError.divisionByZero, nodes: "STG_ORDERS" }),
    // More nodes than have the root's own error.
    failure({
      of: "Daily sales",
      error: SnowflakeError.missingObject("ANALYTICS.STG.STG_ORDERS"),
      nodes: ["DIM_ORDER", "FCT_ORDER_LINES"],
      blocked: ["RPT_SALES"]
    })
  ),
  question: {}
})

const earlierRun = (): DiagnosisScenario => ({
  name: "a node that misses a table that an earlier run of the night failed to make",
  history: fortnight().pipe(
    loader("01:15", "10 minutes", ["STG_SHOP", "STG_REFUNDS"]),
    failure({ of: "Load shop", error: SnowflakeError.badNumber("3W"), nodes: "STG_REFUNDS" }),
    failure({
      of: "Daily sales",
      error: SnowflakeError.missingObject("ANALYTICS.STG.STG_REFUNDS"),
      nodes: "FCT_REVENUE",
      blocked: ["RPT_SALES"]
    })
  ),
  question: {}
})

const failedTest = (): DiagnosisScenario => ({
  name: "a failed uniqueness test before a merge that met duplicate rows",
  history: fortnight().pipe(
    loader("01:15", "10 minutes", ["STG_SHOP", "STG_CLIENTS"]),
    testFailure({
      of: "Load shop",
      node: "STG_CLIENTS",
      test: "CLIENT_ID is unique",
      message: "Test failed: 14 rows share a CLIENT_ID."
    }),
    failure({
      of: "Daily sales",
      error: SnowflakeError.duplicateRow(`1204, "EU"`),
      nodes: "DIM_CUSTOMER",
      stage: "Merge DIM_CUSTOMER",
      sql: [
        `MERGE INTO "ANALYTICS"."MART"."DIM_CUSTOMER" "TGT"`,
        `USING (SELECT "CLIENT_ID", "REGION" FROM "ANALYTICS"."STG"."STG_CLIENTS") "SRC"`,
        `ON "SRC"."CLIENT_ID" = "TGT"."CLIENT_ID"`,
        `WHEN MATCHED THEN UPDATE SET "REGION" = "SRC"."REGION"`
      ].join("\n")
    })
  ),
  question: {}
})

const lockHolder = (): DiagnosisScenario => {
  const loading = fortnight().pipe(loader("01:58", "20 minutes", ["STG_SHOP", "STG_ORDERS_DELTA"]))
  const { results } = find(loading, "Load shop")
  const nodes = typeof results === "function" ? results() : []
  const statement = Array.isArray(nodes) ? nodes.at(-1)?.queryResults?.at(-1)?.queryID ?? "" : ""
  return {
    name: "a lock that another run held",
    history: loading.pipe(
      failure({
        of: "Daily sales",
        error: SnowflakeError.locked(statement, "STG_ORDERS", 1742181600000),
        nodes: "STG_ORDERS",
        blocked: 9
      })
    ),
    question: { jobID: 15 }
  }
}

const stillAtWork = (): DiagnosisScenario => ({
  name: "a job that was still at work on what another one read",
  history: fortnight().pipe(
    // It is late, and writes STG_CLIENTS in its second half, while Daily sales reads it.
    loader("01:55", "20 minutes", ["STG_SHOP", "STG_CLIENTS"]),
    failure({
      of: "Daily sales",
      error: SnowflakeError.nullInNonNullable,
      nodes: "DIM_CUSTOMER",
      sql:
        `INSERT INTO "ANALYTICS"."MART"."DIM_CUSTOMER" ("CLIENT_ID")\nSELECT "CLIENT_ID"\nFROM "ANALYTICS"."STG"."STG_CLIENTS"`
    })
  ),
  question: { jobID: 15 }
})

const manyCauses = (): DiagnosisScenario => {
  const errors = [
    SnowflakeError.divisionByZero,
    SnowflakeError.badNumber("3W"),
    SnowflakeError.nullInNonNullable,
    SnowflakeError.syntaxError("FROM"),
    SnowflakeError.stringTooLong("ABC"),
    SnowflakeError.timeout(120)
  ]
  const nodes = (cause: number) => Array.from({ length: 5 }, (_, index) => `FCT_FEED_${5 * cause + index + 1}`)
  const history = errors.reduce<Scenario>(
    (history, error, cause) => history.pipe(failure({ of: "Daily sales", error, nodes: nodes(cause) })),
    fortnight()
  )
  return { name: "30 failed nodes of six causes", history, question: {} }
}

export const roots = (): ReadonlyArray<DiagnosisScenario> => [
  sameRun(),
  earlierRun(),
  failedTest(),
  lockHolder(),
  stillAtWork(),
  manyCauses()
]
