/** What the runs of a live simulator do: how long they wait and take, how they end, what deploys break. All by the seed. */
import type { Failure } from "../../scenario/nodes.ts"
import type { PlannedRun } from "../../scenario/plannedRun.ts"
import { between, chance, pick } from "../../scenario/random.ts"
import * as SnowflakeError from "../../SnowflakeError.ts"

/** A status that a run has from a time on. */
export interface Step {
  readonly at: number
  readonly status: string
}

const minute = 60_000

/** The statuses of a run that has not ended, in order, and how long it has each, at least and at most. */
const phases = [
  ["waitingToRun", 10_000, 45_000],
  ["initializing", 5000, 20_000],
  ["rendering", 5000, 25_000]
] as const

/** Returns the steps of a run that has a `status` from a time on, up to `running`. */
export const stepsToRunning = (status: string, at: number, seed: number, key: string): ReadonlyArray<Step> => {
  const first = phases.findIndex(([name]) => name === status)
  const left = first === -1 ? [] : phases.slice(first)
  let time = at
  const steps = left.map(([status, least, most]): Step => {
    const begins = time
    time += between(least, most, seed, key, status)
    return { at: begins, status }
  })
  return [...steps, { at: time, status: "running" }]
}

/** What happens to the nodes of a run, and how it ends. */
export interface Outcome extends Pick<PlannedRun, "failures" | "blocked" | "tests"> {
  readonly status: "completed" | "failed" | "canceled"
}

export const completed: Outcome = { status: "completed", failures: [], blocked: [], tests: [] }

/** The node fails, and so do not run those of the run's last third that come after it. */
const failsIn = (nodes: ReadonlyArray<string>, index: number, error: SnowflakeError.SnowflakeError): Outcome => {
  const failure: Failure = {
    nodes: nodes.slice(index, index + 1),
    error,
    stage: undefined,
    sql: undefined,
    prefixed: false,
    rendering: false
  }
  const blocked = nodes.slice(Math.max(index + 1, Math.floor(nodes.length * 2 / 3)))
  return { ...completed, status: "failed", failures: [failure], blocked }
}

const errors = [
  SnowflakeError.badNumber("3W"),
  SnowflakeError.missingObject("RAW.STRIPE.PAYMENTS"),
  SnowflakeError.quotaExceeded("TRANSFORM_WH", "MONTHLY"),
  SnowflakeError.timeout(3600),
  SnowflakeError.insufficientPrivileges("STG"),
  SnowflakeError.duplicateRow("[4711, 2]")
] as const

/** Returns how a run of a job ends. `broken` is the column that the last deploy to its environment took away. */
export const outcomeOf = (
  nodes: ReadonlyArray<string>,
  broken: string | undefined,
  seed: number,
  key: string
): Outcome => {
  const index = between(0, Math.max(nodes.length - 1, 0), seed, key, "node")
  if (broken !== undefined && chance(seed, key, "broken") < 0.5) {
    return failsIn(nodes, index, SnowflakeError.invalidIdentifier(`"SRC"."${broken}"`))
  }
  const roll = chance(seed, key, "outcome")
  if (roll < 0.8) return completed
  if (roll < 0.83) {
    const [node = ""] = nodes
    const test = { node, test: `${node}: no duplicate keys`, message: "Test failed: the query returned 3 rows." }
    return { ...completed, tests: [test] }
  }
  return roll < 0.86 ? { ...completed, status: "canceled" } : failsIn(nodes, index, pick(errors, seed, key, "error"))
}

/** How many times a failed run is run again, at most. */
const maxReRuns = 2

/** Returns how long after its end a failed run is run again, or undefined if it is not. */
export const reRunAfter = (reRuns: number, seed: number, key: string): number | undefined =>
  reRuns < maxReRuns && chance(seed, key, "reRun") < 0.6
    ? between(4 * minute, 12 * minute, seed, key, "after")
    : undefined

/** Returns how a re-run ends: of the same cause, or well. */
export const outcomeOfReRun = (of: PlannedRun, seed: number, key: string): Outcome =>
  chance(seed, key, "again") < 0.3
    ? { status: "failed", failures: of.failures, blocked: of.blocked, tests: [] }
    : completed

/** One deploy to each environment in each of these periods. */
const period = 4 * 60 * minute

const renames = ["ORDER_ID", "CUSTOMER_KEY", "AMOUNT", "STATUS", "UPDATED_AT"] as const

/** A deploy, and the column that it takes away, if it does. */
export interface Deploy {
  readonly at: number
  readonly message: string
  readonly broken: string | undefined
}

const deployIn = (index: number, environmentID: string, seed: number): Deploy => {
  const purpose = ["deploy", environmentID, index]
  const column = pick(renames, seed, ...purpose, "column")
  const breaks = chance(seed, ...purpose, "breaks") < 0.3
  return {
    at: index * period + between(0, period - 30 * minute, seed, ...purpose, "at"),
    message: breaks ? `Rename ${column} in STG_ORDERS` : `Document ${column} in STG_ORDERS`,
    broken: breaks ? column : undefined
  }
}

/** Returns the first deploy to an environment after a time. */
export const nextDeploy = (after: number, environmentID: string, seed: number): Deploy => {
  const index = Math.floor(after / period)
  const deploy = deployIn(index, environmentID, seed)
  return deploy.at > after ? deploy : deployIn(index + 1, environmentID, seed)
}

/** Returns the last deploy to an environment up to a time. */
export const lastDeploy = (until: number, environmentID: string, seed: number): Deploy => {
  const index = Math.floor(until / period)
  const deploy = deployIn(index, environmentID, seed)
  return deploy.at <= until ? deploy : deployIn(index - 1, environmentID, seed)
}
