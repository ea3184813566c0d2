/**
 * What a run did to each node: `GET /api/v1/runs/{runID}/results`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { IntFromWire, ItemsFromWire, optional, TimeFromWire } from "./wire/field.ts"

/** The error of a query that failed. `errorDetail` is often the number of the message, such as `000627`. */
export const QueryError = Schema.Struct({
  /** `""` where the API sends no text. */
  errorString: optional(Schema.String).pipe(
    Schema.decodeTo(Schema.String, {
      decode: SchemaGetter.withDefault(Effect.succeed("")),
      encode: SchemaGetter.passthrough()
    })
  ),
  errorDetail: optional(Schema.String)
})

export interface QueryError extends Schema.Schema.Type<typeof QueryError> {}

/** One stage of a node: its SQL, and what became of it. */
export const QueryResult = Schema.Struct({
  /** The stage's name, such as `Insert STG_ORDERS`. */
  name: optional(Schema.String),
  sql: optional(Schema.String),
  /** A word for people. `success` is what counts. */
  status: optional(Schema.String),
  success: optional(Schema.Boolean),
  isRunning: optional(Schema.Boolean),
  queryID: optional(Schema.String),
  startTime: optional(TimeFromWire),
  endTime: optional(TimeFromWire),
  rowsInserted: optional(IntFromWire),
  rowsUpdated: optional(IntFromWire),
  rowsDeleted: optional(IntFromWire),
  warehouse: optional(Schema.String),
  type: optional(Schema.String),
  error: optional(QueryError)
})

export interface QueryResult extends Schema.Schema.Type<typeof QueryResult> {}

/** What a run did to one node. */
export const RunResult = Schema.Struct({
  nodeID: Schema.String,
  /** The node's name, such as `STG_ORDERS`. */
  name: optional(Schema.String),
  isRunning: optional(Schema.Boolean),
  queryResults: optional(ItemsFromWire(QueryResult)),
  /** Seen: `complete`, `error`, `failed`, `skipped`, `canceled`. {@link outcome} reads it. */
  runState: optional(Schema.String),
  origin: optional(Schema.String),
  /** Whether a data test of this node failed. That fails neither the node nor the run. */
  hasTestFailures: optional(Schema.Boolean),
  /** Errors of rendering the node's SQL. */
  renderQueryResult: optional(QueryResult)
})

export interface RunResult extends Schema.Schema.Type<typeof RunResult> {}

/** The response of the endpoint: every node of the run. It is empty while the run starts. */
export const RunResults = Schema.Struct({ data: Schema.Array(RunResult) })

/** What became of a node. `unknown` is a state that this library does not know. */
export type Outcome = "completed" | "failed" | "skipped" | "canceled" | "running" | "unknown"

/** `success` counts; without it, an error means a failure. */
const isFailure = (query: QueryResult): boolean =>
  query.success === false || (query.success === undefined && query.error !== undefined)

const isError = (query: QueryResult | undefined): boolean =>
  query !== undefined && query.error !== undefined && isFailure(query)

const outcomes: ReadonlyMap<string, Outcome> = new Map([
  ["complete", "completed"],
  ["completed", "completed"],
  ["error", "failed"],
  ["failed", "failed"],
  ["skipped", "skipped"],
  ["canceled", "canceled"],
  ["cancelled", "canceled"],
  ["running", "running"]
])

/**
 * Returns what became of a node, from its state in upper or lower case, or without a known state from its queries.
 *
 * **Details**
 *
 * `skipped` nodes are those that a failed node blocked. A query without success in a completed node, or beside
 * `hasTestFailures`, is a data test: it does not fail the node.
 */
export const outcome = (result: RunResult): Outcome => {
  const { hasTestFailures, isRunning, queryResults = [], renderQueryResult, runState } = result
  const known = runState === undefined ? undefined : outcomes.get(runState.toLowerCase())
  if (known !== undefined) return known
  if (runState === undefined && isRunning === true) return "running"
  const hasFailed = hasTestFailures !== true && queryResults.some(isFailure)
  if (hasFailed || (renderQueryResult !== undefined && isFailure(renderQueryResult))) return "failed"
  // In a state that is not known, a last query with an error stopped the node, even if it is a test.
  if (runState !== undefined) return isError(queryResults.at(-1)) ? "failed" : "unknown"
  return queryResults.length > 0 ? "completed" : "unknown"
}

/** Returns the queries of a node that did not succeed, the rendering first. */
export const failedQueries = (result: RunResult): ReadonlyArray<QueryResult> =>
  [...(result.renderQueryResult === undefined ? [] : [result.renderQueryResult]), ...(result.queryResults ?? [])]
    .filter(isFailure)
