/** Defines a diagnosis scenario, and the two weeks that most of them begin with. */
import { make, type Scenario } from "../scenario/builder.ts"
import { finance, production, sales } from "../scenario/environments.ts"
import { deploy, job } from "../scenario/events.ts"

/** The question of a scenario, as options of `RunDiagnosis.diagnose`. An empty question is about last night. */
export interface Question {
  readonly runID?: number
  readonly window?: "last_night" | "today" | "yesterday" | "last_24_hours" | "last_7_days"
  readonly environmentID?: string
  readonly projectID?: string
  readonly jobID?: number
  readonly runType?: "deploy" | "refresh"
}

/** A history of runs, and a question about it. */
export interface DiagnosisScenario {
  /** What happened, such as `a dropped column after a deploy`. It is unique among the scenarios. */
  readonly name: string
  /** The runs, and the moment (`now`) and zone in which the question is asked. */
  readonly history: Scenario
  readonly question: Question
}

export const now = "2026-03-10T08:00:00Z"
export const timeZone = "Europe/London"

/**
 * Two weeks of nights without a failure: jobs in production at 02:00 and 03:00, one in another environment at 01:00, and a
 * deploy ten days ago.
 */
export const fortnight = (): Scenario =>
  make({ now, timeZone }).pipe(
    job({ name: "Daily sales", jobID: 15, environmentID: production, at: "02:00", takes: "11 minutes", nodes: sales }),
    job({ name: "Inventory", jobID: 12, environmentID: production, at: "03:00", takes: "6 minutes", nodes: 8 }),
    job({ name: "Finance close", jobID: 21, environmentID: finance, at: "01:00", takes: "9 minutes", nodes: 5 }),
    deploy({
      name: "old deploy",
      environmentID: production,
      at: { at: "16:00", daysAgo: 10 },
      message: "Add DIM_PRODUCT"
    })
  )
