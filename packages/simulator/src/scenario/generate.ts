/** Generates big random histories for measurements. Public through `Scenario.ts`. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as check from "../check/options.ts"
import type { SimulatedRun } from "../SimulatedRun.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { nodeNames, resultsOf } from "./nodes.ts"
import { credentials } from "./platforms.ts"
import { between, chance, hash, hex, pick } from "./random.ts"

const errors = [
  SnowflakeError.missingObject("RAW.STRIPE.PAYMENTS"),
  SnowflakeError.badNumber("3W"),
  SnowflakeError.quotaExceeded("TRANSFORM_WH", "MONTHLY"),
  SnowflakeError.timeout(3600)
] as const

const jobs = [
  "Nightly sales",
  "Hourly events",
  "Finance close",
  "Inventory snapshot",
  "Customer 360",
  "Marketing attribution"
] as const

const iso = (millis: number) => new Date(millis).toISOString()

const statusOf = (roll: number, isDeploy: boolean): string =>
  roll < 0.9 ? "completed" : roll < 0.97 || isDeploy ? "failed" : "canceled"

const generateRun = (id: number, slot: number, seed: number): SimulatedRun => {
  const isDeploy = chance(seed, id, "type") < 0.08
  const runStatus = statusOf(chance(seed, id, "status"), isDeploy)
  // A fifth of the runs start exactly at the beginning of their slot, so that some share a time.
  const started = slot + (chance(seed, id, "tie") < 0.2 ? 0 : between(0, 59_999, seed, id, "start"))
  const ended = started + between(20_000, 1_500_000, seed, id, "takes")
  const nodesInRun = between(4, 60, seed, id, "nodes")
  const error = pick(errors, seed, id, "error")
  const failed = runStatus === "failed"
  const [node = "STG_ORDERS"] = nodeNames(1)
  return {
    id,
    runType: isDeploy ? "deploy" : "refresh",
    runStatus,
    runStartTime: iso(started),
    runEndTime: iso(ended),
    environmentID: String(between(1, 5, seed, id, "environment")),
    ...(failed ? { runFailureReason: `${node}: ${SnowflakeError.prefixed(error)}` } : {}),
    runDetails: isDeploy
      ? {
        deployCommit: hex(40, seed, id, "commit"),
        deployCommitMessage: `Change ${node} and what reads it (#${id})`,
        parallelism: 16,
        nodesInRun
      }
      : {
        ...(runStatus === "canceled" ? { canceled: true } : {}),
        jobID: between(1, jobs.length, seed, id, "job"),
        refreshDescription: pick(jobs, seed, id, "job"),
        includeNodesSelector: `{location:STAGING} OR {subgraph:"Orders"}`,
        excludeNodesSelector: "{name:TMP_*}",
        parallelism: 16,
        nodesForRefresh: nodesInRun,
        nodesInRun
      },
    runTimeParameters: { loadDate: iso(started).slice(0, 10), fullRefresh: "false" },
    userCredentials: credentials.snowflake,
    userID: "u1042",
    version: 1,
    results: () =>
      resultsOf({
        platform: "snowflake",
        seed: hash(`${seed}/${id}`),
        status: runStatus,
        started,
        ended,
        nodes: nodeNames(nodesInRun),
        failures: failed
          ? [{ nodes: [node], error, stage: undefined, sql: undefined, prefixed: false, rendering: false }]
          : [],
        blocked: [],
        tests: [],
        work: {}
      })
  }
}

/**
 * Generates a big random history: `count` runs of jobs and deploys in five environments, before `now`. All have ended, and
 * some start at the same instant. A detailed row has about 660 bytes.
 */
export const generate = (options: {
  readonly count: number
  /** Default: 2026-01-01 in UTC. */
  readonly now?: DateTime.DateTime | Date | string
  /** The average time between two starts. Default: 5 minutes. */
  readonly every?: Duration.Input
  /** The seed of everything random. Default: 1. */
  readonly seed?: number
  /** The id of the oldest run. Default: 1. */
  readonly firstID?: number
}): ReadonlyArray<SimulatedRun> => {
  check.checkOptions("Scenario.generate", options, {
    count: check.required(check.number),
    now: check.moment,
    every: check.duration,
    seed: check.number,
    firstID: check.number
  })
  const { count, seed = 1, firstID = 1 } = options
  const now = DateTime.toEpochMillis(DateTime.makeUnsafe(options.now ?? "2026-01-01T00:00:00Z"))
  const every = Duration.toMillis(Duration.fromInputUnsafe(options.every ?? "5 minutes"))
  // Three runs share a slot, and the newest slot leaves its runs time to end.
  return Array.from(
    { length: count },
    (_, index) => generateRun(firstID + index, now - 3_600_000 - Math.ceil((count - index) / 3) * every * 3, seed)
  )
}
