/**
 * A run as the simulator keeps it: one record that holds what the API spreads over a summary row, a detailed row and
 * the node results. Everything is in the wire's own form, so that a test can also say what no good server would.
 *
 * @since 0.1.0
 */

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
 * A run in the simulator's history. Only `id`, `runType` and `runStatus` are needed.
 *
 * **Details**
 *
 * Times are ISO 8601 with an offset, to any precision. `environmentID` is sent at the top of a summary row and inside
 * `runDetails` of a detailed one; `runFailureReason` is sent in the summary row alone; `runDetails` (the rest of the
 * details), `runHistory`, `runTimeParameters`, `userCredentials`, `userID` and `version` in the detailed row alone.
 *
 * @category models
 * @since 0.1.0
 */
export interface SimulatedRun {
  readonly id: number
  readonly runType: string
  readonly runStatus: string
  readonly reRunID?: number
  readonly runStartTime?: string
  readonly runEndTime?: string
  readonly environmentID?: string
  readonly runFailureReason?: string
  readonly runDetails?: Readonly<Record<string, unknown>>
  readonly runHistory?: ReadonlyArray<number>
  readonly runTimeParameters?: Readonly<Record<string, unknown>>
  readonly userCredentials?: Readonly<Record<string, unknown>>
  readonly userID?: string
  readonly version?: number
  readonly results?: SimulatedResults
}

/**
 * How the ids of rows are written: as JSON numbers, or as numeric strings.
 *
 * @category models
 * @since 0.1.0
 */
export type IdsAs = "number" | "string"

const writeId = (id: number, idsAs: IdsAs): number | string => idsAs === "string" ? String(id) : id

/**
 * The row that List Runs sends for this run without `detail`.
 *
 * @category encoding
 * @since 0.1.0
 */
export const summaryRow = (run: SimulatedRun, idsAs: IdsAs = "number"): Record<string, unknown> => ({
  id: writeId(run.id, idsAs),
  ...(run.reRunID === undefined ? {} : { reRunID: String(run.reRunID) }),
  ...(run.runStartTime === undefined ? {} : { runStartTime: run.runStartTime }),
  ...(run.runEndTime === undefined ? {} : { runEndTime: run.runEndTime }),
  runType: run.runType,
  runStatus: run.runStatus,
  ...(run.environmentID === undefined ? {} : { environmentID: run.environmentID }),
  ...(run.runFailureReason === undefined ? {} : { runFailureReason: run.runFailureReason })
})

/**
 * The row that List Runs sends for this run with `detail=true`, and the single-run endpoint sends alone. It has neither
 * `runFailureReason` nor a top-level `environmentID`.
 *
 * @category encoding
 * @since 0.1.0
 */
export const detailedRow = (run: SimulatedRun, idsAs: IdsAs = "number"): Record<string, unknown> => ({
  id: writeId(run.id, idsAs),
  ...(run.reRunID === undefined ? {} : { reRunID: String(run.reRunID) }),
  runDetails: {
    ...(run.environmentID === undefined ? {} : { environmentID: run.environmentID }),
    ...run.runDetails
  },
  ...(run.runEndTime === undefined ? {} : { runEndTime: run.runEndTime }),
  ...(run.runHistory === undefined ? {} : { runHistory: run.runHistory.map((id) => writeId(id, idsAs)) }),
  ...(run.runStartTime === undefined ? {} : { runStartTime: run.runStartTime }),
  runStatus: run.runStatus,
  runTimeParameters: run.runTimeParameters ?? {},
  runType: run.runType,
  ...(run.userCredentials === undefined ? {} : { userCredentials: run.userCredentials }),
  ...(run.userID === undefined ? {} : { userID: run.userID }),
  ...(run.version === undefined ? {} : { version: run.version })
})
