/** Defines a night, and the six ordinary weeks that each of them begins with. */
import * as DateTime from "effect/DateTime"
import { make, type Scenario } from "../scenario/builder.ts"
import { finance, production, sales } from "../scenario/environments.ts"
import { deploy, job } from "../scenario/events.ts"
import { edit, failure, rerun } from "../scenario/outcomes.ts"
import type { SimulatedNode, SimulatedRun } from "../SimulatedRun.ts"
import * as SnowflakeError from "../SnowflakeError.ts"

/** A history of runs that ends with a night to look at. */
export interface Night {
  /** What happened, such as `a nightly that did not run`. It is unique among the nights. */
  readonly name: string
  /** The same in a sentence, with the jobs and times. */
  readonly description: string
  /** The moment at which the night is looked at. It is the `now` of the history too. */
  readonly now: DateTime.Utc
  /** The runs with their node results, in the zone of the jobs' schedules: `Scenario.runs(history)`. */
  readonly history: Scenario
}

const staging = "2"

const workdays = [1, 2, 3, 4, 5]
const everyDay = [0, ...workdays, 6]

/** More than six weeks. */
const days = 45

/** Makes a night, whose history is built when it is first read. */
export const night = (name: string, description: string, build: () => Scenario): Night => {
  let built: Scenario | undefined
  return {
    name,
    description,
    get now() {
      return this.history.now
    },
    get history() {
      return built ??= build()
    }
  }
}

/** The nodes that the results of a run hold. */
export const nodesOf = ({ results }: SimulatedRun): ReadonlyArray<SimulatedNode> =>
  typeof results === "function" ? results() : Array.isArray(results) ? results : []

/** Makes runs fail with the reason that Coalesce writes: it names nodes by id, and no cause. */
export const fails = (options: Parameters<typeof failure>[0]) => (history: Scenario): Scenario => {
  const { back = 0, of } = options
  return history.pipe(
    failure(options),
    edit({
      of,
      back,
      change: (run) => {
        const failed = nodesOf(run).filter(({ runState }) => runState === "error").map(({ nodeID }) => nodeID)
        return {
          ...run,
          runFailureReason: `GraphExecutor halted and finished; encountered failures for node(s): [${
            failed.join(", ")
          }]; see the results of the run.`
        }
      }
    })
  )
}

/** The nodes of the job that loads what the others read. */
const ingest = ["SRC_ORDERS", "SRC_ORDER_LINES", "SRC_CUSTOMERS", "SRC_PAYMENTS", "SRC_PRODUCTS"]

/** Every job is started within a minute of its time. */
const scheduled = (
  name: string,
  jobID: number,
  environmentID: string,
  at: Parameters<typeof job>[0]["at"],
  takes: `${number} minutes`,
  nodes: number | ReadonlyArray<string>,
  weekdays: ReadonlyArray<number> = everyDay
) => job({ name, jobID, environmentID, at, takes, nodes, weekdays, days, jitter: "40 seconds" })

const close = ["STG_LEDGER", "STG_INVOICES", "DIM_ACCOUNT", "FCT_LEDGER", "FCT_CLOSE"]

/** The jobs, without a failure, a deploy or a manual run. */
const jobs = (now: string): Scenario =>
  make({ now, timeZone: "Europe/London" }).pipe(
    scheduled("Raw ingest", 10, production, "00:30", "15 minutes", ingest),
    scheduled("Daily sales", 15, production, "02:00", "11 minutes", sales),
    scheduled("Inventory snapshot", 12, production, "03:00", "6 minutes", 8),
    scheduled("Customer 360", 16, production, "04:00", "14 minutes", 20),
    scheduled("Hourly events", 9, production, { every: "1 hour" }, "4 minutes", 5),
    scheduled("Marketing attribution", 14, production, "05:00", "8 minutes", 14, workdays),
    scheduled("Morning mart", 19, production, "07:30", "100 minutes", 10, workdays),
    scheduled("Evening extract", 18, production, "17:50", "40 minutes", 6),
    scheduled("Weekly archive", 20, production, "20:00", "25 minutes", 4, [6]),
    scheduled("Finance close", 21, finance, "01:00", "9 minutes", close),
    scheduled("Finance reporting", 22, finance, "06:00", "5 minutes", ["RPT_BALANCE", "RPT_CASH_FLOW"], workdays),
    scheduled("Model tests", 31, staging, "23:30", "7 minutes", 6)
  )

/**
 * Six weeks of twelve jobs in three environments, until `now`: hourly, daily, on workdays and weekly; three deploys to production,
 * each after staging; and two failures of weeks ago that are over.
 */
export const ordinary = (now = "2026-03-10T08:40:00Z"): Scenario => {
  const deploys = [[38, "Add DIM_PRODUCT"], [24, "Split STG_ORDERS"], [12, "Speed up FCT_MARGIN"]] as const
  const deployed = deploys.reduce((history, [daysAgo, message]) =>
    history.pipe(
      deploy({
        name: `staging: ${message}`,
        environmentID: staging,
        at: { at: "15:00", daysAgo: daysAgo + 2 },
        message
      }),
      deploy({ name: message, environmentID: production, at: { at: "16:00", daysAgo }, message })
    ), jobs(now))
  return deployed.pipe(
    fails({ of: "Customer 360", back: 30, error: SnowflakeError.timeout(3600), nodes: "DIM_SHIPMENTS", blocked: 4 }),
    rerun({ of: "Customer 360", back: 30, name: "Customer 360 of a month ago, run again" }),
    fails({
      of: "Inventory snapshot",
      back: 33,
      error: SnowflakeError.badNumber("12,5"),
      nodes: "STG_ORDERS",
      blocked: 3
    })
  )
}
