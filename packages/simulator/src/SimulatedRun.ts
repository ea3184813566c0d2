/**
 * A run as the simulator keeps it: one record that holds what the API spreads over a summary row, a detailed row and
 * the node results. Everything is in the wire's own form, so that a test can also say what no good server would.
 *
 * @since 0.1.0
 */
import type { StoredRun } from "@coalesce-runs/core/RunsInMemory"

export { detailedRow, type IdsAs, summaryRow } from "@coalesce-runs/core/RunsInMemory"

/**
 * One stage of a node, as `GET /api/v1/runs/{runID}/results` sends it.
 *
 * @category models
 * @since 0.1.0
 */
export interface SimulatedQuery {
  readonly name: string
  readonly sql: string
  readonly status: string
  readonly success: boolean
  readonly isRunning: boolean
  readonly queryID?: string
  readonly startTime?: string
  readonly endTime?: string
  readonly rowsInserted?: number
  readonly rowsUpdated?: number
  readonly rowsDeleted?: number
  readonly warehouse?: string
  readonly type?: string
  readonly error?: { readonly errorString: string; readonly errorDetail?: string }
}

/**
 * One node of a run, as `GET /api/v1/runs/{runID}/results` sends it.
 *
 * @category models
 * @since 0.1.0
 */
export interface SimulatedNode {
  readonly nodeID: string
  readonly name: string
  readonly isRunning: boolean
  readonly queryResults: ReadonlyArray<SimulatedQuery>
  readonly runState?: string
  readonly origin?: string
  readonly hasTestFailures?: boolean
  readonly renderQueryResult?: SimulatedQuery
}

/**
 * What the results of a run answer with.
 *
 * **Details**
 *
 * A list of nodes, or a function that makes it when it is asked for (a run of 2,000 nodes has megabytes of SQL);
 * `"forbidden"` for a 403; `{ body }` for an answer of any other shape.
 *
 * @category models
 * @since 0.1.0
 */
export type SimulatedResults =
  | ReadonlyArray<SimulatedNode>
  | (() => ReadonlyArray<SimulatedNode>)
  | "forbidden"
  | { readonly body: unknown }

/**
 * A run in the simulator's history: core's record of a run, with what its results respond with.
 *
 * @category models
 * @since 0.1.0
 */
export interface SimulatedRun extends StoredRun {
  readonly runDetails?: Readonly<Record<string, unknown>>
  readonly runTimeParameters?: Readonly<Record<string, unknown>>
  readonly userCredentials?: Readonly<Record<string, unknown>>
  readonly results?: SimulatedResults
}
