/**
 * Reads the rows of a page more than 30 times as fast as their schemas do. It knows nothing that the schemas do not know:
 * it leaves to them every row that lacks what is required, so it never refuses one, and the tests hold it to the same
 * result for any row. A reader that is passed in counts the optional fields whose form is odd.
 *
 * Why it exists: every optional field is a union and a transformation, so that decoding a page with the schemas takes 11
 * times as long as `JSON.parse` alone, and 10 times with compiled schemas. Strict compiled schemas are fast, but one `null`
 * or numeric string in a row sends it back to the slow ones. Here a page takes 1.2 times as long as `JSON.parse` alone,
 * with either kind of row (see the case `decode` of the bench).
 *
 * Each field of a run is written out, since setting it by its name in a loop or a helper takes a tenth longer.
 *
 * It reads parsed JSON, in which no value is `undefined`.
 */
import type { DeployRunDetails, RefreshRunDetails, Run, RunId, RunSummary, UserCredentials } from "../Run.ts"
import type { QueryError, QueryResult, RunResult } from "../RunResult.ts"
import { FieldReader, type JsonObject } from "./fieldReader.ts"

type Mutable<A> = { -readonly [K in keyof A]: A[K] }

const itemId = (read: FieldReader, item: unknown): RunId | undefined => read.runId(item)

const readCredentials = (read: FieldReader, value: unknown): UserCredentials | undefined => {
  const row = read.object(value)
  if (row === undefined) return undefined
  const out: Mutable<UserCredentials> = {}
  const snowflakeAccount = read.text(row.snowflakeAccount)
  if (snowflakeAccount !== undefined) out.snowflakeAccount = snowflakeAccount
  const snowflakeAuthType = read.text(row.snowflakeAuthType)
  if (snowflakeAuthType !== undefined) out.snowflakeAuthType = snowflakeAuthType
  const snowflakeUsername = read.text(row.snowflakeUsername)
  if (snowflakeUsername !== undefined) out.snowflakeUsername = snowflakeUsername
  const snowflakeRole = read.text(row.snowflakeRole)
  if (snowflakeRole !== undefined) out.snowflakeRole = snowflakeRole
  const snowflakeWarehouse = read.text(row.snowflakeWarehouse)
  if (snowflakeWarehouse !== undefined) out.snowflakeWarehouse = snowflakeWarehouse
  return out
}

const readDeployDetails = (read: FieldReader, value: unknown): DeployRunDetails | undefined => {
  const row = read.object(value)
  if (row === undefined) return undefined
  const out: Mutable<DeployRunDetails> = {}
  const environmentID = read.textOrNumber(row.environmentID)
  if (environmentID !== undefined) out.environmentID = environmentID
  const canceled = read.boolean(row.canceled)
  if (canceled !== undefined) out.canceled = canceled
  const deployCommit = read.text(row.deployCommit)
  if (deployCommit !== undefined) out.deployCommit = deployCommit
  const deployCommitMessage = read.text(row.deployCommitMessage)
  if (deployCommitMessage !== undefined) out.deployCommitMessage = deployCommitMessage
  const parallelism = read.integer(row.parallelism)
  if (parallelism !== undefined) out.parallelism = parallelism
  const nodesInRun = read.integer(row.nodesInRun)
  if (nodesInRun !== undefined) out.nodesInRun = nodesInRun
  return out
}

const readRefreshDetails = (read: FieldReader, value: unknown): RefreshRunDetails | undefined => {
  const row = read.object(value)
  if (row === undefined) return undefined
  const out: Mutable<RefreshRunDetails> = {}
  const environmentID = read.textOrNumber(row.environmentID)
  if (environmentID !== undefined) out.environmentID = environmentID
  const canceled = read.boolean(row.canceled)
  if (canceled !== undefined) out.canceled = canceled
  const jobID = read.integer(row.jobID)
  if (jobID !== undefined) out.jobID = jobID
  const jobName = read.text(row.jobName)
  if (jobName !== undefined) out.jobName = jobName
  const refreshDescription = read.text(row.refreshDescription)
  if (refreshDescription !== undefined) out.refreshDescription = refreshDescription
  const includeNodesSelector = read.text(row.includeNodesSelector)
  if (includeNodesSelector !== undefined) out.includeNodesSelector = includeNodesSelector
  const excludeNodesSelector = read.text(row.excludeNodesSelector)
  if (excludeNodesSelector !== undefined) out.excludeNodesSelector = excludeNodesSelector
  const parallelism = read.integer(row.parallelism)
  if (parallelism !== undefined) out.parallelism = parallelism
  const nodesForRefresh = read.integer(row.nodesForRefresh)
  if (nodesForRefresh !== undefined) out.nodesForRefresh = nodesForRefresh
  const nodesInRun = read.integer(row.nodesInRun)
  if (nodesInRun !== undefined) out.nodesInRun = nodesInRun
  const forceIgnoreEnvironmentStatus = read.boolean(row.forceIgnoreEnvironmentStatus)
  if (forceIgnoreEnvironmentStatus !== undefined) out.forceIgnoreEnvironmentStatus = forceIgnoreEnvironmentStatus
  return out
}

/** Reads a summary row, or returns `undefined` where its schema has to decode it. */
export const readSummary = (value: unknown, read = new FieldReader()): RunSummary | undefined => {
  const row = read.object(value)
  if (row === undefined) return undefined
  const id = read.runId(row.id)
  const runType = read.text(row.runType)
  const runStatus = read.text(row.runStatus)
  if (id === undefined || runType === undefined || runStatus === undefined) return undefined
  const out: Mutable<RunSummary> = { id, runType, runStatus }
  const reRunID = read.runId(row.reRunID)
  if (reRunID !== undefined) out.reRunID = reRunID
  const runStartTime = read.time(row.runStartTime)
  if (runStartTime !== undefined) out.runStartTime = runStartTime
  const runEndTime = read.time(row.runEndTime)
  if (runEndTime !== undefined) out.runEndTime = runEndTime
  const environmentID = read.textOrNumber(row.environmentID)
  if (environmentID !== undefined) out.environmentID = environmentID
  const runFailureReason = read.text(row.runFailureReason)
  if (runFailureReason !== undefined) out.runFailureReason = runFailureReason
  return out
}

/** Reads what both types of run have besides their type and details. */
const withCommon = <A extends Mutable<Omit<Run, "runType" | "runDetails">>>(
  read: FieldReader,
  row: JsonObject,
  out: A
): A => {
  const reRunID = read.runId(row.reRunID)
  if (reRunID !== undefined) out.reRunID = reRunID
  const runStartTime = read.time(row.runStartTime)
  if (runStartTime !== undefined) out.runStartTime = runStartTime
  const runEndTime = read.time(row.runEndTime)
  if (runEndTime !== undefined) out.runEndTime = runEndTime
  const runHistory = read.array(row.runHistory, itemId)
  if (runHistory !== undefined) out.runHistory = runHistory
  const runTimeParameters = read.object(row.runTimeParameters)
  if (runTimeParameters !== undefined) out.runTimeParameters = { ...runTimeParameters }
  const userCredentials = readCredentials(read, row.userCredentials)
  if (userCredentials !== undefined) out.userCredentials = userCredentials
  const userID = read.textOrNumber(row.userID)
  if (userID !== undefined) out.userID = userID
  const version = read.integer(row.version)
  if (version !== undefined) out.version = version
  return out
}

/** Reads a detailed row, or returns `undefined` where the schema of its type has to decode it. */
export const readDetailed = (value: unknown, read = new FieldReader()): Run | undefined => {
  const row = read.object(value)
  if (row === undefined) return undefined
  const id = read.runId(row.id)
  const runStatus = read.text(row.runStatus)
  if (id === undefined || runStatus === undefined) return undefined
  switch (row.runType) {
    case "deploy": {
      const runDetails = readDeployDetails(read, row.runDetails)
      return runDetails && withCommon(read, row, { id, runType: row.runType, runStatus, runDetails })
    }
    case "refresh": {
      const runDetails = readRefreshDetails(read, row.runDetails)
      return runDetails && withCommon(read, row, { id, runType: row.runType, runStatus, runDetails })
    }
    default:
      return undefined
  }
}

const readQueryError = (read: FieldReader, value: unknown): QueryError | undefined => {
  const row = read.object(value)
  if (row === undefined) return undefined
  const out: Mutable<QueryError> = { errorString: read.text(row.errorString) ?? "" }
  const errorDetail = read.text(row.errorDetail)
  if (errorDetail !== undefined) out.errorDetail = errorDetail
  return out
}

const nodeTexts = ["name", "runState", "origin"] as const
const texts = ["name", "sql", "status", "queryID", "warehouse", "type"] as const
const counts = ["rowsInserted", "rowsUpdated", "rowsDeleted"] as const

// In loops, which are shorter: the texts of a result, not its fields, are what takes time.
const readQueryResult = (read: FieldReader, value: unknown): QueryResult | undefined => {
  const row = read.object(value)
  if (row === undefined) return undefined
  const out: Mutable<QueryResult> = {}
  for (const name of texts) {
    const text = read.text(row[name])
    if (text !== undefined) out[name] = text
  }
  for (const name of counts) {
    const count = read.integer(row[name])
    if (count !== undefined) out[name] = count
  }
  const success = read.boolean(row.success)
  if (success !== undefined) out.success = success
  const isRunning = read.boolean(row.isRunning)
  if (isRunning !== undefined) out.isRunning = isRunning
  const startTime = read.time(row.startTime)
  if (startTime !== undefined) out.startTime = startTime
  const endTime = read.time(row.endTime)
  if (endTime !== undefined) out.endTime = endTime
  const error = readQueryError(read, row.error)
  if (error !== undefined) out.error = error
  return out
}

/** Reads a node result, or returns `undefined` where its schema has to decode it. */
export const readResult = (value: unknown, read = new FieldReader()): RunResult | undefined => {
  const row = read.object(value)
  if (row === undefined) return undefined
  const { nodeID } = row
  if (typeof nodeID !== "string") return undefined
  const out: Mutable<RunResult> = { nodeID }
  for (const name of nodeTexts) {
    const text = read.text(row[name])
    if (text !== undefined) out[name] = text
  }
  const isRunning = read.boolean(row.isRunning)
  if (isRunning !== undefined) out.isRunning = isRunning
  const queryResults = read.array(row.queryResults, readQueryResult)
  if (queryResults !== undefined) out.queryResults = queryResults
  const hasTestFailures = read.boolean(row.hasTestFailures)
  if (hasTestFailures !== undefined) out.hasTestFailures = hasTestFailures
  const renderQueryResult = readQueryResult(read, row.renderQueryResult)
  if (renderQueryResult !== undefined) out.renderQueryResult = renderQueryResult
  return out
}
