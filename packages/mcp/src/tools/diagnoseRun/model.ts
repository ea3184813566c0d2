/**
 * What `diagnose_run` answers with, in the detail that its advertised schema leaves out. Everything in it is clean and
 * bounded; the text is made of nothing else.
 */
import type * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import type * as interval from "../../input/window.ts"
import type { Row } from "./row.ts"
import type { NextCall } from "./schema.ts"
import type { Sql } from "./sql.ts"

export type DiagnosedRow = Row & {
  readonly nodesInRun?: number
  readonly snowflakeAuthType?: string
  readonly runLink?: string
  /** The class of its own reason. */
  readonly class?: string
  readonly code?: string
}

export type Cause = {
  readonly class: string
  readonly code?: string
  readonly sqlState?: string
  readonly message?: string
  /** How many nodes. */
  readonly nodes: number
  /** Some of their names, that of the one that failed first in front. */
  readonly names: ReadonlyArray<string>
  /** Of the node that failed first, as are the query and its SQL. */
  readonly stage?: string
  readonly queryID?: string
  readonly warehouse?: string
  readonly otherMessages?: ReadonlyArray<string>
  readonly moreMessages?: number
  readonly sql?: Sql
}

export type Test = {
  readonly runID?: number
  readonly node: string
  readonly test?: string
  readonly message?: string
}

export type History = {
  readonly sameBy: string
  readonly failuresInARow: number
  readonly firstFailure: Row
  readonly lastSuccess?: Row
  /** Whether the first failure had the cause of this one. */
  readonly sameCause?: string
  readonly canceledInBetween?: number
  readonly earlierFailure?: Row
  readonly earlierSameCause?: string
  readonly recent: {
    readonly failed: number
    readonly completed: number
    readonly canceled: number
    readonly other: number
  }
  readonly searched: { readonly rows: number; readonly since?: string; readonly ended: string }
}

export type Suspect = {
  readonly kind: string
  readonly what: string
  readonly why: string
  readonly run?: Row
}

export type Aftermath = {
  readonly state: string
  readonly by?: string
  readonly run?: Row
  readonly failedSince?: Row
  readonly reRuns: ReadonlyArray<Row>
  readonly moreReRuns?: number
  readonly laterRuns: number
  readonly searchedRows: number
  readonly isWhole: boolean
}

export type Unread = {
  readonly part: string
  readonly runID?: number
  readonly status?: number
  readonly error: string
  readonly message: string
  readonly isRetryable: boolean
}

export type NoFailure = {
  readonly statuses: Readonly<Record<string, number>>
  readonly atLeast: boolean
  readonly isCertain: boolean
  readonly ran: ReadonlyArray<Row>
  readonly nearest?: Row
  readonly nearestSide?: string
  readonly stillRunning?: ReadonlyArray<Row>
  readonly canceled?: ReadonlyArray<Row>
  readonly waiting?: ReadonlyArray<Row>
  readonly failedOfOtherType?: ReadonlyArray<Row>
  readonly failedTests?: ReadonlyArray<Test>
  /** How many more there are than each list shows, by the list's key. */
  readonly more?: Readonly<Record<string, number>>
  readonly testsReadOf: ReadonlyArray<number>
  readonly testsNotReadOf: number
  readonly olderFailure?: Row
}

/** What was found out. */
export type Facts = {
  readonly outcome: RunDiagnosis.Diagnosis["outcome"]
  readonly interval?: typeof interval.IntervalContent.Type
  readonly run?: DiagnosedRow
  readonly reRunOf?: Row & { readonly sameCause: string }
  readonly nodes?: Readonly<Record<string, number>>
  readonly causes?: ReadonlyArray<Cause>
  readonly moreCauses?: number
  readonly blocked?: ReadonlyArray<string>
  readonly failedTests?: ReadonlyArray<Test>
  readonly moreFailedTests?: number
  readonly history?: History
  readonly suspects?: ReadonlyArray<Suspect>
  readonly moreDeploys?: number
  readonly aftermath?: Aftermath
  readonly otherFailures?: ReadonlyArray<Row>
  readonly moreFailures?: number
  readonly noFailure?: NoFailure
  readonly couldNotRead?: ReadonlyArray<Unread>
}

export type Content = Facts & {
  /** The key facts, a sentence each. */
  readonly summary: ReadonlyArray<string>
  /** At most 3. */
  readonly nextCalls: ReadonlyArray<NextCall>
}
