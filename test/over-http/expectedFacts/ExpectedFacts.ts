/**
 * The facts that a diagnosis must find in a scenario, and no others. Runs are named by id.
 *
 * An absent key means that there must be none: no cause, no suspect, nothing unavailable.
 *
 * - `reason`: the class of the run's own reason
 * - `causes`: the failed nodes grouped by message, the largest group first; `first` is the node that failed first
 * - `failedTests`: as `NODE: test`
 * - `suspects`: such as `deploy 1042`, `parameters LOAD_DATE`, `nodeCount 12 to 14`, `selector`, `credentials
 *   snowflakeRole`
 * - `unavailable`: the part and the status or the error, such as `results 403`
 */
export interface ExpectedFacts {
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
  readonly reRunID?: number
  readonly reason?: string
  readonly causes?: ReadonlyArray<{
    readonly class: string
    readonly code?: string
    readonly nodes: number
    readonly first: string
  }>
  /** How many nodes the run's results have. Absent if they are unavailable. */
  readonly nodes?: number
  readonly blocked?: number
  readonly failedTests?: ReadonlyArray<string>
  readonly history?: {
    readonly streakLength: number
    readonly firstFailure: number
    readonly lastSuccess?: number
    readonly cause?: "same" | "partly" | "sameKind" | "different" | "notKnown"
    /** Since when the streak has this cause, where its first failure had another. */
    readonly causeSince?: number
    readonly canceledInStreak?: number
    /** How many of the job's runs that were read failed. */
    readonly failed: number
    /** The latest failure before the last success. */
    readonly earlierFailure?: number
  }
  /** What the failed nodes follow from; without a `run` another node of the same run. */
  readonly roots?: ReadonlyArray<{
    readonly kind: string
    readonly by: string
    readonly node: string
    readonly nodes: ReadonlyArray<string>
    readonly run?: number
  }>
  readonly seenBefore?: {
    readonly failures: number
    readonly same: number
    readonly notKnown?: number
    readonly passed?: number
    readonly passedUnchanged?: number
    readonly passedOnReRun?: number
    readonly latest?: { readonly run: number; readonly passed?: number; readonly deploys?: ReadonlyArray<number> }
    readonly elsewhere?: ReadonlyArray<number>
  }
  readonly suspects?: ReadonlyArray<string>
  /** What suspects share with the failure, such as `deploy 1042: ORDER_ID`. */
  readonly touches?: ReadonlyArray<string>
  /** Such as `1046`, or `1046 reverts`. */
  readonly deploysSince?: ReadonlyArray<string>
  readonly recovery?: {
    readonly state: "recovered" | "relapsed" | "running" | "failedAgain" | "canceled"
    readonly run: number
    /** A later run that failed after that success. */
    readonly failedSince?: number
  }
  readonly others?: ReadonlyArray<number>
  readonly moreOthers?: number
  /** How many of the others had the same cause, another, or one that is not known. */
  readonly othersSame?: number
  readonly othersOther?: number
  readonly othersNotKnown?: number
  readonly noFailure?: {
    readonly ran: number
    /** The names of the jobs that usually start in the window and did not. */
    readonly didNotRun?: ReadonlyArray<string>
    readonly nearest?: number
    readonly stillRunning?: ReadonlyArray<number>
    readonly canceled?: ReadonlyArray<number>
    readonly waiting?: ReadonlyArray<number>
    readonly failedOfOtherType?: ReadonlyArray<number>
    readonly testsChecked?: number
    readonly testsUnchecked?: number
    readonly failedTests?: ReadonlyArray<{ readonly run: number; readonly tests: ReadonlyArray<string> }>
    readonly olderFailure?: number
  }
  readonly unavailable?: ReadonlyArray<string>
}

/** The id of the run of that name in the scenario, counted `back` from the latest. */
export type IdOf = (of: string, back?: number) => number

/** The expected facts of scenarios, by the scenarios' names. */
export type Expectations = Readonly<
  Record<string, {
    /** The facts in a sentence or two. A failing test prints them. */
    readonly summary: string
    readonly facts: (id: IdOf) => ExpectedFacts
  }>
>
