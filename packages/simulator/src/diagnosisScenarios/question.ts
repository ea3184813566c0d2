/** What a scenario with an answer is, and the days that most of them begin with. */
import { find, make, type Scenario } from "../scenario/builder.ts"
import { finance, production, sales } from "../scenario/environments.ts"
import { deploy, job } from "../scenario/events.ts"

/**
 * What is asked, in the words of `RunDiagnosis.diagnose`. Without anything it is about last night.
 *
 * @category models
 * @since 0.1.0
 */
export interface Question {
  readonly runID?: number
  readonly window?: "last_night" | "today" | "yesterday" | "last_24_hours" | "last_7_days"
  readonly environmentID?: string
  readonly jobID?: number
  readonly runType?: "deploy" | "refresh"
}

/**
 * What a diagnosis has to find: no more and no less. Runs are named by id.
 *
 * **Details**
 *
 * A key that is absent says that there is nothing of the kind to tell: no cause, no suspect, nothing unread.
 *
 * - `reason`: the class of the run's own reason
 * - `causes`: the failed nodes by like messages, those of the most nodes first; `first` is the node that failed first
 * - `failedTests`: as `NODE: test`
 * - `suspects`: such as `deploy 1042`, `parameters LOAD_DATE`, `nodeCount 12 to 14`, `selector`, `credentials
 *   snowflakeRole`
 * - `couldNotRead`: the part and the status or the error, such as `results 403`
 *
 * @category models
 * @since 0.1.0
 */
export interface Answer {
  readonly outcome:
    | "failed"
    | "completed"
    | "running"
    | "waiting"
    | "canceled"
    | "otherStatus"
    | "noneFailed"
    | "nothingRan"
  readonly run?: number
  readonly reRunOf?: number
  readonly reason?: string
  readonly causes?: ReadonlyArray<{
    readonly class: string
    readonly code?: string
    readonly nodes: number
    readonly first: string
  }>
  /** How many nodes the run's results have; absent where they were not read. */
  readonly nodes?: number
  readonly blocked?: number
  readonly failedTests?: ReadonlyArray<string>
  readonly history?: {
    readonly failuresInARow: number
    readonly firstFailure: number
    readonly lastSuccess?: number
    readonly cause?: "same" | "partly" | "different" | "notKnown"
    readonly canceledInBetween?: number
    /** Of the runs of the job that were read, how many failed. */
    readonly failed: number
    /** The latest failure before the last success. */
    readonly earlierFailure?: number
  }
  readonly suspects?: ReadonlyArray<string>
  readonly aftermath?: {
    readonly state: "succeeded" | "running" | "failed" | "canceled"
    readonly run: number
    /** A later run that failed after that success. */
    readonly failedSince?: number
  }
  readonly others?: ReadonlyArray<number>
  readonly moreOthers?: number
  readonly noFailure?: {
    readonly ran: number
    readonly nearest?: number
    readonly stillRunning?: ReadonlyArray<number>
    readonly canceled?: ReadonlyArray<number>
    readonly waiting?: ReadonlyArray<number>
    readonly failedOfOtherType?: ReadonlyArray<number>
    readonly testsRead?: number
    readonly testsNotRead?: number
    readonly failedTests?: ReadonlyArray<{ readonly run: number; readonly tests: ReadonlyArray<string> }>
    readonly olderFailure?: number
  }
  readonly couldNotRead?: ReadonlyArray<string>
}

/**
 * A history, a question about it, and the answer.
 *
 * @category models
 * @since 0.1.0
 */
export interface DiagnosisScenario {
  readonly name: string
  /** The answer for people, in a sentence or two. */
  readonly inWords: string
  /** The runs, and the moment (`now`) and zone in which the question is asked. */
  readonly scenario: Scenario
  readonly question: Question
  readonly answer: Answer
}

export const now = "2026-03-10T08:00:00Z"
export const timeZone = "Europe/London"

/**
 * Two weeks of nights in which all went well: a job in production at 02:00, another there at 03:00, one of another
 * environment at 01:00, and a deploy ten days ago.
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

export const idOf = (scenario: Scenario, of: string, back = 0): number => find(scenario, of, back).id
