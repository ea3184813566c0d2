/** Nights without a failed run: runs that are missing, late, stuck or waiting, that completed but did too little, and healthy nights. */
import { missing, type Scenario } from "../scenario/builder.ts"
import { delayed, edit, inProgress, nodes, slow, testFailure } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { fails, type Night, night, nodesOf, ordinary } from "./Night.ts"

const notRun = () =>
  night(
    "a nightly that did not run",
    "Nobody started Daily sales at 02:00. All other jobs ran.",
    () => ordinary().pipe(missing({ of: "Daily sales" }))
  )

const late = () =>
  night(
    "a nightly that ran hours late",
    "Inventory snapshot is due at 03:00, and began at about 06:40. It completed.",
    () => ordinary().pipe(delayed({ of: "Inventory snapshot", by: "220 minutes" }))
  )

const stuck = () =>
  night(
    "a run that is stuck",
    "Customer 360 takes 14 minutes. It has been running since 04:00, for more than four hours.",
    () => ordinary().pipe(slow({ of: "Customer 360", takes: "12 hours" }))
  )

const slowRun = () =>
  night(
    "a run that took far longer than usual",
    "Daily sales takes 11 minutes. Tonight it completed after an hour and 20 minutes.",
    () => ordinary().pipe(slow({ of: "Daily sales", takes: "80 minutes" }))
  )

const waiting = () =>
  night(
    "a run that waits for its start",
    "Finance reporting has waited since 06:00, when it was requested.",
    () => ordinary().pipe(inProgress({ of: "Finance reporting", status: "waitingToRun" }))
  )

const shrunk = () =>
  night(
    "a run with far fewer nodes",
    "Customer 360 completed with three nodes. It has had 20.",
    () => ordinary().pipe(nodes({ of: "Customer 360", nodes: 3 }), slow({ of: "Customer 360", takes: "2 minutes" }))
  )

const empty = () =>
  night(
    "a run without a node",
    "Inventory snapshot completed within 20 seconds, with no node. It has had eight.",
    () =>
      ordinary().pipe(
        nodes({ of: "Inventory snapshot", nodes: 0 }),
        slow({ of: "Inventory snapshot", takes: "20 seconds" })
      )
  )

const noRows = () =>
  night(
    "a run that wrote no rows",
    "Daily sales completed with its twelve nodes, none of which inserted a row.",
    () =>
      ordinary().pipe(edit({
        of: "Daily sales",
        change: (run) => ({
          ...run,
          results: () =>
            nodesOf(run).map((node) => ({
              ...node,
              queryResults: node.queryResults.map((query) =>
                query.rowsInserted === undefined ? query : { ...query, rowsInserted: 0 }
              )
            }))
        })
      }))
  )

const failedTests = () =>
  night(
    "failed data tests in a run that completed",
    "Daily sales completed, with failed tests in STG_CUSTOMERS and DIM_ORDER.",
    () =>
      ordinary().pipe(
        testFailure({
          of: "Daily sales",
          node: "STG_CUSTOMERS",
          test: "CUSTOMER_ID is unique",
          message: "14 rows share an id."
        }),
        testFailure({ of: "Daily sales", node: "DIM_ORDER", test: "ORDER_DATE is not null" })
      )
  )

const testBeforeMerge = () =>
  night(
    "a failed uniqueness test before a merge that fails",
    "The test CUSTOMER_ID is unique failed in STG_CUSTOMERS of Daily sales; then DIM_CUSTOMER met the duplicate row.",
    () =>
      ordinary().pipe(
        testFailure({
          of: "Daily sales",
          node: "STG_CUSTOMERS",
          test: "CUSTOMER_ID is unique",
          message: "14 rows share an id."
        }),
        fails({
          of: "Daily sales",
          error: SnowflakeError.duplicateRow("4711, Miller"),
          nodes: "DIM_CUSTOMER",
          blocked: 4
        })
      )
  )

const endedStatus = () =>
  night(
    "a status that is not known, with an end",
    "Inventory snapshot ended with the status terminatedByPlatform, which no documentation names.",
    () =>
      ordinary().pipe(
        edit({ of: "Inventory snapshot", change: (run) => ({ ...run, runStatus: "terminatedByPlatform" }) })
      )
  )

/** A holiday of three weeks ago: on that day the workday jobs did not run. */
const afterHoliday = (history: Scenario): Scenario =>
  ["Marketing attribution", "Morning mart", "Finance reporting"].reduce(
    (history, of) => history.pipe(missing({ of, back: 15 })),
    history
  )

const allWell = () => night("all well", "Every job ran when it is due, and completed.", () => afterHoliday(ordinary()))

const weekend = () =>
  night(
    "a quiet Sunday",
    "The jobs of the workdays are not due. All others ran and completed.",
    () => ordinary("2026-03-08T08:40:00Z")
  )

const daylightSaving = () =>
  night(
    "all well after daylight saving began",
    "Two days before, the clock went forward. Every job ran at its time of day, and completed.",
    () => ordinary("2026-03-31T07:40:00Z")
  )

export const quiet = (): ReadonlyArray<Night> => [
  notRun(),
  late(),
  stuck(),
  slowRun(),
  waiting(),
  shrunk(),
  empty(),
  noRows(),
  failedTests(),
  testBeforeMerge(),
  endedStatus(),
  allWell(),
  weekend(),
  daylightSaving()
]
