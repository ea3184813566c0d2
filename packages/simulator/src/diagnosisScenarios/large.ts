/** A run of 2,000 nodes. */
import { make } from "../scenario/builder.ts"
import { production } from "../scenario/environments.ts"
import { job } from "../scenario/events.ts"
import { nodeNames } from "../scenario/nodes.ts"
import { failure, testFailure } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, timeZone } from "./DiagnosisScenario.ts"

const twoThousand = (): DiagnosisScenario => {
  const names = nodeNames(2000)
  const history = make({ now: "2026-03-10T08:00:00Z", timeZone }).pipe(
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
    history,
    question: {}
  }
}

export const large = (): ReadonlyArray<DiagnosisScenario> => [twoThousand()]
