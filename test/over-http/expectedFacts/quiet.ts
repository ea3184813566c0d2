/** Expected facts of nights on which nothing failed, and of runs that did not fail. */
import type { Expectations } from "./ExpectedFacts.ts"

export const quiet: Expectations = {
  "nothing failed, but tests did": {
    summary:
      "No refresh failed: three completed. In Daily sales two data tests failed, which does not fail a run. The " +
      "latest failure is of Inventory, six nights earlier.",
    facts: (id) => ({
      outcome: "noneFailed",
      noFailure: {
        ran: 3,
        testsChecked: 3,
        failedTests: [{
          run: id("Daily sales"),
          tests: ["STG_CUSTOMERS: CUSTOMER_ID is unique", "DIM_ORDER: ORDER_DATE is not null"]
        }],
        olderFailure: id("Inventory", 6)
      }
    })
  },
  "nothing ran": {
    summary: "Nothing ran in environment 7 last night; the nearest run is the backfill two days before.",
    facts: (id) => ({ outcome: "nothingRan", noFailure: { ran: 0, nearest: id("Backfill") } })
  },
  "no runs at all": {
    summary: "There is no run at all: nothing ran last night, nor before.",
    facts: () => ({ outcome: "nothingRan", noFailure: { ran: 0 } })
  },
  "a canceled run, one still going, one never started": {
    summary:
      "Nothing failed: Daily sales was canceled, Forecast is still running, Dashboard is waiting and never started.",
    facts: (id) => ({
      outcome: "noneFailed",
      noFailure: {
        ran: 3,
        canceled: [id("Daily sales")],
        stillRunning: [id("Forecast")],
        waiting: [id("Dashboard")],
        testsChecked: 1
      }
    })
  },
  "a canceled run by its id": {
    summary: "The run was canceled; it did not fail.",
    facts: (id) => ({ outcome: "canceled", run: id("Daily sales"), nodes: 12 })
  },
  "a canceled run whose job has completed since": {
    summary: "The run was canceled; the job completed on the night after.",
    facts: (id) => ({
      outcome: "canceled",
      run: id("Daily sales", 1),
      nodes: 12,
      recovery: { state: "recovered", run: id("Daily sales") }
    })
  },
  "a run still going by its id": {
    summary: "The run is still running: it has not failed so far.",
    facts: (id) => ({ outcome: "running", run: id("Forecast"), nodes: 12 })
  },
  "a waiting run by its id": {
    summary: "The run is waiting and never started.",
    facts: (id) => ({ outcome: "waiting", run: id("Dashboard"), nodes: 0 })
  },
  "a completed run by its id": {
    summary: "The run completed; a data test of DIM_ORDER failed in it.",
    facts: (id) => ({
      outcome: "completed",
      run: id("Daily sales"),
      nodes: 12,
      failedTests: ["DIM_ORDER: ORDER_DATE is not null"]
    })
  },
  "no refresh failed, but a deploy did": {
    summary: "Every refresh completed. A deploy failed in the morning.",
    facts: (id) => ({
      outcome: "noneFailed",
      noFailure: { ran: 3, testsChecked: 3, failedOfOtherType: [id("half")] }
    })
  },
  "more completed runs than are read for tests": {
    summary: "14 runs completed and none failed. The data tests of the latest five were read, those of nine were not.",
    facts: () => ({ outcome: "noneFailed", noFailure: { ran: 14, testsChecked: 5, testsUnchecked: 9 } })
  },
  "the nightly run never started": {
    summary: "Nothing ran last night: the nightly run has been waiting since, and never started.",
    facts: (id) => ({
      outcome: "nothingRan",
      noFailure: { ran: 0, waiting: [id("Nightly")], nearest: id("Nightly", 1) }
    })
  },
  "a job that did not run among many that did": {
    summary: "The monthly job did not run last night. It ran last eight days ago, and failed then.",
    facts: (id) => ({
      outcome: "nothingRan",
      noFailure: { ran: 0, nearest: id("Monthly"), olderFailure: id("Monthly") }
    })
  }
}
