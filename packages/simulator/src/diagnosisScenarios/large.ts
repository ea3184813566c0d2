/** A run of 2,000 nodes. */
import { make } from "../scenario/builder.ts"
import { production } from "../scenario/environments.ts"
import { job } from "../scenario/events.ts"
import { nodeNames } from "../scenario/nodes.ts"
import { failure, testFailure } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, idOf, timeZone } from "./question.ts"

const twoThousand = (): DiagnosisScenario => {
  const names = nodeNames(2000)
  const scenario = make({ now: "2026-03-10T08:00:00Z", timeZone }).pipe(
    job({
      name: "Everything",
      jobID: 1,
      environmentID: production,
      at: "01:00",
      days: 8,
      takes: "3 hours",
      nodes: names
    }),
    failure({
      of: "Everything",
      error: SnowflakeError.quotaExceeded("TRANSFORM_WH", "MONTHLY"),
      nodes: names.slice(600, 1000)
    }),
    failure({ of: "Everything", error: SnowflakeError.missingObject("RAW.SHOP.REFUNDS"), nodes: names.slice(15, 45) }),
    failure({ of: "Everything", error: SnowflakeError.badNumber("3W"), nodes: names.slice(50, 57), prefixed: true }),
    failure({ of: "Everything", error: SnowflakeError.timeout(3600), nodes: names.slice(60, 64) }),
    failure({ of: "Everything", error: SnowflakeError.invalidIdentifier("STORE_ID"), nodes: names.slice(70, 73) }),
    failure({ of: "Everything", error: SnowflakeError.divisionByZero, nodes: names.slice(80, 82) }),
    failure({ of: "Everything", error: SnowflakeError.duplicateRow("7"), nodes: names.slice(90, 91), blocked: 900 }),
    testFailure({ of: "Everything", node: names[100] ?? "", test: "no duplicate keys" }),
    testFailure({ of: "Everything", node: names[200] ?? "", test: "not empty" })
  )
  return {
    name: "a run of 2,000 nodes",
    inWords:
      "447 of 2,000 nodes failed and blocked 900: for 400 the quota of the resource monitor MONTHLY was used up, " +
      "30 miss RAW.SHOP.REFUNDS or a grant on it, and 17 failed of five smaller causes.",
    scenario,
    question: {},
    answer: {
      outcome: "failed",
      run: idOf(scenario, "Everything"),
      nodes: 2000,
      reason: "warehouseOrQuota",
      causes: [
        { class: "warehouseOrQuota", code: "090073", nodes: 400, first: names[600] ?? "" },
        { class: "missingObjectOrGrant", code: "002003", nodes: 30, first: names[15] ?? "" },
        { class: "dataConversion", code: "100038", nodes: 7, first: names[50] ?? "" },
        { class: "timeout", code: "000630", nodes: 4, first: names[60] ?? "" },
        { class: "invalidIdentifier", code: "000904", nodes: 3, first: names[70] ?? "" },
        { class: "divisionByZero", code: "100051", nodes: 2, first: names[80] ?? "" },
        { class: "duplicateRow", code: "100090", nodes: 1, first: names[90] ?? "" }
      ],
      blocked: 900,
      failedTests: [`${names[100]}: no duplicate keys`, `${names[200]}: not empty`],
      history: {
        failuresInARow: 1,
        firstFailure: idOf(scenario, "Everything"),
        lastSuccess: idOf(scenario, "Everything", 1),
        failed: 1
      }
    }
  }
}

export const large = (): ReadonlyArray<DiagnosisScenario> => [twoThousand()]
