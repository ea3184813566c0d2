/** Failures that were there before, suspects that touch what failed, deploys since, and nights of one cause. */
import { find, make, type Scenario } from "../scenario/builder.ts"
import { production } from "../scenario/environments.ts"
import { deploy, job, refresh } from "../scenario/events.ts"
import { edit, failure, rerun } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, fortnight, now, timeZone } from "./DiagnosisScenario.ts"

/** What Coalesce itself says of a failed refresh: it names no cause. */
const halted = "GraphExecutor halted and finished; encountered failures for node(s): [12]; no nodes skipped"

const mendedByADeploy = (): DiagnosisScenario => ({
  name: "a cause seen before, which a deploy ended",
  history: fortnight().pipe(
    failure({ of: "Daily sales", back: 6, error: SnowflakeError.divisionByZero, nodes: "FCT_MARGIN" }),
    deploy({ name: "mend", environmentID: production, at: { at: "15:00", daysAgo: 6 }, message: "Guard FCT_MARGIN" }),
    failure({ of: "Daily sales", error: SnowflakeError.divisionByZero, nodes: "FCT_MARGIN", blocked: ["RPT_SALES"] })
  ),
  question: {}
})

const flake = (): DiagnosisScenario => ({
  name: "a flake that passed each time when it was run again, and whose reasons name no cause",
  history: fortnight().pipe(
    failure({
      of: "Daily sales",
      back: [3, 7],
      error: SnowflakeError.timeout(120),
      nodes: "FCT_REVENUE",
      reason: halted
    }),
    rerun({ of: "Daily sales", back: 3, name: "again" }),
    rerun({ of: "Daily sales", back: 7, name: "again before" }),
    failure({ of: "Daily sales", error: SnowflakeError.timeout(120), nodes: "FCT_REVENUE", reason: halted })
  ),
  question: {}
})

const twoCauses = (reason?: string): Scenario =>
  fortnight().pipe(
    failure({
      of: "Daily sales",
      back: [3, 4],
      error: SnowflakeError.syntaxError(")"),
      nodes: "FCT_MARGIN",
      ...reason === undefined ? {} : { reason }
    }),
    failure({
      of: "Daily sales",
      back: [0, 1, 2],
      error: SnowflakeError.divisionByZero,
      nodes: "FCT_MARGIN",
      ...reason === undefined ? {} : { reason }
    })
  )

const elsewhere = (): DiagnosisScenario => ({
  name: "the same kind of error on another object before",
  history: fortnight().pipe(
    failure({
      of: "Daily sales",
      back: 5,
      error: SnowflakeError.missingObject("RAW.SHOP.REFUNDS"),
      nodes: "STG_ORDER_LINES"
    }),
    failure({ of: "Daily sales", error: SnowflakeError.missingObject("RAW.SHOP.PAYMENTS"), nodes: "STG_PAYMENTS" })
  ),
  question: {}
})

const namedByADeploy = (): DiagnosisScenario => ({
  name: "a deploy that names the column, behind a nearer one that does not",
  history: fortnight().pipe(
    deploy({
      name: "guilty",
      environmentID: production,
      at: { at: "15:00", daysAgo: 1 },
      message: "Drop customer tier"
    }),
    deploy({ name: "nearer", environmentID: production, at: { at: "18:00", daysAgo: 1 }, message: "Tidy up" }),
    failure({ of: "Daily sales", error: SnowflakeError.invalidIdentifier("CUSTOMER_TIER"), nodes: "DIM_CUSTOMER" })
  ),
  question: {}
})

const weakDeploy = (): DiagnosisScenario => ({
  name: "bad data, and a deploy that has nothing to do with it",
  history: fortnight().pipe(
    deploy({ name: "other", environmentID: production, at: { at: "18:00", daysAgo: 1 }, message: "Tidy up" }),
    failure({ of: "Daily sales", error: SnowflakeError.badNumber("3W"), nodes: "STG_ORDERS" })
  ),
  question: {}
})

const changesEveryNight = (): DiagnosisScenario => ({
  name: "a parameter that differs every night, and a smaller warehouse",
  history: fortnight().pipe(
    failure({ of: "Daily sales", error: SnowflakeError.timeout(3600), nodes: "FCT_REVENUE" }),
    edit({
      of: "Daily sales",
      back: () => true,
      change: (run) => ({ ...run, runTimeParameters: { LOAD_DATE: run.runStartTime?.slice(0, 10) } })
    }),
    edit({
      of: "Daily sales",
      change: (run) => ({
        ...run,
        runDetails: { ...run.runDetails, parallelism: 2 },
        userCredentials: { ...run.userCredentials, snowflakeWarehouse: "SMALL_WH", snowflakeAuthType: "OAuth" }
      })
    })
  ),
  question: {}
})

const reverted = (): DiagnosisScenario => ({
  name: "a deploy that was reverted after the failure",
  history: fortnight().pipe(
    deploy({
      name: "rename",
      environmentID: production,
      at: { at: "17:30", daysAgo: 1 },
      message: "Rename ORDER_ID to ORDER_KEY in STG_ORDERS"
    }),
    failure({
      of: "Daily sales",
      error: SnowflakeError.invalidIdentifier(`"SRC"."ORDER_ID"`, 8, 2),
      nodes: "DIM_ORDER"
    }),
    deploy({
      name: "revert",
      environmentID: production,
      at: { at: "07:15" },
      message: "Revert \"Rename ORDER_ID to ORDER_KEY in STG_ORDERS\""
    })
  ),
  question: {}
})

const oneCause = (): DiagnosisScenario => {
  const quota = SnowflakeError.quotaExceeded("TRANSFORM_WH", "MONTHLY")
  return {
    name: "one cause in three jobs, whose reasons name none",
    history: ["Finance close", "Daily sales", "Inventory"].reduce<Scenario>(
      (history, of) => history.pipe(failure({ of, error: quota, nodes: 3, reason: halted })),
      fortnight()
    ),
    question: {}
  }
}

const withoutLastNight = (): Scenario =>
  Array.from({ length: 13 }, (_, index) => index + 1).reduce<Scenario>(
    (history, daysAgo) =>
      history.pipe(
        refresh({
          name: "Nightly load",
          jobID: 9,
          environmentID: production,
          at: { at: "02:30", daysAgo },
          takes: "7 minutes",
          nodes: 4
        })
      ),
    make({ now, timeZone }).pipe(
      job({ name: "Inventory", jobID: 12, environmentID: production, at: "03:00", takes: "6 minutes", nodes: 8 })
    )
  )

export const memory = (): ReadonlyArray<DiagnosisScenario> => [
  mendedByADeploy(),
  flake(),
  { name: "a streak of two causes", history: twoCauses(), question: {} },
  { name: "a streak of two causes whose reasons name none", history: twoCauses(halted), question: {} },
  elsewhere(),
  namedByADeploy(),
  weakDeploy(),
  changesEveryNight(),
  reverted(),
  oneCause(),
  { name: "a nightly that did not run, while another job did", history: withoutLastNight(), question: {} },
  { name: "a nightly that did not run, asked for by its job", history: withoutLastNight(), question: { jobID: 9 } },
  {
    name: "a revert and a run since",
    history: reverted().history.pipe(rerun({ of: "Daily sales", name: "again", at: { at: "07:30" } })),
    question: { runID: find(reverted().history, "Daily sales").id }
  }
]
