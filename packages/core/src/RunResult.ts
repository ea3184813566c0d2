/**
 * What a run did to each node: `GET /api/v1/runs/{runID}/results`.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { IntFromWire, optional, TimeFromWire } from "./wire/field.ts"

/**
 * What Snowflake said when a query failed. `errorDetail` is often the number of the message, such as `000627`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const QueryError = Schema.Struct({
  errorString: Schema.String,
  errorDetail: optional(Schema.String)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface QueryError extends Schema.Schema.Type<typeof QueryError> {}

/**
 * One stage of a node: its SQL and what became of it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const QueryResult = Schema.Struct({
  /** The stage's name, such as `Insert STG_ORDERS`. */
  name: optional(Schema.String),
  sql: optional(Schema.String),
  /** A word for people. Trust `success`. */
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

/**
 * @category models
 * @since 0.1.0
 */
export interface QueryResult extends Schema.Schema.Type<typeof QueryResult> {}

/**
 * What a run did to one node.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RunResult = Schema.Struct({
  nodeID: Schema.String,
  /** The node's name, such as `STG_ORDERS`. */
  name: optional(Schema.String),
  isRunning: optional(Schema.Boolean),
  queryResults: optional(Schema.Array(QueryResult)),
  /** Seen: `complete`, `error`, `failed`, `skipped`, `canceled`. Read it through {@link outcome}. */
  runState: optional(Schema.String),
  origin: optional(Schema.String),
  /** A data test of this node failed. It does not fail the node, nor the run. */
  hasTestFailures: optional(Schema.Boolean),
  /** Errors of rendering the node's SQL. */
  renderQueryResult: optional(QueryResult)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface RunResult extends Schema.Schema.Type<typeof RunResult> {}

/**
 * The answer of the endpoint: every node of the run, empty while the run starts.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RunResults = Schema.Struct({ data: Schema.Array(RunResult) })

/**
 * What became of a node. `unknown` is a state that this library does not know.
 *
 * @category models
 * @since 0.1.0
 */
export type Outcome = "completed" | "failed" | "skipped" | "canceled" | "running" | "unknown"

/** Trust `success`; a query that does not say, and has an error, did not succeed either. */
const isFailure = (query: QueryResult): boolean =>
  query.success === false || (query.success === undefined && query.error !== undefined)

/**
 * What became of a node, read from its state in any case and, where it has none, from its queries.
 *
 * **Details**
 *
 * `error` and `failed` are the same. `skipped` nodes are those that a failed one blocked. A query without success in a
 * node that completed, or beside `hasTestFailures`, is a data test: it does not fail the node.
 *
 * @category getters
 * @since 0.1.0
 */
export const outcome = (result: RunResult): Outcome => {
  switch (result.runState?.toLowerCase()) {
    case "complete":
    case "completed":
      return "completed"
    case "error":
    case "failed":
      return "failed"
    case "skipped":
      return "skipped"
    case "canceled":
    case "cancelled":
      return "canceled"
    case "running":
      return "running"
    case undefined: {
      if (result.isRunning === true) return "running"
      const queries = result.queryResults ?? []
      if (result.renderQueryResult !== undefined && isFailure(result.renderQueryResult)) return "failed"
      if (queries.some(isFailure)) {
        return result.hasTestFailures === true ? "completed" : "failed"
      }
      return queries.length > 0 ? "completed" : "unknown"
    }
    default:
      return "unknown"
  }
}

/**
 * The queries of a node that did not succeed, the rendering first.
 *
 * @category getters
 * @since 0.1.0
 */
export const failedQueries = (result: RunResult): ReadonlyArray<QueryResult> =>
  [...(result.renderQueryResult === undefined ? [] : [result.renderQueryResult]), ...(result.queryResults ?? [])]
    .filter(isFailure)
