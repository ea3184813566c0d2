/** Nights in an account with a project on each platform. */
import * as BigQueryError from "../BigQueryError.ts"
import * as DatabricksError from "../DatabricksError.ts"
import * as FabricError from "../FabricError.ts"
import { make, project, type Scenario } from "../scenario/builder.ts"
import { production } from "../scenario/environments.ts"
import { deploy, job } from "../scenario/events.ts"
import { failure } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, now, timeZone } from "./DiagnosisScenario.ts"

/** Four projects, in each of which one job failed last night, the one of project 1 last. */
const account = (): Scenario =>
  make({ now, timeZone }).pipe(
    project({ projectID: "1", platform: "snowflake", environmentIDs: [production] }),
    project({ projectID: "2", platform: "databricks", environmentIDs: ["11"] }),
    project({ projectID: "3", platform: "bigquery", environmentIDs: ["12"] }),
    project({ projectID: "4", platform: "fabric", environmentIDs: ["13"] }),
    job({ name: "Lakehouse", jobID: 41, environmentID: "11", at: "02:00", nodes: 8 }),
    job({ name: "Web analytics", jobID: 42, environmentID: "12", at: "02:30", nodes: 8 }),
    job({ name: "Ledger", jobID: 43, environmentID: "13", at: "03:00", nodes: 8 }),
    job({ name: "Warehouse", jobID: 44, environmentID: production, at: "03:30", nodes: 8 }),
    deploy({
      name: "lakehouse deploy",
      environmentID: "11",
      at: { at: "17:00", daysAgo: 1 },
      message: "Read raw.shop.orders_v2"
    }),
    failure({
      of: "Lakehouse",
      error: DatabricksError.missingTable("raw.shop.orders"),
      nodes: "STG_ORDERS",
      blocked: 3
    }),
    failure({ of: "Web analytics", back: 4, error: BigQueryError.quotaExceeded, nodes: "STG_CUSTOMERS" }),
    failure({ of: "Web analytics", error: BigQueryError.ambiguousMerge, nodes: "DIM_ORDERS", blocked: 2 }),
    failure({ of: "Ledger", back: [0, 1], error: FabricError.missingColumn("cust_id"), nodes: "STG_PAYMENTS" }),
    failure({ of: "Warehouse", error: SnowflakeError.badNumber("3W"), nodes: "STG_ORDERS" })
  )

const night = (name: string, projectID: string): DiagnosisScenario => ({
  name,
  history: account(),
  question: { projectID }
})

export const platforms = (): ReadonlyArray<DiagnosisScenario> => [
  night("a missing table on Databricks", "2"),
  night("a merge of duplicate rows on BigQuery", "3"),
  night("an unknown column on Fabric", "4"),
  night("a project on Snowflake beside projects on other platforms", "1")
]
