/** Nights on which runs failed of one cause or of several. */
import { find, type Scenario } from "../scenario/builder.ts"
import { production } from "../scenario/environments.ts"
import { deploy, refresh } from "../scenario/events.ts"
import { canceled, edit, inProgress, nodeWork, rerun, slow } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { fails, type Night, night, nodesOf, ordinary } from "./Night.ts"

const quota = SnowflakeError.quotaExceeded("TRANSFORM_WH", "MONTHLY")

const quotaOverJobs = () =>
  night(
    "a quota that stops many jobs",
    "From 01:00 on the resource monitor MONTHLY has no quota left: five refreshes of five jobs in two environments fail in all their nodes.",
    () =>
      ["Finance close", "Daily sales", "Inventory snapshot", "Customer 360", "Marketing attribution"].reduce(
        (history, of) => history.pipe(fails({ of, error: quota, nodes: 50 })),
        ordinary()
      )
  )

/** Adds runs of Hourly events, at a regular distance from a time of this morning. */
const repeated = (count: number, minutes: number, from: string, error: SnowflakeError.SnowflakeError) =>
(
  history: Scenario
): Scenario =>
  Array.from({ length: count }, (_, index) => index).reduce((history, index) => {
    const name = `Hourly events ${from} #${index + 1}`
    return history.pipe(
      refresh({
        name,
        jobID: 9,
        environmentID: production,
        at: new Date(Date.parse(from) + index * minutes * 60_000),
        takes: "40 seconds",
        nodes: 5
      }),
      // The job's own name, and not that of this one run.
      renamed(name, "Hourly events"),
      fails({ of: name, error, nodes: "STG_CUSTOMERS", blocked: 2 })
    )
  }, history)

const loop = () =>
  night(
    "a job that fails every few minutes",
    "Since 05:06 Hourly events is started every four minutes, and again each hour. All 57 runs failed in STG_CUSTOMERS.",
    () =>
      ordinary().pipe(
        repeated(54, 4, "2026-03-10T05:06:00Z", SnowflakeError.insufficientPrivileges("STG")),
        fails({
          of: "Hourly events",
          back: [0, 1, 2],
          error: SnowflakeError.insufficientPrivileges("STG"),
          nodes: "STG_CUSTOMERS",
          blocked: 2
        })
      )
  )

const upstream = () =>
  night(
    "a failed load before the jobs that read it",
    "Raw ingest failed to load SRC_PAYMENTS, which Daily sales and Finance close did not find later in the night.",
    () =>
      ordinary().pipe(
        fails({ of: "Raw ingest", error: SnowflakeError.badTimestamp("31/02/2026"), nodes: "SRC_PAYMENTS" }),
        fails({
          of: "Finance close",
          error: SnowflakeError.missingObject("ANALYTICS.SRC.SRC_PAYMENTS"),
          nodes: "STG_INVOICES",
          blocked: 2
        }),
        fails({
          of: "Daily sales",
          error: SnowflakeError.missingObject("ANALYTICS.SRC.SRC_PAYMENTS"),
          nodes: "STG_PAYMENTS",
          blocked: 4
        })
      )
  )

const stillLoading = () =>
  night(
    "a load that was still at work when its reader began",
    "Raw ingest took two hours instead of fifteen minutes. Daily sales began before it ended, and did not find SRC_PRODUCTS.",
    () =>
      ordinary().pipe(
        slow({ of: "Raw ingest", takes: "2 hours" }),
        fails({
          of: "Daily sales",
          error: SnowflakeError.missingObject("ANALYTICS.SRC.SRC_PRODUCTS"),
          nodes: "DIM_PRODUCT",
          blocked: 5
        })
      )
  )

const lock = (table: string) => SnowflakeError.locked("01b9c0de-0003-11aa-0000-0f7a00aa1234", table, 1742181600000)

const flake = () =>
  night(
    "a lock that is gone when the job runs again",
    "Daily sales met a locked table, and completed when it was run again. The same happened 9, 20 and 31 nights before.",
    () =>
      [0, 9, 20, 31].reduce(
        (history, back) =>
          history.pipe(
            fails({ of: "Daily sales", back, error: lock("STG_ORDERS"), nodes: "STG_ORDERS", blocked: 9 }),
            rerun({ of: "Daily sales", back, name: `Daily sales of ${back} nights ago, run again` })
          ),
        ordinary()
      )
  )

const heldLock = () =>
  night(
    "a lock that another run holds",
    "Raw ingest took two hours, and its insert into SRC_PAYMENTS held the lock that Daily sales waited for.",
    () => {
      const history = ordinary().pipe(
        slow({ of: "Raw ingest", takes: "2 hours" }),
        nodeWork({ of: "Raw ingest", node: "SRC_PAYMENTS", takes: "45 minutes" })
      )
      const holder = nodesOf(find(history, "Raw ingest")).find(({ name }) => name === "SRC_PAYMENTS")
      const statement = holder?.queryResults.at(-1)?.queryID ?? ""
      const error = SnowflakeError.locked(statement, "SRC_PAYMENTS", 1773108000000)
      return history.pipe(fails({ of: "Daily sales", error, nodes: "STG_PAYMENTS", blocked: 4 }))
    }
  )

const dropped = SnowflakeError.invalidIdentifier(`"SRC"."ORDER_ID"`, 8, 2)

const renameDeployed = () =>
  ordinary().pipe(
    deploy({
      name: "rename",
      environmentID: production,
      at: { at: "19:30", daysAgo: 1 },
      message: "Rename ORDER_ID to ORDER_KEY in STG_ORDERS"
    }),
    fails({ of: "Daily sales", error: dropped, nodes: "DIM_ORDER", blocked: 5 }),
    deploy({
      name: "revert",
      environmentID: production,
      at: { at: "06:20" },
      message: "Revert \"Rename ORDER_ID to ORDER_KEY in STG_ORDERS\""
    })
  )

const mended = () =>
  night(
    "a failure that a deploy mended",
    "A deploy of the evening broke DIM_ORDER in Daily sales. A deploy at 06:20 reverted it, and the run again at 06:30 completed.",
    () => renameDeployed().pipe(rerun({ of: "Daily sales", at: { at: "06:30" } }))
  )

const reverted = () =>
  night(
    "a deploy that was reverted after the failure",
    "A deploy of the evening broke DIM_ORDER in Daily sales. A deploy at 06:20 reverted it. Nobody ran the job again.",
    () => renameDeployed()
  )

/** Gives runs another job name from some run on. The id of the job stays. */
const renamed = (of: string, to: string, back: (back: number) => boolean = () => true) =>
  edit({ of, back, change: (run) => ({ ...run, runDetails: { ...run.runDetails, refreshDescription: to } }) })

const renamedJob = () =>
  night(
    "a renamed job that fails",
    "Daily sales has been called Daily revenue for three nights. Tonight it failed on the text n/a in STG_PAYMENTS.",
    () =>
      ordinary().pipe(
        renamed("Daily sales", "Daily revenue", (back) => back < 3),
        fails({ of: "Daily sales", error: SnowflakeError.badNumber("n/a"), nodes: "STG_PAYMENTS", blocked: 4 })
      )
  )

const overTheEdge = () =>
  night(
    "a run that began before the night and failed in it",
    "Evening extract began at 17:50 and failed at about 18:30.",
    () =>
      ordinary().pipe(
        fails({ of: "Evening extract", error: SnowflakeError.divisionByZero, nodes: "FCT_ORDERS" })
      )
  )

const canceledWithFailure = () =>
  night(
    "a canceled run in which a node had failed",
    "STG_CUSTOMERS of Customer 360 failed, and the run was canceled after six minutes.",
    () =>
      ordinary().pipe(
        fails({ of: "Customer 360", error: SnowflakeError.stringTooLong("Llanfairpwll"), nodes: "STG_CUSTOMERS" }),
        canceled({ of: "Customer 360", after: "6 minutes" }),
        withoutReason("Customer 360")
      )
  )

const runningWithFailure = () =>
  night(
    "a running run in which a node has failed",
    "Morning mart is still running; its STG_CUSTOMERS has failed.",
    () =>
      ordinary().pipe(
        fails({ of: "Morning mart", error: SnowflakeError.nullInNonNullable, nodes: "STG_CUSTOMERS" }),
        inProgress({ of: "Morning mart" }),
        withoutReason("Morning mart")
      )
  )

/** Only failed runs have a reason. */
const withoutReason = (of: string) => edit({ of, change: ({ runFailureReason: _, ...run }) => run })

const twoCauses = () =>
  night(
    "two causes in one night",
    "Finance close and Finance reporting lack the quota of their warehouse; Daily sales and Customer 360 miss a column.",
    () =>
      ["Finance close", "Finance reporting"].reduce(
        (history, of) =>
          history.pipe(
            fails({ of, error: SnowflakeError.quotaExceeded("FINANCE_WH", "FINANCE_MONTHLY"), nodes: 50 })
          ),
        ordinary().pipe(
          fails({ of: "Daily sales", error: dropped, nodes: "DIM_ORDER", blocked: 5 }),
          fails({ of: "Customer 360", error: dropped, nodes: "DIM_ORDERS", blocked: 6 })
        )
      )
  )

const hundreds = () =>
  night(
    "hundreds of failures",
    "Hourly events failed every two minutes from 18:02 to 04:00 of one cause, then of another, and five more jobs failed of the quota.",
    () =>
      ["Finance close", "Daily sales", "Inventory snapshot", "Customer 360", "Finance reporting"].reduce(
        (history, of) => history.pipe(fails({ of, error: quota, nodes: 50 })),
        ordinary().pipe(
          repeated(200, 2, "2026-03-09T18:02:00Z", SnowflakeError.missingObject("RAW.EVENTS.CLICKS")),
          repeated(100, 2, "2026-03-10T00:42:00Z", SnowflakeError.badNumber("3W"))
        )
      )
  )

const olderFailure = () =>
  night(
    "a failure of days ago that has not run since",
    "Weekly archive failed on Saturday evening, and is not due before the next. Last night itself went well.",
    () =>
      ordinary().pipe(
        fails({
          of: "Weekly archive",
          error: SnowflakeError.insufficientPrivileges("ARCHIVE"),
          nodes: "FCT_ORDERS"
        })
      )
  )

export const failures = (): ReadonlyArray<Night> => [
  quotaOverJobs(),
  loop(),
  upstream(),
  stillLoading(),
  flake(),
  heldLock(),
  mended(),
  reverted(),
  renamedJob(),
  overTheEdge(),
  canceledWithFailure(),
  runningWithFailure(),
  twoCauses(),
  hundreds(),
  olderFailure()
]
