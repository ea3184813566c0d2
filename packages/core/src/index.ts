/**
 * @since 0.1.0
 */
export * as Connection from "./Connection.ts"
export * as FailureCause from "./FailureCause.ts"
export * as ListRunsQuery from "./ListRunsQuery.ts"
export * as Report from "./Report.ts"
export * as Run from "./Run.ts"
export * as RunCursor from "./RunCursor.ts"
export * as RunDiagnosis from "./RunDiagnosis.ts"
export * as RunHistory from "./RunHistory.ts"
export * as RunList from "./RunList.ts"
export * as RunResult from "./RunResult.ts"
export * as RunsClient from "./RunsClient.ts"
export * as RunsError from "./RunsError.ts"
export * as RunsInMemory from "./RunsInMemory.ts"
export * as RunStatistics from "./RunStatistics.ts"
export * as RunWatch from "./RunWatch.ts"
export * as RunWindow from "./RunWindow.ts"
