/** Histories that tests can count on, in the wire's form. */
import type { SimulatedRun } from "@coalesce-runs/simulator/SimulatedRun"

const snowflake = [
  "002003 (42S02): SQL compilation error:\nObject 'RAW.STRIPE.PAYMENTS' does not exist or not authorized.",
  "000904 (42000): SQL compilation error: error line 3 at position 6\ninvalid identifier 'ORDERID'",
  "100038 (22018): Numeric value '3W' is not recognized",
  "090073 (22000): Warehouse 'WH' cannot be resumed because resource monitor 'RM' has exceeded its quota."
]

export const night = Date.parse("2026-11-02T18:00:00Z")

const iso = (millis: number): string => new Date(millis).toISOString()

export const jobs = ["Daily sales", "Customer 360", "Marketing attribution", "Finance close"]

export interface Options {
  readonly count: number
  /** Which of them fail, by index from 0. */
  readonly isFailed: (index: number) => boolean
  readonly reason?: (index: number) => string
}

/** `count` runs, one every 30 minutes from the evening on, the last id the latest; every eighth is a deploy. */
export const runs = ({ count, isFailed, reason }: Options): ReadonlyArray<SimulatedRun> =>
  Array.from({ length: count }, (_, index): SimulatedRun => {
    const start = night + index * 30 * 60_000 + (index % 7) * 1000
    const isDeploy = index % 8 === 7
    return {
      id: 4001 + index,
      runType: isDeploy ? "deploy" : "refresh",
      runStatus: isFailed(index) ? "failed" : "completed",
      runStartTime: iso(start),
      runEndTime: iso(start + 240_000 + (index % 13) * 37_000),
      environmentID: String(2 + index % 3),
      ...(index % 9 === 4 ? { reRunID: 4000 + index } : {}),
      ...(isFailed(index) ? { runFailureReason: reason?.(index) ?? snowflake[index % snowflake.length] ?? "" } : {}),
      runDetails: isDeploy
        ? {
          deployCommit: "9f2c4e1ab7d0c3e58f6a",
          deployCommitMessage: "Rename ORDER_ID to ORDER_KEY in STG_ORDERS",
          nodesInRun: 4
        }
        : { jobID: 11 + index % 4, refreshDescription: jobs[index % 4], nodesInRun: 10 + index },
      userCredentials: {
        snowflakeAccount: "acme-secret-account",
        snowflakeAuthType: "KeyPair",
        snowflakeUsername: "SVC_SECRET_USER",
        snowflakeRole: "SECRET_ROLE",
        snowflakeWarehouse: "SECRET_WH"
      }
    }
  })
