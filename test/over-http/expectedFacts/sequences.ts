/** Expected facts of failures with others before or after them: re-runs, streaks, flaky jobs, failures after a deploy. */
import type { Expectations } from "./ExpectedFacts.ts"

export const sequences: Expectations = {
  "a re-run that succeeded": {
    summary: "STG_ORDERS waited for a lock; the re-run has since completed, so nothing is left to do but to see who " +
      "held the lock.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 12,
      reason: "lock",
      causes: [{ class: "lock", code: "000625", nodes: 1, first: "STG_ORDERS" }],
      blocked: 9,
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        failed: 1
      },
      recovery: { state: "recovered", run: id("again") }
    })
  },
  "a re-run that failed of another cause": {
    summary: "The re-run got past the time-out of its original and failed on a NULL in DIM_CUSTOMER: another cause.",
    facts: (id) => ({
      outcome: "failed",
      othersOther: 1,
      run: id("again"),
      nodes: 12,
      reRunID: id("Daily sales"),
      reason: "constraint",
      causes: [{ class: "constraint", code: "100072", nodes: 1, first: "DIM_CUSTOMER" }],
      blocked: 1,
      history: {
        streakLength: 2,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        cause: "different",
        failed: 2
      },
      others: [id("Daily sales")]
    })
  },
  "a re-run that is still going": {
    summary: "DIM_ORDER met an internal error of Snowflake; a re-run started five minutes ago and has not ended.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 12,
      reason: "internal",
      causes: [{ class: "internal", code: "000603", nodes: 1, first: "DIM_ORDER" }],
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        failed: 1
      },
      recovery: { state: "running", run: id("again") }
    })
  },
  "a flaky job that fails every third night": {
    summary:
      "FCT_SALES_DAILY ran into its time-out, as it did three nights before and every third night: 5 of 14. It is " +
      "the first failure of its streak, and nothing changed.",
    facts: (id) => ({
      outcome: "failed",
      seenBefore: {
        failures: 4,
        same: 4,
        passed: 4,
        passedUnchanged: 4,
        latest: { run: id("Daily sales", 3), passed: id("Daily sales", 2) }
      },
      run: id("Daily sales"),
      nodes: 12,
      reason: "timeout",
      causes: [{ class: "timeout", code: "000630", nodes: 1, first: "FCT_SALES_DAILY" }],
      blocked: 1,
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales"),
        lastSuccess: id("Daily sales", 1),
        earlierFailure: id("Daily sales", 3),
        failed: 5
      }
    })
  },
  "a first failure five nights ago": {
    summary:
      "DIM_CUSTOMER has failed five times in succession of one cause: the unknown column CUSTOMER_TIER. The deploy " +
      "that dropped it came before the first of them, five nights ago; the deploy two days ago came after.",
    facts: (id) => ({
      outcome: "failed",
      touches: [`deploy ${id("guilty")}: CUSTOMER_TIER`],
      run: id("Daily sales"),
      nodes: 12,
      reason: "invalidIdentifier",
      causes: [{ class: "invalidIdentifier", code: "000904", nodes: 1, first: "DIM_CUSTOMER" }],
      blocked: 1,
      history: {
        streakLength: 5,
        firstFailure: id("Daily sales", 4),
        lastSuccess: id("Daily sales", 5),
        cause: "same",
        failed: 5
      },
      suspects: [`deploy ${id("guilty")}`]
    })
  },
  "a failed deploy, then refreshes on it": {
    summary:
      "Both refreshes of production failed on DIM_ORDER, which is missing or not granted. The deploy before them " +
      "failed, and may have been applied in part.",
    facts: (id) => ({
      outcome: "failed",
      othersSame: 1,
      roots: [{ kind: "notMade", by: "object", node: "DIM_ORDER", nodes: ["FCT_ORDERS"], run: id("half") }],
      run: id("Inventory"),
      nodes: 8,
      reason: "missingObjectOrGrant",
      causes: [{ class: "missingObjectOrGrant", code: "002003", nodes: 1, first: "FCT_ORDERS" }],
      history: {
        streakLength: 1,
        firstFailure: id("Inventory"),
        lastSuccess: id("Inventory", 1),
        failed: 1
      },
      suspects: [`deploy ${id("half")}`],
      others: [id("Daily sales")]
    })
  },
  "a failed deploy, selected by runType": {
    summary: "The deploy failed in DIM_ORDER on a syntax error; the deploy before it completed.",
    facts: (id) => ({
      outcome: "failed",
      run: id("half"),
      nodes: 5,
      causes: [{ class: "syntax", code: "001003", nodes: 1, first: "DIM_ORDER" }],
      history: {
        streakLength: 1,
        firstFailure: id("half"),
        lastSuccess: id("old deploy"),
        failed: 1
      }
    })
  },
  "a canceled run between two failures": {
    summary: "STG_ORDERS has failed twice in succession of one cause: the canceled run between the two does not count.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 12,
      reason: "dataConversion",
      causes: [{ class: "dataConversion", code: "100038", nodes: 1, first: "STG_ORDERS" }],
      blocked: 2,
      history: {
        streakLength: 2,
        firstFailure: id("Daily sales", 2),
        lastSuccess: id("Daily sales", 3),
        cause: "same",
        canceledInStreak: 1,
        failed: 2
      }
    })
  },
  "a job that never succeeded": {
    summary:
      "No node failed: none was run, since the role LOADER is missing or not granted. It has been so on all 14 " +
      "nights that there are; no success was found.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 12,
      reason: "missingObjectOrGrant",
      history: {
        streakLength: 14,
        firstFailure: id("Daily sales", 13),
        cause: "same",
        failed: 14
      }
    })
  },
  "a failure of last week by its id": {
    summary: "FCT_MARGIN divided by zero four nights ago; the job has completed on the nights since.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales", 4),
      nodes: 12,
      reason: "divisionByZero",
      causes: [{ class: "divisionByZero", code: "100051", nodes: 1, first: "FCT_MARGIN" }],
      blocked: 1,
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales", 4),
        lastSuccess: id("Daily sales", 5),
        failed: 1
      },
      recovery: { state: "recovered", run: id("Daily sales", 3) }
    })
  },
  "a failure that was gone for one night": {
    summary:
      "FCT_MARGIN divided by zero two nights ago; the job completed on the night after, and failed again last night: it " +
      "is not over.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales", 2),
      nodes: 12,
      reason: "divisionByZero",
      causes: [{ class: "divisionByZero", code: "100051", nodes: 1, first: "FCT_MARGIN" }],
      history: {
        streakLength: 1,
        firstFailure: id("Daily sales", 2),
        lastSuccess: id("Daily sales", 3),
        failed: 1
      },
      recovery: {
        state: "relapsed",
        run: id("Daily sales", 1),
        failedSince: id("Daily sales")
      }
    })
  },
  "a fix that caused another failure": {
    summary:
      "FCT_MARGIN failed on a syntax error, and the night before on a division by zero: the deploy between the " +
      "two may have brought the second cause. A re-run is waiting.",
    facts: (id) => ({
      outcome: "failed",
      run: id("Daily sales"),
      nodes: 12,
      reason: "syntax",
      causes: [{ class: "syntax", code: "001003", nodes: 1, first: "FCT_MARGIN" }],
      history: {
        streakLength: 2,
        firstFailure: id("Daily sales", 1),
        lastSuccess: id("Daily sales", 2),
        cause: "different",
        failed: 2
      },
      suspects: [`deploy ${id("fix")}`],
      recovery: { state: "running", run: id("again") }
    })
  }
}
